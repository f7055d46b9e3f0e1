"""Deciding about cases: looking ahead, deciding, many at once, keeping for later.

A decision is one transaction: who may, what changes here, its entries in the ledger, the commands that leave.
Approving is in `approving.py`, taking back in `reversing.py`; what comes back is in `following.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection as database
from django.utils.translation import gettext as _

from visibility.access.scopes import Scope
from visibility.accounts.models import Role, User
from visibility.core import clock, identifiers
from visibility.core.db import server_cursor
from visibility.core.errors import ForbiddenError, InputError, ThroughlineError
from visibility.desk.actions.base import Action, CaseSeen
from visibility.desk.approving import approve_resolution, reject_resolution
from visibility.desk.carrying import Deed, carry_out
from visibility.desk.catalogue import actions_of
from visibility.desk.errors import ChangedError, DecidedError
from visibility.desk.evidence import digest_of, endpoints_of, find_case, see_case
from visibility.desk.locking import Held, hold_case
from visibility.desk.models import Effect, Policy, Resolution
from visibility.desk.permission import Needed, approval_needed, check_taker
from visibility.desk.planning import Planned, find_action, keep_plan, make_plan, steps_by_hand
from visibility.desk.plans import Offer, Plan
from visibility.desk.playbooks import in_order, playbook_of_case
from visibility.desk.reversing import reverse_resolution
from visibility.pipeline.recording import with_retries
from visibility.sync.models import Endpoint
from visibility.triage.models import ExceptionCase
from visibility.triage.reconcile import LIVE
from visibility.triage.working import Failed, settle_case

MOST_AT_ONCE = 1_000
State = Resolution.State


@dataclass(frozen=True)
class Preview:
    """What a decision would do. `approval`: who must approve, in words, empty: nobody. `by_hand`: what no
    connected system can be asked. `evidence`: given back to `resolve_case`, only this plan is carried out."""

    plan: Plan
    approval: str = ""
    by_hand: tuple[str, ...] = ()
    evidence: UUID | None = None


@dataclass(frozen=True)
class BulkReport:
    """What became of each of many cases."""

    done: list[Resolution] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)


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


def resolve_case(
    *,
    scope: Scope,
    user: User | None,
    case_id: int,
    action: str,
    values: Mapping[str, Any],
    seen_decisions: int,
    policy: Policy | None = None,
    batch: UUID | None = None,
    evidence: UUID | None = None,
    request_key: str = "",
) -> Resolution:
    """Decide about a case, or propose it where a second person must approve.

    `seen_decisions` is the case's number of decisions that the person saw; with `evidence` (of the preview)
    nothing is decided that looks otherwise by now. The same `request_key` of the same person decides once.
    NotFoundError, ForbiddenError, InputError; DecidedError for who comes second, ChangedError.
    """
    case = find_case(scope=scope, case_id=case_id)
    chosen = find_action(name=action)
    if user is None and policy is None:
        raise ForbiddenError("A person or a policy decides.")
    if user is not None:
        check_taker(scope=scope, user=user, action=chosen, kind=case.kind)
    asked = _Asked(
        scope=scope,
        user=user,
        case_id=case.pk,
        action=chosen,
        values=values,
        decisions=seen_decisions,
        policy=policy,
        batch=batch,
        evidence=evidence,
        key=_key(user, request_key),
    )
    return with_retries(partial(_decide, asked))


@dataclass(frozen=True)
class _Asked:
    scope: Scope
    user: User | None
    case_id: int
    action: Action
    values: Mapping[str, Any]
    decisions: int
    policy: Policy | None
    batch: UUID | None
    evidence: UUID | None
    key: UUID | None


def _key(user: User | None, request_key: str) -> UUID | None:
    if not request_key or user is None:
        return None
    return identifiers.digest(b"decision", str(user.pk).encode(), request_key.encode())


def _decide(asked: _Asked) -> Resolution:
    with server_cursor(database) as cursor:
        held = hold_case(cursor=cursor, case_id=asked.case_id)
        before = Resolution.objects.filter(request_key=asked.key).first() if asked.key else None
        if before is not None:
            return _said_before(before, asked)
        _check_undecided(held, asked)
        seen = see_case(scope=asked.scope, case_id=asked.case_id)
        if asked.evidence is not None and digest_of(seen) != asked.evidence:
            raise ChangedError(_("The case changed since you looked at it; look again."))
        planned = make_plan(scope=asked.scope, seen=seen, action=asked.action, values=asked.values)
        needed = approval_needed(
            company_id=held.company_id, user=asked.user, action=asked.action, plan=planned.plan
        )
        resolution = _write(asked, held, seen, planned, needed)
        if needed is not None:
            _propose(cursor, resolution, held, needed)
        else:
            deed = Deed(resolution, planned, seen, held, asked.scope, clock.now())
            carry_out(cursor=cursor, deed=deed)
    return resolution


def _said_before(before: Resolution, asked: _Asked) -> Resolution:
    if before.case_id != asked.case_id or before.action != asked.action.name:
        raise InputError("key_used", _("This Idempotency-Key was used for another decision."), "key")
    return before


def _check_undecided(held: Held, asked: _Asked) -> None:
    """DecidedError if somebody else decided, or is at it, or the case is settled.

    A proposal whose case the evidence woke is overtaken: it is for what was then.
    """
    last = (
        Resolution.objects.filter(case_id=held.id)
        .exclude(state__in=(State.DRAFT,))
        .select_related("decided_by", "policy")
        .order_by("-decided_at", "-pk")
        .first()
    )
    if held.decisions != asked.decisions or held.state not in LIVE:
        _raise_decided(held, last if last is not None and held.state != "closed" else None)
    if last is None:
        return
    if last.state == State.UNDERWAY:
        raise DecidedError(who=str(last.decided_by or last.policy), words=last.words, when=last.decided_at)
    if last.state == State.PROPOSED:
        if held.state == "waiting":
            raise DecidedError(who=str(last.decided_by), words=last.words, when=last.decided_at)
        last.state, last.outcome, last.finished_at = (
            State.REJECTED,
            _("Overtaken by the evidence"),
            clock.now(),
        )
        last.save(update_fields=["state", "outcome", "finished_at"])
    if last.effects.filter(state__in=(Effect.State.UNDOING, Effect.State.SENDING)).exists():
        raise DecidedError(
            who="", words=_("What was decided before is still being taken back"), when=last.decided_at
        )


def _raise_decided(held: Held, last: Resolution | None) -> None:
    if last is not None:
        raise DecidedError(
            who=str(last.decided_by or last.policy or ""), words=last.words, when=last.decided_at
        )
    closed = ExceptionCase.objects.filter(pk=held.id).values_list("close_reason", "closed_at").first()
    words, when = closed or ("", None)
    raise DecidedError(who="", words=words or _("The case is not as you saw it; look again"), when=when)


def _write(asked: _Asked, held: Held, seen: CaseSeen, planned: Planned, needed: Needed | None) -> Resolution:
    return Resolution.objects.create(
        company_id=held.company_id,
        case_id=held.id,
        action=asked.action.name,
        values=planned.given,
        words=planned.plan.words,
        reason=planned.reason,
        plan=keep_plan(planned.plan),
        case_decisions=held.decisions,
        evidence=digest_of(seen),
        case_said=seen.case.summary,
        worth=planned.plan.worth,
        state=State.PROPOSED if needed else State.UNDERWAY,
        decided_by=asked.user,
        policy=asked.policy,
        decided_at=clock.now(),
        batch=asked.batch,
        request_key=asked.key,
    )


def _propose(cursor: psycopg.Cursor, resolution: Resolution, held: Held, needed: Needed) -> None:
    """The case waits until a second person said yes or no."""
    if not needed.people:
        raise InputError("nobody_approves", needed.words)
    settled = settle_case(
        cursor=cursor,
        case_id=held.id,
        decisions=held.decisions,
        who=str(resolution.decided_by),
        words=_("Proposed: %(words)s; waits for approval by %(people)s")
        % {"words": resolution.words, "people": ", ".join(needed.people)},
        state="waiting",
        as_of=resolution.decided_at,
    )
    if not settled:
        raise DecidedError(who="", words=_("This is settled already"), when=None)


def resolve_cases(
    *,
    scope: Scope,
    user: User,
    case_ids: Sequence[int],
    action: str,
    values: Mapping[str, Any],
    reason: str = "",
) -> BulkReport:
    """The same decision about many cases, each with its own numbers and in its own transaction.

    What fails is told in words and holds nobody up. InputError for more than MOST_AT_ONCE, and for actions
    that are taken one by one.
    """
    chosen = find_action(name=action)
    if len(case_ids) > MOST_AT_ONCE:
        raise InputError("too_many", _("At most %(most)s at once.") % {"most": MOST_AT_ONCE}, "cases")
    if not chosen.in_bulk:
        raise InputError("one_by_one", _("This is decided case by case."), "action")
    batch, report = identifiers.new_id(), BulkReport()
    given = {**values, "reason": reason} if reason else dict(values)
    for case_id in dict.fromkeys(case_ids):
        try:
            decisions = find_case(scope=scope, case_id=case_id).decisions
            report.done.append(
                resolve_case(
                    scope=scope,
                    user=user,
                    case_id=case_id,
                    action=action,
                    values=given,
                    seen_decisions=decisions,
                    batch=batch,
                )
            )
        except ThroughlineError as error:
            report.failed.append(Failed(case_id=case_id, why=str(error)))
    return report


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
