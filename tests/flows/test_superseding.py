"""Purposes for every kind of document, and documents that name the one they replace, reverse or correct."""

from decimal import Decimal

import pytest
from lives import (
    PO,
    SECOND,
    answer_line,
    answered,
    bill,
    change,
    changed,
    closed,
    day,
    fact,
    invoiced,
    milestone_of,
    order_line,
    part,
    placed,
    receipt,
    received,
    ship,
    shipped,
    view_of,
)

from visibility.canonical.documents import OrderReleased, TransportStatus

D = Decimal


def told(kind, quantity, at, purpose="original", **more):
    """A document of each kind about line 1, always of the same number."""
    if kind == "order":
        order = {"ordered_on": day(10).date(), "released_at": day(10), **more}
        return placed(order_line("1", quantity), at=day(at), purpose=purpose, **order)
    if kind == "change":
        return changed(change("1", quantity), at=day(at), purpose=purpose, version="1", **more)
    if kind == "answer":
        line = answer_line("1", part("accepted", quantity))
        return answered(line, at=day(at), purpose=purpose, version="S1|", **more)
    if kind == "ship":
        return shipped("7764", ship("1", quantity), at=day(at), shipped_at=day(10), purpose=purpose, **more)
    if kind == "receipt":
        return received(
            "R1", receipt("1", quantity), at=day(at), received_at=day(10), purpose=purpose, **more
        )
    return invoiced(
        "INV-1", bill("1", quantity), at=day(at), invoiced_on=day(8).date(), purpose=purpose, **more
    )


FIELD = {
    "order": "ordered",
    "change": "ordered",
    "answer": "confirmed",
    "ship": "shipped",
    "receipt": "received",
    "invoice": "invoiced",
}
WITHOUT = {"order": 100, "change": 100, "answer": None, "ship": None, "receipt": None, "invoice": None}


@pytest.mark.parametrize("kind", FIELD)
@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ([("cancel", 60)], "without"),
        ([("replace", 50)], 50),
        ([("change", 50)], 50),
        ([("duplicate", 50)], 60),
        ([("confirm", 50)], 60),
        ([("original", 60)], 60),
        ([("cancel", 60), ("original", 40)], 40),
        ([("cancel", 60), ("original", 60)], 60),
        ([("cancel", 60), ("duplicate", 60)], "without"),
        ([("replace", 50), ("cancel", 50)], "without"),
        ([("cancel", 60), ("replace", 70)], 70),
    ],
)
def test_the_purpose_counts_for_every_kind_of_document(kind, later, expected):
    start = [] if kind == "order" else [placed()]
    facts = [*start, told(kind, 60, 10), *(told(kind, q, 11 + n, p) for n, (p, q) in enumerate(later))]
    for arrived in (facts, facts[::-1]):
        view = view_of(*arrived)
        line = view.lines[0]
        if kind == "order":
            assert view.cancelled == (expected == "without")
            assert line.ordered == ({"without": 50 if later[0][1] == 50 else 60}.get(expected, expected))
        else:
            assert getattr(line, FIELD[kind]) == (WITHOUT[kind] if expected == "without" else expected)
        assert view.conflicts == []


@pytest.mark.parametrize("kind", FIELD)
def test_other_content_of_purpose_original_is_a_conflict_for_every_kind(kind):
    start = [] if kind == "order" else [placed()]
    view = view_of(told(kind, 50, 11), *start, told(kind, 60, 10))
    assert getattr(view.lines[0], FIELD[kind]) == 50
    assert len(view.conflicts) == 1


def status(name, at, purpose="original", witness="tms", told_on=None, **more):
    more = {"shipment": "7764", **more}
    return fact(
        TransportStatus(status=name, occurred_at=at, issued_at=told_on or at, purpose=purpose, **more),
        witness=witness,
    )


def arrived_at(*facts):
    step = milestone_of(view_of(placed(), shipped("7764", ship("1", 100)), *facts).lines[0], "arrived")
    return step.actual_at if step.done else None


def test_a_status_taken_back_never_happened():
    there = status("arrived", day(12))
    assert arrived_at(there) == day(12)
    assert arrived_at(there, status("arrived", None, "cancel", told_on=day(13))) is None
    assert arrived_at(status("arrived", day(12), "cancel", told_on=day(13)), there) is None


def test_a_status_taken_back_is_that_of_its_shipment_its_moment_and_its_witness():
    there = status("arrived", day(12))
    assert arrived_at(there, status("arrived", None, "cancel", told_on=day(13), shipment="1")) == day(12)
    assert arrived_at(there, status("arrived", day(11), "cancel", told_on=day(13))) == day(12)
    assert arrived_at(there, status("departed", None, "cancel", told_on=day(13))) == day(12)
    assert arrived_at(there, status("arrived", None, "cancel", "wms", day(13))) == day(12)


def test_a_status_corrected_counts_as_corrected():
    there = status("arrived", day(12))
    assert arrived_at(there, status("arrived", day(14), "replace")) == day(14)
    assert arrived_at(there, there, status("arrived", day(12), "duplicate", told_on=day(13))) == day(12)


def test_a_release_taken_back_leaves_the_order_with_us():
    order = placed(witness="erp", released_at=None)
    released = fact(OrderReleased(order=PO, released_at=day(3), issued_at=day(3)), witness="erp")
    undone = fact(OrderReleased(order=PO, issued_at=day(4), purpose="cancel"), witness="erp")
    assert milestone_of(view_of(order, released), "released").done
    assert not milestone_of(view_of(order, released, undone), "released").done
    again = fact(OrderReleased(order=PO, released_at=day(5), issued_at=day(5)), witness="erp")
    assert milestone_of(view_of(again, undone, order, released), "released").actual_at == day(5)


def test_a_short_close_taken_back_and_its_taking_back_taken_back():
    close = closed("1", at=day(20))
    undone = fact(_cancelled(close.document, day(21)), witness="desk")
    assert not view_of(placed(), undone, close).lines[0].closed
    reopened = closed("1", at=day(22), reopened=True)
    assert view_of(placed(), close, reopened, fact(_cancelled(reopened.document, day(23)))).lines[0].closed


def _cancelled(document, at):
    return type(document)(
        order=document.order,
        purpose="cancel",
        issued_at=at,
        reopened=document.reopened,
        lines=document.lines,
    )


# --- another number -------------------------------------------------------------------------------------


def test_a_ship_notice_that_names_the_one_it_replaces_stands_alone_whoever_comes_first():
    first = shipped("7764", ship("1", 60), ship("2", 40, item=SECOND), at=day(10))
    second = shipped("7765", ship("1", 50), at=day(11), replaces="7764")
    order = placed(order_line("1", 100), order_line("2", 40, item=SECOND))
    for arrived in ((order, first, second), (second, first, order)):
        view = view_of(*arrived)
        assert [line.shipped for line in view.lines] == [50, None]
        assert view.shipments == ["7765"]


def test_a_replacement_replaced_or_cancelled_does_not_bring_the_first_back():
    first = shipped("7764", ship("1", 60), at=day(10))
    second = shipped("7765", ship("1", 50), at=day(11), replaces="7764")
    third = shipped("7766", ship("1", 40), at=day(12), replaces="7765")
    undone = shipped("7765", at=day(12), purpose="cancel")
    assert view_of(placed(), third, first, second).lines[0].shipped == 40
    assert view_of(placed(), undone, first, second).lines[0].shipped is None


def test_of_two_that_replace_each_other_the_later_stands():
    first = shipped("7764", ship("1", 60), at=day(10), replaces="7765")
    second = shipped("7765", ship("1", 50), at=day(11), replaces="7764")
    assert view_of(placed(), first, second).shipments == ["7765"]


def test_one_supplier_does_not_replace_what_another_sent():
    first = shipped("7764", ship("1", 60), at=day(10))
    other = shipped("7765", ship("1", 50), at=day(11), replaces="7764", witness="tms")
    assert view_of(placed(), first, other).lines[0].shipped == 60


def test_a_carrier_that_quotes_the_replaced_notice_speaks_of_the_new_one():
    second = shipped("7765", ship("1", 100), at=day(11), replaces="7764")
    there = status("arrived", day(12))
    assert milestone_of(view_of(placed(), second, there).lines[0], "arrived").done


def test_what_the_supplier_told_by_edi_he_may_take_back_in_the_portal():
    first = shipped("7764", ship("1", 60), at=day(10))
    undone = shipped("7764", at=day(11), purpose="cancel", witness="portal")
    assert view_of(placed(), first, undone).lines[0].shipped is None
    twice = shipped("7764", ship("1", 60), at=day(10), witness="portal")
    assert view_of(placed(), first, twice).lines[0].shipped == 60


def test_a_cancelled_notice_is_not_believed_from_its_mirror():
    first = shipped("7764", ship("1", 60), at=day(10))
    mirror = shipped("7764", ship("1", 60), at=day(10), witness="tms")
    undone = shipped("7764", at=day(11), purpose="cancel")
    assert view_of(placed(), first, mirror, undone).lines[0].shipped is None
    assert view_of(placed(), mirror).lines[0].shipped == 60


def test_our_own_people_take_back_what_a_system_told():
    wms = received("R1", receipt("1", 60), witness="wms")
    undone = received("R1", at=day(17), purpose="cancel", witness="desk")
    other = received("R1", at=day(17), purpose="cancel", witness="tms")
    assert view_of(placed(), wms, undone).lines[0].received is None
    assert view_of(placed(), wms, other).lines[0].received == 60


# --- reversed receipts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "left", "receipts"),
    [
        ((), None, 0),
        ((receipt("1", 60),), None, 0),
        ((receipt("1", -60),), None, 0),
        ((receipt("1", 20),), 40, 1),
        ((receipt("1", -20),), 40, 1),
        ((receipt("1", 240, unit="EA"),), 40, 1),
        ((receipt("1", 720, unit="EA"),), None, 0),
        ((receipt("1", 90),), None, 0),
        ((receipt("1", None),), None, 0),
    ],
)
def test_a_receipt_that_names_the_one_it_reverses_takes_it_back(lines, left, receipts):
    first = received("R1", receipt("1", 60), at=day(16))
    counter = received("R2", *lines, at=day(17), reverses="R1")
    for arrived in ((first, counter), (counter, first)):
        line = view_of(placed(), *arrived).lines[0]
        assert (line.received, line.receipts) == (left, receipts)


def test_a_receipt_with_negative_quantities_takes_back_without_a_name():
    first = received("R1", receipt("1", 60), at=day(16))
    part_of_it = received("R2", receipt("1", -20), at=day(17))
    all_of_it = received("R3", receipt("1", -60), at=day(17))
    assert [(each.received, each.receipts) for each in view_of(placed(), first, part_of_it).lines] == [
        (40, 1)
    ]
    assert [(each.received, each.receipts) for each in view_of(placed(), first, all_of_it).lines] == [
        (None, 0)
    ]


def test_a_reversal_of_a_receipt_not_told_or_cancelled_takes_nothing_from_others():
    first = received("R1", receipt("1", 60), at=day(16))
    counter = received("R9", receipt("1", -60), at=day(17), reverses="R8")
    assert view_of(placed(), first, counter).lines[0].received == 60
    undone = received("R1", at=day(17), purpose="cancel")
    second = received("R2", receipt("1", 30), at=day(18))
    twice = received("R9", receipt("1", -60), at=day(17), reverses="R1")
    assert view_of(placed(), first, undone, second, twice).lines[0].received == 30


def test_a_reversal_taken_back_and_a_reversal_reversed_leave_the_receipt():
    first = received("R1", receipt("1", 60), at=day(16))
    counter = received("R2", receipt("1", -60), at=day(17), reverses="R1")
    undone = received("R2", at=day(18), purpose="cancel")
    again = received("R3", receipt("1", 60), at=day(18), reverses="R2")
    assert view_of(placed(), first, counter, undone).lines[0].received == 60
    assert view_of(placed(), first, counter, again).lines[0].received == 60


def test_damage_goes_back_with_what_was_reversed():
    first = received("R1", receipt("1", 60, damaged=D(10)), at=day(16))
    counter = received("R2", receipt("1", 55), at=day(17), reverses="R1")
    line = view_of(placed(), first, counter).lines[0]
    assert (line.received, line.damaged) == (5, 5)


def test_a_receipt_reversed_by_the_best_witness_is_not_believed_from_the_others():
    wms = received("R1", receipt("1", 60), witness="wms")
    phone = received("", receipt("1", 60), witness="phone", at=day(16, 16))
    undone = received("R1", at=day(17), witness="wms", purpose="cancel")
    assert view_of(placed(), wms, phone).lines[0].received == 60
    assert view_of(placed(), wms, phone, undone).lines[0].received is None


def test_a_reversal_told_only_by_another_witness_counts_once():
    wms = received("R1", receipt("1", 60), witness="wms")
    erp = received("R9", receipt("1", 20), at=day(17), witness="erp", reverses="R1")
    own = received("R9", receipt("1", 20), at=day(17), witness="wms", reverses="R1")
    assert view_of(placed(), wms, erp).lines[0].received == 40
    assert view_of(placed(), wms, erp, own).lines[0].received == 40


def test_what_was_received_reversed_and_received_again_came_the_second_time():
    first = received("R1", receipt("1", 100), at=day(16))
    back = received("R2", receipt("1", -100), at=day(17))
    again = received("R3", receipt("1", 100), at=day(19))
    step = milestone_of(view_of(placed(), first, back, again).lines[0], "received")
    assert (step.done, step.actual_at) == (True, day(19))


# --- credit notes ---------------------------------------------------------------------------------------


def test_a_credit_note_that_names_an_invoice_which_does_not_stand_counts_nothing():
    wrong = invoiced("INV-1", bill("1", 60), at=day(12))
    undone = invoiced("INV-1", at=day(13), purpose="cancel")
    right = invoiced("INV-2", bill("1", 60), at=day(14))
    credit = invoiced("CR-1", bill("1", 60), kind="credit", at=day(13), corrects="INV-1")
    assert view_of(placed(), wrong, undone, right, credit).lines[0].invoiced == 60
    assert view_of(placed(), credit, wrong).lines[0].invoiced == 0
    assert view_of(placed(), credit).lines[0].invoiced is None


def test_a_credit_note_without_lines_credits_all_of_the_invoice_it_names():
    wrong = invoiced("INV-1", bill("1", 60, "40"), total=D(2400))
    credit = invoiced("CR-1", kind="credit", at=day(13), corrects="INV-1", total=D(-2400))
    partly = invoiced("CR-1", kind="credit", at=day(13), corrects="INV-1", total=D(24))
    line = view_of(placed(), wrong, credit).lines[0]
    assert (line.invoiced, line.invoiced_amount, line.billed_prices) == (0, 0, [])
    assert view_of(placed(), wrong, partly).lines[0].invoiced == 60


@pytest.mark.parametrize(
    ("credited", "amount", "prices"),
    [
        (bill("1", 60, "5.44", adjusts="price"), "2073.60", ["34.56"]),
        (bill("1", 20, "5.44", adjusts="price"), "2291.20", ["34.56", "40"]),
        (bill("1", None, "5.44", adjusts="price"), "2073.60", ["34.56"]),
    ],
)
def test_a_credit_note_may_take_back_only_a_part_of_the_price(credited, amount, prices):
    wrong = invoiced("INV-1", bill("1", 60, "40"))
    credit = invoiced("CR-1", credited, kind="credit", at=day(13), corrects="INV-1")
    line = view_of(placed(), wrong, credit).lines[0]
    assert (line.invoiced, line.invoiced_amount) == (60, D(amount))
    assert sorted(line.billed_prices) == [D(price) for price in prices]


def test_a_credit_note_known_only_from_our_books_goes_with_the_suppliers_invoice():
    wrong = invoiced("INV-1", bill("1", 60))
    credit = invoiced("CR-1", bill("1", 20), kind="credit", at=day(13), corrects="INV-1", witness="erp")
    assert view_of(placed(), wrong, credit).lines[0].invoiced == 40
    same = invoiced("CR-1", bill("1", 20), kind="credit", at=day(13), corrects="INV-1")
    assert view_of(placed(), wrong, credit, same).lines[0].invoiced == 40


# --- changes and their answers --------------------------------------------------------------------------


def test_a_change_may_tell_the_difference():
    up = changed(change("1", delta=D(20)), at=day(5), version="1")
    down = changed(change("1", delta=D(-40)), at=day(6), version="2")
    assert view_of(placed(), down, up).lines[0].ordered == 80
    assert (
        view_of(up, changed(change("1", delta=D(-20)), at=day(7), version="3"), placed()).lines[0].ordered
        == 100
    )


def test_a_change_that_replaces_all_values_of_a_line_forgets_what_it_does_not_say():
    line = view_of(placed(), changed(change("1", 80, "replace", unit="CA"))).lines[0]
    assert (line.ordered, line.unit_price) == (80, None)


def test_a_change_that_is_the_whole_order_deletes_what_it_does_not_name():
    order = placed(order_line("1", 100), order_line("2", 40, item=SECOND))
    lines = view_of(order, changed(change("1", 80), whole=True)).lines
    assert [(line.ordered, line.cancelled) for line in lines] == [(80, False), (40, True)]


def test_a_line_changed_to_nothing_is_cancelled_until_more_is_wanted_again():
    none = changed(change("1", 0), at=day(5))
    some = changed(change("1", 30), at=day(6))
    assert view_of(placed(), none).lines[0].cancelled
    assert [(each.cancelled, each.ordered) for each in view_of(placed(), none, some).lines] == [(False, 30)]


def test_a_change_cancelled_leaves_the_order_as_it_was():
    first = changed(change("1", 80), at=day(5), version="1")
    second = changed(change("1", 70), at=day(6), version="2")
    undone = changed(at=day(7), version="2", purpose="cancel")
    last = changed(at=day(7), purpose="cancel")
    assert view_of(placed(), undone, second, first).lines[0].ordered == 80
    assert view_of(placed(), last, second, first).lines[0].ordered == 80


def test_a_change_before_its_order_waits_for_it():
    first = changed(change("1", 80), at=day(5), version="1")
    assert not view_of(first).placed
    assert view_of(first, placed()).lines[0].ordered == 80


def test_what_was_accepted_as_ordered_is_what_was_ordered_then():
    order, answer = placed(), answered(answer_line("1", part("accepted")), at=day(3))
    more = changed(change("1", 120), at=day(5), version="1")
    line = view_of(order, answer, more).lines[0]
    assert (line.ordered, line.confirmed, line.change_unanswered) == (120, 100, True)
    second = answered(answer_line("1", part("accepted")), at=day(6))
    line = view_of(second, order, more, answer).lines[0]
    assert (line.confirmed, line.change_unanswered) == (120, False)


def test_a_change_is_answered_by_the_answer_that_names_it_whatever_its_date():
    order, answer = placed(), answered(answer_line("1", part("accepted")), at=day(3))
    more = changed(change("1", 120), at=day(5), version="1")
    own = answered(answer_line("1", part("accepted")), at=day(4), change="1", version="B|")
    line = view_of(order, answer, more, own).lines[0]
    assert (line.confirmed, line.change_unanswered) == (120, False)


def test_the_order_accepted_whole_accepts_what_was_ordered_then():
    more = changed(change("1", 120), at=day(5), version="1")
    assert view_of(placed(), more, answered(at=day(3), coverage="accepted")).lines[0].confirmed == 100
    assert view_of(placed(), more, answered(at=day(6), coverage="accepted")).lines[0].confirmed == 120


def test_silence_about_a_changed_line_accepts_the_change():
    named = answered(answer_line("1", part("accepted", 60)), at=day(3))
    more = changed(change("1", 80), at=day(5), version="1")
    exceptions = answered(at=day(6), coverage="exceptions")
    line = view_of(placed(), named, more, exceptions).lines[0]
    # An answer without lines is one to the whole order: everything is an exception to nothing.
    assert (line.confirmed, line.change_unanswered) == (80, False)


def test_an_answer_to_an_order_that_was_replaced_spoke_of_the_old_quantity():
    answer = answered(answer_line("1", part("accepted")), at=day(3))
    bigger = placed(order_line("1", 150), at=day(5), purpose="replace")
    line = view_of(placed(), answer, bigger).lines[0]
    assert (line.ordered, line.confirmed, line.change_unanswered) == (150, 100, True)


def test_an_order_told_anew_after_it_was_called_off_starts_over():
    facts = [
        placed(),
        changed(change("1", 80), at=day(3), version="1"),
        answered(answer_line("1", part("accepted", 60)), at=day(4)),
        placed(at=day(5), purpose="cancel"),
        placed(order_line("1", 90), at=day(6)),
    ]
    for arrived in (facts, facts[::-1]):
        view = view_of(*arrived)
        assert (view.cancelled, view.answered) == (False, False)
        assert [(line.ordered, line.confirmed, line.answered) for line in view.lines] == [(90, None, False)]


def test_a_cancelled_order_keeps_the_lines_of_its_first_telling_and_its_amendments():
    order = placed(order_line("1", 100), order_line("2", 40, item=SECOND))
    amended = placed(order_line("2", 50, item=SECOND), at=day(3), purpose="change")
    view = view_of(order, amended, placed(at=day(5), purpose="cancel"))
    assert [(line.ordered, line.cancelled) for line in view.lines] == [(100, True), (50, True)]


# --- second answers -------------------------------------------------------------------------------------

BOTH = placed(order_line("1", 100), order_line("2", 40, item=SECOND))
FIRST = answered(
    answer_line("1", part("accepted", 60)), answer_line("2", part("accepted", 40), item=SECOND), at=day(3)
)


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [("original", (90, 40)), ("change", (90, 40)), ("replace", (90, None)), ("duplicate", (90, 40))],
)
def test_a_second_answer_replaces_line_by_line_or_as_a_whole(purpose, expected):
    second = answered(answer_line("1", part("accepted", 90)), at=day(5), purpose=purpose)
    for arrived in ((BOTH, FIRST, second), (second, FIRST, BOTH)):
        assert tuple(line.confirmed for line in view_of(*arrived).lines) == expected


def test_an_answer_is_cancelled_also_by_a_cancellation_with_a_date_of_its_own():
    undone = answered(at=day(5), purpose="cancel", supplier_order="S1", version="S1|20261105")
    assert not view_of(BOTH, FIRST, undone).answered
    other = answered(answer_line("1", part("accepted", 60)), at=day(3), supplier_order="S2")
    assert view_of(BOTH, other, undone).answered


def test_an_amended_answer_of_one_number_keeps_the_lines_it_does_not_name():
    second = answered(
        answer_line("1", part("accepted", 90)), at=day(5), purpose="change", version=FIRST.document.version
    )
    assert tuple(line.confirmed for line in view_of(BOTH, FIRST, second).lines) == (90, 40)
