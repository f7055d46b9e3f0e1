"""Receipts and bills that name a shipment of several orders, but no order."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import ACME, PO, SECOND, SKU, TERMS, TestUnits, day, fact, order_line

from visibility.canonical.documents import (
    GoodsReceived,
    InvoiceLine,
    InvoiceReceived,
    Item,
    OrderPlaced,
    OrderRef,
    ReceiptLine,
    ShipLine,
    ShipmentNotified,
)
from visibility.flows.projector import derive
from visibility.flows.state import Fact

OTHER = OrderRef(number="4500002", issuer="ZZ:NORTHGATE")


def shipped(order: OrderRef, quantity: object, item: Item = SKU, line: str = "1") -> ShipLine:
    return ShipLine(line=line, item=item, quantity=Decimal(str(quantity)), unit="CA", order=order)


def notice(*lines: ShipLine) -> Fact:
    document = ShipmentNotified(
        number="ASN-1", bill_of_lading="BOL-1", supplier=ACME, issued_at=day(5), lines=lines
    )
    return fact(document)


def came(quantity: object, item: Item = SKU, *, number: str = "R-1", **more: Any) -> Fact:
    lines = (ReceiptLine(item=item, quantity=Decimal(str(quantity)), unit="CA", **more),)
    named = GoodsReceived(number=number, shipment="ASN-1", issued_at=day(8), received_at=day(8), lines=lines)
    return fact(named, witness="wms")


def placed(order: OrderRef, *lines: Any) -> Fact:
    return fact(OrderPlaced(order=order, supplier=ACME, issued_at=day(1), lines=lines or (order_line(),)))


def both(*shared: Fact, one: Fact, two: Fact) -> tuple[Any, Any]:
    """The views of both orders, each of its own order and all that the shipment's documents say."""
    return tuple(
        derive(facts=[own, *shared], terms=TERMS, units=TestUnits(), order=ref)
        for own, ref in ((one, PO), (two, OTHER))
    )  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("arrived", "first", "second"),
    [(30, "30", None), (50, "30", "20"), (80, "30", "50"), (90, "30", "60"), (0, "0", "0")],
    ids=["all of the first", "the second in part", "both", "more than was sent", "nothing"],
)
def test_what_came_is_given_to_the_orders_as_the_notice_lists_them(
    arrived: int, first: str | None, second: str | None
) -> None:
    views = both(
        notice(shipped(PO, 30), shipped(OTHER, 50)), came(arrived), one=placed(PO), two=placed(OTHER)
    )
    for view, expected in zip(views, (first, second), strict=True):
        (line,) = view.lines
        assert line.received == (Decimal(expected) if expected is not None else None)


def test_an_item_of_one_order_does_not_appear_in_the_other() -> None:
    one, two = both(
        notice(shipped(PO, 30), shipped(OTHER, 50, SECOND)),
        came(30),
        came(50, SECOND, number="R-2"),
        one=placed(PO),
        two=placed(OTHER, order_line(item=SECOND)),
    )
    assert [(line.item.buyer, line.received) for line in one.lines] == [("SKU-1042", Decimal(30))]
    assert [(line.item.buyer, line.received) for line in two.lines] == [("SKU-1051", Decimal(50))]


def test_an_item_that_the_notice_does_not_have_is_a_line_of_its_first_order_only() -> None:
    one, two = both(
        notice(shipped(PO, 30), shipped(OTHER, 50)), came(5, SECOND), one=placed(PO), two=placed(OTHER)
    )
    assert [line.known for line in one.lines] == [True, False]
    assert [line.known for line in two.lines] == [True]


def test_a_bill_of_a_shared_shipment_is_divided_too() -> None:
    line = InvoiceLine(item=SKU, quantity=Decimal(80), unit="CA", price=Decimal("34.56"))
    bill = fact(InvoiceReceived(number="I-1", bill_of_lading="bol-1", issued_at=day(9), lines=(line,)))
    one, two = both(notice(shipped(PO, 30), shipped(OTHER, 50)), bill, one=placed(PO), two=placed(OTHER))
    assert (one.lines[0].invoiced, two.lines[0].invoiced) == (Decimal(30), Decimal(50))


def test_a_shipment_of_one_order_is_received_as_it_is_told() -> None:
    view = derive(
        facts=[placed(PO), notice(shipped(PO, 30)), came(35)], terms=TERMS, units=TestUnits(), order=PO
    )
    assert view.lines[0].received == Decimal(35)


@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=5),
    st.integers(1, 60),
    st.integers(1, 60),
    st.randoms(use_true_random=False),
)
def test_all_that_came_is_counted_once_over_both_orders_in_any_order_of_receipts(
    arrived: list[int], first: int, second: int, random: Any
) -> None:
    receipts = [came(quantity, number=f"R-{n}") for n, quantity in enumerate(arrived)]
    shared = [notice(shipped(PO, first), shipped(OTHER, second)), *receipts]
    views = both(*shared, one=placed(PO), two=placed(OTHER))
    total = sum((view.lines[0].received or Decimal(0) for view in views), Decimal(0))
    assert total == sum(arrived)
    assert (views[0].lines[0].received or 0) <= first
    random.shuffle(shared)
    assert both(*shared, one=placed(PO), two=placed(OTHER)) == views
