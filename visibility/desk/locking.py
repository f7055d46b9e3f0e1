"""Locks of a decision, in the house's order: the flow, then its cases by their ids, then the resolution."""

from dataclasses import dataclass
from uuid import UUID

import psycopg

from visibility.core.errors import NotFoundError
from visibility.desk.models import Resolution
from visibility.flows.services import hold_flows


@dataclass(frozen=True)
class Held:
    """A case whose row and order are locked, as it is now."""

    id: int
    company_id: int
    flow_id: int | None
    state: str
    decisions: int
    correlation_id: UUID | None


def hold_case(*, cursor: psycopg.Cursor, case_id: int) -> Held:
    """Lock a case with its order. Everybody who writes to cases of an order has the order first.

    All cases of the order are locked: what the decision records may change any of them.
    """
    cursor.execute("SELECT flow_id FROM triage_exceptioncase WHERE id = %s", [case_id])
    row = cursor.fetchone()
    if row is None:
        raise NotFoundError("No such case.")
    if row[0] is not None:
        hold_flows(cursor=cursor, flow_ids=[row[0]])
    cursor.execute(
        "SELECT c.id, c.company_id, c.flow_id, c.state, c.decisions FROM triage_exceptioncase c "
        "WHERE c.id = %s OR c.flow_id = %s ORDER BY c.id FOR UPDATE",
        [case_id, row[0]],
    )
    id_, company, flow_id, state, decisions = next(each for each in cursor.fetchall() if each[0] == case_id)
    cursor.execute("SELECT correlation_id FROM flows_flow WHERE id = %s", [flow_id])
    flow = cursor.fetchone()
    return Held(id_, company, flow_id, state, decisions, flow[0] if flow else None)


def hold_resolution(*, resolution_id: int) -> Resolution:
    """Lock a resolution whose case is held; as it is now."""
    return (
        Resolution.objects.select_for_update(of=("self",))
        .select_related("decided_by", "approved_by", "policy", "case__company")
        .get(pk=resolution_id)
    )
