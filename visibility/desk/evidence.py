"""A case as actions see it: with its order as it is now, and which systems can be asked."""

from collections.abc import Mapping
from typing import cast
from uuid import UUID

import msgspec
from django.db.models import F, Q

from visibility.access.scopes import Scope
from visibility.canonical.documents import OrderRef
from visibility.core import clock, identifiers
from visibility.core.errors import NotFoundError
from visibility.desk.actions.base import CaseSeen
from visibility.desk.plans import SystemRole
from visibility.flows.selectors import FlowRow
from visibility.flows.state import LineView
from visibility.pipeline.recording import order_reference
from visibility.sync.models import Endpoint
from visibility.triage.models import ExceptionCase
from visibility.triage.selectors import CaseDetail, CaseRow, read_case, scoped_cases

_json = msgspec.json.Encoder(order="deterministic")


def find_case(*, scope: Scope, case_id: int) -> ExceptionCase:
    """The row of a case. NotFoundError if there is none for this reader."""
    case = scoped_cases(scope).select_related("company").filter(pk=case_id).first()
    if case is None:
        raise NotFoundError("No such case.")
    return case


def see_case(*, scope: Scope, case_id: int, detail: CaseDetail | None = None) -> CaseSeen:
    """A case with all that actions look at. NotFoundError if there is none for this reader.

    `detail`: the case as this reader read it just now, so that it is not read twice.
    """
    detail = detail or read_case(scope=scope, case_id=case_id)
    row, view = detail.row, detail.view
    line = next((each for each in view.lines if each.line == row.line), None) if view and row.line else None
    return CaseSeen(
        case=row,
        subject=detail.subject,
        evidence=tuple(detail.evidence),
        as_of=clock.now(),
        flow=detail.flow,
        view=view,
        line=line,
        order=_order(detail.flow),
        supplier=row.supplier_name,
        place=row.ship_to_name,
        systems=systems_of(endpoints=endpoints_of(case=row)),
        zone=detail.zone,
    )


def _order(flow: FlowRow | None) -> OrderRef | None:
    found = order_reference(flow_id=flow.id) if flow is not None else None
    return msgspec.convert(found, OrderRef) if found is not None else None


def endpoints_of(*, case: ExceptionCase | CaseRow) -> dict[SystemRole, Endpoint]:
    """Of each kind of system the one that answers for this case's order; those not connected are missing.

    All kinds in one query. The nearest counts: the supplier's own, the place's own, the company's.
    """
    asked = Endpoint.objects.select_related("connection").filter(
        Q(partner_id=None) | Q(partner_id=case.supplier_id),
        Q(place_id=None) | Q(place_id=case.ship_to_id),
        connection__company_id=case.company_id,
    )
    found: dict[SystemRole, Endpoint] = {}
    for endpoint in asked.order_by(
        F("partner_id").asc(nulls_last=True), F("place_id").asc(nulls_last=True), "pk"
    ):
        found.setdefault(cast(SystemRole, endpoint.role), endpoint)
    return found


def systems_of(*, endpoints: Mapping[SystemRole, Endpoint]) -> dict[str, str]:
    """What those systems are called."""
    return {role: str(endpoint.connection) for role, endpoint in endpoints.items()}


def digest_of(seen: CaseSeen) -> UUID:
    """Of what a decision stands on: what the case says, and its line. Another digest: it changed since."""
    case = seen.case
    said = (
        case.kind,
        case.line,
        case.summary,
        case.gap,
        case.had,
        case.expected,
        case.unit,
        seen.subject,
        seen.evidence,
        _quantities(seen.line),
    )
    return identifiers.digest(_json.encode(said))


def _quantities(line: LineView | None) -> tuple[object, ...]:
    """What is known of a line in numbers; what depends on the time is no part of it."""
    if line is None:
        return ()
    return (line.ordered, line.confirmed, line.shipped, line.received, line.invoiced, line.unit_price)
