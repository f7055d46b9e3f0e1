"""`python -m tests.benchmarks.sweep [--flows N]`: what a sweep costs beside many open flows.

Makes a database of its own: some orders come in by the front door, and are cloned in SQL. A thousand of the
clones become due, half of the rest are overdue and were looked at, the others are due later. Prints figures
and the plan of the query; progress goes to stderr. A million flows take some 6 GB while it runs.
"""

import argparse
import datetime as dt
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.db import connection, connections, transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visibility.settings")
django.setup()

from tests.benchmarks import events  # noqa: E402  Django has to be set up before its models are read
from tests.benchmarks.site import bench_database  # noqa: E402
from visibility import servers  # noqa: E402
from visibility.core import clock  # noqa: E402
from visibility.flows.models import Flow  # noqa: E402
from visibility.inbox.models import Connection  # noqa: E402
from visibility.inbox.services import accept_message  # noqa: E402
from visibility.pipeline import sweep  # noqa: E402
from visibility.pipeline.sweep import sweep_due  # noqa: E402
from visibility.pipeline.worker import drain  # noqa: E402
from visibility.triage.models import ExceptionCase  # noqa: E402

ORDERS = 200
APART = 1000
"""Between the ids of an order and of its next clone."""
CLONES_AT_ONCE = 250
PROBES = 100
NEWLY_DUE = 1000
MINUTE = dt.timedelta(minutes=1)
_TABLES = {
    "flows_flow": {"id": "id + n * %(apart)s", "correlation_id": "gen_random_uuid()"},
    "flows_flowline": {"flow_id": "flow_id + n * %(apart)s"},
    "ledger_correlation_key": {
        "id": None,
        "value": "value || '-' || n",
        "flow_id": "flow_id + n * %(apart)s",
    },
}


def bring_in() -> dt.datetime:
    """Some orders, released and not answered; when their answers are due."""
    orders = [body for body in events.events(orders=ORDERS) if b'"order.placed"' in body]
    sender = Connection.objects.get(name="bench")
    for batch in events.batches(orders):
        accept_message(connection=sender, body=batch, content_type=events.BATCH)
    drain()
    (due,) = set(Flow.objects.values_list("next_due_at", flat=True))
    assert due is not None
    return due


def clone(flows: int) -> None:
    """Multiply the orders until there are so many."""
    clones = flows // ORDERS - 1
    with connection.cursor() as cursor:
        for first in range(1, clones + 1, CLONES_AT_ONCE):
            last = min(first + CLONES_AT_ONCE - 1, clones)
            for table, changed in _TABLES.items():
                cursor.execute(
                    "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
                )
                names = [name for (name,) in cursor.fetchall() if changed.get(name, name) is not None]
                values = ", ".join(changed.get(name) or name for name in names)
                owner = "id" if table == "flows_flow" else "flow_id"
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table}, "
                    f"generate_series(%(first)s, %(last)s) n WHERE {owner} <= %(apart)s",
                    {"apart": APART, "first": first, "last": last},
                )
            print(f"  {(last + 1) * ORDERS} flows", file=sys.stderr)


def spread(due: dt.datetime, flows: int) -> None:
    """A thousand due at the moment they say; of the others half overdue and looked at, half due later."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE flows_flow SET look_at = %(due)s + (1 + n %% 1440) * interval '1 hour', "
            "next_due_at = CASE WHEN n %% 2 = 0 THEN %(due)s - interval '10 days' "
            "  ELSE %(due)s + (1 + n %% 1440) * interval '1 hour' END "
            "FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM flows_flow) r "
            "WHERE r.id = flows_flow.id AND n %% %(every)s <> 0",
            {"due": due, "every": flows // NEWLY_DUE},
        )
    with connections["owner"].cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")


def timed_sweep(as_of: dt.datetime) -> tuple[int, float]:
    """Flows looked at, and milliseconds."""
    with clock.at(as_of):
        began = time.perf_counter()
        seen = sweep_due(as_of=as_of, unless_waiting=True)
        return seen, (time.perf_counter() - began) * 1000


def print_nothing_due(name: str, as_of: dt.datetime) -> None:
    """Beside an empty query in a transaction of its own, in turns: the machine is rarely quiet."""
    sweeps, empty = [], []
    for _ in range(PROBES):
        seen, spent = timed_sweep(as_of)
        assert seen == 0
        sweeps.append(spent)
        began = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        empty.append((time.perf_counter() - began) * 1000)
    ratio = statistics.median(sweeps) / statistics.median(empty)
    print(
        f"{name}_ms: {statistics.median(sweeps):.2f} ({ratio:.1f} empty queries), pages: {pages_read(as_of)}"
    )


def pages_read(as_of: dt.datetime) -> int:
    """Pages that the probe reads, whatever else the machine does."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sweep.DUE, _from(as_of))
        row = cursor.fetchone()
    assert row is not None
    (plan,) = row[0]
    return int(plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"])


def _from(as_of: dt.datetime) -> list[object]:
    return [as_of, *sweep.BEGINNING, sweep.SWEEP_FLOWS]


def print_plan(as_of: dt.datetime) -> None:
    """The query of a sweep, as PostgreSQL runs it."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        statement = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) " + sweep.DUE
        cursor.execute(statement, _from(as_of))
        print("\n".join(f"  {row[0]}" for row in cursor.fetchall()))
        cursor.execute("ROLLBACK")


def measure(flows: int) -> None:
    due = bring_in()
    clone(flows)
    spread(due, flows)
    print(f"open_flows: {Flow.objects.count()}")
    print_nothing_due("nothing_due", due - MINUTE)
    print("plan with a thousand due:")
    print_plan(due + MINUTE)
    seen, spent = timed_sweep(due + MINUTE)
    opened = ExceptionCase.objects.filter(kind="acknowledgement_overdue", is_open=True).count()
    print(f"newly_due: {seen} flows, {opened} cases opened, {spent:.0f} ms, {spent / seen:.2f} ms a flow")
    print_nothing_due("nothing_due_after", due + MINUTE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE flows_flow SET look_at = %s WHERE id %% 10 = 0", [due])
    crowd = Flow.objects.filter(look_at=due).count()
    seen, spent = timed_sweep(due + MINUTE)
    print(f"crowd: {seen} of {crowd} due at one minute, {spent / 1000:.1f} s, the rest left to the next")


@contextmanager
def database() -> Iterator[None]:
    with servers.running(purpose="bench"), bench_database(workers=0):
        yield
        for alias in ("default", "owner"):
            connections[alias].close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flows", type=int, default=100_000, help="a multiple of 1000")
    flows = parser.parse_args().flows
    with database():
        measure(max(flows // APART, 2) * APART)


if __name__ == "__main__":
    main()
