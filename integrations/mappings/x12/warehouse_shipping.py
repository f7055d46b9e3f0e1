"""W06 and what goes with it: the ship notices of a warehouse (945) and towards one (943)."""

import datetime as dt
from dataclasses import dataclass, field

from integrations.mappings.x12 import codes
from integrations.mappings.x12 import codes_logistics as logistic
from integrations.mappings.x12.common import order_reference
from integrations.mappings.x12.logistics import LogisticHeader, carrier_of, moment_of, warn_at
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.values import start_of_day
from integrations.mappings.x12.warehouse_lines import ShippedLines, check_total, lines_of_issuer
from visibility.canonical.documents import OrderRef, Party, ShipmentNotified


@dataclass(slots=True)
class Shipping:
    """What the segments said. `own` is the depositor's order number, `order` the purchase order's.

    `position` is where the W06 stands, None without one.
    """

    lines: ShippedLines = field(default_factory=ShippedLines)
    header: LogisticHeader = field(default_factory=LogisticHeader)
    position: int | None = None
    own: str = ""
    order: str = ""
    number: str = ""
    date: dt.date | None = None
    carrier: str = ""
    vehicle: str = ""
    note: str = ""


def read_shipping(reader: SetReader) -> Shipping:
    """The segments of a 943 or 945."""
    shipping = Shipping()
    for row in reader.rows():
        tag = row[0]
        if tag == "W06":
            _begin(reader, shipping)
        elif tag == "W03":
            check_total(reader, [line.quantity for line in shipping.lines.lines], "units")
        elif tag == "W27":
            shipping.carrier = carrier_of(reader)
            shipping.vehicle = (reader.text(6) + reader.text(7))[:30]
        elif tag == "NTE":
            shipping.note = f"{shipping.note} {reader.text(2)}".strip()[:500]
        elif tag in {"LX", "W12"} or shipping.lines.started:
            shipping.lines.take(reader)
        else:
            shipping.header.take(reader)
    if shipping.position is None:
        reader.note_missing("W06", "the shipping advice has no W06 segment, so it has no number")
    return shipping


def _begin(reader: SetReader, shipping: Shipping) -> None:
    shipping.position = reader.position
    if reader.raw(1) == logistic.REPORT_EXERCISE:
        reader.note("error", "exercise", "W0601 K says that this is an exercise: nothing of it is used", 1)
    shipping.own, shipping.date = reader.identifier(2), reader.date(3)
    shipping.number = reader.identifier(4) or reader.identifier(5)
    shipping.order = reader.identifier(6)


def notice_of(
    reader: SetReader,
    shipping: Shipping,
    *,
    order: OrderRef | None,
    line_issuer: str,
    buyer: Party,
    supplier: Party,
    customer_order: str = "",
) -> ShipmentNotified:
    """The ship notice. Without a shipment's number it goes by the depositor's order number.

    `line_issuer`: in whose numbering lines name orders; empty: they name none of their own.
    """
    header, lines = shipping.header, lines_of_issuer(shipping.lines.lines, line_issuer)
    position = shipping.position or 0
    number = shipping.number or header.reference(codes.SHIPMENT_REFERENCES) or shipping.own
    if not number:
        warn_at(reader, position, "no_shipment_number", "W0604 and W0602 are empty: it has no number")
    if order is None and not any(line.order for line in lines):
        text = "it names no order (W0606, N9 PO, W0602): people have to say which it is for"
        warn_at(reader, position, "no_order", text)
    return ShipmentNotified(
        order=order,
        issued_at=start_of_day(shipping.date),
        buyer=buyer,
        supplier=supplier,
        ship_to=header.party(logistic.DESTINATION_PARTIES),
        note=shipping.note,
        number=number,
        shipped_at=moment_of(header, logistic.SHIPPED_ON) or start_of_day(shipping.date),
        estimated_at=moment_of(header, logistic.ARRIVES_ON),
        carrier=shipping.carrier,
        bill_of_lading=header.reference(codes.BILL_OF_LADING_REFERENCES),
        tracking=header.reference(codes.TRACKING_REFERENCES),
        vehicle=shipping.vehicle,
        customer_order=customer_order,
        lines=tuple(lines),
    )


def purchase_order(shipping: Shipping) -> str:
    """The purchase order's number: W0606, else N9 PO."""
    return shipping.order or shipping.header.reference(codes.ORDER_REFERENCES)


def own_order(number: str, issuer: str) -> OrderRef | None:
    """The order of that number in the issuer's numbering; None without a number."""
    return order_reference(number, issuer) if number else None
