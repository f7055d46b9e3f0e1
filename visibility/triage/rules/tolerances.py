"""What difference is agreed to be none.

Precedence (line, supplier + item, supplier, company; the first that is set wins) is resolved by whoever
provides `for_line`. None means not set: then every difference opens a case. 0 is set, and means exact.
"""

from decimal import Decimal
from typing import Literal, Protocol

from msgspec import Struct

from visibility.flows.state import LineView

Choice = Literal["lower", "greater"]
Match = Literal["2-way", "3-way", "4-way"]
"""What a bill is compared with: the order; what came in as well; what inspection accepted of it as well."""


class Tolerance(Struct, frozen=True, kw_only=True):
    """Percent of what was expected, and an amount in the line's unit (prices: in currency, per unit).

    Where both are set, `both` says whether the lower or the greater of the two counts; a measure that was
    agreed on another level may say otherwise.
    """

    quantity_under_percent: Decimal | None = None
    quantity_under_amount: Decimal | None = None
    quantity_over_percent: Decimal | None = None
    quantity_over_amount: Decimal | None = None
    price_percent: Decimal | None = None
    price_amount: Decimal | None = None
    days_late: int | None = None
    days_early: int | None = None
    both: Choice = "lower"
    quantity_under_both: Choice | None = None
    quantity_over_both: Choice | None = None
    price_both: Choice | None = None
    match: Match = "3-way"

    def allows_under(self, difference: Decimal, expected: Decimal) -> bool:
        both = self.quantity_under_both or self.both
        limit = _limit(self.quantity_under_percent, self.quantity_under_amount, both, expected)
        return difference <= limit

    def allows_over(self, difference: Decimal, expected: Decimal) -> bool:
        both = self.quantity_over_both or self.both
        limit = _limit(self.quantity_over_percent, self.quantity_over_amount, both, expected)
        return difference <= limit

    def allows_price(self, difference: Decimal, expected: Decimal) -> bool:
        both = self.price_both or self.both
        return abs(difference) <= _limit(self.price_percent, self.price_amount, both, expected)

    def allows_days(self, late: int) -> bool:
        return late <= (self.days_late or 0)

    def allows_days_early(self, early: int) -> bool:
        return early <= (self.days_early or 0)


def _limit(percent: Decimal | None, amount: Decimal | None, both: Choice, expected: Decimal) -> Decimal:
    share = None if percent is None else abs(expected) * percent / 100
    if share is None or amount is None:
        return share if share is not None else amount if amount is not None else Decimal(0)
    return min(share, amount) if both == "lower" else max(share, amount)


class Tolerances(Protocol):
    """Gives the tolerance that counts for a line."""

    def for_line(self, line: LineView) -> Tolerance: ...


class Everywhere(Struct, frozen=True):
    """One tolerance for all lines."""

    tolerance: Tolerance = Tolerance()

    def for_line(self, line: LineView) -> Tolerance:
        return self.tolerance


NO_TOLERANCES = Everywhere()
