"""Policies: who makes them, the backtest before one is switched on, and the cases they decide.

The only writer of policies. What a policy decides is a resolution like a person's, marked and reversible.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import connection as database
from django.db import transaction

from visibility.access.scopes import Scope, scope_of_company
from visibility.accounts.models import User
from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.core.errors import InputError, NotFoundError, ThroughlineError
from visibility.desk.backtest import backtest_policy
from visibility.desk.catalogue import ACTIONS
from visibility.desk.limits import CaseFacts, read_limits, why_outside
from visibility.desk.makers import check_maker
from visibility.desk.models import Policy
from visibility.desk.services import resolve_case
from visibility.flows.models import FlowLine
from visibility.triage.models import CaseEvent, ExceptionCase
from visibility.triage.working import tell_case

log = logging.getLogger(__name__)
MOST = 500
"""Cases of one policy that are looked at in one run."""
LEFT = "policy_failed"


def list_policies(*, scope: Scope) -> list[Policy]:
    """The policies of these companies, those that are on first. None for who sees one partner's part."""
    if scope.partners is not None:
        raise NotFoundError("There are no policies here.")
    return list(Policy.objects.filter(company_id__in=scope.companies).order_by("-is_on", "kind", "name"))


def get_policy(*, scope: Scope, policy_id: int) -> Policy:
    """One policy. NotFoundError where this reader has none of that number."""
    found = next((each for each in list_policies(scope=scope) if each.pk == policy_id), None)
    if found is None:
        raise NotFoundError("No such policy.")
    return found


def save_policy(
    *,
    scope: Scope,
    user: User,
    policy_id: int | None = None,
    name: str,
    kind: str,
    action: str,
    values: Mapping[str, Any],
    limits: Mapping[str, Any],
) -> Policy:
    """Make a policy, or change one; either way it is off and untested afterwards.

    ForbiddenError for who may not; InputError naming the field for what makes no sense.
    """
    check_maker(scope=scope, user=user)
    chosen = ACTIONS.get(action)
    if chosen is None or kind not in chosen.kinds:
        raise InputError(
            "no_action", f"{action or 'Nothing'} cannot be done about {kind or 'nothing'}.", "action"
        )
    if not name.strip():
        raise InputError("no_name", "A policy needs a name people know it by.", "name")
    policy = (
        get_policy(scope=scope, policy_id=policy_id) if policy_id else Policy(company_id=scope.companies[0])
    )
    policy.name, policy.kind, policy.action = name.strip()[:120], kind, action
    policy.values, policy.limits = dict(values), read_limits(given=limits)
    policy.is_on, policy.backtest, policy.tested_at = False, None, None
    policy.made_by, policy.changed_at = str(user), clock.now()
    policy.save()
    return policy


def run_backtest(*, scope: Scope, user: User, policy_id: int) -> Policy:
    """Hold a policy against the last 90 days, and keep what came out."""
    check_maker(scope=scope, user=user)
    policy = get_policy(scope=scope, policy_id=policy_id)
    found = backtest_policy(
        company_id=policy.company_id, kind=policy.kind, action=policy.action, limits=policy.limits
    )
    policy.backtest = {**asdict(found), "since": found.since.isoformat()}
    policy.tested_at = clock.now()
    policy.save(update_fields=["backtest", "tested_at"])
    return policy


def switch_policy(*, scope: Scope, user: User, policy_id: int, on: bool) -> Policy:
    """Switch a policy on or off. InputError for one that was not tested as it is now."""
    check_maker(scope=scope, user=user)
    with transaction.atomic():
        get_policy(scope=scope, policy_id=policy_id)
        policy = Policy.objects.select_for_update().get(pk=policy_id)
        if on and policy.backtest is None:
            raise InputError("not_tested", "Test it over the last 90 days first, as it is now.", "on")
        policy.is_on, policy.made_by, policy.changed_at = on, str(user), clock.now()
        policy.save(update_fields=["is_on", "made_by", "changed_at"])
    return policy


def apply_policies() -> int:
    """Let the policies that are on decide what nobody has touched; how many cases they decided."""
    return sum(_apply(policy) for policy in Policy.objects.filter(is_on=True).order_by("pk"))


def _apply(policy: Policy) -> int:
    decided = 0
    left = CaseEvent.objects.filter(what=LEFT).values("case_id")
    cases = (
        ExceptionCase.objects.filter(
            company_id=policy.company_id,
            kind=policy.kind,
            is_open=True,
            touched_at=None,
            decisions=0,
            assignee=None,
        )
        .exclude(pk__in=left)
        .order_by("opened_at")[:MOST]
    )
    for case in cases:
        if not why_outside(limits=policy.limits, facts=facts_of(case)):
            decided += _decide(policy, case)
    return decided


def facts_of(case: ExceptionCase) -> CaseFacts:
    """What limits are held against, of one case."""
    lines = FlowLine.objects.filter(flow_id=case.flow_id or 0, line=case.line)
    return CaseFacts(
        severity=case.severity,
        gap=case.gap,
        expected=case.expected,
        money=case.money,
        supplier_id=case.supplier_id,
        ship_to_id=case.ship_to_id,
        item=lines.values_list("item_code", flat=True).first() or "",
    )


def _decide(policy: Policy, case: ExceptionCase) -> bool:
    """Decide one case. What cannot be decided so is left to people, who read why in its history."""
    try:
        resolve_case(
            scope=scope_of_company(policy.company_id),
            user=None,
            case_id=case.pk,
            action=policy.action,
            values={**policy.values, "reason": f"Policy: {policy.name}"},
            seen_decisions=case.decisions,
            policy=policy,
        )
    except ThroughlineError as error:
        log.info("policy %s leaves case %s to people: %s", policy.pk, case.pk, error)
        with transaction.atomic(), server_cursor(database) as cursor:
            tell_case(
                cursor=cursor,
                case_id=case.pk,
                what=LEFT,
                text=f"{policy.name} could not decide it: {error}",
                who=policy.name,
                as_of=clock.now(),
            )
        return False
    return True
