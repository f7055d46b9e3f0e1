"""850, purchase order, written: `order.placed` as the supplier reads it.

BEG, CUR, REF (BO, CO), SAC, DTM (the day an answer is due), N9 with MSG, N1 (BY, SU, ST); a PO1 loop a line
(PO1, CTP, PID, SAC, SDQ, DTM, SCH, N1, SLN); CTT.

Knowingly left out: `issued_at` beside the order's date, `released_at` (the envelope says when it leaves),
`replaces`, `activity`, `who`, more than one id of a party, orders it replaces, follows or mirrors, and whose
numbering the order's number is of: the envelope's sender's. Refused, with the field: an order told line by
line, lines of other orders, a line without a quantity, a line's worth without its price, orders of other
schemes and kinds, dates on the basis "available".
"""

from integrations.mappings.x12 import codes, codes_orders
from integrations.mappings.x12.write_lines import write_allowances, write_line_details, write_note
from integrations.mappings.x12.writing import (
    PURPOSES,
    Row,
    X12Fields,
    first_codes,
    same_order,
    write_item,
    write_order_number,
    write_price,
    write_totals,
)
from visibility.canonical.documents import OrderLine, OrderPlaced

_KINDS = first_codes(codes.ORDER_KINDS)


def write_850(document: OrderPlaced, fields: X12Fields, envelope_ids: tuple[str, ...]) -> list[Row]:
    """The segments of the set between ST and SE. InputError, located, for what it cannot tell."""
    if document.by_line:
        raise fields.refuse("by_line", "an order told line by line is no order that could be sent")
    rows = [_beginning(document, fields)]
    if document.currency:
        rows.append(["CUR", "BY", fields.identifier(document.currency, "currency", 3, 3)])
    rows += _related(document, fields)
    rows += write_allowances(fields, document.allowances)
    if document.answer_due_at is not None:
        day, time = fields.moment(document.answer_due_at)
        rows.append(["DTM", codes_orders.ANSWER_DUE_DATES[0], day, time, "UT"])
    rows += write_note(fields, document.note)
    for role, party, field in (
        ("BY", document.buyer, "buyer"),
        ("SU", document.supplier, "supplier"),
        ("ST", document.ship_to, "ship_to"),
    ):
        rows += fields.party(role, party, field, envelope_ids)
    for number, line in enumerate(document.lines):
        with fields.within(f"lines/{number}"):
            rows += _line(document, line, fields)
    rows.append(write_totals(fields, len(document.lines), (line.quantity for line in document.lines)))
    return rows


def _beginning(document: OrderPlaced, fields: X12Fields) -> Row:
    number = write_order_number(fields, document.order)
    day = document.ordered_on or (document.issued_at.date() if document.issued_at else None)
    if day is None:
        raise fields.refuse("ordered_on", "the order has no date, and BEG05 must have one", "field_missing")
    kind = _KINDS.get(document.kind)
    if kind is None:
        raise fields.refuse("kind", f"X12 has no order type for {document.kind!r}")
    return [
        "BEG",
        fields.code("purpose", PURPOSES[document.purpose]),
        fields.code("order_type", kind),
        number,
        fields.identifier(document.order.release if document.order else "", "order/release", 30),
        fields.date(day),
    ]


def _related(document: OrderPlaced, fields: X12Fields) -> list[Row]:
    """The blanket it draws on (where the release's own number does not say so) and the customer's order."""
    own = document.order.number if document.order else ""
    released = document.kind == "release" and document.order is not None and bool(document.order.release)
    rows = []
    for number, one in enumerate(document.related):
        field = f"related/{number}/order/number"
        if one.relation == "blanket" and not (released and one.order.number == own):
            rows.append(
                ["REF", codes_orders.BLANKET_REFERENCES[0], fields.reference(one.order.number, field)]
            )
        elif one.relation == "customer":
            qualifier = codes_orders.CUSTOMER_ORDER_REFERENCES[0]
            rows.append(["REF", qualifier, fields.reference(one.order.number, field)])
    return rows


def _line(document: OrderPlaced, line: OrderLine, fields: X12Fields) -> list[Row]:
    same_order(fields, document, line.order)
    if line.quantity is None:
        raise fields.refuse("quantity", "the line has no quantity, and an order must", "field_missing")
    if line.worth is not None and line.price is None:
        raise fields.refuse("worth", "the set tells a price a unit, not the line's worth")
    unit = fields.unit(line.unit, document.units)
    price_unit = fields.unit(line.price_unit, document.units, "price_unit")
    price, basis, ctp = write_price(fields, line.price, line.price_per, price_unit)
    head = [fields.line(line.line), fields.quantity(line.quantity), unit, price, basis]
    rows: list[Row] = [["PO1", *head, *write_item(fields, line.item)]]
    return rows + write_line_details(fields, document, line, unit, ctp)
