"""Leave it as it is, and say why."""

from typing import Any

from visibility.accounts.models import Role
from visibility.desk.actions import reading, saying, who
from visibility.desk.actions.base import Action, CaseSeen
from visibility.desk.plans import Offer, Plan
from visibility.triage.findings import QUEUE_OF_KIND

_OWNERS: dict[str, frozenset[Role]] = {
    "quantity-mismatches": who.SUPPLY,
    "late-and-at-risk": who.SUPPLY,
    "delayed-acknowledgements": who.SUPPLY,
    "price-and-invoice": who.BUYERS,
    "receiving-discrepancies": who.DOCK,
    "invalid-mappings": who.STEWARDS | {Role.SUPPLIER_MANAGER},
    "unreadable-documents": who.STEWARDS,
    "deliveries-and-feeds": who.STEWARDS,
}


class Waive(Action):
    """Nothing is changed anywhere. It comes back where the evidence changes."""

    name = "waive"
    kinds = frozenset(QUEUE_OF_KIND)
    roles = who.EVERYONE
    needs_reason = True

    def allows(self, *, role: Role, kind: str) -> bool:
        """Only those whose queue it is: a bill is not waived at the dock."""
        return super().allows(role=role, kind=kind) and role in _OWNERS.get(
            QUEUE_OF_KIND.get(kind, ""), frozenset()
        )

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        money = seen.case.money
        return Offer(
            label="Leave it as it is",
            outcome="Comes back when the evidence changes",
            cost=saying.money(money, seen) if money else "",
            rank=90,
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        why = reading.need_reason(values)
        return Plan(words=f"Waived: {why}", worth=seen.case.money, currency=saying.currency(seen))
