"""Finding an interchange: where an ISA stands and which characters it separates with.

Delimiters belong to the interchange, not to the file. They are read at the fixed places of a well-made
ISA; where a sender trimmed or padded its elements otherwise, at the sixteenth element separator.
"""

import re
from dataclasses import dataclass

from integrations.formats.edi.cutting import BLANKS
from integrations.formats.edi.findings import Finding
from integrations.formats.edi.limits import HEADER_WINDOW

__all__ = ["BLANKS", "HARD_HEADER", "HEADER", "Delimiters", "Header", "next_header_offset", "read_header"]

_SEPARATOR_PLACES = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
_FIXED_LENGTH = 105
HEADER = re.compile(r"ISA[^A-Za-z0-9 \t\r\n]")
"""What an ISA begins with."""

HARD_HEADER = re.compile(
    r"ISA([^A-Za-z0-9 \t\r\n]).{2}\1.{10}\1.{2}\1.{10}\1.{2}\1.{15}\1.{2}\1.{15}\1.{6}\1.{4}\1.\1.{5}\1.{9}"
    r"\1.\1.\1[^A-Za-z0-9]",
    re.DOTALL,
)
"""A well-made ISA, all elements at their fixed places: nothing else looks like it, wherever it stands."""

_FIRST_REPETITION_VERSION = "00402"
_LINE_ENDS = re.compile(r"[\r\n]")


@dataclass(frozen=True, slots=True)
class Delimiters:
    """What separates what. `repetition` is empty where the version or the sender has none."""

    element: str
    component: str
    segment: str
    repetition: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """An ISA: its sixteen elements (trimmed), where in the file it begins, where in the text it ends."""

    delimiters: Delimiters
    elements: tuple[str, ...]
    offset: int
    end: int
    findings: tuple[Finding, ...]


def next_header_offset(text: str, position: int) -> int:
    """Where the next thing that looks like an ISA begins, or -1."""
    match = HEADER.search(text, position)
    return match.start() if match else -1


def read_header(text: str, offset: int, *, base: int = 0) -> Header | Finding:
    """Read the ISA at `offset`; a finding where it cannot be told what separates what.

    `base`: where in the file the text begins.
    """
    place = base + offset
    separator = text[offset + 3]
    places = _separator_places(text, offset, separator)
    if len(places) < 16:
        return _fault("truncated_isa", f"the ISA has {len(places)} of its 16 elements: it is cut off", place)
    last = places[15]
    if last + 2 > len(text):
        return _fault("truncated_isa", "the ISA is cut off before its segment terminator", place)
    component = text[last + 1]
    terminator, end = _terminator(text, last + 2)
    if not terminator:
        return _fault("no_terminator", "no character that could end a segment follows the ISA", place)
    if terminator in {separator, component} or component == separator:
        return _fault("same_delimiters", "the ISA names one character for two kinds of separator", place)
    elements = tuple(
        _LINE_ENDS.sub("", part).strip() for part in text[offset : last + 2].split(separator)[1:]
    )
    findings = []
    if tuple(each - offset for each in places) != _SEPARATOR_PLACES:
        findings.append(
            Finding(
                code="isa_positions",
                severity="warning",
                text="the ISA's elements are not at their fixed places; the 16th separator was taken instead",
                segment=1,
                segment_id="ISA",
                offset=place,
            )
        )
    repetition, doubt = _repetition(elements, {separator, component, terminator}, place)
    findings.extend(doubt)
    return Header(
        delimiters=Delimiters(separator, component, terminator, repetition),
        elements=elements,
        offset=place,
        end=end,
        findings=tuple(findings),
    )


def _places_in(header: str, separator: str) -> list[int]:
    return [place for place, char in enumerate(header) if char == separator]


def _separator_places(text: str, offset: int, separator: str) -> list[int]:
    fixed = [offset + place for place in _SEPARATOR_PLACES]
    header = text[offset : offset + _FIXED_LENGTH]
    if len(header) == _FIXED_LENGTH and tuple(_places_in(header, separator)) == _SEPARATOR_PLACES:
        return fixed
    places: list[int] = []
    place = text.find(separator, offset, offset + HEADER_WINDOW)
    while place >= 0 and len(places) < 16:
        places.append(place)
        place = text.find(separator, place + 1, offset + HEADER_WINDOW)
    return places


def _terminator(text: str, place: int) -> tuple[str, int]:
    """The terminator at `place` and where it ends. A space there is padding before a line end."""
    while place < len(text) and text[place] in " \t":
        place += 1
    if place >= len(text) or _is_letter_or_figure(text[place]) or text[place] == "\x00":
        return "", place
    end = place + 1
    if text[place] >= "\xc2":
        # A character of more than one byte in UTF-8 ends segments as a whole, or half of it stays behind.
        while end < len(text) and end - place < 4 and "\x80" <= text[end] <= "\xbf":
            end += 1
    return text[place:end], end


def _is_letter_or_figure(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _repetition(elements: tuple[str, ...], taken: set[str], offset: int) -> tuple[str, list[Finding]]:
    """ISA11 separates repetitions from 00402 on, and never where it is a letter or figure."""
    value, version = elements[10], elements[11]
    if version < _FIRST_REPETITION_VERSION or not value:
        return "", []
    if not value.isalnum() and value[0] not in taken:
        return value[0], []
    finding = Finding(
        code="repetition_separator",
        severity="warning",
        text=f"ISA11 is {value!r}, which cannot separate repetitions; none are read",
        segment=1,
        segment_id="ISA",
        element=11,
        offset=offset,
        value=value,
    )
    return "", [finding]


def _fault(code: str, text: str, offset: int) -> Finding:
    return Finding(code=code, severity="error", text=text, segment_id="ISA", offset=offset)
