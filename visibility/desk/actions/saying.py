"""How actions say things: days with their weekday, orders and lines by their numbers."""

import datetime as dt
from decimal import Decimal

from visibility.desk.actions.base import CaseSeen
from visibility.flows import words

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SCHEMES = {"po": "PO", "so": "SO", "transfer": "Transfer", "rma": "RMA"}


def day(date: dt.date, seen: CaseSeen) -> str:
    """ "Thu 3 Dec"; with the year where it is not this one."""
    return f"{_DAYS[date.weekday()]} {words.day(date, seen.as_of.year)}"


def on_day(date: dt.date | None, seen: CaseSeen) -> str:
    """ " on Thu 3 Dec"; nothing where the day is not known."""
    return f" on {day(date, seen)}" if date else ""


def order(seen: CaseSeen) -> str:
    """ "PO 4500018277"."""
    number = seen.order.number if seen.order else seen.case.order_number
    scheme = _SCHEMES.get(seen.order.scheme, "Order") if seen.order else "Order"
    return f"{scheme} {number}".strip()


def order_line(seen: CaseSeen) -> str:
    """ "PO 4500018277 line 10"; the order alone where the case stands on no line."""
    line = seen.line.line if seen.line else seen.case.line
    return f"{order(seen)} line {line}" if line else order(seen)


def supplier(seen: CaseSeen) -> str:
    return seen.supplier or "the supplier"


def Supplier(seen: CaseSeen) -> str:  # noqa: N802 the same at the head of a sentence
    return words.sentence(supplier(seen))


def place(seen: CaseSeen) -> str:
    return seen.place or "the receiver"


def plain(value: Decimal) -> str:
    return words.plain(value)


def money(value: Decimal, seen: CaseSeen) -> str:
    return words.money(value, currency(seen))


def currency(seen: CaseSeen) -> str:
    """The order's currency; empty where nobody said."""
    if seen.line and seen.line.currency:
        return seen.line.currency
    return (seen.view.currency if seen.view else "") or seen.case.currency or ""
