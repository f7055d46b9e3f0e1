"""Reading one message: its elements and components, and what is wrong with them, each with its place."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from integrations.formats.edi.findings import Finding, FindingList, Severity
from integrations.formats.edifact.parts import Message
from integrations.mappings.edi.texts import read_text
from integrations.mappings.edifact.times import Period, read_period
from integrations.mappings.edifact.units import KNOWN_UNITS, SAME_UNITS
from visibility.inbox.ports import NO_PROFILE, ReadingProfile

Meaning = TypeVar("Meaning")
Row = list[list[str]]
MAX_IDENTIFIER = 80
_AS_WRITTEN: Mapping[str, str] = {}
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})", re.ASCII)
_START: Row = [[""]]


@lru_cache(maxsize=8192)
def read_number(raw: str) -> Decimal | None:
    """A numeric element: at most 15 digits before the decimal mark and 9 behind.

    Point and comma are both read as the mark, whatever the UNA says (ISO 9735 allows both).
    """
    text = raw.strip().replace(",", ".")
    return Decimal(text) if _NUMBER.fullmatch(text) else None


class MessageReader:
    """Walks the segments of a message and keeps what is found wrong on the way.

    `rows` sets the place that the readers of elements speak of. Elements count from 1 behind the tag,
    components from 0. Readers answer what an empty element means (None, or an empty text) where it is at
    fault, and note the fault.
    """

    def __init__(self, message: Message, profile: ReadingProfile = NO_PROFILE) -> None:
        self.message = message
        self.profile = profile
        self.findings = FindingList(message.findings)
        self.row: Row = _START
        self.position = 0
        self._odd_units: set[str] = set()

    def rows(self, start: int = 0) -> Iterator[str]:
        """The tags of the segments from `start` on; each becomes the present one."""
        for position, row in enumerate(self.message.rows()):
            if position >= start:
                self.position, self.row = position, row
                yield row[0][0].strip().upper()

    @property
    def place(self) -> tuple[int, Row]:
        """The present segment, to come back to with `go`."""
        return self.position, self.row

    def go(self, place: tuple[int, Row]) -> None:
        """Make an earlier segment the present one again, so that findings name it."""
        self.position, self.row = place

    def raw(self, element: int, component: int = 0) -> str:
        """The component without blanks around it; empty where there is none."""
        row = self.row
        if element < len(row) and component < len(row[element]):
            return row[element][component].strip()
        return ""

    def text(self, element: int, component: int = 0) -> str:
        """The component as a text for people."""
        raw = self.raw(element, component)
        return read_text(raw) if raw else ""

    def identifier(self, element: int, component: int = 0) -> str:
        """The component as a number or name that things are found by; too long a one is an error."""
        text = self.text(element, component)
        if len(text) > MAX_IDENTIFIER:
            self.note("error", "element_too_long", f"over {MAX_IDENTIFIER} characters", element)
            return ""
        return text

    def coded(self, element: int, name: str, component: int = 0) -> str:
        """The code as the standard has it: the partner's own are replaced as its profile says."""
        raw = self.raw(element, component)
        if self.profile.codes:
            raw = self.profile.codes.get(name, _AS_WRITTEN).get(raw, raw)
        return raw

    def code(
        self, element: int, table: Mapping[str, Meaning], name: str, component: int = 0
    ) -> Meaning | None:
        """What the code means; None where it is empty or, with a warning, not in the table."""
        raw = self.coded(element, name, component)
        meaning = table.get(raw)
        if meaning is None and raw:
            text = f"{read_text(raw)[:20]!r} is no {name.replace('_', ' ')} known here"
            self.note("warning", f"unknown_{name}", text, element)
        return meaning

    def quantity(self, element: int, component: int = 0, *, signed: bool = False) -> Decimal | None:
        """A quantity; an error where the text is not a number, or negative where none can be."""
        number = self.number(element, component, "quantity")
        if number is not None and number < 0 and not signed:
            text = f"{number} is below zero; a quantity here cannot be"
            self.note("error", "negative_quantity", text, element)
            return None
        return number

    def number(self, element: int, component: int = 0, what: str = "price") -> Decimal | None:
        """A price, amount or rate; an error where the text is not a number."""
        raw = self.raw(element, component)
        number = read_number(raw) if raw else None
        if number is None and raw:
            text = f"{read_text(raw)[:40]!r} is not a number; a {what} must be one"
            self.note("error", "not_a_number", text, element)
        return number

    def unit(self, element: int, component: int = 0) -> str:
        """A unit code of element 6411; a warning where it is none that goods are counted in."""
        unit = read_text(self.coded(element, "unit", component))
        unit = SAME_UNITS.get(unit, unit)
        if unit and unit not in KNOWN_UNITS and unit not in self._odd_units:
            self._odd_units.add(unit)
            text = (
                f"{unit[:20]!r} is no unit we know of UN/ECE Recommendation 20; it is kept as written, and "
                "converts only by a factor of its item"
            )
            self.note("warning", "unknown_unit", text, element)
        return unit

    def period(self, element: int = 1) -> Period | None:
        """The date or span of a DTM's C507 (or of a like composite); a warning where it is none."""
        raw = self.raw(element, 1)
        period = read_period(raw, self.raw(element, 2), self.profile.time_zone) if raw else None
        if period is None and raw:
            text = f"{read_text(raw)[:40]!r} is not a date of format {read_text(self.raw(element, 2))[:5]!r}"
            self.note("warning", "not_a_date", f"{text}; it was left out", element)
        return period

    def note(self, severity: Severity, code: str, text: str, element: int = 0) -> None:
        """Keep a finding at the present segment."""
        if severity != "error" and self.findings.full:
            return
        offsets = self.message.offsets
        self.findings.add(
            Finding(
                code=code,
                severity=severity,
                text=text,
                scope=self.message.scope,
                segment=self.position + 1,
                segment_id=read_text(self.row[0][0])[:3],
                element=element,
                offset=offsets[self.position] if self.position < len(offsets) else -1,
                value=read_text(self.raw(element))[:40] if element else "",
            )
        )

    def note_missing(
        self, tag: str, text: str, code: str = "missing_segment", severity: Severity = "error"
    ) -> None:
        """Keep a finding about something that is not there at all."""
        offsets = self.message.offsets
        self.findings.add(
            Finding(
                code=code,
                severity=severity,
                text=text,
                scope=self.message.scope,
                segment_id=tag,
                offset=offsets[0] if len(offsets) else -1,
            )
        )

    @property
    def usable(self) -> bool:
        """Whether nothing found so far forbids the use of the message."""
        return not self.findings.has_errors
