"""Where cases go and whose they are: the first of a company's rules that fits, else as usual for the kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from visibility.accounts.models import Role
from visibility.triage.findings import QUEUE_OF_KIND
from visibility.triage.models import RoutingRule

ROLE_OF_QUEUE: Mapping[str, Role] = {
    "quantity-mismatches": Role.BUYER,
    "late-and-at-risk": Role.PLANNER,
    "delayed-acknowledgements": Role.BUYER,
    "price-and-invoice": Role.BUYER,
    "receiving-discrepancies": Role.WAREHOUSE,
    "invalid-mappings": Role.DATA_STEWARD,
    "unreadable-documents": Role.INTEGRATION,
    "deliveries-and-feeds": Role.INTEGRATION,
}
"""Who owns the cases of a kind, by the queue that is its own, where no rule says otherwise."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a company. What is empty fits everything."""

    kind: str
    supplier_id: int | None
    ship_to_id: int | None
    item: str
    money_from: Decimal | None
    queue: str
    owner_role: str
    assignee_id: int | None

    def fits(
        self,
        *,
        kind: str,
        supplier_id: int | None,
        ship_to_id: int | None,
        item: str,
        money: Decimal | None,
    ) -> bool:
        return (
            self.kind in ("", kind)
            and self.supplier_id in (None, supplier_id)
            and self.ship_to_id in (None, ship_to_id)
            and item.startswith(self.item)
            and (self.money_from is None or (money is not None and abs(money) >= self.money_from))
        )


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a case goes, and whose it is."""

    queue: str
    owner_role: str
    assignee_id: int | None = None


def route(
    *,
    rules: Sequence[Rule],
    kind: str,
    supplier_id: int | None = None,
    ship_to_id: int | None = None,
    item: str = "",
    money: Decimal | None = None,
) -> Routed:
    """The first rule that fits says it; what it leaves empty is as usual for the kind."""
    usual = QUEUE_OF_KIND[kind]
    role = str(ROLE_OF_QUEUE.get(usual, Role.BUYER).value)
    for rule in rules:
        if rule.fits(kind=kind, supplier_id=supplier_id, ship_to_id=ship_to_id, item=item, money=money):
            return Routed(rule.queue or usual, rule.owner_role or role, rule.assignee_id)
    return Routed(usual, role)


def rules_of(*, company_id: int) -> tuple[Rule, ...]:
    """A company's rules in their order. One query; read once for all cases of a chunk."""
    rows = RoutingRule.objects.filter(company_id=company_id).order_by("position", "id")
    return tuple(Rule(*row) for row in rows.values_list(*Rule.__slots__))
