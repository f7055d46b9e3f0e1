"""What `make bench` promises to print, at which scale, and how a family of figures is told."""

import math
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

CONTRACT = (
    "copy_events_per_s",
    "pipeline_events_per_s_1w",
    "pipeline_events_per_s_2w",
    "pipeline_to_copy",
    "eventsourcing_append_events_per_s",
    "pipeline_to_eventsourcing",
    "single_post_per_s",
    "accepted_to_seen_p95_ms",
    "accepted_to_seen_under_batch_p95_ms",
    "x12_read_mb_per_s",
    "x12_map_mb_per_s",
    "trace_p95_ms_300k",
    "trace_p95_ms_3m",
    "search_p95_ms_3m",
    "flow_page_p95_ms_3m",
    "flow_list_p95_ms_3m",
    "case_list_p95_ms_3m",
    "parent_page_p95_ms",
    "case_page_p95_ms",
    "queue_page_p95_ms",
    "rebuild_flows_events_per_s",
    "worker_rss_mib",
)
"""Every name, in the order printed. Others read them by name: none is dropped or renamed."""


@dataclass(frozen=True)
class Scale:
    """How much of everything a run takes. `history` is what stands in for 0.3 and 3 million entries."""

    name: str
    rounds: int
    orders: int
    singles: int
    seen: int
    backlog: int
    x12_bytes: int
    rebuild_orders: int
    history: tuple[int, int]
    requests: int


FULL = Scale(
    name="full",
    rounds=5,
    orders=4000,
    singles=6000,
    seen=200,
    backlog=150,
    x12_bytes=20_000_000,
    rebuild_orders=4000,
    history=(300_000, 3_000_000),
    requests=200,
)
SMALL = Scale(
    name="small",
    rounds=3,
    orders=800,
    singles=1500,
    seen=60,
    backlog=60,
    x12_bytes=2_000_000,
    rebuild_orders=500,
    history=(10_000, 60_000),
    requests=40,
)

Figures = dict[str, float]


@dataclass(frozen=True)
class Family:
    """Figures that are taken together. `gives`: the names of the contract among them."""

    name: str
    gives: tuple[str, ...]
    measure: Callable[[Scale], Figures]


def p95(values: Sequence[float]) -> float:
    """The smallest value that at least 95 of 100 do not exceed. ValueError of nothing."""
    if not values:
        raise ValueError("nothing was measured")
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def median(values: Sequence[float]) -> float:
    """The median; StatisticsError of nothing."""
    return statistics.median(values)


def written(name: str, value: float) -> str:
    """A line of the answer: three digits that mean something, and all before the point."""
    digits = next((digits for digits, below in ((3, 1), (2, 10), (1, 100)) if value < below), 0)
    return f"{name}: {value:.{digits}f}"


def tell(text: str) -> None:
    """Progress; stdout is for figures alone."""
    print(text, file=sys.stderr, flush=True)
