"""Putting a message right piece by piece: pure. What is not touched stays the same bytes.

A change of elements only can be said as rules ("in PO1, element 3: CS becomes CA") that other messages can
be mended by.
"""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from msgspec import Struct

from visibility.core.errors import InputError
from visibility.inbox.ports import EditableBody, EditablePiece

MOST_RULES = 50
MOST_COMPARED = 400
_TERMINATED = re.compile(r"[^~'|]+[~'|]?")


class Mend(Struct, frozen=True, kw_only=True):
    """In pieces that begin with `tag`, element `element` (from 1) `becomes` something where it `was` this."""

    tag: str
    element: int
    was: str
    becomes: str


class Difference(Struct, frozen=True, kw_only=True):
    """A piece before and after. `was` empty: put in behind piece `number`; `becomes` empty: taken out."""

    number: int
    was: str
    becomes: str


def apply_changes(*, body: bytes, cut: EditableBody, changes: Mapping[int, str]) -> bytes:
    """The body with other texts for some pieces (by number). An empty text takes the piece out.

    A text of several lines puts each line as a piece of its own in the piece's place. InputError for a number
    that is not there, and for a character the message's charset does not have.
    """
    by_number = {piece.number: piece for piece in cut.pieces}
    strange = changes.keys() - by_number.keys()
    if strange:
        raise InputError("no_such_piece", f"the message has no segment {min(strange)}", str(min(strange)))
    result, last = [], 0
    for number in sorted(changes):
        piece = by_number[number]
        result.append(body[last : piece.start])
        lines = [line for line in _lines(changes[number]) if line]
        joint = cut.segment + _break_behind(body, piece, cut)
        result.append(_encode(joint.join(lines), cut, number))
        last = piece.end if lines else _end_with_terminator(body, piece, cut)
    result.append(body[last:])
    return b"".join(result)


def differences(*, cut: EditableBody, changes: Mapping[int, str]) -> list[Difference]:
    """What the changes change, in the order of the message."""
    return [
        Difference(number=piece.number, was=piece.text, becomes="\n".join(_lines(changes[piece.number])))
        for piece in cut.pieces
        if piece.number in changes and changes[piece.number] != piece.text
    ]


def differences_between(*, before: bytes, after: bytes) -> tuple[Difference, ...]:
    """What two bodies differ in, by runs of text between line breaks and terminators; for showing only."""
    was, becomes = (_runs(body) for body in (before, after))
    same = next((at for at, (one, two) in enumerate(zip(was, becomes, strict=False)) if one != two), None)
    if same is None:
        same = min(len(was), len(becomes))
    # Comparing all with all is quadratic: what both begin with is left out, and the rest compared in part.
    was, becomes = was[same : same + MOST_COMPARED], becomes[same : same + MOST_COMPARED]
    found = []
    for tag, start, end, other, last in SequenceMatcher(None, was, becomes, autojunk=False).get_opcodes():
        if tag != "equal":
            old, new = "\n".join(was[start:end]), "\n".join(becomes[other:last])
            found.append(Difference(number=same + start + 1, was=old, becomes=new))
    return tuple(found)


def as_mends(*, cut: EditableBody, changes: Mapping[int, str]) -> tuple[Mend, ...]:
    """The changes as rules, each once; nothing where some piece changed in more than its elements."""
    found: dict[Mend, None] = {}
    for piece in cut.pieces:
        if piece.number not in changes or changes[piece.number] == piece.text:
            continue
        was, becomes = elements_of(piece.text, cut), elements_of(changes[piece.number], cut)
        longest = max(len(was), len(becomes))
        was, becomes = was + [""] * (longest - len(was)), becomes + [""] * (longest - len(becomes))
        if "\n" in changes[piece.number] or not cut.element or was[0] != becomes[0] or not becomes[0]:
            return ()
        for element, (old, new) in enumerate(zip(was, becomes, strict=True)):
            if old != new:
                found[Mend(tag=was[0], element=element, was=old, becomes=new)] = None
    return tuple(found) if len(found) <= MOST_RULES else ()


def changes_by(*, cut: EditableBody, mends: Sequence[Mend]) -> dict[int, str]:
    """The pieces that rules change, and what they become; empty where no rule fits."""
    changes: dict[int, str] = {}
    by_tag: dict[str, list[Mend]] = {}
    for mend in mends:
        by_tag.setdefault(mend.tag, []).append(mend)
    for piece in cut.pieces:
        elements = elements_of(piece.text, cut)
        before = list(elements)
        for mend in by_tag.get(elements[0], ()):
            old = before[mend.element] if mend.element < len(before) else ""
            if old == mend.was:
                elements += [""] * (mend.element + 1 - len(elements))
                elements[mend.element] = mend.becomes
        if elements != before:
            text = cut.element.join(elements)
            changes[piece.number] = text.rstrip(cut.element) if not elements[-1] else text
    return changes


def elements_of(text: str, cut: EditableBody) -> list[str]:
    """A piece's elements, its tag first, release characters left in."""
    if not cut.element:
        return [text]
    if not cut.release:
        return text.split(cut.element)
    found, held, free = [], "", False
    for char in text:
        if char == cut.element and not free:
            found.append(held)
            held = ""
            continue
        free = char == cut.release and not free
        held += char
    return [*found, held]


def cut_lines(body: bytes) -> EditableBody:
    """A message without segments: its lines."""
    try:
        text, charset = body.decode(), "utf-8"
    except UnicodeDecodeError:
        text, charset = body.decode("latin-1"), "latin-1"
    pieces: list[EditablePiece] = []
    start = 0
    for line in text.split("\n"):
        size = len(line.encode(charset))
        bare = line.removesuffix("\r")
        if bare.strip():
            end = start + len(bare.encode(charset))
            pieces.append(EditablePiece(number=len(pieces) + 1, start=start, end=end, text=bare))
        start += size + 1
    return EditableBody(pieces=tuple(pieces), charset="utf-8" if charset == "utf-8" else "latin-1")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]


def _encode(text: str, cut: EditableBody, number: int) -> bytes:
    try:
        return text.encode(cut.charset)
    except UnicodeEncodeError as error:
        words = f"{text[error.start]!r} cannot be written in the message's character set"
        raise InputError("not_in_charset", words, str(number)) from error


def _end_with_terminator(body: bytes, piece: EditablePiece, cut: EditableBody) -> int:
    """Where a piece that is taken out ends: behind its terminator and line break."""
    end = piece.end
    terminator = cut.segment.encode(cut.charset)
    if terminator and body.startswith(terminator, end):
        end += len(terminator)
    for char in (b"\r", b"\n"):
        if body.startswith(char, end):
            end += 1
    return end


def _break_behind(body: bytes, piece: EditablePiece, cut: EditableBody) -> str:
    """The line break the sender puts behind segments, for segments that are put in."""
    end = piece.end + len(cut.segment.encode(cut.charset))
    found = "\r" if body.startswith(b"\r", end) else ""
    return found + ("\n" if body.startswith(b"\n", end + len(found)) else "")


def _runs(body: bytes) -> list[str]:
    """The body in lines; a body of one line is cut behind what most looks like its terminator."""
    text = body.decode("utf-8", errors="backslashreplace")
    lines = text.splitlines()
    if len(lines) > 2:
        return lines
    return [part for line in lines for part in _TERMINATED.findall(line)]
