"""The sole writer of the ledger.

COPY with positions taken beforehand: of all ways to write a batch it costs least (about a third of a
bulk_create), and the caller knows each entry's position without asking again.
"""

import datetime as dt
import struct
from typing import NamedTuple
from uuid import UUID

import psycopg

COLUMNS = (
    "position, company_id, type, occurred_at, connection_id, witness, system, message_id, translation, "
    "ordinal, event_id, explicit_id, envelope_at, control, document"
)

# A binary jsonb is its version and then its text, which PostgreSQL reads as it comes.
_TYPES = (
    *("int8", "int8", "text", "timestamptz", "int8", "text", "text", "uuid", "int4", "int4", "uuid", "bool"),
    *("timestamptz", "text", "bytea"),
)
_JSONB = b"\x01"
_COPY_BEGINS = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_ENDS = b"\xff\xff"
_PAIR = struct.Struct(">hiqiq")


class NewEntry(NamedTuple):
    """A fact about to be recorded, in the order of COLUMNS. `document`: the canonical one as JSON text."""

    company_id: int
    type: str
    occurred_at: dt.datetime | None
    connection_id: int
    witness: str
    system: str
    message_id: UUID
    translation: int
    ordinal: int
    event_id: UUID
    explicit_id: bool
    envelope_at: dt.datetime | None
    control: str
    document: str


def append(*, cursor: psycopg.Cursor, entries: list[NewEntry]) -> list[int]:
    """Record the entries inside the caller's transaction; their positions, in the order given."""
    if not entries:
        return []
    cursor.execute("SELECT nextval('ledger_position') FROM generate_series(1, %s)", [len(entries)])
    positions = [row[0] for row in cursor.fetchall()]
    with cursor.copy(f"COPY ledger_entry ({COLUMNS}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(_TYPES)
        for position, entry in zip(positions, entries, strict=True):
            copy.write_row((position, *entry[:-1], _JSONB + entry.document.encode()))
    return positions


def add_members(*, cursor: psycopg.Cursor, members: set[tuple[int, int]]) -> None:
    """Make entries of this transaction members of flows: (flow id, position) pairs."""
    with cursor.copy("COPY ledger_membership (flow_id, position) FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(_COPY_BEGINS)
        copy.write(b"".join([_PAIR.pack(2, 8, flow, 8, position) for flow, position in sorted(members)]))
        copy.write(_COPY_ENDS)
