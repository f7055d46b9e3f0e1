"""The HL loops of a ship notice (856) and of a shipment and billing notice (857).

The loops are a tree; what a shipment, order or pack says holds for everything inside it, in whatever order
the loops stand. Where the sender names no parents, the structure it names says how the levels nest.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from integrations.formats.x12.hierarchy import ROOT, Hierarchy
from integrations.mappings.x12 import codes, codes_logistics
from integrations.mappings.x12.common import Header, envelope_party, order_reference, read_item_codes
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.package_marks import read_marks
from integrations.mappings.x12.values import read_number
from visibility.canonical.documents import Item, OrderRef, ShipLine

_NO_ITEM = Item()
_MOST_PACKAGES = 10**9
MAX_PACKAGE_MENTIONS = 2_000_000


@dataclass(slots=True)
class Loop:
    """What one HL loop says itself. `item`: None where nothing in it speaks of an item."""

    position: int
    header: Header | None = None
    order: OrderRef | None = None
    item_order: OrderRef | None = None
    packages: list[str] = field(default_factory=list)
    item: Item | None = None
    line: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    lot: str = ""
    ordered: Decimal | None = None
    status: str = ""
    pack: Decimal | None = None
    carrier: str = ""
    vehicle: str = ""
    package_count: int | None = None


Taker = Callable[[SetReader, Loop], None]


def read_loops(reader: SetReader, tree: Hierarchy, more: Mapping[str, Taker]) -> list[Loop]:
    """The loops in the order of the document; `more` reads the segments that only one set has."""
    takers: Mapping[str, Taker] = {**_TAKERS, **more}
    loops = []
    for start, end in zip(tree.starts, tree.ends, strict=True):
        loop = Loop(position=start)
        for row in reader.rows(start + 1, end):
            taker = takers.get(row[0])
            if taker is not None:
                taker(reader, loop)
        if loop.order is None and loop.header is not None:
            number = loop.header.reference(codes.ORDER_REFERENCES)
            issuer = envelope_party(reader.transaction, "receiver")
            loop.order = order_reference(number, issuer) if number else None
        loops.append(loop)
    if not any(loop.order for loop in loops):
        # An order's number among the ids of an item (LIN PO) has no release: a PRF says it better.
        for loop in loops:
            loop.order = loop.item_order
    return loops


def nest_as_said(reader: SetReader, tree: Hierarchy, structure: str) -> Hierarchy:
    """The tree, with loops that name no parent nested by the structure (BSN05) instead of by convention."""
    levels = codes_logistics.LEVELS.get(structure)
    if levels is None or structure == "0001":
        return tree
    depths = {level: depth for depth, level in enumerate(levels)}
    parents = list(tree.parents)
    open_loops: list[tuple[int, int]] = []
    for place, level in enumerate(tree.levels):
        depth = depths.get(level)
        if depth is None:
            continue
        row = reader.transaction.row(tree.starts[place])
        while open_loops and open_loops[-1][0] >= depth:
            open_loops.pop()
        if len(row) < 3 or not row[2].strip():
            parents[place] = open_loops[-1][1] if open_loops else ROOT
        open_loops.append((depth, place))
    if parents == list(tree.parents):
        return tree
    return replace(tree, parents=tuple(parents), top_down=_top_down(parents))


def _top_down(parents: Sequence[int]) -> tuple[int, ...]:
    """Parents before children. A loop stands behind its parent unless HL02 says otherwise."""
    children: dict[int, list[int]] = {}
    for place, parent in enumerate(parents):
        children.setdefault(parent, []).append(place)
    order: list[int] = []
    waiting = list(reversed(children.get(ROOT, [])))
    while waiting:
        place = waiting.pop()
        order.append(place)
        waiting.extend(reversed(children.get(place, [])))
    return tuple(order)


def _read_item(reader: SetReader, loop: Loop) -> None:
    found = read_item_codes(reader, 2)
    loop.item, loop.lot = found.item, found.lot
    loop.line = reader.identifier(1) or loop.line
    if found.order:
        loop.item_order = order_reference(found.order, envelope_party(reader.transaction, "receiver"))


def _read_quantity(reader: SetReader, loop: Loop) -> None:
    """SN1: shipped, ordered (in the same unit, or not kept), and what becomes of the rest."""
    loop.quantity, loop.unit = reader.quantity(2), reader.unit(3)
    if loop.quantity is None and not reader.raw(2):
        reader.note("warning", "no_quantity", "SN102 is empty: it is not said how many were shipped", 2)
    if len(reader.row) > 5:
        if reader.raw(6) in {"", reader.raw(3)}:
            loop.ordered = read_number(reader.raw(5))
        status = reader.text(8)
        loop.status = codes_logistics.LINE_STATUSES.get(status, status)
    loop.item = loop.item or _NO_ITEM
    loop.line = loop.line or reader.identifier(1)


def _read_order(reader: SetReader, loop: Loop) -> None:
    number = reader.identifier(1)
    issuer = envelope_party(reader.transaction, "receiver")
    loop.order = order_reference(number, issuer, reader.identifier(2)) if number else None


def _read_marks(reader: SetReader, loop: Loop) -> None:
    loop.packages += read_marks(reader)


def _read_pack(reader: SetReader, loop: Loop) -> None:
    loop.pack = loop.pack or read_number(reader.raw(1))


def _read_carrier(reader: SetReader, loop: Loop) -> None:
    loop.carrier = loop.carrier or reader.text(3) or reader.text(5)


def _read_vehicle(reader: SetReader, loop: Loop) -> None:
    loop.vehicle = loop.vehicle or (reader.text(2) + reader.text(3))[:30]


def _read_packing(reader: SetReader, loop: Loop) -> None:
    """TD1: how many packages of one kind; several kinds are summed."""
    count = read_number(reader.raw(2))
    if count is not None and 0 <= count < _MOST_PACKAGES:
        loop.package_count = (loop.package_count or 0) + int(count)


def _read_reference(reader: SetReader, loop: Loop) -> None:
    loop.header = loop.header or Header()
    loop.header.take(reader)


def _read_description(reader: SetReader, loop: Loop) -> None:
    item = loop.item
    if item is not None and not item.description:
        loop.item = Item(buyer=item.buyer, vendor=item.vendor, gtin=item.gtin, description=reader.text(5))


_TAKERS: Mapping[str, Taker] = {
    "LIN": _read_item,
    "SN1": _read_quantity,
    "MAN": _read_marks,
    "PRF": _read_order,
    "TD1": _read_packing,
    "TD3": _read_vehicle,
    "TD5": _read_carrier,
    "PO4": _read_pack,
    "N1": _read_reference,
    "REF": _read_reference,
    "DTM": _read_reference,
    "PID": _read_description,
}


def ship_lines(reader: SetReader, loops: list[Loop], tree: Hierarchy) -> list[ShipLine]:
    """The items in the order of the document, each with its order and all packages above and below it."""
    orders = orders_of_loops(loops, tree)
    packages = _packages(reader, loops, tree)
    several = len({order for order in orders if order is not None}) > 1
    lines = []
    for place, loop in enumerate(loops):
        if not is_line(loop, tree.levels[place]):
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
                item=loop.item or _NO_ITEM,
                quantity=loop.quantity,
                unit=loop.unit,
                order=order if several else None,
                packages=packages[place],
                lot=loop.lot,
                ordered=loop.ordered,
                status=loop.status,
                pack=loop.pack,
            )
        )
    return lines


def is_line(loop: Loop, level: str) -> bool:
    """Whether the loop speaks of goods: an item loop, or another one that names an item."""
    return loop.item is not None and (level == "I" or loop.item != _NO_ITEM)


def orders_of_loops(loops: list[Loop], tree: Hierarchy) -> list[OrderRef | None]:
    """Each loop's own order, or that of the nearest loop above it."""
    orders: list[OrderRef | None] = [None] * len(loops)
    for place in tree.top_down:
        parent = tree.parents[place]
        orders[place] = loops[place].order or (orders[parent] if parent != ROOT else None)
    return orders


def _packages(reader: SetReader, loops: list[Loop], tree: Hierarchy) -> list[tuple[str, ...]]:
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


def _packages_inside(loops: list[Loop], tree: Hierarchy) -> dict[int, list[str]]:
    """Packages of pack loops that stand inside an item, as in structure SOIP."""
    inside: dict[int, list[str]] = {}
    items = _nearest_items(loops, tree)
    for place, loop in enumerate(loops):
        parent = tree.parents[place]
        if loop.packages and parent != ROOT and items[parent] != ROOT:
            inside.setdefault(items[parent], []).extend(loop.packages)
    return inside


def _nearest_items(loops: list[Loop], tree: Hierarchy) -> list[int]:
    """For each loop itself or the nearest loop above it that has a line."""
    items = [ROOT] * len(loops)
    for place in tree.top_down:
        parent = tree.parents[place]
        if loops[place].item is not None:
            items[place] = place
        elif parent != ROOT:
            items[place] = items[parent]
    return items


def merge_headers(first: Header, loops: list[Loop]) -> Header:
    """What the document says as a whole: `first`, then its loops that hold no item."""
    merged = Header()
    headers = [first, *(loop.header for loop in loops if loop.item is None and loop.header is not None)]
    for header in reversed(headers):
        merged.parties.update(header.parties)
        merged.references.update(header.references)
        merged.dates.update(header.dates)
        merged.moments.update(header.moments)
    return merged


def first_said(loops: list[Loop], name: str) -> str:
    """The first of the loops' own words of that name (carrier, vehicle)."""
    return next((str(value) for loop in loops if (value := getattr(loop, name))), "")


def count_packages(loops: list[Loop]) -> int | None:
    """The packages of the first loop that counts them: those of the shipment, or of all of its orders."""
    counted = [(loop.item is None, loop.package_count) for loop in loops if loop.package_count is not None]
    return next((count for outer, count in counted if outer), None)
