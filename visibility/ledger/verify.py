"""Verifying the ledger: every sealed entry is read and hashed again, and what does not fit is located."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from uuid import UUID

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
    Mark,
    RangeHash,
    unpack_marks,
)
from visibility.ledger.seal import COMPANIES, RANGE_ENTRIES

MOST_FAULTS = 1000
_SEALS_AT_ONCE = 20
_FETCH = 200

Progress = Callable[[int], None]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was sealed. Of an entry, or (without position) of a seal or the chain."""

    what: str
    seal: int | None = None
    position: int | None = None
    message_id: UUID | None = None


@dataclass
class Verified:
    """What was found. `faults` holds the first MOST_FAULTS of `fault_count`."""

    sealed_to: int | None = None
    """Position of the last entry of the last seal."""
    sealed_at: dt.datetime | None = None
    seals: int = 0
    entries: int = 0
    unsealed: int = 0
    head: str | None = None
    """The last seal's hash; kept elsewhere it proves later that nothing before it was taken away."""
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0

    def add(self, fault: Fault) -> None:
        """Note a fault; beyond the first MOST_FAULTS they are only counted."""
        self.fault_count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)


def verify_ledger(
    *, start: int = 1, expect: Collection[str] = (), progress: Progress = lambda _: None
) -> Verified:
    """Recompute the chain from seal `start` on. `expect`: heads kept elsewhere, as hex, that must be in it.

    Reads a seal's entries at a time, so that memory does not grow with the ledger. Whoever starts later than
    1 takes the seals before on trust.
    """
    found = Verified()
    chain = _Chain(found=found, start=start, expected={head.strip().lower() for head in expect})
    for link, stored in _links(start):
        chain.check(link, stored)
        progress(found.entries)
    chain.finish()
    return found


@dataclass
class _Chain:
    """The walk along the chain."""

    found: Verified
    start: int
    expected: set[str]
    number: int = 0
    last: bytes = GENESIS
    ends: dict[int, Place] = field(default_factory=dict)
    """How far each company is sealed."""

    def __post_init__(self) -> None:
        if self.start > 1:
            self._trust_before()

    def check(self, link: Link, stored: bytes) -> None:
        """The next seal: its place in the chain, its own columns, then its entries."""
        missing = range(self.number + 1, link.number)
        for number in missing[:MOST_FAULTS]:
            self.found.add(Fault("seal missing", seal=number))
        if not missing and link.previous != self.last:
            self.found.add(Fault("seal does not follow the one before it", seal=link.number))
        if link.hash() != stored:
            self.found.add(Fault("seal changed", seal=link.number))
        elif not missing and self.ends.get(link.company_id, (0, 0)) != (link.after_xid, link.after_position):
            self.found.add(Fault("seal does not begin where the last of its company ended", seal=link.number))
        self._check_entries(link)
        self.number, self.last = link.number, stored
        self.ends[link.company_id] = (link.to_xid, link.to_position)
        self.expected.discard(stored.hex())
        self.found.seals += 1
        self.found.sealed_to, self.found.sealed_at = link.to_position, link.sealed_at
        self.found.head = stored.hex()

    def finish(self) -> None:
        """What lies behind the last seal, and heads that were expected and not met."""
        for head in sorted(self.expected):
            self.found.add(Fault(f"the head {head} is not in the chain"))
        with server_cursor(database) as cursor:
            for (company,) in cursor.execute(COMPANIES).fetchall():
                self._count_unsealed(cursor, company)

    def _check_entries(self, link: Link) -> None:
        if link.form != FORM:
            self.found.add(Fault(f"form {link.form} is not known here", seal=link.number))
            return
        hashed = _hash_range(link)
        self.found.entries += len(hashed.marks)
        if hashed.content == link.content and len(hashed.marks) == link.entries:
            return
        faults = list(_locate(link.number, unpack_marks(link.marks), hashed.marks))
        for fault in faults or [Fault("entries changed, and the marks to find them by", seal=link.number)]:
            self.found.add(fault)

    def _trust_before(self) -> None:
        with server_cursor(database) as cursor:
            cursor.execute(
                "SELECT number, hash, to_position, sealed_at FROM ledger_seal WHERE number < %s "
                "ORDER BY number DESC LIMIT 1",
                [self.start],
            )
            before = cursor.fetchone()
            if before is not None:
                self.number, self.last, self.found.sealed_to, self.found.sealed_at = before
                self.found.head = self.last.hex()
            cursor.execute(
                "SELECT DISTINCT ON (company_id) company_id, to_xid, to_position FROM ledger_seal "
                "WHERE number < %s ORDER BY company_id, number DESC",
                [self.start],
            )
            self.ends = {company: (xid, position) for company, xid, position in cursor.fetchall()}
            cursor.execute(
                "SELECT hash FROM ledger_seal WHERE number < %s AND hash = ANY(%b)",
                [self.start, [bytes.fromhex(head) for head in self.expected]],
            )
            self.expected -= {row[0].hex() for row in cursor.fetchall()}

    def _count_unsealed(self, cursor: psycopg.Cursor, company: int) -> None:
        """Entries that no seal covers yet, and those that this server's transactions will not reach."""
        end = self.ends.get(company, (0, 0))
        cursor.execute(
            "WITH now AS (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS ahead) "
            "SELECT count(*), count(*) FILTER (WHERE xid >= ahead), "
            "  min(position) FILTER (WHERE xid >= ahead) "
            "FROM ledger_entry, now WHERE company_id = %s AND (xid, position) > (%s, %s)",
            [company, *end],
        )
        row = cursor.fetchone()
        assert row is not None
        unsealed, ahead, first = row
        self.found.unsealed += unsealed
        if ahead:
            what = f"transaction ids ahead of the server's, of {ahead} entries from this one on"
            self.found.add(Fault(what, position=first))


def _links(start: int) -> Iterator[tuple[Link, bytes]]:
    """Seals from `start` on with their stored hashes, some at a time."""
    last = start - 1
    while True:
        with server_cursor(database) as cursor:
            cursor.execute(
                f"SELECT {LINK_COLUMNS}, hash FROM ledger_seal WHERE number > %s ORDER BY number LIMIT %s",
                [last, _SEALS_AT_ONCE],
                binary=True,
            )
            rows = cursor.fetchall()
        if not rows:
            return
        for *columns, stored in rows:
            yield Link(*columns), stored
        last = rows[-1][0]


def _hash_range(link: Link) -> RangeHash:
    """The entries that stand in a seal's range now; of one that has grown, so many that it shows."""
    hashed = RangeHash()
    with (
        transaction.atomic(),
        server_cursor(database) as cursor,
        psycopg.ServerCursor(cursor.connection, "ledger_to_verify") as reader,
    ):
        reader.execute(
            f"SELECT e.position, e.message_id, {FACTS_SQL}, {DOCUMENT_SQL} FROM ledger_entry e "
            "WHERE e.company_id = %s AND (e.xid, e.position) > (%s, %s) "
            "AND (e.xid, e.position) <= (%s, %s) ORDER BY e.xid, e.position LIMIT %s",
            [
                link.company_id,
                link.after_xid,
                link.after_position,
                link.to_xid,
                link.to_position,
                2 * RANGE_ENTRIES,
            ],
            binary=True,
        )
        while rows := reader.fetchmany(_FETCH):
            for position, message_id, facts, document in rows:
                hashed.add(position=position, message_id=message_id, facts=facts, document=document)
    return hashed


def _locate(seal: int, sealed: list[Mark], found: list[Mark]) -> Iterator[Fault]:
    """Which entries of a range differ, by their marks."""
    left = {mark.position: mark for mark in sealed}
    for mark in found:
        then = left.pop(mark.position, None)
        if then is None:
            yield Fault("entry inserted", seal, mark.position, mark.message_id)
            continue
        parts = {"document": mark.document == then.document, "columns": mark.facts == then.facts}
        changed = [name for name, same in parts.items() if not same]
        if changed:
            yield Fault(f"{' and '.join(changed)} changed", seal, mark.position, then.message_id)
    for mark in left.values():
        yield Fault("entry missing", seal, mark.position, mark.message_id)
