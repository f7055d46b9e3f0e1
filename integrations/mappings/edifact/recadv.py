"""RECADV, receiving advice: what came in, and what of it was not fit."""

from decimal import Decimal

from integrations.mappings.edifact import codes
from integrations.mappings.edifact.common import buyers_side, envelope_party, issued_at
from integrations.mappings.edifact.lines import (
    LineGroup,
    Quantity,
    main_lines,
    note_no_order,
    read_body,
    read_orders,
)
from integrations.mappings.edifact.orders import read_purpose
from integrations.mappings.edifact.reader import MessageReader
from visibility.canonical.documents import AnyDocument, GoodsReceived, OrderRef, ReceiptLine


def map_recadv(reader: MessageReader) -> list[AnyDocument]:
    """The receipt. The buyer sends it to a supplier, or a warehouse to the buyer: the parties tell which."""
    body = read_body(reader)
    beginning = body.beginning
    if beginning is None:
        return []
    header = body.header
    side = buyers_side(reader, header, "sender")
    buyer = envelope_party(reader.message, side)
    lines = main_lines(reader, body.lines)
    orders = read_orders(reader, header.reference(codes.ORDER_REFERENCES), lines, buyer)
    shipment = header.reference(codes.SHIPMENT_REFERENCES)
    bill_of_lading = header.reference(codes.BILL_OF_LADING_REFERENCES)
    named = orders.order is not None or any(order for order, _ in orders.lines)
    if not (named or shipment or bill_of_lading):
        note_no_order(reader, "RFF", "receipt")
    return [
        GoodsReceived(
            order=orders.order,
            purpose=read_purpose(reader, beginning),
            issued_at=issued_at(header),
            buyer=header.party(codes.BUYER_PARTIES, buyer),
            supplier=header.party(codes.SUPPLIER_PARTIES),
            ship_to=header.party(codes.WAREHOUSE_PARTIES),
            units="rec20",
            number=beginning.number,
            received_at=header.moment(codes.RECEIVED_DATES) or issued_at(header),
            shipment=shipment,
            bill_of_lading=bill_of_lading,
            lines=tuple(
                _line(reader, line, placed) for line, placed in zip(lines, orders.lines, strict=True)
            ),
        )
    ]


def _line(reader: MessageReader, line: LineGroup, placed: tuple[OrderRef | None, str]) -> ReceiptLine:
    received = _received(line)
    reader.go(line.place)
    if received.value is None:
        text = "none of QTY+48, 194 and 195 stands in the line: it is not said how many came"
        reader.note("warning", "no_quantity", text)
    return ReceiptLine(
        line=placed[1],
        item=line.item(reader),
        quantity=received.value,
        unit=received.unit,
        order=placed[0],
        damaged=_damaged(line),
        lot=line.batch,
    )


def _received(line: LineGroup) -> Quantity:
    """All that came: as said (48), else what was taken (194) with what was not (195, 196)."""
    received = line.quantity(codes.RECEIVED_QUANTITIES)
    if received.value is not None:
        return received
    accepted = line.quantity(codes.ACCEPTED_QUANTITIES)
    refused = [line.quantities[kind] for kind in codes.NOT_ACCEPTED_QUANTITIES if kind in line.quantities]
    if accepted.value is None and not refused:
        return Quantity()
    said = (accepted, *refused)
    values = [each.value for each in said if each.value is not None]
    return Quantity(sum(values, Decimal(0)), next((each.unit for each in said if each.unit), ""))


def _damaged(line: LineGroup) -> Decimal | None:
    """What is not fit for stock: refused or damaged quantities, else what a variance says came damaged."""
    bad = [
        line.quantities[kind].value or Decimal(0)
        for kind in codes.DAMAGED_QUANTITIES
        if kind in line.quantities
    ]
    if not bad:
        bad = [
            abs(each.amount)
            for each in line.variances
            if each.amount is not None and each.code in codes.DAMAGED_DISCREPANCIES
        ]
    return sum(bad, Decimal(0)) or None
