"""Price lists, stocks and filed documents wait for no order; loads and freight bills find theirs by links."""

import pytest
from factories import connection, event, notice, open_cases, order, reference, tell, trace

from visibility.ledger.models import LedgerEntry
from visibility.ledger.uncorrelated import Which, count_waiting
from visibility.masterdata.models import Item

pytestmark = pytest.mark.django_db

LISTS = {
    "catalogue.published": {"number": "CAT-1", "lines": [{"item": {"vendor": "V-1"}, "price": "12.5"}]},
    "stock.reported": {"number": "INV-1", "lines": [{"item": {"vendor": "V-2"}, "quantity": "5"}]},
    "sales.reported": {"number": "S-1", "lines": [{"item": {"vendor": "V-3"}, "quantity": "5"}]},
    "schedule.published": {"number": "R-1", "lines": [{"item": {"vendor": "V-4"}}]},
    "document.filed": {"kind": "x12:864", "title": "text message", "references": ["PO:4500001"]},
    "document.advised": {"about": "order.placed", "verdict": "accepted"},
    "freight.billed": {"number": "F-1", "total": "310.00"},
}


@pytest.mark.parametrize("kind", LISTS)
def test_a_document_that_needs_no_order_is_recorded_and_waits_for_none(kind: str) -> None:
    at = connection()
    (done,) = tell(at, event(kind, LISTS[kind]))
    assert (done.status, done.entries, done.problems) == ("processed", 1, [])
    assert LedgerEntry.objects.get(company_id=at.company_id).type == kind
    assert count_waiting(which=Which(companies=[at.company_id])) == 0
    assert open_cases(at) == []


def test_a_price_list_makes_no_items() -> None:
    at = connection()
    tell(at, event("catalogue.published", LISTS["catalogue.published"]))
    assert not Item.objects.filter(company=at.company_id).exists()


@pytest.mark.parametrize("first", ["load", "order"])
def test_a_carriers_no_reaches_the_order_through_the_load_it_is_on(first: str) -> None:
    at = connection()
    ref = reference("4500001")
    said = [
        event("transport.tendered", {"number": "L-9", "stops": [{"does": "load", "orders": [ref]}]}),
        event("transport.tender_answered", {"shipment": "L-9", "carrier": "SWFT", "answer": "declined"}),
        order("4500001"),
    ]
    for each in said if first == "load" else said[::-1]:
        tell(at, each)
    life = trace("4500001", at=at)
    assert {entry["type"] for entry in life["entries"]} == {
        "order.placed",
        "transport.tendered",
        "transport.tender_answered",
    }
    assert ("tender_declined", "", "SWFT declined load L-9") in open_cases(at)


def test_a_freight_bill_joins_the_order_by_the_bill_of_lading_of_its_ship_notice() -> None:
    at = connection()
    tell(at, event("freight.billed", {"number": "F-1", "total": "310.00", "bill_of_lading": "BOL-1"}))
    tell(at, order("4500001"))
    tell(at, notice(bol="BOL-1"))
    life = trace("4500001", at=at)
    assert "freight.billed" in {entry["type"] for entry in life["entries"]}
    assert not life["order"].get("invoices")
