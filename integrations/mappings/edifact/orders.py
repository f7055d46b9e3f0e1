"""ORDERS, purchase order: what the buyer asks for."""

import msgspec

from integrations.mappings.edifact import codes
from integrations.mappings.edifact.common import (
    ONE,
    Beginning,
    Gathered,
    envelope_moment,
    envelope_party,
    issued_at,
    order_reference,
    pick_schedules,
)
from integrations.mappings.edifact.lines import Body, LineGroup, read_body
from integrations.mappings.edifact.reader import MessageReader
from integrations.mappings.edifact.times import Period
from visibility.canonical.documents import (
    AnyDocument,
    Component,
    OrderLine,
    OrderPlaced,
    Purpose,
    RelatedOrder,
    Schedule,
)


def map_orders(reader: MessageReader) -> list[AnyDocument]:
    """The order as placed. Findings in the reader say what forbids its use."""
    body = read_body(reader)
    if body.beginning is None:
        return []
    return [order_placed(reader, body, body.beginning)]


def order_placed(reader: MessageReader, body: Body, beginning: Beginning) -> OrderPlaced:
    """The order that a message of ORDERS' shape places."""
    header = body.header
    number = beginning.number or header.reference(codes.ORDER_REFERENCES)
    if not number:
        reader.go(beginning.place)
        reader.note("error", "no_order", "BGM has no number: the order cannot be told from others", 2)
    buyer = envelope_party(reader.message, "sender")
    issued = header.period(codes.ISSUED_DATES)
    return OrderPlaced(
        order=order_reference(number, buyer),
        purpose=read_purpose(reader, beginning),
        issued_at=issued_at(header),
        buyer=header.party(codes.BUYER_PARTIES, buyer),
        supplier=header.party(codes.SUPPLIER_PARTIES, envelope_party(reader.message, "receiver")),
        ship_to=header.party(codes.SHIP_TO_PARTIES),
        units="rec20",
        kind=_kind(reader, beginning),
        ordered_on=issued.start if issued else None,
        released_at=envelope_moment(reader.message, reader.profile.time_zone),
        currency=header.currency,
        related=_related(header, buyer),
        allowances=tuple(header.allowances),
        lines=tuple(order_lines(reader, body)),
    )


def read_purpose(reader: MessageReader, beginning: Beginning) -> Purpose:
    """What the message does to the document of its number; without a word, or with one unknown, original."""
    reader.go(beginning.place)
    return reader.code(3, codes.PURPOSES, "purpose") or "original"


def _kind(reader: MessageReader, beginning: Beginning) -> str:
    reader.go(beginning.place)
    return reader.code(1, codes.ORDER_KINDS, "order_type") or codes.OTHER_ORDER_KIND


def _related(header: Gathered, issuer: str) -> tuple[RelatedOrder, ...]:
    """The agreement the order draws on, and the order of the buyer's own customer."""
    related = []
    blanket = header.reference(codes.BLANKET_REFERENCES)
    if blanket:
        related.append(RelatedOrder(order=order_reference(blanket, issuer), relation="blanket"))
    customer = header.reference(codes.CUSTOMER_ORDER_REFERENCES)
    if customer:
        order = msgspec.structs.replace(order_reference(customer, issuer), scheme="so")
        related.append(RelatedOrder(order=order, relation="customer"))
    return tuple(related)


def order_lines(reader: MessageReader, body: Body) -> list[OrderLine]:
    """The lines; sub-lines become components of theirs."""
    parts: dict[str, list[Component]] = {}
    mains = {line.number for line in body.lines if not line.parent}
    for line in body.lines:
        if line.parent and line.parent in mains:
            parts.setdefault(line.parent, []).append(_component(reader, line))
        elif line.parent:
            reader.go(line.place)
            text = f"a sub-line of line {line.parent}, which is not there; it was left out"
            reader.note("warning", "sub_line", text, 4)
    dates = body.header.dates
    return [_line(reader, line, dates, parts) for line in body.lines if not line.parent]


def _component(reader: MessageReader, line: LineGroup) -> Component:
    quantity = line.quantity(codes.ORDERED_QUANTITIES)
    return Component(item=line.item(reader), quantity=quantity.value, unit=quantity.unit)


def _line(
    reader: MessageReader, line: LineGroup, dates: dict[str, Period], parts: dict[str, list[Component]]
) -> OrderLine:
    quantity, price = line.quantity(codes.ORDERED_QUANTITIES), line.price()
    worth = line.amount(codes.LINE_AMOUNTS)
    return OrderLine(
        line=line.number,
        item=line.item(reader),
        quantity=quantity.value,
        unit=quantity.unit,
        price=price.price if price else None,
        price_per=price.per if price else ONE,
        price_unit=price.unit if price else "",
        requests=line_requests(line, dates),
        worth=worth if price is None or quantity.value is None else None,
        destinations=tuple(line.destinations),
        components=tuple(parts.get(line.number, ())),
        allowances=tuple(line.allowances),
    )


def line_requests(line: LineGroup, dates: dict[str, Period]) -> tuple[Schedule, ...]:
    """What is asked for when: the line's schedules, else its dates, else the whole order's."""
    schedules = tuple(planned.schedule for planned in line.planned)
    return (
        schedules
        or pick_schedules(line.dates, codes.REQUEST_DATES)
        or pick_schedules(dates, codes.REQUEST_DATES)
    )
