"""Cases as people and decisions change them: locked, changed in memory, written back set by set."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import psycopg
from django.db import connection as database
from msgspec import Struct

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.core.errors import ForbiddenError, NotFoundError
from visibility.flows.calendar import WorkingCalendar
from visibility.flows.services import look_at_these_again
from visibility.triage.clocks import Clocks
from visibility.triage.reconcile import DESK, LIVE
from visibility.triage.retrying import in_one_transaction
from visibility.triage.selectors import scoped_cases
from visibility.triage.sla import SlaClock, pause_clock, resume_clock

GONE = "There is no such exception, or not for you."


class Failed(Struct, frozen=True):
    """A case with which it did not work, and why, as people read it."""

    case_id: int
    why: str


class Cannot(Exception):  # noqa: N818 it never leaves this package, and says so as a sentence: Cannot("…")
    """Why something is not possible for one of many cases."""


class Worked(Struct, kw_only=True):
    """A case as far as people change it. The first eight never change here."""

    id: int
    company_id: int
    flow_id: int | None
    kind: str
    supplier_id: int | None
    ship_to_id: int | None
    opened_at: dt.datetime
    summary: str
    state: str
    severity: str
    severity_by: str
    rank: int
    is_open: bool
    decisions: int
    assignee_id: int | None
    sla_due_at: dt.datetime | None
    sla_warns_at: dt.datetime | None
    sla_paused_at: dt.datetime | None
    sla_left: dt.timedelta | None
    snoozed_until: dt.datetime | None
    snoozed_for: str
    touched_at: dt.datetime | None
    resolved_at: dt.datetime | None
    resolved_by: str
    resolution: str
    resolved_as: str | None
    closed_at: dt.datetime | None
    close_reason: str

    @property
    def clock(self) -> SlaClock:
        return SlaClock(
            due_at=self.sla_due_at,
            warns_at=self.sla_warns_at,
            paused_at=self.sla_paused_at,
            left=self.sla_left,
        )

    @clock.setter
    def clock(self, clock: SlaClock) -> None:
        self.sla_due_at, self.sla_warns_at = clock.due_at, clock.warns_at
        self.sla_paused_at, self.sla_left = clock.paused_at, clock.left

    @property
    def is_live(self) -> bool:
        """Whether it is on the desk or parked: not settled."""
        return self.state in LIVE

    def put(self, state: str) -> None:
        """Into another state; what it was parked for is over."""
        self.state, self.is_open = state, state in DESK
        if state != "snoozed":
            self.snoozed_until, self.snoozed_for = None, ""


_FIXED = ("id", "company_id", "flow_id", "kind", "supplier_id", "ship_to_id", "opened_at", "summary")
_TYPES: Mapping[str, str] = {
    "state": "text",
    "severity": "text",
    "severity_by": "text",
    "rank": "int2",
    "is_open": "bool",
    "decisions": "int2",
    "assignee_id": "int8",
    "sla_due_at": "timestamptz",
    "sla_warns_at": "timestamptz",
    "sla_paused_at": "timestamptz",
    "sla_left": "interval",
    "snoozed_until": "timestamptz",
    "snoozed_for": "text",
    "touched_at": "timestamptz",
    "resolved_at": "timestamptz",
    "resolved_by": "text",
    "resolution": "text",
    "resolved_as": "text",
    "closed_at": "timestamptz",
    "close_reason": "text",
}
SELECTED_WORKED = ", ".join((*_FIXED, *_TYPES))
_SET = ", ".join(f"{name} = n.{name}" for name in _TYPES)
_NEW = ", ".join(f"%b::{kind}[]" for kind in _TYPES.values())


def lock_worked(*, cursor: psycopg.Cursor, case_ids: Iterable[int]) -> dict[int, Worked]:
    """These cases, locked: those of orders by their ids, then those of causes as `lock_causes` has them."""
    cursor.execute(
        f"SELECT {SELECTED_WORKED} FROM triage_exceptioncase WHERE id = ANY(%b) "
        "ORDER BY flow_id IS NULL, CASE WHEN flow_id IS NULL THEN fingerprint END, id FOR UPDATE",
        [sorted(set(case_ids))],
    )
    return {row[0]: worked_of(row, Worked) for row in cursor.fetchall()}


Kind = TypeVar("Kind", bound=Worked)


def worked_of(row: Sequence[Any], kind: type[Kind]) -> Kind:
    """A row of SELECTED_WORKED, and whatever else `kind` has, in its order."""
    return kind(**dict(zip(kind.__struct_fields__, row, strict=True)))


def save_worked(*, cursor: psycopg.Cursor, rows: Sequence[Worked], as_of: dt.datetime) -> None:
    """Write these cases as they are now."""
    if not rows:
        return
    columns = [[getattr(row, name) for row in rows] for name in _TYPES]
    cursor.execute(
        f"UPDATE triage_exceptioncase c SET {_SET}, changed_at = %s "
        f"FROM unnest(%b::int8[], {_NEW}) n(id, {', '.join(_TYPES)}) WHERE c.id = n.id",
        [as_of, [row.id for row in rows], *columns],
    )


def tell_events(
    *, cursor: psycopg.Cursor, events: Sequence[tuple[int, str, str]], who: str, as_of: dt.datetime
) -> None:
    """Add to the histories: (case, what, text)."""
    if not events:
        return
    cursor.execute(
        "INSERT INTO triage_caseevent (case_id, at, what, text, who) "
        "SELECT id, %s, what, text, %s FROM unnest(%b::int8[], %b::text[], %b::text[]) "
        "WITH ORDINALITY n(id, what, text, n) ORDER BY n.n",
        [as_of, who, *(list(column) for column in zip(*events, strict=True))],
    )


class Calendars:
    """The working calendars of cases of whatever companies, each read once."""

    def __init__(self) -> None:
        self._clocks: dict[int, Clocks] = {}

    def clocks(self, company_id: int) -> Clocks:
        if company_id not in self._clocks:
            self._clocks[company_id] = Clocks(company_id=company_id)
        return self._clocks[company_id]

    def of(self, case: Worked) -> WorkingCalendar:
        return self.clocks(case.company_id).calendar(
            kind=case.kind, supplier_id=case.supplier_id, ship_to_id=case.ship_to_id
        )

    def pause(self, case: Worked, at: dt.datetime) -> None:
        if case.clock.runs:
            case.clock = pause_clock(clock=case.clock, at=at, calendar=self.of(case))

    def resume(self, case: Worked, at: dt.datetime) -> None:
        if case.clock.paused_at is not None:
            case.clock = resume_clock(clock=case.clock, at=at, calendar=self.of(case))


Deed = Callable[[Worked, Calendars, dt.datetime], tuple[str, str]]
"""Changes one case, and says what happened and how: (what, text). Cannot says why not."""


def may_work(*, scope: Scope) -> None:
    """ForbiddenError for who sees one partner's part only: cases are worked inside the company."""
    if scope.partners is not None or not scope.companies:
        raise ForbiddenError("Exceptions are worked on inside the company.")


def seen_ids(*, scope: Scope, case_ids: Iterable[int]) -> tuple[list[int], list[Failed]]:
    """Those of the cases that this reader sees, and the others as failures. NotFoundError if none is seen."""
    wanted = list(dict.fromkeys(case_ids))
    seen = set(scoped_cases(scope).filter(pk__in=wanted).values_list("pk", flat=True))
    if wanted and not seen:
        raise NotFoundError("No such case.")
    return [each for each in wanted if each in seen], [
        Failed(each, GONE) for each in wanted if each not in seen
    ]


def change_cases(*, scope: Scope, user: User, case_ids: Iterable[int], deed: Deed) -> list[Failed]:
    """Do something to each of many cases, in one transaction; those it was not possible for, and why."""
    may_work(scope=scope)
    ids, failed = seen_ids(scope=scope, case_ids=case_ids)
    return failed + in_one_transaction(partial(_change, ids, deed, str(user)))


def _change(ids: list[int], deed: Deed, who: str) -> list[Failed]:
    as_of, calendars = clock.now(), Calendars()
    failed: list[Failed] = []
    with server_cursor(database) as cursor:
        lock_flows_of_cases(cursor=cursor, case_ids=ids)
        cases = lock_worked(cursor=cursor, case_ids=ids)
        was_open = {case.id: case.is_open for case in cases.values()}
        events, changed = [], []
        for case in cases.values():
            try:
                what, text = deed(case, calendars, as_of)
            except Cannot as cannot:
                failed.append(Failed(case.id, str(cannot)))
                continue
            case.touched_at = case.touched_at or as_of
            changed.append(case)
            events.append((case.id, what, text))
        save_worked(cursor=cursor, rows=changed, as_of=as_of)
        tell_events(cursor=cursor, events=events, who=who, as_of=as_of)
        moved = {case.flow_id for case in changed if case.is_open != was_open[case.id]}
        recount_flows(cursor=cursor, flow_ids=moved)
    return failed


def lock_flows_of_cases(*, cursor: psycopg.Cursor, case_ids: Iterable[int]) -> None:
    """Lock the orders that these cases stand on, in the order of their ids; cases are locked after them."""
    cursor.execute(
        "SELECT id FROM flows_flow WHERE id IN (SELECT flow_id FROM triage_exceptioncase WHERE id = ANY(%b)) "
        "ORDER BY id FOR UPDATE",
        [sorted(set(case_ids))],
    )


def recount_flows(*, cursor: psycopg.Cursor, flow_ids: Iterable[int | None]) -> None:
    """What is on the desk of these orders was changed by people: count it, and have sweeps word it anew."""
    ids = sorted({each for each in flow_ids if each is not None})
    if not ids:
        return
    cursor.execute(
        "UPDATE flows_flow f SET open_cases = "
        "  (SELECT count(*) FROM triage_exceptioncase c WHERE c.flow_id = f.id AND c.is_open) "
        "  + (SELECT count(*) FROM triage_casemember m WHERE m.flow_id = f.id AND m.is_open) "
        "WHERE f.id = ANY(%b)",
        [ids],
    )
    look_at_these_again(cursor=cursor, flow_ids=ids)
