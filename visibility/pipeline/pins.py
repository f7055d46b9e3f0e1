"""A person's word on whose a document is, as an entry of its own: "this ASN belongs to that order"."""

from collections.abc import Mapping

import psycopg

from visibility.canonical.documents import EntryLinked
from visibility.core import clock
from visibility.inbox.models import Connection
from visibility.ledger.correlate import Correlated
from visibility.pipeline.chunk import Chunk, PreparedEntry


def refuse_from_others(*, chunk: Chunk) -> None:
    """Only the desk says whose a document is; a sender names the order in the document itself."""
    for entry in chunk.entries():
        if (
            isinstance(entry.translated.document, EntryLinked)
            and entry.connection.witness != Connection.Witness.DESK
        ):
            chunk.refuse(
                entry,
                code="not_from_here",
                text="Only a person at the desk may say whose a document is; name the order in the document.",
            )


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
