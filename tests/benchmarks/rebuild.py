"""How fast all read models are made anew from the ledger, by one worker."""

import time

from django.db import connection

from tests.benchmarks import events
from tests.benchmarks.figures import Figures, Scale, median, tell
from tests.benchmarks.site import bench_database
from tests.benchmarks.usage import cpu_seconds
from visibility.inbox.models import Connection
from visibility.inbox.services import accept_message
from visibility.pipeline.sweep import rebuild
from visibility.pipeline.worker import drain

NAMES = ("rebuild_flows_events_per_s",)


def measure(scale: Scale) -> Figures:
    """The median of three rebuilds. RuntimeError if one changes anything."""
    with bench_database():
        count = bring_in(scale.rebuild_orders)
        return {"rebuild_flows_events_per_s": median([timed_rebuild(count) for _ in range(3)])}


def bring_in(orders: int) -> int:
    """Whole lives of orders, through the pipeline, in this process; how many events."""
    bodies = events.events(orders=orders)
    sender = Connection.objects.get(name="bench")
    for batch in events.batches(bodies):
        accept_message(connection=sender, body=batch, content_type=events.BATCH)
    began, before = time.perf_counter(), _cpu()
    drain()
    _tell("brought in", len(bodies), began, before)
    return len(bodies)


def timed_rebuild(count: int) -> float:
    """Events a second of one rebuild."""
    began, before = time.perf_counter(), _cpu()
    for flow, what in rebuild(check=False):
        raise RuntimeError(f"a rebuild changed {what} of {flow}")
    return _tell("rebuilt", count, began, before)


def _cpu() -> tuple[float, float]:
    connection.ensure_connection()
    return time.process_time(), cpu_seconds(connection.connection.info.backend_pid)


def _tell(what: str, count: int, began: float, before: tuple[float, float]) -> float:
    rate = count / (time.perf_counter() - began)
    python, database = ((b - a) / count * 1e6 for a, b in zip(before, _cpu(), strict=True))
    tell(f"rebuild: {what}, {rate:.0f}/s; CPU µs an event: python {python:.0f}, database {database:.0f}")
    return rate
