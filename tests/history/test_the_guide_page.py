"""The guide page's own examples, run as they stand there."""

import json
import re
from pathlib import Path

from tests.history.conftest import Desk
from visibility.access.scopes import everything
from visibility.pipeline.trace import trace_key

PAGE = (Path(__file__).parents[2] / "docs" / "import-history.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_whole_example_gives_the_figures_and_the_unusable_row_that_the_page_shows(desk: Desk) -> None:
    lines, unusable = _blocks("csv")
    desk.write("lines.csv", lines)
    figures = desk.bring("lines.csv", _blocks("toml")[0], as_of=None)
    shown = json.loads(_blocks("json")[0])
    del shown["seconds"]
    assert figures == shown
    assert desk.unusable("lines.unusable.csv").replace("\r\n", "\n") == unusable


def test_the_example_of_events_shows_what_nobody_told_as_unknown(desk: Desk) -> None:
    desk.write("log.jsonl", _blocks("jsonl")[0])
    figures = desk.bring("log.jsonl", _blocks("toml")[1])
    assert (figures["rows"], figures["entries"], figures["orders"], figures["lines"]) == (2, 2, 1, 1)
    (found,) = trace_key(key="S-1", scope=everything())
    (line,) = found["lines"]
    assert (line["ordered"], line["received"]) == (None, "2.5")


def test_the_example_of_a_list_in_json_gives_a_line_for_each_element(desk: Desk) -> None:
    desk.write("orders.jsonl", _blocks("jsonl")[1])
    figures = desk.bring("orders.jsonl", _blocks("toml")[2])
    assert (figures["rows"], figures["entries"], figures["orders"], figures["lines"]) == (1, 2, 1, 2)
    (found,) = trace_key(key="S-2", scope=everything())
    assert {line["line"]: line["ordered"] for line in found["lines"]} == {"1": "3", "2": "4"}
    assert desk.bring("orders.jsonl", _blocks("toml")[2])["duplicates"] == 1
