"""860, change of a purchase order by its buyer, written: `order.changed`.

BCH, N9 with MSG, N1 (BY, SU, ST); a POC loop a line (POC, CTP, PID, SAC, SDQ, DTM, SCH, N1, SLN); CTT.

BCH01 is 04, or 05 where these are all lines that the order has from now on (`whole`). POC02 says what is
done to the line: AI added, DI deleted, RZ all values replaced, CA changed. POC03 is what is ordered from now
on, never a difference. BCH06, which must be there, is the day of the change like BCH11: a change does not
tell the day of its order. BCH02 is RL for a release and SA else: neither does it tell its kind.

Knowingly left out: the time of `issued_at`, `replaces`, `activity`, `who`, more than one id of a party, a
unit where there is no quantity, and of a deleted line all but its number and item. Refused, with the field: a
change that takes back or replaces an earlier change (to a partner it would be the order's), a difference
without the quantity it leads to, changes without a word to what (`untold`), lines wanted again (`reopen`), a
line's worth, lines of other orders.
"""

from collections.abc import Mapping

from integrations.mappings.x12.write_lines import write_line_details, write_note
from integrations.mappings.x12.writing import (
    PURPOSES,
    Row,
    X12Fields,
    same_order,
    write_description,
    write_item,
    write_order_number,
    write_price,
)
from visibility.canonical.documents import LineChange, OrderChanged

_OPS: Mapping[str, str] = {"add": "AI", "delete": "DI", "change": "CA", "replace": "RZ"}
_CHANGE, _ALL_LINES = "04", "05"


def write_860(document: OrderChanged, fields: X12Fields, envelope_ids: tuple[str, ...]) -> list[Row]:
    """The segments of the set between ST and SE. InputError, located, for what it cannot tell."""
    rows = [_beginning(document, fields), *write_note(fields, document.note)]
    for role, party, field in (
        ("BY", document.buyer, "buyer"),
        ("SU", document.supplier, "supplier"),
        ("ST", document.ship_to, "ship_to"),
    ):
        rows += fields.party(role, party, field, envelope_ids)
    for number, line in enumerate(document.lines):
        with fields.within(f"lines/{number}"):
            rows += _line(document, line, fields)
    rows.append(["CTT", str(len(document.lines))])
    return rows


def _beginning(document: OrderChanged, fields: X12Fields) -> Row:
    number = write_order_number(fields, document.order)
    if document.issued_at is None:
        raise fields.refuse("issued_at", "the change has no date, and BCH06 must have one", "field_missing")
    day = fields.date(document.issued_at.date())
    if document.purpose in {"cancel", "change", "replace"}:
        raise fields.refuse("purpose", "an earlier change cannot be taken back or replaced by this set")
    purpose = PURPOSES[document.purpose]
    if document.purpose == "original":
        purpose = _ALL_LINES if document.whole else _CHANGE
    release = fields.identifier(document.order.release if document.order else "", "order/release", 30)
    version = fields.identifier(document.version, "version", 8)
    kind = fields.code("order_type", "RL" if release else "SA")
    head = ["BCH", fields.code("purpose", purpose), kind, number, release, version, day]
    return [*head, "", "", "", "", day]


def _line(document: OrderChanged, line: LineChange, fields: X12Fields) -> list[Row]:
    same_order(fields, document, line.order)
    if line.op not in _OPS:
        raise fields.refuse("op", "X12 has no word for a deleted line that is wanted again")
    if line.untold:
        raise fields.refuse("untold", "a change needs to be told to what")
    if line.delta is not None and line.quantity is None:
        raise fields.refuse("delta", "a difference would be read as the quantity ordered from now on")
    if line.worth is not None and line.price is None:
        raise fields.refuse("worth", "the set tells a price a unit, not the line's worth")
    head = ["POC", fields.line(line.line), fields.code("line_change", _OPS[line.op])]
    if line.op == "delete":
        row: Row = [*head, "", "", "", "", "", *write_item(fields, line.item)]
        return [row, *write_description(fields, line.item)]
    unit = fields.unit(line.unit, document.units)
    price_unit = fields.unit(line.price_unit, document.units, "price_unit")
    price, basis, ctp = write_price(fields, line.price, line.price_per, price_unit)
    quantity = fields.quantity(line.quantity)
    counted = unit if quantity else ""
    rows: list[Row] = [[*head, quantity, "", counted, price, basis, *write_item(fields, line.item)]]
    return rows + write_line_details(fields, document, line, unit, ctp)
