"""Numbers, dates, items and money as people of the trade say them."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from visibility.canonical.documents import Item, Party
from visibility.flows.amounts import tidy
from visibility.flows.state import FlowView

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}


def plain(value: Decimal) -> str:
    """A number as people write it: 1,200 or 0.5."""
    return f"{tidy(value):,f}"


def number(value: int) -> str:
    """How many, as people write it: 1,200."""
    return f"{value:,}"


def quantity(value: Decimal | None, unit: str) -> str:
    """ "60 CA"; an unknown quantity is said to be unknown."""
    if value is None:
        return f"an unknown number of {unit}".strip() if unit else "an unknown quantity"
    return f"{plain(value)} {unit}".strip()


def day(date: dt.date, this_year: int | None = None) -> str:
    """ "4 Dec", with the year only when it is not `this_year` (None: never)."""
    shown = f"{date.day} {_MONTHS[date.month - 1]}"
    return shown if this_year in (None, date.year) else f"{shown} {date.year}"


def item(what: Item) -> str:
    """The code people know an item by, ours first; empty where there is none."""
    return what.buyer or what.vendor or what.gtin or what.description


def of_item(what: Item, line: str) -> str:
    """The item, or the line where nobody names the item."""
    return item(what) or (f"line {line}" if line else "a line without an item")


def party(who: Party, otherwise: str) -> str:
    """A party by its name, else by what stands for it."""
    return who.name or (who.ids[0].split(":", 1)[-1] if who.ids else otherwise)


def supplier(view: FlowView, known: str) -> str:
    """What the supplier of a flow is called: its known name, else the one in the documents."""
    return known or party(view.supplier, "the supplier")


def money(amount: Decimal, currency: str) -> str:
    """ "$3,456.00"; with the currency's code where it has no sign of its own."""
    places = max(2, -int(amount.normalize().as_tuple().exponent))
    number = f"{abs(amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)):,f}"
    sign = "−" if amount < 0 else ""
    if currency in _SIGNS:
        return f"{sign}{_SIGNS[currency]}{number}"
    return f"{sign}{number} {currency}".strip()


def sentence(text: str) -> str:
    """With a capital letter in front, whatever the first word is."""
    return text[:1].upper() + text[1:]


def signed(value: Decimal) -> str:
    """+12 or −40, with a true minus."""
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{plain(abs(value))}"
