"""Findings against the cases that exist: what to open, change, close, reopen. Pure."""

import datetime as dt
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from uuid import UUID

from visibility.core import identifiers
from visibility.triage.findings import CLOCK_KINDS, Finding
from visibility.triage.watching import Watch

DESK = frozenset({"new", "in_progress", "reopened"})
PARKED = frozenset({"waiting", "snoozed"})
LIVE = DESK | PARKED
"""Not settled: evidence updates and closes it."""
SILENT_NOW, SILENT_PAST = "silent", "silent_past"
SILENT = frozenset({SILENT_NOW, SILENT_PAST})


@dataclass(frozen=True, slots=True)
class Work:
    """What people and clocks made of a case: it stays whatever is found."""

    queue: str = ""
    owner_role: str = ""
    assignee_id: int | None = None
    opened_at: dt.datetime | None = None
    touched_at: dt.datetime | None = None
    severity_by: str = ""
    snoozed_for: str = ""
    snoozed_until: dt.datetime | None = None
    sla_due_at: dt.datetime | None = None
    sla_warns_at: dt.datetime | None = None
    sla_paused_at: dt.datetime | None = None
    sla_left: dt.timedelta | None = None
    resolved_as: str | None = None
    """What it said when it was last resolved; None where nobody did, or it was taken back."""


NOBODYS = Work()


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case as it stands in the database, as far as reconciling needs it."""

    id: int
    fingerprint: UUID
    state: str
    summary: str
    severity: str
    told: tuple[object, ...] = ()
    """All else it says, as stored: whose it is, what is at stake, the evidence."""
    work: Work = NOBODYS
    parent: int = 0
    """Of a finding that is gathered with others of one cause: their case's id; its state is then its own."""


@dataclass
class Changes:
    """What reconciling a flow's findings with its cases asks for."""

    opened: list[tuple[UUID, Finding]] = field(default_factory=list)
    updated: list[tuple[KnownCase, Finding]] = field(default_factory=list)
    reopened: list[tuple[KnownCase, Finding]] = field(default_factory=list)
    closed: list[KnownCase] = field(default_factory=list)
    silent: list[tuple[UUID, Finding, KnownCase | None]] = field(default_factory=list)
    """What silent detectors found, and as what that is known already: kept, and no case."""
    past: list[KnownCase] = field(default_factory=list)
    """What silent detectors had found, and is gone."""
    known_silent: list[KnownCase] = field(default_factory=list)
    """Of what is opened, what had been found silently before."""
    standing: list[tuple[KnownCase, Finding]] = field(default_factory=list)
    """Live, and in the same words. What else they say may have changed: whose they are, the money."""
    woken: set[UUID] = field(default_factory=set)
    """Of those that are updated or standing: snoozed until something came, or changed, that now did."""
    settled: list[tuple[KnownCase, Finding]] = field(default_factory=list)
    """Live, and again as they were when they were resolved."""
    open_after: list[Finding] = field(default_factory=list)
    """What is on the desk afterwards."""


def fingerprint(*, owner: str, finding: Finding) -> UUID:
    """One finding, one case: of the flow (or message), the kind, the line and the subject."""
    return mark_of(owner=owner, kind=finding.kind, line=finding.line, subject=finding.subject)


def mark_of(*, owner: str, kind: str, line: str = "", subject: str = "") -> UUID:
    """The fingerprint of a finding that is known by these alone."""
    return identifiers.digest(owner.encode(), kind.encode(), line.encode(), subject.encode())


def reconcile(
    *,
    owner: str,
    findings: Iterable[Finding],
    known: Iterable[KnownCase],
    sweeping: bool,
    watch: Watch | None = None,
    news: Set[str] = frozenset(),
) -> Changes:
    """Compare what is wrong now with what is on the desk, or parked.

    A finding that is gone closes its live case; one that is back reopens its closed case. A case that a
    person resolved is reopened when its evidence changes, and settled again when it is as it was decided on:
    whatever order the evidence comes in, the same cases are open. A parked one stays parked; what is snoozed
    wakes when its evidence changes, or an entry of the type it waits for is among the `news`. Clock cases are
    opened while `sweeping` only; they close at any time. What a detector finds that `watch` has silent
    becomes no case; one that is live already stays.
    """
    changes = Changes()
    cases = {case.fingerprint: case for case in known}
    seen: set[UUID] = set()
    for finding in findings:
        mark = fingerprint(owner=owner, finding=finding)
        if mark in seen:
            continue
        seen.add(mark)
        case = cases.get(mark)
        if case is None or case.state not in LIVE:
            if finding.kind in CLOCK_KINDS and not sweeping:
                continue
            if watch is not None and watch.is_silent(finding.kind):
                if case is None or case.state in SILENT:
                    changes.silent.append((mark, finding, case))
                continue
        if _compare(changes, mark, finding, case, news):
            changes.open_after.append(finding)
    changes.closed = [case for mark, case in cases.items() if case.state in LIVE and mark not in seen]
    changes.past = [case for mark, case in cases.items() if case.state == SILENT_NOW and mark not in seen]
    return changes


def _compare(changes: Changes, mark: UUID, finding: Finding, case: KnownCase | None, news: Set[str]) -> bool:
    """What a finding asks for; whether it is on the desk afterwards."""
    if case is None or case.state in SILENT:
        changes.opened.append((mark, finding))
        if case is not None:
            changes.known_silent.append(case)
        return True
    decided = _is_decided(case, finding)
    if case.state not in LIVE:
        if decided:
            return False
        changes.reopened.append((case, finding))
        return True
    if decided:
        changes.settled.append((case, finding))
        return False
    reworded = case.summary != finding.summary
    weighed = not case.parent and not case.work.severity_by and case.severity != finding.severity
    (changes.updated if reworded or weighed else changes.standing).append((case, finding))
    wakes = case.state == "snoozed" and (reworded or case.work.snoozed_for in news)
    if wakes:
        changes.woken.add(mark)
    return wakes or case.state in DESK


def _is_decided(case: KnownCase, finding: Finding) -> bool:
    """Whether a person resolved the case when it said just this."""
    if case.state == "resolved" and case.work.resolved_as is None:  # from before this was kept
        return case.summary == finding.summary
    return case.work.resolved_as == finding.summary


# Why a case closed without anybody touching it.
BY_ITSELF = "New documents settled it"
