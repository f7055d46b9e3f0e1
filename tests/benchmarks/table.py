"""`python -m tests.benchmarks.table FIGURES --machine WORDS`: the tables that are kept, of what was printed.

Writes them into docs/performance.md and README.md, between the marks that stand there. FIGURES is the file
that the figures were printed to; WORDS say where they were taken. Figures of several runs may stand in one
file: the last of each name counts.
"""

import argparse
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.figures import CONTRACT, written

ROOT = Path(__file__).parents[2]
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


@dataclass(frozen=True)
class Row:
    """What a figure says, and the least or the most it is meant to be."""

    words: str
    least: float | None = None
    most: float | None = None

    def target(self) -> str:
        if self.least is not None:
            return f"≥ {self.least:,g}"
        return f"≤ {self.most:,g}" if self.most is not None else ""

    def met(self, value: float) -> str:
        if self.least is None and self.most is None:
            return ""
        kept = (self.least is None or value >= self.least) and (self.most is None or value <= self.most)
        return "yes" if kept else "**no**"


ROWS: Mapping[str, Row] = {
    "copy_events_per_s": Row("plain COPY of the same rows, one client, logged table, no index"),
    "pipeline_events_per_s_1w": Row("the whole pipeline, batches of 1,000 over HTTP, one worker"),
    "pipeline_events_per_s_2w": Row("the same, two workers"),
    "pipeline_to_copy": Row("two workers, of COPY", least=0.20),
    "eventsourcing_append_events_per_s": Row("`eventsourcing` recorder, appending only, 1,000 a transaction"),
    "pipeline_to_eventsourcing": Row("two workers, of that recorder", least=1.0),
    "single_post_per_s": Row("one event a POST, 16 connections, committed before the answer", least=1000),
    "accepted_to_seen_p95_ms": Row("from accepted to the change on an open page", most=1000),
    "accepted_to_seen_under_batch_p95_ms": Row("the same beside an import in the batch tier", most=2000),
    "x12_read_mb_per_s": Row("an 856 interchange of 20 MB read, every envelope check, positions", least=8),
    "x12_map_mb_per_s": Row("read, and mapped to canonical documents", least=3),
    "trace_p95_ms_300k": Row("trace by correlation ID or exact key, 0.3 M entries", most=15),
    "trace_p95_ms_3m": Row("the same, 3 M entries", most=15),
    "search_p95_ms_3m": Row("search, whole HTTP answer, 3 M entries", most=80),
    "flow_page_p95_ms_3m": Row("an order's page, whole HTTP answer, 3 M entries", most=80),
    "flow_list_p95_ms_3m": Row("first page of orders, any sort, 3 M entries", most=80),
    "case_list_p95_ms_3m": Row("first page of exceptions, any sort, 3 M entries", most=80),
    "parent_page_p95_ms": Row("a case of 10,000 findings of one cause, whole HTTP answer", most=80),
    "case_page_p95_ms": Row("an ordinary case's page, whole HTTP answer", most=80),
    "queue_page_p95_ms": Row("a queue of exceptions, whole HTTP answer", most=80),
    "rebuild_flows_events_per_s": Row("all read models made anew from the ledger, one worker"),
    "worker_rss_mib": Row("largest memory of a worker's process under load", most=250),
}
IN_README: Mapping[str, str] = {
    "pipeline_events_per_s_2w": "1 kB events posted, kept, matched to orders, judged by rules, two workers",
    "pipeline_events_per_s_1w": "the same, one worker",
    "copy_events_per_s": "beside it: plain PostgreSQL `COPY` of the same rows, no index",
    "eventsourcing_append_events_per_s": "beside it: the `eventsourcing` package, which only appends them",
    "single_post_per_s": "events posted one by one, each committed before its answer",
    "accepted_to_seen_p95_ms": "from accepted to seen on an open page, p95",
    "accepted_to_seen_under_batch_p95_ms": "the same while an import keeps the machine busy",
    "x12_map_mb_per_s": "X12 read, checked and mapped",
    "trace_p95_ms_3m": "an order traced by any number among 3 million entries, p95",
    "flow_page_p95_ms_3m": "an order's page, whole answer, p95",
    "flow_list_p95_ms_3m": "a list of orders in any sort, whole answer, p95",
    "worker_rss_mib": "memory of a worker",
}


def read_figures(text: str) -> dict[str, float]:
    """The figures among the lines; the last of each name counts. ValueError if one is missing."""
    found = {name: float(value) for name, value in re.findall(r"^(\w+): ([\d.]+)$", text, re.MULTILINE)}
    if missing := [name for name in CONTRACT if name not in found]:
        raise ValueError(f"these were not taken: {', '.join(missing)}")
    return {name: found[name] for name in CONTRACT}


def full_table(figures: Mapping[str, float]) -> str:
    """Every figure with its name, its target and whether that is met."""
    lines = ["| Figure | | Value | Target | Met |", "|---|---|---:|---:|---|"]
    for name, value in figures.items():
        row = ROWS[name]
        lines.append(f"| `{name}` | {row.words} | {_told(name, value)} | {row.target()} | {row.met(value)} |")
    return "\n".join(lines)


def short_table(figures: Mapping[str, float]) -> str:
    """What a reader of the README asks first."""
    lines = ["| | |", "|---|---:|"]
    lines += [f"| {words} | {_told(name, figures[name])}{_unit(name)} |" for name, words in IN_README.items()]
    return "\n".join(lines)


def put_between(text: str, table: str) -> str:
    """The text with the table between its marks. ValueError unless they stand there once."""
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"{BEGIN} and {END} are needed, once each")
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{table}\n{END}{rest.partition(END)[2]}"


def _told(name: str, value: float) -> str:
    text = written(name, value).partition(": ")[2]
    return f"{value:,.0f}" if "." not in text else text


def _unit(name: str) -> str:
    units = {"mb_per_s": " MB/s", "per_s": "/s", "per_s_1w": "/s", "per_s_2w": "/s", "mib": " MiB"}
    return next((unit for end, unit in units.items() if name.endswith(f"_{end}")), " ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("figures", type=Path)
    parser.add_argument("--machine", required=True, help='such as "two cores, PostgreSQL 18.6 (embedded)"')
    asked = parser.parse_args()
    figures = read_figures(asked.figures.read_text())
    day = dt.datetime.now(dt.UTC).strftime("%-d %B %Y")
    for name, table in (("docs/performance.md", full_table(figures)), ("README.md", short_table(figures))):
        page = ROOT / name
        page.write_text(put_between(page.read_text(), f"{day}, {asked.machine}:\n\n{table}"))


if __name__ == "__main__":
    main()
