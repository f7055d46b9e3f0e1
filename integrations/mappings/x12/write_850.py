"""850, purchase order, written: `order.placed` as the supplier reads it.

BEG, CUR, N1 (BY, SU, ST), a PO1 loop a line (PO1, CTP, PID, SDQ, DTM, SCH, SLN), CTT. The order of the
segments is that of release 004010, which 005010 kept.

Knowingly left out: `issued_at` beside the order's date, `answer_due_at`, `released_at` (the envelope says
when it leaves), `replaces`, `activity`, `who`, what the parties are called beyond one id and one name, and
the issuer's scope of the number, which is the envelope's sender. Refused, with the field: an order told
line by line, lines of other orders, a line without a quantity, a line's worth without its price,
orders of other schemes, dates on the basis "available".
"""

from collections.abc import Sequence

from integrations.mappings.x12 import codes
from integrations.mappings.x12.writing import (
    PURPOSES,
    Row,
    X12Fields,
    first_codes,
    same_order,
    write_description,
    write_item,
    write_order_number,
    write_party,
    write_price,
    write_request_dates,
    write_totals,
)
from visibility.canonical.documents import Component, Destination, OrderLine, OrderPlaced

_KINDS = first_codes(codes.ORDER_KINDS)
_PLACES_IN_SDQ = 10


def write_850(document: OrderPlaced, fields: X12Fields, envelope_ids: tuple[str, ...]) -> list[Row]:
    """The segments of the set between ST and SE. InputError, located, for what it cannot tell."""
    if document.by_line:
        raise fields.refuse("by_line", "an order told line by line is no order that could be sent")
    rows = [_beginning(document, fields)]
    if document.currency:
        rows.append(["CUR", "BY", fields.identifier(document.currency, "currency", 3, 3)])
    for role, party, field in (
        ("BY", document.buyer, "buyer"),
        ("SU", document.supplier, "supplier"),
        ("ST", document.ship_to, "ship_to"),
    ):
        rows += write_party(fields, role, party, field=field, envelope_ids=envelope_ids)
    for number, line in enumerate(document.lines):
        with fields.within(f"lines/{number}"):
            same_order(fields, document, line.order)
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


def _line(document: OrderPlaced, line: OrderLine, fields: X12Fields) -> list[Row]:
    if line.quantity is None:
        raise fields.refuse("quantity", "the line has no quantity, and an order must", "field_missing")
    if line.worth is not None and line.price is None:
        raise fields.refuse("worth", "the set tells a price a unit, not the line's worth")
    unit = fields.unit(line.unit, document.units)
    price_unit = fields.unit(line.price_unit, document.units, "price_unit")
    price, basis, ctp = write_price(fields, line.price, line.price_per, price_unit)
    head = [fields.line(line.line), fields.quantity(line.quantity), unit, price, basis]
    rows = [["PO1", *head, *write_item(fields, line.item)], *ctp]
    rows += write_description(fields, line.item)
    rows += _destinations(line.destinations, unit, fields)
    rows += write_request_dates(fields, line.requests, unit)
    rows += _components(document, line.components, fields)
    return rows


def _destinations(destinations: Sequence[Destination], unit: str, fields: X12Fields) -> list[Row]:
    """SDQ: up to ten places a segment, all of one id qualifier."""
    rows: list[Row] = []
    for number, one in enumerate(destinations):
        with fields.within(f"destinations/{number}"):
            if not one.place.ids or one.quantity is None:
                raise fields.refuse("", "a place needs its id and its quantity to be told", "field_missing")
            qualifier, value = fields.party_id(one.place.ids[0], "place")
            quantity = fields.quantity(one.quantity)
        if not rows or rows[-1][2] != qualifier or len(rows[-1]) > 2 * _PLACES_IN_SDQ + 2:
            rows.append(["SDQ", unit, qualifier])
        rows[-1] += [value, quantity]
    return rows


def _components(document: OrderPlaced, components: Sequence[Component], fields: X12Fields) -> list[Row]:
    """SLN: what a kit or an assortment is made of."""
    rows: list[Row] = []
    for number, one in enumerate(components):
        with fields.within(f"components/{number}"):
            unit = fields.unit(one.unit, document.units)
            quantity = fields.quantity(one.quantity)
            row = ["SLN", str(number + 1), "", "I", quantity, unit, "", "", ""]
            rows.append(row + write_item(fields, one.item))
    return rows
