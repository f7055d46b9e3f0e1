"""What became of commands, for those who asked for them: taken up once, in the follower's own transaction."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from visibility.core.db import read_json


@dataclass(frozen=True)
class Outcome:
    """A command that has come to its end, and how. `state`: delivered, refused, failed or cancelled."""

    id: UUID
    company_id: int
    connection_id: int
    system: str
    type: str
    words: str
    cause: str
    correlation_id: UUID | None
    state: str
    failure: str
    text: str
    attempts: int
    created_at: dt.datetime
    finished_at: dt.datetime
    data: dict[str, Any]
    answer: dict[str, Any] | None


def untold_outcomes(*, cursor: psycopg.Cursor, limit: int) -> list[Outcome]:
    """Commands whose end nobody has taken up yet, the oldest first; locked, without those others hold.

    `told` is said by `mark_told` in the same transaction: if that does not commit, they come again.
    """
    cursor.execute(
        "SELECT m.id, m.company_id, m.connection_id, coalesce(nullif(c.title, ''), c.name), m.type, "
        "  m.words, m.cause, m.correlation_id, m.state, m.failure, m.outcome, m.attempts, "
        "  m.created_at, m.finished_at, m.data, m.answer "
        "FROM sync_outboxmessage m JOIN inbox_connection c ON c.id = m.connection_id "
        "WHERE m.told_at IS NULL AND m.finished_at IS NOT NULL "
        "ORDER BY m.finished_at LIMIT %s FOR UPDATE OF m SKIP LOCKED",
        [limit],
    )
    return [Outcome(*row[:-2], *map(read_json, row[-2:])) for row in cursor.fetchall()]


def mark_told(*, cursor: psycopg.Cursor, ids: Sequence[UUID], as_of: dt.datetime) -> None:
    """Say that these were taken up."""
    cursor.execute(
        "UPDATE sync_outboxmessage SET told_at = %s WHERE id = ANY(%b::uuid[])", [as_of, list(ids)]
    )
