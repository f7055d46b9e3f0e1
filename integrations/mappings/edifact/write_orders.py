"""ORDERS, purchase order, written: `order.placed` as the supplier reads it.

BGM, DTM+137, FTX, RFF (BO, CO, RE), NAD (BY, SU, DP), CUX, ALC; a LIN group a line (LIN, PIA, IMD, QTY+21,
DTM, MOA+203, PRI+AAA, LOC with QTY+11, ALC, SCC with QTY and DTM), sub-lines for its components; UNS, CNT.

BGM 1001 is 220 (order) where the list has no name for the order's kind. Knowingly left out: `ordered_on`
where `issued_at` tells the day, `answer_due_at`, `released_at` (the envelope says when it leaves),
`replaces`, `activity`, `who`, more than one id of a party, orders it replaces, follows or mirrors. Our own
reader takes no notes and no releases. Refused, with the field: an order told line by line, lines of other
orders, orders of other schemes, dates on the basis "available", components of a line without a number.
"""

import datetime as dt
from collections.abc import Iterator
from itertools import count

from integrations.formats.edifact.writing import Segment
from integrations.mappings.edifact import codes
from integrations.mappings.edifact.writing import (
    PURPOSES,
    EdifactFields,
    same_order,
    write_allowances,
    write_destinations,
    write_line_head,
    write_moment,
    write_note,
    write_order_number,
    write_price,
    write_requests,
)
from visibility.canonical.documents import Document, OrderLine, OrderPlaced

_ORDER = "220"
_KINDS: dict[str, str] = {}
for _code, _kind in codes.ORDER_KINDS.items():
    if _code != "105":
        _KINDS.setdefault(_kind, _code)


def write_orders(
    document: OrderPlaced, fields: EdifactFields, envelope_ids: tuple[str, ...]
) -> list[Segment]:
    """The segments between UNH and UNT. InputError, located, for what the message cannot tell."""
    if document.by_line:
        raise fields.refuse("by_line", "an order told line by line is no order that could be sent")
    number = write_order_number(fields, document.order)
    kind = fields.code("order_type", _KINDS.get(document.kind, _ORDER))
    rows: list[Segment] = [("BGM", kind, number, fields.code("purpose", PURPOSES[document.purpose]))]
    rows.append(write_moment("137", _issued(document, fields)))
    rows += [*write_note(fields, document.note), *_references(document, fields)]
    rows += write_parties(document, fields, envelope_ids)
    if document.currency:
        rows.append(("CUX", ("2", fields.identifier(document.currency, "currency", 3, 3), "9")))
    rows += write_allowances(fields, document.allowances)
    numbers = _free_numbers(document)
    for place, line in enumerate(document.lines):
        with fields.within(f"lines/{place}"):
            same_order(fields, document, line.order)
            rows += write_line(document, line, "", fields)
            rows += _components(document, line, numbers, fields)
    # Lines of a message are all its LIN, sub-lines too.
    lines = sum(1 + len(line.components) for line in document.lines)
    return [*rows, ("UNS", "S"), ("CNT", ("2", str(lines)))]


def _free_numbers(document: OrderPlaced) -> Iterator[int]:
    """Numbers for sub-lines: those behind the highest of the order's lines."""
    taken = (line.line for line in document.lines)
    return count(max((int(line) for line in taken if line.isascii() and line.isdigit()), default=0) + 1)


def _issued(document: OrderPlaced, fields: EdifactFields) -> dt.datetime:
    if document.issued_at is not None:
        return document.issued_at
    if document.ordered_on is None:
        raise fields.refuse("ordered_on", "the order has no date, and DTM+137 must tell one", "field_missing")
    return dt.datetime.combine(document.ordered_on, dt.time(), tzinfo=dt.UTC)


def _references(document: OrderPlaced, fields: EdifactFields) -> list[Segment]:
    """The release, the agreement the order draws on, the customer's order."""
    qualifiers = {"blanket": codes.BLANKET_REFERENCES[0], "customer": codes.CUSTOMER_ORDER_REFERENCES[0]}
    rows: list[Segment] = []
    if document.order is not None and document.order.release:
        rows.append(("RFF", ("RE", fields.identifier(document.order.release, "order/release", 35))))
    for place, one in enumerate(document.related):
        if one.relation in qualifiers:
            number = fields.identifier(one.order.number, f"related/{place}/order/number", 35)
            rows.append(("RFF", (qualifiers[one.relation], number)))
    return rows


def write_parties(document: Document, fields: EdifactFields, envelope_ids: tuple[str, ...]) -> list[Segment]:
    """NAD of the buyer, the supplier and the place of delivery."""
    rows: list[Segment] = []
    for role, party, field in (
        ("BY", document.buyer, "buyer"),
        ("SU", document.supplier, "supplier"),
        ("DP", document.ship_to, "ship_to"),
    ):
        rows += fields.party(role, party, field, envelope_ids)
    return rows


def write_line(document: Document, line: OrderLine, action: str, fields: EdifactFields) -> list[Segment]:
    """The group of one line, of an order or its change."""
    unit = fields.unit(line.unit, document.units)
    price_unit = fields.unit(line.price_unit, document.units, "price_unit")
    dated, split = write_requests(fields, line.requests, unit)
    rows = write_line_head(fields, line.line, action, line.item)
    if line.quantity is not None:
        rows.append(("QTY", ("21", fields.quantity(line.quantity), unit)))
    rows += dated
    if line.worth is not None:
        rows.append(("MOA", ("203", fields.number(line.worth, "worth"))))
    rows += write_price(fields, line, price_unit)
    rows += write_destinations(fields, line, unit)
    return [*rows, *write_allowances(fields, line.allowances), *split]


def _components(
    document: OrderPlaced, line: OrderLine, numbers: Iterator[int], fields: EdifactFields
) -> list[Segment]:
    """Sub-lines: what a kit or an assortment is made of."""
    rows: list[Segment] = []
    for place, one in enumerate(line.components):
        with fields.within(f"components/{place}"):
            if not line.line:
                raise fields.refuse("", "a part of a line without a number cannot be told", "field_missing")
            unit = fields.unit(one.unit, document.units)
            rows += write_line_head(fields, str(next(numbers)), "", one.item, ("1", line.line))
            if one.quantity is not None:
                rows.append(("QTY", ("21", fields.quantity(one.quantity), unit)))
    return rows
