"""860, purchase order change: what the buyer changes after the order was placed.

POC03 is what is ordered from now on (element 330, quantity ordered), not by how much it changes; POC04 is
what is left to receive of it, which the receipts say themselves.
"""

import datetime as dt
from collections.abc import Iterable

from integrations.mappings.x12 import codes, codes_orders
from integrations.mappings.x12.common import (
    check_line_count,
    control_numbers,
    envelope_moment,
    envelope_party,
    order_reference,
    pick_schedules,
)
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.order_parts import check_hash_total
from integrations.mappings.x12.orders import POC, OrderHead, OrderLoop
from integrations.mappings.x12.values import start_of_day
from visibility.canonical.documents import (
    AnyDocument,
    Changed,
    LineChange,
    OrderChanged,
    OrderPlaced,
    OrderRef,
    Purpose,
    Schedule,
)


class _Change(OrderLoop):
    """The loop of one POC."""

    def __init__(self, reader: SetReader) -> None:
        super().__init__(reader, POC)
        self.code = reader.written(2, "line_change")
        self.change = reader.code(2, codes_orders.CHANGES, "line_change") or codes_orders.Change("change", "")

    def line(self, reader: SetReader, default_dates: dict[str, dt.date]) -> LineChange:
        self.check(reader)
        op = self.change.op
        if op == "delete" or self.code in codes_orders.UNCHANGED:
            return LineChange(line=self.number, item=self.item, op=op)
        redated = op == "add" or "dates" in self.change.told
        requests = self.requests(default_dates if redated else {})
        return LineChange(
            line=self.number,
            item=self.item,
            quantity=self.quantity,
            unit=self.unit,
            price=self.price.price,
            price_per=self.price.per,
            price_unit=self.price.unit,
            requests=requests,
            destinations=tuple(self.destinations),
            components=tuple(self.components),
            allowances=tuple(self.allowances),
            op=op,
            untold=tuple(self._untold(requests)),
        )

    def _untold(self, requests: tuple[Schedule, ...]) -> Iterable[Changed]:
        """What the code says has changed, and the segments do not say to what."""
        told = {
            "quantity": self.quantity is not None,
            "price": self.price.price is not None,
            "dates": bool(requests),
            "place": bool(self.destinations),
        }
        return (what for what in self.change.told if not told[what])


class _Beginning:
    """BCH: purpose, kind, order, release, the change's sequence and date."""

    def __init__(self, reader: SetReader) -> None:
        self.purpose: Purpose = reader.code(1, codes.PURPOSES, "purpose") or "original"
        kind = reader.written(2, "order_type")
        self.kind = reader.code(2, codes.ORDER_KINDS, "order_type") or codes.OTHER_ORDER_KIND
        self.number = reader.identifier(3)
        if not self.number:
            reader.note("error", "no_order", "BCH03 is empty: the change names no purchase order", 3)
        self.release = reader.identifier(4) if kind in codes.KINDS_WITH_RELEASE else ""
        self.sequence = reader.identifier(5)
        # BCH06 is the order's own date; BCH11 that of the change, BCH10 of what the seller answered.
        self.date = reader.date(11)


def map_860(reader: SetReader) -> list[AnyDocument]:
    """The change; where it takes the order back (BCH01 01), the order's cancellation."""
    head = OrderHead()
    loops: list[_Change] = []
    beginning: _Beginning | None = None
    for row in reader.rows():
        tag = row[0]
        if tag == "POC":
            loops.append(_Change(reader))
        elif tag == "BCH":
            beginning = _Beginning(reader)
        elif tag == "CTT":
            check_line_count(reader, len(loops), "lines")
            check_hash_total(reader, [loop.quantity for loop in loops])
        elif loops:
            loops[-1].take(reader, head.notes)
        else:
            head.take(reader)
    if beginning is None:
        reader.note_missing("BCH", "the change has no BCH segment, so it names no order")
        return []
    lines = tuple(loop.line(reader, head.dates) for loop in loops)
    if beginning.purpose == "cancel":
        return [_cancellation(reader, beginning, head)]
    if not lines:
        _tell_head_alone(reader, head)
    return [_changed(reader, beginning, head, lines)]


def _order(reader: SetReader, beginning: _Beginning) -> OrderRef:
    return order_reference(beginning.number, envelope_party(reader.transaction, "sender"), beginning.release)


def _changed(
    reader: SetReader, beginning: _Beginning, head: OrderHead, lines: tuple[LineChange, ...]
) -> OrderChanged:
    transaction = reader.transaction
    buyer = envelope_party(transaction, "sender")
    # 04 says that the order changes, 05 that these lines take the place of all it has: neither speaks of
    # an earlier change document.
    whole = beginning.purpose == "replace"
    return OrderChanged(
        order=_order(reader, beginning),
        purpose="original" if beginning.purpose in {"change", "replace"} else beginning.purpose,
        issued_at=start_of_day(beginning.date),
        buyer=head.party(codes.BUYER_PARTIES, buyer),
        supplier=head.party(codes.SUPPLIER_PARTIES, envelope_party(transaction, "receiver")),
        ship_to=head.party(codes.SHIP_TO_PARTIES),
        version=beginning.sequence or _version(reader),
        note=head.notes.text,
        whole=whole and bool(lines),
        lines=lines,
    )


def _version(reader: SetReader) -> str:
    """What tells a change without a sequence from others of its order: its envelope."""
    moment = envelope_moment(reader.transaction, reader.profile.time_zone)
    return f"{moment.isoformat() if moment else ''}|{control_numbers(reader.transaction)}"


def _cancellation(reader: SetReader, beginning: _Beginning, head: OrderHead) -> OrderPlaced:
    buyer = envelope_party(reader.transaction, "sender")
    return OrderPlaced(
        order=_order(reader, beginning),
        purpose="cancel",
        issued_at=start_of_day(beginning.date),
        buyer=head.party(codes.BUYER_PARTIES, buyer),
        supplier=head.party(codes.SUPPLIER_PARTIES, envelope_party(reader.transaction, "receiver")),
        ship_to=head.party(codes.SHIP_TO_PARTIES),
        note=head.notes.text,
        kind=beginning.kind,
        released_at=envelope_moment(reader.transaction, reader.profile.time_zone),
    )


def _tell_head_alone(reader: SetReader, head: OrderHead) -> None:
    """A change of the head alone names no line: what it asks for is told to people, in the note."""
    for each in pick_schedules(head.dates, codes.REQUEST_DATES):
        head.notes.add(f"the whole order is asked for {each.date} ({each.basis})")
    reader.position, reader.row = 0, reader.transaction.row(0)
    text = "the change names no line: what it says of the whole order is in its note, and no line follows it"
    reader.note("warning", "no_lines", text)
