"""Carrying a decision out: its case, its entries, its commands, in the caller's transaction."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg

from visibility.access.scopes import Scope
from visibility.core.errors import InputError
from visibility.desk.actions.base import CaseSeen, Performing
from visibility.desk.advancing import advance
from visibility.desk.errors import DecidedError
from visibility.desk.evidence import endpoints_of
from visibility.desk.locking import Held
from visibility.desk.models import Effect, Resolution
from visibility.desk.planning import Planned, waits_for
from visibility.desk.plans import Command, Plan, SystemRole
from visibility.desk.recorded import record_decision
from visibility.sync.models import Endpoint
from visibility.sync.services import NewCommand, queue_commands
from visibility.triage.models import ExceptionCase
from visibility.triage.working import settle_case, tell_case

BY_HAND = "Not connected; to be done by hand"
ON_THE_DESK = frozenset({"new", "in_progress", "reopened"})


@dataclass(frozen=True)
class Deed:
    """A decision about to be carried out, with the case it is about locked."""

    resolution: Resolution
    planned: Planned
    seen: CaseSeen
    held: Held
    scope: Scope
    as_of: dt.datetime

    @property
    def plan(self) -> Plan:
        return self.planned.plan

    @property
    def who(self) -> str:
        """Who decided, as people call them."""
        return str(self.resolution.decided_by or self.resolution.policy or "")


def carry_out(*, cursor: psycopg.Cursor, deed: Deed) -> None:
    """Settle or park the case, record the decision and its facts, queue its commands, do what is to be done.

    DecidedError if somebody else decided first.
    """
    resolution, plan, held = deed.resolution, deed.plan, deed.held
    endpoints = endpoints_of(case=ExceptionCase.objects.get(pk=held.id))
    settled = settle_case(
        cursor=cursor,
        case_id=held.id,
        decisions=held.decisions,
        who=deed.who,
        words=plan.words if not plan.expects else f"{plan.words.rstrip('.')}; waits: {plan.expects}",
        state=plan.case,
        as_of=deed.as_of,
    )
    if not settled:
        raise DecidedError(who="", words="This is settled already", when=None)
    resolution.message_id = record_decision(
        resolution=resolution,
        flow_id=held.flow_id,
        facts=plan.facts,
        line=deed.seen.case.line,
        kind=deed.seen.case.kind,
    )
    done = _perform(deed)
    resolution.outcome = done
    resolution.save(update_fields=["message_id", "outcome"])
    _queue(deed, endpoints)
    _keep_state(cursor, deed)
    advance(cursor=cursor, resolution=resolution, held=held, as_of=deed.as_of)
    if done:
        tell_case(cursor=cursor, case_id=held.id, what="done", text=done, who=deed.who, as_of=deed.as_of)


def _perform(deed: Deed) -> str:
    action, user = deed.planned.action, deed.resolution.decided_by
    if not isinstance(action, Performing) or type(action).perform is Performing.perform:
        return ""
    if user is None:
        raise InputError("needs_a_person", "This cannot be done by a policy.")
    return action.perform(scope=deed.scope, user=user, seen=deed.seen, values=deed.planned.values)


def _queue(deed: Deed, endpoints: Mapping[SystemRole, Endpoint]) -> None:
    """One effect a step; the commands of those whose system is connected, the first ones to be sent."""
    plan, resolution = deed.plan, deed.resolution
    after = waits_for(plan=plan, endpoints=endpoints)
    sent = [step for step in plan.steps if step.number in after]
    ids = queue_commands(
        commands=[
            NewCommand(
                company_id=deed.held.company_id,
                connection_id=endpoints[step.command.role].connection_id,
                type=step.command.type,
                data=step.command.data,
                words=step.command.words,
                cause=f"resolution:{resolution.pk}:{step.number}",
                correlation_id=deed.held.correlation_id,
                ready=not after[step.number],
            )
            for step in sent
        ]
    )
    command_of = {step.number: own for step, own in zip(sent, ids, strict=True)}
    Effect.objects.bulk_create(
        Effect(
            resolution=resolution,
            number=step.number,
            system=_system(step.command, endpoints),
            words=step.command.words,
            after=list(after.get(step.number, ())),
            confirmed_by=step.confirmed_by,
            command_id=command_of.get(step.number),
            undo=_kept(step.undo),
            state=_first_state(step.number, after),
            outcome="" if step.number in after else BY_HAND,
            changed_at=deed.as_of,
        )
        for step in plan.steps
    )


def _first_state(number: int, after: dict[int, tuple[int, ...]]) -> str:
    if number not in after:
        return Effect.State.CANCELLED
    return Effect.State.WAITING if after[number] else Effect.State.SENDING


def _system(command: Command, endpoints: Mapping[SystemRole, Endpoint]) -> str:
    endpoint = endpoints.get(command.role)
    return str(endpoint.connection) if endpoint is not None else str(Endpoint.Role(command.role).label)


def _kept(undo: Command | None) -> dict[str, object] | None:
    if undo is None:
        return None
    return {"type": undo.type, "data": undo.data, "words": undo.words}


def _keep_state(cursor: psycopg.Cursor, deed: Deed) -> None:
    """What the decision itself recorded may have changed the evidence; that is no reason to wake its case.

    A case that the evidence closed stays closed.
    """
    cursor.execute("SELECT state, summary FROM triage_exceptioncase WHERE id = %s", [deed.held.id])
    row = cursor.fetchone()
    deed.resolution.case_said = row[1] if row is not None else ""
    deed.resolution.save(update_fields=["case_said"])
    if row is not None and row[0] in ON_THE_DESK and deed.plan.case != "open":
        tell_case(
            cursor=cursor,
            case_id=deed.held.id,
            what="decided",
            text=deed.plan.words,
            who=deed.who,
            as_of=deed.as_of,
            state=deed.plan.case,
        )
