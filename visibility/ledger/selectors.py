"""Reading the ledger: which flows a number belongs to, and the entries of a flow."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import msgspec
from django.db import connection as database

from visibility.canonical.documents import AnyDocument
from visibility.canonical.keys import normalise
from visibility.core.db import server_cursor

_documents = msgspec.json.Decoder(AnyDocument)
MOST = 200
BEGINNING_MOST = 1_000
"""So many keys at most are looked at that begin with something: they may be half of all."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded fact, as a reader needs it."""

    position: int
    type: str
    occurred_at: dt.datetime | None
    recorded_at: dt.datetime
    connection_id: int
    witness: str
    system: str
    message_id: UUID
    translation: int
    ordinal: int
    event_id: UUID
    sequence: str
    """What came first of events at one moment, where their sender says so."""
    superseded: bool
    """A later translation of its message says something instead."""
    document: AnyDocument


_COLUMNS = (
    "e.position, e.type, e.occurred_at, e.recorded_at, e.connection_id, e.witness, e.system, e.message_id, "
    "e.translation, e.ordinal, e.event_id, CASE WHEN e.explicit_id THEN e.control ELSE '' END"
)


# Of an entry `e`: a later translation of its message came to its end and said something instead.
SUPERSEDED = (
    "EXISTS (SELECT 1 FROM inbox_outcome o WHERE o.message_id = e.message_id "
    "AND o.translation > e.translation AND NOT o.partial AND NOT o.cut_short AND o.entries > 0)"
)


SELECTED = f"{_COLUMNS}, {SUPERSEDED}, e.document::text"


def read_entry(row: Sequence[object]) -> Entry:
    """A row of SELECTED, of an entry `e`."""
    *rest, document = row
    return Entry(*rest, _documents.decode(str(document)))  # type: ignore[call-arg,arg-type]  # by column order


def find_flow_ids(*, companies: Sequence[int], value: str, scheme: str = "", limit: int = MOST) -> list[int]:
    """Flows that exactly this number names or is linked to."""
    wanted = normalise(value)
    if not wanted or not companies:
        return []
    return [flow for flow, _ in _keyed(companies, (wanted, f"{wanted}\x01"), scheme, limit * 20, limit)]


def find_beginning(*, companies: Sequence[int], value: str, limit: int = MOST) -> tuple[list[int], bool]:
    """Flows that a number of this beginning names or is linked to, and whether there may be more.

    Asked as a range, which the index answers; LIKE with a parameter would read it all.
    """
    wanted = normalise(value)
    if not wanted or not companies:
        return [], False
    rows = _keyed(companies, (wanted, f"{wanted}\U0010fffd"), "", BEGINNING_MOST, limit + 1)
    more = len(rows) > limit or (bool(rows) and rows[0][1] == BEGINNING_MOST)
    return [flow for flow, _looked in rows][:limit], more


def _keyed(
    companies: Sequence[int], numbers: tuple[str, str], scheme: str, most: int, limit: int
) -> list[tuple[int, int]]:
    """Flows of the first `most` keys of a range, the newest first, each with how many keys were looked at."""
    with server_cursor(database) as cursor:
        cursor.execute(
            "WITH k AS MATERIALIZED (SELECT id, flow_id FROM ledger_correlation_key "
            "  WHERE company_id = ANY(%(companies)b) AND value >= %(low)s AND value < %(high)s "
            "  AND (%(scheme)s = '' OR scheme = %(scheme)s) LIMIT %(most)s) "
            "SELECT DISTINCT flow_id, (SELECT count(*) FROM k) FROM ("
            "  SELECT flow_id FROM k WHERE flow_id IS NOT NULL UNION ALL "
            "  SELECT l.flow_id FROM k CROSS JOIN LATERAL (SELECT flow_id FROM ledger_key_link "
            "    WHERE key_id = k.id ORDER BY flow_id DESC LIMIT %(limit)s) l) f "
            "ORDER BY flow_id DESC LIMIT %(limit)s",
            {
                "companies": list(companies),
                "low": numbers[0],
                "high": numbers[1],
                "scheme": scheme,
                "most": most,
                "limit": limit,
            },
        )
        return cursor.fetchall()


def entries_of_flow(
    *, flow_id: int, limit: int = 5000, superseded: bool = False, type: str = ""
) -> list[Entry]:
    """The entries of a flow, oldest first by position; `superseded`: also what a replay took the place of.

    No more than the newest `limit` of them, of one type where it is named.
    """
    kept = "" if superseded else f"AND NOT {SUPERSEDED} "
    if type:
        kept += "AND e.type = %s "
    with server_cursor(database) as cursor:
        cursor.execute(
            f"SELECT {SELECTED} FROM ledger_member m JOIN ledger_entry e "
            "ON e.position = m.position AND e.recorded_at = m.recorded_at "
            f"WHERE m.flow_id = %s {kept}ORDER BY e.position DESC LIMIT %s",
            [flow_id, *([type] if type else ()), limit],
        )
        entries = [read_entry(row) for row in cursor.fetchall()]
    latest: dict[UUID, int] = {}
    for entry in entries:
        latest[entry.message_id] = max(latest.get(entry.message_id, 0), entry.translation)
    told = [
        replace(entry, superseded=True) if entry.translation < latest[entry.message_id] else entry
        for entry in entries
    ]
    return sorted((e for e in told if superseded or not e.superseded), key=lambda e: e.position)


def entries_of_message(*, message_id: UUID, limit: int = 1000) -> list[tuple[Entry, list[int]]]:
    """The entries a message became, with the flows of each."""
    with server_cursor(database) as cursor:
        cursor.execute(
            f"SELECT {SELECTED}, (SELECT array_agg(m.flow_id) FROM ledger_member m "
            "WHERE m.position = e.position) FROM ledger_entry e WHERE e.message_id = %s "
            "ORDER BY e.position LIMIT %s",
            [message_id, limit],
        )
        return [(read_entry(row[:-1]), list(row[-1] or ())) for row in cursor.fetchall()]
