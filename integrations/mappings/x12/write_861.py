"""861, receiving advice, written: `goods.received` as a supplier or a depositor reads it.

BRA, REF (SI shipment, BM bill of lading), DTM 050 with time, PRF, N1 (BY, SU, ST); an RCD loop a line (RCD,
LIN, PID, PRF where the line is of another order, REF LT where the lot has no item beside it); CTT.

RCD02 is all that came, RCD06 to 08 the part of it that is damaged (condition 01). Knowingly left out:
`version`, `note`, `activity`, `who`, more than one id of a party, descriptions of items without a number.
Refused, with the field: receipts that take back another (`reverses`, `reversal`), orders of other schemes,
lines without a quantity, more damaged than came.
"""

from integrations.mappings.x12.writing import (
    PURPOSES,
    Row,
    X12Fields,
    write_description,
    write_item,
    write_order_number,
)
from visibility.canonical.documents import GoodsReceived, OrderRef, ReceiptLine

_RECEIVED_DIGITS = 9
"""Elements 663 and 667."""
_DAMAGED = "01"
_DOCK_ADVICE = "1"


def write_861(document: GoodsReceived, fields: X12Fields, envelope_ids: tuple[str, ...]) -> list[Row]:
    """The segments of the set between ST and SE. InputError, located, for what it cannot tell."""
    if document.reverses or document.reversal:
        raise fields.refuse("reverses", "a receipt that takes back another one cannot be told by this set")
    rows = [_beginning(document, fields)]
    for qualifier, value, field in (
        ("SI", document.shipment, "shipment"),
        ("BM", document.bill_of_lading, "bill_of_lading"),
    ):
        if value:
            rows.append(["REF", qualifier, fields.reference(value, field)])
    if document.received_at is not None:
        day, time = fields.moment(document.received_at)
        rows.append(["DTM", "050", day, time, "UT"])
    if document.order is not None:
        rows.append(_order(fields, document.order))
    rows += fields.party("BY", document.buyer, "buyer", envelope_ids)
    rows += fields.party("SU", document.supplier, "supplier", ())
    rows += fields.party("ST", document.ship_to, "ship_to", envelope_ids)
    for number, line in enumerate(document.lines):
        with fields.within(f"lines/{number}"):
            rows += _line(document, line, fields)
    return [*rows, ["CTT", str(len(document.lines))]]


def _beginning(document: GoodsReceived, fields: X12Fields) -> Row:
    told_at = document.issued_at or document.received_at
    if told_at is None:
        raise fields.refuse("issued_at", "the receipt has no date, and BRA02 must have one", "field_missing")
    day, time = fields.moment(told_at)
    number = fields.needed(document.number, "number", 30)
    return ["BRA", number, day, fields.code("purpose", PURPOSES[document.purpose]), _DOCK_ADVICE, time]


def _order(fields: X12Fields, order: OrderRef) -> Row:
    number = write_order_number(fields, order)
    return ["PRF", number, fields.identifier(order.release, "order/release", 30)]


def _line(document: GoodsReceived, line: ReceiptLine, fields: X12Fields) -> list[Row]:
    if line.quantity is None:
        raise fields.refuse("quantity", "the line does not say how many came", "field_missing")
    damaged = line.damaged or None
    if damaged is not None and damaged > line.quantity:
        raise fields.refuse("damaged", f"{damaged} are damaged of {line.quantity} that came")
    unit = fields.unit(line.unit, document.units)
    number = fields.line(line.line)
    row = ["RCD", number, fields.quantity(line.quantity, digits=_RECEIVED_DIGITS), unit]
    if damaged is not None:
        row += ["", "", fields.quantity(damaged, "damaged", _RECEIVED_DIGITS), unit, _DAMAGED]
    lot = fields.reference(line.lot, "lot")
    numbers = write_item(fields, line.item)
    rows: list[Row] = [row]
    if numbers:
        rows.append(["LIN", number, *numbers, *(["LT", lot] if lot else [])])
        rows += write_description(fields, line.item)
    if line.order is not None and line.order != document.order:
        rows.append(_order(fields, line.order))
    if lot and not numbers:
        rows.append(["REF", "LT", lot])
    return rows
