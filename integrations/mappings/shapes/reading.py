"""Walking a JSON value: what its fields say, and what is wrong with them, located by JSON pointers."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from integrations.mappings.edi.texts import read_text
from visibility.canonical.documents import AnyDocument
from visibility.inbox.ports import Problem, Severity

MAX_PROBLEMS = 100
_ODATA_DATE = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
_ODATA_V2 = re.compile(r"datetime(?:offset)?'([^']+)'")
_OFFSET = re.compile(r"([+-]\d{2})(\d{2})$")
_FRACTION = re.compile(r"(\.\d{6})\d+")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,12})?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Read:
    """A document of a shape; `event_id` and `source` where the sender's own identity of it is told.

    `correlation_id`: what the sender's system names the order by; it counts where the connection is trusted.
    """

    document: AnyDocument
    event_id: str = ""
    source: str = ""
    correlation_id: str = ""


@dataclass
class Notes:
    """What was found wrong so far, up to a limit; the first error always finds room."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, severity: Severity, code: str, text: str, where: str) -> None:
        """Keep a problem."""
        if len(self.problems) < MAX_PROBLEMS or (severity == "error" and not self.refused):
            self.problems.append(Problem(code=code, text=text, where=where, severity=severity))

    @property
    def refused(self) -> bool:
        """Whether something forbids the use of the value."""
        return any(problem.severity == "error" for problem in self.problems)


class Part:
    """An object in the JSON. Readers answer what a missing field means, and note a faulty one."""

    def __init__(self, value: object, pointer: str, notes: Notes) -> None:
        self.value: Mapping[str, Any] = value if isinstance(value, dict) else {}
        self.pointer = pointer
        self.notes = notes

    def has(self, *names: str) -> bool:
        """Whether all the fields are there."""
        return all(name in self.value for name in names)

    def text(self, *names: str) -> str:
        """The first of the fields that says something, as a text."""
        for name in names:
            value = self.value.get(name)
            if isinstance(value, bool) or value is None or isinstance(value, dict | list):
                continue
            text = read_text(str(value))
            if text:
                return text
        return ""

    def number(self, name: str) -> Decimal | None:
        """A number, written as one or as a text; an error where it is none."""
        value = self.value.get(name)
        if value is None or value == "":
            return None
        text = format(value, "f") if isinstance(value, Decimal) and value.is_finite() else str(value).strip()
        if isinstance(value, bool | dict | list) or not _NUMBER.fullmatch(text):
            self.fault("not_a_number", f"{str(value)[:40]!r} is not a number", name)
            return None
        try:
            return Decimal(text)
        except InvalidOperation:
            return None

    def moment(self, *names: str, home: str = "") -> dt.datetime | None:
        """A moment by the first field that has one; without an offset in `home`, else in UTC."""
        for name in names:
            value = self.value.get(name)
            if value in (None, ""):
                continue
            moment = read_moment(str(value), home)
            if moment is None:
                self.warn("not_a_date", f"{str(value)[:40]!r} is not a date; it was left out", name)
                continue
            return moment
        return None

    def day(self, *names: str) -> dt.date | None:
        """The day of the first field that has one, as it is written there."""
        for name in names:
            value = self.value.get(name)
            if value in (None, ""):
                continue
            day = read_day(str(value))
            if day is not None and day.year > 1:
                return day
            if day is None:
                self.warn("not_a_date", f"{str(value)[:40]!r} is not a date; it was left out", name)
        return None

    def part(self, name: str) -> "Part":
        """The object in a field; an empty one where there is none."""
        return Part(self.value.get(name), f"{self.pointer}/{_escape(name)}", self.notes)

    def parts(self, *names: str) -> Iterator["Part"]:
        """The objects of the first list there is. OData wraps a list in `results`, NetSuite in `items`."""
        for name in names:
            value, pointer = self.value.get(name), f"{self.pointer}/{_escape(name)}"
            for wrapper in ("results", "items"):
                if isinstance(value, dict) and isinstance(value.get(wrapper), list):
                    value, pointer = value[wrapper], f"{pointer}/{wrapper}"
            if isinstance(value, list):
                for index, each in enumerate(value):
                    yield Part(each, f"{pointer}/{index}", self.notes)
                return

    def warn(self, code: str, text: str, name: str = "") -> None:
        """Note a warning at a field, or at the object."""
        self.notes.add("warning", code, text, self._where(name))

    def fault(self, code: str, text: str, name: str = "") -> None:
        """Note an error at a field, or at the object: the document is not used."""
        self.notes.add("error", code, text, self._where(name))

    def _where(self, name: str) -> str:
        return f"{self.pointer}/{_escape(name)}" if name else self.pointer or "/"


def decode(body: bytes) -> Any:
    """The JSON value, numbers exact. ValueError or RecursionError where it is none."""
    return json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse)


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


@lru_cache(maxsize=4096)
def read_moment(text: str, home: str = "") -> dt.datetime | None:
    """ISO 8601 with any offset ("-0500" too), OData's `datetime'…'` and `/Date(ms)/`; None for others."""
    text = text.strip()
    stamp = _ODATA_DATE.fullmatch(text)
    if stamp:
        return _after_epoch(int(stamp.group(1)))
    wrapped = _ODATA_V2.fullmatch(text)
    text = _FRACTION.sub(r"\1", wrapped.group(1) if wrapped else text)
    text = _OFFSET.sub(r"\1:\2", text) if "T" in text or " " in text else text
    try:
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(home) if home else dt.UTC)
        return moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def _after_epoch(milliseconds: int) -> dt.datetime | None:
    try:
        return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None


@lru_cache(maxsize=4096)
def read_day(text: str) -> dt.date | None:
    """The day as it is written, whatever the offset behind it."""
    stamp = _ODATA_DATE.fullmatch(text.strip())
    if stamp:
        moment = _after_epoch(int(stamp.group(1)))
        return moment.date() if moment else None
    wrapped = _ODATA_V2.fullmatch(text.strip())
    try:
        return dt.date.fromisoformat((wrapped.group(1) if wrapped else text.strip())[:10])
    except ValueError:
        return None
