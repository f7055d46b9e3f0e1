"""Cutting X12 and EDIFACT into segments for people to put right, broken envelopes included."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from visibility.inbox.mending import cut_lines
from visibility.inbox.ports import EditableBody, EditablePiece

_ISA = re.compile(r"ISA(?=[^A-Za-z0-9 \r\n])")
_UNA = re.compile(r"UNA(?=[^A-Za-z0-9]{4,6})")
_UNB = re.compile(r"UNB(?=\+)")
_X12_LENGTH = 105
_X12_SEPARATORS = 16
_HEADER_WINDOW = 512
_BLANKS = " \t\r\n\x1a\x00\ufeff"


class _Marks(NamedTuple):
    """What separates what, and where the segments begin."""

    element: str
    segment: str
    release: str
    start: int


class EdiEditor:
    """The segments of a message, by the separators of its first interchange."""

    def cut(self, body: bytes) -> EditableBody:
        """The segments in their order; lines where no header says what separates them."""
        try:
            text, charset = body.decode(), "utf-8"
        except UnicodeDecodeError:
            text, charset = body.decode("latin-1"), "latin-1"
        marks = _x12(text) or _edifact(text)
        if marks is None:
            return cut_lines(body)
        pieces: list[EditablePiece] = []
        offset = last = 0
        for start, end in _segments(text, marks):
            # Offsets are counted in bytes, from segment to segment, so that the cost stays linear.
            offset += len(text[last:start].encode(charset))
            size = len(text[start:end].encode(charset))
            piece = EditablePiece(
                number=len(pieces) + 1, start=offset, end=offset + size, text=text[start:end]
            )
            pieces.append(piece)
            offset, last = offset + size, end
        return EditableBody(
            pieces=tuple(pieces),
            charset="utf-8" if charset == "utf-8" else "latin-1",
            element=marks.element,
            release=marks.release,
            segment=marks.segment,
        )


def _x12(text: str) -> _Marks | None:
    found = _ISA.search(text)
    if found is None:
        return None
    start = found.start()
    element = text[start + 3]
    header = text[start : start + _X12_LENGTH]
    place = start + _X12_LENGTH
    if len(header) < _X12_LENGTH or header.count(element) != _X12_SEPARATORS or header[-2] != element:
        places = [at.start() for at in re.finditer(re.escape(element), text[start : start + _HEADER_WINDOW])]
        if len(places) < _X12_SEPARATORS:
            return None
        place = start + places[_X12_SEPARATORS - 1] + 2
    if place >= len(text) or text[place] == element or text[place].isalnum():
        return None
    return _Marks(element, text[place], "", start)


def _edifact(text: str) -> _Marks | None:
    advice, header = _UNA.search(text), _UNB.search(text)
    if advice is not None and (header is None or advice.start() < header.start()):
        start = advice.start()
        signs = text[start + 3 : start + 9]
        if len(signs) < 6:
            return None
        return _Marks(signs[1], signs[5], signs[3].strip(), start)
    return _Marks("+", "'", "?", header.start()) if header is not None else None


def _segments(text: str, marks: _Marks) -> Iterator[tuple[int, int]]:
    """Where each segment begins and ends, blanks around it left out."""
    start = marks.start
    if text.startswith("UNA", start):
        yield start, start + 8
        start += 9
    while start < len(text):
        end = _end(text, start, marks)
        left = start
        while left < end and text[left] in _BLANKS:
            left += 1
        right = end
        while right > left and text[right - 1] in _BLANKS:
            right -= 1
        if right > left:
            yield left, right
        start = end + 1


def _end(text: str, start: int, marks: _Marks) -> int:
    end = text.find(marks.segment, start)
    while end >= 0 and marks.release and _is_released(text, start, end, marks.release):
        end = text.find(marks.segment, end + 1)
    return len(text) if end < 0 else end


def _is_released(text: str, start: int, end: int, release: str) -> bool:
    count = 0
    while end - count - 1 >= start and text[end - count - 1] == release:
        count += 1
    return count % 2 == 1
