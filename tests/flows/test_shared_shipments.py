"""Receipts and bills that name a shipment of several orders, but no order."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import ACME, PO, SECOND, SKU, TERMS, TestUnits, day, fact, order_line
from msgspec import structs
from owned import everywhere, mirror, primary, told_by, view_under

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


def billed(quantity: object, *, number: str = "I-1", at: int = 9, **more: Any) -> Fact:
    lines = (InvoiceLine(item=SKU, quantity=Decimal(str(quantity)), unit="CA", price=Decimal(2)),)
    named = {"shipment": "ASN-1", "supplier": ACME, "issued_at": day(at), "number": number, "lines": lines}
    return fact(InvoiceReceived(**(named | more)))


def told_each(field: str, *shared: Fact) -> tuple[Decimal | None, ...]:
    views = both(notice(shipped(PO, 30), shipped(OTHER, 50)), *shared, one=placed(PO), two=placed(OTHER))
    assert not [mirror for view in views for line in view.lines for mirror in line.mirrors if mirror.differs]
    return tuple(getattr(view.lines[0], field) for view in views)


def test_each_witness_is_divided_for_itself() -> None:
    posted = structs.replace(came(80, number="E-1"), id=UUID(int=1), message=UUID(int=1), witness="erp")
    assert told_each("received", came(80), posted) == (30, 50)


def test_receipts_that_name_the_notice_and_its_bill_of_lading_are_of_one_shipment() -> None:
    loaded = structs.replace(
        came(50, number="R-2").document, shipment="", bill_of_lading="BOL-1", issued_at=day(9)
    )
    assert told_each("received", came(30), fact(loaded, witness="wms")) == (30, 50)


@pytest.mark.parametrize(
    ("credited", "left"), [(80, (0, 0)), (20, (30, 30)), (60, (20, 0))], ids=["all", "a part", "of both"]
)
@pytest.mark.parametrize("at", [8, 12], ids=["dated before the bill", "after it"])
@pytest.mark.parametrize("corrects", ["", "I-1"])
def test_a_credit_note_takes_from_the_orders_what_was_billed_to_them(
    credited: int, left: tuple[int, int], at: int, corrects: str
) -> None:
    credit = billed(credited, number="C-1", kind="credit", at=at, corrects=corrects)
    assert tuple(each or 0 for each in told_each("invoiced", billed(80), credit)) == left


def test_what_goes_back_is_taken_from_the_orders_it_came_for() -> None:
    back = structs.replace(came(-60, number="R-2").document, issued_at=day(10))
    assert told_each("received", came(80), fact(back, witness="wms")) == (20, None)


def test_what_a_mirror_tells_of_a_shared_shipment_is_divided_too() -> None:
    ownership = everywhere(receipt=(primary("wms-dal"), mirror("erp-1")))
    posted = structs.replace(came(80, number="E-1"), id=UUID(int=1), message=UUID(int=1), witness="erp")
    facts = [
        notice(shipped(PO, 30), shipped(OTHER, 50)),
        told_by("wms-dal", came(80)),
        told_by("erp-1", posted),
    ]
    for ref, quantity in ((PO, 30), (OTHER, 50)):
        view = view_under(ownership, placed(ref), *facts, order=ref)
        assert [(each.quantity, each.differs) for each in view.lines[0].mirrors] == [(quantity, None)]
