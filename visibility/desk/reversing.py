"""Taking a decision back: its facts, its commands in the reverse of their order, its case to the desk."""

from functools import partial

from django.db import connection as database
from django.utils.translation import gettext as _

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.core.errors import InputError
from visibility.desk.advancing import advance, progress_of, withdraw_unsent
from visibility.desk.approving import find_resolution
from visibility.desk.errors import DecidedError
from visibility.desk.locking import hold_case, hold_resolution
from visibility.desk.models import Resolution
from visibility.desk.permission import check_taker
from visibility.desk.planning import find_action, read_plan
from visibility.desk.recorded import record_reversal
from visibility.pipeline.recording import with_retries
from visibility.triage.working import tell_case

State = Resolution.State
STANDING = (State.UNDERWAY, State.DONE)


def reverse_resolution(*, scope: Scope, user: User, resolution_id: int, reason: str) -> Resolution:
    """Take a decision back, a person's or a policy's; what systems did is taken back by their commands.

    By who may take the action, with a reason. What has no way back is said in the case. NotFoundError,
    ForbiddenError, InputError; DecidedError if it does not stand any more, or was followed by another.
    """
    found = find_resolution(scope=scope, resolution_id=resolution_id)
    check_taker(scope=scope, user=user, action=find_action(name=found.action), kind=found.case.kind)
    if not reason.strip():
        raise InputError("no_reason", _("Say why it is taken back."), "reason")
    return with_retries(partial(_reverse, user, found.pk, found.case_id, reason.strip()))


def _reverse(user: User, resolution_id: int, case_id: int, reason: str) -> Resolution:
    with server_cursor(database) as cursor:
        held = hold_case(cursor=cursor, case_id=case_id)
        resolution = hold_resolution(resolution_id=resolution_id)
        _check_stands(resolution)
        now = clock.now()
        resolution.state, resolution.outcome, resolution.finished_at = State.REVERSED, reason, None
        resolution.save(update_fields=["state", "outcome", "finished_at"])
        record_reversal(
            resolution=resolution,
            flow_id=held.flow_id,
            facts=read_plan(resolution.plan).facts,
            line=resolution.case.line,
            kind=resolution.case.kind,
            reason=reason,
            decided_by=str(user),
            policy="",
        )
        withdraw_unsent(resolution=resolution, as_of=now, why=_("The decision was taken back"))
        advance(cursor=cursor, resolution=resolution, held=held, as_of=now)
        tell_case(
            cursor=cursor,
            case_id=case_id,
            what="taken_back",
            text=f"{resolution.words}: {reason}",
            who=str(user),
            as_of=now,
            resolution=_("Taken back by %(who)s: %(what)s")
            % {"who": user, "what": progress_of(resolution=resolution)},
            state="open",
        )
    return resolution


def _check_stands(resolution: Resolution) -> None:
    later = (
        Resolution.objects.filter(case_id=resolution.case_id, pk__gt=resolution.pk)
        .exclude(state__in=(State.DRAFT, State.REJECTED))
        .select_related("decided_by", "policy")
        .first()
    )
    if resolution.state not in STANDING:
        raise DecidedError(
            who="",
            words=f"{resolution.words} ({resolution.get_state_display()})",
            when=resolution.finished_at,
        )
    if later is not None:
        raise DecidedError(
            who=str(later.decided_by or later.policy or ""), words=later.words, when=later.decided_at
        )
