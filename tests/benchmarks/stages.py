"""`python -m tests.benchmarks.stages`: where a worker's time goes, stage by stage, in this process.

Prints microseconds an event: the wall, this process's CPU and the database backend's CPU (which other
work on the machine disturbs little), then the wall of each stage. Stages nest; `derive` is inside `project`.
"""

import functools
import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.db import connection, connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visibility.settings")
django.setup()

from tests.benchmarks import events  # noqa: E402  Django has to be set up before its models are read
from tests.benchmarks.site import bench_database  # noqa: E402
from visibility import servers  # noqa: E402
from visibility.flows import services  # noqa: E402
from visibility.inbox.models import Connection  # noqa: E402
from visibility.inbox.services import accept_message  # noqa: E402
from visibility.pipeline import assess, finish, identify, project, stages, worker  # noqa: E402

ROUNDS = 3
ORDERS = 1200
STAGES: tuple[tuple[Any, str], ...] = (
    (worker, "prepare_unit"),
    (worker, "commit_with_retries"),
    (identify, "leave_out_known"),
    (stages, "correlate"),
    (stages, "append"),
    (stages, "_remember"),
    (project, "project_facts"),
    (project, "lock_flows"),
    (assess, "derive"),
    (assess, "detect"),
    (project, "store_flows"),
    (services, "_flow_row"),
    (project, "write_changes"),
    (finish, "finish_chunk"),
)


def timed(function: Callable[..., Any], name: str, seconds: Counter[str]) -> Callable[..., Any]:
    """The function, with the time it takes counted under its name."""

    @functools.wraps(function)
    def call(*args: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*args, **named)
        finally:
            seconds[name] += int((time.perf_counter() - began) * 1e9)

    return call


def backend_cpu(pid: int) -> float:
    """Seconds of CPU a database backend has used, as Linux counts them."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def accept(seed: int) -> int:
    """Put a round's messages into the inbox; how many events."""
    bodies = events.events(orders=ORDERS, seed=seed)
    sender = Connection.objects.get(name="bench")
    for batch in events.batches(bodies):
        accept_message(connection=sender, body=batch, content_type=events.BATCH)
    return len(bodies)


def main() -> None:
    nanoseconds: Counter[str] = Counter()
    with servers.running(purpose="stages"), bench_database(workers=0):
        accept(0)
        worker.drain()
        for module, name in STAGES:
            setattr(module, name, timed(getattr(module, name), name, nanoseconds))
        pid = connection.connection.info.backend_pid
        for number in range(1, ROUNDS + 1):
            count = accept(number)
            nanoseconds.clear()
            before = time.perf_counter(), time.process_time(), backend_cpu(pid)
            worker.drain()
            after = time.perf_counter(), time.process_time(), backend_cpu(pid)
            wall, python, database = ((b - a) / count * 1e6 for a, b in zip(before, after, strict=True))
            print(f"wall {wall:.0f}, worker's CPU {python:.0f}, database's CPU {database:.0f} µs an event")
        for name, spent in nanoseconds.most_common():
            print(f"  {name.strip('_'):22}{spent / count / 1e3:8.1f}")
        for alias in ("default", "owner"):
            connections[alias].close()


if __name__ == "__main__":
    main()
