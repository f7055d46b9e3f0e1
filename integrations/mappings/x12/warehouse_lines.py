"""W12 lines of what a warehouse or its depositor shipped (943, 945), with the packages they stand in."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from integrations.mappings.x12 import codes
from integrations.mappings.x12 import codes_logistics as logistic
from integrations.mappings.x12.common import order_reference, read_item_codes
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.package_marks import read_marks
from integrations.mappings.x12.units import KNOWN_UNITS
from integrations.mappings.x12.values import read_gtin, read_number
from visibility.canonical.documents import Item, OrderRef, ShipLine

LINE_REFERENCES = frozenset({"LI"})
_QUALIFIERS = frozenset(
    (*codes.BUYER_ITEM_IDS, *codes.VENDOR_ITEM_IDS, *codes.GTIN_ITEM_IDS, *codes.LOT_ITEM_IDS)
)
_LOT_ELEMENT = 9
_SECOND_IDS = (15, 16, 17)


class ShippedLines:
    """Gathers the LX loops: packages and orders named before a W12 hold for all of the loop's lines.

    Whose the orders are is not known here: `lines_of_issuer` says it.
    """

    def __init__(self) -> None:
        self.lines: list[ShipLine] = []
        self.started = False
        self._packages: tuple[str, ...] = ()
        self._order: OrderRef | None = None
        self._in_line = False

    def take(self, reader: SetReader) -> None:
        """Keep the present segment if it belongs to the loops."""
        tag = reader.row[0]
        if tag == "LX":
            self.started, self._in_line = True, False
            self._packages, self._order = (), None
        elif tag == "W12":
            self.started = self._in_line = True
            line = read_shipped(reader)
            self.lines.append(msgspec.structs.replace(line, packages=self._packages, order=self._order))
        elif tag == "MAN":
            self._mark(read_marks(reader))
        elif tag in {"N9", "REF"}:
            self._refer(reader)
        elif tag == "G69" and self._in_line and not self.lines[-1].item.description:
            item = msgspec.structs.replace(self.lines[-1].item, description=reader.text(1))
            self._change(item=item)

    def _mark(self, marks: list[str]) -> None:
        if self._in_line:
            self._change(packages=(*self.lines[-1].packages, *marks))
        else:
            self._packages = (*self._packages, *marks)

    def _refer(self, reader: SetReader) -> None:
        kind = reader.raw(1)
        if kind in codes.ORDER_REFERENCES:
            order = order_reference(number, "") if (number := reader.identifier(2)) else None
            if self._in_line:
                self._change(order=order)
            else:
                self._order = order
        elif kind in codes.LOT_REFERENCES and self._in_line and not self.lines[-1].lot:
            self._change(lot=reader.identifier(2))
        elif kind in LINE_REFERENCES and self._in_line:
            self._change(line=reader.identifier(2))

    def _change(self, **values: object) -> None:
        self.lines[-1] = msgspec.structs.replace(self.lines[-1], **values)


def lines_of_issuer(lines: Sequence[ShipLine], issuer: str) -> list[ShipLine]:
    """The lines, the orders that they name in the issuer's numbering; without an issuer they name none."""
    return [
        msgspec.structs.replace(line, order=order_reference(line.order.number, issuer) if issuer else None)
        if line.order is not None
        else line
        for line in lines
    ]


def read_shipped(reader: SetReader) -> ShipLine:
    """The present W12: status, ordered, shipped, unit, ids, lot.

    Some senders give one quantity and shift what follows; where the elements show it (a unit in the place of
    the shipped quantity) they are read where they stand.
    """
    status = reader.text(1)
    shifted = reader.raw(3) in KNOWN_UNITS and read_number(reader.raw(3)) is None
    if shifted:
        reader.note("warning", "shifted_elements", "W1203 is a unit: W1202 was taken for what was shipped", 3)
        found = read_item_codes(reader, 4)
        quantity, unit, ordered = reader.quantity(2), reader.unit(3), None
    else:
        found = read_item_codes(reader, 7, 8)
        quantity, unit, ordered = reader.quantity(3), reader.unit(5), read_number(reader.raw(2))
        _check_difference(reader, ordered, quantity)
    if quantity is None:
        reader.note("warning", "no_quantity", "W1203 is empty: it is not said how many were shipped", 3)
    return ShipLine(
        item=found.item if shifted else _with_more(reader, found.item),
        quantity=quantity,
        unit=unit,
        lot=found.lot or ("" if shifted else reader.identifier(_LOT_ELEMENT)),
        ordered=ordered,
        status=logistic.LINE_STATUSES.get(status, status),
    )


def _check_difference(reader: SetReader, ordered: Decimal | None, shipped: Decimal | None) -> None:
    """W1204 is what W1202 and W1203 differ by, with or without its sign."""
    difference = read_number(reader.raw(4))
    if difference is None or ordered is None or shipped is None:
        return
    if abs(ordered - shipped) != abs(difference):
        text = f"W1204 says {difference}, but {ordered} ordered and {shipped} shipped differ otherwise"
        reader.note("warning", "difference", text, 4)


def _with_more(reader: SetReader, item: Item) -> Item:
    """The item with what W1206 and W1215 (case codes) and W1216 and W1217 (a second id) say besides."""
    more = read_item_codes(reader, _SECOND_IDS[1], _SECOND_IDS[2]).item
    cases = (read_gtin(reader.raw(element)) for element in (6, _SECOND_IDS[0]) if reader.raw(element))
    return Item(
        buyer=item.buyer or more.buyer,
        vendor=item.vendor or more.vendor,
        gtin=item.gtin or more.gtin or next((case for case in cases if case), ""),
    )


def check_total(reader: SetReader, quantities: Sequence[Decimal | None], what: str) -> None:
    """Compare the total in the present segment's first element with the lines; a warning where it differs.

    Some senders count the lines there instead: that tells nothing worth a warning.
    """
    stated = read_number(reader.raw(1))
    total = sum((quantity for quantity in quantities if quantity is not None), Decimal(0))
    if stated is not None and stated not in {total, Decimal(len(quantities))}:
        text = f"{reader.row[0]}01 says {stated} {what}, the lines add up to {total}"
        reader.note("warning", "total_differs", text, 1)
