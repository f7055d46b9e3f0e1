"""What decisions put into the ledger: the decision itself, its facts, what became of its commands."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from visibility.core import clock
from visibility.desk.models import Resolution
from visibility.desk.plans import Told
from visibility.masterdata.models import Company
from visibility.pipeline.recording import desk_connection, desk_event, order_reference, record_in
from visibility.sync.outcomes import Outcome

Json = dict[str, Any]
RESULTS = {"delivered": "delivered", "refused": "refused", "failed": "refused", "cancelled": "cancelled"}


def record_decision(
    *, resolution: Resolution, flow_id: int | None, facts: Sequence[Told], line: str, kind: str
) -> UUID:
    """Record a decision and the facts it tells, in the caller's transaction; their message."""
    order = _order(flow_id)
    decided = desk_event(type="decision.taken", data=order | _decision(resolution, line, kind))
    return _record(
        resolution, [decided, *_facts(order, [(fact.type, fact.data) for fact in facts], resolution)]
    )


def record_reversal(
    *, resolution: Resolution, flow_id: int | None, facts: Sequence[Told], line: str, kind: str, **said: Any
) -> UUID:
    """Record that a decision was taken back, with what its facts told."""
    order = _order(flow_id)
    data = _decision(resolution, line, kind) | {"undoes": resolution.pk, "approved_by": "", **said}
    taken_back = desk_event(type="decision.taken", data=order | data)
    return _record(resolution, [taken_back, *_taken_back(order, facts, resolution)])


def record_outcome(
    *, resolution: Resolution, flow_id: int | None, outcome: Outcome, system: str, facts: Sequence[Told] = ()
) -> UUID:
    """Record what became of a command; where it stopped the decision, also that its `facts` hold no more."""
    order = _order(flow_id)
    after = max(0, round((outcome.finished_at - outcome.created_at).total_seconds()))
    told = desk_event(
        type="command.outcome",
        data=order
        | {
            "command": str(outcome.id),
            "cause": outcome.cause,
            "system": system,
            "result": RESULTS[outcome.state],
            "words": outcome.words,
            "text": outcome.text[:500],
            "after_seconds": after,
            "issued_at": clock.now().isoformat(),
        },
    )
    return _record(resolution, [told, *_taken_back(order, facts, resolution)])


def _decision(resolution: Resolution, line: str, kind: str) -> Json:
    return {
        "case": resolution.case_id,
        "resolution": resolution.pk,
        "action": resolution.action,
        "kind": kind,
        "line": line,
        "words": resolution.words,
        "reason": resolution.reason,
        "decided_by": str(resolution.decided_by) if resolution.decided_by else "",
        "approved_by": str(resolution.approved_by) if resolution.approved_by else "",
        "policy": resolution.policy.name if resolution.policy else "",
        "issued_at": clock.now().isoformat(),
    }


def _taken_back(order: Json, facts: Sequence[Told], resolution: Resolution) -> list[Json]:
    undone = [(fact.type, fact.undo) for fact in facts if fact.undo is not None]
    return _facts(order, undone, resolution)


def _facts(order: Json, facts: Sequence[tuple[str, Json]], resolution: Resolution) -> list[Json]:
    """What is told of the order, by whom: the fields an action left out are the order and the moment."""
    who = str(resolution.decided_by or resolution.policy or "")
    common = order | {"issued_at": clock.now().isoformat(), "who": who}
    return [desk_event(type=type_, data=common | msgspec.to_builtins(data)) for type_, data in facts]


def _order(flow_id: int | None) -> Json:
    """A case of a message that became no order, or an order without a number, has none to name."""
    found = order_reference(flow_id=flow_id) if flow_id is not None else None
    return {"order": found} if found is not None else {}


def _record(resolution: Resolution, events: list[Json]) -> UUID:
    company = Company.objects.get(pk=resolution.company_id)
    return record_in(connection=desk_connection(company=company), events=events)
