"""The second person's word on a decision that is worth more than its author decides alone."""

from functools import partial

import psycopg
from django.db import connection as database
from django.utils.translation import gettext as _

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.core.errors import InputError, NotFoundError
from visibility.desk.carrying import Deed, carry_out
from visibility.desk.errors import ChangedError, DecidedError
from visibility.desk.evidence import digest_of, see_case
from visibility.desk.locking import Held, hold_case, hold_resolution
from visibility.desk.models import Resolution
from visibility.desk.permission import check_approver
from visibility.desk.planning import Planned, find_action, make_plan, read_plan
from visibility.pipeline.recording import with_retries
from visibility.triage.reconcile import LIVE
from visibility.triage.selectors import scoped_cases
from visibility.triage.working import tell_case

State = Resolution.State


def find_resolution(*, scope: Scope, resolution_id: int) -> Resolution:
    """A resolution of a case this reader may see. NotFoundError if there is none."""
    found = (
        Resolution.objects.select_related("decided_by", "policy", "case")
        .filter(pk=resolution_id, case__in=scoped_cases(scope))
        .first()
    )
    if found is None:
        raise NotFoundError("No such decision.")
    return found


def approve_resolution(*, scope: Scope, user: User, resolution_id: int, reason: str = "") -> Resolution:
    """Carry out a proposal as it was planned, on the word of a second person.

    NotFoundError, ForbiddenError; DecidedError if it does not wait any more; ChangedError if the case is not
    as it was when it was proposed: then it must be looked at again.
    """
    found = find_resolution(scope=scope, resolution_id=resolution_id)
    _check(scope, user, found)
    return with_retries(partial(_approve, scope, user, found.pk, found.case_id, reason))


def reject_resolution(*, scope: Scope, user: User, resolution_id: int, reason: str = "") -> Resolution:
    """Say no to a proposal, with the reason; its case is back on the desk. Its author may take it back so."""
    found = find_resolution(scope=scope, resolution_id=resolution_id)
    if user.pk != found.decided_by_id:
        _check(scope, user, found)
    if not reason.strip():
        raise InputError("no_reason", _("Say why; who proposed it will want to know."), "reason")
    return with_retries(partial(_reject, user, found.pk, found.case_id, reason.strip()))


def _check(scope: Scope, user: User, found: Resolution) -> None:
    if found.decided_by is None:
        raise InputError("not_proposed", _("This waits for nobody's approval."))
    check_approver(
        scope=scope,
        user=user,
        company_id=found.company_id,
        action=found.action,
        decided_by=found.decided_by,
        worth=found.worth,
    )


def _held(cursor: psycopg.Cursor, resolution_id: int, case_id: int) -> tuple[Held, Resolution]:
    """The proposal, locked. DecidedError if it does not wait any more."""
    held = hold_case(cursor=cursor, case_id=case_id)
    resolution = hold_resolution(resolution_id=resolution_id)
    if resolution.state != State.PROPOSED:
        who = resolution.approved_by if resolution.approved_by else ""
        raise DecidedError(
            who=str(who),
            words=f"{resolution.words} ({resolution.get_state_display()})",
            when=resolution.approved_at or resolution.finished_at,
        )
    return held, resolution


def _approve(scope: Scope, user: User, resolution_id: int, case_id: int, reason: str) -> Resolution:
    with server_cursor(database) as cursor:
        held, resolution = _held(cursor, resolution_id, case_id)
        seen = see_case(scope=scope, case_id=case_id)
        unchanged = (
            held.state in LIVE
            and held.decisions == resolution.case_decisions + 1
            and digest_of(seen) == resolution.evidence
        )
        if not unchanged:
            raise ChangedError(_("The evidence changed since this was proposed; look again."))
        resolution.state, resolution.approved_by = State.UNDERWAY, user
        resolution.approved_at = clock.now()
        if reason.strip():
            resolution.reason = "; ".join(each for each in (resolution.reason, reason.strip()) if each)
        resolution.save(update_fields=["state", "approved_by", "approved_at", "reason"])
        action = find_action(name=resolution.action)
        again = make_plan(scope=scope, seen=seen, action=action, values=resolution.values)
        # The plan that was approved is the one that was shown; the values are what `perform` needs beside.
        planned = Planned(
            action=action, given=again.given, values=again.values, plan=read_plan(resolution.plan)
        )
        carry_out(cursor=cursor, deed=Deed(resolution, planned, seen, held, scope, clock.now()))
    return resolution


def _reject(user: User, resolution_id: int, case_id: int, reason: str) -> Resolution:
    with server_cursor(database) as cursor:
        _, resolution = _held(cursor, resolution_id, case_id)
        now = clock.now()
        resolution.state, resolution.outcome, resolution.finished_at = State.REJECTED, reason, now
        resolution.approved_by, resolution.approved_at = user, now
        resolution.save(update_fields=["state", "outcome", "finished_at", "approved_by", "approved_at"])
        tell_case(
            cursor=cursor,
            case_id=case_id,
            what="rejected",
            text=f"{resolution.words}: {reason}",
            who=str(user),
            as_of=now,
            resolution="",
            state="open",
        )
    return resolution
