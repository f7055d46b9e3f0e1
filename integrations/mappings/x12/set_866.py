"""866, production sequence: which parts are wanted in what sequence, and when.

A DTM says when all items behind it are wanted; its day stands in DTM02, or in DTM06 in the format that
DTM05 names. The order of the lines is the sequence.
"""

import datetime as dt
from decimal import Decimal

import msgspec

from integrations.mappings.x12 import codes
from integrations.mappings.x12.common import envelope_party, order_reference, read_item_codes
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.order_parts import check_hash_total, read_unit
from integrations.mappings.x12.orders import sum_of
from integrations.mappings.x12.set_830 import BSS, Beginning, PlanHead, published
from visibility.canonical.bulletins import PlannedQuantity, ScheduleLine
from visibility.canonical.documents import AnyDocument, Basis

SEQUENCE = BSS._replace(kind="production")
_WHOLE_DATES = frozenset({"D8", "D6"})


class _When:
    """When the items that follow are wanted: the last DTM."""

    def __init__(self) -> None:
        self.date: dt.date | None = None
        self.basis: Basis = "unstated"

    def take(self, reader: SetReader) -> None:
        formatted = not reader.raw(2) and reader.raw(5) in _WHOLE_DATES
        self.date = reader.date(6 if formatted else 2)
        self.basis = codes.DATE_BASES.get(reader.raw(1), "unstated")


def map_866(reader: SetReader) -> list[AnyDocument]:
    """The sequence, a line for each LIN."""
    head, when = PlanHead(), _When()
    lines: list[ScheduleLine] = []
    beginning: Beginning | None = None
    unit = ""
    for row in reader.rows():
        tag = row[0]
        if tag == "LIN":
            lines.append(_line(reader, unit))
        elif tag == "BSS":
            beginning = Beginning(reader, SEQUENCE)
        elif tag == "DTM":
            when.take(reader)
        elif tag == "QTY" and lines and not lines[-1].planned:
            lines[-1] = _counted(reader, lines[-1], when)
        elif tag == "UIT":
            unit = read_unit(reader, 1)
        elif tag == "CTT":
            # Some count the sequences here, others the items.
            check_hash_total(reader, [sum_of([each.quantity for each in line.planned]) for line in lines])
        elif not lines:
            head.take(reader)
    if beginning is None:
        reader.note_missing("BSS", "the sequence has no BSS segment, so nobody can tell which it is")
        return []
    return [published(reader, beginning, head, lines)]


def _line(reader: SetReader, unit: str) -> ScheduleLine:
    told = read_item_codes(reader, 2)
    issuer = envelope_party(reader.transaction, "sender")
    return ScheduleLine(
        line=reader.identifier(1),
        item=told.item,
        unit=unit,
        order=order_reference(told.order, issuer) if told.order else None,
    )


def _counted(reader: SetReader, line: ScheduleLine, when: _When) -> ScheduleLine:
    quantity: Decimal | None = reader.quantity(2)
    if quantity is None:
        return line
    planned = PlannedQuantity(quantity=quantity, date=when.date, basis=when.basis, certainty="firm")
    return msgspec.structs.replace(line, planned=(planned,))
