"""Sweeps: each deadline is looked at once, whoever sweeps, however often, whatever breaks in between."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

import psycopg
import pytest
from django.db import connection as database
from django.db import connections, transaction

from tests.factories import (
    answer,
    answer_line,
    change,
    kinds,
    line,
    notice,
    one,
    order,
    outcome,
    send,
    tell,
)
from visibility.core import clock
from visibility.flows.models import Flow
from visibility.inbox.models import Connection, Message
from visibility.inbox.services import replay_message
from visibility.pipeline import sweep
from visibility.pipeline.sweep import rebuild, sweep_due
from visibility.pipeline.worker import drain
from visibility.triage.models import CaseEvent, ExceptionCase

Changed = dict[int, set[UUID]]
OVERDUE = "acknowledgement_overdue"
RELEASED = dt.datetime(2026, 11, 2, 15, tzinfo=dt.UTC)
DUE = dt.datetime(2026, 11, 4, 15, tzinfo=dt.UTC)
"""18 working hours after the release."""
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _in_november():
    with clock.at(DUE - dt.timedelta(days=1)):
        yield


def orders(at: Connection, count: int) -> list[str]:
    numbers = [f"46{n:05}" for n in range(count)]
    tell(at, *(order(number) for number in numbers))
    return numbers


@pytest.mark.django_db
def test_a_flow_is_looked_at_when_its_deadline_has_passed_and_then_not_again(trial: Connection) -> None:
    orders(trial, 3)
    assert sweep_due(as_of=DUE) == 0  # not late yet, to the second
    told: list[Changed] = []
    with clock.at(DUE + MINUTE):
        assert sweep_due(as_of=clock.now(), announce=told.append) == 3
        assert kinds(trial) == {OVERDUE}
        written = list(Flow.objects.values_list("id", "changed_at"))
        assert sweep_due(as_of=clock.now(), announce=told.append) == 0
        assert sweep_due(as_of=clock.now() + dt.timedelta(hours=1), announce=told.append) == 0
    assert [len(names) for change in told for names in change.values()] == [3]
    assert list(Flow.objects.values_list("id", "changed_at")) == written


@pytest.mark.django_db
def test_a_flow_is_looked_at_again_at_its_next_deadline(trial: Connection) -> None:
    promised = answer_line(
        "1",
        {"answer": "accepted", "quantity": "100", "unit": "CA", "date": "2026-11-10", "basis": "ship"},
    )
    tell(trial, order(), answer("4500001", promised))
    asked = Flow.objects.get()
    assert asked.next_due_at == asked.look_at == dt.datetime(2026, 11, 10, 23, tzinfo=dt.UTC)
    tell(trial, notice("ASN-1", {"line": "1", "item": {"buyer": "SKU-1042"}, "quantity": "60", "unit": "CA"}))
    late = Flow.objects.get()
    assert late.look_at is not None
    with clock.at(late.look_at + MINUTE):
        assert sweep_due(as_of=clock.now()) == 1
    after = Flow.objects.get()
    assert after.next_due_at == late.next_due_at  # the list goes on showing what is late
    moments = [late.look_at]
    while (look_at := Flow.objects.get().look_at) is not None:  # the ship notice of the rest, the invoice
        assert look_at > moments[-1]
        moments.append(look_at)
        with clock.at(look_at + MINUTE):
            assert sweep_due(as_of=clock.now()) == 1
    assert len(moments) == 3
    assert kinds(trial) == {"shipped_short"}  # what was promised for that day is short, and told once


class Counting(psycopg.Cursor[Any]):
    """A cursor that remembers what it was asked."""

    asked: ClassVar[list[str]] = []

    def execute(self, query: Any, *args: Any, **more: Any) -> Any:
        self.asked.append(str(query))
        return super().execute(query, *args, **more)


@pytest.mark.django_db
@pytest.mark.parametrize("unless_waiting", [False, True])
def test_a_sweep_with_nothing_due_asks_the_database_twice_by_its_index(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, unless_waiting: bool
) -> None:
    orders(trial, 3)
    with clock.at(DUE + MINUTE):
        sweep_due(as_of=clock.now())
        monkeypatch.setattr(psycopg, "Cursor", Counting)
        Counting.asked.clear()
        assert sweep_due(as_of=clock.now(), unless_waiting=unless_waiting) == 0
    probe, anew = Counting.asked
    assert probe == anew
    with database.cursor() as cursor:
        # So few rows are sorted as quickly; at a million the plan is this one (tests/benchmarks/sweep.py).
        for other in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{other} = off")
        cursor.execute("EXPLAIN " + probe, [DUE, *sweep.BEGINNING, 200])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Scan using flow_look" in plan
    assert "Sort" not in plan


@pytest.mark.django_db
def test_a_message_about_a_late_order_has_it_looked_at_once_more(trial: Connection) -> None:
    (number,) = orders(trial, 1)
    with clock.at(DUE + MINUTE):
        sweep_due(as_of=clock.now())
        tell(trial, change(number, line("1", 80, op="change")))
        assert [sweep_due(as_of=clock.now()) for _ in range(2)] == [1, 0]
        assert kinds(trial) == {OVERDUE}
        tell(trial, answer(number))
        assert OVERDUE not in kinds(trial)


@pytest.mark.django_db
def test_an_order_that_is_told_late_is_found_overdue_by_the_next_sweep(trial: Connection) -> None:
    with clock.at(DUE + dt.timedelta(days=30)):
        tell(trial, order())
        assert OVERDUE not in kinds(trial)
        assert sweep_due(as_of=clock.now()) == 1
    assert OVERDUE in kinds(trial)


@pytest.mark.django_db
def test_a_message_that_is_read_once_more_holds_no_sweep_up(trial: Connection) -> None:
    orders(trial, 1)
    waiting = send(trial, one(order("4600001"))).message_id
    drain(message_ids=[waiting])
    Message.objects.filter(id=waiting).update(received_at=DUE - MINUTE)
    replay_message(message_id=waiting)
    with clock.at(DUE + MINUTE):
        assert sweep_due(as_of=clock.now(), unless_waiting=True) == 2


@pytest.mark.django_db
def test_a_flow_passed_over_for_a_waiting_message_is_looked_at_later(trial: Connection) -> None:
    (number,) = orders(trial, 1)
    waiting = send(trial, one(answer("4700000"))).message_id
    Message.objects.filter(id=waiting).update(received_at=DUE - MINUTE)
    with clock.at(DUE + MINUTE):
        assert sweep_due(as_of=clock.now(), unless_waiting=True) == 0
        assert sweep_due(as_of=clock.now(), unless_waiting=True) == 0
        sweep.database.cursor().execute("DELETE FROM inbox_messagework")
        assert sweep_due(as_of=clock.now(), unless_waiting=True) == 1
    assert OVERDUE in kinds(trial)
    assert ExceptionCase.objects.get(kind=OVERDUE).order_number == number


@pytest.mark.django_db
def test_a_look_ahead_does_not_keep_the_real_sweep_from_looking(trial: Connection) -> None:
    orders(trial, 1)
    ahead = DUE + dt.timedelta(days=200)
    assert sweep_due(as_of=ahead) == 1
    assert OVERDUE in kinds(trial)
    assert Flow.objects.get().look_at == DUE
    with clock.at(DUE + MINUTE):
        assert sweep_due(as_of=clock.now()) == 1
        assert sweep_due(as_of=clock.now()) == 0
    assert OVERDUE in kinds(trial)


@pytest.mark.django_db
def test_a_look_back_finds_what_was_late_then_and_leaves_the_rest(trial: Connection) -> None:
    tell(
        trial, order(), order("4500002", released_at="2026-11-09T15:00:00Z", issued_at="2026-11-09T15:00:00Z")
    )
    with clock.at(DUE + dt.timedelta(days=30)):
        assert sweep_due(as_of=DUE + MINUTE) == 1
        assert [case.order_number for case in ExceptionCase.objects.filter(kind=OVERDUE)] == ["4500001"]
        assert sweep_due(as_of=clock.now()) == 1
        assert sweep_due(as_of=DUE + MINUTE) == 0
    assert ExceptionCase.objects.filter(kind=OVERDUE, is_open=True).count() == 2


@pytest.mark.django_db
def test_after_a_rebuild_what_is_late_stays_so_and_is_looked_at_once(
    trial: Connection, rebuilt_the_same: Callable[[], None]
) -> None:
    orders(trial, 2)
    with clock.at(DUE + MINUTE):
        sweep_due(as_of=clock.now())
        assert list(rebuild(check=False)) == []
        rebuilt_the_same()
        assert kinds(trial) == {OVERDUE}
        assert sweep_due(as_of=clock.now()) == 2
        assert sweep_due(as_of=clock.now()) == 0
    assert {event.what for event in CaseEvent.objects.filter(case__kind=OVERDUE)} == {"opened"}


@pytest.mark.django_db
def test_a_sweep_stops_in_time_and_leaves_the_rest_to_the_next(
    trial: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "SWEEP_FLOWS", 2)
    orders(trial, 5)
    with clock.at(DUE + MINUTE):
        assert [sweep_due(as_of=clock.now(), seconds=0) for _ in range(4)] == [2, 2, 1, 0]
    assert ExceptionCase.objects.filter(kind=OVERDUE, is_open=True).count() == 5


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_dies_between_batches_loses_nothing_and_repeats_nothing(
    trial: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "SWEEP_FLOWS", 2)
    orders(trial, 5)

    def die(_: Changed) -> None:
        raise KeyboardInterrupt

    with clock.at(DUE + MINUTE):
        with pytest.raises(KeyboardInterrupt):
            sweep_due(as_of=clock.now(), announce=die)
        assert ExceptionCase.objects.filter(kind=OVERDUE).count() == 2
        assert sweep_due(as_of=clock.now()) == 3
    assert ExceptionCase.objects.filter(kind=OVERDUE).count() == 5
    assert CaseEvent.objects.filter(case__kind=OVERDUE).count() == 5


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_look_at_each_flow_once_and_do_not_wait(
    trial: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "SWEEP_FLOWS", 3)
    orders(trial, 20)
    together, seen = threading.Barrier(2, timeout=30), []

    def run() -> None:
        try:
            with clock.at(DUE + MINUTE):
                together.wait()
                seen.append(sweep_due(as_of=clock.now()))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with clock.at(DUE + MINUTE):
        assert sum(seen) + sweep_due(as_of=clock.now()) == 20
    assert CaseEvent.objects.filter(case__kind=OVERDUE).count() == 20


@pytest.mark.django_db(transaction=True)
def test_a_flow_that_a_worker_has_in_hand_does_not_hold_a_sweep_up(trial: Connection) -> None:
    orders(trial, 3)
    held, done = threading.Event(), threading.Event()

    def work_on() -> None:
        try:
            with transaction.atomic():
                Flow.objects.select_for_update().order_by("id").first()
                held.set()
                done.wait(30)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work_on)
    worker.start()
    assert held.wait(30)
    try:
        with clock.at(DUE + MINUTE):
            assert sweep_due(as_of=clock.now()) == 2
    finally:
        done.set()
        worker.join(30)
    with clock.at(DUE + MINUTE):
        assert sweep_due(as_of=clock.now()) == 1


@pytest.mark.django_db
def test_flows_that_yesterdays_code_wrote_are_looked_at_by_the_next_sweep(trial: Connection) -> None:
    orders(trial, 1)
    with database.cursor() as cursor:
        cursor.execute("UPDATE flows_flow SET look_at = DEFAULT")
    assert sweep_due(as_of=clock.now()) == 1
    assert Flow.objects.get().look_at == DUE
    assert outcome(Message.objects.latest("received_at").id).status == "processed"


@pytest.mark.django_db
def test_a_deadline_that_passes_does_not_wait_behind_flows_that_are_reckoned_anew(
    trial: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "SWEEP_FLOWS", 1)
    numbers = orders(trial, 4)
    Flow.objects.exclude(number=numbers[-1]).update(look_at=sweep.AS_SOON_AS_IT_CAN)
    with clock.at(DUE + MINUTE):
        assert sweep_due(as_of=clock.now(), seconds=0) == 1
        assert ExceptionCase.objects.get(kind=OVERDUE).order_number == numbers[-1]
        assert [sweep_due(as_of=clock.now(), seconds=0) for _ in range(4)] == [1, 1, 1, 0]
    assert ExceptionCase.objects.filter(kind=OVERDUE).count() == 4
