"""856, ship notice: what is on the way, in which packages, for which orders.

The loops are a tree of HLs; what a shipment, order or pack says holds for everything inside it, in
whatever order the loops stand.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from integrations.formats.x12.hierarchy import ROOT, Hierarchy
from integrations.mappings.x12 import codes
from integrations.mappings.x12.common import (
    Header,
    check_line_count,
    envelope_party,
    order_reference,
    read_item_codes,
)
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.values import read_moment, read_number
from visibility.canonical.documents import AnyDocument, Item, OrderRef, Purpose, ShipLine, ShipmentNotified

_SSCC_WITH_PREFIX = 20
_SSCC_PREFIX = "00"
_NO_ITEM = Item()
MAX_PACKAGE_MENTIONS = 2_000_000


@dataclass(slots=True)
class _Loop:
    """What one HL loop says itself. `item`: None where it has neither a LIN nor an SN1."""

    position: int
    header: Header | None = None
    order: OrderRef | None = None
    packages: list[str] = field(default_factory=list)
    item: Item | None = None
    line: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    lot: str = ""
    carrier: str = ""


@dataclass(slots=True)
class _Notice:
    """The document's own segments, before the first HL and after the last."""

    purpose: Purpose = "original"
    number: str = ""
    date: str = ""
    time: str = ""
    header: Header = field(default_factory=Header)


def map_856(reader: SetReader) -> list[AnyDocument]:
    """The ship notice. Without a tree there is nothing to read it by: the reader's findings say why."""
    tree = reader.transaction.hierarchy
    notice = _read_notice(reader, tree.starts[0] if tree else None)
    if notice is None:
        reader.note_missing("BSN", "the ship notice has no BSN segment, so it has no number")
        return []
    if tree is None and notice.purpose != "cancel":
        reader.note_missing("HL", "the ship notice has no HL loops: nothing says what was shipped")
        return []
    loops = _read_loops(reader, tree) if tree else []
    lines = _lines(reader, loops, tree) if tree else []
    return [_document(reader, notice, loops, lines)]


def _read_notice(reader: SetReader, end: int | None) -> _Notice | None:
    notice = _Notice()
    found = False
    for row in reader.rows(0, end):
        if row[0] == "BSN":
            found = True
            notice.purpose = reader.code(1, codes.PURPOSES, "purpose") or "original"
            notice.number = reader.identifier(2)
            notice.date, notice.time = reader.raw(3), reader.raw(4)
            if notice.date:
                reader.date(3)
            if not notice.number:
                reader.note("error", "no_shipment_number", "BSN02 is empty: the ship notice has no number", 2)
        else:
            notice.header.take(reader)
    return notice if found else None


def _read_loops(reader: SetReader, tree: Hierarchy) -> list[_Loop]:
    issuer = envelope_party(reader.transaction, "receiver")
    loops = []
    for start, end in zip(tree.starts, tree.ends, strict=True):
        loop = _Loop(position=start)
        for row in reader.rows(start + 1, end):
            tag = row[0]
            if tag == "LIN":
                _read_item(reader, loop)
            elif tag == "SN1":
                _read_quantity(reader, loop)
            elif tag == "MAN":
                _read_marks(reader, loop)
            elif tag == "PRF":
                number = reader.identifier(1)
                loop.order = order_reference(number, issuer, reader.identifier(2)) if number else None
            elif tag == "TD5" and not loop.carrier:
                loop.carrier = reader.text(3) or reader.text(5)
            elif tag == "CTT":
                _check_count(reader, tree)
            elif tag in {"N1", "REF", "DTM"}:
                loop.header = loop.header or Header()
                loop.header.take(reader)
            elif tag == "PID" and loop.item is not None and not loop.item.description:
                loop.item = _described(loop.item, reader.text(5))
        if loop.order is None and loop.header is not None:
            number = loop.header.reference(codes.ORDER_REFERENCES)
            loop.order = order_reference(number, issuer) if number else None
        loops.append(loop)
    return loops


def _check_count(reader: SetReader, tree: Hierarchy) -> None:
    """CTT01 counts the HLs; many senders count their items, which tells nothing worth a warning."""
    if read_number(reader.raw(1)) != tree.levels.count("I"):
        check_line_count(reader, len(tree.starts), "HL loops")


def _read_item(reader: SetReader, loop: _Loop) -> None:
    found = read_item_codes(reader, 2)
    loop.item, loop.lot = found.item, found.lot
    loop.line = reader.identifier(1) or loop.line


def _read_quantity(reader: SetReader, loop: _Loop) -> None:
    loop.quantity, loop.unit = reader.quantity(2), reader.unit(3)
    if loop.quantity is None and not reader.raw(2):
        reader.note("warning", "no_quantity", "SN102 is empty: it is not said how many were shipped", 2)
    loop.item = loop.item or _NO_ITEM
    loop.line = loop.line or reader.identifier(1)


def _described(item: Item, text: str) -> Item:
    return Item(buyer=item.buyer, vendor=item.vendor, gtin=item.gtin, description=text)


def _read_marks(reader: SetReader, loop: _Loop) -> None:
    """MAN: pairs of what kind of mark and the mark; those that name a package are kept."""
    for element in (1, 4):
        mark = reader.identifier(element + 1)
        if mark and reader.raw(element) in codes.PACKAGE_MARKS:
            if len(mark) == _SSCC_WITH_PREFIX and mark.startswith(_SSCC_PREFIX):
                mark = mark.removeprefix(_SSCC_PREFIX)
            loop.packages.append(mark)


def _lines(reader: SetReader, loops: list[_Loop], tree: Hierarchy) -> list[ShipLine]:
    """The items in the order of the document, each with its order and all packages above and below it."""
    orders = _orders(loops, tree)
    packages = _packages(reader, loops, tree)
    several = len({order for order in orders if order is not None}) > 1
    lines = []
    for place, loop in enumerate(loops):
        if loop.item is None or (tree.levels[place] != "I" and loop.item == _NO_ITEM):
            continue
        order = orders[place]
        if several and order is None:
            reader.position, reader.row = loop.position, reader.transaction.row(loop.position)
            reader.note(
                "error", "line_without_order", "the notice names several orders, this item is in none"
            )
        lines.append(
            ShipLine(
                line=loop.line,
                item=loop.item,
                quantity=loop.quantity,
                unit=loop.unit,
                order=order if several else None,
                packages=packages[place],
                lot=loop.lot,
            )
        )
    return lines


def _orders(loops: list[_Loop], tree: Hierarchy) -> list[OrderRef | None]:
    """Each loop's own order, or that of the nearest loop above it."""
    orders: list[OrderRef | None] = [None] * len(loops)
    for place in tree.top_down:
        parent = tree.parents[place]
        orders[place] = loops[place].order or (orders[parent] if parent != ROOT else None)
    return orders


def _packages(reader: SetReader, loops: list[_Loop], tree: Hierarchy) -> list[tuple[str, ...]]:
    """The packages each loop stands in, and for items those inside them."""
    packages: list[tuple[str, ...]] = [()] * len(loops)
    inside = _packages_inside(loops, tree)
    mentions = 0
    for place in tree.top_down:
        loop, parent = loops[place], tree.parents[place]
        above = packages[parent] if parent != ROOT else ()
        own = (*loop.packages, *inside.get(place, ()))
        mentions += len(above) + len(own)
        if mentions > MAX_PACKAGE_MENTIONS:
            # Every item repeats the packages around it, so a small file could ask for any amount.
            reader.note(
                "error", "too_many_packages", "the items stand in too many packages; send it in parts"
            )
            return [()] * len(loops)
        packages[place] = (*above, *own) if own else above
    return packages


def _packages_inside(loops: list[_Loop], tree: Hierarchy) -> dict[int, list[str]]:
    """Packages of pack loops that stand inside an item, as in structure SOIP."""
    inside: dict[int, list[str]] = {}
    items = _nearest_items(loops, tree)
    for place, loop in enumerate(loops):
        parent = tree.parents[place]
        if loop.packages and parent != ROOT and items[parent] != ROOT:
            inside.setdefault(items[parent], []).extend(loop.packages)
    return inside


def _nearest_items(loops: list[_Loop], tree: Hierarchy) -> list[int]:
    """For each loop itself or the nearest loop above it that has a line."""
    items = [ROOT] * len(loops)
    for place in tree.top_down:
        parent = tree.parents[place]
        if loops[place].item is not None:
            items[place] = place
        elif parent != ROOT:
            items[place] = items[parent]
    return items


def _document(
    reader: SetReader, notice: _Notice, loops: list[_Loop], lines: list[ShipLine]
) -> ShipmentNotified:
    said = _outer(notice, loops)
    named = {loop.order for loop in loops if loop.order is not None}
    number = notice.header.reference(codes.ORDER_REFERENCES)
    order = next(iter(named)) if len(named) == 1 else None
    if not named and number:
        order = order_reference(number, envelope_party(reader.transaction, "receiver"))
    elif not named and notice.purpose != "cancel":
        reader.note_missing("PRF", "the ship notice names no purchase order (PRF01)", "no_order")
    return ShipmentNotified(
        order=order,
        purpose=notice.purpose,
        issued_at=read_moment(notice.date, notice.time),
        buyer=said.party(codes.BUYER_PARTIES, envelope_party(reader.transaction, "receiver")),
        supplier=said.party(codes.SUPPLIER_PARTIES, envelope_party(reader.transaction, "sender")),
        ship_to=said.party(codes.SHIP_TO_PARTIES),
        number=notice.number,
        shipped_at=said.moment(codes.SHIPPED_DATES),
        estimated_at=said.moment(codes.ESTIMATED_DATES),
        carrier=next((loop.carrier for loop in loops if loop.carrier), ""),
        bill_of_lading=said.reference(codes.BILL_OF_LADING_REFERENCES),
        tracking=said.reference(codes.TRACKING_REFERENCES),
        lines=tuple(lines),
    )


def _outer(notice: _Notice, loops: list[_Loop]) -> Header:
    """What the document says as a whole: its own segments first, then its loops that hold no item."""
    merged = Header()
    headers = [
        notice.header,
        *(loop.header for loop in loops if loop.item is None and loop.header is not None),
    ]
    for header in reversed(headers):
        merged.parties.update(header.parties)
        merged.references.update(header.references)
        merged.dates.update(header.dates)
        merged.moments.update(header.moments)
    return merged
