"""Writing X12: segments into one interchange of one functional group, as ASC X12 lays it out (X12.5, X12.6).

X12 has no release character: a value that holds a separator cannot be written, and is refused here, with
its place, whatever the caller made of it before. So nothing leaves that reads otherwise than it was meant.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from integrations.formats.edi.unwritable import UnwritableError

FIRST_WITH_REPETITION = "00402"
"""Before it, ISA11 names a standards body (U) and nothing can repeat."""
FIRST_WITH_CENTURY = "004"
"""Before it, GS04 and all other dates have six digits."""

_VERSION = re.compile(r"00[2-9][0-9]{3}[A-Z0-9]{0,6}", re.ASCII)
_LAST_CONTROL = 999_999_999
_LINE_ENDS = frozenset({"", "\n", "\r\n", "\r"})
_SPACES = frozenset(" \t")

Segment = Sequence[str]
"""A segment's id, then its elements; empty ones at the end need not be given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class X12Separators:
    """What separates what; `line_end` follows every segment, for readability."""

    element: str = "*"
    component: str = ":"
    segment: str = "~"
    repetition: str = "^"
    line_end: str = ""

    def taken(self, version: str) -> str:
        """The characters that no value of that release (ISA12) may hold."""
        kept = self.element + self.component + self.segment + self.line_end
        return kept + self.repetition if version >= FIRST_WITH_REPETITION else kept


@dataclass(frozen=True, slots=True, kw_only=True)
class X12Envelope:
    """The ISA and GS to be. `version` is GS08; `set_control` the number of the first set."""

    separators: X12Separators
    group_code: str
    version: str
    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    group_sender: str
    group_receiver: str
    interchange_control: int
    group_control: int
    set_control: int
    moment: dt.datetime
    test: bool = False
    acknowledgement_requested: bool = False

    @property
    def interchange_version(self) -> str:
        """ISA12 as it belongs to GS08: 004010 is 00401."""
        return self.version[:5]


@dataclass(frozen=True, slots=True, kw_only=True)
class X12Set:
    """A transaction set: its segments without ST and SE."""

    code: str
    segments: Sequence[Segment]


def write_interchange(*, envelope: X12Envelope, sets: Sequence[X12Set]) -> bytes:
    """The interchange as bytes (UTF-8, which is ASCII as long as the values are).

    UnwritableError for an envelope that cannot be, and for values that hold a separator.
    """
    check_envelope(envelope, sets=len(sets))
    rows: list[Segment] = [_isa(envelope), _gs(envelope)]
    for place, one in enumerate(sets):
        control = f"{envelope.set_control + place:04d}"
        rows.append(("ST", one.code, control))
        rows.extend(one.segments)
        rows.append(("SE", str(len(one.segments) + 2), control))
    rows.append(("GE", str(len(sets)), str(envelope.group_control)))
    rows.append(("IEA", "1", f"{envelope.interchange_control:09d}"))
    taken = envelope.separators.taken(envelope.interchange_version)
    end = envelope.separators.segment + envelope.separators.line_end
    return "".join(_join(row, envelope, taken) + end for row in rows).encode()


def check_envelope(envelope: X12Envelope, *, sets: int) -> None:
    """UnwritableError where the separators, ids, numbers or version can make no interchange."""
    check_separators(envelope.separators, envelope.interchange_version)
    if not _VERSION.fullmatch(envelope.version):
        raise UnwritableError("version", f"{envelope.version!r} is no release of X12 such as 004010", "GS08")
    last_set = envelope.set_control + sets - 1
    for where, number in (
        ("ISA13", envelope.interchange_control),
        ("GS06", envelope.group_control),
        ("ST02", envelope.set_control),
        ("ST02", last_set),
    ):
        if not 1 <= number <= _LAST_CONTROL:
            raise UnwritableError("control_number", f"{number} is not between 1 and {_LAST_CONTROL}", where)
    for where, value, least, most in (
        ("ISA05", envelope.sender_qualifier, 2, 2),
        ("ISA06", envelope.sender, 1, 15),
        ("ISA07", envelope.receiver_qualifier, 2, 2),
        ("ISA08", envelope.receiver, 1, 15),
        ("GS02", envelope.group_sender, 2, 15),
        ("GS03", envelope.group_receiver, 2, 15),
    ):
        if not (least <= len(value) <= most and value == value.strip() and value.isprintable()):
            text = f"{value!r} cannot stand in {where}, which has {least} to {most} characters"
            raise UnwritableError("envelope_id", text, where)


def check_separators(separators: X12Separators, version: str) -> None:
    """UnwritableError where these cannot separate anything in that release (ISA12)."""
    named = {
        "element": separators.element,
        "component": separators.component,
        "segment": separators.segment,
    }
    if version >= FIRST_WITH_REPETITION:
        named["repetition"] = separators.repetition
    for name, char in named.items():
        if len(char) != 1 or not char.isascii() or char.isalnum() or char in _SPACES or char == "\x00":
            raise UnwritableError("separator", f"{char!r} cannot separate: one sign of ASCII does", name)
        if char in "\r\n" and name != "segment":
            raise UnwritableError("separator", "only segments can end in a line end", name)
    if len(set(named.values())) < len(named):
        raise UnwritableError("separator", "two kinds of separator are the same character", "separators")
    if separators.line_end not in _LINE_ENDS:
        raise UnwritableError("separator", "what follows a segment can only be a line end", "line_end")


def _isa(envelope: X12Envelope) -> Segment:
    repeats = envelope.interchange_version >= FIRST_WITH_REPETITION
    return (
        "ISA",
        "00",
        " " * 10,
        "00",
        " " * 10,
        envelope.sender_qualifier,
        envelope.sender.ljust(15),
        envelope.receiver_qualifier,
        envelope.receiver.ljust(15),
        f"{envelope.moment:%y%m%d}",
        f"{envelope.moment:%H%M}",
        envelope.separators.repetition if repeats else "U",
        envelope.interchange_version,
        f"{envelope.interchange_control:09d}",
        "1" if envelope.acknowledgement_requested else "0",
        "T" if envelope.test else "P",
        envelope.separators.component,
    )


def _gs(envelope: X12Envelope) -> Segment:
    century = envelope.version >= FIRST_WITH_CENTURY
    return (
        "GS",
        envelope.group_code,
        envelope.group_sender,
        envelope.group_receiver,
        f"{envelope.moment:%Y%m%d}" if century else f"{envelope.moment:%y%m%d}",
        f"{envelope.moment:%H%M}",
        str(envelope.group_control),
        "X",
        envelope.version,
    )


def _join(row: Segment, envelope: X12Envelope, taken: str) -> str:
    """A segment; empty elements at its end are left out. The ISA names two separators, as it must."""
    names_them = {11, 16} if row[0] == "ISA" else set()
    for place, value in enumerate(row):
        if place in names_them:
            continue
        if not value.isprintable() or any(char in taken for char in value):
            text = f"{value[:40]!r} holds a separator or a control character, which X12 cannot write"
            raise UnwritableError("separator_in_value", text, f"{row[0]}{place:02d}")
    joined = envelope.separators.element.join(row)
    return joined if names_them else joined.rstrip(envelope.separators.element)
