"""Reading what systems tell of changes: page by page into the inbox, from a cursor that moves after it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection as database
from django.db import transaction
from django.utils.module_loading import import_string

from visibility.core.db import read_json, server_cursor
from visibility.core.errors import ConflictError, TooLargeError, UnsupportedError
from visibility.inbox.models import Connection
from visibility.inbox.services import accept_message
from visibility.sync.ports import ChangePage, Delivery

EVERY_SECONDS = 15.0
PAGE = 100
LONGEST_PAUSE = 600.0


@dataclass(frozen=True)
class ReadingClaim:
    """A system whose changes this deliverer may read until its lease runs out."""

    endpoint_id: int
    connection_id: int
    token: UUID
    cursor: str
    connector: str
    options: dict[str, Any]
    secret: bytes


def claim_readings(*, limit: int, waited: float = 0.0) -> list[ReadingClaim]:
    """Claim systems that tell changes (their setting `changes`) and whose turn it is."""
    if limit <= 0:
        return []
    token = uuid4()
    with transaction.atomic(), server_cursor(database) as cursor:
        cursor.execute(
            "INSERT INTO sync_changereading (endpoint_id, cursor, due_at) "
            "SELECT e.id, '', statement_timestamp() FROM sync_endpoint e "
            "WHERE e.settings->'changes' = 'true' "
            "  AND NOT EXISTS (SELECT 1 FROM sync_changereading r WHERE r.endpoint_id = e.id) "
            "ON CONFLICT (endpoint_id) DO NOTHING"
        )
        cursor.execute(
            "WITH chosen AS (SELECT r.id FROM sync_changereading r "
            "  JOIN sync_endpoint e ON e.id = r.endpoint_id "
            "  WHERE r.due_at <= statement_timestamp() - make_interval(secs => %s) "
            "    AND (r.lease_until IS NULL OR r.lease_until < statement_timestamp()) "
            "    AND e.paused_at IS NULL AND e.settings->'changes' = 'true' "
            "  ORDER BY r.due_at LIMIT %s FOR UPDATE OF r SKIP LOCKED) "
            "UPDATE sync_changereading r SET lease_token = %s, "
            "  lease_until = statement_timestamp() + make_interval(secs => %s) "
            "FROM chosen c, sync_endpoint e WHERE r.id = c.id AND e.id = r.endpoint_id "
            "RETURNING e.id, e.connection_id, r.lease_token, r.cursor, e.connector, e.settings, e.secret",
            [waited, limit, token, settings.DELIVERY_LEASE_SECONDS],
        )
        return [
            ReadingClaim(row[0], row[1], row[2], row[3], row[4], read_json(row[5]), bytes(row[6]))
            for row in cursor.fetchall()
        ]


def take_in(*, claim: ReadingClaim, page: ChangePage | Delivery) -> int:
    """Keep a page's events as one message, then move the cursor on; how many events. Call it outside of a
    transaction: the cursor moves only after the events are kept for good."""
    if isinstance(page, Delivery):
        _failed(claim, page.text or page.failure)
        return 0
    try:
        if page.events:
            connection = Connection.objects.get(pk=claim.connection_id)
            body = b"[" + b",".join(page.events) + b"]"
            accept_message(connection=connection, body=body, content_type=page.content_type, name="changes")
            if settings.MESSAGE_BELL:
                import_string(settings.MESSAGE_BELL)(tier=connection.tier)
    except (TooLargeError, UnsupportedError, ConflictError) as error:
        _failed(claim, error.text)
        return 0
    _moved(claim, page)
    return len(page.events)


def _moved(claim: ReadingClaim, page: ChangePage) -> None:
    # A page that says there is more without moving on would be read for ever.
    at_once = page.more and page.cursor != claim.cursor
    with transaction.atomic(), server_cursor(database) as cursor:
        cursor.execute(
            "UPDATE sync_changereading SET cursor = %s, events = events + %s, failures = 0, error = '', "
            "  lease_token = NULL, lease_until = NULL, ran_at = statement_timestamp(), "
            "  good_at = statement_timestamp(), due_at = statement_timestamp() + make_interval(secs => %s) "
            "WHERE endpoint_id = %s AND lease_token = %s",
            [
                page.cursor or claim.cursor,
                len(page.events),
                0.0 if at_once else EVERY_SECONDS,
                claim.endpoint_id,
                claim.token,
            ],
        )


def _failed(claim: ReadingClaim, text: str) -> None:
    with transaction.atomic(), server_cursor(database) as cursor:
        cursor.execute(
            "UPDATE sync_changereading SET failures = failures + 1, error = %s, lease_token = NULL, "
            "  lease_until = NULL, ran_at = statement_timestamp(), due_at = statement_timestamp() "
            "    + make_interval(secs => least(%s * 2.0 ^ least(failures, 20), %s)) "
            "WHERE endpoint_id = %s AND lease_token = %s",
            [text[:500], EVERY_SECONDS, LONGEST_PAUSE, claim.endpoint_id, claim.token],
        )
