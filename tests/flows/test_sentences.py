"""The timeline and the head of the flow page, in the words of operations."""

import datetime as dt
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

from visibility.canonical.documents import Item, OrderReleased, TransportStatus
from visibility.flows import words
from visibility.flows.sentences import status_sentence, summarise
from visibility.triage.findings import Finding, Names

NAMES = Names(supplier="Acme Industries", ship_to="Dallas DC", zone="America/Los_Angeles")
D = Decimal


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (
            placed(order_line("1", 100, requests=(wanted(20),))),
            "Order 4500001 placed with Acme Industries: 100 CA of SKU-1042, $3,456.00, wanted 20 Nov",
        ),
        (
            placed(purpose="cancel"),
            "Order 4500001 cancelled",
        ),
        (invoiced("INV-1", purpose="cancel"), "Invoice INV-1 cancelled"),
        (fact(OrderReleased(order=PO)), "Order 4500001 sent to Acme Industries"),
        (changed(change("1", 80, unit="CA")), "Order 4500001 changed: SKU-1042 changed to 80 CA"),
        (changed(change("1", op="delete")), "Order 4500001 changed: SKU-1042 cancelled"),
        (
            answered(answer_line("1", part("accepted", 60, date=day(30).date()), quantity=D(100))),
            "Acme Industries confirmed 60 of 100 CA of SKU-1042 for 30 Nov",
        ),
        (
            answered(answer_line("1", part("accepted", 60), part("backordered", 40, date=day(30).date()))),
            "Acme Industries confirmed 60 CA of SKU-1042, backordered 40 for 30 Nov",
        ),
        (answered(answer_line("1", part("rejected"))), "Acme Industries rejected SKU-1042"),
        (answered(coverage="accepted"), "Acme Industries accepted the whole order"),
        (
            shipped("7764", ship("1", 40, item=SECOND), estimated_at=day(25)),
            "Acme Industries shipped 40 CA of SKU-1051 on ASN 7764, ETA 25 Nov",
        ),
        (
            fact(TransportStatus(shipment="7764", status="delayed", estimated_at=day(27), reason="snow")),
            "Shipment 7764 is delayed (snow), ETA 27 Nov",
        ),
        (
            received("R1", receipt("1", 40, damaged=D(0))),
            "Dallas DC received 40 CA of SKU-1042, none damaged",
        ),
        (received("R1", receipt("1", 40, damaged=D(3))), "Dallas DC received 40 CA of SKU-1042, 3 damaged"),
        (
            invoiced("INV-30977", bill("1", 100), total=D("3456.00"), currency="USD"),
            "Invoice INV-30977, $3,456.00",
        ),
        (invoiced("CR-1", kind="credit", total=D("-34.5"), currency="CAD"), "Credit note CR-1, −34.50 CAD"),
        (closed("1"), "The open rest of line 1 given up"),
        (
            changed(change("1", delta=D(-20), unit="CA"), whole=True),
            "Order 4500001 changed: 20 CA less of SKU-1042; all other lines cancelled",
        ),
        (changed(version="2", purpose="cancel"), "Order change 2 cancelled"),
        (
            shipped("7765", ship("1", 40), replaces="7764"),
            "Acme Industries shipped 40 CA of SKU-1042 on ASN 7765 in place of 7764",
        ),
        (
            received("R2", receipt("1", -20), reverses="R1"),
            "Dallas DC took back 20 CA of SKU-1042 of receipt R1",
        ),
        (received("R2", reverses="R1"), "Dallas DC took back receipt R1"),
        (received("R2", receipt("1", -20)), "Dallas DC took back 20 CA of SKU-1042"),
        (
            invoiced("CR-1", kind="credit", corrects="INV-1", total=D(-5), currency="USD"),
            "Credit note CR-1 for invoice INV-1, −$5.00",
        ),
        (
            fact(TransportStatus(shipment="7764", status="arrived", purpose="cancel")),
            "Status of shipment 7764 cancelled",
        ),
    ],
)
def test_an_entry_is_told_in_one_sentence(told, sentence):
    assert summarise(document=told.document, names=NAMES) == sentence


def test_names_fall_back_to_what_the_document_says():
    nobody = Names()
    answer = answered(answer_line("1", part("accepted", 60)))
    assert summarise(document=answer.document, names=nobody).startswith("Acme Industries confirmed")
    unnamed = fact(OrderReleased(order=PO))
    assert summarise(document=unnamed.document, names=nobody) == "Order 4500001 sent to the supplier"


THIRD = Item(buyer="SKU-1063")
FOURTH = Item(buyer="SKU-1090")


def four_lines():
    return placed(
        order_line("10", 100, requests=(wanted(30),)),
        order_line("20", 40, item=SECOND),
        order_line("30", 30, item=THIRD),
        order_line("40", 16, item=FOURTH),
    )


def answered_all(first):
    return answered(
        first,
        answer_line("20", part("accepted", 40), item=SECOND),
        answer_line("30", part("accepted", 30), item=THIRD),
        answer_line("40", part("accepted"), item=FOURTH),
    )


@pytest.mark.parametrize(
    ("first", "sentence"),
    [
        (part("accepted", 60), "confirmed 60 of 100 CA of SKU-1042 and 3 lines as ordered"),
        (part("accepted", 100, date=day(28).date(), basis="dock"), "confirmed all 4 lines as ordered"),
        (
            part("accepted", 100, date=day(30).date() + dt.timedelta(days=4), basis="dock"),
            "confirmed 100 CA of SKU-1042 for 4 Dec and 3 lines as ordered",
        ),
        (part("rejected", 100), "rejected all 100 CA of SKU-1042; confirmed 3 lines as ordered"),
        (
            part("accepted", 60, rest="backordered"),
            "confirmed 60 of 100 CA of SKU-1042, backordered the rest; confirmed 3 lines as ordered",
        ),
    ],
)
def test_an_answer_to_many_lines_tells_what_differs_from_the_order_and_counts_the_rest(first, sentence):
    answer = answered_all(answer_line("10", first))
    view = view_of(four_lines(), answer)
    told = summarise(document=answer.document, names=NAMES, ordered=view.lines)
    assert told == f"Acme Industries {sentence}"


def test_without_the_order_the_answers_own_copy_of_it_is_compared():
    answer = answered_all(answer_line("10", part("accepted", 60), quantity=D(100)))
    told = summarise(document=answer.document, names=NAMES)
    assert told == "Acme Industries confirmed 60 of 100 CA of SKU-1042 and 3 lines as ordered"


def test_many_differences_are_counted():
    answer = answered(
        answer_line("10", part("accepted", 60)),
        answer_line("20", part("rejected", 40), item=SECOND),
        answer_line("30", part("accepted", 20), item=THIRD),
        answer_line("40", part("accepted", 16), item=FOURTH),
    )
    view = view_of(four_lines(), answer)
    assert summarise(document=answer.document, names=NAMES, ordered=view.lines) == (
        "Acme Industries rejected 1 line, answered 2 otherwise than ordered, confirmed 1 as ordered"
    )


def test_another_price_is_not_as_ordered():
    answer = answered_all(answer_line("10", part("accepted", 100), price=D("36.00")))
    order = four_lines()
    told = summarise(document=answer.document, names=NAMES, ordered=view_of(order, answer).lines)
    assert "SKU-1042, at $36.00 instead of $34.56; confirmed 3 lines as ordered" in told


def test_a_shipment_of_less_than_a_line_is_told_against_the_order():
    order, asn = four_lines(), shipped("7781", ship("30", 28, item=THIRD))
    told = summarise(document=asn.document, names=NAMES, ordered=view_of(order, asn).lines)
    assert told == "Acme Industries shipped 28 of 30 CA of SKU-1063 on ASN 7781"


@pytest.mark.parametrize(
    ("amount", "told"),
    [("2514.000", "$2,514.00"), ("31.4250", "$31.425"), ("1E+3", "$1,000.00"), ("-34.5", "−$34.50")],
)
def test_money_has_no_more_decimals_than_it_needs(amount, told):
    assert words.money(D(amount), "USD") == told


def said(*facts, findings=(), as_of=None):
    return status_sentence(view=view_of(*facts), findings=list(findings), as_of=as_of or day(3), names=NAMES)


def test_the_head_of_a_flow_leads_with_the_worst_finding():
    low = Finding(kind="a", severity="low", summary="A trifle")
    high = Finding(kind="b", severity="high", summary="Acme Industries confirmed 60 of 100 CA; 40 open")
    assert (
        said(placed(), findings=[low, high])
        == "Acme Industries confirmed 60 of 100 CA; 40 open. 1 more exception."
    )


def test_without_findings_it_says_what_is_late_else_how_far_it_is():
    order = placed(order_line("1", 100, requests=(wanted(20),)))
    answer = answered(answer_line("1", part("accepted", 100)))
    asn = shipped("7764", ship("1", 100), estimated_at=day(18))
    assert said(order) == "With Acme Industries, not yet answered; answer due 4 Nov."
    assert said(order, answer) == "Acme Industries confirmed 100 CA of SKU-1042; shipment due 20 Nov."
    assert (
        said(order, answer, as_of=day(23)) == "Acme Industries has not told of a full shipment; due 20 Nov."
    )
    assert (
        said(order, answer, asn, as_of=day(11))
        == "Acme Industries shipped 100 CA of SKU-1042; expected 18 Nov."
    )
    done = [order, answer, asn, received("R", receipt("1", 100)), invoiced("I", bill("1", 100))]
    assert said(*done, as_of=day(25)) == "100 CA of SKU-1042 received, billed and matched."
    assert said(asn) == "Acme Industries speaks of order 4500001, which we have not seen placed yet."
    assert said(order, placed(at=day(5), purpose="cancel")) == "Order 4500001 was cancelled."


def test_the_head_of_a_flow_names_the_line_that_is_late_beside_the_exceptions():
    order = placed(
        order_line("10", 100, requests=(wanted(30),)),
        order_line("20", 40, item=SECOND, requests=(wanted(20),)),
    )
    answer = answered(
        answer_line("10", part("accepted", 60)), answer_line("20", part("accepted"), item=SECOND)
    )
    short = Finding(kind="confirmed_short", severity="low", line="10", summary="Acme confirmed 60 of 100 CA")
    assert said(order, answer, findings=[short], as_of=day(18)) == "Acme confirmed 60 of 100 CA."
    assert (
        said(order, answer, findings=[short], as_of=day(23))
        == "Acme confirmed 60 of 100 CA. Line 20 has not shipped."
    )
    whole = Finding(kind="acknowledgement_overdue", severity="high", summary="Nobody answered")
    assert said(order, answer, findings=[whole, short], as_of=day(23)) == "Nobody answered. 1 more exception."


def test_two_lines_as_ordered_are_both_and_items_are_called_as_the_order_calls_them():
    order = placed(order_line("1", 48, item=Item(buyer="SKU-3310", vendor="KL310-55")), order_line("2", 40))
    theirs = Item(vendor="KL310-55")
    both = answered(answer_line("1", part("accepted", 48), item=theirs), answer_line("2", part("accepted")))
    one = answered(answer_line("1", part("rejected", 48), item=theirs), answer_line("2", part("accepted")))
    asn = shipped("7", ship("1", 48, item=theirs))
    told = [
        summarise(document=each.document, names=NAMES, ordered=view_of(order, each).lines)
        for each in (both, one, asn)
    ]
    assert told == [
        "Acme Industries confirmed both lines as ordered",
        "Acme Industries rejected all 48 CA of SKU-3310; confirmed 1 line as ordered",
        "Acme Industries shipped 48 CA of SKU-3310 on ASN 7",
    ]


def test_an_expected_day_without_a_time_is_that_day_west_of_greenwich_too():
    order = placed(order_line("1", 100, requests=(wanted(20),)))
    answer = answered(answer_line("1", part("accepted", 100)))
    asn = shipped("7764", ship("1", 100), estimated_at=day(18).replace(hour=0))
    assert said(order, answer, asn, as_of=day(11)).endswith("; expected 18 Nov.")
