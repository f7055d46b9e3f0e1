"""Reading cases: queues, one case with its evidence and history. Scoped like everything."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from visibility.access.cursors import LOST, read_cursor, write_cursor
from visibility.access.scopes import Scope
from visibility.core import clock
from visibility.core.errors import NotFoundError
from visibility.counters.selectors import count_by
from visibility.flows.selectors import CAP, FLOW_COLUMNS, FlowRow, scoped
from visibility.flows.state import FlowView, unpack_view
from visibility.triage.models import ExceptionCase

SORTS: dict[str, tuple[Any, ...]] = {
    "-money": (F("rank").desc(), F("money").desc(nulls_last=True), F("id").asc()),
    "-opened_at": (F("opened_at").desc(), F("id").desc()),
    "due_at": (F("due_at").asc(nulls_last=True), F("id").asc()),
}


@dataclass(frozen=True)
class CaseRow:
    """A case in a queue."""

    id: int
    kind: str
    queue: str
    state: str
    severity: str
    correlation_id: UUID | None
    order_number: str
    line: str
    summary: str
    gap: Decimal | None
    had: Decimal | None
    expected: Decimal | None
    unit: str
    money: Decimal | None
    currency: str | None
    next_action: str
    opened_at: dt.datetime
    changed_at: dt.datetime
    closed_at: dt.datetime | None
    due_at: dt.datetime | None
    supplier_name: str
    ship_to_name: str
    close_reason: str
    message_id: UUID | None


@dataclass(frozen=True)
class CasePage:
    """A page of a queue."""

    rows: list[CaseRow]
    next_cursor: str
    count: int
    capped: bool


@dataclass(frozen=True)
class HistoryEntry:
    """One thing that happened to a case."""

    at: dt.datetime
    what: str
    text: str
    who: str


@dataclass(frozen=True)
class CaseDetail:
    """A case with its evidence, its history and the order it stands on."""

    row: CaseRow
    evidence: list[tuple[str, str, str]]
    history: list[HistoryEntry]
    flow: FlowRow | None = None
    view: FlowView | None = None
    subject: str = ""
    times_reopened: int = 0
    siblings: list[CaseRow] = field(default_factory=list)


_OF_THE_FLOW = {"correlation_id": "flow__correlation_id", "currency": "flow__currency"}
_COLUMNS = tuple(_OF_THE_FLOW.get(name, name) for name in CaseRow.__dataclass_fields__)


def scoped_cases(scope: Scope) -> QuerySet[ExceptionCase]:
    """The cases this reader may see. What silent detectors found is none (silent.py)."""
    cases = ExceptionCase.objects.filter(company_id__in=scope.companies)
    cases = cases.exclude(state__in=ExceptionCase.SILENT_STATES)
    return cases if scope.partners is None else cases.filter(supplier_id__in=scope.partners)


def _rows(cases: QuerySet[ExceptionCase]) -> list[CaseRow]:
    return [CaseRow(*values) for values in cases.values_list(*_COLUMNS)]


def list_cases(
    *,
    scope: Scope,
    queue: str = "",
    state: str = "open",
    kind: str = "",
    supplier_id: int | None = None,
    ship_to_id: int | None = None,
    q: str = "",
    sort: str = "-money",
    cursor: str = "",
    limit: int = 50,
) -> CasePage:
    """A page of a queue, by keyset of what the sort compares. `state` is open, closed or empty for all."""
    cases = scoped_cases(scope)
    for name, value in (("queue", queue), ("kind", kind), ("supplier_id", supplier_id)):
        if value:
            cases = cases.filter(**{name: value})
    if ship_to_id is not None:
        cases = cases.filter(ship_to_id=ship_to_id)
    if state in ("open", "closed"):
        cases = cases.filter(is_open=state == "open")
    if q:
        cases = cases.filter(Q(order_number__iexact=q) | Q(summary__icontains=q))
    count = cases.order_by()[: CAP + 1].count()
    offset = _offset(cursor)
    rows = _rows(cases.order_by(*SORTS.get(sort, SORTS["-money"]))[offset : offset + limit + 1])
    more = len(rows) > limit
    return CasePage(
        rows=rows[:limit],
        next_cursor=write_cursor(offset + limit) if more else "",
        count=min(count, CAP),
        capped=count > CAP,
    )


def _offset(cursor: str) -> int:
    """A queue is worked from its top and its order moves under the reader, so its pages are counted off;
    no further than CAP, so that the cost stays bounded."""
    if not cursor:
        return 0
    (offset,) = read_cursor(cursor, size=1)
    if not isinstance(offset, int):
        raise NotFoundError(LOST)
    return min(max(offset, 0), CAP)


def queue_counts(*, scope: Scope) -> dict[str, tuple[int, int]]:
    """Open cases of each queue, and how many of them are over their deadline.

    The open ones are counters; what is over its deadline depends on the time, so an index counts those.
    """
    overdue = dict(
        scoped_cases(scope)
        .filter(is_open=True, due_at__lt=clock.now())
        .values_list("queue")
        .annotate(n=Count("id"))
        .order_by()
    )
    counted = count_by(scope=scope, what="case", by="queue")
    return {queue: (count, overdue.get(queue, 0)) for queue, count in counted.items()}


def open_counts(
    *,
    scope: Scope,
    by: str,
    queue: str = "",
    kind: str = "",
    supplier_id: int | None = None,
    ship_to_id: int | None = None,
) -> dict[Any, int]:
    """Open cases by kind, severity, supplier or ship_to, of those that the rest narrows them to."""
    only = {"queue": queue or None, "kind": kind or None, "supplier": supplier_id, "ship_to": ship_to_id}
    return count_by(scope=scope, what="case", by=by, only=only)


def kind_counts(*, scope: Scope, queue: str = "") -> list[tuple[str, int]]:
    """Open cases of each kind, within a queue or all."""
    counted = open_counts(scope=scope, by="kind", queue=queue)
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def cases_of_flow(*, scope: Scope, correlation_id: UUID) -> list[CaseRow]:
    """Every case of an order, open ones first."""
    cases = scoped_cases(scope).filter(flow__correlation_id=correlation_id)
    return _rows(cases.order_by("-is_open", "-rank", F("money").desc(nulls_last=True), "id"))


def cases_of_message(*, scope: Scope, message_id: UUID) -> list[CaseRow]:
    """Cases about a message that could not be used whole."""
    return _rows(scoped_cases(scope).filter(message_id=message_id).order_by("-is_open", "id"))


def get_case(*, scope: Scope, case_id: int) -> CaseDetail:
    """One case. NotFoundError if there is none for this reader."""
    case = scoped_cases(scope).select_related("flow").filter(pk=case_id).first()
    if case is None:
        raise NotFoundError("No such case.")
    (row,) = _rows(scoped_cases(scope).filter(pk=case_id))
    flow, view = None, None
    if case.flow is not None and scoped(scope).filter(pk=case.flow.pk).exists():
        flow = FlowRow(*(getattr(case.flow, name) for name in FLOW_COLUMNS))
        view = unpack_view(bytes(case.flow.view))
    return CaseDetail(
        row=row,
        evidence=[(str(a), str(b), str(c)) for a, b, c in case.evidence],
        history=[
            HistoryEntry(*values)
            for values in case.events.order_by("at", "id").values_list("at", "what", "text", "who")
        ],
        flow=flow,
        view=view,
        subject=case.subject,
        times_reopened=case.times_reopened,
        siblings=[
            other
            for other in (cases_of_flow(scope=scope, correlation_id=flow.correlation_id) if flow else [])
            if other.id != case_id
        ],
    )
