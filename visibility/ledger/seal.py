"""Sealing the ledger: a chain of hashes over ranges of entries, by which any later change is found.

A range is taken in the order of (xid, position) below the oldest running transaction, so that no late
commit can fall into a range that is sealed. Sealing only reads entries and adds rows; no writer waits for it.
"""

import datetime as dt
import logging
from dataclasses import dataclass

import psycopg
from django.db import connection as database
from django.db import transaction

from visibility.core.db import server_cursor
from visibility.ledger.marks import (
    DOCUMENT_SQL,
    FACTS_SQL,
    FORM,
    GENESIS,
    LINK_COLUMNS,
    Link,
    RangeHash,
    pack_marks,
)
from visibility.ledger.models import Seal

log = logging.getLogger(__name__)

RANGE_ENTRIES = 1000
SETTLE = dt.timedelta(minutes=1)
_FETCH = 100
_LOCK = "ledger_seal"

# The xid below which every transaction has ended, of the statement's own snapshot.
HORIZON = "(SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint)"

# One probe of the index a company, however many entries it has.
COMPANIES = (
    "WITH RECURSIVE c(id) AS (SELECT min(company_id) FROM ledger_entry UNION ALL "
    "SELECT (SELECT min(e.company_id) FROM ledger_entry e WHERE e.company_id > c.id) FROM c "
    "WHERE c.id IS NOT NULL) SELECT id FROM c WHERE id IS NOT NULL ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the chain, and one company's part of it, has come to."""

    number: int
    hash: bytes
    xid: int
    position: int
    now: dt.datetime


def seal_ledger(*, limit: int = 100_000, settle: dt.timedelta = SETTLE) -> int:
    """Seal entries that are not sealed yet, about `limit` of them at most. How many were sealed.

    Full ranges are sealed at once, a range that is not full once its first entry is older than `settle`.
    Safe to call at any time from anywhere: one sealer works at a time, another returns at once.
    """
    with server_cursor(database) as cursor:
        companies = [row[0] for row in cursor.execute(COMPANIES).fetchall()]
    sealed = 0
    while companies:
        waiting = []
        for company in companies:
            entries = _seal_range(company, settle) if sealed < limit else 0
            sealed += entries
            if entries == RANGE_ENTRIES:
                waiting.append(company)
        companies = waiting if sealed < limit else []
    return sealed


def last_seal() -> Seal | None:
    """The end of the chain; None while nothing is sealed."""
    return Seal.objects.defer("marks").order_by("-number").first()


def _seal_range(company: int, settle: dt.timedelta) -> int:
    """Seal the next range of a company, if there is one due. How many entries it has."""
    with transaction.atomic(), server_cursor(database) as cursor:
        place = _take_turn(cursor, company)
        if place is None:
            return 0
        hashed, to = _read(cursor, company, place, settle)
        if not hashed.marks:
            return 0
        link = Link(
            number=place.number + 1,
            form=FORM,
            company_id=company,
            after_xid=place.xid,
            after_position=place.position,
            to_xid=to[0],
            to_position=to[1],
            entries=len(hashed.marks),
            content=hashed.content,
            marks=pack_marks(hashed.marks),
            previous=place.hash,
            sealed_at=place.now,
        )
        values = [getattr(link, name) for name in Link.__dataclass_fields__]
        cursor.execute(
            f"INSERT INTO ledger_seal ({LINK_COLUMNS}, hash) VALUES ({'%s, ' * len(values)}%s)",
            [*values, link.hash()],
        )
        return link.entries


def _take_turn(cursor: psycopg.Cursor, company: int) -> _Place | None:
    """The end of the chain, which nobody else extends before this transaction ends. None: not our turn."""
    cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [_LOCK])
    if cursor.fetchone() != (True,):
        return None
    # A statement of its own: its snapshot must be younger than the lock.
    cursor.execute(
        "SELECT coalesce(l.number, 0), coalesce(l.hash, %s), coalesce(c.to_xid, 0), "
        "coalesce(c.to_position, 0), clock_timestamp(), "
        "pg_snapshot_xmax(pg_current_snapshot())::text::bigint "
        "FROM (SELECT 1) one "
        "LEFT JOIN (SELECT number, hash FROM ledger_seal ORDER BY number DESC LIMIT 1) l ON true "
        "LEFT JOIN (SELECT to_xid, to_position FROM ledger_seal WHERE company_id = %s "
        "  ORDER BY number DESC LIMIT 1) c ON true",
        [GENESIS, company],
    )
    row = cursor.fetchone()
    assert row is not None
    *place, ahead = row
    found = _Place(*place)
    if found.xid >= ahead:
        log.error(
            "not sealed: the last seal of company %s has the transaction id %s, the server has come to %s "
            "only; was the database moved? See docs/verifying-the-ledger.md",
            company,
            found.xid,
            ahead,
        )
        return None
    return found


def _read(
    cursor: psycopg.Cursor, company: int, place: _Place, settle: dt.timedelta
) -> tuple[RangeHash, tuple[int, int]]:
    """Hash the next range; with its last (xid, position). Empty if it is not due."""
    hashed, to = RangeHash(), (place.xid, place.position)
    with psycopg.ServerCursor(cursor.connection, "ledger_to_seal") as reader:
        reader.execute(
            f"SELECT e.position, e.message_id, {FACTS_SQL}, {DOCUMENT_SQL}, e.xid, e.recorded_at "
            "FROM ledger_entry e WHERE e.company_id = %s AND (e.xid, e.position) > (%s, %s) "
            f"AND e.xid < {HORIZON} ORDER BY e.xid, e.position LIMIT %s",
            [company, place.xid, place.position, RANGE_ENTRIES],
            binary=True,
        )
        oldest = None
        while rows := reader.fetchmany(_FETCH):
            for position, message_id, facts, document, xid, recorded_at in rows:
                hashed.add(position=position, message_id=message_id, facts=facts, document=document)
                oldest, to = oldest or recorded_at, (xid, position)
    if oldest and len(hashed.marks) < RANGE_ENTRIES and oldest > place.now - settle:
        return RangeHash(), to
    return hashed, to
