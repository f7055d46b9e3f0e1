"""Reading one transaction set: its elements, and what is wrong with them, each with its place."""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TypeVar

from integrations.formats.edi.findings import Finding, FindingList, Severity
from integrations.formats.x12.parts import TransactionSet
from integrations.mappings.x12.units import KNOWN_UNITS
from integrations.mappings.x12.values import MAX_IDENTIFIER, read_date, read_moment, read_number, read_text
from visibility.inbox.ports import NO_PROFILE, ReadingProfile

Meaning = TypeVar("Meaning")
_AS_WRITTEN: Mapping[str, str] = {}


class SetReader:
    """Walks the segments of a set and keeps what is found wrong on the way.

    `rows` sets the place that the readers of elements speak of. Readers answer what an empty element
    means (None, or an empty text) where the element is at fault, and note the fault.
    """

    def __init__(self, transaction: TransactionSet, profile: ReadingProfile = NO_PROFILE) -> None:
        self.transaction = transaction
        self.profile = profile
        self.findings = FindingList(transaction.findings)
        self.row: list[str] = [""]
        self.position = 0
        self._odd_units: set[str] = set()

    def rows(self, start: int = 0, end: int | None = None) -> Iterator[list[str]]:
        """The segments from `start` to `end` (exclusive), as lists with the segment's id first."""
        separator = self.transaction.group.interchange.delimiters.element
        segments = self.transaction.segments
        for position in range(start, len(segments) if end is None else end):
            self.position = position
            self.row = segments[position].split(separator)
            yield self.row

    def raw(self, element: int) -> str:
        """The element without blanks around it; empty where there is none."""
        row = self.row
        return row[element].strip() if element < len(row) else ""

    def text(self, element: int) -> str:
        """The element as a text for people."""
        row = self.row
        return read_text(row[element]) if element < len(row) and row[element] else ""

    def identifier(self, element: int) -> str:
        """The element as a number or name that things are found by; too long a one is an error."""
        text = self.text(element)
        if len(text) > MAX_IDENTIFIER:
            self.note("error", "element_too_long", f"over {MAX_IDENTIFIER} characters", element)
            return ""
        return text

    def written(self, element: int, name: str) -> str:
        """The code as the standard writes it, where the sender's profile knows what the sender writes."""
        raw = self.raw(element)
        return self.profile.codes.get(name, _AS_WRITTEN).get(raw, raw) if self.profile.codes else raw

    def code(self, element: int, table: Mapping[str, Meaning], name: str) -> Meaning | None:
        """What the code means; None where it is empty or, with a warning, not in the table."""
        raw = self.written(element, name)
        meaning = table.get(raw)
        if meaning is None and raw:
            self.note(
                "warning",
                f"unknown_{name}",
                f"{raw[:20]!r} is no {name.replace('_', ' ')} known here",
                element,
            )
        return meaning

    def quantity(self, element: int, *, signed: bool = False) -> Decimal | None:
        """A quantity; an error where the text is not a number, or negative where none can be."""
        raw = self.raw(element)
        if not raw:
            return None
        number = read_number(raw)
        if number is None:
            self.note(
                "error", "not_a_number", f"{raw[:40]!r} is not a number; a quantity must be one", element
            )
        elif number < 0 and not signed:
            self.note(
                "error", "negative_quantity", f"{raw[:40]} is below zero; a quantity here cannot be", element
            )
            return None
        return number

    def price(self, element: int) -> Decimal | None:
        """A price; an error where the text is not a number."""
        raw = self.raw(element)
        number = read_number(raw) if raw else None
        if number is None and raw:
            self.note("error", "not_a_number", f"{raw[:40]!r} is not a number; a price must be one", element)
        return number

    def unit(self, element: int) -> str:
        """A unit code of element 355, as written; a warning where it is none that goods are counted in."""
        unit = self.text(element)
        if self.profile.codes:
            unit = self.profile.codes.get("unit", _AS_WRITTEN).get(unit, unit)
        if unit and unit not in KNOWN_UNITS and unit not in self._odd_units:
            self._odd_units.add(unit)
            text = (
                f"{unit[:20]!r} is no unit we know of X12 element 355; it is kept as written, and converts "
                "only by a factor of its item"
            )
            self.note("warning", "unknown_unit", text, element)
        return unit

    def date(self, element: int) -> dt.date | None:
        """A date; a warning, and no date, where the text is not one."""
        raw = self.raw(element)
        day = read_date(raw) if raw else None
        if day is None and raw:
            self.note("warning", "not_a_date", f"{raw[:40]!r} is not a date; it was left out", element)
        return day

    def moment(self, date: int, time: int, zone: int = 0) -> dt.datetime | None:
        """A date with its time and zone (elements); without a zone in the sender's. Notes what is no date."""
        if self.date(date) is None:
            return None
        written = self.raw(zone) if zone else ""
        return read_moment(self.raw(date), self.raw(time), written, self.profile.time_zone)

    def note(self, severity: Severity, code: str, text: str, element: int = 0) -> None:
        """Keep a finding at the present segment."""
        if severity != "error" and self.findings.full:
            return
        offsets = self.transaction.offsets
        self.findings.add(
            Finding(
                code=code,
                severity=severity,
                text=text,
                scope=self.transaction.scope,
                segment=self.position + 1,
                segment_id=self.row[0][:3],
                element=element,
                offset=offsets[self.position] if self.position < len(offsets) else -1,
                value=read_text(self.raw(element))[:40] if element else "",
            )
        )

    def note_missing(self, segment_id: str, text: str, code: str = "missing_segment") -> None:
        """Keep an error about something that is not there at all."""
        self.findings.add(
            Finding(
                code=code,
                severity="error",
                text=text,
                scope=self.transaction.scope,
                segment_id=segment_id,
                offset=self.transaction.offsets[0],
            )
        )

    @property
    def usable(self) -> bool:
        """Whether nothing found so far forbids the use of the set."""
        return not self.findings.has_errors
