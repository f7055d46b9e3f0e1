"""RECADV, receiving advice, written: `goods.received`.

BGM+632, DTM+137, DTM+50, RFF (ON order, AAK shipment, BM bill of lading), NAD (BY, SU, DP), CPS; a LIN group
a line (LIN, PIA, IMD, QTY+48 all that came, QTY+195 the part of it that is not fit, GIN+BX the lot, RFF+ON
where the lines are of several orders); CNT.

Knowingly left out: `version`, `note`, `activity`, `who`, orders' releases, more than one id of a party.
Refused, with the field: receipts that take back another (`reverses`, `reversal`), orders of other schemes,
lines without a quantity, more damaged than came.
"""

from integrations.formats.edifact.writing import Segment
from integrations.mappings.edifact.writing import (
    PURPOSES,
    EdifactFields,
    write_line_head,
    write_moment,
    write_order_number,
)
from visibility.canonical.documents import GoodsReceived, ReceiptLine


def write_recadv(
    document: GoodsReceived, fields: EdifactFields, envelope_ids: tuple[str, ...]
) -> list[Segment]:
    """The segments between UNH and UNT. InputError, located, for what the message cannot tell."""
    if document.reverses or document.reversal:
        raise fields.refuse("reverses", "a receipt that takes back another cannot be told by this message")
    told_at = document.issued_at or document.received_at
    if told_at is None:
        raise fields.refuse(
            "issued_at", "the receipt has no date, and DTM+137 must tell one", "field_missing"
        )
    number = fields.needed(document.number, "number", 35)
    rows: list[Segment] = [("BGM", "632", number, fields.code("purpose", PURPOSES[document.purpose]))]
    rows.append(write_moment("137", told_at))
    if document.received_at is not None:
        rows.append(write_moment("50", document.received_at))
    if document.order is not None:
        rows.append(("RFF", ("ON", write_order_number(fields, document.order))))
    for qualifier, value, field in (
        ("AAK", document.shipment, "shipment"),
        ("BM", document.bill_of_lading, "bill_of_lading"),
    ):
        if value:
            rows.append(("RFF", (qualifier, fields.identifier(value, field, 35))))
    rows += fields.party("BY", document.buyer, "buyer", envelope_ids)
    rows += fields.party("SU", document.supplier, "supplier", ())
    rows += fields.party("DP", document.ship_to, "ship_to", envelope_ids)
    rows.append(("CPS", "1"))
    several = any(line.order not in {None, document.order} for line in document.lines)
    for place, line in enumerate(document.lines):
        with fields.within(f"lines/{place}"):
            rows += _line(document, line, fields, several=several)
    return [*rows, ("CNT", ("2", str(len(document.lines))))]


def _line(
    document: GoodsReceived, line: ReceiptLine, fields: EdifactFields, *, several: bool
) -> list[Segment]:
    if line.quantity is None:
        raise fields.refuse("quantity", "the line does not say how many came", "field_missing")
    damaged = line.damaged or None
    if damaged is not None and damaged > line.quantity:
        raise fields.refuse("damaged", f"{damaged} are damaged of {line.quantity} that came")
    unit = fields.unit(line.unit, document.units)
    rows = write_line_head(fields, line.line, "", line.item)
    rows.append(("QTY", ("48", fields.quantity(line.quantity), unit)))
    if damaged is not None:
        rows.append(("QTY", ("195", fields.quantity(damaged, "damaged"), unit)))
    if line.lot:
        rows.append(("GIN", "BX", fields.identifier(line.lot, "lot", 35)))
    order = line.order or document.order
    if several and order is not None:
        rows.append(("RFF", ("ON", write_order_number(fields, order), line.line)))
    return rows
