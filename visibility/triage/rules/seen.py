"""What a rule looks at, and how findings are weighed and worded."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec import Struct

from visibility.flows import words
from visibility.flows.state import Awaited, FlowView, LineView
from visibility.triage.findings import Names, Severity
from visibility.triage.rules.tolerances import Tolerance, Tolerances

# A line that misses half of what was expected, or this much money, is not small any more.
_LARGE_SHARE = Decimal("0.5")
_SMALL_SHARE = Decimal("0.1")
_LARGE_MONEY = Decimal(10_000)
_SMALL_MONEY = Decimal(1_000)


class Seen(Struct, frozen=True, kw_only=True):
    """A flow as a rule sees it."""

    view: FlowView
    as_of: dt.datetime
    names: Names
    tolerances: Tolerances
    ordered: list[LineView]
    """Lines of a placed order that still stand: the ones an answer can be compared with."""
    mirrored: list[LineView]
    """Lines of which systems told whose word does not count."""

    @property
    def missed(self) -> list[Awaited]:
        """What is awaited and was due before now."""
        return [each for each in self.view.awaited if each.due_at < self.as_of]

    @property
    def supplier(self) -> str:
        return words.supplier(self.view, self.names.supplier)

    @property
    def Supplier(self) -> str:  # noqa: N802 the same at the head of a sentence
        return words.sentence(self.supplier)

    @property
    def place(self) -> str:
        return self.names.ship_to or words.party(self.view.ship_to, "the receiver")

    def tolerance(self, line: LineView) -> Tolerance:
        return self.tolerances.for_line(line)

    def day(self, date: dt.date) -> str:
        return words.day(date, self.as_of.year)

    def local(self, moment: dt.datetime) -> dt.datetime:
        return moment.astimezone(ZoneInfo(self.names.zone))

    def money(self, amount: Decimal) -> str:
        return words.money(amount, self.view.currency)


def amount(line: LineView, value: Decimal | None) -> str:
    return words.quantity(value, line.unit)


def what(line: LineView) -> str:
    return words.of_item(line.item, line.line)


def worth(line: LineView, value: Decimal | None) -> Decimal | None:
    """What so many of a line cost; None where quantity or price is not known."""
    if value is None or line.unit_price is None:
        return None
    return abs(value) * line.unit_price


def weigh(*, gap: Decimal | None, expected: Decimal | None, money: Decimal | None) -> Severity:
    """How much a difference matters, from its share of what was expected and the money in it.

    critical: half or more, and 10,000 or more. high: either of them. medium: a tenth or more, or 1,000 or
    more, or nothing known to weigh. low: the rest.
    """
    share = abs(gap) / expected if gap is not None and expected else None
    large = share is not None and share >= _LARGE_SHARE
    dear = money is not None and money >= _LARGE_MONEY
    if large and dear:
        return "critical"
    if large or dear:
        return "high"
    if share is None and money is None:
        return "medium"
    notable = (share is not None and share >= _SMALL_SHARE) or (money is not None and money >= _SMALL_MONEY)
    return "medium" if notable else "low"
