"""What the queue page asks beside its rows: own queues, who works there, how much each view has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection as database
from django.db.models import Exists, OuterRef
from django.utils import timezone

from visibility.access.models import Grant
from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.triage.models import ExceptionQueue

LOOKED_AT = 2_000
"""Of so many open cases at most, the worst of them, the figures of views are counted."""
PEOPLE = 200
FIGURE = 1_000
"""Figures of the rail are counted so far."""


@dataclass(frozen=True)
class Narrowed:
    """What a view narrows the open cases to: values of columns, whose they are, how their clock stands."""

    equal: Mapping[str, Any] = field(default_factory=dict)
    unassigned: bool = False
    sla: str = ""


COLUMNS = ("queue", "kind", "supplier_id", "ship_to_id", "severity", "assignee_id")
_CLOCK = {
    "over": "sla_paused_at IS NULL AND sla_due_at < %s",
    "warning": "sla_paused_at IS NULL AND sla_warns_at < %s AND sla_due_at >= %s",
}


def count_views(*, scope: Scope, views: Sequence[Narrowed]) -> list[tuple[int, bool]]:
    """How many open cases each view has, in one statement; the second says that there may be more.

    Counted among the LOOKED_AT worst: a figure on a tab is not worth reading a hundred thousand cases.
    """
    if not views:
        return []
    counted, values = [], []
    for view in views:
        condition, own = _condition(view)
        counted.append(f"count(*) FILTER (WHERE {condition})")
        values += own
    owned, owners = "company_id = ANY(%b)", [list(scope.companies)]
    if scope.partners is not None:
        owned += " AND supplier_id = ANY(%b)"
        owners.append(list(scope.partners))
    with server_cursor(database) as cursor:
        cursor.execute(
            f"WITH f AS MATERIALIZED (SELECT {', '.join(COLUMNS)}, sla_due_at, sla_warns_at, sla_paused_at "
            f"FROM triage_exceptioncase WHERE {owned} AND is_open "
            "AND NOT (state IN ('silent', 'silent_past')) "
            f"ORDER BY risk DESC NULLS LAST, id LIMIT {LOOKED_AT + 1}) "
            f"SELECT count(*), {', '.join(counted)} FROM f",
            [*owners, *values],
        )
        row = cursor.fetchone()
    total, *found = row or (0, *(0 for _view in views))
    return [(int(n), total > LOOKED_AT) for n in found]


def _condition(view: Narrowed) -> tuple[str, list[Any]]:
    parts, values = ["true"], []
    for column, value in view.equal.items():
        if column not in COLUMNS:
            raise ValueError(column)
        parts.append(f"{column} = %s")
        values.append(value)
    if view.unassigned:
        parts.append("assignee_id IS NULL")
    if view.sla in _CLOCK:
        parts.append(_CLOCK[view.sla])
        values += [clock.now()] * _CLOCK[view.sla].count("%s")
    return " AND ".join(parts), values


def own_queues(*, scope: Scope) -> dict[str, ExceptionQueue]:
    """The queues that companies made for themselves, in their order."""
    found = ExceptionQueue.objects.filter(company_id__in=scope.companies).order_by("position", "name")
    return {queue.code: queue for queue in found}


def people_of(*, scope: Scope) -> list[tuple[int, str]]:
    """Who may be given a case: those who see all of one of the companies, by name."""
    if scope.partners is not None:
        return []
    whole = Grant.objects.filter(user=OuterRef("pk"), company_id__in=scope.companies, partner__isnull=True)
    people = User.objects.filter(Exists(whole), is_active=True).order_by("first_name", "last_name", "pk")
    return [(person.pk, str(person)) for person in people[:PEOPLE]]


def person_of(*, scope: Scope, number: str) -> User | None:
    """One of them by their number; None for whoever is not there for this reader."""
    if scope.partners is not None or not (number.isascii() and number.isdecimal()):
        return None
    whole = Grant.objects.filter(user=OuterRef("pk"), company_id__in=scope.companies, partner__isnull=True)
    return User.objects.filter(Exists(whole), pk=int(number), is_active=True).first()


@dataclass(frozen=True)
class MineCounts:
    """What is somebody's own, and what is parked or done: FIGURE + 1 stands for more than FIGURE."""

    assigned: int = 0
    watching: int = 0
    mentions: int = 0
    snoozed: int = 0
    waiting: int = 0
    closed_today: int = 0


def mine_counts(*, scope: Scope, user: User) -> MineCounts:
    """The figures of the rail beside the queues, each counted in its own index, in one statement."""
    owned, owners = "c.company_id = ANY(%b)", [list(scope.companies)]
    if scope.partners is not None:
        owned += " AND c.supplier_id = ANY(%b)"
        owners.append(list(scope.partners))
    case = "triage_exceptioncase c"
    midnight = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    parts: list[tuple[str, list[Any]]] = [
        (f"FROM {case} WHERE c.assignee_id = %s AND c.is_open AND {owned}", [user.pk]),
        (
            f"FROM triage_casewatcher w JOIN {case} ON c.id = w.case_id "
            f"WHERE w.user_id = %s AND c.is_open AND {owned}",
            [user.pk],
        ),
        (
            "FROM triage_casemention m JOIN triage_casecomment s ON s.id = m.comment_id "
            f"JOIN {case} ON c.id = s.case_id WHERE m.user_id = %s AND m.seen_at IS NULL AND {owned}",
            [user.pk],
        ),
        (f"FROM {case} WHERE c.state = 'snoozed' AND {owned}", []),
        (f"FROM {case} WHERE c.state = 'waiting' AND {owned}", []),
        (
            f"FROM {case} WHERE c.state IN ('closed', 'resolved') AND c.closed_at >= %s AND {owned}",
            [midnight],
        ),
    ]
    counted = [f"(SELECT count(*) FROM (SELECT 1 {part} LIMIT {FIGURE + 1}) f)" for part, _own in parts]
    values = [each for _part, own in parts for each in (*own, *owners)]
    with server_cursor(database) as cursor:
        cursor.execute(f"SELECT {', '.join(counted)}", values)
        row = cursor.fetchone()
    return MineCounts(*(int(n) for n in row or ()))
