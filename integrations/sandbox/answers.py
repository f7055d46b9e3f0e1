"""How suppliers answer: what the answer to a line says, by the kind of life the order has."""

from decimal import Decimal

from integrations.sandbox import kinds
from integrations.sandbox.company import ITEMS_OF, Item
from integrations.sandbox.facts import AnswerLine, AnswerPart, Order, OrderLine
from integrations.sandbox.hours import working_date

_TWO_PARTS = (kinds.SPLIT_DATES, kinds.BACKORDERED)
_ACCEPTED = ("IA", "IQ", "IP", "IS", "DR")

FIRST_PART_EARLIER = 3
"""Working days by which the first of two agreed deliveries comes before the other."""
BACKORDER_LATER = 6
"""Working days by which a backordered rest comes after the date wanted."""


def some_of(line: OrderLine, percent: int) -> Decimal:
    """That share of the line in whole lots, at least one."""
    lots = int(line.quantity * percent / 100) // line.item.lot
    return Decimal(max(lots, 1) * line.item.lot)


def answer_line(
    order: Order, line: OrderLine, *, dock: int, late: int, answered: Decimal | None
) -> AnswerLine:
    """The first answer to `line`; `dock` is the working day wanted.

    `late`: by how many working days a late promise is late; `answered`: a story's quantity.
    """
    parts = _parts(order, line, dock, late, answered)
    price, unit = line.price, line.item.unit
    if line is order.focus and order.kind is kinds.PRICE_CHANGED:
        price = dearer(line.price)
    if line is order.focus and order.kind is kinds.UNKNOWN_UNIT:
        # Cartons: a unit every reader knows, and of which nobody knows how many make an each.
        unit = "CT"
    return AnswerLine(line, parts, price, unit)


def dearer(price: Decimal) -> Decimal:
    """Four percent more, to as many decimals."""
    return (price * Decimal("1.04")).quantize(price)


def _parts(
    order: Order, line: OrderLine, dock: int, late: int, answered: Decimal | None
) -> tuple[AnswerPart, ...]:
    quantity = line.quantity

    def part(code: str, amount: Decimal, day: int = dock) -> AnswerPart:
        transit = order.supplier.ship_days if order.supplier.promises == "068" else 0
        return AnswerPart(code, amount, working_date(day - transit))

    if order.kind is kinds.ORDER_REJECTED:
        return (AnswerPart("IR", quantity),)
    if line is not order.focus:
        return (part("IA", quantity),)
    match order.kind:
        case kinds.SHORT | kinds.SHORT_THEN_FULL:
            return (part("IQ", answered or some_of(line, 60)),)
        case kinds.LATE:
            return (part("DR", quantity, dock + late),)
        case kinds.OVER_CONFIRMED:
            return (part("IQ", answered or quantity + line.item.lot),)
        case kinds.REJECTED:
            return (AnswerPart("IR", quantity),)
        case kinds.SUBSTITUTED:
            return (AnswerPart("IS", quantity, working_date(dock), _substitute(order, line.item)),)
        case kinds.PRICE_CHANGED:
            return (part("IP", quantity),)
        case kinds.LINE_UNANSWERED:
            return ()
        case kinds.SPLIT_DATES:
            first = some_of(line, 40)
            return (part("IA", first, dock - FIRST_PART_EARLIER), part("IA", quantity - first))
        case kinds.BACKORDERED:
            first = some_of(line, 60)
            return (part("IA", first), part("IB", quantity - first, dock + BACKORDER_LATER))
        case _:
            return (part("IA", quantity),)


def _substitute(order: Order, item: Item) -> Item:
    """The next item of the supplier's list that the order does not have itself."""
    offered = ITEMS_OF[item.supplier]
    after = offered.index(item) + 1
    ordered = {line.item.sku for line in order.lines}
    return next(other for other in offered[after:] + offered[:after] if other.sku not in ordered)


def verdict(order: Order) -> str:
    """BAK02 of the first answer."""
    if order.kind is kinds.ORDER_REJECTED:
        return "RD"
    if order.kind in (kinds.LINE_UNANSWERED, kinds.UNKNOWN_UNIT, kinds.UNREADABLE):
        return "AC"
    if order.kind.opens and order.kind.since == "released" and order.kind is not kinds.UNKNOWN_ITEM:
        return order.supplier.objects_with
    if order.kind in (*_TWO_PARTS, kinds.SHORT_THEN_FULL):
        return order.supplier.objects_with
    return order.supplier.accepts_with


def is_plain(answer: AnswerLine) -> bool:
    """True if the line is accepted as ordered, so that an exceptions-only answer leaves it out."""
    return [part.code for part in answer.parts] == ["IA"]


def confirmed(answer: AnswerLine) -> Decimal:
    """How much of the line the supplier means to ship on the first date."""
    accepted = [part.quantity for part in answer.parts if part.code in _ACCEPTED]
    return sum(accepted, Decimal(0))
