"""Texts of a file as typed values. Whatever cannot be read as what it must be is a located error."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

from integrations.mappings.history.grammar import Column, Mapping, Texts, Value

LONGEST = 500
"""Characters of a text that names something; what is longer cannot be looked up."""
LONGEST_NOTE = 4000
_KEPT = 20_000
"""So many texts of a column are remembered with their meaning: dates repeat a lot."""
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?|[+-]?\.\d+|\d+(\.\d+)?-", re.ASCII)
_SECONDS = {"unix": 1, "unix_ms": 1000}
"""Formats that count from 1970 on: how many of a unit are a second."""
Read = Callable[[str], Any]


class RowError(Exception):
    """A row cannot be used: why, and in which column."""

    def __init__(self, text: str, column: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.column = column


class Settings:
    """How the texts of one column are read, from the general to the particular."""

    def __init__(self, mapping: Mapping, column: str, own: Value | None) -> None:
        layers: list[Column] = [each for each in (own, mapping.columns.get(column)) if each is not None]
        self.unknown = frozenset({"", *mapping.unknown})
        for layer in layers:
            self.unknown |= set(layer.unknown or ())
        self.formats = next((e.formats for e in layers if e.formats is not None), mapping.times.formats)
        self.zone = ZoneInfo(next((e.zone for e in layers if e.zone is not None), mapping.times.zone))
        self.decimal = next((e.decimal for e in layers if e.decimal is not None), mapping.numbers.decimal)
        self.thousands = next(
            (e.thousands for e in layers if e.thousands is not None), mapping.numbers.thousands
        )
        self.around = next((e.around for e in layers if e.around is not None), mapping.numbers.around)
        self.map = next((e.map for e in layers if e.map is not None), None)


def reader_of(kind: Any, settings: Settings, *, long: bool = False) -> Read:
    """What reads a text as a value of that kind; ValueError, in words, where it is none."""
    if kind is str:
        return _text_reader(LONGEST_NOTE if long else LONGEST)
    if kind is Decimal:
        return _remembering(_number_reader(settings))
    if kind is int:
        return _remembering(lambda text: _whole(_number_reader(settings)(text)))
    if kind is dt.datetime:
        return _remembering(_moment_reader(settings))
    if kind is dt.date:
        return _remembering(_date_reader(settings))
    if kind is bool:
        return _bool
    if kind is UUID:
        return UUID
    # The very objects that decoding gives, too: defaults are left out of what is stored by being the same.
    choices = {str(choice): choice for choice in get_args(kind)}

    def choose(text: str) -> Any:
        if text not in choices:
            raise ValueError(f"{_quoted(text)} is none of: {', '.join(sorted(choices))}; map it")
        return choices[text]

    return choose


def _remembering(read: Read) -> Read:
    known: dict[str, Any] = {}

    def remembered(text: str) -> Any:
        value = known.get(text)
        if value is None:
            if len(known) >= _KEPT:
                known.clear()
            value = known[text] = read(text)
        return value

    return remembered


def _text_reader(longest: int) -> Read:
    def read(text: str) -> str:
        if len(text) > longest:
            raise ValueError(f"{len(text)} characters stand here; {longest} fit")
        if "\0" in text:
            raise ValueError("this text holds a NUL character")
        return text

    return read


def _number_reader(settings: Settings) -> Read:
    decimal, thousands = settings.decimal, settings.thousands
    grouped = re.compile(
        rf"[+-]?\d{{1,3}}({re.escape(thousands)}\d{{3}})+({re.escape(decimal)}\d+)?-?", re.ASCII
    )

    bare = _stripper(settings.around)

    def read(text: str) -> Decimal:
        text = plain = bare(text)
        if thousands and thousands in text:
            if not grouped.fullmatch(text):
                raise ValueError(
                    f'{_quoted(text)} is no number with "{thousands}" between thousands and "{decimal}" '
                    "before the decimals"
                )
            plain = text.replace(thousands, "")
        elif decimal != "." and "." in text:
            raise ValueError(f'{_quoted(text)} is no number with "{decimal}" before the decimals')
        plain = plain.replace(decimal, ".")
        if not _NUMBER.fullmatch(plain):
            raise ValueError(f'{_quoted(text)} is no number with "{decimal}" before the decimals')
        return Decimal("-" + plain[:-1] if plain.endswith("-") else plain)

    return read


def _stripper(around: Texts) -> Callable[[str], str]:
    """What cuts off a text that may stand before a number (behind its sign, too) or after it."""
    if not around:
        return str
    either = "|".join(re.escape(text) for text in sorted(around, key=len, reverse=True))
    dressed = re.compile(rf"(?P<sign>[+-]?)\s*(?:{either})?\s*(?P<number>.*?)\s*(?:{either})?", re.DOTALL)

    def bare(text: str) -> str:
        found = dressed.fullmatch(text)
        assert found is not None  # all of it may be missing but the number, which may be anything
        return found["sign"] + found["number"]

    return bare


def _whole(number: Decimal) -> int:
    if number != number.to_integral_value():
        raise ValueError(f"{number} is no whole number")
    return int(number)


def _moment_reader(settings: Settings) -> Read:
    """A moment. A mere date is midnight UTC of that day, which all of the product reads as "that day"."""
    zone = settings.zone

    def read(text: str) -> dt.datetime:
        at, only_date = _parsed(text, settings.formats)
        if only_date:
            return at.replace(tzinfo=dt.UTC)
        return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).astimezone(dt.UTC)

    return read


def _date_reader(settings: Settings) -> Read:
    """A day: of a moment with a zone of its own, the day it is in the named zone."""
    zone = settings.zone

    def read(text: str) -> dt.date:
        at, _ = _parsed(text, settings.formats)
        return (at.astimezone(zone) if at.tzinfo is not None else at).date()

    return read


def _parsed(text: str, formats: tuple[str, ...]) -> tuple[dt.datetime, bool]:
    for form in formats:
        try:
            if form == "iso":
                return dt.datetime.fromisoformat(text), len(text) <= 10
            if form in _SECONDS:
                return dt.datetime.fromtimestamp(float(text) / _SECONDS[form], tz=dt.UTC), False
            return dt.datetime.strptime(text, form), not _has_time(form)  # noqa: DTZ007  # a zone is added
        except (ValueError, OverflowError, OSError):
            continue
    raise ValueError(f"{_quoted(text)} is no date written as {' or '.join(formats)}, nor a text for unknown")


def _has_time(form: str) -> bool:
    return any(code in form for code in ("%H", "%I", "%M", "%S", "%X", "%c", "%T", "%R"))


def _bool(text: str) -> bool:
    low = text.lower()
    if low in ("true", "yes", "y", "1", "x"):
        return True
    if low in ("false", "no", "n", "0"):
        return False
    raise ValueError(f"{_quoted(text)} is neither true nor false; map it")


def _quoted(text: str) -> str:
    return f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"'
