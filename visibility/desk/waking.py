"""Parked cases come back: what was awaited did not come in time, or the evidence says something else by now.

A case that waits is off the desk. It must not stay there because nothing happened, nor because what happened
is not what was hoped for.
"""

import datetime as dt
from functools import partial

from django.db import connection as database
from django.utils.translation import gettext as _

from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.desk.locking import hold_case, hold_resolution
from visibility.desk.models import Resolution
from visibility.pipeline.recording import with_retries
from visibility.triage.working import tell_case

State = Resolution.State
# The last decision of each case that waits. While effects are under way the case waits for those.
_DUE = (
    "FROM triage_exceptioncase c CROSS JOIN LATERAL ("
    "  SELECT r.id, r.state, r.case_said, (r.plan->>'snooze_until')::timestamptz AS until "
    "  FROM desk_resolution r WHERE r.case_id = c.id AND r.state <> 'draft' "
    "  ORDER BY r.decided_at DESC, r.id DESC LIMIT 1) r "
    "WHERE c.state = 'waiting' AND r.state IN ('done', 'proposed') "
    "AND (c.summary <> r.case_said OR (r.state = 'done' AND r.until <= %s)) "
)


def wake_waiting(*, limit: int = 200) -> int:
    """Bring parked cases back whose time is over or whose evidence changed; how many."""
    with server_cursor(database) as cursor:
        cursor.execute(f"SELECT c.id, r.id {_DUE} ORDER BY c.id LIMIT %s", [clock.now(), limit])
        found = cursor.fetchall()
    _drop_proposals(limit=limit)
    return sum(with_retries(partial(_wake, *own)) for own in found)


def _drop_proposals(*, limit: int) -> None:
    """What was proposed about a case that the evidence closed meanwhile waits for nobody's approval."""
    dead = (
        Resolution.objects.filter(state=State.PROPOSED, case__state="closed")
        .order_by("id")
        .values_list("id", "case_id")[:limit]
    )
    for own in list(dead):
        with_retries(partial(_drop_proposal, *own))


def _drop_proposal(resolution_id: int, case_id: int) -> None:
    with server_cursor(database) as cursor:
        held = hold_case(cursor=cursor, case_id=case_id)
        resolution = hold_resolution(resolution_id=resolution_id)
        if held.state == "closed" and resolution.state == State.PROPOSED:
            _overtake(resolution, clock.now())


def _wake(case_id: int, resolution_id: int) -> bool:
    with server_cursor(database) as cursor:
        now = clock.now()
        hold_case(cursor=cursor, case_id=case_id)
        resolution = hold_resolution(resolution_id=resolution_id)
        cursor.execute(
            f"SELECT c.summary, c.summary <> r.case_said {_DUE} AND c.id = %s AND r.id = %s",
            [now, case_id, resolution_id],
        )
        row = cursor.fetchone()
        if row is None:
            return False
        summary, changed = row
        text = _("It says something else now: %(what)s") % {"what": summary}
        if not changed:
            text = _("What was awaited did not come: %(what)s") % {"what": resolution.plan.get("expects", "")}
        if resolution.state == State.PROPOSED:
            _overtake(resolution, now)
        tell_case(
            cursor=cursor,
            case_id=case_id,
            what="woken",
            text=text,
            who="",
            as_of=now,
            state="open",
        )
    return True


def _overtake(resolution: Resolution, now: dt.datetime) -> None:
    """A proposal was for what the case said then."""
    resolution.state, resolution.outcome = State.REJECTED, _("Overtaken by the evidence")
    resolution.finished_at = now
    resolution.save(update_fields=["state", "outcome", "finished_at"])
