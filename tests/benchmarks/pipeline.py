"""The whole pipeline beside a plain COPY and beside a peer that merely appends, in turns in one run."""

import http.client
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import count as counting

import psycopg
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg import sql

from tests.benchmarks import events
from tests.benchmarks.figures import Figures, Scale, median, tell
from tests.benchmarks.recorder import measure_recorder, recorder, server_version, stored_events
from tests.benchmarks.site import Bench, bench_site, post
from tests.benchmarks.usage import cpu_of_site, told, worker_memory_mib

CLIENTS = 2
PATIENCE_SECONDS = 600
SEED = 100

COPY, ONE, TWO, PEER = (
    "copy_events_per_s",
    "pipeline_events_per_s_1w",
    "pipeline_events_per_s_2w",
    "eventsourcing_append_events_per_s",
)
NAMES = (COPY, ONE, TWO, "pipeline_to_copy", PEER, "pipeline_to_eventsourcing", "worker_rss_mib")


def measure(scale: Scale) -> Figures:
    """Medians of the rounds, and the ratios of the medians."""
    found: dict[str, list[float]] = defaultdict(list)
    with ExitStack() as stack:
        one, two = (stack.enter_context(bench_site(workers=workers)) for workers in (1, 2))
        peer = stack.enter_context(recorder(one))
        tell(f"pipeline: {server_version(one.owner)}, {scale.orders * events.STEPS} events a turn")
        for number in range(scale.rounds + 1):
            bodies = events.events(orders=scale.orders, seed=SEED + number)
            turns = _turns(one, two, peer, bodies)
            # Whoever comes first pays for what the one before left behind: checkpoints, a warm clock.
            for name, turn in turns if number % 2 else [*turns[2:], *turns[:2]]:
                rate = turn()
                tell(f"  round {number}: {name} {rate:.0f}")
                if number:  # the first warms caches up
                    found[name].append(rate)
        memory = max(worker_memory_mib(one), worker_memory_mib(two))
    figures = {name: median(rates) for name, rates in found.items()}
    figures["pipeline_to_copy"] = figures[TWO] / figures[COPY]
    figures["pipeline_to_eventsourcing"] = figures[TWO] / figures[PEER]
    figures["worker_rss_mib"] = memory
    return figures


def _turns(
    one: Bench, two: Bench, peer: PostgresApplicationRecorder, bodies: Sequence[bytes]
) -> list[tuple[str, Callable[[], float]]]:
    return [
        (ONE, lambda: measure_site(one, bodies)),
        (COPY, lambda: measure_copy(one.owner, len(bodies))),
        (TWO, lambda: measure_site(two, bodies)),
        (PEER, lambda: measure_recorder(peer, stored_events(bodies))),
    ]


def measure_site(bench: Bench, bodies: Sequence[bytes]) -> float:
    """Events a second from the first POST to the last commit; RuntimeError unless all are in the ledger."""
    batches = events.batches(list(bodies))
    entries, before = bench.entries(), cpu_of_site(bench)
    began = time.perf_counter()
    post_all(bench, batches)
    wait_until_done(bench)
    seconds = time.perf_counter() - began
    tell(f"    CPU µs an event: {told(before, cpu_of_site(bench), len(bodies))}")
    if bench.entries() - entries != len(bodies):
        raise RuntimeError(f"{bench.entries() - entries} of {len(bodies)} events are in the ledger")
    return len(bodies) / seconds


def post_all(bench: Bench, batches: Sequence[bytes], *, sender: str = "bench") -> None:
    """Post the batches, in their order, by CLIENTS connections; raises what one of them met."""
    numbers, failures = counting(), []

    def client() -> None:
        connection = http.client.HTTPConnection(bench.site.host, bench.site.port, timeout=120)
        try:
            while (number := next(numbers)) < len(batches):
                post(
                    bench=bench,
                    connection=connection,
                    body=batches[number],
                    content_type=events.BATCH,
                    sender=sender,
                )
        except Exception as error:  # told by whoever waits for all of them
            failures.append(error)
        finally:
            connection.close()

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    if failures:
        raise failures[0]


def wait_until_done(bench: Bench) -> None:
    """Wait for the workers to have finished what was accepted. RuntimeError after PATIENCE_SECONDS."""
    until = time.monotonic() + PATIENCE_SECONDS
    while bench.waiting():
        if time.monotonic() > until:
            raise RuntimeError("the workers did not finish")
        time.sleep(0.01)


def measure_copy(database: psycopg.Connection, count: int) -> float:
    """Rows a second of COPY by one client into a logged table of the ledger's columns without an index.

    The rows are the last `count` of the ledger.
    """
    with database.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_copy")
        cursor.execute("CREATE TABLE bench_copy AS SELECT * FROM ledger_entry WITH NO DATA")
        columns = [column.name for column in cursor.execute("SELECT * FROM bench_copy").description or ()]
        # As text, or a document would be parsed here and written out again.
        read = [sql.SQL("document::text") if c == "document" else sql.Identifier(c) for c in columns]
        cursor.execute(
            sql.SQL("SELECT {} FROM ledger_entry ORDER BY position DESC LIMIT %s").format(
                sql.SQL(", ").join(read)
            ),
            [count],
        )
        rows = cursor.fetchall()
        into = sql.SQL("COPY bench_copy ({}) FROM STDIN").format(
            sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        began = time.perf_counter()
        with database.transaction(), cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(row)
        seconds = time.perf_counter() - began
        cursor.execute("DROP TABLE bench_copy")
    return len(rows) / seconds
