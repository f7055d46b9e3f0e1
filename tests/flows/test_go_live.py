"""Before go-live no clock runs, and for what a partner never sends none runs either."""

import datetime as dt
from typing import Any

import pytest
from lives import (
    SECOND,
    SKU,
    TestUnits,
    answer_line,
    answered,
    bill,
    day,
    invoiced,
    order_line,
    part,
    placed,
    receipt,
    received,
    ship,
    shipped,
    wanted,
)
from msgspec import structs
from owned import everywhere, mirror, primary, told_by

from visibility.flows.calendar import WorkingCalendar
from visibility.flows.projector import derive
from visibility.flows.state import Fact, FlowView, Milestone, Terms

LATER = day(30) + dt.timedelta(days=300)
STEPS = ("acknowledged", "shipped", "arrived", "received", "invoiced", "matched")


def view_under(*facts: Fact, **terms: Any) -> FlowView:
    return derive(facts=list(facts), terms=Terms(calendar=WorkingCalendar(), **terms), units=TestUnits())


def steps_of(view: FlowView) -> dict[str, Milestone]:
    return {each.name: each for each in view.milestones}


def two_lines() -> Fact:
    return placed(
        order_line(requests=(wanted(20),)), order_line("2", item=SECOND, requests=(wanted(24),)), at=day(2)
    )


@pytest.mark.parametrize(
    ("live_from", "runs"),
    [(None, True), (dt.date(2026, 11, 1), True), (dt.date(2026, 11, 2), True), (dt.date(2026, 11, 3), False)],
)
def test_clocks_run_for_orders_placed_from_the_day_of_go_live_on(live_from: dt.date | None, runs: bool):
    view = view_under(two_lines(), live_from=live_from)
    assert bool(view.deadlines()) is runs
    states = {each.state(LATER) for own in (view, *view.lines) for each in own.milestones}
    assert ("overdue" in states) is runs


def test_a_deadline_exactly_at_the_time_of_a_sweep_is_still_to_be_looked_at():
    view = view_under(two_lines())
    first, last = min(view.deadlines()), max(view.deadlines())
    second = dt.timedelta(seconds=1)
    assert view.next_due_at() == first < last
    assert view.look_at(swept=first) == first
    assert view.look_at(swept=first + second) not in (first, None)
    assert view.look_at(swept=last) == last
    assert view.look_at(swept=last + second) is None


def test_what_was_planned_before_go_live_is_still_told():
    arrived = steps_of(view_under(two_lines(), live_from=day(9).date()))["arrived"]
    assert (arrived.due_at, arrived.unclocked) == (None, "before_go_live")
    assert arrived.planned_at == day(20, 23)


def test_what_happens_to_an_order_from_before_go_live_is_done_like_any_other():
    facts = [
        placed(at=day(2)),
        answered(answer_line("1", part("accepted", 100))),
        shipped("ASN-1", ship()),
        received("R-1", receipt()),
        invoiced("INV-1", bill()),
    ]
    view = view_under(*facts, live_from=day(9).date())
    assert {name: step.state(LATER) for name, step in steps_of(view).items()} == dict.fromkeys(
        ("ordered", "released", *STEPS), "done"
    )


def test_mirrors_are_not_waited_for_before_go_live():
    ownership = everywhere(receipt=(primary("wms-dal"), mirror("erp-1", 8)))
    facts = [placed(at=day(2)), told_by("wms-dal", received("R-1", receipt()))]
    for live_from, waits in ((None, True), (day(9).date(), False)):
        (line,) = view_under(*facts, ownership=ownership, live_from=live_from).lines
        assert [each.due_at is not None for each in line.mirrors] == [waits]


@pytest.mark.parametrize(
    ("not_sent", "left_out"),
    [
        ({"acknowledged"}, {"acknowledged"}),
        ({"shipped"}, {"shipped"}),
        ({"invoiced", "matched"}, {"invoiced", "matched"}),
        (set(), set()),
    ],
)
def test_only_steps_that_the_partner_tells_are_waited_for(not_sent: set[str], left_out: set[str]):
    view = view_under(two_lines(), not_sent=frozenset(not_sent))
    for own in (view, *view.lines):
        found = {each.name for each in own.milestones if each.state(LATER) == "not_applicable"}
        assert found == left_out
        assert {each.unclocked for each in own.milestones if each.name in left_out} <= {"not_in_programme"}


def test_a_document_that_comes_though_the_partner_never_sends_it_counts():
    facts = [placed(at=day(2)), answered(answer_line("1", part("accepted", 100)))]
    (line,) = view_under(*facts, not_sent=frozenset({"acknowledged"})).lines
    assert (line.confirmed, line.milestones[2].state(LATER)) == (100, "done")


def test_an_order_without_lines_waits_for_nothing_that_the_partner_does_not_send():
    head = placed(order_line(item=SKU), at=day(2))
    bare = structs.replace(head, document=structs.replace(head.document, lines=()))
    steps = steps_of(view_under(bare, not_sent=frozenset({"acknowledged"})))
    assert steps["acknowledged"].state(LATER) == "not_applicable"
