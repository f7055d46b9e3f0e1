"""Events with an explicit id count once: the database's unique key decides, whoever tells them."""

from uuid import UUID

import psycopg

from visibility.inbox.ports import Problem
from visibility.pipeline.chunk import Chunk, PreparedEntry


def leave_out_known(*, cursor: psycopg.Cursor, chunk: Chunk) -> None:
    """Claim the explicit ids of the chunk's events; leave out repeats, and conflicts with their reason."""
    named: dict[UUID, PreparedEntry] = {}
    for entry in [e for e in chunk.entries() if e.fact.explicit_id]:
        first = named.setdefault(entry.fact.id, entry)
        if first is not entry:
            same = first.translated.body_digest == entry.translated.body_digest
            _leave_out(chunk, entry, same=same, before=str(first.claim.message_id))
    if not named:
        return
    for key, (body, message_id) in _claim(cursor, named).items():
        entry = named[key]
        if message_id != entry.claim.message_id:
            _leave_out(chunk, entry, same=body == entry.translated.body_digest, before=str(message_id))


def _claim(cursor: psycopg.Cursor, named: dict[UUID, PreparedEntry]) -> dict[UUID, tuple[UUID, UUID]]:
    """Claim the keys, sorted; (body, message) of those that were there before."""
    keys = sorted(named)
    cursor.execute(
        "INSERT INTO inbox_identity (key, body, message_id) "
        "SELECT * FROM unnest(%b::uuid[], %b::uuid[], %b::uuid[]) ON CONFLICT DO NOTHING RETURNING key",
        [
            keys,
            [named[key].translated.body_digest for key in keys],
            [named[key].claim.message_id for key in keys],
        ],
    )
    mine = {row[0] for row in cursor.fetchall()}
    others = [key for key in keys if key not in mine]
    if not others:
        return {}
    cursor.execute("SELECT key, body, message_id FROM inbox_identity WHERE key = ANY(%b)", [others])
    return {key: (body, message_id) for key, body, message_id in cursor.fetchall()}


def _leave_out(chunk: Chunk, entry: PreparedEntry, *, same: bool, before: str) -> None:
    work = chunk.leave_out(entry)
    if same:
        work.repeats += 1
        return
    work.problems.append(
        Problem(
            code="conflicting_duplicate",
            text=f"Event {entry.translated.event_id} was told before with another body (message {before}); "
            "send the change under a new id.",
            where=entry.translated.where,
        )
    )
