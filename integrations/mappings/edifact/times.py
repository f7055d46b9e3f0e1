"""Dates, times and spans as DTM writes them (composite C507, formats of code list 2379)."""

import datetime as dt
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

_CENTURY_PIVOT = 70

# Format code: how the digits read. C century, Y year, M month, D day, H hour, m minute, S second, W week,
# J day of the year, O offset from UTC (HHMM, behind a sign).
_SINGLE = {
    "2": "DDMMYY",
    "3": "MMDDYY",
    "4": "DDMMCCYY",
    "101": "YYMMDD",
    "102": "CCYYMMDD",
    "103": "YYWWD",
    "105": "YYJJJ",
    "201": "YYMMDDHHmm",
    "202": "YYMMDDHHmmSS",
    "203": "CCYYMMDDHHmm",
    "204": "CCYYMMDDHHmmSS",
    "205": "CCYYMMDDHHmm",
    "301": "YYMMDDHHmm",
    "302": "YYMMDDHHmmSS",
    "303": "CCYYMMDDHHmm",
    "304": "CCYYMMDDHHmmSS",
    "602": "CCYY",
    "609": "YYMM",
    "610": "CCYYMM",
    "615": "YYWW",
    "616": "CCYYWW",
}
_SPANS = {
    "713": "201",
    "715": "615",
    "716": "616",
    "717": "101",
    "718": "102",
    "719": "203",
    "710": "610",
    "711": "102",
}
_BY_LENGTH = {6: "101", 8: "102", 10: "201", 12: "203", 14: "204"}
# Names of zones as formats 303 and 304 carry them, in hours from UTC; others are read as the sender's own.
_ZONES = {
    "UTC": 0,
    "GMT": 0,
    "Z": 0,
    "WET": 0,
    "BST": 1,
    "CET": 1,
    "MEZ": 1,
    "CEST": 2,
    "EET": 2,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
}


class Period(NamedTuple):
    """A day, or a span of days; `moment` where it begins, at midnight of the sender's day without a time."""

    start: dt.date
    end: dt.date
    moment: dt.datetime

    @property
    def until(self) -> dt.date | None:
        """The last day of a span; None for a single day."""
        return self.end if self.end != self.start else None


@lru_cache(maxsize=4096)
def read_period(value: str, form: str = "", home: str = "") -> Period | None:
    """What C507 says; None where it is no date. `home`: the sender's time zone (IANA); empty: UTC.

    Without a format, or with one nobody knows, the number of digits tells.
    """
    text = value.strip()
    form = form.strip()
    try:
        if form in _SPANS:
            return _read_span(text, _SPANS[form], home)
        if form not in _SINGLE:
            form = _BY_LENGTH.get(len(text), "")
        return _read_single(text, form, home) if form else None
    except (ValueError, OverflowError):
        return None


def _read_span(text: str, form: str, home: str) -> Period | None:
    first, dash, last = text.partition("-")
    if not dash:
        half = len(text) // 2
        first, last = text[:half], text[half:]
    start, end = _read_single(first, form, home), _read_single(last, form, home)
    if start is None or end is None or end.end < start.start:
        return None
    return Period(start.start, end.end, start.moment)


def _read_single(text: str, form: str, home: str) -> Period | None:
    pattern = _SINGLE[form]
    digits, rest = text[: len(pattern)], text[len(pattern) :]
    if len(digits) != len(pattern) or not (digits.isascii() and digits.isdigit()):
        return None
    if rest and form not in {"205", "301", "302", "303", "304"}:
        return None
    read = {letter: _digits(pattern, digits, letter) for letter in "CYMDHmSWJ"}
    start, end = _days(read)
    clock = dt.time(read["H"] or 0, read["m"] or 0, read["S"] or 0)
    return Period(start, end, _moment(start, clock, rest.strip(), home))


def _digits(pattern: str, digits: str, letter: str) -> int | None:
    picked = "".join(digit for form, digit in zip(pattern, digits, strict=True) if form == letter)
    return int(picked) if picked else None


def _days(read: dict[str, int | None]) -> tuple[dt.date, dt.date]:
    short = read["Y"] or 0
    century = read["C"]
    if century is None:
        century = 19 if short >= _CENTURY_PIVOT else 20
    year = century * 100 + short
    week, month, day = read["W"], read["M"], read["D"]
    if week is not None:
        if day is not None:
            single = dt.date.fromisocalendar(year, week, day)
            return single, single
        return dt.date.fromisocalendar(year, week, 1), dt.date.fromisocalendar(year, week, 7)
    if read["J"] is not None:
        single = dt.date(year, 1, 1) + dt.timedelta(days=read["J"] - 1)
        if single.year != year:
            raise ValueError("no such day of the year")
        return single, single
    if month is None:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    if day is None:
        following = dt.date(year + month // 12, month % 12 + 1, 1)
        return dt.date(year, month, 1), following - dt.timedelta(days=1)
    return dt.date(year, month, day), dt.date(year, month, day)


def _moment(day: dt.date, clock: dt.time, zone: str, home: str) -> dt.datetime:
    offset = _offset(zone)
    if offset is None and home:
        return dt.datetime.combine(day, clock, tzinfo=ZoneInfo(home)).astimezone(dt.UTC)
    return dt.datetime.combine(day, clock, tzinfo=dt.UTC) - (offset or dt.timedelta())


def _offset(zone: str) -> dt.timedelta | None:
    """The zone as an offset: a name, or a sign with two or four digits."""
    if zone.upper() in _ZONES:
        return dt.timedelta(hours=_ZONES[zone.upper()])
    sign, digits = zone[:1], zone[1:]
    if sign not in {"+", "-"} or not digits.isdigit() or len(digits) not in {2, 4}:
        return None
    span = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return -span if sign == "-" else span
