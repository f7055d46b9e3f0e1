"""850, purchase order: what the buyer asks for."""

import datetime as dt

from integrations.mappings.x12 import codes, codes_orders
from integrations.mappings.x12.common import (
    check_line_count,
    envelope_moment,
    envelope_party,
    order_reference,
)
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.order_parts import check_hash_total
from integrations.mappings.x12.orders import PO1, OrderHead, OrderLoop
from integrations.mappings.x12.values import start_of_day
from visibility.canonical.documents import AnyDocument, OrderLine, OrderPlaced, Purpose


def map_850(reader: SetReader) -> list[AnyDocument]:
    """The order as placed. Findings in the reader say what forbids its use."""
    head = OrderHead()
    lines: list[OrderLine] = []
    loop: OrderLoop | None = None
    beginning: _Beginning | None = None
    for row in reader.rows():
        tag = row[0]
        if tag == "PO1":
            if loop is not None:
                lines.append(_line(reader, loop, head.dates))
            loop = OrderLoop(reader, PO1)
        elif tag == "BEG":
            beginning = _Beginning(reader, head)
        elif tag == "CTT":
            check_line_count(reader, len(lines) + (loop is not None), "lines")
            told = [line.quantity for line in lines]
            check_hash_total(reader, told if loop is None else [*told, loop.quantity])
        elif loop is not None:
            loop.take(reader, head.notes)
        else:
            head.take(reader)
    if loop is not None:
        lines.append(_line(reader, loop, head.dates))
    if beginning is None:
        reader.note_missing("BEG", "the order has no BEG segment, so it has no number")
        return []
    return [_order(reader, beginning, head, lines)]


def _line(reader: SetReader, loop: OrderLoop, default_dates: dict[str, dt.date]) -> OrderLine:
    loop.check(reader)
    return OrderLine(
        line=loop.number,
        item=loop.item,
        quantity=loop.quantity,
        unit=loop.unit,
        price=loop.price.price,
        price_per=loop.price.per,
        price_unit=loop.price.unit,
        requests=loop.requests(default_dates),
        destinations=tuple(loop.destinations),
        components=tuple(loop.components),
        allowances=tuple(loop.allowances),
    )


class _Beginning:
    """BEG: purpose, kind, number, release, date, and the answer asked for."""

    def __init__(self, reader: SetReader, head: OrderHead) -> None:
        self.purpose: Purpose = reader.code(1, codes.PURPOSES, "purpose") or "original"
        kind = reader.written(2, "order_type")
        self.kind = reader.code(2, codes.ORDER_KINDS, "order_type") or codes.OTHER_ORDER_KIND
        self.number = reader.identifier(3)
        if not self.number:
            reader.note("error", "no_order", "BEG03 is empty: the order has no number", 3)
        self.release = reader.identifier(4) if kind in codes.KINDS_WITH_RELEASE else ""
        self.date = reader.date(5)
        head.notes.add(codes_orders.ANSWERS_ASKED.get(reader.raw(7), ""))


def _order(reader: SetReader, beginning: _Beginning, head: OrderHead, lines: list[OrderLine]) -> OrderPlaced:
    buyer = envelope_party(reader.transaction, "sender")
    number, release, kind = beginning.number, beginning.release, beginning.kind
    return OrderPlaced(
        order=order_reference(number, buyer, release),
        purpose=beginning.purpose,
        issued_at=start_of_day(beginning.date),
        buyer=head.party(codes.BUYER_PARTIES, buyer),
        supplier=head.party(codes.SUPPLIER_PARTIES, envelope_party(reader.transaction, "receiver")),
        ship_to=head.party(codes.SHIP_TO_PARTIES),
        note=head.notes.text,
        kind=kind,
        ordered_on=beginning.date,
        released_at=envelope_moment(reader.transaction, reader.profile.time_zone),
        answer_due_at=head.moment(codes_orders.ANSWER_DUE_DATES),
        currency=head.currency,
        related=head.related(number=number, issuer=buyer, kind=kind, release=release),
        allowances=tuple(head.allowances),
        lines=tuple(lines),
    )
