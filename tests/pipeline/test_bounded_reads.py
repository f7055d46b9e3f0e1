"""What is read to place and project documents does not grow with the ledger."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as database
from factories import batch, notice, order, process, status, tell
from settled import placed

from visibility.core.db import server_cursor
from visibility.inbox.models import Connection
from visibility.inbox.services import replay_message
from visibility.ledger import settle
from visibility.pipeline import project
from visibility.pipeline.worker import drain

Check = Callable[[], None]


class Explaining:
    """A cursor that says how each statement would be answered, and answers with nothing."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self.plans: list[str] = []

    def execute(self, sql: str, values: Any) -> None:
        self._cursor.execute(f"EXPLAIN (COSTS OFF) {sql}", values)
        self.plans.append("\n".join(row[0] for row in self._cursor.fetchall()))

    def fetchall(self) -> list[Any]:
        return []


@pytest.mark.django_db
def test_a_thousand_documents_are_looked_up_by_their_positions(trial: Connection) -> None:
    tell(trial, status("B"))
    pairs = {(1, position) for position in range(1000)}
    with server_cursor(database) as cursor:
        explaining = Explaining(cursor)
        list(project.read_facts(cursor=explaining, members=pairs))  # type: ignore[arg-type]
        settle._record(explaining, joined=pairs, parted=pairs)  # type: ignore[arg-type]
    assert len(explaining.plans) == 4
    for plan in explaining.plans:
        assert "Hash Join" not in plan
        assert "Merge Join" not in plan


@pytest.mark.django_db
def test_a_replay_that_changes_more_flows_than_are_held_at_once_brings_all_up(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Check
) -> None:
    monkeypatch.setattr(project, "SLICE", 3)
    monkeypatch.setattr(settle, "MOST", 4)
    numbers = [f"{n}" for n in range(8)]
    sent = [each for n in numbers for each in (order(n, id=f"o{n}"), notice(n, of=n, bol=n, id=f"n{n}"))]
    process(trial, batch(*(status(n, id=f"s{n}") for n in numbers)))
    (done,) = process(trial, batch(*sent))
    before = placed()
    replay_message(message_id=done.message_id)
    drain()
    assert placed() == before
    rebuilt_the_same()
