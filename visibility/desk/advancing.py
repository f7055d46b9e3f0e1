"""A decision's steps go on, stop, or are taken back, as their outcomes say. In the caller's transaction."""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

import psycopg

from visibility.desk.locking import Held
from visibility.desk.models import Effect, Resolution
from visibility.desk.planning import read_plan
from visibility.desk.progress import EffectSaid, StepSeen, next_moves, seconds_between, tell_progress
from visibility.sync.models import OutboxMessage
from visibility.sync.services import NewCommand, cancel_commands, queue_commands, release_commands
from visibility.triage.working import tell_case

STOPPING = frozenset({Resolution.State.STOPPED, Resolution.State.REVERSED})
NO_WAY_BACK = "There is no command that takes it back; do it by hand"
STOPPED = "An earlier step was refused"


def advance(*, cursor: psycopg.Cursor, resolution: Resolution, held: Held, as_of: dt.datetime) -> None:
    """Send, cancel or take back what is due now; the case and the resolution are locked."""
    effects = list(resolution.effects.order_by("number"))
    moves = next_moves([_seen(effect) for effect in effects], stopping=resolution.state in STOPPING)
    by_number = {effect.number: effect for effect in effects}
    release = [by_number[number] for number in moves.release]
    if release:
        release_commands(ids=_commands(release))
        _put(release, Effect.State.SENDING, as_of)
    cancel = [by_number[number] for number in moves.cancel]
    if cancel:
        cancel_commands(ids=_commands(cancel), why=STOPPED)
        _put(cancel, Effect.State.CANCELLED, as_of, STOPPED)
    _put([by_number[number] for number in moves.stuck], Effect.State.STUCK, as_of, NO_WAY_BACK)
    for number in moves.undo:
        _take_back(resolution, by_number[number], held, as_of)
    if moves.over and resolution.finished_at is None:
        _finish(cursor, resolution, held, as_of)


def withdraw_unsent(*, resolution: Resolution, as_of: dt.datetime, why: str) -> None:
    """Take back what was released and not sent yet; what is being sent goes on, and is taken back after."""
    sending = list(resolution.effects.filter(state=Effect.State.SENDING))
    reached = set(cancel_commands(ids=_commands(sending), why=why)) if sending else set()
    _put([each for each in sending if each.command_id in reached], Effect.State.CANCELLED, as_of, why)


def progress_of(*, resolution: Resolution) -> str:
    """How far a decision got, in words."""
    effects = list(resolution.effects.order_by("number"))
    ends = dict(OutboxMessage.objects.filter(pk__in=_commands(effects)).values_list("pk", "finished_at"))
    plan = read_plan(resolution.plan)
    start = resolution.approved_at or resolution.decided_at
    return tell_progress(
        words=resolution.words,
        effects=[
            EffectSaid(
                system=effect.system,
                state=effect.state,
                outcome=effect.outcome,
                seconds=seconds_between(start, ends.get(effect.command_id) if effect.command_id else None),
            )
            for effect in effects
        ],
        expects=plan.expects if resolution.state not in STOPPING else "",
    )


def _seen(effect: Effect) -> StepSeen:
    return StepSeen(
        number=effect.number, state=effect.state, after=tuple(effect.after), can_undo=effect.undo is not None
    )


def _commands(effects: Iterable[Effect]) -> list[UUID]:
    return [effect.command_id for effect in effects if effect.command_id is not None]


def _put(effects: Sequence[Effect], state: str, as_of: dt.datetime, outcome: str = "") -> None:
    for effect in effects:
        effect.state, effect.changed_at = state, as_of
        effect.outcome = outcome or effect.outcome
        effect.save(update_fields=["state", "changed_at", "outcome"])


def _take_back(resolution: Resolution, effect: Effect, held: Held, as_of: dt.datetime) -> None:
    sent = OutboxMessage.objects.filter(pk__in=_commands([effect])).get()
    undo = effect.undo or {}
    (effect.undo_id,) = queue_commands(
        commands=[
            NewCommand(
                company_id=held.company_id,
                connection_id=sent.connection_id,
                type=undo["type"],
                data=undo["data"],
                words=undo["words"],
                cause=f"resolution:{resolution.pk}:undo:{effect.number}",
                correlation_id=held.correlation_id,
                ready=True,
            )
        ]
    )
    effect.state, effect.changed_at = Effect.State.UNDOING, as_of
    effect.save(update_fields=["undo_id", "state", "changed_at"])


def _finish(cursor: psycopg.Cursor, resolution: Resolution, held: Held, as_of: dt.datetime) -> None:
    """All is done, or taken back. A case that waited for the effects alone is settled by them."""
    going_on = resolution.state not in STOPPING
    if going_on:
        resolution.state = Resolution.State.DONE
    resolution.finished_at = as_of
    resolution.save(update_fields=["state", "finished_at"])
    plan = read_plan(resolution.plan)
    if going_on and plan.case == "waiting" and not plan.expects:
        cursor.execute("SELECT state FROM triage_exceptioncase WHERE id = %s", [held.id])
        row = cursor.fetchone()
        if row is not None and row[0] == "waiting":
            tell_case(
                cursor=cursor,
                case_id=held.id,
                what="resolved",
                text="All of it is done",
                who=str(resolution.decided_by or resolution.policy or ""),
                as_of=as_of,
                state="resolved",
            )
