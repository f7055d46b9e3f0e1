"""The cut-over page's own examples, run as they stand there."""

import json
import re
from pathlib import Path

from tests.factories import one, process
from tests.history.conftest import Desk
from visibility.access.scopes import everything
from visibility.inbox.models import Connection
from visibility.pipeline.sweep import rebuild
from visibility.pipeline.trace import trace_key

PAGE = (Path(__file__).parents[2] / "docs" / "cut-over.md").read_text(encoding="utf-8")
QUANTITIES = ("line", "ordered", "confirmed", "shipped", "received", "invoiced")


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)
    return found


def lines_of(number: str) -> list[tuple[str | None, ...]]:
    (order,) = trace_key(key=number, scope=everything())
    return [tuple(line[name] for name in QUANTITIES) for line in order["lines"]]


def test_the_event_of_the_page_opens_its_order(trial: Connection) -> None:
    (done,) = process(trial, one(json.loads(block("json"))))
    assert (done.status, done.problems) == ("processed", [])
    assert lines_of("4500031007") == [
        ("10", "100", "100", "60", "60", "60"),
        ("20", "12", None, None, None, None),
    ]


def test_the_file_of_the_page_opens_its_orders_however_often_it_is_imported(desk: Desk) -> None:
    desk.write("open-lines.csv", block("csv"))
    figures = desk.bring("open-lines.csv", block("toml"))
    assert (figures["rows"], figures["entries"], figures["unusable"], figures["orders"]) == (3, 3, 0, 2)
    assert lines_of("4500031007") == [
        ("10", "100", "100", None, "60", "60"),
        ("20", "12", None, None, None, None),
    ]
    assert lines_of("4500031008") == [("10", "500", "500", None, None, None)]
    again = desk.bring("open-lines.csv", block("toml"))
    assert (again["entries"], again["duplicates"]) == (0, 3)
    assert list(rebuild(check=True)) == []
