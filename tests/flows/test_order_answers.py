"""Answers to an order: domain rules as tables."""

from decimal import Decimal

import pytest
from lives import (
    SECOND,
    SKU,
    answer_line,
    answered,
    change,
    changed,
    closed,
    day,
    order_line,
    part,
    placed,
    ship,
    shipped,
    view_of,
    wanted,
)

from visibility.canonical.documents import Item

D = Decimal


@pytest.mark.parametrize(
    ("parts", "confirmed", "backordered", "held", "rejected", "deleted"),
    [
        ([part("accepted", 100)], 100, 0, 0, 0, 0),
        ([part("accepted")], 100, 0, 0, 0, 0),
        ([part("accepted", code="IQ")], None, 0, 0, 0, 0),
        ([part("accepted", 60)], 60, 0, 0, 0, 0),
        ([part("accepted", 60), part("rejected", 40)], 60, 0, 0, 40, 0),
        ([part("accepted", 60), part("backordered", 40)], 60, 40, 0, 0, 0),
        ([part("accepted", 30), part("accepted", 30), part("held", 40)], 60, 0, 40, 0, 0),
        ([part("accepted", 60, rest="backordered")], 60, 40, 0, 0, 0),
        ([part("accepted", rest="backordered")], None, None, 0, 0, 0),
        ([part("accepted", 0, code="IQ")], 0, 0, 0, 0, 0),
        ([part("rejected")], 0, 0, 0, None, 0),
        ([part("backordered")], 0, None, 0, 0, 0),
        ([part("deleted", 100)], 0, 0, 0, 0, 100),
        ([part("accepted"), part("backordered", 40)], 60, 40, 0, 0, 0),
        ([part("accepted", 120)], 120, 0, 0, 0, 0),
    ],
)
def test_parts_of_an_answer_are_summed_by_class(parts, confirmed, backordered, held, rejected, deleted):
    line = view_of(placed(), answered(answer_line("1", *parts))).lines[0]
    assert line.answered
    assert line.ordered == 100
    assert (line.confirmed, line.backordered, line.held, line.rejected, line.deleted) == (
        confirmed,
        backordered,
        held,
        rejected,
        deleted,
    )


@pytest.mark.parametrize(
    ("coverage", "confirmed", "answers"),
    [
        ("detail", (60, None), (True, False)),
        ("exceptions", (60, 40), (True, True)),
        ("accepted", (100, 40), (True, True)),
        ("rejected", (0, 0), (True, True)),
        ("held", (0, 0), (True, True)),
    ],
)
def test_the_coverage_of_an_answer_decides_what_silence_means(coverage, confirmed, answers):
    order = placed(order_line("1", 100), order_line("2", 40, item=SECOND))
    answer = answered(answer_line("1", part("accepted", 60)), coverage=coverage)
    lines = view_of(order, answer).lines
    assert tuple(line.confirmed for line in lines) == confirmed
    assert tuple(line.answered for line in lines) == answers


def test_a_whole_order_rejected_is_rejected_line_by_line():
    order = placed(order_line("1", 100), order_line("2", 40, item=SECOND))
    lines = view_of(order, answered(coverage="rejected")).lines
    assert [line.rejected for line in lines] == [100, 40]


def test_a_line_named_without_an_answer_stays_unanswered_under_detail():
    line = view_of(placed(), answered(answer_line("1"), coverage="detail")).lines[0]
    assert not line.answered
    assert line.confirmed is None


def test_a_later_answer_replaces_the_earlier_one_of_its_line_and_leaves_the_others():
    order = placed(order_line("1", 100), order_line("2", 40, item=SECOND))
    first = answered(
        answer_line("1", part("accepted", 60)), answer_line("2", part("accepted", 40), item=SECOND), at=day(3)
    )
    second = answered(answer_line("1", part("accepted", 90), part("rejected", 10)), at=day(4))
    lines = view_of(second, order, first).lines
    assert [(line.confirmed, line.rejected) for line in lines] == [(90, 10), (40, 0)]


def test_later_is_by_document_date_then_envelope_not_by_arrival():
    order = placed()
    early = answered(answer_line("1", part("accepted", 60)), at=day(3), envelope_at=day(9), version="A|")
    late = answered(answer_line("1", part("accepted", 80)), at=day(4), envelope_at=day(4), version="B|")
    assert view_of(order, late, early).lines[0].confirmed == 80
    same_day = answered(answer_line("1", part("accepted", 70)), at=day(4), envelope_at=day(5), version="C|")
    assert view_of(same_day, order, late, early).lines[0].confirmed == 70


def test_silence_under_exceptions_does_not_undo_an_answer_that_named_the_line():
    order = placed(order_line("1", 100), order_line("2", 40, item=SECOND))
    first = answered(answer_line("1", part("accepted", 60)), at=day(3))
    second = answered(answer_line("2", part("rejected", 40), item=SECOND), at=day(4), coverage="exceptions")
    lines = view_of(order, first, second).lines
    assert [(line.confirmed, line.rejected) for line in lines] == [(60, 0), (0, 40)]


def test_an_answer_is_compared_with_the_order_as_it_stands_not_with_what_the_supplier_read():
    answer = answered(answer_line("1", part("accepted"), quantity=D(999)))
    assert view_of(placed(), answer).lines[0].confirmed == 100
    lower = changed(change("1", 80))
    assert view_of(placed(), answer, lower).lines[0].confirmed == 80


def test_what_is_confirmed_never_overwrites_what_is_ordered():
    line = view_of(placed(), answered(answer_line("1", part("accepted", 60)))).lines[0]
    assert (line.ordered, line.original_ordered, line.confirmed) == (100, 100, 60)


def test_dated_parts_are_promises_on_their_own_basis():
    answer = answered(
        answer_line(
            "1",
            part("backordered", 40, date=day(28).date(), basis="dock"),
            part("accepted", 60, date=day(20).date(), basis="ship"),
            part("rejected", 0, date=day(1).date()),
        )
    )
    line = view_of(placed(), answer).lines[0]
    assert [(each.quantity, each.date, each.basis) for each in line.promises] == [
        (60, day(20).date(), "ship"),
        (40, day(28).date(), "dock"),
    ]
    assert [each.quantity for each in line.backorders] == [40]


def test_a_date_without_a_quantity_is_for_all_that_is_accepted():
    answer = answered(answer_line("1", part("accepted", date=day(20).date(), basis="ship")))
    assert view_of(placed(), answer).lines[0].promises[0].quantity == 100


def test_a_soft_acceptance_and_a_substitute_are_kept_apart_from_the_quantity():
    other = Item(buyer="SKU-9")
    line = view_of(
        placed(), answered(answer_line("1", part("accepted", 100, soft=True, substitute=other, code="IS")))
    ).lines[0]
    assert line.confirmed == 100
    assert line.soft
    assert line.substitute == other
    assert line.answer_codes == ["IS"]


def test_a_shipment_of_the_substitute_finds_the_line():
    other = Item(buyer="SKU-9")
    view = view_of(
        placed(order_line("1", 100), order_line("2", 5, item=SECOND)),
        answered(answer_line("1", part("accepted", 100, substitute=other))),
        shipped("7764", ship("", 100, item=other)),
    )
    assert [line.shipped for line in view.lines] == [100, None]


def test_quantities_come_in_the_unit_of_the_order_line_exactly():
    answer = answered(answer_line("1", part("accepted", 120, unit="EA"), part("rejected", 7)))
    line = view_of(placed(), answer).lines[0]
    assert (line.unit, line.confirmed, line.rejected) == ("CA", 10, 7)


def test_a_dozen_pieces_are_exactly_a_case_in_a_promise_too():
    dated = part("accepted", 120, unit="EA", date=day(20).date())
    assert view_of(placed(), answered(answer_line("1", dated))).lines[0].promises[0].quantity == 10


def test_an_order_accepted_whole_keeps_the_dates_that_were_named():
    named = answer_line("1", part("accepted", 120, unit="EA", date=day(20).date(), basis="ship"))
    line = view_of(placed(), answered(named, coverage="accepted")).lines[0]
    assert line.confirmed == 100
    assert [(each.quantity, each.basis) for each in line.promises] == [(10, "ship")]


def test_thirds_of_a_case_add_up_to_the_case():
    answer = answered(answer_line("1", *[part("accepted", 4, unit="EA") for _ in range(3)]))
    assert view_of(placed(), answer).lines[0].confirmed == 1


def test_a_unit_that_does_not_convert_is_left_out_and_said():
    answer = answered(answer_line("1", part("accepted", 12, unit="PL")))
    line = view_of(placed(), answer).lines[0]
    assert line.confirmed is None
    assert line.unconvertible == ["12 PL confirmed"]


def test_prices_are_compared_for_one_unit_of_the_order_line():
    order = placed(order_line("1", 100, price="345.60", price_per=D(10)))
    answer = answered(answer_line("1", part("accepted"), price=D("2.88"), price_unit="EA"))
    line = view_of(order, answer).lines[0]
    assert (line.unit_price, line.confirmed_price) == (D("34.56"), D("34.56"))


def test_changes_add_delete_and_change_lines_in_their_order():
    order = placed(order_line("1", 100, requests=(wanted(20),)), order_line("2", 40, item=SECOND))
    third = Item(buyer="SKU-3")
    first = changed(change("1", 80), change("2", op="delete", item=SECOND), at=day(5))
    second = changed(change("1", 90, requests=(wanted(25),)), change("3", 7, "add", item=third), at=day(6))
    lines = view_of(second, order, first).lines
    assert [(line.line, line.ordered, line.original_ordered, line.cancelled) for line in lines] == [
        ("1", 90, 100, False),
        ("2", 40, 40, True),
        ("3", 7, 7, False),
    ]
    assert [each.date for each in lines[0].requests] == [day(25).date()]
    assert lines[2].known


def test_a_change_does_not_touch_what_it_does_not_name():
    order = placed(order_line("1", 100, requests=(wanted(20),)))
    line = view_of(order, changed(change("1", price=D("30")))).lines[0]
    assert (line.ordered, line.unit_price, line.item) == (100, 30, SKU)
    assert line.requests[0].date == day(20).date()


def test_a_short_close_gives_up_the_open_rest_and_can_be_taken_back():
    order, answer = placed(), answered(answer_line("1", part("accepted", 60)))
    close = closed("1", at=day(20))
    again = closed("1", at=day(21), reopened=True)
    assert view_of(order, answer, close).lines[0].closed
    assert not view_of(again, order, answer, close).lines[0].closed


def test_an_answer_before_the_order_waits_for_it():
    answer = answered(answer_line("1", part("accepted")))
    before = view_of(answer)
    assert not before.placed
    assert [(line.line, line.known, line.ordered, line.confirmed) for line in before.lines] == [
        ("1", False, None, None)
    ]
    assert view_of(answer, placed()).lines[0].confirmed == 100


@pytest.mark.parametrize("absurd", ["NaN", "Infinity", "1E+999999"])
def test_a_number_that_cannot_be_a_quantity_makes_no_document(absurd):
    with pytest.raises(ValueError, match="a number must be finite"):
        part("accepted", absurd)
    with pytest.raises(ValueError, match="a number must be finite"):
        answer_line("1", part("accepted", "1"), price=D(absurd))
