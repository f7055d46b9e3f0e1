"""Reading cases: queues, one case with its evidence and history. Scoped like everything."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection as database
from django.db.models import F, Q, QuerySet

from visibility.access.cursors import LOST, read_cursor, write_cursor
from visibility.access.scopes import Scope
from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.core.errors import NotFoundError
from visibility.counters.selectors import count_by
from visibility.flows.selectors import FLOW_COLUMNS, FlowRow, is_seen
from visibility.flows.state import FlowView, unpack_view
from visibility.triage.models import (
    CaseAttachment,
    CaseComment,
    CaseEvent,
    CaseMember,
    CaseMention,
    CaseWatcher,
    ExceptionCase,
)

OVER_CAP = 1_000
"""So many cases over their deadline are counted in a queue; one more stands for more than that."""

MEMBERS_COUNTED = 20_000
"""Of a case with more findings it is not counted on how many orders they stand."""


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
    subject: str = ""
    assignee_id: int | None = None
    assignee_first: str | None = None
    assignee_last: str | None = None
    assignee_login: str | None = None
    owner_role: str = ""
    members: int = 0
    sla_due_at: dt.datetime | None = None
    sla_warns_at: dt.datetime | None = None
    sla_paused_at: dt.datetime | None = None
    sla_left: dt.timedelta | None = None
    days: int | None = None
    resolution: str = ""
    decisions: int = 0
    snoozed_until: dt.datetime | None = None
    snoozed_for: str = ""
    touched_at: dt.datetime | None = None
    times_reopened: int = 0
    company_id: int = 0
    supplier_id: int | None = None
    ship_to_id: int | None = None

    @property
    def assignee_name(self) -> str:
        """Whose it is, as people call them; empty: nobody's."""
        name = f"{self.assignee_first or ''} {self.assignee_last or ''}".strip()
        return name or self.assignee_login or ""


@dataclass(frozen=True)
class HistoryEntry:
    """One thing that happened to a case."""

    at: dt.datetime
    what: str
    text: str
    who: str


@dataclass(frozen=True)
class Attachment:
    """A file beside a comment; its bytes are read by `discussing.get_attachment`."""

    id: int
    name: str
    content_type: str
    size: int


@dataclass(frozen=True)
class Comment:
    """What somebody said, whom they named, and what they attached."""

    id: int
    author: str
    author_id: int
    at: dt.datetime
    text: str
    initials: str = ""
    mentions: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)


@dataclass(frozen=True)
class MemberRow:
    """One finding of a case that stands for many."""

    id: int
    correlation_id: UUID | None
    message_id: UUID | None
    order_number: str
    line: str
    summary: str
    supplier_name: str
    is_open: bool
    opened_at: dt.datetime
    closed_at: dt.datetime | None


@dataclass(frozen=True)
class MemberPage:
    """A page of them, those that are open first."""

    rows: list[MemberRow]
    next_cursor: str


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
    comments: list[Comment] = field(default_factory=list)
    watchers: list[tuple[int, str]] = field(default_factory=list)
    """Who hears of it: id and name."""
    zone: str = ""
    """The zone of its company."""
    orders: int = 0
    """Of a case that stands for many findings: how many orders wait. 0: too many to count."""

    @property
    def attachments(self) -> list[Attachment]:
        """All that was attached, oldest first."""
        return [each for comment in self.comments for each in comment.attachments]


_ELSEWHERE = {
    "correlation_id": "flow__correlation_id",
    "currency": "flow__currency",
    "assignee_first": "assignee__first_name",
    "assignee_last": "assignee__last_name",
    "assignee_login": "assignee__username",
}
_COLUMNS = tuple(_ELSEWHERE.get(name, name) for name in CaseRow.__dataclass_fields__)


def scoped_cases(scope: Scope) -> QuerySet[ExceptionCase]:
    """The cases this reader may see. What silent detectors found is none (silent.py)."""
    cases = ExceptionCase.objects.filter(company_id__in=scope.companies)
    cases = cases.exclude(state__in=ExceptionCase.SILENT_STATES)
    return cases if scope.partners is None else cases.filter(supplier_id__in=scope.partners)


def _rows(cases: QuerySet[ExceptionCase]) -> list[CaseRow]:
    return [CaseRow(*values) for values in cases.values_list(*_COLUMNS)]


OF_EVIDENCE = ("opened", "updated", "changed", "closed", "reopened")
"""What happens to a case by its documents alone. All else in a history is what people said and did."""


def for_reader(rows: Sequence[CaseRow], *, scope: Scope) -> list[CaseRow]:
    """Rows as this reader may see them: whose a case is and what was decided stays inside the company."""
    if scope.partners is None:
        return list(rows)
    return [replace(row, **_INSIDE) for row in rows]


_INSIDE: dict[str, Any] = {
    "assignee_id": None,
    "assignee_first": None,
    "assignee_last": None,
    "assignee_login": None,
    "resolution": "",
    "decisions": 0,
    "snoozed_until": None,
    "snoozed_for": "",
    "touched_at": None,
}


def read_rows(*, ids: Sequence[int]) -> list[CaseRow]:
    """These cases, in this order."""
    rows = {row.id: row for row in _rows(ExceptionCase.objects.filter(id__in=ids))} if ids else {}
    return [rows[pk] for pk in ids if pk in rows]


def queue_counts(*, scope: Scope, counted: Mapping[str, int] | None = None) -> dict[str, tuple[int, int]]:
    """Open cases of each queue, and how many of them are over their time: OVER_CAP + 1 is more than that.

    The open ones are counters, or `counted` where they were read by the way; what is over depends on the
    time, so an index counts those.
    """
    if counted is None:
        counted = count_by(scope=scope, what="case", by="queue")
    overdue = _over(scope, [queue for queue, n in counted.items() if n])
    return {queue: (count, min(overdue.get(queue, 0), OVER_CAP + 1)) for queue, count in counted.items()}


def _over(scope: Scope, queues: Sequence[str]) -> dict[str, int]:
    """Each queue's cases whose clock ran out, counted in the index, so many at most.

    The clock is our people's: for readers of one partner's part the deadline itself counts.
    """
    owned, owners = "company_id = w.id AND sla_paused_at IS NULL AND sla_due_at", scope.companies
    if scope.partners is not None:  # the index of suppliers has no silent ones, and is asked so
        owned = "supplier_id = w.id AND NOT (state IN ('silent', 'silent_past')) AND due_at"
        owners = scope.partners
    with server_cursor(database) as cursor:
        cursor.execute(
            "SELECT q.queue, sum(o.n) FROM unnest(%b::text[]) q(queue) CROSS JOIN unnest(%b::bigint[]) w(id) "
            "CROSS JOIN LATERAL (SELECT count(*) AS n FROM (SELECT 1 FROM triage_exceptioncase "
            f"  WHERE {owned} < %s AND company_id = ANY(%b) AND is_open AND queue = q.queue "
            "   LIMIT %s) f) o GROUP BY q.queue",
            [list(queues), list(owners), clock.now(), list(scope.companies), OVER_CAP + 1],
        )
        return {queue: int(n) for queue, n in cursor.fetchall()}


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
    """Every case of an order, open ones first; also those of a cause that a line of it waits for."""
    own = ExceptionCase.objects.filter(flow__correlation_id=correlation_id).values("pk")
    gathered = CaseMember.objects.filter(flow__correlation_id=correlation_id, is_open=True).values("case_id")
    cases = scoped_cases(scope).filter(pk__in=own.union(gathered))
    rows = _rows(cases.order_by("-is_open", "-rank", F("money").desc(nulls_last=True), "id"))
    return for_reader(rows, scope=scope)


def cases_of_message(*, scope: Scope, message_id: UUID) -> list[CaseRow]:
    """Cases about a message that could not be used whole."""
    own = ExceptionCase.objects.filter(message_id=message_id).values("pk")
    gathered = CaseMember.objects.filter(message_id=message_id).values("case_id")
    rows = _rows(scoped_cases(scope).filter(pk__in=own.union(gathered)).order_by("-is_open", "id"))
    return for_reader(rows, scope=scope)


def read_case(*, scope: Scope, case_id: int) -> CaseDetail:
    """What one case says, and its order: without what people said and did. NotFoundError if there is none
    for this reader.
    """
    cases = scoped_cases(scope).select_related("flow", "assignee", "company").defer("flow__facts")
    case = cases.filter(pk=case_id).first()
    if case is None:
        raise NotFoundError("No such case.")
    flow, view = None, None
    if case.flow is not None and is_seen(scope=scope, flow=case.flow):
        flow = FlowRow(*(getattr(case.flow, name) for name in FLOW_COLUMNS))
        view = unpack_view(bytes(case.flow.view))
    (row,) = for_reader([CaseRow(*(_value(case, path) for path in _COLUMNS))], scope=scope)
    return CaseDetail(
        row=row,
        evidence=[(str(a), str(b), str(c)) for a, b, c in case.evidence],
        history=[],
        flow=flow,
        view=view,
        subject=case.subject,
        times_reopened=case.times_reopened,
        zone=case.company.time_zone,
    )


def _value(case: ExceptionCase, path: str) -> Any:
    """A column of a case that was read with what it points to; None where it points to nothing."""
    found: Any = case
    for name in path.split("__"):
        found = getattr(found, name) if found is not None else None
    return found


def get_case(*, scope: Scope, case_id: int) -> CaseDetail:
    """One case, whole. NotFoundError if there is none for this reader."""
    detail = read_case(scope=scope, case_id=case_id)
    events = CaseEvent.objects.filter(case_id=case_id).order_by("at", "id")
    if scope.partners is not None:
        events = events.filter(what__in=OF_EVIDENCE, who="")
    siblings = []
    if detail.flow is not None:
        siblings = cases_of_flow(scope=scope, correlation_id=detail.flow.correlation_id)
    whole = replace(
        detail,
        history=[HistoryEntry(*values) for values in events.values_list("at", "what", "text", "who")],
        siblings=[other for other in siblings if other.id != case_id],
        orders=_orders_waiting(case_id) if 0 < detail.row.members <= MEMBERS_COUNTED else 0,
    )
    if scope.partners is not None:  # what is said and who watches stays inside the company
        return whole
    watchers = CaseWatcher.objects.filter(case_id=case_id).select_related("user").order_by("id")
    return replace(
        whole,
        comments=_comments(case_id),
        watchers=[(watcher.user_id, str(watcher.user)) for watcher in watchers],
    )


def _orders_waiting(case_id: int) -> int:
    """On how many orders a case's open findings stand: read from an index that has no more of them."""
    waiting = CaseMember.objects.filter(case_id=case_id, is_open=True, flow__isnull=False)
    return waiting.values("flow_id").distinct().count()


def _comments(case_id: int) -> list[Comment]:
    """What was said about a case, oldest first; it stays inside the company."""
    found = CaseComment.objects.filter(case_id=case_id).select_related("author").order_by("at", "id")
    comments = {
        each.pk: Comment(
            each.pk, str(each.author), each.author_id, each.at, each.text, initials=each.author.initials
        )
        for each in found
    }
    if not comments:
        return []
    files = CaseAttachment.objects.filter(comment_id__in=comments).order_by("id")
    for comment_id, pk, name, content_type, size in files.values_list(
        "comment_id", "id", "name", "content_type", "size"
    ):
        comments[comment_id].attachments.append(Attachment(pk, name, content_type, size))
    named = CaseMention.objects.filter(comment_id__in=comments).order_by("id")
    for comment_id, username in named.values_list("comment_id", "user__username"):
        comments[comment_id].mentions.append(username)
    return list(comments.values())


def members_of_case(*, scope: Scope, case_id: int, cursor: str = "", limit: int = 50) -> MemberPage:
    """What a case stands for, page by page: open findings first, the oldest first."""
    if not scoped_cases(scope).filter(pk=case_id).exists():
        raise NotFoundError("No such case.")
    found = CaseMember.objects.filter(case_id=case_id)
    if cursor:
        is_open, last = read_cursor(cursor, size=2)
        if not isinstance(last, int) or not isinstance(is_open, bool):
            raise NotFoundError(LOST)
        beyond = Q(is_open=is_open, id__gt=last)
        found = found.filter(beyond | Q(is_open=False) if is_open else beyond)
    columns = [
        "flow__correlation_id" if name == "correlation_id" else name
        for name in MemberRow.__dataclass_fields__
    ]
    rows = [
        MemberRow(*values) for values in found.order_by("-is_open", "id").values_list(*columns)[: limit + 1]
    ]
    more = len(rows) > limit
    rows = rows[:limit]
    return MemberPage(rows, write_cursor(rows[-1].is_open, rows[-1].id) if more else "")
