"""Deciding about one case: in one transaction, with the case locked, once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection as database
from django.utils.translation import gettext as _

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core import clock, identifiers
from visibility.core.db import server_cursor
from visibility.core.errors import ForbiddenError, InputError
from visibility.desk.actions.base import Action, CaseSeen
from visibility.desk.carrying import Deed, carry_out
from visibility.desk.errors import ChangedError, DecidedError
from visibility.desk.evidence import digest_of, find_case, see_case
from visibility.desk.locking import Held, hold_case
from visibility.desk.models import Effect, Policy, Resolution
from visibility.desk.permission import Needed, approval_needed, check_taker
from visibility.desk.planning import Planned, find_action, keep_plan, make_plan
from visibility.pipeline.recording import with_retries
from visibility.triage.models import ExceptionCase
from visibility.triage.reconcile import LIVE
from visibility.triage.working import settle_case

State = Resolution.State


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
