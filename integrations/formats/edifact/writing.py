"""Writing EDIFACT: segments into one interchange, as ISO 9735 (syntax version 3) lays it out.

Separators inside values are released ("?+"), so any printable text of the character set can be written.
The service string (UNA) is always written: no reader has to guess. Messages stand in the interchange
without functional groups (UNG), which hardly anybody uses.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from integrations.formats.edi.unwritable import UnwritableError

CHARSETS = {"UNOA": "ascii", "UNOB": "ascii", "UNOC": "latin-1"}
"""What the syntax identifiers (0001) that are written mean in bytes."""

_LAST_CONTROL = 99_999_999_999_999
_LINE_ENDS = frozenset({"", "\n", "\r\n", "\r"})
_VERSION_PART = re.compile(r"[A-Z0-9]{1,6}", re.ASCII)

Segment = Sequence[str | Sequence[str]]
"""A segment's tag, then its elements: a text, or the components of a composite. Empty ones at the end of
an element or a segment need not be given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EdifactSeparators:
    """What separates what; `line_end` follows every segment, for readability."""

    component: str = ":"
    element: str = "+"
    decimal: str = "."
    release: str = "?"
    segment: str = "'"
    line_end: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EdifactEnvelope:
    """The UNB to be. `message_control` is the number of the first message."""

    separators: EdifactSeparators
    sender: str
    sender_qualifier: str
    receiver: str
    receiver_qualifier: str
    interchange_control: int
    message_control: int
    moment: dt.datetime
    syntax: str = "UNOC"
    test: bool = False
    acknowledgement_requested: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EdifactMessage:
    """A message: `identifier` as in UNH S009 (type, version, release, agency, association), and its segments
    without UNH and UNT."""

    identifier: tuple[str, ...]
    segments: Sequence[Segment]


def write_interchange(*, envelope: EdifactEnvelope, messages: Sequence[EdifactMessage]) -> bytes:
    """The interchange as bytes. UnwritableError for what cannot be written, with its place."""
    check_envelope(envelope, messages)
    rows: list[Segment] = [_unb(envelope)]
    for place, message in enumerate(messages):
        control = str(envelope.message_control + place)
        rows.append(("UNH", control, message.identifier))
        rows.extend(message.segments)
        rows.append(("UNT", str(len(message.segments) + 2), control))
    rows.append(("UNZ", str(len(messages)), str(envelope.interchange_control)))
    marks = envelope.separators
    end = marks.segment + marks.line_end
    service = f"UNA{marks.component}{marks.element}{marks.decimal}{marks.release} {end}"
    charset = CHARSETS[envelope.syntax]
    return service.encode("ascii") + b"".join(
        _encode(_join(row, marks) + end, charset, str(row[0])) for row in rows
    )


def check_envelope(envelope: EdifactEnvelope, messages: Sequence[EdifactMessage]) -> None:
    """UnwritableError where the separators, ids, numbers or versions can make no interchange."""
    _check_separators(envelope.separators)
    if envelope.syntax not in CHARSETS:
        raise UnwritableError("syntax", f"{envelope.syntax!r} is no syntax that is written", "0001")
    for number in (envelope.interchange_control, envelope.message_control + len(messages)):
        if not 1 <= number <= _LAST_CONTROL:
            raise UnwritableError("control_number", f"{number} does not fit into 14 digits", "0020")
    for where, value, least, most in (
        ("0004", envelope.sender, 1, 35),
        ("0007", envelope.sender_qualifier, 0, 4),
        ("0010", envelope.receiver, 1, 35),
        ("0007", envelope.receiver_qualifier, 0, 4),
    ):
        if not (least <= len(value) <= most and value == value.strip() and value.isprintable()):
            text = f"{value!r} cannot stand in {where}, which has {least} to {most} characters"
            raise UnwritableError("envelope_id", text, where)
    for message in messages:
        parts = message.identifier
        if len(parts) not in {4, 5} or not all(_VERSION_PART.fullmatch(part) for part in parts):
            raise UnwritableError("version", f"{':'.join(parts)!r} names no message version", "S009")


def _check_separators(marks: EdifactSeparators) -> None:
    named = {
        "component": marks.component,
        "element": marks.element,
        "decimal": marks.decimal,
        "release": marks.release,
        "segment": marks.segment,
    }
    for name, char in named.items():
        if len(char) != 1 or not char.isascii() or not char.isprintable() or char.isalnum() or char == " ":
            raise UnwritableError("separator", f"{char!r} cannot separate: one sign of ASCII does", name)
    if marks.decimal not in {".", ","}:
        raise UnwritableError("separator", "the decimal mark is a point or a comma", "decimal")
    if len(set(named.values())) < len(named) or "-" in named.values():
        raise UnwritableError("separator", "separators must differ, and none can be the minus", "separators")
    if marks.line_end not in _LINE_ENDS:
        raise UnwritableError("separator", "what follows a segment can only be a line end", "line_end")


def _unb(envelope: EdifactEnvelope) -> Segment:
    return (
        "UNB",
        (envelope.syntax, "3"),
        (envelope.sender, envelope.sender_qualifier),
        (envelope.receiver, envelope.receiver_qualifier),
        (f"{envelope.moment:%y%m%d}", f"{envelope.moment:%H%M}"),
        str(envelope.interchange_control),
        "",
        "",
        "",
        "1" if envelope.acknowledgement_requested else "",
        "",
        "1" if envelope.test else "",
    )


def _join(row: Segment, marks: EdifactSeparators) -> str:
    parts = []
    for place, element in enumerate(row):
        components = (element,) if isinstance(element, str) else element
        if not all(component.isprintable() for component in components):
            text = "a control character cannot be written in EDIFACT"
            raise UnwritableError("separator_in_value", text, f"{row[0]}, element {place}")
        released = [_release(component, marks) for component in components]
        while len(released) > 1 and not released[-1]:
            released.pop()
        parts.append(marks.component.join(released))
    while parts and not parts[-1]:
        parts.pop()
    return marks.element.join(parts)


def _release(value: str, marks: EdifactSeparators) -> str:
    """The value with the release character before every separator in it."""
    special = marks.release + marks.component + marks.element + marks.segment
    if not any(char in special for char in value):
        return value
    return "".join(marks.release + char if char in special else char for char in value)


def _encode(text: str, charset: str, tag: str) -> bytes:
    try:
        return text.encode(charset)
    except UnicodeEncodeError as error:
        odd = text[error.start : error.start + 1]
        raise UnwritableError(
            "character_set", f"{odd!r} is not in the character set of the interchange", tag
        ) from None
