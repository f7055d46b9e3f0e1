"""894, delivery or return base record: what a supplier brought to a door, or took back from it.

A delivery is what the supplier says it shipped, so it is a ship notice: what was received is the receiver's
to say. Goods taken back undo a receipt that is not named.
"""

import datetime as dt
from decimal import Decimal

from integrations.mappings.x12 import codes_money
from integrations.mappings.x12.common import Header, envelope_party, order_reference, read_item_codes
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.values import start_of_day
from visibility.canonical.documents import (
    AnyDocument,
    GoodsReceived,
    Item,
    Party,
    ReceiptLine,
    ShipLine,
    ShipmentNotified,
)

_DUNS = "1"


class _Beginning:
    """G82: delivery or return, number, the two companies and places, date, order."""

    def __init__(self, reader: SetReader) -> None:
        self.flag = reader.raw(1)
        self.number = reader.identifier(2)
        if not self.number:
            reader.note("error", "no_shipment_number", "G8202 is empty: the delivery has no number", 2)
        if self.flag not in {codes_money.DELIVERED, codes_money.TAKEN_BACK}:
            text = f"G8201 is {self.flag[:20]!r}: neither D (delivered) nor C (taken back)"
            reader.note("error", "no_direction", text, 1)
        self.receiver, self.place = reader.identifier(3), reader.identifier(4)
        self.supplier = reader.identifier(5)
        self.date: dt.date | None = reader.date(7)
        self.order = reader.identifier(9)


class _Line:
    """G83: quantity, item, what the cash register calls it."""

    def __init__(self, reader: SetReader) -> None:
        self.line = reader.identifier(1)
        self.quantity: Decimal | None = reader.quantity(2)
        self.unit = reader.unit(3)
        shelf, case = reader.identifier(4), reader.identifier(7)
        item = read_item_codes(reader, 5, 6).item
        other = read_item_codes(reader, 11, 12).item
        # Shelf and case codes have no check digit, so they are no GTINs: the supplier's own numbers.
        vendor = item.vendor or other.vendor or shelf or case
        self.item = Item(
            buyer=item.buyer or other.buyer,
            vendor=vendor,
            gtin=item.gtin or other.gtin,
            description=reader.text(10),
        )


def map_894(reader: SetReader) -> list[AnyDocument]:
    """The delivery as a ship notice, the return as a receipt undone."""
    beginning: _Beginning | None = None
    header, lines = Header(), list[_Line]()
    for row in reader.rows():
        tag = row[0]
        if tag == "G82":
            beginning = _Beginning(reader)
        elif tag == "G83":
            lines.append(_Line(reader))
        elif not lines:
            header.take(reader)
    if beginning is None:
        reader.note_missing("G82", "the delivery has no G82 segment, so it has no number")
        return []
    issuer = envelope_party(reader.transaction, "receiver")
    number = beginning.order or header.reference(("PO",))
    order = order_reference(number, issuer) if number else None
    supplier = _party(envelope_party(reader.transaction, "sender"), beginning.supplier)
    buyer, place = _party(issuer, beginning.receiver), _party("", beginning.place, "92")
    if beginning.flag == codes_money.TAKEN_BACK:
        return [
            GoodsReceived(
                order=order,
                issued_at=start_of_day(beginning.date),
                buyer=buyer,
                supplier=supplier,
                ship_to=place,
                number=beginning.number,
                reversal=True,
                received_at=start_of_day(beginning.date),
                lines=tuple(
                    ReceiptLine(line=line.line, item=line.item, quantity=line.quantity, unit=line.unit)
                    for line in lines
                ),
            )
        ]
    return [
        ShipmentNotified(
            order=order,
            issued_at=start_of_day(beginning.date),
            buyer=buyer,
            supplier=supplier,
            ship_to=place,
            number=beginning.number,
            shipped_at=start_of_day(beginning.date),
            lines=tuple(
                ShipLine(line=line.line, item=line.item, quantity=line.quantity, unit=line.unit)
                for line in lines
            ),
        )
    ]


def _party(scope: str, number: str, qualifier: str = _DUNS) -> Party:
    ids = (scope, f"{qualifier}:{number}" if number else "")
    return Party(ids=tuple(each for each in ids if each))
