"""The cases that stand for many findings of one cause: entered, locked, and brought up to their members."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

import psycopg

from visibility.triage.deskwork import SELECTED_WORKED, Worked, save_worked, tell_events, worked_of
from visibility.triage.findings import Finding
from visibility.triage.reconcile import BY_ITSELF, LIVE
from visibility.triage.rows import RANK, Desk, Owner
from visibility.triage.sla import weigh_clock
from visibility.triage.weighing import STEPS

MILD = frozenset({"unknown_item", "unknown_partner", "unknown_place"})
MANY, VERY_MANY = 10, 100
"""Members from which on a case is one step worse, and two."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What a case of many findings is about. The same whichever finding came first."""

    mark: UUID
    company_id: int
    kind: str
    subject: str
    summary: str
    next_action: str


class Parent(Worked, kw_only=True):
    """Such a case, locked."""

    fingerprint: UUID
    subject: str
    members: int
    queue: str
    owner_role: str
    times_reopened: int
    is_fresh: bool


@dataclass(frozen=True)
class Locked:
    """The cases of some causes, by their ids."""

    by_id: Mapping[int, Parent]

    def id_of(self, mark: UUID) -> int:
        return next(case.id for case in self.by_id.values() if case.fingerprint == mark)


def severity_of(*, kind: str, members: int) -> str:
    """How severe a cause is, by how many findings wait for it: an unknown code on one line is small."""
    step = 0 if kind in MILD else 1
    step += (members >= MANY) + (members >= VERY_MANY)
    return STEPS[min(step, len(STEPS) - 2)]


def lock_causes(
    *, cursor: psycopg.Cursor, causes: Iterable[Cause], ids: Iterable[int], as_of: dt.datetime
) -> Locked:
    """Lock the cases of these causes, and those of these ids, in the order of their fingerprints.

    What is missing is entered first, in the same order, closed and without members: whoever enters the same
    waits here, and nobody who waits here holds what another waits for.
    """
    missing = sorted({cause.mark: cause for cause in causes}.values(), key=lambda cause: cause.mark)
    if missing:
        cursor.execute(
            "INSERT INTO triage_exceptioncase (company_id, fingerprint, kind, subject, summary, next_action, "
            "  queue, line, state, is_open, severity, rank, unit, evidence, order_number, supplier_name, "
            "  ship_to_name, opened_at, changed_at, close_reason, times_reopened) "
            "SELECT n.*, '', '', 'closed', false, 'low', 0, '', '[]', '', '', '', %s, %s, '', 0 "
            "FROM unnest(%b::int8[], %b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[]) "
            "  n(company_id, mark, kind, subject, summary, next_action) "
            "WHERE NOT EXISTS (SELECT 1 FROM triage_exceptioncase c WHERE c.fingerprint = n.mark) "
            "ORDER BY n.mark ON CONFLICT DO NOTHING",
            [
                as_of,
                as_of,
                [cause.company_id for cause in missing],
                [cause.mark for cause in missing],
                [cause.kind for cause in missing],
                [cause.subject for cause in missing],
                [cause.summary for cause in missing],
                [cause.next_action for cause in missing],
            ],
        )
    # Not FOR UPDATE: entering a member looks at its case under a lock that only this one lets pass.
    cursor.execute(
        f"SELECT {SELECTED_WORKED}, fingerprint, subject, members, queue, owner_role, times_reopened, "
        "  (state = 'closed' AND closed_at IS NULL) AS is_fresh FROM triage_exceptioncase "
        "WHERE fingerprint = ANY(%b) OR id = ANY(%b) ORDER BY fingerprint FOR NO KEY UPDATE",
        [[cause.mark for cause in missing], sorted(set(ids))],
    )
    return Locked({row[0]: worked_of(row, Parent) for row in cursor.fetchall()})


def bring_causes_up(
    *, cursor: psycopg.Cursor, locked: Locked, deltas: Mapping[int, tuple[int, int] | list[int]], desk: Desk
) -> None:
    """Count members, open what has its first, close what has lost its last; (opened, closed) of each case."""
    changed: list[Parent] = []
    events: list[tuple[int, str, str]] = []
    for case_id, (opened, closed) in deltas.items():
        case = locked.by_id[case_id]
        if not opened and not closed:
            continue
        case.members += opened - closed
        changed.append(case)
        if opened and case.state not in LIVE:
            _open(case, desk)
            events.append((case.id, "reopened" if case.times_reopened else "opened", ""))
        _weigh(case, desk)
        if case.members <= 0 and case.state in LIVE:
            case.put("closed")
            case.closed_at, case.close_reason = desk.as_of, BY_ITSELF
            events.append((case.id, "closed", BY_ITSELF))
    empty = [case.id for case in locked.by_id.values() if case.is_fresh and not case.members]
    if empty:  # entered for findings that were known as another's by then
        cursor.execute("DELETE FROM triage_exceptioncase WHERE id = ANY(%b)", [empty])
    if not changed:
        return
    save_worked(cursor=cursor, rows=changed, as_of=desk.as_of)
    cursor.execute(
        "UPDATE triage_exceptioncase c SET members = n.members, queue = n.queue, owner_role = n.owner_role, "
        "  times_reopened = n.times_reopened, opened_at = n.opened_at "
        "FROM unnest(%b::int8[], %b::int4[], %b::text[], %b::text[], %b::int2[], %b::timestamptz[]) "
        "  n(id, members, queue, owner_role, times_reopened, opened_at) WHERE c.id = n.id",
        [
            [case.id for case in changed],
            [case.members for case in changed],
            [case.queue for case in changed],
            [case.owner_role for case in changed],
            [case.times_reopened for case in changed],
            [case.opened_at for case in changed],
        ],
    )
    tell_events(cursor=cursor, events=events, who="", as_of=desk.as_of)


def _open(case: Parent, desk: Desk) -> None:
    """It has a finding: for the first time, or again."""
    if case.is_fresh:
        case.opened_at, case.is_fresh = desk.as_of, False
        case.put("new")
    else:
        case.times_reopened += 1
        case.put("reopened")
    case.closed_at, case.close_reason, case.resolved_at, case.resolved_by = None, "", None, ""
    if not case.severity_by:
        case.severity = severity_of(kind=case.kind, members=case.members)
        case.rank = RANK[case.severity]
    owner = Owner(company_id=case.company_id)
    case.clock = desk.start(owner=owner, kind=case.kind, severity=case.severity)
    if case.touched_at is None:
        seen = Finding(kind=case.kind, summary="", item=_bare(case.subject))
        routed = desk.route(owner=owner, finding=seen)
        case.queue, case.owner_role, case.assignee_id = routed.queue, routed.owner_role, routed.assignee_id


def _weigh(case: Parent, desk: Desk) -> None:
    severity = severity_of(kind=case.kind, members=case.members)
    if case.severity_by or severity == case.severity or case.state not in LIVE or case.members <= 0:
        return
    case.severity, case.rank = severity, RANK[severity]
    clocks = desk.clocks(case.company_id)
    case.clock = weigh_clock(
        clock=case.clock,
        opened_at=case.opened_at,
        service=clocks.service(severity=severity, kind=case.kind),
        calendar=clocks.calendar(kind=case.kind, supplier_id=None, ship_to_id=None),
    )


def _bare(subject: str) -> str:
    """The code as people write it, for rules by item family."""
    return subject.rsplit(":", 1)[-1]
