"""The timeline and the head of the flow page, in the words of operations."""

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

from visibility.canonical.documents import OrderReleased, TransportStatus
from visibility.flows.sentences import status_sentence, summarise
from visibility.triage.findings import Finding, Names

NAMES = Names(supplier="Acme Industries", ship_to="Dallas DC", zone="America/Los_Angeles")
D = Decimal


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (
            placed(order_line("1", 100, requests=(wanted(20),))),
            "Order 4500001 placed with Acme Industries: 100 CA of SKU-1042 for 20 Nov",
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
