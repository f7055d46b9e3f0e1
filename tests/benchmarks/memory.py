"""`python -m tests.benchmarks.memory --events N`: what a worker's memory does over a long import.

Streams events, 1,000 a message, through one batch worker, and prints the resident memory of its largest
process at every tenth; at the end how much grew for each million events, over all but the first tenth.
A database of its own; 3 million events take some 20 GB and hours.
"""

import argparse
import os
import signal
import time

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
MOST_SEED = 999
MILLION = 1_000_000


def stream(bench: Bench, count: int) -> list[tuple[int, float]]:
    """Bring so many events in; (events in the ledger, MiB) at every tenth."""
    points: list[tuple[int, float]] = []
    sent = 0
    orders = max(count // events.STEPS // MOST_SEED + 1, 1000)
    for seed in range(1, MOST_SEED + 1):
        for batch in events.batches(events.events(orders=orders, seed=seed)):
            post_all(bench, [batch], sender=BATCH_TIER)
            sent += min(1000, orders * events.STEPS)
            while bench.waiting() > AHEAD:
                time.sleep(0.05)
            if sent >= count * (len(points) + 1) / 10:
                points.append((bench.entries(), _memory(bench)))
                tell(f"  {points[-1][0]} events: {points[-1][1]:.1f} MiB")
            if len(points) == 10:
                return points
    return points


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
        wait_until_done(bench)
        most = max(memory_mib(pid) for pid in family(bench.programs[WORKER]))
        print(f"events: {bench.entries()}")
        print(f"worker_rss_mib: {most:.1f}")
        print(f"grows_mib_per_million_events: {slope(points[1:]):.1f}")
        print(f"same_processes: {set(processes) <= set(family(bench.programs[WORKER]))}")


if __name__ == "__main__":
    main()
