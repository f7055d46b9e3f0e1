"""Milestones: planned, due, expected, happened, and what never will."""

import datetime as dt

import pytest
from lives import (
    PO,
    SECOND,
    answer_line,
    answered,
    bill,
    closed,
    day,
    fact,
    invoiced,
    order_line,
    part,
    placed,
    receipt,
    received,
    ship,
    shipped,
    view_of,
    wanted,
)

from visibility.canonical.documents import OrderReleased, TransportStatus

CLOSING = 23  # 17:00 in Chicago, in UTC


def states(view, as_of):
    return {each.name: each.state(as_of) for each in view.milestones}


def step(view, name, line=None):
    owner = view if line is None else view.lines[line]
    return next(each for each in owner.milestones if each.name == name)


def whole_life():
    return [
        placed(order_line("1", 100, requests=(wanted(20),))),
        answered(answer_line("1", part("accepted", 100, date=day(10).date(), basis="ship"))),
        shipped("7764", ship("1", 100), at=day(10)),
        received("R1", receipt("1", 100), at=day(13)),
        invoiced("INV-1", bill("1", 100), at=day(12)),
    ]


def test_an_order_goes_through_its_milestones_one_by_one():
    life = whole_life()
    names = ["ordered", "released", "acknowledged", "shipped", "arrived", "received", "invoiced", "matched"]
    reached = []
    for told in range(1, 6):
        view = view_of(*life[:told])
        reached.append([each.name for each in view.milestones if each.done])
    assert reached == [names[:2], names[:3], names[:4], names[:6], names]


def test_the_answer_is_due_by_the_day_the_order_names_else_by_the_partners_hours():
    assert step(view_of(placed()), "acknowledged").due_at == day(4)
    named = placed(answer_due_at=day(9))
    assert step(view_of(named), "acknowledged").due_at == day(9)
    unreleased = placed(witness="erp", released_at=None)
    waiting = step(view_of(unreleased), "acknowledged")
    assert (waiting.due_at, waiting.waits) == (None, True)


def test_a_release_told_apart_starts_the_clock():
    order = placed(witness="erp", released_at=None)
    released = fact(OrderReleased(order=PO, released_at=day(4)), witness="erp")
    view = view_of(order, released)
    assert view.released_at == day(4)
    assert step(view, "acknowledged").due_at == day(6)


def test_shipping_is_due_on_the_promised_ship_day_else_by_the_dock_day_at_the_latest():
    asked = placed(order_line("1", 100, requests=(wanted(20, basis="dock"),)))
    assert step(view_of(asked), "shipped").due_at == day(20, CLOSING)
    promise = answered(answer_line("1", part("accepted", 100, date=day(12).date(), basis="ship")))
    assert step(view_of(asked, promise), "shipped").due_at == day(12, CLOSING)
    both = placed(order_line("1", 100, requests=(wanted(20), wanted(11, basis="ship"))))
    assert step(view_of(both), "shipped").due_at == day(11, CLOSING)


def test_a_ship_date_never_makes_an_arrival_due():
    asked = placed(order_line("1", 100, requests=(wanted(11, basis="ship"),)))
    assert step(view_of(asked), "arrived").due_at is None
    unsaid = placed(order_line("1", 100, requests=(wanted(11, basis="unstated"),)))
    assert step(view_of(unsaid), "arrived").due_at is None


def test_the_part_that_is_not_shipped_yet_is_due_on_its_own_day():
    order = placed(order_line("1", 100))
    split = answered(
        answer_line(
            "1",
            part("accepted", 60, date=day(10).date(), basis="ship"),
            part("accepted", 40, date=day(17).date(), basis="ship"),
        )
    )
    assert step(view_of(order, split), "shipped").due_at == day(10, CLOSING)
    some = view_of(order, split, shipped("7764", ship("1", 60)))
    assert (step(some, "shipped").done, step(some, "shipped").due_at) == (False, day(17, CLOSING))
    rest = shipped("7765", ship("1", 40), at=day(16))
    done = step(view_of(order, split, shipped("7764", ship("1", 60)), rest), "shipped")
    assert (done.done, done.actual_at) == (True, day(16))


def test_shipping_is_done_when_what_is_confirmed_has_left():
    short = answered(answer_line("1", part("accepted", 60)))
    assert step(view_of(placed(), short, shipped("7764", ship("1", 60))), "shipped").done
    assert not step(view_of(placed(), shipped("7764", ship("1", 60))), "shipped").done


def test_a_backordered_balance_is_waited_for():
    order = placed(order_line("1", 100, requests=(wanted(20, basis="dock"),)))
    split = answered(
        answer_line(
            "1",
            part("accepted", 60, date=day(20).date(), basis="dock"),
            part("backordered", 40, date=day(26).date(), basis="dock"),
        )
    )
    first = (shipped("7764", ship("1", 60)), received("R-1", receipt("1", 60), at=day(18)))
    view = view_of(order, split, *first)
    assert not step(view, "shipped").done
    assert (step(view, "arrived").done, step(view, "arrived").due_at) == (False, day(26, CLOSING))
    billed = step(view_of(order, split, *first, invoiced("I-1", bill("1", 60))), "invoiced")
    assert (billed.done, billed.waits) == (False, True)
    short = view_of(order, split, first[0], received("R-1", receipt("1", 58), at=day(18)))
    assert [step(short, name).due_at for name in ("arrived", "received")] == [day(26, CLOSING)] * 2
    rest = (shipped("7765", ship("1", 40), at=day(24)), received("R-2", receipt("1", 40), at=day(26)))
    later = view_of(order, split, *first, *rest)
    assert (step(later, "received").done, step(later, "received").actual_at) == (True, day(26))


def test_a_bill_that_a_credit_note_put_right_is_matched_from_then_on():
    life = (
        placed(order_line("1", 100)),
        answered(answer_line("1", part("accepted", 100))),
        shipped("7764", ship("1", 100)),
        received("R-1", receipt("1", 90), at=day(12)),
        invoiced("I-1", bill("1", 100), at=day(13)),
    )
    assert not step(view_of(*life), "matched").done
    credit = invoiced("C-1", bill("1", 10), at=day(16), kind="credit")
    matched = step(view_of(*life, credit), "matched")
    assert (matched.done, matched.actual_at.date()) == (True, day(16).date())


def test_a_known_eta_is_an_estimate_and_changes_no_deadline():
    life = whole_life()[:2]
    eta = shipped("7764", ship("1", 100), estimated_at=day(22))
    arrived = step(view_of(*life, eta), "arrived")
    assert (arrived.due_at, arrived.estimated_at) == (day(20, CLOSING), day(22))
    carrier = fact(TransportStatus(shipment="7764", occurred_at=day(15), estimated_at=day(24)), witness="tms")
    assert step(view_of(carrier, *life, eta), "arrived").estimated_at == day(24)


def test_the_carrier_tells_of_the_arrival_and_the_receipt_is_due_after_it():
    there = fact(TransportStatus(shipment="7764", status="arrived", occurred_at=day(12)), witness="tms")
    view = view_of(there, *whole_life()[:3])
    assert (step(view, "arrived").done, step(view, "arrived").actual_at) == (True, day(12))
    assert step(view, "received").due_at == day(13)


def test_a_carrier_that_knows_only_the_bill_of_lading_is_understood_through_the_ship_notice():
    asn = shipped("7764", ship("1", 100), bill_of_lading="BOL-9")
    there = fact(
        TransportStatus(bill_of_lading="BOL-9", status="delivered", occurred_at=day(12)), witness="tms"
    )
    elsewhere = fact(
        TransportStatus(bill_of_lading="BOL-8", status="delivered", occurred_at=day(11)), witness="tms"
    )
    assert step(view_of(elsewhere, placed(), asn), "arrived").done is False
    assert step(view_of(there, placed(), asn), "arrived").actual_at == day(12)


def test_a_receipt_shows_that_the_goods_arrived_and_had_left_but_not_when_they_left():
    view = view_of(placed(), received("R1", receipt("1", 100), at=day(13)))
    assert (step(view, "arrived").done, step(view, "arrived").actual_at) == (True, day(13))
    assert (step(view, "shipped").done, step(view, "shipped").actual_at) == (True, None)


def test_a_time_nobody_told_stays_unknown():
    silent = shipped("7764", ship("1", 100), shipped_at=None)
    done = step(view_of(placed(), silent), "shipped")
    assert (done.done, done.actual_at) == (True, None)
    answer = step(view_of(placed(witness="erp", released_at=None), answered(coverage="accepted")), "released")
    assert (answer.done, answer.actual_at) == (True, None)


def test_the_invoice_is_due_after_the_shipment_and_the_match_after_both():
    view = view_of(*whole_life()[:3])
    assert step(view, "invoiced").due_at == day(17)
    done = step(view_of(*whole_life()), "matched")
    assert (done.done, done.actual_at) == (True, day(13))


@pytest.mark.parametrize("billed", [("1", 90, "34.56"), ("1", 110, "34.56"), ("1", 100, "35.00")])
def test_what_differs_does_not_match(billed):
    life = whole_life()[:4]
    assert not step(view_of(*life, invoiced("INV-1", bill(*billed))), "matched").done


def test_a_short_receipt_of_all_shipments_is_received():
    life = whole_life()[:3]
    assert step(view_of(*life, received("R1", receipt("1", 95))), "received").done


@pytest.mark.parametrize(
    ("kind", "never"),
    [("drop_ship", {"received"}), ("consignment", {"invoiced", "matched"}), ("stand_alone", set())],
)
def test_a_kind_of_order_leaves_out_the_steps_it_never_has(kind, never):
    view = view_of(placed(kind=kind))
    for milestones in (view.milestones, view.lines[0].milestones):
        assert {each.name for each in milestones if not each.applicable} == never


LATER = {"shipped", "arrived", "received", "invoiced", "matched"}


@pytest.mark.parametrize(
    ("facts", "never"),
    [
        ([answered(answer_line("1", part("rejected", 100)))], LATER),
        ([answered(answer_line("1", part("deleted")))], LATER),
        ([placed(at=day(5), purpose="cancel")], LATER | {"acknowledged"}),
        ([closed("1")], LATER | {"acknowledged"}),
        ([answered(answer_line("1", part("rejected", 40)))], set()),
    ],
)
def test_a_line_given_up_has_no_later_steps(facts, never):
    view = view_of(placed(), *facts)
    assert {each.name for each in view.lines[0].milestones if not each.applicable} == never
    assert {each.name for each in view.milestones if not each.applicable} == never


def test_a_closed_line_is_done_with_what_has_come():
    life = whole_life()[:2]
    some = [shipped("7764", ship("1", 60)), received("R1", receipt("1", 60)), invoiced("I", bill("1", 60))]
    assert all(each.done for each in view_of(*life, *some, closed("1")).milestones)


def test_the_order_is_done_when_all_lines_are_and_waits_for_the_earliest():
    order = placed(
        order_line("1", 100, requests=(wanted(20),)), order_line("2", 40, item=SECOND, requests=(wanted(17),))
    )
    one = view_of(order, shipped("1", ship("1", 100)))
    assert (step(one, "shipped").done, step(one, "shipped").due_at) == (False, day(17, CLOSING))
    both = view_of(order, shipped("1", ship("1", 100)), shipped("2", ship("2", 40, item=SECOND), at=day(11)))
    assert (step(both, "shipped").done, step(both, "shipped").actual_at) == (True, day(11))


def test_what_is_late_is_asked_of_the_view_not_stored():
    view = view_of(placed(order_line("1", 100, requests=(wanted(20),))))
    assert states(view, day(3))["acknowledged"] == "due"
    assert states(view, day(5))["acknowledged"] == "overdue"
    assert states(view, day(5))["shipped"] == "not_due"
    assert states(view, day(21))["shipped"] == "overdue"
    assert states(view, day(4))["matched"] == "not_due"
    assert view.next_due_at() == day(4)


def test_an_order_without_lines_still_has_its_head():
    view = view_of(placed(), answered(coverage="accepted"))
    bare = view_of(answered(coverage="accepted"))
    assert step(view, "acknowledged").done
    assert [each.name for each in bare.milestones if each.done] == ["released", "acknowledged"]


def test_a_date_alone_is_marked_as_a_date():
    view = view_of(*whole_life())
    billed = step(view, "invoiced")
    assert (billed.date_only, billed.actual_at) == (True, dt.datetime(2026, 11, 12, 12, tzinfo=dt.UTC))


def test_the_last_fact_is_the_latest_thing_told():
    assert view_of(*whole_life()).last_fact_at == day(13)


def test_the_ship_notices_dates_count_before_the_carriers_mirror_but_its_bill_of_lading_is_known():
    asn = shipped("7764", ship("1", 100), at=day(10), estimated_at=day(15))
    mirror = shipped(
        "7764", ship("1", 100), at=day(11), witness="tms", bill_of_lading="BOL-9", estimated_at=day(18)
    )
    view = view_of(placed(), asn, mirror)
    assert (step(view, "shipped").actual_at, step(view, "arrived").estimated_at) == (day(10), day(15))
    there = fact(
        TransportStatus(bill_of_lading="BOL-9", status="arrived", occurred_at=day(14)), witness="tms"
    )
    assert step(view_of(placed(), asn, mirror, there), "arrived").actual_at == day(14)
