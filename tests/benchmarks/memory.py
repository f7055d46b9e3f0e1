"""`python -m tests.benchmarks.memory --events N`: what a worker's memory does over a long import.

Streams events, 1,000 a message, through one batch worker, and prints the resident memory of its largest
process at every tenth; at the end how much grew for each million events, over the second half: before that
caches fill.
A database of its own; 3 million events take some 20 GB and hours.
"""

import argparse
import os
import signal
import time
from collections.abc import Iterator
from itertools import islice

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visibility.settings")
django.setup()

from tests.benchmarks import events  # noqa: E402  Django has to be set up before its models are read
from tests.benchmarks.figures import tell  # noqa: E402
from tests.benchmarks.pipeline import post_all, wait_until_done  # noqa: E402
from tests.benchmarks.site import BATCH_TIER, Bench, bench_site  # noqa: E402
from tests.benchmarks.usage import family, memory_mib  # noqa: E402
from visibility import servers  # noqa: E402

WORKER = "worker-batch"
AHEAD = 30
"""Messages that may wait: as many as an import is ahead of its worker."""
A_MESSAGE = 1000
MOST_SEED = 999
MILLION = 1_000_000


def stream(bench: Bench, count: int) -> list[tuple[int, float]]:
    """Bring so many events in; (events done, MiB) at every tenth."""
    points: list[tuple[int, float]] = []
    sent = 0
    ahead = min(AHEAD, count // A_MESSAGE // 20 + 1)
    for batch in _messages(count):
        post_all(bench, [batch], sender=BATCH_TIER)
        sent += A_MESSAGE
        while (waiting := bench.waiting()) > ahead:
            time.sleep(0.05)
        if sent - waiting * A_MESSAGE >= count * (len(points) + 1) / 10:
            points.append(_point(bench))
    wait_until_done(bench)
    return [*points, _point(bench)]


def _messages(count: int) -> Iterator[bytes]:
    """So many events in messages, made as they are asked for."""
    orders = max(count // events.STEPS // MOST_SEED + 1, A_MESSAGE)
    made = (
        batch
        for seed in range(1, MOST_SEED + 1)
        for batch in events.batches(events.events(orders=orders, seed=seed), size=A_MESSAGE)
    )
    return islice(made, count // A_MESSAGE)


def _point(bench: Bench) -> tuple[int, float]:
    point = bench.entries(), _memory(bench)
    tell(f"  {point[0]} events: {point[1]:.1f} MiB")
    return point


def slope(points: list[tuple[int, float]]) -> float:
    """MiB that are added by each million events: the straight line through all points (least squares)."""
    mean_events = sum(count for count, _ in points) / len(points)
    mean_memory = sum(memory for _, memory in points) / len(points)
    spread = sum((count - mean_events) ** 2 for count, _ in points)
    together = sum((count - mean_events) * (memory - mean_memory) for count, memory in points)
    return together / spread * MILLION


def _memory(bench: Bench) -> float:
    return max(memory_mib(pid, field="VmRSS") for pid in family(bench.programs[WORKER]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=300_000)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with servers.running(purpose="bench"), bench_site(workers=0, whole=True) as bench:
        processes = family(bench.programs[WORKER])
        points = stream(bench, asked.events)
        most = max(memory_mib(pid) for pid in family(bench.programs[WORKER]))
        print(f"events: {bench.entries()}")
        print(f"worker_rss_mib: {most:.1f}")
        print(f"grows_mib_per_million_events: {slope(points[len(points) // 2 :]):.1f}")
        print(f"same_processes: {set(processes) <= set(family(bench.programs[WORKER]))}")


if __name__ == "__main__":
    main()
