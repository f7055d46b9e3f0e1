"""Single elements: texts, numbers, dates and GTINs as X12 writes them.

Each reader answers None where the text is not what it should be; the caller says so with its place.
"""

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from integrations.mappings.edi.texts import read_text
from integrations.mappings.x12.codes import TIME_ZONES

__all__ = [
    "read_cents",
    "read_date",
    "read_gtin",
    "read_moment",
    "read_number",
    "read_text",
    "start_of_day",
]

MAX_IDENTIFIER = 80
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})", re.ASCII)
_CENTURY_PIVOT = 70
GTIN_DIGITS = 14
_SHORTEST_GTIN = 8


@lru_cache(maxsize=8192)
def read_number(raw: str) -> Decimal | None:
    """An R element: digits with an optional sign and point, at most 15 before it and 9 behind."""
    text = raw.strip()
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def read_cents(raw: str) -> Decimal | None:
    """An N2 element: two decimals without a point. One that writes its point means what it says."""
    number = read_number(raw)
    if number is None or "." in raw:
        return number
    return number / 100


@lru_cache(maxsize=2048)
def read_date(raw: str) -> dt.date | None:
    """A DT element: CCYYMMDD, or YYMMDD as before 4010 (70 to 99 are of the last century)."""
    text = raw.strip()
    if not (text.isascii() and text.isdigit()):
        return None
    if len(text) == 6:
        text = ("19" if int(text[:2]) >= _CENTURY_PIVOT else "20") + text
    if len(text) != 8:
        return None
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


@lru_cache(maxsize=2048)
def read_moment(date: str, time: str = "", zone: str = "", home: str = "") -> dt.datetime | None:
    """A date with a TM element (HHMM, HHMMSS, HHMMSSDD) and time code.

    Without a zone that is known it is read in `home` (an IANA name: the sender's), else in UTC.

    A time that is not one counts as not said: the moment is the start of the day.
    """
    day = read_date(date)
    if day is None:
        return None
    clock = dt.time()
    text = time.strip()
    if text.isascii() and text.isdigit() and len(text) in {4, 6, 7, 8}:
        try:
            clock = dt.time(int(text[:2]), int(text[2:4]), int(text[4:6] or 0))
        except ValueError:
            clock = dt.time()
    offset = TIME_ZONES.get(zone.strip().upper())
    try:
        if offset is None and home:
            return dt.datetime.combine(day, clock, tzinfo=ZoneInfo(home)).astimezone(dt.UTC)
        return dt.datetime.combine(day, clock, tzinfo=dt.UTC) - dt.timedelta(hours=offset or 0)
    except OverflowError:
        return None


def start_of_day(day: dt.date | None) -> dt.datetime | None:
    """The first moment of a day, in UTC."""
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC) if day else None


def read_gtin(raw: str) -> str | None:
    """A GTIN of 8 to 14 digits, padded to 14."""
    text = raw.strip()
    if text.isascii() and text.isdigit() and _SHORTEST_GTIN <= len(text) <= GTIN_DIGITS:
        return text.zfill(GTIN_DIGITS)
    return None
