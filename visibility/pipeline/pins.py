"""A person's word on whose a document is, as an entry of its own: "this ASN belongs to that order"."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import psycopg

from visibility.canonical.documents import DESK_WORDS, EntryLinked
from visibility.core import clock
from visibility.inbox.models import Connection
from visibility.ledger.correlate import Correlated
from visibility.pipeline.chunk import Chunk, PreparedEntry

SPOKEN_OF = 0x71AC
"""The first half of the names of advisory locks on messages of which people speak."""


def lock_spoken_of(*, cursor: psycopg.Cursor, chunk: Chunk) -> None:
    """Of a person's word on a message and a replay of that message, one waits for the other."""
    spoken_of = {
        entry.translated.document.message
        for entry in chunk.entries()
        if isinstance(entry.translated.document, EntryLinked)
    }
    again = {claim.message_id for claim in chunk.claims if claim.translation > 1}
    if spoken_of or again:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, n) FROM ("
            "  SELECT DISTINCT hashtext(m::text) AS n FROM unnest(%b::uuid[]) m ORDER BY 1) sorted",
            [SPOKEN_OF, list(spoken_of | again)],
        )


def refuse_unfit(*, cursor: psycopg.Cursor, chunk: Chunk) -> None:
    """Only the desk says whose a document is, and of its own company's documents that are recorded; only the
    desk tells what was decided, and what became of it.

    A sender names the order in the document itself.
    """
    for entry in chunk.entries():
        document = entry.translated.document
        if entry.connection.witness == Connection.Witness.DESK or not isinstance(document, DESK_WORDS):
            continue
        chunk.refuse(
            entry,
            code="not_from_here",
            text="Only a person at the desk may say whose a document is; name the order in the document."
            if isinstance(document, EntryLinked)
            else "What was decided is told by the desk alone; send what follows from it.",
        )
    words = [
        (entry, entry.translated.document)
        for entry in chunk.entries()
        if isinstance(entry.translated.document, EntryLinked)
    ]
    recorded = _recorded(cursor, ((e.company_id, d.message, d.place) for e, d in words)) if words else set()
    for entry, document in words:
        if (entry.company_id, document.message, document.place) not in recorded:
            chunk.refuse(
                entry,
                code="no_such_document",
                text="There is no such document; look up its message and its place in it.",
            )


def _recorded(cursor: psycopg.Cursor, places: Iterable[tuple[int, UUID, int]]) -> set[tuple[int, UUID, int]]:
    cursor.execute(
        "SELECT DISTINCT e.company_id, e.message_id, e.ordinal "
        "FROM unnest(%b::bigint[], %b::uuid[], %b::int[]) w(company_id, message_id, ordinal) "
        "JOIN ledger_entry e USING (company_id, message_id, ordinal)",
        [list(column) for column in zip(*places, strict=True)],
    )
    return set(cursor.fetchall())


def keep_pins(
    *,
    cursor: psycopg.Cursor,
    entries: Mapping[int, PreparedEntry],
    correlated: Correlated,
) -> set[int]:
    """Remember what people said in this chunk (position -> entry); the positions of what they spoke of."""
    now = clock.now()
    pins = [
        (document.message, document.place, key_id, position, document.linked, document.issued_at or now)
        for position, entry in entries.items()
        if isinstance(document := entry.translated.document, EntryLinked)
        for key in entry.keys.identifying
        for key_id in [correlated.key_ids[entry.company_id, key.value, key.scheme, key.scope]]
    ]
    again = {position for position, entry in entries.items() if entry.fact.translation > 1}
    spoken_of = _spoken_of(cursor, again) if again else set()
    if not pins:
        return spoken_of
    cursor.execute(
        "INSERT INTO ledger_pin (message_id, ordinal, key_id, position, linked, told_at) "
        "SELECT * FROM unnest(%b::uuid[], %b::int[], %b::bigint[], %b::bigint[], %b::bool[], "
        "%b::timestamptz[]) ON CONFLICT DO NOTHING",
        [list(column) for column in zip(*pins, strict=True)],
    )
    # Of the person's own company only, whatever message they named.
    cursor.execute(
        "SELECT e.position FROM unnest(%b::uuid[], %b::int[], %b::bigint[]) w(message_id, ordinal, key_id) "
        "JOIN ledger_correlation_key k ON k.id = w.key_id "
        "JOIN ledger_entry e USING (message_id, ordinal, company_id)",
        [[pin[0] for pin in pins], [pin[1] for pin in pins], [pin[2] for pin in pins]],
    )
    return spoken_of | {row[0] for row in cursor.fetchall()}


def _spoken_of(cursor: psycopg.Cursor, positions: set[int]) -> set[int]:
    """Which of these entries tell anew what a person placed before."""
    cursor.execute(
        "SELECT DISTINCT e.position FROM ledger_entry e JOIN ledger_pin p USING (message_id, ordinal) "
        "WHERE e.position = ANY(%b)",
        [sorted(positions)],
    )
    return {row[0] for row in cursor.fetchall()}
