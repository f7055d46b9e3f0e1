"""What an opening balance holds for: the lines it tells of, what of each, and up to when. Pure."""

import datetime as dt
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from visibility.canonical.documents import (
    BalanceLine,
    GoodsReceived,
    InvoiceReceived,
    OpeningBalance,
    OrderPlaced,
    ShipmentNotified,
)
from visibility.flows.moments import BALANCE, UNDER_WAY, Moment, moment, on, told_at
from visibility.flows.state import Fact

Told = Literal["quantity", "confirmed", "shipped", "received", "billed"]
_MEANT = ("original", "duplicate", "confirm")


class Opened(Struct, frozen=True, eq=False):
    """A line as the balance that counts for it tells it."""

    line: BalanceLine
    fact: Fact
    until: Moment
    zone: str

    def tells(self, what: Told) -> bool:
        """Whether the balance says how much that was; a promised day says that it was confirmed."""
        if getattr(self.line, what) is not None:
            return True
        return what == "confirmed" and bool(self.line.promises)

    def holds(self, what: Told, fact: Fact) -> bool:
        """Whether the balance speaks of this in the place of a document: it happened before."""
        return not is_balance(fact) and self.tells(what) and self.is_behind(fact)

    def is_behind(self, fact: Fact) -> bool:
        return is_behind(happened(fact), self.until, zone=self.zone)


def is_balance(fact: Fact) -> bool:
    """Whether it is no document of its own, but a part of an opening balance."""
    return fact.control in (BALANCE, UNDER_WAY)


def until(fact: Fact) -> Moment:
    """Up to when a balance holds: a moment, or a day and all of it."""
    assert isinstance(fact.document, OpeningBalance)
    return moment(fact.document.as_of)


def is_behind(when: Moment, balance: Moment, *, zone: str) -> bool:
    """Whether a moment is in a balance. What has no date counts on top; days are those of the place."""
    if when.at is None or balance.at is None:
        return False
    if when.date_only or balance.date_only:
        return _day(when, zone) <= _day(balance, zone)
    return when.at <= balance.at


def _day(when: Moment, zone: str) -> dt.date:
    assert when.at is not None
    return when.at.date() if when.date_only else when.at.astimezone(ZoneInfo(zone)).date()


def happened(fact: Fact) -> Moment:
    """When that happened which a document tells; what corrects another one happens when it is written."""
    document = fact.document
    corrects = getattr(document, "reverses", "") or getattr(document, "corrects", "") or document.replaces
    own = Moment()
    if document.purpose in _MEANT and not corrects:
        match document:
            case GoodsReceived():
                own = moment(document.received_at)
            case ShipmentNotified():
                own = moment(document.shipped_at)
            case InvoiceReceived():
                own = on(document.invoiced_on)
            case OrderPlaced() if document.issued_at is None:
                own = on(document.ordered_on)
            case _:
                pass
    return told_at(fact) if own.at is None else own
