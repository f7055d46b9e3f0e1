"""Deciding about cases: looking ahead, deciding, many at once, keeping for later.

A decision is one transaction: who may, what changes here, its entries in the ledger, the commands that leave.
Here is what all of it is called by. One decision is in `deciding.py`, many in `many.py`, approving in
`approving.py`, taking back in `reversing.py`; what comes back is in `following.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from visibility.access.scopes import Scope
from visibility.accounts.models import Role, User
from visibility.core import clock
from visibility.desk.actions.base import Action, CaseSeen
from visibility.desk.approving import approve_resolution, reject_resolution
from visibility.desk.catalogue import actions_of
from visibility.desk.deciding import resolve_case
from visibility.desk.evidence import digest_of, endpoints_of, find_case, see_case
from visibility.desk.many import MOST_AT_ONCE, BulkReport, resolve_cases
from visibility.desk.models import Resolution
from visibility.desk.permission import approval_needed, check_taker
from visibility.desk.planning import find_action, keep_plan, make_plan, steps_by_hand
from visibility.desk.plans import Offer, Plan
from visibility.desk.playbooks import in_order, playbook_of_case
from visibility.desk.reversing import reverse_resolution
from visibility.sync.models import Endpoint
from visibility.triage.working import Failed

State = Resolution.State


@dataclass(frozen=True)
class Preview:
    """What a decision would do. `approval`: who must approve, in words, empty: nobody. `by_hand`: what no
    connected system can be asked. `evidence`: given back to `resolve_case`, only this plan is carried out."""

    plan: Plan
    approval: str = ""
    by_hand: tuple[str, ...] = ()
    evidence: UUID | None = None


def offers_of(*, seen: CaseSeen, user: User) -> list[tuple[Action, Offer]]:
    """What this person may do about a case, the recommended first."""
    found = [
        (action, offer)
        for action in actions_of(seen.case.kind)
        if action.allows(role=Role(user.role), kind=seen.case.kind)
        for offer in [action.offer(seen=seen)]
        if offer is not None
    ]
    return in_order(
        offers=found, playbook=playbook_of_case(case_id=seen.case.id, kind=seen.case.kind) if found else None
    )


def preview_resolution(
    *, scope: Scope, user: User, case_id: int, action: str, values: Mapping[str, Any]
) -> Preview:
    """What a decision would do where. InputError for values, ForbiddenError for who may not take it."""
    case = find_case(scope=scope, case_id=case_id)
    chosen = find_action(name=action)
    check_taker(scope=scope, user=user, action=chosen, kind=case.kind)
    seen = see_case(scope=scope, case_id=case_id)
    plan = make_plan(scope=scope, seen=seen, action=chosen, values=values).plan
    needed = approval_needed(company_id=case.company_id, user=user, action=chosen, plan=plan)
    by_hand = steps_by_hand(plan=plan, endpoints=endpoints_of(case=case))
    labels = dict(Endpoint.Role.choices)
    return Preview(
        plan=plan,
        approval=needed.words if needed else "",
        by_hand=tuple(
            _("%(system)s is not connected, to be done by hand: %(words)s")
            % {"system": labels[step.command.role], "words": step.command.words}
            for step in by_hand
        ),
        evidence=digest_of(seen),
    )


def keep_draft(
    *, scope: Scope, user: User, case_id: int, action: str, values: Mapping[str, Any]
) -> Resolution:
    """Keep what was filled in for later; a person has one draft a case. Nothing is decided by it."""
    case = find_case(scope=scope, case_id=case_id)
    chosen = find_action(name=action)
    check_taker(scope=scope, user=user, action=chosen, kind=case.kind)
    seen = see_case(scope=scope, case_id=case_id)
    planned = make_plan(scope=scope, seen=seen, action=chosen, values=values)
    kept, _made = Resolution.objects.update_or_create(
        case_id=case_id,
        decided_by=user,
        state=State.DRAFT,
        defaults={
            "company_id": case.company_id,
            "action": chosen.name,
            "values": planned.given,
            "words": planned.plan.words,
            "reason": planned.reason,
            "plan": keep_plan(planned.plan),
            "case_decisions": case.decisions,
            "evidence": digest_of(seen),
            "worth": planned.plan.worth,
            "decided_at": clock.now(),
        },
    )
    return kept


__all__ = [
    "MOST_AT_ONCE",
    "BulkReport",
    "Failed",
    "Preview",
    "approve_resolution",
    "keep_draft",
    "offers_of",
    "preview_resolution",
    "reject_resolution",
    "resolve_case",
    "resolve_cases",
    "reverse_resolution",
    "see_case",
]
