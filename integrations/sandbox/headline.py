"""The order that people meet first, told step by step: one of its lines at each stage.

Line 10 is confirmed short and has not left; line 20 is shipped, received, billed and so matched; line 30
has left, two short; line 40 is confirmed, and the day it should have left has passed. All moments are
working days before or after the anchor's own day, so the story is the same on whatever day it is told.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from integrations.sandbox.facts import (
    Answered,
    AnswerLine,
    AnswerPart,
    Billed,
    BilledLine,
    Fact,
    Order,
    OrderLine,
    OrderSent,
    Received,
    ReceivedLine,
    Shipped,
    ShippedLine,
)
from integrations.sandbox.hours import DAY, HOUR, WorkingHours, working_date
from integrations.sandbox.numbers import CARRIERS, Numbers

LINES = (("SKU-1042", 100), ("SKU-1051", 40), ("SKU-1063", 30), ("SKU-1090", 16))
NOTICES = ("7764", "7781")
INVOICE = "INV-30977"
SUPPLIER_ORDER = "A-88120"

_RELEASED, _WANTED = -4, 5
_CONFIRMED = (60, 40, 30, 16)
_SHIP_DAYS = (3, -3, 1, -1)
"""When each line is promised to leave, in working days from today."""


def planned_for(anchor: int) -> tuple[int, int]:
    """When it is released (working seconds) and the working day it is wanted; `anchor` is now."""
    today = anchor // DAY
    return _at(today + _RELEASED, 9, 30), today + _WANTED


def tell_headline(*, order: Order, dock: int, hours: WorkingHours, numbers: Numbers) -> Iterator[Fact]:
    """All that has happened to the order; nothing of it later than the day before the anchor."""
    today = dock - _WANTED
    yield OrderSent(order.released_at, order)
    yield Answered(
        hours.moment(_at(today - 4, 15, 5)),
        order,
        "AC",
        SUPPLIER_ORDER,
        tuple(
            _answer(line, confirmed, today + day)
            for line, confirmed, day in zip(order.lines, _CONFIRMED, _SHIP_DAYS, strict=True)
        ),
    )
    yield from _goods(order, today, hours, numbers)


def _goods(order: Order, today: int, hours: WorkingHours, numbers: Numbers) -> Iterator[Fact]:
    """Line 20 all the way to its invoice, and the start of line 30."""
    glasses, plugs = order.lines[1], order.lines[2]
    load = ShippedLine(order, glasses, glasses.quantity, glasses.item.unit)
    left = hours.moment(_at(today - 3, 14, 20))
    shipped = _shipped(load, NOTICES[0], left=left, due=working_date(today - 1), numbers=numbers)
    yield shipped
    yield Received(
        at=hours.moment(_at(today - 1, 9, 40)),
        number=numbers.receipt(order.ship_to),
        order=order,
        shipment=shipped,
        received_at=hours.moment(_at(today - 1, 9, 20)),
        lines=(ReceivedLine(glasses, glasses.quantity, Decimal(0), glasses.quantity),),
    )
    bill = BilledLine(glasses, glasses.quantity, glasses.price)
    yield Billed(hours.moment(_at(today - 1, 13, 0)), INVOICE, order, shipped, (bill,))
    load = ShippedLine(order, plugs, Decimal(28), plugs.item.unit)
    left = hours.moment(_at(today - 1, 16, 15))
    yield _shipped(load, NOTICES[1], left=left, due=working_date(today + 1), numbers=numbers)


def _at(day: int, hour: int, minute: int) -> int:
    """Working seconds at that time of day, by a clock on the wall; work begins at eight."""
    return day * DAY + (hour - 8) * HOUR + minute * 60


def _answer(line: OrderLine, confirmed: int, day: int) -> AnswerLine:
    code = "IA" if confirmed == line.quantity else "IQ"
    part = AnswerPart(code, Decimal(confirmed), working_date(day), dated_by="068")
    return AnswerLine(line, (part,), line.price, line.item.unit)


def _shipped(load: ShippedLine, number: str, *, left: datetime, due: date, numbers: Numbers) -> Shipped:
    """The notice of a truck with one line on it, sent half an hour after it left."""
    return Shipped(
        at=left + timedelta(minutes=30),
        number=number,
        supplier=load.order.supplier,
        ship_to=load.order.ship_to,
        shipped_at=left,
        due_on=due,
        bill_of_lading=numbers.bill_of_lading(),
        pro=numbers.pro(),
        carrier=CARRIERS[0],
        lines=(load,),
    )
