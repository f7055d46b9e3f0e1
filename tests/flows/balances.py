"""Builders for opening balances and what comes before and after them."""

import datetime as dt
from decimal import Decimal
from typing import Any

from lives import ACME, DALLAS, PO, SKU, _number, day, fact

from visibility.canonical.documents import BalanceLine, Item, OpeningBalance
from visibility.flows.state import Fact

CUT = day(9, 18)
"""The cut-over: the evening of 9 November."""


def stood(
    line: str = "1", quantity: object = 100, *, item: Item = SKU, unit: str = "CA", **told: Any
) -> BalanceLine:
    """Where a line stood: keyword arguments as BalanceLine has them, numbers as they are written."""
    amounts = ("confirmed", "shipped", "received", "billed", "price", "billed_price")
    values = {name: _number(value) if name in amounts else value for name, value in told.items()}
    return BalanceLine(line=line, item=item, quantity=_number(quantity), unit=unit, **values)


def balance(*lines: BalanceLine, as_of: dt.datetime = CUT, name: str = "", **more: Any) -> Fact:
    document = OpeningBalance(
        order=PO, supplier=ACME, ship_to=DALLAS, as_of=as_of, currency="USD", lines=lines, **more
    )
    return fact(document, witness="erp", name=name, explicit=True)


def line_one(view: Any) -> Any:
    return next(each for each in view.lines if each.line == "1")


def amounts(view: Any) -> tuple[Decimal | None, ...]:
    """Ordered, confirmed, shipped, received and billed of line 1."""
    line = line_one(view)
    return line.ordered, line.confirmed, line.shipped, line.received, line.invoiced
