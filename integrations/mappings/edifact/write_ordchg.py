"""ORDCHG, change of a purchase order by its buyer, written: `order.changed`.

BGM+230 with the change's own number (`version`), DTM+137, FTX, RFF+ON, NAD (BY, SU, DP); a LIN group a line
as in ORDERS, whose action (1229) says what is done: 1 added, 2 deleted, 3 changed, 38 replaced, 74 wanted
again; UNS, CNT. 1225 is 4, or 5 where these are all lines that the order has from now on (`whole`).

A change without a number of its own is written under the order's. Knowingly left out: `replaces`, `activity`,
`who`, the order's release, more than one id of a party, a unit where there is no quantity. Refused, with the
field: a change that takes back or replaces an earlier change, a difference without the quantity it leads to,
changes without a word to what (`untold`), components, lines of other orders.
"""

from collections.abc import Mapping

from integrations.formats.edifact.writing import Segment
from integrations.mappings.edifact.write_orders import write_line, write_parties
from integrations.mappings.edifact.writing import (
    PURPOSES,
    EdifactFields,
    same_order,
    write_moment,
    write_note,
    write_order_number,
)
from visibility.canonical.documents import LineChange, OrderChanged

_ACTIONS: Mapping[str, str] = {"add": "1", "delete": "2", "change": "3", "replace": "38", "reopen": "74"}
_CHANGE, _ALL_LINES = "4", "5"


def write_ordchg(
    document: OrderChanged, fields: EdifactFields, envelope_ids: tuple[str, ...]
) -> list[Segment]:
    """The segments between UNH and UNT. InputError, located, for what the message cannot tell."""
    number = write_order_number(fields, document.order)
    if document.issued_at is None:
        raise fields.refuse("issued_at", "the change has no date, and DTM+137 must tell one", "field_missing")
    own = fields.identifier(document.version, "version", 35) or number
    rows: list[Segment] = [("BGM", "230", own, fields.code("purpose", _function(document, fields)))]
    rows.append(write_moment("137", document.issued_at))
    rows += [*write_note(fields, document.note), ("RFF", ("ON", number))]
    rows += write_parties(document, fields, envelope_ids)
    for place, line in enumerate(document.lines):
        with fields.within(f"lines/{place}"):
            _check(document, line, fields)
            action = fields.code("line_status", _ACTIONS[line.op])
            rows += write_line(document, line, action, fields)
    return [*rows, ("UNS", "S"), ("CNT", ("2", str(len(document.lines))))]


def _function(document: OrderChanged, fields: EdifactFields) -> str:
    if document.purpose in {"cancel", "change", "replace"}:
        raise fields.refuse("purpose", "an earlier change cannot be taken back or replaced by this message")
    if document.purpose == "original":
        return _ALL_LINES if document.whole else _CHANGE
    return PURPOSES[document.purpose]


def _check(document: OrderChanged, line: LineChange, fields: EdifactFields) -> None:
    same_order(fields, document, line.order)
    if line.untold:
        raise fields.refuse("untold", "a change needs to be told to what")
    if line.delta is not None and line.quantity is None:
        raise fields.refuse("delta", "a difference would be read as the quantity ordered from now on")
    if line.worth is not None:
        raise fields.refuse("worth", "a change tells a price a unit, not the line's worth")
    if line.components:
        raise fields.refuse("components", "what a line is made of is told when it is ordered")
