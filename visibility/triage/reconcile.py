"""Findings against the cases that exist: what to open, change, close, reopen. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from visibility.core import identifiers
from visibility.triage.findings import CLOCK_KINDS, Finding
from visibility.triage.watching import Watch

OPEN = frozenset({"new", "in_progress", "waiting", "reopened"})
SILENT_NOW, SILENT_PAST = "silent", "silent_past"
SILENT = frozenset({SILENT_NOW, SILENT_PAST})


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
    standing: list[tuple[KnownCase, Finding]] = field(default_factory=list)
    """Open, and in the same words. What else they say may have changed: whose they are, the money."""
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
) -> Changes:
    """Compare what is wrong now with what is on the desk.

    A finding that is gone closes its open case; one that is back reopens its closed case. A case that a
    person resolved stays resolved while the evidence is as it was, and is reopened when it changes. Clock
    cases are opened while `sweeping` only; they close at any time. What a detector finds that `watch` has
    silent becomes no case; one that is on the desk already stays there.
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
        if finding.kind in CLOCK_KINDS and not sweeping and (case is None or case.state not in OPEN):
            continue
        if watch is not None and (case is None or case.state not in OPEN) and watch.is_silent(finding.kind):
            if case is None or case.state in SILENT:
                changes.silent.append((mark, finding, case))
            continue
        if case is None or case.state in SILENT:
            changes.opened.append((mark, finding))
        elif case.state in OPEN:
            if (case.summary, case.severity) != (finding.summary, finding.severity):
                changes.updated.append((case, finding))
            else:
                changes.standing.append((case, finding))
        elif case.state == "closed" or case.summary != finding.summary:
            changes.reopened.append((case, finding))
        else:
            continue
        changes.open_after.append(finding)
    changes.closed = [case for mark, case in cases.items() if case.state in OPEN and mark not in seen]
    changes.past = [case for mark, case in cases.items() if case.state == SILENT_NOW and mark not in seen]
    return changes


# Why a case closed without anybody touching it.
BY_ITSELF = "New documents settled it"
