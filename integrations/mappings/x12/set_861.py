"""861, receiving advice: what came in, in what condition."""

from decimal import Decimal

import msgspec

from integrations.mappings.x12 import codes
from integrations.mappings.x12 import codes_logistics as logistic
from integrations.mappings.x12.common import Header, check_line_count, order_reference, read_item_codes
from integrations.mappings.x12.logistics import buyers_side, warn_at
from integrations.mappings.x12.notes import SetReader
from visibility.canonical.documents import AnyDocument, GoodsReceived, ReceiptLine

# Elements of the five quantities in question of an RCD: quantity, unit, condition.
_QUESTIONED = (6, 9, 12, 15, 18)
_RECEIVED = ("050", "035", "002")


class _Line:
    """One RCD loop. `order`: number and release as the loop names them."""

    def __init__(self, reader: SetReader) -> None:
        self.order = ("", "")
        self.own = reader.identifier(1)
        self.line = _read_condition(reader)

    def take(self, reader: SetReader) -> None:
        """Keep the present segment of the loop: LIN, PID, PRF, REF."""
        tag = reader.row[0]
        if tag == "LIN":
            found = read_item_codes(reader, 2)
            self.line = msgspec.structs.replace(
                self.line, line=reader.identifier(1), item=found.item, lot=found.lot
            )
            if found.order and not self.order[0]:
                self.order = (found.order, "")
        elif tag == "PID" and not self.line.item.description:
            item = msgspec.structs.replace(self.line.item, description=reader.text(5))
            self.line = msgspec.structs.replace(self.line, item=item)
        elif tag == "PRF":
            self.order = (reader.identifier(1), reader.identifier(2))
        elif tag == "REF" and reader.raw(1) in codes.ORDER_REFERENCES and not self.order[0]:
            self.order = (reader.identifier(2), "")
        elif tag == "REF" and reader.raw(1) in codes.LOT_REFERENCES and not self.line.lot:
            self.line = msgspec.structs.replace(self.line, lot=reader.identifier(2))

    def finish(self, issuer: str, whole: tuple[str, str]) -> ReceiptLine:
        """The line; its own number where nothing else says which it is; its order where it is another."""
        number, release = self.order
        order = order_reference(number, issuer, release) if number and self.order != whole else None
        nameless = self.line.item == ReceiptLine().item and not self.line.line
        return msgspec.structs.replace(self.line, line=self.own if nameless else self.line.line, order=order)


def _read_condition(reader: SetReader) -> ReceiptLine:
    """RCD: received, returned, in question. What was returned or is damaged came in, but is not for stock.

    Quantities that are short never came: they are not counted. Returned and damaged may be the same units,
    so the larger counts.
    """
    received, unit = reader.quantity(2), _unit(reader, 3)
    returned = reader.quantity(4)
    damaged = Decimal(0)
    for element in _QUESTIONED:
        quantity = reader.quantity(element) if element < len(reader.row) else None
        if quantity is None:
            continue
        unit = unit or _unit(reader, element + 1)
        if reader.code(element + 2, logistic.CONDITIONS, "condition") == "damaged":
            damaged += quantity
    damaged = max(damaged, returned or Decimal(0))
    unit = unit or _unit(reader, 5)
    quantity = received if received is None or received >= damaged else damaged
    if received is None and damaged:
        quantity = damaged
    return ReceiptLine(quantity=quantity, unit=unit, damaged=damaged or None)


def _unit(reader: SetReader, element: int) -> str:
    """A composite unit of measure (C001) by its first component."""
    component = reader.transaction.group.interchange.delimiters.component
    if component in reader.raw(element):
        reader.row[element] = reader.row[element].split(component)[0]
    return reader.unit(element)


def map_861(reader: SetReader) -> list[AnyDocument]:
    """The receipt, by the number of the receiving advice (BRA01)."""
    header, lines = Header(), list[_Line]()
    start: int | None = None
    whole = ("", "")
    for row in reader.rows():
        tag = row[0]
        if tag == "BRA":
            start = reader.position
        elif tag == "RCD":
            lines.append(_Line(reader))
        elif tag == "CTT":
            check_line_count(reader, len(lines), "lines")
        elif lines:
            lines[-1].take(reader)
        elif tag == "PRF":
            whole = (reader.identifier(1), reader.identifier(2))
        else:
            header.take(reader)
    if start is None:
        reader.note_missing("BRA", "the receiving advice has no BRA segment, so it has no number")
        return []
    return [_document(reader, start, header, lines, whole)]


def _document(
    reader: SetReader, start: int, header: Header, lines: list[_Line], whole: tuple[str, str]
) -> GoodsReceived:
    issuer = buyers_side(reader, header)
    whole = whole if whole[0] else (header.reference(codes.ORDER_REFERENCES), "")
    named = {line.order for line in lines}
    if not whole[0] and len(named) == 1:
        whole = named.pop()
    received = tuple(line.finish(issuer, whole) for line in lines)
    for _ in reader.rows(start, start + 1):
        told_at, number = reader.moment(2, 5), reader.identifier(1)
        purpose = reader.code(3, codes.PURPOSES, "purpose") or "original"
    shipment = header.reference((*codes.SHIPMENT_REFERENCES, *logistic.PACKING_LIST_REFERENCES))
    bill_of_lading = header.reference(codes.BILL_OF_LADING_REFERENCES)
    if not (whole[0] or shipment or bill_of_lading or any(line.order for line in received)):
        text = (
            "the receipt names no order (PRF, REF PO), no shipment and no bill of lading: people have to say"
        )
        warn_at(reader, start, "no_order", text)
    return GoodsReceived(
        order=order_reference(whole[0], issuer, whole[1]) if whole[0] else None,
        purpose=purpose,
        issued_at=told_at,
        buyer=header.party(codes.BUYER_PARTIES, issuer),
        supplier=header.party(codes.SUPPLIER_PARTIES),
        ship_to=header.party(codes.WAREHOUSE_PARTIES),
        number=number,
        received_at=header.moment(_RECEIVED) or told_at,
        shipment=shipment,
        bill_of_lading=bill_of_lading,
        lines=received,
    )
