"""Commands that did not arrive: have them tried again, or take them back."""

from typing import Any
from uuid import UUID

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core.errors import InputError
from visibility.desk.actions import reading, who
from visibility.desk.actions.base import CaseSeen, Performing
from visibility.desk.plans import Offer, Plan
from visibility.sync.models import OutboxMessage
from visibility.sync.services import Unmoved, retry_commands, withdraw_commands

MOST = 1_000
_STATES: dict[str, tuple[str, ...]] = {
    "delivery_failed": (OutboxMessage.State.FAILED,),
    "delivery_unknown": (OutboxMessage.State.UNKNOWN,),
}
_WITHDRAWABLE = (OutboxMessage.State.HELD, OutboxMessage.State.READY, OutboxMessage.State.UNKNOWN)


class RetryDelivery(Performing):
    """Try again under the same key: what was done is not done twice, an unknown one is asked after first."""

    name = "retry_delivery"
    kinds = frozenset(_STATES)
    roles = who.INTEGRATION | who.BUYERS

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        unknown = seen.case.kind == "delivery_unknown"
        return Offer(
            label="Ask what became of it, then try again" if unknown else "Try again",
            outcome="Done once, however often it is tried",
            rank=10,
            why="The same key is sent again, so nothing can be done twice",
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        return Plan(words=f"Try again to reach {seen.subject or 'the system'}", case="open")

    def perform(self, *, scope: Scope, user: User, seen: CaseSeen, values: dict[str, Any]) -> str:
        ids = _commands(scope, seen, _STATES[seen.case.kind])
        left = retry_commands(scope=scope, user=user, ids=ids, reason=reading.reason(values))
        return _told(len(ids), left, "tried again")


class CancelDelivery(Performing):
    """Take back what nobody knows to have arrived; what was begun is as far as it is."""

    name = "cancel_delivery"
    kinds = frozenset({"delivery_unknown"})
    roles = who.INTEGRATION | who.BUYERS
    needs_reason = True

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        return Offer(label="Take it back", outcome="It may have been done there all the same", rank=60)

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        why = reading.need_reason(values)
        return Plan(words=f"Do not send it to {seen.subject or 'the system'}: {why}")

    def perform(self, *, scope: Scope, user: User, seen: CaseSeen, values: dict[str, Any]) -> str:
        ids = _commands(scope, seen, _WITHDRAWABLE)
        left = withdraw_commands(scope=scope, user=user, ids=ids, reason=reading.reason(values))
        return _told(len(ids), left, "taken back")


def _commands(scope: Scope, seen: CaseSeen, states: tuple[str, ...]) -> list[UUID]:
    """The commands the case is about: its own, else its connection's. InputError where none is left."""
    mine = OutboxMessage.objects.filter(company_id__in=scope.companies, state__in=states)
    if seen.case.message_id is not None:
        ids = list(mine.filter(pk=seen.case.message_id).values_list("pk", flat=True))
    else:
        named = mine.filter(connection__name=seen.subject).order_by("pk")
        ids = list(named.values_list("pk", flat=True)[:MOST])
    if not ids:
        raise InputError("none_left", "Nothing of it is left to be sent.")
    return ids


def _told(asked: int, left: list[Unmoved], deed: str) -> str:
    """InputError where none could be: then the decision is none."""
    if len(left) == asked:
        raise InputError("not_possible", left[0].why)
    told = f"{asked - len(left)} {deed}"
    return f"{told}; {len(left)} not: {left[0].why}" if left else told
