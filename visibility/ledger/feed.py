"""The ledger as a feed: a reader who goes on from cursor to cursor sees every entry once and skips none.

Positions are given out before commit, so whoever polls by position passes over what commits late. The feed is
ordered by the transaction's id first, and ends below the oldest transaction that still runs: what is given
out can have nothing before it any more. A long transaction therefore delays the feed, and loses it nothing.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import psycopg
from django.db import connection as database
from django.db import transaction

from visibility.access.cursors import LOST, read_cursor, write_cursor
from visibility.access.scopes import Scope
from visibility.core.db import server_cursor
from visibility.core.errors import GoneError, NotFoundError
from visibility.ledger.seal import HORIZON
from visibility.ledger.selectors import SUPERSEDED

MOST_SCANNED = 20_000
"""Entries looked at for one page: a filter that finds little gives a short page, and a cursor to go on."""
MOST_CHARACTERS = 8_000_000
"""Of the documents of one page; the entry that passes it is the last."""
_WINDOW = 2000
"""Entries looked at in one statement, when a type is looked for."""
_FETCH = 100
"""Rows asked for at a time."""
_BIGGEST = 2**63 - 1
Place = tuple[int, int]
"""Transaction id and position of an entry, by which the feed is ordered."""
MOVED = (
    "This cursor is of another life of the database: it was restored or moved, and entries may stand behind "
    "the cursor that were not given out. Start again without a cursor and pass over the positions you have."
)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry as the feed gives it. `document` is the canonical document's JSON text."""

    position: int
    type: str
    recorded_at: dt.datetime
    occurred_at: dt.datetime | None
    source: str
    message_id: UUID
    translation: int
    superseded: bool
    flow_ids: list[int]
    document: str


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Some entries, and where to go on. `more`: there is more to be had at once."""

    entries: list[FeedEntry]
    cursor: str
    more: bool


def read_feed(*, scope: Scope, after: str = "", types: Collection[str] = (), limit: int = 100) -> FeedPage:
    """The next entries of the reader's companies after a cursor, in the order of (xid, position).

    `types` leaves out entries of other types. NotFoundError: the cursor is none of ours, or the reader sees
    only one partner's part, of which there is no feed. GoneError: the cursor is of a database that was moved.
    """
    if scope.partners is not None:
        raise NotFoundError("The feed is of a whole company; this reader sees a part of it only.")
    with transaction.atomic(), server_cursor(database) as cursor:
        timeline, ahead = _this_life(cursor)
        place = _read_place(after, timeline, ahead)
        entries: list[FeedEntry] = []
        characters = 0
        more = False
        for scanned, (xid, entry) in enumerate(_entries(cursor, scope, place, types, limit)):
            if len(entries) == limit or scanned == MOST_SCANNED or characters > MOST_CHARACTERS:
                more = True
                break
            place = (xid, entry.position)
            if not types or entry.type in types:
                entries.append(entry)
                characters += len(entry.document)
    return FeedPage(entries=entries, cursor=write_cursor(timeline, *place), more=more)


def _this_life(cursor: psycopg.Cursor) -> tuple[str, int]:
    """What tells this life of the database from others, and the next transaction id.

    Transaction ids go on through crashes and after a failover that lost nothing; the timeline changes with
    every promotion and restore to a point in time, because nobody can know what was lost.
    """
    cursor.execute(
        "SELECT s.system_identifier, c.timeline_id, pg_snapshot_xmax(pg_current_snapshot())::text::bigint "
        "FROM pg_control_system() s, pg_control_checkpoint() c"
    )
    row = cursor.fetchone()
    assert row is not None
    system, timeline, ahead = row
    return sha256(f"{system}.{timeline}".encode()).hexdigest()[:12], ahead


def _read_place(after: str, timeline: str, ahead: int) -> Place:
    if not after:
        return 0, 0
    written_in, xid, position = read_cursor(after, size=3)
    for number in (xid, position):
        if type(number) is not int or not 0 <= number <= _BIGGEST:
            raise NotFoundError(LOST)
    if not isinstance(written_in, str):
        raise NotFoundError(LOST)
    if written_in != timeline or xid >= ahead:
        raise GoneError(MOVED)
    return xid, position


def _entries(
    cursor: psycopg.Cursor, scope: Scope, place: Place, types: Collection[str], limit: int
) -> Iterator[tuple[int, FeedEntry]]:
    """Entries with their transaction ids, beyond a place, for as long as somebody asks for more.

    Window by window: a limit far beyond what is needed makes PostgreSQL sort where the index has the order.
    """
    most = _WINDOW if types else limit + 1
    found = most
    while found == most:
        found = 0
        for found, (xid, entry) in enumerate(_window(cursor, scope, place, types, most), 1):  # noqa: B007
            place = (xid, entry.position)
            yield xid, entry


def _window(
    cursor: psycopg.Cursor, scope: Scope, place: Place, types: Collection[str], most: int
) -> Iterator[tuple[int, FeedEntry]]:
    """At most so many entries beyond a place; those of other types come without what costs most."""
    # Each company's part comes from the index in its order, and they are merged: no page sorts the ledger.
    parts = " UNION ALL ".join(
        f"(SELECT * FROM ledger_entry WHERE company_id = {int(company)} "
        f"AND (xid, position) > (%(xid)s, %(position)s) AND xid < {HORIZON} "
        "ORDER BY xid, position LIMIT %(most)s)"
        for company in scope.companies
    )
    if not parts:
        return
    wanted = "e.type = ANY(%(types)s)" if types else "true"
    with psycopg.ServerCursor(cursor.connection, "ledger_feed") as reader:
        reader.execute(
            "SELECT e.xid, e.position, e.type, e.recorded_at, e.occurred_at, "
            f"CASE WHEN {wanted} THEN (SELECT n.name FROM inbox_connection n "
            "  WHERE n.id = e.connection_id) END, "
            f"e.message_id, e.translation, CASE WHEN {wanted} THEN {SUPERSEDED} END, "
            f"CASE WHEN {wanted} THEN ARRAY(SELECT m.flow_id FROM ledger_member m "
            "  WHERE m.position = e.position ORDER BY 1) END, "
            f"CASE WHEN {wanted} THEN e.document::text END "
            f"FROM ({parts}) e ORDER BY e.xid, e.position LIMIT %(most)s",
            {
                "types": list(types),
                "xid": place[0],
                "position": place[1],
                "most": most,
            },
            binary=True,
        )
        while rows := reader.fetchmany(_FETCH):
            for xid, *columns in rows:
                yield xid, FeedEntry(*columns)
