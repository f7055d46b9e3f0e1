"""Finding an interchange: where an ISA stands and which characters it separates with.

Delimiters belong to the interchange, not to the file. They are read at the fixed places of a well-made
ISA; where a sender trimmed or padded its elements otherwise, at the sixteenth element separator.
"""

import re
from dataclasses import dataclass

from integrations.formats.edi.findings import Finding
from integrations.formats.edi.limits import HEADER_WINDOW

BLANKS = " \t\r\n\x1a\x00"
"""What may stand around segments without meaning anything: line ends, indentation, an old end of file."""

_SEPARATOR_PLACES = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
_FIXED_LENGTH = 105
_ISA = re.compile(r"ISA[^A-Za-z0-9 \t\r\n]")
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
    """An ISA: its sixteen elements (trimmed), where it begins, where what follows it begins."""

    delimiters: Delimiters
    elements: tuple[str, ...]
    offset: int
    end: int
    findings: tuple[Finding, ...]


def next_header_offset(text: str, position: int) -> int:
    """Where the next thing that looks like an ISA begins, or -1."""
    match = _ISA.search(text, position)
    return match.start() if match else -1


def read_header(text: str, offset: int) -> Header | Finding:
    """Read the ISA at `offset`; a finding where it cannot be told what separates what."""
    separator = text[offset + 3]
    places = _separator_places(text, offset, separator)
    if len(places) < 16:
        return _fault("truncated_isa", f"the ISA has {len(places)} of its 16 elements: it is cut off", offset)
    last = places[15]
    if last + 2 > len(text):
        return _fault("truncated_isa", "the ISA is cut off before its segment terminator", offset)
    component = text[last + 1]
    terminator, end = _terminator(text, last + 2)
    if not terminator:
        return _fault("no_terminator", "no character that could end a segment follows the ISA", offset)
    if terminator in {separator, component} or component == separator:
        return _fault("same_delimiters", "the ISA names one character for two kinds of separator", offset)
    elements = tuple(
        _LINE_ENDS.sub("", part).strip() for part in text[offset : last + 2].split(separator)[1:]
    )
    findings = []
    if tuple(place - offset for place in places) != _SEPARATOR_PLACES:
        findings.append(
            Finding(
                code="isa_positions",
                severity="warning",
                text="the ISA's elements are not at their fixed places; the 16th separator was taken instead",
                segment=1,
                segment_id="ISA",
                offset=offset,
            )
        )
    repetition, doubt = _repetition(elements, {separator, component, terminator}, offset)
    findings.extend(doubt)
    return Header(
        delimiters=Delimiters(separator, component, terminator, repetition),
        elements=elements,
        offset=offset,
        end=end,
        findings=tuple(findings),
    )


def find_end(text: str, header: Header) -> int:
    """Where the interchange ends: after its IEA, at the next ISA, or at the end of the text."""
    pattern = re.compile(r"I[\r\n]{0,2}(?:E|S)[\r\n]{0,2}A[\r\n]{0,2}" + re.escape(header.delimiters.element))
    terminator = header.delimiters.segment
    for match in pattern.finditer(text, header.end):
        if not _begins_segment(text, match.start(), header.end, terminator):
            continue
        if "S" in match.group():
            return match.start()
        stop = text.find(terminator, match.end())
        stop = len(text) if stop < 0 else stop + len(terminator)
        # An IEA without its terminator must not swallow the interchange behind it.
        following = _ISA.search(text, match.end(), stop)
        return following.start() if following else stop
    return len(text)


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


def _begins_segment(text: str, place: int, start: int, terminator: str) -> bool:
    """Whether only blanks stand between the last terminator (or the header) and `place`."""
    before = text[max(start, place - 256) : place]
    rest = before.rstrip(BLANKS)
    if not rest:
        return True
    return rest.endswith(terminator) or terminator in before[len(rest) :]


def _fault(code: str, text: str, offset: int) -> Finding:
    return Finding(code=code, severity="error", text=text, segment_id="ISA", offset=offset)
