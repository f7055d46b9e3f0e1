"""940, warehouse shipping order, written: `warehouse.shipping_ordered` as the warehouse reads it.

W05, N1 (DE the depositor, WH the warehouse, ST the customer's place), N9 SI, NTE, G62 (10 to be shipped, 02
to be there), W66; for each line LX, W01, G69, N9 with its number; W76 with the sum of the quantities.

W0502 is the depositor's own number, W0503 the customer's purchase order. Knowingly left out: `issued_at`
(the envelope's), the order's release and issuer, `version`, `replaces`, `activity`, `who`, more than one id
of a party. Refused, with the field: confirmations and duplicates, a sales order under another number than the
document's, lines of other orders, lines without a quantity.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from integrations.mappings.x12.write_lines import broken
from integrations.mappings.x12.writing import Row, X12Fields, same_order, write_item
from visibility.canonical.documents import Line, Purpose, WarehouseOrder

_STATUSES: Mapping[Purpose, str] = {"original": "N", "cancel": "F", "change": "R", "replace": "T"}
_SCAC = re.compile(r"[A-Z]{2,4}", re.ASCII)
_PAYMENT_AS_AGREED = "DF"
_NOTE_LENGTH = 80
_FIRST_PAIRS = 4
"""Elements of the two id pairs from W0104 on; the third stands at W0115."""


def write_940(document: WarehouseOrder, fields: X12Fields, envelope_ids: tuple[str, ...]) -> list[Row]:
    """The segments of the set between ST and SE. InputError, located, for what it cannot tell."""
    rows = [_beginning(document, fields)]
    for role, party, field in (
        ("DE", document.buyer, "buyer"),
        ("WH", document.supplier, "supplier"),
        ("ST", document.ship_to, "ship_to"),
    ):
        rows += fields.party(role, party, field, envelope_ids)
    if document.shipment:
        rows.append(["N9", "SI", fields.reference(document.shipment, "shipment")])
    note = fields.text(document.note, "note", 500)
    rows += [["NTE", "", part] for part in broken(note, _NOTE_LENGTH)]
    for qualifier, day in (("10", document.ship_on), ("02", document.deliver_on)):
        if day is not None:
            rows.append(["G62", qualifier, fields.date(day)])
    if document.carrier:
        rows.append(_carrier(document.carrier, fields))
    for number, line in enumerate(document.lines):
        with fields.within(f"lines/{number}"):
            same_order(fields, document, line.order)
            rows += [["LX", str(number + 1)], *_line(document, line, fields)]
    total = sum((line.quantity for line in document.lines if line.quantity is not None), Decimal(0))
    return [*rows, ["W76", fields.quantity(total, "lines")]]


def _beginning(document: WarehouseOrder, fields: X12Fields) -> Row:
    number = fields.needed(document.number, "number", 22)
    status = _STATUSES.get(document.purpose)
    if status is None:
        raise fields.refuse("purpose", "W0501 has no word for it")
    order = document.order
    customers = fields.identifier(document.customer_order, "customer_order", 22)
    if order is not None and order.scheme == "po":
        customers = customers or fields.identifier(order.number, "order/number", 22)
    elif order is not None and order.number != document.number:
        raise fields.refuse("order/number", "the set tells the customer's purchase order, and its own number")
    return ["W05", fields.code("order_status", status), number, customers]


def _carrier(carrier: str, fields: X12Fields) -> Row:
    """W66: a SCAC where it is one, else how the goods go in words."""
    if _SCAC.fullmatch(carrier):
        return ["W66", _PAYMENT_AS_AGREED, *[""] * 8, fields.identifier(carrier, "carrier", 4)]
    return ["W66", _PAYMENT_AS_AGREED, "", "", "", fields.text(carrier, "carrier", 35)]


def _line(document: WarehouseOrder, line: Line, fields: X12Fields) -> list[Row]:
    if line.quantity is None:
        raise fields.refuse("quantity", "the line does not say how many to ship", "field_missing")
    numbers = write_item(fields, line.item)
    first, more = numbers[:_FIRST_PAIRS], numbers[_FIRST_PAIRS:]
    row = ["W01", fields.quantity(line.quantity), fields.unit(line.unit, document.units), "", *first]
    if more:
        row += [""] * (15 - len(row))
    rows: list[Row] = [row + more]
    description = fields.text(line.item.description, "item/description", 45)
    if description:
        rows.append(["G69", description])
    if line.line:
        rows.append(["N9", "LI", fields.line(line.line)])
    return rows
