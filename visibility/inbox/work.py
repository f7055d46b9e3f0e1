"""Claiming and finishing work. PostgreSQL is the queue of record; leases are on the database's clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
from django.db import connection as database
from django.db import transaction

from visibility.core.db import server_cursor
from visibility.core.errors import FencedError
from visibility.inbox.models import Connection

LEASE_SECONDS = 20
"""How long a message of a killed worker waits. A living one extends its leases while it works."""
MAX_ATTEMPTS = 3
RETRY_AFTER = (1.0, 5.0)
"""Seconds until the next try of a message that failed by itself once, twice."""
OUTAGE_SECONDS = 5.0
SMALL_COMPANY = 10
"""So many are tried together of those that died in a larger company; who dies in a small one goes alone."""
BATCH_MESSAGES = 500
"""Single events share what any chunk costs. Half of one: who comes next waits for it."""
BATCH_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Claim:
    """A message this worker may process until its lease runs out."""

    message_id: UUID
    company_id: int
    connection_id: int
    content_type: str
    body: bytes
    translation: int
    cursor: int
    attempts: int
    alone: bool
    token: UUID
    error: str = ""


def claim_work(
    *, tier: str | None = None, message_ids: list[UUID] | None = None, suspected: bool | None = None
) -> list[Claim]:
    """Claim the oldest waiting messages of a tier, or the named ones, skipping what others hold.

    Messages that died in company are suspected: they are tried in a small company, then each by itself,
    which spends an attempt by being claimed. One whose lease ran out died too: its worker was killed, and
    had no chance to give it back. Without a token, `lease_until` is merely the time before which it is not
    tried again. `suspected` asks for those only, or for the others only, who must not wait behind them;
    None is for the others first.
    """
    if suspected is None:
        others = claim_work(tier=tier, message_ids=message_ids, suspected=False)
        return others or claim_work(tier=tier, message_ids=message_ids, suspected=True)
    token = uuid4()
    with transaction.atomic(), server_cursor(database) as cursor:
        _go_by_index(cursor)
        cursor.execute(
            "WITH ready AS ("
            "  SELECT w.message_id, m.size, "
            "    w.alone OR (w.lease_token IS NOT NULL AND w.company <= %(small)s) AS alone "
            "  FROM inbox_messagework w JOIN inbox_message m ON m.id = w.message_id "
            "  WHERE (%(tier)s::text IS NULL OR w.tier = %(tier)s) "
            "    AND (%(ids)b::uuid[] IS NULL OR w.message_id = ANY(%(ids)b)) "
            f"    AND w.company {'> 0' if suspected else '= 0'} "
            "    AND (w.lease_until IS NULL OR w.lease_until < now()) AND w.attempts < %(most)s "
            f"  ORDER BY {'w.alone, ' if suspected else ''}w.created_at, w.message_id "
            "  LIMIT %(limit)s FOR UPDATE OF w SKIP LOCKED"
            "), chosen AS ("
            "  SELECT message_id, alone, count(*) OVER () AS company FROM ("
            "    SELECT *, row_number() OVER () AS n, sum(size) OVER (ROWS UNBOUNDED PRECEDING) AS total, "
            "      bool_or(alone) OVER (ROWS UNBOUNDED PRECEDING) AS lonely FROM ready) r "
            "  WHERE n = 1 OR (NOT lonely AND total <= %(bytes)s)"
            ") UPDATE inbox_messagework w SET lease_token = %(token)s, "
            "  lease_until = now() + make_interval(secs => %(lease)s), company = c.company, "
            "  alone = c.alone, attempts = w.attempts + CASE WHEN c.alone THEN 1 ELSE 0 END "
            "FROM chosen c JOIN inbox_message m ON m.id = c.message_id WHERE w.message_id = c.message_id "
            "RETURNING w.message_id, m.company_id, m.connection_id, m.content_type, "
            # A correction is read in the place of the message's own bytes.
            "  CASE WHEN w.translation = 1 THEN m.body ELSE coalesce((SELECT c.body "
            "    FROM inbox_messagecorrection c WHERE c.message_id = m.id AND c.translation <= w.translation "
            "    ORDER BY c.translation DESC LIMIT 1), m.body) END, w.translation, "
            "  w.cursor, w.attempts, w.alone, w.lease_token",
            {
                "tier": tier,
                "ids": message_ids,
                "small": SMALL_COMPANY,
                "most": MAX_ATTEMPTS,
                "limit": SMALL_COMPANY if suspected else BATCH_MESSAGES,
                "bytes": BATCH_BYTES,
                "token": token,
                "lease": LEASE_SECONDS,
            },
        )
        claims = [Claim(*row) for row in cursor.fetchall()]
    return sorted(claims, key=lambda claim: claim.message_id)


def hold_lease(*, claims: list[Claim], cursors: dict[UUID, int], finished: set[UUID]) -> None:
    """Move cursors on and let finished rows go, inside the chunk's transaction.

    Raises FencedError if any lease was lost: then nothing of the chunk may commit.
    """
    with server_cursor(database) as cursor:
        moving = [c for c in claims if c.message_id in cursors and c.message_id not in finished]
        done = [c for c in claims if c.message_id in finished]
        changed = 0
        if moving:
            cursor.execute(
                "UPDATE inbox_messagework w SET cursor = n.cursor, attempts = 0, "
                "  lease_until = now() + make_interval(secs => %s) "
                "FROM unnest(%b::uuid[], %b::uuid[], %b::int[]) n(message_id, token, cursor) "
                "WHERE w.message_id = n.message_id AND w.lease_token = n.token",
                [
                    LEASE_SECONDS,
                    [c.message_id for c in moving],
                    [c.token for c in moving],
                    [cursors[c.message_id] for c in moving],
                ],
            )
            changed += cursor.rowcount
        if done:
            cursor.execute(
                "DELETE FROM inbox_messagework w USING unnest(%b::uuid[], %b::uuid[]) n(message_id, token) "
                "WHERE w.message_id = n.message_id AND w.lease_token = n.token",
                [[c.message_id for c in done], [c.token for c in done]],
            )
            changed += cursor.rowcount
    if changed != len(moving) + len(done):
        raise FencedError("a lease ran out; another worker has the message")


def extend_leases(*, claims: list[Claim]) -> int:
    """Keep the leases of messages that are still worked on; how many of them were still held."""
    with server_cursor(database) as cursor:
        cursor.execute(
            "UPDATE inbox_messagework w SET lease_until = now() + make_interval(secs => %s) "
            "FROM unnest(%b::uuid[], %b::uuid[]) n(message_id, token) "
            "WHERE w.message_id = n.message_id AND w.lease_token = n.token",
            [LEASE_SECONDS, [c.message_id for c in claims], [c.token for c in claims]],
        )
        return cursor.rowcount


def release_work(*, claims: list[Claim], error: str) -> None:
    """Give claimed messages back after a failure: to a smaller company, or each by itself and later."""
    with server_cursor(database) as cursor:
        cursor.execute(
            "UPDATE inbox_messagework w SET lease_token = NULL, last_error = %s, "
            "  alone = w.alone OR w.company <= %s, "
            "  lease_until = now() + make_interval(secs => nullif((%b::float8[])[w.attempts], 0)) "
            "FROM unnest(%b::uuid[], %b::uuid[]) n(message_id, token) "
            "WHERE w.message_id = n.message_id AND w.lease_token = n.token",
            [
                error[:2000],
                SMALL_COMPANY,
                list(RETRY_AFTER),
                [c.message_id for c in claims],
                [c.token for c in claims],
            ],
        )


def put_back(*, claims: list[Claim], error: str, seconds: float | None = None) -> None:
    """Give claimed messages back as they were, for a little later: what failed was not about them.

    `seconds` later, or what an outage takes.
    """
    later = OUTAGE_SECONDS if seconds is None else seconds
    with server_cursor(database) as cursor:
        cursor.execute(
            "UPDATE inbox_messagework w SET lease_token = NULL, last_error = %s, "
            "  company = CASE WHEN w.alone THEN w.company ELSE 0 END, "
            "  attempts = greatest(w.attempts - CASE WHEN w.alone THEN 1 ELSE 0 END, 0), "
            "  lease_until = now() + make_interval(secs => nullif(%s::float8, 0)) "
            "FROM unnest(%b::uuid[], %b::uuid[]) n(message_id, token) "
            "WHERE w.message_id = n.message_id AND w.lease_token = n.token",
            [error[:2000], later, [c.message_id for c in claims], [c.token for c in claims]],
        )


def tiers_waiting(*, seconds: float, tiers: Sequence[str] | None = None) -> list[str]:
    """Tiers in which a message that nobody works on has waited longer than this, the most urgent first.

    A message that is to be called unreadable counts too.
    """
    asked = [tier for tier in Connection.Tier.values if tiers is None or tier in tiers]
    with transaction.atomic(), server_cursor(database) as cursor:
        _go_by_index(cursor)
        cursor.execute(
            # statement_timestamp(), because by clock_timestamp() no index is searched.
            "SELECT t.tier FROM unnest(%b::text[]) t(tier) CROSS JOIN LATERAL ("
            "  SELECT 1 FROM inbox_messagework w WHERE w.tier = t.tier "
            "  AND w.created_at <= statement_timestamp() - make_interval(secs => %s) "
            "  AND (w.lease_until IS NULL OR w.lease_until < statement_timestamp()) "
            "  ORDER BY w.created_at LIMIT 1) w",
            [asked, seconds],
        )
        waiting = {row[0] for row in cursor.fetchall()}
    return [tier for tier in asked if tier in waiting]


def _go_by_index(cursor: psycopg.Cursor) -> None:
    """Have this transaction find the oldest of the queue by its index, however few it seems to be worth.

    A short queue is all in somebody's hands; from that PostgreSQL concludes that few rows are free, and would
    read and sort the whole of a long one for each batch.
    """
    cursor.execute("SET LOCAL enable_sort = off")


def claim_exhausted() -> list[Claim]:
    """Messages that died alone as often as is allowed, claimed a last time to be called unreadable.

    Without their bodies, which nobody reads again.
    """
    token = uuid4()
    with transaction.atomic(), server_cursor(database) as cursor:
        cursor.execute(
            "WITH dead AS (SELECT message_id FROM inbox_messagework WHERE attempts > 0 AND attempts >= %s "
            "  AND (lease_until IS NULL OR lease_until < now()) LIMIT 1000 FOR UPDATE SKIP LOCKED) "
            "UPDATE inbox_messagework w SET lease_token = %s, "
            "  lease_until = now() + make_interval(secs => %s) "
            "FROM dead d JOIN inbox_message m ON m.id = d.message_id WHERE w.message_id = d.message_id "
            "RETURNING w.message_id, m.company_id, m.connection_id, m.content_type, ''::bytea, "
            "  w.translation, w.cursor, w.attempts, w.alone, w.lease_token, w.last_error",
            [MAX_ATTEMPTS, token, LEASE_SECONDS],
        )
        return [Claim(*row) for row in cursor.fetchall()]
