"""The only writer of exception cases. Set by set, inside the caller's transaction."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from msgspec import json

from visibility.triage.findings import Finding
from visibility.triage.grouping import (
    Gathered,
    is_gathered,
    known_members,
    write_members,
)
from visibility.triage.reconcile import BY_ITSELF, SILENT, SILENT_PAST, Changes, KnownCase, Work
from visibility.triage.rows import (
    COLUMNS,
    NAMES,
    RANK,
    TOLD,
    UNCHANGING,
    Desk,
    Owner,
    Row,
    case_row,
    says_the_same,
)

GATHERED = "Gathered with others of the same cause"
AS_DECIDED = "It is again as it was decided on"
_WORKED = (
    "queue, owner_role, assignee_id, opened_at, touched_at, severity_by, snoozed_for, snoozed_until, "
    "sla_due_at, sla_warns_at, sla_paused_at, sla_left, resolved_as"
)
_EVIDENCE = TOLD.index("evidence")
_KNOWN = f"id, fingerprint, state, summary, severity, {', '.join(TOLD)}, {_WORKED}"


def _known(row: Sequence[Any]) -> KnownCase:
    told, work = list(row[5 : 5 + len(TOLD)]), row[5 + len(TOLD) :]
    told[_EVIDENCE] = json.decode(str(told[_EVIDENCE]))  # Django has our connections hand JSON out as text
    id_, mark, state, summary, severity = row[:5]
    return KnownCase(id_, mark, state, summary, severity, tuple(told), Work(*work))


def known_cases(*, cursor: psycopg.Cursor, flow_ids: Sequence[int]) -> dict[int, list[KnownCase]]:
    """Every case of these flows, and every finding of theirs that is gathered with others; open or not.

    Locked: cases in the order of their ids, then findings.
    """
    cursor.execute(
        f"SELECT flow_id, {_KNOWN} FROM triage_exceptioncase WHERE flow_id = ANY(%b) ORDER BY id FOR UPDATE",
        [sorted(flow_ids)],
    )
    found: dict[int, list[KnownCase]] = {}
    for flow_id, *row in cursor.fetchall():
        found.setdefault(flow_id, []).append(_known(row))
    for flow_id, member in known_members(cursor=cursor, flow_ids=flow_ids):
        found.setdefault(flow_id, []).append(member)
    return found


def marked_cases(*, cursor: psycopg.Cursor, marks: Iterable[UUID]) -> dict[UUID, KnownCase]:
    """Cases by their fingerprints, open or not, locked in the order of their ids."""
    cursor.execute(
        f"SELECT {_KNOWN} FROM triage_exceptioncase WHERE fingerprint = ANY(%b) ORDER BY id FOR UPDATE",
        [sorted(marks)],
    )
    return {row[1]: _known(row) for row in cursor.fetchall()}


@dataclass
class _Asked:
    """What a set of changes asks to be written."""

    rows: list[Row] = field(default_factory=list)
    silent: list[Row] = field(default_factory=list)
    past: list[KnownCase] = field(default_factory=list)
    closed: list[KnownCase] = field(default_factory=list)
    settled: list[KnownCase] = field(default_factory=list)
    gone: list[KnownCase] = field(default_factory=list)
    """Cases of their own that are findings of a cause from now on."""
    events: list[tuple[UUID, str, str]] = field(default_factory=list)
    gathered: Gathered = field(default_factory=Gathered)


def write_changes(
    *, cursor: psycopg.Cursor, changes: Sequence[tuple[Owner, Changes]], as_of: dt.datetime
) -> int:
    """Open, change, close and reopen cases, and write each into its case's history. How many changed."""
    desk = Desk(as_of=as_of)
    weighty = [
        owner
        for owner, change in changes
        if change.opened or change.updated or change.reopened or change.settled
    ]
    desk.learn(weighty)
    asked = _Asked()
    for owner, change in changes:
        _ask(asked, desk, owner, change)
    asked.rows.sort(key=lambda row: str(row[1]))
    if asked.rows:
        _save(cursor, asked.rows, as_of)
    if asked.silent:
        _keep_silent(cursor, sorted(asked.silent, key=lambda row: str(row[1])), as_of)
    if asked.past:
        _let_go(cursor, asked.past, as_of)
    if asked.closed:
        _close(cursor, asked.closed, as_of, BY_ITSELF)
    if asked.settled:
        _settle_again(cursor, asked.settled, as_of)
    if asked.gone:
        _gather(cursor, asked.gone, as_of)
    if asked.events:
        _tell(cursor, asked.events, as_of)
    write_members(cursor=cursor, gathered=asked.gathered, desk=desk)
    return len(asked.rows) + len(asked.closed) + asked.gathered.count


def _ask(asked: _Asked, desk: Desk, owner: Owner, change: Changes) -> None:
    for mark, finding, known in change.silent:
        row = case_row(desk=desk, owner=owner, mark=mark, finding=finding, what="silent")
        if known is None or known.state == SILENT_PAST or not says_the_same(row=row, case=known):
            asked.silent.append(row)
    asked.past += change.past
    for mark, finding, case in _opened(change):
        if is_gathered(finding):
            asked.gathered.opened.append((owner, mark, finding))
            if case is not None and not case.parent:
                asked.gone.append(case)
            continue
        what = "reopened" if case is not None and case.state not in SILENT else "opened"
        asked.rows.append(
            case_row(desk=desk, owner=owner, mark=mark, finding=finding, what=what, known=case)  # type: ignore[arg-type]  # one of the two
        )
        asked.events.append((mark, what, finding.summary))
    for updated, pairs in ((True, change.updated), (False, change.standing)):
        for case, finding in pairs:
            _ask_live(
                asked, desk, owner, case, finding, updated=updated, wakes=case.fingerprint in change.woken
            )
    for case, finding in change.settled:
        row = case_row(
            desk=desk, owner=owner, mark=case.fingerprint, finding=finding, what="live", known=case
        )
        asked.rows.append(row)
        asked.settled.append(case)
        asked.events.append((case.fingerprint, "resolved", AS_DECIDED))
    for case in change.closed:
        if case.parent:
            asked.gathered.closed.append(case)
        else:
            asked.closed.append(case)
            asked.events.append((case.fingerprint, "closed", BY_ITSELF))


def _opened(change: Changes) -> Iterator[tuple[UUID, Finding, KnownCase | None]]:
    """What is opened or reopened, with the case there was. Of silent ones nothing is taken over."""
    silent = {case.fingerprint: case for case in change.known_silent}
    for mark, finding in change.opened:
        yield mark, finding, silent.get(mark)
    for case, finding in change.reopened:
        yield case.fingerprint, finding, case


def _ask_live(
    asked: _Asked,
    desk: Desk,
    owner: Owner,
    case: KnownCase,
    finding: Finding,
    *,
    updated: bool,
    wakes: bool,
) -> None:
    mark = case.fingerprint
    if case.parent:
        asked.gathered.standing.append((owner, case, finding))
        return
    if is_gathered(finding):  # from before findings of one cause were gathered
        asked.gathered.opened.append((owner, mark, finding))
        asked.gone.append(case)
        return
    row = case_row(desk=desk, owner=owner, mark=mark, finding=finding, what="live", known=case, wakes=wakes)
    if updated or wakes or case.work.sla_due_at is None or not says_the_same(row=row, case=case):
        asked.rows.append(row)
    if updated:
        asked.events.append((mark, "updated", finding.summary))
    if wakes:
        asked.events.append((mark, "woken", "What it waited for came"))


_CHANGING = ", ".join(
    f"{name} = EXCLUDED.{name}" for name in NAMES if name not in UNCHANGING | {"state", "is_open"}
)
_ROWS = ", ".join(f"%b::{kind}[]" for _, kind in COLUMNS)
_WAS_SILENT = "c.state IN ('silent', 'silent_past')"
_INSERT = (
    f"INSERT INTO triage_exceptioncase AS c ({', '.join(NAMES)}, opened_at, changed_at, "
    "  close_reason, times_reopened) "
    f"SELECT *, %s, %s, '', 0 FROM unnest({_ROWS}) "
    f"ON CONFLICT (fingerprint) DO UPDATE SET {_CHANGING}, changed_at = EXCLUDED.changed_at, "
)


def _save(cursor: psycopg.Cursor, rows: list[Row], as_of: dt.datetime) -> None:
    """What was found silently before is a case from now on: it was on no desk until now."""
    cursor.execute(
        f"{_INSERT} state = CASE WHEN c.is_open THEN c.state ELSE EXCLUDED.state END, "
        "  is_open = c.is_open OR EXCLUDED.is_open, "
        f"  opened_at = CASE WHEN {_WAS_SILENT} THEN EXCLUDED.opened_at ELSE c.opened_at END, "
        "  times_reopened = c.times_reopened + (c.state IN ('closed', 'resolved'))::int, "
        "  closed_at = NULL, resolved_at = NULL, resolved_by = '', close_reason = ''",
        [as_of, as_of, *(list(column) for column in zip(*rows, strict=True))],
    )


def _keep_silent(cursor: psycopg.Cursor, rows: list[Row], as_of: dt.datetime) -> None:
    cursor.execute(
        f"{_INSERT} state = 'silent', closed_at = NULL WHERE {_WAS_SILENT}",
        [as_of, as_of, *(list(column) for column in zip(*rows, strict=True))],
    )


def _let_go(cursor: psycopg.Cursor, past: list[KnownCase], as_of: dt.datetime) -> None:
    """What was found silently would have closed by itself by now."""
    cursor.execute(
        "UPDATE triage_exceptioncase SET state = 'silent_past', closed_at = %s, changed_at = %s "
        "WHERE id = ANY(%b)",
        [as_of, as_of, sorted(case.id for case in past)],
    )


def _close(cursor: psycopg.Cursor, closed: list[KnownCase], as_of: dt.datetime, why: str) -> None:
    cursor.execute(
        "UPDATE triage_exceptioncase SET state = 'closed', is_open = false, closed_at = %s, changed_at = %s, "
        "close_reason = %s, snoozed_until = NULL, snoozed_for = '' WHERE id = ANY(%b)",
        [as_of, as_of, why, sorted(case.id for case in closed)],
    )


def _settle_again(cursor: psycopg.Cursor, settled: list[KnownCase], as_of: dt.datetime) -> None:
    """The word of whoever resolved them last stands again."""
    cursor.execute(
        "UPDATE triage_exceptioncase c SET state = 'resolved', is_open = false, closed_at = %s, "
        "resolved_at = %s, changed_at = %s, snoozed_until = NULL, snoozed_for = '', "
        "resolved_by = coalesce((SELECT e.who FROM triage_caseevent e WHERE e.case_id = c.id "
        "  AND e.what = 'resolved' AND e.who <> '' ORDER BY e.id DESC LIMIT 1), '') WHERE c.id = ANY(%b)",
        [as_of, as_of, as_of, sorted(case.id for case in settled)],
    )


def _gather(cursor: psycopg.Cursor, gone: list[KnownCase], as_of: dt.datetime) -> None:
    """What was found silently was no case, and leaves nothing behind; a case of its own is closed."""
    silent = sorted(case.id for case in gone if case.state in SILENT)
    if silent:
        cursor.execute("DELETE FROM triage_exceptioncase WHERE id = ANY(%b)", [silent])
    own = [case for case in gone if case.state not in SILENT and case.state != "closed"]
    if own:
        _close(cursor, own, as_of, GATHERED)
        _tell(cursor, [(case.fingerprint, "closed", GATHERED) for case in own], as_of)


def _tell(cursor: psycopg.Cursor, events: list[tuple[UUID, str, str]], as_of: dt.datetime) -> None:
    cursor.execute(
        "INSERT INTO triage_caseevent (case_id, at, what, text, who) "
        "SELECT c.id, %s, e.what, e.text, '' FROM unnest(%b::uuid[], %b::text[], %b::text[]) "
        "WITH ORDINALITY e(fingerprint, what, text, n) "
        "JOIN triage_exceptioncase c USING (fingerprint) ORDER BY e.n",
        [as_of, *(list(column) for column in zip(*events, strict=True))],
    )


__all__ = ["RANK", "Owner", "known_cases", "marked_cases", "write_changes"]
