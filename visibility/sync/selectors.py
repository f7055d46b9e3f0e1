"""Reading the outbox and the endpoints: for whoever sends, and for the pages of integration operations."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection as database
from django.db.models import F, Q

from visibility.access.cursors import LOST, read_cursor, write_cursor
from visibility.access.scopes import Scope
from visibility.access.walks import Column, Walk, count_of, page_of
from visibility.core.db import read_json, server_cursor
from visibility.core.errors import NotFoundError
from visibility.sync.models import DeliveryWord, Endpoint, OutboxMessage

WORDS_SHOWN = 20
_SORT = (Column("created_at", descending=True), Column("id", descending=True))


def endpoint_of(
    *, company_id: int, role: str, partner_id: int | None = None, place_id: int | None = None
) -> Endpoint | None:
    """Where commands for a role go, None where nowhere.

    The partner's and place's own comes first, then the partner's, the place's, the company's.
    """
    rows = (
        Endpoint.objects.select_related("connection")
        .filter(connection__company_id=company_id, role=role)
        .filter(Q(partner_id=None) | Q(partner_id=partner_id), Q(place_id=None) | Q(place_id=place_id))
        .order_by(F("partner_id").asc(nulls_last=True), F("place_id").asc(nulls_last=True), "id")
    )
    return rows.first()


@dataclass(frozen=True)
class EndpointRow:
    """A connection as operations see it. Counts are of commands that are not settled.

    `failed`: tries of the last day by the kind of their failure.
    """

    id: int
    name: str
    title: str
    role: str
    connector: str
    paused_at: dt.datetime | None
    paused_by: str
    pause_reason: str
    failures: int
    open_until: dt.datetime | None
    last_good_at: dt.datetime | None
    has_secret: bool
    waiting: int
    held: int
    unknown: int
    oldest_at: dt.datetime | None
    read_at: dt.datetime | None
    read_error: str
    read_events: int | None
    failed: dict[str, int]


def list_endpoints(*, scope: Scope) -> list[EndpointRow]:
    """All connections that deliver, with how they are doing. None for a reader of one partner's part."""
    if scope.partners is not None or not scope.companies:
        return []
    with server_cursor(database) as cursor:
        cursor.execute(_ENDPOINTS, [list(scope.companies)])
        return [EndpointRow(*row[:-1], *map(read_json, row[-1:])) for row in cursor.fetchall()]


_ENDPOINTS = """
SELECT e.id, c.name, coalesce(nullif(c.title, ''), c.name), e.role, e.connector, e.paused_at, e.paused_by,
  e.pause_reason, e.failures, CASE WHEN e.open_until > now() THEN e.open_until END, e.last_good_at,
  length(e.secret) > 0, q.waiting, q.held, q.unknown, q.oldest, r.good_at,
  coalesce(r.error, ''), r.events, coalesce(f.failed, '{}')
FROM sync_endpoint e JOIN inbox_connection c ON c.id = e.connection_id
LEFT JOIN sync_changereading r ON r.endpoint_id = e.id
CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE state = 'ready') AS waiting,
    count(*) FILTER (WHERE state = 'held') AS held, count(*) FILTER (WHERE state = 'unknown') AS unknown,
    min(created_at) FILTER (WHERE state <> 'held') AS oldest
  FROM sync_outboxmessage m
  WHERE m.connection_id = e.connection_id AND m.state IN ('ready', 'held', 'unknown')) q
CROSS JOIN LATERAL (SELECT jsonb_object_agg(failure, n) AS failed FROM (
    SELECT a.failure, count(*) AS n
    FROM sync_outboxmessage m JOIN sync_deliveryattempt a ON a.message_id = m.id
    WHERE m.connection_id = e.connection_id AND a.failure <> '' AND a.begun_at > now() - interval '1 day'
      AND m.state IN ('ready', 'unknown', 'refused', 'failed') GROUP BY a.failure) k) f
WHERE c.company_id = ANY(%b::bigint[]) ORDER BY e.role, c.name
"""


@dataclass(frozen=True)
class DeliveryRow:
    """A command in the list of deliveries."""

    id: UUID
    connection: str
    system: str
    type: str
    words: str
    cause: str
    correlation_id: UUID | None
    state: str
    failure: str
    outcome: str
    attempts: int
    created_at: dt.datetime
    due_at: dt.datetime
    finished_at: dt.datetime | None
    given_up_at: dt.datetime | None


@dataclass(frozen=True)
class DeliveryPage:
    """A page of commands; `count` is of the whole list, `capped`: there may be more."""

    rows: list[DeliveryRow]
    next_cursor: str
    count: int
    capped: bool


def list_deliveries(
    *, scope: Scope, state: str = "", connection: str = "", cursor: str = "", limit: int = 50
) -> DeliveryPage:
    """Commands, the newest first, by keyset."""
    if scope.partners is not None or not scope.companies:
        return DeliveryPage([], "", 0, False)
    filters: dict[str, Any] = {}
    if state:
        filters["state"] = state
    if connection:
        filters["connection_id"] = list(
            Endpoint.objects.filter(
                connection__company_id__in=scope.companies, connection__name=connection
            ).values_list("connection_id", flat=True)
        )
    walk = Walk(
        table="sync_outboxmessage",
        parts=[{"company_id": company} for company in scope.companies],
        sort=_SORT,
        filters=filters,
    )
    after = _read_cursor(cursor) if cursor else ()
    with server_cursor(database) as reader:
        found = page_of(cursor=reader, walk=walk, after=after, limit=limit + 1)
        count, capped = count_of(cursor=reader, walk=walk)
    last = found[limit - 1] if len(found) > limit else None
    return DeliveryPage(
        rows=_rows([row[-1] for row in found[:limit]]),
        next_cursor=write_cursor(last[0].isoformat(), last[1]) if last else "",
        count=count,
        capped=capped,
    )


def _read_cursor(cursor: str) -> tuple[dt.datetime, UUID]:
    at, last = read_cursor(cursor, size=2)
    try:
        return dt.datetime.fromisoformat(at), UUID(last)
    except (ValueError, TypeError, AttributeError) as error:
        raise NotFoundError(LOST) from error


def _rows(ids: Sequence[UUID]) -> list[DeliveryRow]:
    found = OutboxMessage.objects.filter(pk__in=ids).select_related("connection")
    rows = {row.pk: _row(row) for row in found.defer("data", "answer")}
    return [rows[own] for own in ids if own in rows]


def _row(row: OutboxMessage) -> DeliveryRow:
    return DeliveryRow(
        id=row.pk,
        connection=row.connection.name,
        system=str(row.connection),
        type=row.type,
        words=row.words,
        cause=row.cause,
        correlation_id=row.correlation_id,
        state=row.state,
        failure=row.failure,
        outcome=row.outcome,
        attempts=row.attempts,
        created_at=row.created_at,
        due_at=row.due_at,
        finished_at=row.finished_at,
        given_up_at=row.given_up_at,
    )


@dataclass(frozen=True)
class Try:
    """One try, as it is shown."""

    number: int
    read_back: bool
    begun_at: dt.datetime
    ended_at: dt.datetime | None
    result: str
    failure: str
    status: int | None
    text: str


@dataclass(frozen=True)
class Word:
    """What a person did."""

    what: str
    who: str
    why: str
    said_at: dt.datetime


@dataclass(frozen=True)
class DeliveryDetail:
    """A command with all that was tried. `behind`: it waits for this earlier one of its order."""

    row: DeliveryRow
    data: Any
    answer: Any
    tries: tuple[Try, ...]
    words: tuple[Word, ...]
    behind: UUID | None
    paused: bool
    open_until: dt.datetime | None


def get_delivery(*, scope: Scope, delivery_id: UUID) -> DeliveryDetail:
    """One command. NotFoundError where there is none in this scope."""
    rows = OutboxMessage.objects.select_related("connection__endpoint").filter(
        pk=delivery_id, company_id__in=scope.companies
    )
    row = rows.first()
    if row is None or scope.partners is not None:
        raise NotFoundError(f"There is no command {delivery_id}.")
    endpoint = getattr(row.connection, "endpoint", None)
    return DeliveryDetail(
        row=_row(row),
        data=row.data,
        answer=row.answer,
        tries=tuple(
            Try(t.number, t.read_back, t.begun_at, t.ended_at, t.result, t.failure, t.status, t.text)
            for t in row.tries.order_by("-number")[:100]
        ),
        words=words_on(company_ids=scope.companies, message_id=row.pk),
        behind=_behind(row),
        paused=bool(endpoint and endpoint.paused_at),
        open_until=endpoint.open_until if endpoint else None,
    )


def _behind(row: OutboxMessage) -> UUID | None:
    unsettled = (OutboxMessage.State.READY, OutboxMessage.State.UNKNOWN)
    if row.state not in unsettled or row.correlation_id is None:
        return None
    earlier = OutboxMessage.objects.filter(
        correlation_id=row.correlation_id, connection_id=row.connection_id, state__in=unsettled
    ).filter(Q(created_at__lt=row.created_at) | Q(created_at=row.created_at, id__lt=row.pk))
    found: UUID | None = earlier.order_by("created_at", "id").values_list("id", flat=True).first()
    return found


def words_on(
    *, company_ids: Sequence[int], message_id: UUID | None = None, connection: str = ""
) -> tuple[Word, ...]:
    """What people did to a command, or to connections; the newest first."""
    rows = DeliveryWord.objects.filter(company_id__in=company_ids)
    if message_id is not None:
        rows = rows.filter(message_id=message_id)
    if connection:
        rows = rows.filter(connection__name=connection)
    return tuple(
        Word(row.get_what_display(), row.who, row.why, row.said_at)
        for row in rows.order_by("-id")[:WORDS_SHOWN]
    )


def endpoint_names(*, scope: Scope) -> list[tuple[str, str]]:
    """Names and titles of all connections that deliver, for a choice."""
    if scope.partners is not None:
        return []
    rows = Endpoint.objects.filter(connection__company_id__in=scope.companies).select_related("connection")
    return [(row.connection.name, str(row.connection)) for row in rows.order_by("connection__name")]
