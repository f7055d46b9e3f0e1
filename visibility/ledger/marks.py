"""What seals are made of: one form in bytes for every entry, and the hashes over it. Touches no database.

An entry is hashed in two parts, so that a change can be told apart: its document, and everything else. The
hash that counts covers both of all entries of a range; marks hold eight bytes of each, with the entry's
position and message, only to find the place when the hash does not fit.
"""

import datetime as dt
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

FORM = 1
"""Which form the entries of a seal were hashed in. Another column or another form is another number."""

FACTS = (
    "position",
    "recorded_at",
    "xid",
    "company_id",
    "type",
    "occurred_at",
    "connection_id",
    "witness",
    "system",
    "message_id",
    "translation",
    "ordinal",
    "event_id",
    "explicit_id",
    "envelope_at",
    "control",
)
"""Every column but the document, in the order of form 1."""

# record_send gives each column in PostgreSQL's binary form with its length before it: times are microseconds
# in UTC, NULL has the length -1, and no setting of a session changes any of it. The columns are named, so
# that another column does not change what was hashed before. What jsonb holds has one text.
FACTS_SQL = f"record_send(ROW({', '.join(f'e.{name}' for name in FACTS)}))"
DOCUMENT_SQL = "convert_to(e.document::text, 'UTF8')"

GENESIS = bytes(32)
"""What the first seal follows."""

_MARK = struct.Struct(">q16s8s8s")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Mark:
    """Enough of an entry to say which one changed, and in which part."""

    position: int
    message_id: UUID
    facts: bytes
    document: bytes


class RangeHash:
    """Hashes the entries of one range in their order, and keeps a mark of each."""

    def __init__(self) -> None:
        self._content = sha256()
        self.marks: list[Mark] = []

    def add(self, *, position: int, message_id: UUID, facts: bytes, document: bytes) -> None:
        """Take in the next entry: its columns and its document as FACTS_SQL and DOCUMENT_SQL give them."""
        of_facts, of_document = sha256(facts).digest(), sha256(document).digest()
        self._content.update(of_facts)
        self._content.update(of_document)
        self.marks.append(Mark(position, message_id, of_facts[:8], of_document[:8]))

    @property
    def content(self) -> bytes:
        """The hash over all entries taken in."""
        return self._content.digest()


def pack_marks(marks: Iterable[Mark]) -> bytes:
    """Marks as they are stored."""
    return b"".join(_MARK.pack(m.position, m.message_id.bytes, m.facts, m.document) for m in marks)


def unpack_marks(packed: bytes) -> list[Mark]:
    """Marks as they were packed; bytes at the end that are no mark are passed over."""
    whole = len(packed) - len(packed) % _MARK.size
    return [
        Mark(position, UUID(bytes=message), facts, document)
        for position, message, facts, document in _MARK.iter_unpack(packed[:whole])
    ]


@dataclass(frozen=True, slots=True)
class Link:
    """A seal as it stands in the chain. Its range is of one company: beyond (after_*), up to (to_*)."""

    number: int
    form: int
    company_id: int
    after_xid: int
    after_position: int
    to_xid: int
    to_position: int
    entries: int
    content: bytes
    marks: bytes
    previous: bytes
    sealed_at: dt.datetime

    def hash(self) -> bytes:
        """The hash of this link: over every column of it, and so over all links before."""
        numbers = struct.pack(
            ">9q",
            self.number,
            self.form,
            self.company_id,
            self.after_xid,
            self.after_position,
            self.to_xid,
            self.to_position,
            self.entries,
            (self.sealed_at - _EPOCH) // dt.timedelta(microseconds=1),
        )
        return sha256(self.previous + numbers + self.content + sha256(self.marks).digest()).digest()


LINK_COLUMNS = ", ".join(Link.__dataclass_fields__)
