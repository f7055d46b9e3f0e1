"""Keeping arrived messages: identity, bytes and work of any number of them in one statement.

Outside of a transaction the statement commits by itself: one round trip for all of it. What it says of a
message may then be told to its sender.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg
from django.db import connection as database

from visibility.canonical.events import events_of, says_the_same
from visibility.core.db import server_cursor
from visibility.core.errors import ConflictError


@dataclass(frozen=True)
class Accepted:
    """The answer to a sender: the message is committed, or was before (`duplicate`)."""

    message_id: UUID
    duplicate: bool


@dataclass(frozen=True)
class Identified:
    """What makes the message a repeat, and what was said under that identity."""

    key: UUID
    body: UUID
    event: bytes | None = None
    """The event as sent, where what differs in spacing or the order of names only says the same."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message on its way in. `message_id` is its own if it proves to be the first of its identity."""

    message_id: UUID
    identity: Identified
    company_id: int
    connection_id: int
    tier: str
    content_type: str
    name: str
    body: bytes
    digest: UUID


Kept = Accepted | ConflictError
"""What became of one arrival. The error is an answer here: it concerns nobody else of the group."""


def keep_arrivals(*, arrivals: Sequence[Arrival]) -> list[Kept]:
    """Keep the first of each identity, and say of each arrival what became of it, in their order.

    Raises Django's or psycopg's errors; then none of them is known to be kept. An arrival kept by an earlier
    call that ended without a word (its connection broke after the commit) is still told as the first.
    """
    first: dict[UUID, Arrival] = {}
    for arrival in arrivals:
        first.setdefault(arrival.identity.key, arrival)
    # In the order of the keys, so that two groups that share some never wait for each other crosswise.
    offered = [first[key] for key in sorted(first)]
    with server_cursor(database) as cursor:
        kept = _write(cursor, offered)
        known = {a.identity.key: (a.identity.body, a.message_id) for a in offered if a.message_id in kept}
        missing = [a.identity.key for a in offered if a.message_id not in kept]
        if missing:
            known |= _read_known(cursor, missing)
        return [_answer(cursor, arrival, *known[arrival.identity.key]) for arrival in arrivals]


def _write(cursor: psycopg.Cursor, arrivals: Sequence[Arrival]) -> set[UUID]:
    """Write all those whose identity was unknown until now; their ids."""
    cursor.execute(
        "WITH sent AS MATERIALIZED (SELECT * FROM unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::bigint[], "
        "  %b::bigint[], %b::text[], %b::text[], %b::text[], %b::bytea[], %b::uuid[]) AS s(key, said, "
        "  id, company_id, connection_id, tier, content_type, name, body, body_digest)), "
        "claimed AS (INSERT INTO inbox_identity (key, body, message_id) "
        "  SELECT key, said, id FROM sent ON CONFLICT DO NOTHING RETURNING message_id), "
        "kept AS (INSERT INTO inbox_message "
        "  (id, company_id, connection_id, direction, content_type, name, body, size, body_digest) "
        "  SELECT id, company_id, connection_id, 'in', content_type, name, body, length(body), body_digest "
        "  FROM sent WHERE id IN (SELECT message_id FROM claimed)) "
        "INSERT INTO inbox_messagework (message_id, tier, translation, cursor, attempts, alone, last_error) "
        "SELECT id, tier, 1, 0, 0, false, '' FROM sent WHERE id IN (SELECT message_id FROM claimed) "
        "RETURNING message_id",
        [
            [a.identity.key for a in arrivals],
            [a.identity.body for a in arrivals],
            [a.message_id for a in arrivals],
            [a.company_id for a in arrivals],
            [a.connection_id for a in arrivals],
            [a.tier for a in arrivals],
            [a.content_type for a in arrivals],
            [a.name for a in arrivals],
            [a.body for a in arrivals],
            [a.digest for a in arrivals],
        ],
    )
    return {row[0] for row in cursor.fetchall()}


def _read_known(cursor: psycopg.Cursor, keys: list[UUID]) -> dict[UUID, tuple[UUID, UUID]]:
    """What was said under identities that others had taken: key -> (body, message)."""
    cursor.execute("SELECT key, body, message_id FROM inbox_identity WHERE key = ANY(%b)", [keys])
    known = {key: (body, message) for key, body, message in cursor.fetchall()}
    if len(known) != len(keys):
        raise RuntimeError("an identity vanished while it was read: identities are never deleted")
    return known


def _answer(cursor: psycopg.Cursor, arrival: Arrival, body: UUID, message_id: UUID) -> Kept:
    if message_id == arrival.message_id:
        return Accepted(message_id=message_id, duplicate=False)
    if body != arrival.identity.body and not _says_the_same(cursor, arrival.identity, body, message_id):
        return ConflictError(
            "conflicting_duplicate",
            f"This id was used before with another body, in message {message_id}. "
            "Send the change under a new id.",
        )
    return Accepted(message_id=message_id, duplicate=True)


def _says_the_same(cursor: psycopg.Cursor, identity: Identified, before: UUID, message_id: UUID) -> bool:
    if identity.event is None:
        return False
    cursor.execute("SELECT body FROM inbox_message WHERE id = %s", [message_id], binary=True)
    row = cursor.fetchone()
    (name,) = events_of(identity.event)
    event = events_of(row[0]).get(name) if row is not None else None
    return says_the_same(raw=identity.event, digest=identity.body, before=before, event=event)
