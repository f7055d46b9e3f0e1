"""The tree of an 856: shipment, orders and items, with packs between them where the supplier labels packs."""

from collections.abc import Iterator
from decimal import Decimal

from integrations.sandbox.company import Item, Supplier
from integrations.sandbox.envelope import Segment
from integrations.sandbox.facts import Order, Shipped, ShippedLine
from integrations.sandbox.gs1 import sscc

_PACK_OF = 40
_MOST_PACKS = 3


class _Tree:
    """Numbers hierarchical levels in document order."""

    def __init__(self) -> None:
        self.count = 0
        self.segments: list[Segment] = []

    def add(self, level: str, parent: int, *segments: Segment) -> int:
        self.count += 1
        self.segments.append(["HL", str(self.count), str(parent) if parent else "", level])
        self.segments.extend(segments)
        return self.count


def ship_notice_levels(shipped: Shipped) -> tuple[list[Segment], int]:
    """The segments from the first HL on, and how many HLs they have."""
    tree = _Tree()
    root = tree.add("S", 0, *_shipment(shipped))
    serial = int(shipped.bill_of_lading.removeprefix("BOL")) * 100
    for order, lines in _by_order(shipped):
        placed = f"{order.released_at:%Y%m%d}"
        branch = tree.add("O", root, ["PRF", order.number, "", "", placed])
        for line in lines:
            parts = _packs(line.quantity) if shipped.supplier.packs else [line.quantity]
            for quantity in parts:
                parent = branch
                if shipped.supplier.packs:
                    serial += 1
                    label = sscc(shipped.supplier.gs1_prefix, serial)
                    parent = tree.add("P", branch, ["MAN", "GM", label])
                tree.add("I", parent, *_item(shipped.supplier, line, quantity))
    return tree.segments, tree.count


def _shipment(shipped: Shipped) -> list[Segment]:
    scac, carrier = shipped.carrier
    left = shipped.shipped_at
    place = shipped.ship_to
    return [
        ["TD5", "O", "2", scac, "M", carrier],
        ["REF", "BM", shipped.bill_of_lading],
        ["REF", "CN", shipped.pro],
        ["DTM", "011", f"{left:%Y%m%d}", f"{left:%H%M}", "UT"],
        ["DTM", "017", f"{shipped.due_on:%Y%m%d}"],
        ["N1", "SF", shipped.supplier.name, "92", shipped.supplier.code],
        ["N1", "ST", place.name, "UL", place.gln],
        ["N4", place.city, place.state],
    ]


def _by_order(shipped: Shipped) -> Iterator[tuple[Order, list[ShippedLine]]]:
    by_number: dict[str, list[ShippedLine]] = {}
    for line in shipped.lines:
        by_number.setdefault(line.order.number, []).append(line)
    for lines in by_number.values():
        yield lines[0].order, lines


def _packs(quantity: Decimal) -> list[Decimal]:
    """The quantity over one to three packs, the first ones equal."""
    count = min(_MOST_PACKS, -(-int(quantity) // _PACK_OF))
    each = quantity // count
    return [*[each] * (count - 1), quantity - each * (count - 1)]


def _item(supplier: Supplier, line: ShippedLine, quantity: Decimal) -> list[Segment]:
    start = "" if supplier.names_lines == "item" else str(line.line.number)
    item = line.line.item
    buyer = [] if supplier.names_lines == "line" else ["BP", item.sku]
    gtin = ["UK", _gtin(item, line.unit)] if supplier.packs else []
    return [
        ["LIN", start, *buyer, "VP", item.vendor_part, *gtin],
        ["SN1", "", f"{quantity:f}", line.unit],
    ]


def _gtin(item: Item, unit: str) -> str:
    return item.gtin if unit == item.unit else item.base_gtin
