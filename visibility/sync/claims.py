"""Claiming commands, beginning and ending tries. Leases are on the database's clock, and fenced by tokens.

A try is written down, and committed, before anything is sent. One that has no end when its lease is over was
cut off: nobody knows whether it was done, so it is read back before it is sent again.
"""

import datetime as dt
import random
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
from django.conf import settings
from django.db import connection as database
from django.db import transaction
from psycopg.types.json import Jsonb

from visibility.core import clock
from visibility.core.db import read_json, server_cursor
from visibility.sync import backoff, breaker
from visibility.sync.ports import Delivery, OutgoingCommand
from visibility.sync.writing import kept_documents, profiles_of, write_command

AT_ONCE = 4
"""Commands that are under way on one connection."""
RETRY_HOURS = 24.0
"""For so long a command that was certainly not done is tried again; then it has failed."""
UNKNOWN_HOURS = 6.0
"""For so long what became of one is asked for; then a person has to."""
MOST_TRIES = 200
TEXT = 2_000
"""A system that answers with novels is cut short."""
CUT_OFF = "The deliverer ended before the answer came."


@dataclass(frozen=True)
class Claim:
    """A command that this deliverer may try until its lease runs out, and the try that was begun."""

    command: OutgoingCommand
    token: UUID
    connection_id: int
    number: int
    read_back: bool
    tried: int
    """Tries before this one, since a person last had it sent again."""
    connector: str
    options: dict[str, Any]
    secret: bytes
    partner_id: int | None = None
    document_id: UUID | None = None
    """Where it leaves as a document, the message that keeps it."""
    refusal: Delivery | None = None
    """It cannot be written as its partner reads it: this is what comes of the try."""


def claim_commands(*, limit: int, waited: float = 0.0) -> list[Claim]:
    """Claim commands that are due, for `waited` seconds already, and begin a try of each.

    Of one order and connection only the earliest that is not settled; none of a connection that is paused or
    whose breaker is open, one where it is half-open. Endpoints are locked first: the counts below see all
    other claims.
    """
    if limit <= 0:
        return []
    token = uuid4()
    with transaction.atomic(), server_cursor(database) as cursor:
        rooms = _rooms(cursor, waited)
        if not rooms:
            return []
        cursor.execute(
            _CHOOSE,
            {
                "connections": list(rooms),
                "rooms": list(rooms.values()),
                "waited": waited,
                "limit": limit,
                "token": token,
                "lease": settings.DELIVERY_LEASE_SECONDS,
            },
        )
        claims = [_claim(row, token) for row in cursor.fetchall()]
        if claims:
            _end_cut_off(cursor, [claim.command.id for claim in claims])
            _begin(cursor, claims)
            claims = _with_documents(claims)
    return claims


def _with_documents(claims: list[Claim]) -> list[Claim]:
    """What partners read as documents, as those: kept from the first try, or written for it now.

    A command that left once as it is goes on as it is, whatever was agreed meanwhile.
    """
    first = [each for each in claims if each.number == 1 and each.partner_id is not None]
    profiles = profiles_of(partners=[each.partner_id for each in first if each.partner_id]) if first else {}
    ids = [each.document_id for each in claims if each.document_id is not None]
    kept = kept_documents(ids=ids) if ids else {}
    found = []
    # In the order they were queued in, so that control numbers are.
    for claim in sorted(claims, key=lambda each: (each.command.created_at, each.command.id)):
        profile = profiles.get(claim.partner_id or 0)
        if claim.document_id is not None:
            command = msgspec.structs.replace(claim.command, document=kept[claim.document_id])
            found.append(replace(claim, command=command))
        elif claim.number == 1 and profile is not None:
            written = write_command(command=claim.command, connection_id=claim.connection_id, profile=profile)
            command = msgspec.structs.replace(claim.command, document=written.document)
            found.append(
                replace(claim, command=command, document_id=written.message_id, refusal=written.refusal)
            )
        else:
            found.append(claim)
    return found


def _rooms(cursor: psycopg.Cursor, waited: float) -> dict[int, int]:
    """Connections with something to send, and how much may be under way there."""
    cursor.execute(
        "SELECT e.connection_id, CASE WHEN e.failures >= %s THEN 1 ELSE %s END FROM sync_endpoint e "
        "WHERE e.paused_at IS NULL AND (e.open_until IS NULL OR e.open_until <= statement_timestamp()) "
        "AND EXISTS (SELECT 1 FROM sync_outboxmessage m WHERE m.connection_id = e.connection_id "
        "  AND m.state IN ('ready', 'unknown') AND m.given_up_at IS NULL "
        "  AND m.due_at <= statement_timestamp() - make_interval(secs => %s)) "
        "ORDER BY e.id FOR NO KEY UPDATE OF e SKIP LOCKED",
        [breaker.THRESHOLD, AT_ONCE, waited],
    )
    return dict(cursor.fetchall())


_CHOOSE = """
WITH chosen AS (
  SELECT m.id FROM unnest(%(connections)b::bigint[], %(rooms)b::int[]) o(connection_id, room)
  CROSS JOIN LATERAL (
    SELECT m.id, m.due_at FROM sync_outboxmessage m
    WHERE m.connection_id = o.connection_id AND m.state IN ('ready', 'unknown') AND m.given_up_at IS NULL
      AND m.due_at <= statement_timestamp() - make_interval(secs => %(waited)s)
      AND (m.lease_until IS NULL OR m.lease_until < statement_timestamp())
      AND NOT EXISTS (
        SELECT 1 FROM sync_outboxmessage b
        WHERE b.correlation_id = m.correlation_id AND b.connection_id = m.connection_id
          AND b.state IN ('ready', 'unknown') AND (b.created_at, b.id) < (m.created_at, m.id))
    ORDER BY m.due_at, m.created_at, m.id
    LIMIT greatest(o.room - (
      SELECT count(*) FROM sync_outboxmessage f WHERE f.connection_id = o.connection_id
        AND f.state IN ('ready', 'unknown') AND f.lease_until >= statement_timestamp()), 0)
  ) m ORDER BY m.due_at LIMIT %(limit)s
)
UPDATE sync_outboxmessage m SET lease_token = %(token)s,
  lease_until = statement_timestamp() + make_interval(secs => %(lease)s), attempts = m.attempts + 1,
  sent_at = coalesce(m.sent_at, statement_timestamp()),
  state = CASE WHEN EXISTS (
    SELECT 1 FROM sync_deliveryattempt a WHERE a.message_id = m.id AND a.ended_at IS NULL)
    THEN 'unknown' ELSE m.state END
FROM chosen c, sync_endpoint e WHERE m.id = c.id AND e.connection_id = m.connection_id
RETURNING m.id, m.type, m.data, m.correlation_id, m.created_at, m.connection_id, m.attempts, m.state,
  m.retried_from, e.connector, e.settings, e.secret, e.partner_id, m.document_id
"""


def _claim(row: tuple[Any, ...], token: UUID) -> Claim:
    command = OutgoingCommand(
        id=row[0], type=row[1], data=read_json(row[2]), correlation_id=row[3], created_at=row[4]
    )
    return Claim(
        command=command,
        token=token,
        connection_id=row[5],
        number=row[6],
        read_back=row[7] == "unknown",
        tried=row[6] - row[8] - 1,
        connector=row[9],
        options=read_json(row[10]),
        secret=bytes(row[11]),
        partner_id=row[12],
        document_id=row[13],
    )


def _end_cut_off(cursor: psycopg.Cursor, ids: list[UUID]) -> None:
    cursor.execute(
        "UPDATE sync_deliveryattempt SET ended_at = statement_timestamp(), result = 'unknown', "
        "  failure = 'dropped', text = %s WHERE message_id = ANY(%b::uuid[]) AND ended_at IS NULL",
        [CUT_OFF, ids],
    )


def _begin(cursor: psycopg.Cursor, claims: list[Claim]) -> None:
    cursor.execute(
        "INSERT INTO sync_deliveryattempt (message_id, number, read_back, begun_at, result, failure, text) "
        "SELECT id, number, read_back, statement_timestamp(), '', '', '' "
        "FROM unnest(%b::uuid[], %b::int[], %b::bool[]) n(id, number, read_back)",
        [
            [claim.command.id for claim in claims],
            [claim.number for claim in claims],
            [claim.read_back for claim in claims],
        ],
    )


def begin_sending(*, claim: Claim, delivery: Delivery) -> Claim | None:
    """It was read back and is not there: begin to send it, under the same claim. None: the lease was lost."""
    with transaction.atomic(), server_cursor(database) as cursor:
        cursor.execute(
            "UPDATE sync_outboxmessage SET state = 'ready', attempts = attempts + 1, "
            "  lease_until = statement_timestamp() + make_interval(secs => %s) "
            "WHERE id = %s AND lease_token = %s RETURNING attempts",
            [settings.DELIVERY_LEASE_SECONDS, claim.command.id, claim.token],
        )
        row = cursor.fetchone()
        _end_try(cursor, claim, delivery, None)
        if row is None:
            return None
        following = replace(claim, number=row[0], read_back=False)
        _begin(cursor, [following])
    return following


def finish_try(*, claim: Claim, delivery: Delivery) -> str:
    """Write down how a try ended, and what is next. The command's state now; empty: the lease was lost."""
    pause = backoff.next_pause(failures=claim.tried + 1, asked=delivery.retry_after, dice=random.uniform)
    with transaction.atomic(), server_cursor(database) as cursor:
        # Endpoints before messages, as claims have it.
        _judge(cursor, claim, delivery)
        cursor.execute(
            _FINISH,
            {
                "id": claim.command.id,
                "token": claim.token,
                "result": delivery.result,
                "failure": delivery.failure,
                "text": delivery.text[:TEXT],
                "answer": Jsonb(delivery.answer) if delivery.answer is not None else None,
                "pause": pause,
                "retry": RETRY_HOURS,
                "unknown": UNKNOWN_HOURS,
                "worn_out": claim.tried + 1 >= MOST_TRIES,
            },
        )
        row = cursor.fetchone()
        _end_try(cursor, claim, delivery, row[1] if row else None)
        if row and row[0] == "delivered" and claim.document_id is not None:
            _begin_waiting(cursor, claim.document_id)
    return str(row[0]) if row else ""


def _begin_waiting(cursor: psycopg.Cursor, document_id: UUID) -> None:
    """The partner has it: from now on an acknowledgement of it is waited for, where one is owed."""
    cursor.execute(
        "UPDATE inbox_functionalreceipt SET sent_at = %s WHERE sent_message_id = %s AND sent_at IS NULL",
        [clock.now(), document_id],
    )


_FINISH = """
UPDATE sync_outboxmessage m SET lease_token = NULL, lease_until = NULL, failure = %(failure)s,
  outcome = %(text)s, answer = coalesce(%(answer)s, m.answer), state = n.state,
  due_at = statement_timestamp() + make_interval(secs => %(pause)s),
  finished_at = CASE WHEN n.state IN ('delivered', 'refused', 'failed') THEN statement_timestamp() END,
  given_up_at = CASE WHEN n.state = 'unknown' AND n.over THEN statement_timestamp() END
FROM (SELECT o.id, t.over, CASE %(result)s::text
    WHEN 'delivered' THEN 'delivered' WHEN 'refused' THEN 'refused' WHEN 'unknown' THEN 'unknown'
    ELSE CASE WHEN t.over THEN 'failed' ELSE 'ready' END END AS state
  FROM sync_outboxmessage o CROSS JOIN LATERAL (SELECT %(worn_out)s::bool OR o.sent_at < statement_timestamp()
    - make_interval(hours => 1)
    * (CASE %(result)s::text WHEN 'unknown' THEN %(unknown)s ELSE %(retry)s END)::float8 AS over) t
  WHERE o.id = %(id)s) n
WHERE m.id = n.id AND m.lease_token = %(token)s
RETURNING m.state, CASE WHEN m.finished_at IS NULL AND m.given_up_at IS NULL THEN m.due_at END
"""


def _judge(cursor: psycopg.Cursor, claim: Claim, delivery: Delivery) -> None:
    """What the try means for its connection. Tries that end together are judged one after the other."""
    cursor.execute(
        "SELECT failures FROM sync_endpoint WHERE connection_id = %s FOR NO KEY UPDATE", [claim.connection_id]
    )
    row = cursor.fetchone()
    verdict = breaker.judge(failures=row[0] if row else 0, delivery=delivery, dice=random.uniform)
    cursor.execute(
        "UPDATE sync_endpoint SET failures = %(failures)s, "
        "  open_until = CASE WHEN %(pause)s::float8 IS NOT NULL THEN greatest(open_until, "
        "    statement_timestamp() + make_interval(secs => %(pause)s::float8)) "
        "    WHEN %(failures)s = 0 THEN NULL ELSE open_until END, "
        "  last_good_at = CASE WHEN %(good)s THEN statement_timestamp() ELSE last_good_at END "
        "WHERE connection_id = %(connection)s",
        {
            "failures": verdict.failures,
            "pause": verdict.pause,
            "good": delivery.failure not in (*breaker.OF_THE_CONNECTION, "throttled"),
            "connection": claim.connection_id,
        },
    )


def _end_try(cursor: psycopg.Cursor, claim: Claim, delivery: Delivery, retry_at: dt.datetime | None) -> None:
    cursor.execute(
        "UPDATE sync_deliveryattempt SET ended_at = statement_timestamp(), result = %s, failure = %s, "
        "  status = %s, text = %s, retry_at = %s "
        "WHERE message_id = %s AND number = %s AND ended_at IS NULL",
        [
            delivery.result,
            delivery.failure,
            delivery.status,
            delivery.text[:TEXT],
            retry_at,
            claim.command.id,
            claim.number,
        ],
    )
