"""Reading the entries that belong to no order yet, and where a document is that a person points at.

The newest are read first, and never more than WALK of them for a page: a filter that fits few of many
costs as little as one that fits all, and the page says that there may be more.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection as database

from visibility.canonical.documents import DESK_WORD_TYPES, EntryLinked
from visibility.canonical.keys import CORRELATION, normalise
from visibility.core.db import server_cursor
from visibility.ledger.selectors import SELECTED, SUPERSEDED, Entry, read_entry

CAP = 10_000
WALK = 5_000
"""So many waiting entries are looked through for one page."""

# One by one: the planner must not read all of the ledger to join it with a page of positions.
_AT = (
    "CROSS JOIN LATERAL (SELECT * FROM ledger_entry "
    "WHERE position = u.position AND recorded_at = u.recorded_at OFFSET 0) e"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry that belongs to no order yet."""

    entry: Entry
    company_id: int


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A page of them. `last`: the position to go on behind; None: that was all."""

    rows: list[Waiting]
    last: int | None


@dataclass(frozen=True, slots=True)
class Which:
    """Which of the waiting entries: of these companies, and of a type, a connection, or bearing a number."""

    companies: Sequence[int]
    type: str = ""
    connection_id: int | None = None
    number: str = ""

    @property
    def values(self) -> dict[str, object]:
        """What the statements below need."""
        return {
            "companies": list(self.companies),
            "type": self.type,
            "connection": self.connection_id,
            "number": normalise(self.number),
        }


_WALKED = (
    "WITH u AS MATERIALIZED (SELECT position, recorded_at, company_id FROM ledger_unplaced "
    f"WHERE company_id = ANY(%(companies)b) AND type NOT IN {DESK_WORD_TYPES} "
    "AND (%(type)s = '' OR type = %(type)s) AND (%(after)s::bigint IS NULL OR position < %(after)s) "
    "AND (%(number)s = '' OR position IN (SELECT l.position FROM ledger_correlation_key k "
    "  JOIN ledger_loose_entry l ON l.key_id = k.id "
    "  WHERE k.company_id = ANY(%(companies)b) AND k.value = %(number)s)) "
    "ORDER BY position DESC LIMIT %(walk)s) "
)
_OF_CONNECTION = "(%(connection)s::bigint IS NULL OR e.connection_id = %(connection)s)"


def list_waiting(*, which: Which, after: int | None = None, limit: int = 25) -> WaitingPage:
    """The newest entries without an order, behind the position `after`; by keyset."""
    walk = limit + 1 if which.connection_id is None else WALK
    with server_cursor(database) as cursor:
        cursor.execute(
            f"{_WALKED} SELECT u.company_id, (SELECT min(position) FROM u), (SELECT count(*) FROM u), "
            f"{SELECTED} FROM u {_AT} WHERE {_OF_CONNECTION} ORDER BY u.position DESC LIMIT %(limit)s",
            {**which.values, "after": after, "walk": walk, "limit": limit + 1},
        )
        found = cursor.fetchall()
    rows = [Waiting(read_entry(row[3:]), row[0]) for row in found]
    if len(rows) > limit:
        return WaitingPage(rows[:limit], rows[limit - 1].entry.position)
    # None of a rare connection among those looked through: who wants more narrows it by the type.
    walked_all = which.connection_id is None or not found or found[0][2] < WALK
    return WaitingPage(rows, None if walked_all else found[0][1])


def count_waiting(*, which: Which, cap: int = CAP) -> int:
    """How many entries are without an order; `cap` + 1 means more than `cap`."""
    counted = "" if which.connection_id is None else f"{_AT} WHERE {_OF_CONNECTION}"
    with server_cursor(database) as cursor:
        cursor.execute(
            f"{_WALKED} SELECT count(*) FROM u {counted}", {**which.values, "after": None, "walk": cap + 1}
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def entry_at(*, message_id: UUID, place: int) -> tuple[Waiting, list[int]] | None:
    """The document at this place of a message, as its latest translation has it, and its flows."""
    with server_cursor(database) as cursor:
        cursor.execute(
            f"SELECT e.company_id, (SELECT array_agg(m.flow_id ORDER BY m.flow_id) FROM ledger_member m "
            f"WHERE m.position = e.position), {SELECTED} FROM ledger_entry e "
            f"WHERE e.message_id = %s AND e.ordinal = %s AND e.type NOT IN {DESK_WORD_TYPES} "
            f"AND NOT {SUPERSEDED} ORDER BY e.translation DESC LIMIT 1",
            [message_id, place],
        )
        row = cursor.fetchone()
    return (Waiting(read_entry(row[2:]), row[0]), list(row[1] or ())) if row else None


def flows_of_number(*, company_id: int, value: str, limit: int = 20) -> dict[int, str]:
    """Every order of a company that bears this number, with whose number it is: "ZZ:NORTHGATE|SAP1"."""
    with server_cursor(database) as cursor:
        cursor.execute(
            "SELECT flow_id, max(scope) FROM ledger_correlation_key WHERE company_id = %s AND value = %s "
            "AND flow_id IS NOT NULL AND scheme <> %s GROUP BY flow_id ORDER BY max(scope), flow_id LIMIT %s",
            [company_id, normalise(value), CORRELATION, limit],
        )
        return dict(cursor.fetchall())


def scopes_of(*, flow_ids: Collection[int]) -> dict[int, str]:
    """Whose number each of these orders bears, as narrowly as is known: "ZZ:NORTHGATE|SAP1"."""
    if not flow_ids:
        return {}
    with server_cursor(database) as cursor:
        cursor.execute(
            "SELECT flow_id, max(scope) FROM ledger_correlation_key "
            "WHERE flow_id = ANY(%b) AND scheme <> %s GROUP BY flow_id",
            [sorted(flow_ids), CORRELATION],
        )
        return dict(cursor.fetchall())


def taken_out(*, message_ids: Collection[UUID]) -> set[tuple[UUID, int, int]]:
    """(message, place, flow) of what a person took out of a flow, as the last word on it has it."""
    with server_cursor(database) as cursor:
        cursor.execute(
            "SELECT message_id, ordinal, flow_id FROM ("
            "  SELECT DISTINCT ON (p.message_id, p.ordinal, k.flow_id) "
            "  p.message_id, p.ordinal, k.flow_id, p.linked FROM ledger_pin p "
            "  JOIN ledger_correlation_key k ON k.id = p.key_id AND k.flow_id IS NOT NULL "
            "  WHERE p.message_id = ANY(%b) ORDER BY p.message_id, p.ordinal, k.flow_id, p.told_at DESC, "
            "  p.position DESC) said WHERE NOT linked",
            [sorted(message_ids)],
        )
        return set(cursor.fetchall())


def given_ids(*, flow_ids: Collection[int]) -> dict[int, list[str]]:
    """The correlation IDs that trusted systems gave these flows, as they wrote them in capitals."""
    if not flow_ids:
        return {}
    with server_cursor(database) as cursor:
        cursor.execute(
            "SELECT flow_id, array_agg(value ORDER BY value) FROM ledger_correlation_key "
            "WHERE flow_id = ANY(%b) AND scheme = %s GROUP BY flow_id",
            [sorted(flow_ids), CORRELATION],
        )
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class LinkedDocument:
    """A document of which a person said whether it belongs to an order: their word, and what it is of."""

    word: Entry
    said: EntryLinked
    entry: Entry


def linked_documents(*, flow_id: int, limit: int = 50) -> list[LinkedDocument]:
    """What people said belongs to a flow or does not; the last word on each document, newest first."""
    with server_cursor(database) as cursor:
        cursor.execute(
            f"SELECT {SELECTED} FROM ledger_member m JOIN ledger_entry e "
            "ON e.position = m.position AND e.recorded_at = m.recorded_at "
            "WHERE m.flow_id = %s AND e.type = 'entry.linked' ORDER BY e.position DESC LIMIT %s",
            [flow_id, limit],
        )
        last = _last_words([read_entry(row) for row in cursor.fetchall()])
        if not last:
            return []
        cursor.execute(
            f"SELECT DISTINCT ON (e.message_id, e.ordinal) {SELECTED} "
            "FROM unnest(%b::uuid[], %b::int[]) w(message_id, ordinal) "
            "JOIN ledger_entry e USING (message_id, ordinal) "
            f"WHERE NOT {SUPERSEDED} ORDER BY e.message_id, e.ordinal, e.translation DESC",
            [[said.message for _, said in last], [said.place for _, said in last]],
        )
        entries = {(entry.message_id, entry.ordinal): entry for entry in map(read_entry, cursor.fetchall())}
    return [
        LinkedDocument(word, said, entries[said.message, said.place])
        for word, said in last
        if (said.message, said.place) in entries
    ]


def _last_words(words: Iterable[Entry]) -> list[tuple[Entry, EntryLinked]]:
    """Of each document the word told last."""
    told = [(entry, entry.document) for entry in words if isinstance(entry.document, EntryLinked)]
    told.sort(key=lambda pair: (pair[1].issued_at or pair[0].recorded_at, pair[0].position), reverse=True)
    latest: dict[tuple[UUID, int], tuple[Entry, EntryLinked]] = {}
    for entry, said in told:
        latest.setdefault((said.message, said.place), (entry, said))
    return list(latest.values())
