"""`make bench` prints the figures that others read by name: none is lost, none is told twice."""

import re
from pathlib import Path

import pytest

from tests.benchmarks import figures, table
from tests.benchmarks.families import FAMILIES
from tests.benchmarks.site import maker_of

PROMISED = [
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
]


def test_every_promised_figure_is_taken_by_one_family_and_nothing_else_is():
    assert list(figures.CONTRACT) == PROMISED
    assert sorted(name for family in FAMILIES for name in family.gives) == sorted(PROMISED)


@pytest.mark.parametrize("name", PROMISED)
def test_a_figure_is_written_as_its_name_and_a_number(name):
    line = figures.written(name, 1234.5678)
    assert re.fullmatch(rf"{name}: \d+(\.\d+)?", line)
    assert float(line.partition(": ")[2]) == pytest.approx(1234.5678, rel=1e-3)


def test_small_figures_keep_the_digits_that_matter():
    assert figures.written("pipeline_to_copy", 0.2049) == "pipeline_to_copy: 0.205"
    assert figures.written("x12_map_mb_per_s", 3.46) == "x12_map_mb_per_s: 3.46"
    assert figures.written("trace_p95_ms_3m", 4.267) == "trace_p95_ms_3m: 4.27"


def test_the_95th_percentile_is_a_value_that_was_measured():
    assert figures.p95([float(value) for value in range(100, 0, -1)]) == 95.0
    assert figures.p95([7.0]) == 7.0
    with pytest.raises(ValueError, match="nothing"):
        figures.p95([])


def test_only_databases_of_benchmarks_are_taken_for_theirs():
    assert maker_of("bench_4711_0_2") == 4711
    assert maker_of("throughline") is None
    assert maker_of("bench_notes") is None


def test_the_kept_table_names_every_figure():
    told = (Path(__file__).parents[2] / "docs" / "performance.md").read_text()
    assert [name for name in PROMISED if f"`{name}`" not in told] == []


def test_a_table_is_put_between_its_marks_and_nowhere_else():
    text = f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n"
    assert table.put_between(text, "new") == f"before\n{table.BEGIN}\nnew\n{table.END}\nafter\n"
    with pytest.raises(ValueError, match="once each"):
        table.put_between("no marks", "new")


def test_a_figure_that_misses_its_target_is_told_as_missed():
    figures_of_a_run = dict.fromkeys(PROMISED, 0.1)
    lines = {line.split("`")[1]: line for line in table.full_table(figures_of_a_run).splitlines()[2:]}
    assert lines["pipeline_to_copy"].endswith("| 0.100 | ≥ 0.2 | **no** |")
    assert lines["worker_rss_mib"].endswith("| ≤ 250 | yes |")


def test_figures_of_several_runs_are_one_table_if_none_is_missing():
    lines = [f"{name}: 1" for name in PROMISED]
    assert table.read_figures("\n".join([*lines, "worker_rss_mib: 2.5"]))["worker_rss_mib"] == 2.5
    with pytest.raises(ValueError, match="worker_rss_mib"):
        table.read_figures("\n".join(lines[:-1]))
