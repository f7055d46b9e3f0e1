"""What comes back closes the loop: outcomes of commands, and entries that confirm them.

Each is taken up once, in one transaction: it is recorded in its order's flow, its step moves, and with it
the steps that wait for it; the case says how far it is. What is refused stops the rest, has what was done
taken back, and brings the case back to the desk with the reason.
"""

import datetime as dt
import logging
from functools import partial
from uuid import UUID

import psycopg
from django.db import connection as database

from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.desk.advancing import STOPPING, advance, progress_of, withdraw_unsent
from visibility.desk.locking import Held, hold_case, hold_resolution
from visibility.desk.models import Effect, Resolution
from visibility.desk.planning import read_plan
from visibility.desk.recorded import record_outcome
from visibility.pipeline.failures import is_outage, is_passing
from visibility.pipeline.recording import with_retries
from visibility.sync.outcomes import Outcome, mark_told, untold_outcomes
from visibility.triage.working import tell_case

log = logging.getLogger(__name__)
State = Effect.State


def follow_outcomes(*, limit: int = 100) -> int:
    """Take up what became of commands, the oldest first, and what confirms those sent; how many there were.

    One that cannot be taken up is left for the next call, and the others go on.
    """
    taken, failed = 0, set[UUID]()
    while taken < limit and len(failed) < limit:
        try:
            if not with_retries(lambda: _take_up_next(failed)):
                break
            taken += 1
        except _NotTakenUp as error:
            log.exception("what became of command %s could not be taken up", error.command)
            failed.add(error.command)
    return taken + _follow_entries(limit=limit)


class _NotTakenUp(Exception):  # noqa: N818 it never leaves this module
    """An outcome that something is wrong with."""

    def __init__(self, command: UUID) -> None:
        super().__init__(str(command))
        self.command = command


def _take_up_next(failed: set[UUID]) -> bool:
    with server_cursor(database) as cursor:
        found = untold_outcomes(cursor=cursor, limit=len(failed) + 1)
        outcome = next((each for each in found if each.id not in failed), None)
        if outcome is None:
            return False
        try:
            _take_up(cursor, outcome)
        except Exception as error:
            if is_passing(error) or is_outage(error):
                raise
            raise _NotTakenUp(outcome.id) from error
        mark_told(cursor=cursor, ids=[outcome.id], as_of=clock.now())
    return True


def _take_up(cursor: psycopg.Cursor, outcome: Outcome) -> None:
    effect = (
        Effect.objects.select_related("resolution").filter(command_id=outcome.id).first()
        or Effect.objects.select_related("resolution").filter(undo_id=outcome.id).first()
    )
    if effect is None:
        return  # nobody here asked for it
    as_of = clock.now()
    held = hold_case(cursor=cursor, case_id=effect.resolution.case_id)
    resolution = hold_resolution(resolution_id=effect.resolution_id)
    effect = Effect.objects.get(pk=effect.pk)
    stops = _put_outcome(effect, outcome, resolution, as_of)
    record_outcome(
        resolution=resolution,
        flow_id=held.flow_id,
        outcome=outcome,
        system=effect.system,
        facts=read_plan(resolution.plan).facts if stops else (),
    )
    if effect.state == State.SENT and _is_confirmed(cursor, effect.pk):
        _put(effect, State.CONFIRMED, "", as_of)
    if stops:
        resolution.state = Resolution.State.STOPPED
        resolution.outcome = f"{effect.system}: {effect.outcome}"
        resolution.save(update_fields=["state", "outcome"])
        withdraw_unsent(resolution=resolution, as_of=as_of, why="An earlier step was refused")
    elif resolution.state in STOPPING and effect.state == State.CONFIRMED and resolution.finished_at:
        resolution.finished_at = None  # done late, by a person's retry: it is taken back too
        resolution.save(update_fields=["finished_at"])
    advance(cursor=cursor, resolution=resolution, held=held, as_of=as_of)
    _tell(cursor, resolution, effect, held, as_of, stops=stops)


def _put_outcome(effect: Effect, outcome: Outcome, resolution: Resolution, as_of: dt.datetime) -> bool:
    """Move the step; whether this stops the decision."""
    good, said = outcome.state == "delivered", outcome.text[:500]
    if outcome.id == effect.undo_id:
        _put(effect, State.UNDONE if good else State.STUCK, said, as_of)
        return False
    if good:
        waits = effect.confirmed_by and resolution.state not in STOPPING
        _put(effect, State.SENT if waits else State.CONFIRMED, said, as_of)
        return False
    if effect.state == State.CANCELLED:
        return False  # taken back by ourselves
    _put(effect, State.CANCELLED if outcome.state == "cancelled" else State.REFUSED, said, as_of)
    return resolution.state not in STOPPING


def _put(effect: Effect, state: str, outcome: str, as_of: dt.datetime) -> None:
    effect.state, effect.changed_at, effect.outcome = state, as_of, outcome or effect.outcome
    effect.save(update_fields=["state", "changed_at", "outcome"])


def _tell(
    cursor: psycopg.Cursor,
    resolution: Resolution,
    effect: Effect,
    held: Held,
    as_of: dt.datetime,
    *,
    stops: bool,
) -> None:
    """The case says how far it is; one that was stopped is somebody's work again."""
    said = {
        State.CONFIRMED: "has done it",
        State.SENT: "has it; its answer is to come",
        State.REFUSED: "refused",
        State.CANCELLED: "was not told",
        State.UNDONE: "took it back",
        State.STUCK: "could not take it back",
    }.get(State(effect.state), "")
    reason = f": {effect.outcome}" if effect.outcome and effect.state != State.CONFIRMED else ""
    tell_case(
        cursor=cursor,
        case_id=held.id,
        what="stopped" if stops else "progress",
        text=f"{effect.system} {said} ({effect.words}){reason}",
        who=effect.system,
        as_of=as_of,
        resolution=progress_of(resolution=resolution),
        state="open" if stops else None,
    )


_CONFIRMING = (
    "FROM desk_effect e JOIN desk_resolution r ON r.id = e.resolution_id "
    "JOIN triage_exceptioncase c ON c.id = r.case_id JOIN sync_outboxmessage o ON o.id = e.command_id "
    "WHERE e.state = 'sent' AND EXISTS (SELECT 1 FROM ledger_member m "
    "  JOIN ledger_entry l ON l.position = m.position "
    "  WHERE m.flow_id = c.flow_id AND l.type = e.confirmed_by AND l.recorded_at > o.sent_at) "
)


def _is_confirmed(cursor: psycopg.Cursor, effect_id: int) -> bool:
    cursor.execute(f"SELECT 1 {_CONFIRMING} AND e.id = %s", [effect_id])
    return cursor.fetchone() is not None


def _follow_entries(*, limit: int) -> int:
    """Confirm the steps of which an entry tells that was recorded after they were sent."""
    with server_cursor(database) as cursor:
        cursor.execute(
            f"SELECT e.id, e.resolution_id, r.case_id {_CONFIRMING} ORDER BY e.id LIMIT %s", [limit]
        )
        found = cursor.fetchall()
    return sum(with_retries(partial(_confirm, *own)) for own in found)


def _confirm(effect_id: int, resolution_id: int, case_id: int) -> bool:
    with server_cursor(database) as cursor:
        as_of = clock.now()
        held = hold_case(cursor=cursor, case_id=case_id)
        resolution = hold_resolution(resolution_id=resolution_id)
        if not _is_confirmed(cursor, effect_id):
            return False
        effect = Effect.objects.get(pk=effect_id)
        _put(effect, State.CONFIRMED, "", as_of)
        advance(cursor=cursor, resolution=resolution, held=held, as_of=as_of)
        _tell(cursor, resolution, effect, held, as_of, stops=False)
    return True
