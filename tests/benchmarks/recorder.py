"""The peer: the `eventsourcing` package's PostgreSQL recorder, appending the same events, no more."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID, uuid5

import msgspec
import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from tests.benchmarks.site import Bench

A_TRANSACTION = 1000
SCHEMA = "peer"
_NAMES = UUID("6f0e1c0a-52c2-4b7c-9a5c-0f6a3f6b1d11")


class _Data(msgspec.Struct):
    order: dict[str, str]


class _Event(msgspec.Struct):
    type: str
    data: _Data


@contextmanager
def recorder(bench: Bench) -> Iterator[PostgresApplicationRecorder]:
    """A recorder with its table in a schema of its own, in the database of a site."""
    bench.owner.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    info = bench.owner.info
    with PostgresDatastore(
        dbname=info.dbname,
        host=info.host,
        port=info.port,
        user=info.user,
        password=info.password or "",
        schema=SCHEMA,
        # Its other way, a pipeline of statements, was seen to stand still for ever: psycopg leaves the rest
        # of a megabyte unsent where a Unix socket does not take it at once. This one is a single statement.
        enable_db_functions=True,
    ) as datastore:
        made = PostgresApplicationRecorder(datastore, events_table_name="stored_events")
        made.create_table()
        yield made


def stored_events(bodies: Sequence[bytes]) -> list[StoredEvent]:
    """The events as the package stores them: the order is the aggregate, the whole event its state."""
    versions: Counter[UUID] = Counter()
    stored = []
    for body in bodies:
        event = msgspec.json.decode(body, type=_Event)
        aggregate = uuid5(_NAMES, event.data.order["number"])
        versions[aggregate] += 1
        stored.append(
            StoredEvent(
                originator_id=aggregate,
                originator_version=versions[aggregate],
                topic=f"bench.events:{event.type}",
                state=body,
            )
        )
    return stored


def measure_recorder(recorder: PostgresApplicationRecorder, stored: Sequence[StoredEvent]) -> float:
    """Events a second, A_TRANSACTION a transaction; they are counted afterwards."""
    before = recorder.max_notification_id() or 0
    began = time.perf_counter()
    for start in range(0, len(stored), A_TRANSACTION):
        recorder.insert_events(stored[start : start + A_TRANSACTION])
    seconds = time.perf_counter() - began
    kept = (recorder.max_notification_id() or 0) - before
    if kept != len(stored):
        raise RuntimeError(f"{kept} of {len(stored)} events were appended")
    return len(stored) / seconds


def server_version(database: psycopg.Connection) -> str:
    """Such as "PostgreSQL 18.6"."""
    number = database.info.server_version
    return f"PostgreSQL {number // 10000}.{number % 10000}"
