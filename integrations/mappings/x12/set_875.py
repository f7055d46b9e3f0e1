"""875, grocery products purchase order: an order in the segments of the grocery trade (UCS)."""

from integrations.mappings.x12 import codes, codes_orders
from integrations.mappings.x12.common import (
    Header,
    envelope_moment,
    envelope_party,
    order_reference,
    pick_schedules,
    read_item_codes,
)
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.order_parts import Notes, read_destinations, read_grocery_allowance
from integrations.mappings.x12.orders import sum_of
from integrations.mappings.x12.values import read_gtin, read_number, start_of_day
from visibility.canonical.documents import (
    Allowance,
    AnyDocument,
    Destination,
    Item,
    OrderLine,
    OrderPlaced,
    Purpose,
    Schedule,
)


class _Line:
    """One G68 loop while it is being read."""

    def __init__(self, reader: SetReader) -> None:
        self.quantity = reader.quantity(1)
        self.unit = reader.unit(2)
        self.price = reader.price(3)
        self.case = read_gtin(reader.raw(4))
        if reader.raw(4) and self.case is None:
            text = f"{reader.raw(4)[:40]!r} is not a GTIN of 8 to 14 digits; it was left out"
            reader.note("warning", "not_a_gtin", text, 4)
        self.item = read_item_codes(reader, 5).item
        self.description = ""
        self.allowances: list[Allowance] = []
        self.destinations: list[Destination] = []

    def take(self, reader: SetReader, notes: Notes) -> None:
        tag = reader.row[0]
        if tag == "G69":
            self.description = self.description or reader.text(1)
        elif tag == "G72":
            allowance = read_grocery_allowance(reader)
            if allowance is not None:
                self.allowances.append(allowance)
        elif tag == "SDQ":
            self.destinations.extend(read_destinations(reader, self.unit))
        elif tag == "NTE":
            notes.take(reader)

    def finish(self, requests: tuple[Schedule, ...]) -> OrderLine:
        item = self.item
        return OrderLine(
            item=Item(
                buyer=item.buyer,
                vendor=item.vendor,
                gtin=self.case or item.gtin,
                description=self.description,
            ),
            quantity=self.quantity,
            unit=self.unit,
            price=self.price,
            requests=requests,
            destinations=tuple(self.destinations),
            allowances=tuple(self.allowances),
        )


class _Beginning:
    """G50: status, date and number of the order."""

    def __init__(self, reader: SetReader) -> None:
        self.purpose: Purpose = reader.code(1, codes_orders.ORDER_STATUSES, "order_status") or "original"
        self.date = reader.date(2)
        self.number = reader.identifier(3)
        if not self.number:
            reader.note("error", "no_order", "G5003 is empty: the order has no number", 3)


class _Head(Header):
    """What stands before the lines."""

    def __init__(self) -> None:
        super().__init__()
        self.notes = Notes()
        self.allowances: list[Allowance] = []

    def take(self, reader: SetReader) -> None:
        tag = reader.row[0]
        if tag == "G62":
            # Element 432 writes with two digits what element 374 writes with three.
            day = reader.date(2)
            if day is not None:
                self.dates.setdefault(reader.raw(1).zfill(3), day)
        elif tag == "G72":
            allowance = read_grocery_allowance(reader)
            if allowance is not None:
                self.allowances.append(allowance)
        else:
            super().take(reader)
            self.notes.take(reader)


def map_875(reader: SetReader) -> list[AnyDocument]:
    """The order as placed."""
    head = _Head()
    loops: list[_Line] = []
    beginning: _Beginning | None = None
    for row in reader.rows():
        tag = row[0]
        if tag == "G68":
            loops.append(_Line(reader))
        elif tag == "G50":
            beginning = _Beginning(reader)
        elif tag == "G76":
            _check_total(reader, loops)
        elif loops:
            loops[-1].take(reader, head.notes)
        else:
            head.take(reader)
    if beginning is None:
        reader.note_missing("G50", "the order has no G50 segment, so it has no number")
        return []
    return [_order(reader, beginning, head, loops)]


def _order(reader: SetReader, beginning: _Beginning, head: _Head, loops: list[_Line]) -> OrderPlaced:
    buyer = envelope_party(reader.transaction, "sender")
    requests = pick_schedules(head.dates, codes.REQUEST_DATES)
    return OrderPlaced(
        order=order_reference(beginning.number, buyer),
        purpose=beginning.purpose,
        issued_at=start_of_day(beginning.date),
        buyer=head.party(codes.BUYER_PARTIES, buyer),
        supplier=head.party(codes.SUPPLIER_PARTIES, envelope_party(reader.transaction, "receiver")),
        ship_to=head.party(codes.SHIP_TO_PARTIES),
        note=head.notes.text,
        ordered_on=beginning.date,
        released_at=envelope_moment(reader.transaction, reader.profile.time_zone),
        allowances=tuple(head.allowances),
        lines=tuple(loop.finish(requests) for loop in loops),
    )


def _check_total(reader: SetReader, loops: list[_Line]) -> None:
    """Compare G7601 (the present segment) with the quantities of the lines; a difference is a warning."""
    raw = reader.raw(1)
    total = sum_of([loop.quantity for loop in loops])
    if raw and read_number(raw) != total:
        text = f"G7601 says that {raw[:20]!r} are ordered in all, the lines order {total}"
        reader.note("warning", "quantity_total", text, 1)
