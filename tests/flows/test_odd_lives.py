"""Lives that are odd but real: what crosses, comes twice over, is taken back late, or is told in pieces."""

from decimal import Decimal

import pytest
from lives import (
    SECOND,
    TestUnits,
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
    only,
    order_line,
    part,
    placed,
    receipt,
    received,
    ship,
    shipped,
    view_of,
)
from owned import echo, everywhere, mirror, primary, told_by, view_under

from visibility.canonical.documents import OrderReleased, TransportStatus
from visibility.flows.history import standing
from visibility.flows.sentences import status_sentence, summarise
from visibility.flows.state import FlowView
from visibility.triage.findings import Finding, Names
from visibility.triage.rules import NO_TOLERANCES, detect

NAMES = Names(supplier="Acme", ship_to="Dallas DC", zone="America/Chicago")
D = Decimal


def findings(view: FlowView) -> dict[str, Finding]:
    """What is wrong on 28 November, by kind."""
    found = detect(view=view, as_of=day(28), names=NAMES, tolerances=NO_TOLERANCES)
    return {each.kind: each for each in found}


def sentence(*facts) -> str:
    view = view_of(*facts)
    told = list(findings(view).values())
    return status_sentence(view=view, findings=told, as_of=day(4), names=NAMES)


def two_lines(**more):
    return placed(order_line("1", 100), order_line("2", 100, item=SECOND), at=day(2), **more)


def two_answers():
    first = answer_line("1", part("accepted", 100))
    second = answer_line("2", part("accepted", 60), part("backordered", 40), item=SECOND)
    return answered(first, second, at=day(3))


# Orders told anew


def test_the_answer_to_an_order_told_anew_is_due_from_its_own_release():
    anew = placed(order_line("1", 80), at=day(9))
    facts = placed(), fact(OrderReleased(order=placed().document.order, released_at=day(2), issued_at=day(2)))
    view = view_of(*facts, placed(at=day(4), purpose="cancel"), anew)
    assert view.released_at == day(9)
    assert milestone_of(view, "acknowledged").due_at == milestone_of(view_of(anew), "acknowledged").due_at


def test_a_line_that_the_replaced_order_had_is_deleted_not_unknown():
    view = view_of(two_lines(), two_answers(), placed(order_line("1", 100), at=day(5), purpose="replace"))
    assert not findings(view)
    line = view.lines[1]
    assert (line.line, line.known, line.cancelled, line.ordered, line.confirmed) == ("2", True, True, 100, 60)


def test_what_was_shipped_of_a_line_that_the_replacement_dropped_is_too_much():
    asn = shipped("7764", ship("2", 100, item=SECOND), at=day(10))
    view = view_of(two_lines(), asn, placed(order_line("1", 100), at=day(5), purpose="replace"))
    assert findings(view)["shipped_closed"].line == "2"
    assert "unknown_line" not in findings(view)


def test_what_was_answered_to_an_order_told_anew_stands_though_it_was_replaced_since():
    again = placed(order_line("1", 80), at=day(6))
    answer = answered(answer_line("1", part("accepted", 80)), at=day(7))
    replaced = placed(order_line("1", 80), order_line("2", 10, item=SECOND), at=day(8), purpose="replace")
    view = view_of(placed(), placed(at=day(4), purpose="cancel"), again, answer, replaced)
    assert [line.confirmed for line in view.lines] == [80, None]


# Changes and their answers


@pytest.mark.parametrize(("quantity", "sent"), [(120, 120), (80, 80)])
def test_goods_that_go_along_with_a_change_leave_nothing_to_object_to(quantity, sent):
    changes = changed(change("1", quantity, unit="CA"), at=day(4))
    asn = shipped("7764", ship("1", sent), at=day(10))
    answer = answered(answer_line("1", part("accepted", 100)), at=day(3))
    assert not findings(view_of(placed(), answer, changes, asn))


def test_goods_that_do_not_go_along_with_a_change_leave_the_answer_short():
    more = changed(change("1", 120, unit="CA"), at=day(4))
    asn = shipped("7764", ship("1", 100), at=day(10))
    answer = answered(answer_line("1", part("accepted", 100)), at=day(3))
    assert set(findings(view_of(placed(), answer, more, asn))) == {"confirmed_short"}


def test_a_change_accepted_whole_leaves_the_lines_it_does_not_touch_as_they_were_answered():
    more = changed(change("1", 120, unit="CA"), at=day(5), version="1")
    yes = answered(at=day(6), change="1", coverage="accepted")
    first, second = view_of(two_lines(), two_answers(), more, yes).lines
    assert (first.confirmed, first.change_unanswered) == (120, False)
    assert (second.confirmed, second.backordered) == (60, 40)


@pytest.mark.parametrize("answers", [[two_answers()], []])
def test_a_rejected_change_is_no_rejected_order(answers):
    more = changed(change("1", 120, unit="CA"), at=day(5), version="1")
    no = answered(at=day(6), change="1", coverage="rejected")
    view = view_of(two_lines(), *answers, more, no)
    assert "line_rejected" not in findings(view)
    first, second = view.lines
    assert (first.confirmed, second.confirmed) == ((100, 60) if answers else (None, None))
    assert not first.change_unanswered


def test_a_line_added_by_a_rejected_change_is_rejected():
    more = changed(change("3", 20, "add", item=SECOND, unit="CA"), at=day(5), version="1")
    answer = answered(answer_line("1", part("accepted", 100)), at=day(3))
    no = answered(at=day(6), change="1", coverage="rejected")
    first, added = view_of(placed(), answer, more, no).lines
    assert (first.confirmed, added.rejected, added.change_unanswered) == (100, 20, False)


def test_an_answer_to_a_change_says_so():
    yes = answered(at=day(6), change="1", coverage="accepted").document
    assert summarise(document=yes, names=NAMES) == "Acme accepted order change 1"


def test_an_older_answer_is_told_against_what_was_ordered_then():
    answer = answered(answer_line("1", part("accepted", 100), quantity=D(100)), at=day(3))
    view = view_of(placed(), answer, changed(change("1", 120, unit="CA"), at=day(5)))
    assert summarise(document=answer.document, names=NAMES, ordered=view.lines) == (
        "Acme confirmed 100 CA of SKU-1042"
    )


def test_where_nothing_is_set_for_changes_they_go_with_the_order():
    ownership = everywhere(order=(primary("erp-1"), mirror("acme-edi", 8)))
    facts = [
        told_by("erp-1", placed(witness="erp")),
        told_by("acme-edi", placed(at=day(2, 16))),
        told_by("erp-1", changed(change("1", 120, unit="CA"), at=day(4))),
        told_by("acme-edi", changed(change("1", 120, unit="CA"), at=day(4, 18), witness="edi")),
    ]
    line = only(view_under(ownership, *facts).lines)
    assert line.ordered == 120
    assert [(each.quantity, each.due_at, each.differs) for each in line.mirrors] == [(120, None, None)]


def test_a_change_told_by_the_echo_alone_changes_nothing():
    ownership = everywhere(order=(primary("erp-1"), echo("acme-edi")))
    erp = told_by("erp-1", placed(witness="erp"))
    edi = told_by("acme-edi", changed(change("1", 120, unit="CA"), at=day(4), witness="edi"))
    assert only(view_under(ownership, erp, edi).lines).ordered == 100


# Goods


def test_a_bill_of_lading_is_the_same_however_it_is_written():
    asn = shipped("7764", ship("1", 100), at=day(10), bill_of_lading="BOL-7")
    there = fact(
        TransportStatus(status="arrived", occurred_at=day(14), issued_at=day(14), bill_of_lading=" bol-7"),
        witness="tms",
    )
    assert milestone_of(only(view_of(placed(), asn, there).lines), "arrived").done


def test_while_a_receipt_is_posted_in_pieces_nothing_is_short_that_another_system_has_seen():
    asn = shipped("7764", ship("1", 100), at=day(10))
    dock = received("W1", receipt("1", 40), at=day(15)), received("W2", receipt("1", 60), at=day(16))
    first = received("E1", receipt("1", 40), at=day(17), witness="erp")
    view = view_of(placed(), asn, *dock, first)
    assert only(view.lines).received == 40
    assert "received_short" not in findings(view)


def test_one_difference_of_two_systems_is_one_case():
    asn = shipped("7764", ship("1", 100), at=day(10))
    dock = received("W1", receipt("1", 100), at=day(15))
    posted = received("E1", receipt("1", 90), at=day(17), witness="erp")
    told = findings(view_of(placed(), asn, dock, posted))
    assert {kind for kind in told if kind.startswith(("received", "mirror"))} == {"mirror_differs"}


def test_what_no_system_has_seen_is_short():
    asn = shipped("7764", ship("1", 100), at=day(10))
    dock = received("W1", receipt("1", 90), at=day(15))
    posted = received("E1", receipt("1", 90), at=day(17), witness="erp")
    assert findings(view_of(placed(), asn, dock, posted))["received_short"].gap == -10


def test_what_is_had_on_the_phone_is_not_posted():
    asn = shipped("7764", ship("1", 100), at=day(10))
    scanned = received("P1", receipt("1", 20), at=day(15), witness="phone")
    told = findings(view_of(placed(), asn, scanned, received("W1", receipt("1", 100))))["mirror_differs"]
    assert told.summary == "WMS received 100 CA of SKU-1042, the phone has 20"
    assert told.next_action == "Find out which is right, and correct the receipt of the phone or of WMS"


SAME = order_line("1", 60), order_line("2", 40)
"""One item wanted in two lines."""


@pytest.mark.parametrize(
    ("sizes", "shipped_each"),
    [([60, 40], (60, 40)), ([40, 60], (60, 40)), ([100], (60, 40)), ([30], (30, None)), ([130], (60, 70))],
)
@pytest.mark.parametrize("apart", [True, False])
def test_goods_of_an_item_on_two_lines_fill_one_line_after_the_other(sizes, shipped_each, apart):
    lines = [ship("", size) for size in sizes]
    notices = [shipped(f"N{n}", each, at=day(10 + n)) for n, each in enumerate(lines)]
    view = view_of(placed(*SAME), *(notices if apart else [shipped("N", *lines)]))
    assert tuple(line.shipped for line in view.lines) == shipped_each


def test_receipts_and_bills_of_an_item_on_two_lines_go_where_they_belong_and_are_taken_from_the_last():
    bills = invoiced("I1", bill("", 100)), invoiced("C1", bill("", 50), kind="credit", at=day(14))
    there = received("R1", receipt("", 100, damaged=D(5))), received("R2", receipt("", -10), at=day(17))
    view = view_of(placed(*SAME), *bills, *there)
    assert [(line.received, line.invoiced) for line in view.lines] == [(60, 50), (30, 0)]
    assert [line.damaged for line in view.lines] == [None, 5]


def test_a_mirror_that_names_no_line_is_compared_line_by_line():
    ownership = everywhere(receipt=(primary("wms-dal"), mirror("erp-1")))
    asn = shipped("N", ship("", 100))
    counted = told_by("wms-dal", received("R", receipt("1", 60), receipt("2", 40)))
    posted = told_by("erp-1", received("E", receipt("", 100), witness="erp"))
    view = view_under(ownership, placed(*SAME), asn, counted, posted)
    assert [only(line.mirrors).quantity for line in view.lines] == [60, 40]


# Words


def test_goods_of_a_cancelled_order_are_said_in_the_orders_sentence():
    asn = shipped("7764", ship("1", 100), at=day(3))
    assert sentence(placed(), asn, placed(at=day(4), purpose="cancel")) == (
        "Order 4500001 was cancelled. "
        "Acme shipped 100 CA of SKU-1042 on ASN 7764, though the line is cancelled."
    )


def test_what_came_in_of_a_cancelled_line_is_not_measured_against_nothing():
    told = findings(view_of(placed(), received("R", receipt("1", 100)), placed(at=day(4), purpose="cancel")))
    assert told["received_over"].summary == (
        "Dallas DC received 100 CA of SKU-1042, though the line is cancelled"
    )


def test_an_order_all_of_whose_lines_are_gone_is_said_to_be_cancelled():
    gone = changed(change("1", None, "delete"), at=day(4))
    answer = answered(answer_line("1", part("accepted", 100)), at=day(3))
    assert sentence(placed(), answer, gone) == "All lines of order 4500001 are cancelled."
    assert sentence(placed(), answer, closed("1")) == "What was open of order 4500001 was given up."


def test_a_short_closed_line_is_told_with_what_came():
    asn = shipped("7764", ship("1", 60), at=day(10))
    assert sentence(placed(), asn, received("R", receipt("1", 60)), closed("1")).startswith(
        "Dallas DC received 60 CA of SKU-1042"
    )


def test_the_supplier_speaks_only_where_he_spoke():
    named = "Documents speak of order 4500001, which we have not seen placed yet."
    assert sentence(changed(change("1", 80))) == named
    for told, start in (
        (received("R", receipt("1", 100)), named),
        (invoiced("I", bill("1", 100)), "Acme speaks"),
    ):
        view = view_of(told)
        said = status_sentence(view=view, findings=[], as_of=day(4), names=NAMES)
        assert said.startswith(start)
        assert sentence(told).endswith("but nobody has placed it here.")


# What stood when


def test_an_order_that_another_system_called_off_does_not_stand():
    order = placed()
    fates = standing([order, placed(at=day(4), purpose="cancel", witness="erp")], TestUnits())
    assert [each.how for each in fates if each.fact is order] == ["cancelled"]


def test_of_a_partner_whose_answers_add_no_answer_is_overruled():
    first = answered(answer_line("1", part("accepted", 60)), at=day(3))
    second = answered(answer_line("1", part("accepted", 40)), at=day(4))
    facts = [placed(), first, second]
    assert [each.how for each in standing(facts, TestUnits())][1] == "overruled"
    assert all(each.counts for each in standing(facts, TestUnits(), answers_add=True))
