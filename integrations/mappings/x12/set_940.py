"""940, warehouse shipping order: what a depositor has its warehouse ship."""

from decimal import Decimal

import msgspec

from integrations.mappings.x12 import codes
from integrations.mappings.x12 import codes_logistics as logistic
from integrations.mappings.x12.common import envelope_party, read_item_codes
from integrations.mappings.x12.logistics import LogisticHeader, carrier_of, shipped_order
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.units import KNOWN_UNITS
from integrations.mappings.x12.values import read_gtin, read_number
from integrations.mappings.x12.warehouse_lines import LINE_REFERENCES, check_total
from visibility.canonical.documents import AnyDocument, Item, Line, Purpose, WarehouseOrder


class _Order:
    """The order while it is being read."""

    def __init__(self, reader: SetReader) -> None:
        self.reader = reader
        self.header = LogisticHeader()
        self.found = False
        self.purpose: Purpose = "original"
        self.number = ""
        self.order = ""
        self.carrier = ""
        self.note = ""
        self.lines: list[Line] = []

    def take(self, tag: str) -> None:
        """Keep what the present segment says."""
        reader = self.reader
        if tag == "W05":
            self._begin()
        elif tag == "W66":
            self.carrier = carrier_of(reader)
        elif tag == "NTE":
            self.note = f"{self.note} {reader.text(2)}".strip()[:500]
        elif tag == "W01":
            self.lines.append(_line(reader))
        elif tag == "W76":
            check_total(reader, [line.quantity for line in self.lines], "units")
        elif self.lines:
            self._detail(tag)
        else:
            self.header.take(reader)

    def _begin(self) -> None:
        reader = self.reader
        self.found = True
        if reader.raw(1) == logistic.ORDER_EXERCISE:
            reader.note(
                "error", "exercise", "W0501 X says that this is an exercise: nothing of it is used", 1
            )
        self.purpose = reader.code(1, logistic.ORDER_STATUSES, "order_status") or "original"
        self.number, self.order = reader.identifier(2), reader.identifier(3)
        if not self.number:
            reader.note("error", "no_number", "W0502 is empty: the order to the warehouse has no number", 2)

    def _detail(self, tag: str) -> None:
        reader, line = self.reader, self.lines[-1]
        if tag == "G69" and not line.item.description:
            item = msgspec.structs.replace(line.item, description=reader.text(1))
            self.lines[-1] = msgspec.structs.replace(line, item=item)
        elif tag == "N9" and reader.raw(1) in LINE_REFERENCES:
            self.lines[-1] = msgspec.structs.replace(line, line=reader.identifier(2))


def _line(reader: SetReader) -> Line:
    """The present W01. One that leaves W0101 out and shifts quantity and unit shows it by the unit."""
    quantity: Decimal | None
    if not reader.raw(1) and read_number(reader.raw(2)) is not None and reader.raw(3) in KNOWN_UNITS:
        reader.note("warning", "shifted_elements", "W0101 is empty: quantity and unit were read behind it", 1)
        quantity, unit, case = reader.quantity(2), reader.unit(3), None
    else:
        quantity, unit = reader.quantity(1), reader.unit(2)
        case = read_gtin(reader.raw(3)) if reader.raw(3) else None
    item, more = read_item_codes(reader, 4, 7).item, read_item_codes(reader, 15, 18).item
    item = Item(
        buyer=item.buyer or more.buyer,
        vendor=item.vendor or more.vendor,
        gtin=item.gtin or more.gtin or case or "",
    )
    return Line(item=item, quantity=quantity, unit=unit)


def map_940(reader: SetReader) -> list[AnyDocument]:
    """The order to the warehouse, (whose order it is: see `shipped_order`)."""
    order = _Order(reader)
    for row in reader.rows():
        order.take(row[0])
    if not order.found:
        reader.note_missing("W05", "the order to the warehouse has no W05 segment, so it has no number")
        return []
    depositor = envelope_party(reader.transaction, "sender")
    header = order.header
    number = order.order or header.reference(codes.ORDER_REFERENCES)
    return [
        WarehouseOrder(
            order=shipped_order(order.number, customers=number, depositor=depositor, header=header),
            purpose=order.purpose,
            buyer=header.party(logistic.DEPOSITOR_PARTIES, depositor),
            supplier=header.party(("WH",), envelope_party(reader.transaction, "receiver")),
            ship_to=header.party(logistic.DESTINATION_PARTIES),
            note=order.note,
            number=order.number,
            customer_order=number,
            shipment=header.reference(codes.SHIPMENT_REFERENCES),
            carrier=order.carrier,
            ship_on=header.date(logistic.SHIP_DATES),
            deliver_on=header.date(logistic.DELIVERY_DATES),
            lines=tuple(order.lines),
        )
    ]
