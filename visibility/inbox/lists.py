"""The list of messages: the newest first, narrowed, page by page, at a cost that does not grow with it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection as database

from visibility.access.cursors import LOST, read_cursor, write_cursor
from visibility.access.scopes import Scope
from visibility.access.walks import Column, Walk, count_of, end_of, gather, page_of
from visibility.core.db import server_cursor
from visibility.core.errors import NotFoundError
from visibility.inbox.models import Connection, Message, Outcome
from visibility.inbox.selectors import GIVEN_UP, MessageRow, read_rows, status_counts

LOOKED_THROUGH = 2_000
"""In the names of so many messages at most something is looked for."""
COLLECTED = 2_000
"""So many messages that wait, or that became something else than processed, are put into their order."""
REPLAY_MOST = 1_000
Found = tuple[list[tuple[Any, ...]], tuple[Any, ...] | None]
"""Times and ids of a page, one more than was asked for where there are more; where looking stopped."""


@dataclass(frozen=True)
class MessagePage:
    """A page of messages. `count` is of the whole list; `capped` says that there may be more than that.

    `cut`: so many were looked through that do not fit that the page ends before it is full.
    """

    rows: list[MessageRow]
    next_cursor: str
    count: int
    capped: bool
    cut: bool = False


def list_messages(
    *, scope: Scope, status: str = "", connection: str = "", q: str = "", cursor: str = "", limit: int = 50
) -> MessagePage:
    """A page of messages, newest first, by keyset. What was sent is shown when `status` asks for it: each
    document that comes is answered, and the answers would hide what came.

    Messages carry many partners' documents, so a reader of one partner's part sees none of them.
    """
    walk = _walk(scope, status, connection)
    after = _read_cursor(cursor) if cursor else ()
    if walk is None:
        return MessagePage([], "", 0, False)
    with server_cursor(database) as reader:
        if q:
            found, end = _named(reader, walk, status, q.strip(), after, limit)
            count = (len(found), end is not None or bool(after))
        elif status in _BY_OUTCOME or status == "received":
            found, end = _of_status(reader, walk, status, after, limit)
            whole = not after and end is None and len(found) <= limit
            known = len(found) if whole else status_counts(scope=scope, connection=connection).get(status, 0)
            count = (known, False)
        else:
            found, end = _walked(reader, walk, status, after, limit)
            count = _count(reader, scope, walk, status, connection)
    following = found[limit - 1] if len(found) > limit else end
    return MessagePage(
        rows=read_rows(ids=[row[-1] for row in found[:limit]]),
        next_cursor=write_cursor(following[0].isoformat(), following[1]) if following else "",
        count=count[0],
        capped=count[1],
        cut=len(found) <= limit and end is not None,
    )


_SORT = (Column("received_at", descending=True), Column("id", descending=True))
_BY_OUTCOME = (Outcome.Status.HELD, Outcome.Status.REJECTED, GIVEN_UP)
"""What few messages become: an index has those only."""


def _walk(scope: Scope, status: str, connection: str) -> Walk | None:
    """The messages of the reader's companies, or of one connection of theirs; None: there are none."""
    if scope.partners is not None or not scope.companies:
        return None
    sent = status == "sent"
    filters = {"direction": Message.Direction.OUT if sent else Message.Direction.IN}
    whole = Walk(
        table="inbox_message",
        parts=[{"company_id": company} for company in scope.companies],
        sort=_SORT,
        filters={} if sent else filters,
        within="direction = 'out'" if sent else "true",
    )
    if not connection:
        return whole
    known = Connection.objects.filter(company_id__in=scope.companies, name=connection).first()
    if known is None:
        return None
    return replace(whole, parts=[{"connection_id": known.pk}], filters=filters, within="true")


def _walked(reader: psycopg.Cursor, walk: Walk, status: str, after: tuple[Any, ...], limit: int) -> Found:
    if status != Outcome.Status.PROCESSED:
        found = page_of(cursor=reader, walk=walk, after=after, limit=limit + 1)
        return found, None if len(found) > limit else end_of(cursor=reader, walk=walk, after=after)
    # Nearly all are: the newest are asked one by one what became of them.
    found = []
    for most in (limit * 2, LOOKED_THROUGH):
        some = page_of(cursor=reader, walk=walk, after=after, limit=most)
        processed = _with_status(reader, [row[-1] for row in some], status)
        found += [row for row in some if row[-1] in processed]
        if len(found) > limit or len(some) < most:
            return found[: limit + 1], None
        after = some[-1]
    return found, after


def _with_status(reader: psycopg.Cursor, ids: list[UUID], status: str) -> set[UUID]:
    """Those of these messages whose last translation came to this."""
    condition = "o.cut_short AND NOT EXISTS (SELECT 1 FROM inbox_messagework k WHERE k.message_id = w.id)"
    reader.execute(
        "SELECT w.id FROM unnest(%b::uuid[]) w(id) CROSS JOIN LATERAL (SELECT status, cut_short "
        "  FROM inbox_outcome WHERE message_id = w.id AND NOT partial ORDER BY translation DESC LIMIT 1) o "
        f"WHERE {condition if status == GIVEN_UP else 'o.status = %s'}",
        [ids] if status == GIVEN_UP else [ids, status],
    )
    return {row[0] for row in reader.fetchall()}


def _of_status(reader: psycopg.Cursor, walk: Walk, status: str, after: Sequence[Any], limit: int) -> Found:
    """What waits, or what became something else than processed: found by where that is written."""
    ids = _waiting(reader, after) if status == "received" else _by_outcome(reader, walk, status, after)
    kept = ids if status == "received" else list(_with_status(reader, ids, status))
    own = replace(walk, filters={**walk.filters, "id": kept})
    found = gather(cursor=reader, walk=own, after=after, limit=limit + 1) if kept else []
    if len(found) > limit or len(ids) < COLLECTED:
        return found, None
    reader.execute("SELECT received_at, id FROM inbox_message WHERE id = %s", [min(ids)])
    return found, reader.fetchone()


def _waiting(reader: psycopg.Cursor, after: Sequence[Any]) -> list[UUID]:
    """The newest messages that wait. Ids are in the order of time, to a few milliseconds."""
    reader.execute(
        "SELECT message_id FROM inbox_messagework WHERE message_id < %s ORDER BY message_id DESC LIMIT %s",
        [after[-1] if after else _LAST, COLLECTED],
    )
    return [row[0] for row in reader.fetchall()]


def _by_outcome(
    reader: psycopg.Cursor, walk: Walk, status: str, after: Sequence[Any], *, oldest: bool = False
) -> list[UUID]:
    """The newest messages of which a translation came to this, whatever a later one came to."""
    owners = [
        part["company_id"] if "company_id" in part else _company_of(reader, part["connection_id"])
        for part in walk.parts
    ]
    reader.execute(
        "SELECT DISTINCT o.message_id FROM unnest(%b::bigint[]) w(company) CROSS JOIN LATERAL ("
        "  SELECT message_id FROM inbox_outcome WHERE company_id = w.company AND status = %s "
        "  AND status <> 'processed' AND message_id < %s "
        f"  ORDER BY message_id {'ASC' if oldest else 'DESC'} LIMIT %s) o",
        [
            owners,
            Outcome.Status.REJECTED if status == GIVEN_UP else status,
            after[-1] if after else _LAST,
            COLLECTED,
        ],
    )
    return [row[0] for row in reader.fetchall()]


_LAST = UUID(int=2**128 - 1)


def _company_of(reader: psycopg.Cursor, connection_id: int) -> int:
    reader.execute("SELECT company_id FROM inbox_connection WHERE id = %s", [connection_id])
    row = reader.fetchone()
    assert row is not None
    return int(row[0])


def _named(  # noqa: PLR0917  what a list is asked, in its order
    reader: psycopg.Cursor, walk: Walk, status: str, text: str, after: Sequence[Any], limit: int
) -> Found:
    """By its id or its file's name; else by a part of the name, among the newest."""
    try:
        named = gather(cursor=reader, walk=_also(walk, id=UUID(text)), after=after, limit=limit + 1)
    except ValueError:
        named = gather(cursor=reader, walk=_also(walk, name=text), after=after, limit=COLLECTED)
    if named or (after and not text):
        return _of_what(reader, named, status)[: limit + 1], None
    looked = page_of(cursor=reader, walk=walk, after=after, limit=LOOKED_THROUGH)
    pattern = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    reader.execute(
        "SELECT id FROM inbox_message WHERE id = ANY(%b) AND name ILIKE %s",
        [[row[-1] for row in looked], f"%{pattern}%"],
    )
    ids = {row[0] for row in reader.fetchall()}
    found = _of_what(reader, [row for row in looked if row[-1] in ids], status)
    cut = len(looked) == LOOKED_THROUGH
    return found[: limit + 1], looked[-1] if cut else None


def _also(walk: Walk, **filters: Any) -> Walk:
    return replace(walk, filters={**walk.filters, **filters})


def _of_what(reader: psycopg.Cursor, rows: list[tuple[Any, ...]], status: str) -> list[tuple[Any, ...]]:
    """Those of the messages that have the status."""
    ids = [row[-1] for row in rows]
    if status in ("", "sent") or not rows:
        return rows
    if status == "received":
        reader.execute("SELECT message_id FROM inbox_messagework WHERE message_id = ANY(%b)", [ids])
        kept = {row[0] for row in reader.fetchall()}
    else:
        kept = _with_status(reader, ids, status)
    return [row for row in rows if row[-1] in kept]


def _count(
    reader: psycopg.Cursor, scope: Scope, walk: Walk, status: str, connection: str
) -> tuple[int, bool]:
    if status == Outcome.Status.PROCESSED:
        return status_counts(scope=scope, connection=connection).get(status, 0), False
    return count_of(cursor=reader, walk=walk)


def replayable_of(*, scope: Scope, status: str, connection: str = "", q: str = "") -> list[UUID]:
    """All messages of a list, the oldest first and no more than REPLAY_MOST, to be read once more."""
    walk = _walk(scope, status, connection)
    if walk is None:
        return []
    with server_cursor(database) as reader:
        if q:
            found, _end = _named(reader, walk, status, q.strip(), (), REPLAY_MOST)
            ids = [row[-1] for row in found]
        elif status in _BY_OUTCOME:
            ids = _by_outcome(reader, walk, status, (), oldest=True)
            ids = list(_with_status(reader, ids, status))
        else:
            return []
        rows = gather(cursor=reader, walk=_also(walk, id=ids), limit=len(ids)) if ids else []
    return [row[-1] for row in reversed(rows)][:REPLAY_MOST]


def _read_cursor(cursor: str) -> tuple[dt.datetime, UUID]:
    at, last = read_cursor(cursor, size=2)
    try:
        return dt.datetime.fromisoformat(at), UUID(last)
    except (ValueError, TypeError, AttributeError) as error:
        raise NotFoundError(LOST) from error
