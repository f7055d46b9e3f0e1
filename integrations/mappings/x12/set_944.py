"""944, warehouse receipt: what came in.

Some warehouses leave out W1702 or W0703 and shift what follows one place to the left; where the elements
show it (a date in the number's place, a qualifier in the GTIN's) they are read where they stand.
"""

import datetime as dt
from decimal import Decimal

import msgspec

from integrations.mappings.x12 import codes, codes_logistics
from integrations.mappings.x12.common import (
    Header,
    check_line_count,
    envelope_party,
    order_reference,
    read_item_codes,
)
from integrations.mappings.x12.logistics import warn_at
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.values import read_date, read_gtin, read_moment, read_number
from integrations.mappings.x12.warehouse_lines import LINE_REFERENCES, check_total
from visibility.canonical.documents import AnyDocument, GoodsReceived, Item, OrderRef, ReceiptLine

_QUALIFIERS = frozenset(
    (*codes.BUYER_ITEM_IDS, *codes.VENDOR_ITEM_IDS, *codes.GTIN_ITEM_IDS, *codes.LOT_ITEM_IDS)
)
_LOT_ELEMENT = 8


class _Beginning:
    """W17: what kind of report, date, receipt number, the depositor's order number (our purchase order, or
    the number under which a customer's return was agreed), shipment, time."""

    def __init__(self, reader: SetReader) -> None:
        self.position = reader.position
        self.returned = reader.raw(1) == codes_logistics.CUSTOMER_RETURN
        if reader.raw(1) == codes_logistics.REPORT_EXERCISE:
            reader.note(
                "error", "exercise", "W1701 K says that this is an exercise: nothing of it is used", 1
            )
        self.order = reader.identifier(4)
        self.shipment = reader.identifier(5)
        second, third = reader.raw(2), reader.raw(3)
        if second and read_date(second) is None and read_date(third) is not None:
            text = f"W1702 is {second[:20]!r} and W1703 a date: they were taken for receipt number and date"
            reader.note("warning", "shifted_elements", text, 2)
            self.at, self.number = self._moment(reader, 3), reader.identifier(2)
        else:
            reader.date(2)
            self.at, self.number = self._moment(reader, 2), reader.identifier(3)

    def _moment(self, reader: SetReader, date: int) -> dt.datetime | None:
        return read_moment(reader.raw(date), reader.raw(7), "", reader.profile.time_zone)

    def order_of(self, number: str, issuer: str) -> OrderRef | None:
        """The order of that number in the depositor's numbering; None without a number."""
        if not number:
            return None
        return OrderRef(number=number, issuer=issuer, scheme="rma" if self.returned else "po")


class _Line:
    """One W07 loop while it is being read. `good` and `bad`: what W20 counts by condition."""

    def __init__(self, reader: SetReader) -> None:
        self.line = _read_received(reader)
        self.damaged = Decimal(0)
        self.good = Decimal(0)
        self.bad = Decimal(0)
        self.order = ""

    def take(self, reader: SetReader) -> None:
        tag = reader.row[0]
        if tag == "W13":
            quantity = reader.quantity(1)
            if quantity is not None and _is_damaged(reader.raw(3)):
                self.damaged += quantity
        elif tag == "W20":
            self._condition(reader)
        elif tag in {"N9", "REF"}:
            self._reference(reader)
        elif tag in {"G69", "PID"} and not self.line.item.description:
            text = reader.text(1 if tag == "G69" else 5)
            item = msgspec.structs.replace(self.line.item, description=text)
            self.line = msgspec.structs.replace(self.line, item=item)

    def _condition(self, reader: SetReader) -> None:
        """A W20 whose first element is a condition, not a pack, counts what is in it."""
        condition, quantity = reader.raw(1), read_number(reader.raw(2))
        if quantity is None:
            return
        if condition in codes.DAMAGED_CONDITIONS and not condition.isdecimal():
            self.bad += quantity
        elif condition in codes.GOOD_CONDITIONS:
            self.good += quantity

    def _reference(self, reader: SetReader) -> None:
        kind = reader.raw(1)
        if kind in codes.LOT_REFERENCES and not self.line.lot:
            self.line = msgspec.structs.replace(self.line, lot=reader.identifier(2))
        elif kind in codes.ORDER_REFERENCES:
            self.order = reader.identifier(2)
        elif kind in LINE_REFERENCES:
            self.line = msgspec.structs.replace(self.line, line=reader.identifier(2))

    def finish(self, issuer: str) -> ReceiptLine:
        """What arrived: the received quantity, or the sum of the conditions where that is more."""
        quantity = self.line.quantity
        if quantity is not None and self.bad and self.good + self.bad > quantity:
            quantity = self.good + self.bad
        return msgspec.structs.replace(
            self.line,
            quantity=quantity,
            damaged=(self.damaged + self.bad) or None,
            order=order_reference(self.order, issuer) if self.order else None,
        )


def _is_damaged(condition: str) -> bool:
    """Whether goods in this condition (element 412) came in, but are not fit for stock."""
    return condition in codes.DAMAGED_CONDITIONS or codes_logistics.CONDITIONS.get(condition) == "damaged"


def _read_received(reader: SetReader) -> ReceiptLine:
    quantity, unit = reader.quantity(1), reader.unit(2)
    if reader.raw(3) in _QUALIFIERS and reader.raw(4) not in _QUALIFIERS:
        reader.note("warning", "shifted_elements", "W0703 is a qualifier: the ids were read from there", 3)
        found = read_item_codes(reader, 3, 6)
    else:
        found = read_item_codes(reader, 4, _LOT_ELEMENT - 1)
    item = found.item
    if not item.gtin and reader.raw(3):
        gtin = read_gtin(reader.raw(3)) or ""
        item = Item(buyer=item.buyer, vendor=item.vendor, gtin=gtin)
    return ReceiptLine(
        item=item, quantity=quantity, unit=unit, lot=found.lot or reader.identifier(_LOT_ELEMENT)
    )


def map_944(reader: SetReader) -> list[AnyDocument]:
    """The receipt. It needs something that ties it to an order: the order itself, a shipment or a bill."""
    header = Header()
    lines: list[_Line] = []
    beginning: _Beginning | None = None
    for row in reader.rows():
        tag = row[0]
        if tag == "W17":
            beginning = _Beginning(reader)
        elif tag == "W07":
            lines.append(_Line(reader))
        elif tag == "CTT":
            check_line_count(reader, len(lines), "lines")
        elif tag == "W14":
            check_total(reader, [line.line.quantity for line in lines], "units")
        elif lines:
            lines[-1].take(reader)
        else:
            header.take(reader)
    if beginning is None:
        reader.note_missing("W17", "the receipt has no W17 segment, so it has no number")
        return []
    return [_document(reader, beginning, header, lines)]


def _document(reader: SetReader, beginning: _Beginning, header: Header, lines: list[_Line]) -> GoodsReceived:
    issuer = envelope_party(reader.transaction, "receiver")
    received = [line.finish(issuer) for line in lines]
    number = beginning.order or header.reference(codes.ORDER_REFERENCES)
    shipment = beginning.shipment or header.reference(codes.SHIPMENT_REFERENCES)
    bill_of_lading = header.reference(codes.BILL_OF_LADING_REFERENCES)
    if not (number or shipment or bill_of_lading or any(line.order for line in received)):
        text = "the receipt names no order (W1704, N9 PO), no shipment (W1705) and no bill of lading (N9 BM)"
        warn_at(reader, beginning.position, "no_order", text)
    return GoodsReceived(
        order=beginning.order_of(number, issuer),
        issued_at=beginning.at,
        buyer=header.party(codes.BUYER_PARTIES, issuer),
        supplier=header.party(codes.SUPPLIER_PARTIES),
        ship_to=header.party(codes.WAREHOUSE_PARTIES),
        number=beginning.number,
        received_at=beginning.at,
        shipment=shipment,
        bill_of_lading=bill_of_lading,
        lines=tuple(received),
    )
