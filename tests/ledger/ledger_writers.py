"""Writers of the ledger that can be stopped between any two steps, and readers that wait for them."""

import datetime as dt
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from threading import Event
from typing import Self
from uuid import uuid4

import psycopg
from django.db import connections

from visibility import servers
from visibility.access.scopes import Scope
from visibility.ledger.append import NewEntry, append
from visibility.ledger.feed import FeedPage, read_feed
from visibility.ledger.seal import seal_ledger

PATIENCE_SECONDS = 300.0
"""Other databases of the same server hold the horizon back too: their transactions are waited for."""
COMPANY = 7


def entry(
    *, company: int = COMPANY, document: str = '{"type": "order.released"}', **more: object
) -> NewEntry:
    """An entry as the pipeline would make it, of a message of its own."""
    values: dict[str, object] = {
        "company_id": company,
        "type": "order.released",
        "occurred_at": dt.datetime(2026, 11, 2, 15, tzinfo=dt.UTC),
        "connection_id": 1,
        "witness": "erp",
        "system": "",
        "message_id": uuid4(),
        "translation": 1,
        "ordinal": 0,
        "event_id": uuid4(),
        "explicit_id": True,
        "envelope_at": None,
        "control": "",
        "document": document,
    }
    return NewEntry(**(values | more))  # type: ignore[arg-type]


def address(**more: str) -> str:
    """Where the test's own database is, as the application's role unless said otherwise."""
    name = connections["default"].settings_dict["NAME"]
    return psycopg.conninfo.make_conninfo(servers.addresses().database_url, dbname=name, **more)


@dataclass
class Writer:
    """A transaction on a connection of its own."""

    connection: psycopg.Connection = field(default_factory=lambda: psycopg.connect(address()))

    def begin(self) -> int:
        """Take a transaction id, as whoever writes anything at all does."""
        row = self.connection.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
        assert row is not None
        return int(row[0])

    def write(self, *entries: NewEntry) -> list[int]:
        """Append; the positions, which nobody else sees yet."""
        with self.connection.cursor() as cursor:
            return append(cursor=cursor, entries=list(entries or (entry(),)))

    def commit(self) -> None:
        self.connection.commit()

    def rollback(self) -> None:
        self.connection.rollback()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()


@dataclass
class Follower:
    """A reader who goes on from cursor to cursor."""

    cursor: str = ""
    seen: list[int] = field(default_factory=list)
    companies: tuple[int, ...] = (COMPANY,)
    types: Collection[str] = ()
    limit: int = 100

    def look(self) -> list[int]:
        """Read all that is there now; the new positions."""
        new: list[int] = []
        more = True
        while more:
            page = self.page()
            new += [entry.position for entry in page.entries]
            more = page.more
        return new

    def page(self) -> FeedPage:
        page = read_feed(
            scope=Scope(companies=self.companies), after=self.cursor, types=self.types, limit=self.limit
        )
        self.cursor = page.cursor
        self.seen += [entry.position for entry in page.entries]
        return page

    def follow(self, *, until: int) -> list[int]:
        """Read on until so many were seen in all."""

        def enough() -> bool:
            self.look()
            return len(self.seen) >= until

        wait_until(enough)
        return self.seen


def wait_until(holds: Callable[[], bool]) -> None:
    """Ask again until it holds; fails after a while."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"it did not come to hold; transactions under way: {others()}"
        Event().wait(0.01)


def others() -> list[tuple[object, ...]]:
    """Whose transactions hold the horizon back: database, id, age."""
    with as_superuser() as database:
        return database.execute(
            "SELECT datname, backend_xid, now() - xact_start FROM pg_stat_activity "
            "WHERE backend_xid IS NOT NULL ORDER BY xact_start LIMIT 3"
        ).fetchall()


def write_entries(*entries: NewEntry) -> list[int]:
    """Append and commit at once; the positions."""
    with Writer() as writer:
        positions = writer.write(*entries)
        writer.commit()
    return positions


def seal_all(*, entries: int) -> None:
    """Seal until so many entries were sealed, with no waiting for ranges to fill."""
    sealed = 0

    def seal() -> bool:
        nonlocal sealed
        sealed += seal_ledger(settle=dt.timedelta(0))
        return sealed >= entries

    wait_until(seal)


def as_superuser() -> psycopg.Connection:
    """A connection for which no trigger holds: somebody who has the whole server."""
    user = {"user": "postgres"} if servers.addresses().embedded_database else {}
    connection = psycopg.connect(address(**user), autocommit=True)
    connection.execute("SET session_replication_role = replica")
    return connection
