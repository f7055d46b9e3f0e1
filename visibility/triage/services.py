"""The only writer of exception cases. Set by set, inside the caller's transaction."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from visibility.triage.findings import QUEUE_OF_KIND, Finding
from visibility.triage.reconcile import BY_ITSELF, SILENT_PAST, Changes, KnownCase

MOST_MONEY = Decimal(10) ** 15
RANK = {"low": 0, "medium": 1, "high": 2, "critical": 3}


@dataclass(frozen=True)
class Owner:
    """What a case is about: a flow, or a message that never became one."""

    company_id: int
    flow_id: int | None = None
    message_id: UUID | None = None
    order_number: str = ""
    supplier_id: int | None = None
    supplier_name: str = ""
    ship_to_id: int | None = None
    ship_to_name: str = ""


_COLUMNS: tuple[tuple[str, str], ...] = (
    ("company_id", "int8"),
    ("fingerprint", "uuid"),
    ("flow_id", "int8"),
    ("message_id", "uuid"),
    ("kind", "text"),
    ("queue", "text"),
    ("line", "text"),
    ("subject", "text"),
    ("severity", "text"),
    ("rank", "int2"),
    ("summary", "text"),
    ("next_action", "text"),
    ("gap", "numeric"),
    ("had", "numeric"),
    ("expected", "numeric"),
    ("unit", "text"),
    ("money", "numeric"),
    ("evidence", "jsonb"),
    ("due_at", "timestamptz"),
    ("order_number", "text"),
    ("supplier_id", "int8"),
    ("supplier_name", "text"),
    ("ship_to_id", "int8"),
    ("ship_to_name", "text"),
)
_UNCHANGING = {"company_id", "fingerprint", "flow_id", "message_id", "kind", "queue", "line", "subject"}
_TOLD = tuple(name for name, _ in _COLUMNS if name not in _UNCHANGING)


def known_cases(*, cursor: psycopg.Cursor, flow_ids: Sequence[int]) -> dict[int, list[KnownCase]]:
    """Every case of these flows, open or not, locked in the order of their ids."""
    cursor.execute(
        f"SELECT flow_id, id, fingerprint, state, summary, severity, {', '.join(_TOLD)} "
        "FROM triage_exceptioncase WHERE flow_id = ANY(%b) ORDER BY id FOR UPDATE",
        [sorted(flow_ids)],
    )
    found: dict[int, list[KnownCase]] = {}
    for flow_id, id_, mark, state, summary, severity, *told in cursor.fetchall():
        case = KnownCase(id_, mark, state, summary, severity, tuple(told))
        found.setdefault(flow_id, []).append(case)
    return found


def marked_cases(*, cursor: psycopg.Cursor, marks: Iterable[UUID]) -> dict[UUID, KnownCase]:
    """Cases by their fingerprints, open or not, locked in the order of their ids."""
    cursor.execute(
        f"SELECT id, fingerprint, state, summary, severity, {', '.join(_TOLD)} "
        "FROM triage_exceptioncase WHERE fingerprint = ANY(%b) ORDER BY id FOR UPDATE",
        [sorted(marks)],
    )
    return {
        mark: KnownCase(id_, mark, state, summary, severity, tuple(told))
        for id_, mark, state, summary, severity, *told in cursor.fetchall()
    }


def _row(owner: Owner, mark: UUID, finding: Finding) -> tuple[object, ...]:
    return (
        owner.company_id,
        mark,
        owner.flow_id,
        owner.message_id,
        finding.kind,
        QUEUE_OF_KIND[finding.kind],
        finding.line,
        finding.subject,
        finding.severity,
        RANK[finding.severity],
        finding.summary,
        finding.next_action,
        finding.gap,
        finding.had,
        finding.expected,
        finding.unit,
        finding.money if finding.money is not None and abs(finding.money) < MOST_MONEY else None,
        Jsonb([list(row) for row in finding.evidence]),
        finding.due_at,
        owner.order_number,
        owner.supplier_id,
        owner.supplier_name,
        owner.ship_to_id,
        owner.ship_to_name,
    )


def _new_row(owner: Owner, case: KnownCase, finding: Finding) -> tuple[object, ...] | None:
    """What a standing case says now, whichever document came first; None if it said so already."""
    row = _row(owner, case.fingerprint, finding)
    values = dict(zip((name for name, _ in _COLUMNS), row, strict=True))
    told = [values[name] for name in _TOLD]
    same = all(
        (value.obj if isinstance(value, Jsonb) else value) == before
        for value, before in zip(told, case.told, strict=True)
    )
    return None if same else row


def _silent_row(
    owner: Owner, mark: UUID, finding: Finding, known: KnownCase | None
) -> tuple[object, ...] | None:
    """What is to be kept of what a silent detector found; None where that is kept already."""
    if known is None or known.state == SILENT_PAST:
        return _row(owner, mark, finding)
    return _new_row(owner, known, finding)


def write_changes(
    *, cursor: psycopg.Cursor, changes: Sequence[tuple[Owner, Changes]], as_of: dt.datetime
) -> int:
    """Open, change, close and reopen cases, and write each into its case's history. How many changed."""
    rows: list[tuple[object, ...]] = []
    events: list[tuple[UUID, str, str]] = []
    for owner, change in changes:
        for mark, finding in change.opened:
            rows.append(_row(owner, mark, finding))
            events.append((mark, "opened", finding.summary))
        for what, pairs in (("updated", change.updated), ("reopened", change.reopened)):
            for case, finding in pairs:
                rows.append(_row(owner, case.fingerprint, finding))
                events.append((case.fingerprint, what, finding.summary))
        rows += [row for case, finding in change.standing if (row := _new_row(owner, case, finding))]
    rows.sort(key=lambda row: str(row[1]))
    if rows:
        _save(cursor, rows, as_of)
    silent = [
        row
        for owner, change in changes
        for mark, finding, known in change.silent
        if (row := _silent_row(owner, mark, finding, known)) is not None
    ]
    if silent:
        _keep_silent(cursor, sorted(silent, key=lambda row: str(row[1])), as_of)
    past = [case for _, change in changes for case in change.past]
    if past:
        _let_go(cursor, past, as_of)
    closed = [case for _, change in changes for case in change.closed]
    if closed:
        _close(cursor, closed, as_of)
        events += [(case.fingerprint, "closed", BY_ITSELF) for case in closed]
    if events:
        _tell(cursor, events, as_of)
    return len(rows) + len(closed)


_NAMES = [name for name, _ in _COLUMNS]
_CHANGING = ", ".join(f"{name} = EXCLUDED.{name}" for name in _NAMES if name not in _UNCHANGING)
_ROWS = ", ".join(f"%b::{kind}[]" for _, kind in _COLUMNS)
_WAS_SILENT = "c.state IN ('silent', 'silent_past')"
_INSERT = (
    f"INSERT INTO triage_exceptioncase AS c ({', '.join(_NAMES)}, state, is_open, opened_at, changed_at, "
    "  close_reason, times_reopened) "
    f"SELECT *, %s, %s, %s, %s, '', 0 FROM unnest({_ROWS}) "
    f"ON CONFLICT (fingerprint) DO UPDATE SET {_CHANGING}, changed_at = EXCLUDED.changed_at, "
)


def _save(cursor: psycopg.Cursor, rows: list[tuple[object, ...]], as_of: dt.datetime) -> None:
    """What was found silently before is a case from now on: it was on no desk until now."""
    cursor.execute(
        f"{_INSERT} state = CASE WHEN c.is_open THEN c.state WHEN {_WAS_SILENT} THEN 'new' "
        "  ELSE 'reopened' END, "
        f"  opened_at = CASE WHEN {_WAS_SILENT} THEN EXCLUDED.opened_at ELSE c.opened_at END, "
        f"  times_reopened = CASE WHEN c.is_open THEN c.times_reopened WHEN {_WAS_SILENT} THEN 0 "
        "  ELSE c.times_reopened + 1 END, "
        "  is_open = true, closed_at = NULL, close_reason = ''",
        ["new", True, as_of, as_of, *(list(column) for column in zip(*rows, strict=True))],
    )


def _keep_silent(cursor: psycopg.Cursor, rows: list[tuple[object, ...]], as_of: dt.datetime) -> None:
    cursor.execute(
        f"{_INSERT} state = 'silent', closed_at = NULL WHERE {_WAS_SILENT}",
        ["silent", False, as_of, as_of, *(list(column) for column in zip(*rows, strict=True))],
    )


def _let_go(cursor: psycopg.Cursor, past: list[KnownCase], as_of: dt.datetime) -> None:
    """What was found silently would have closed by itself by now."""
    cursor.execute(
        "UPDATE triage_exceptioncase SET state = 'silent_past', closed_at = %s, changed_at = %s "
        "WHERE id = ANY(%b)",
        [as_of, as_of, sorted(case.id for case in past)],
    )


def _close(cursor: psycopg.Cursor, closed: list[KnownCase], as_of: dt.datetime) -> None:
    cursor.execute(
        "UPDATE triage_exceptioncase SET state = 'closed', is_open = false, closed_at = %s, changed_at = %s, "
        "close_reason = %s WHERE id = ANY(%b)",
        [as_of, as_of, BY_ITSELF, sorted(case.id for case in closed)],
    )


def _tell(cursor: psycopg.Cursor, events: list[tuple[UUID, str, str]], as_of: dt.datetime) -> None:
    cursor.execute(
        "INSERT INTO triage_caseevent (case_id, at, what, text, who) "
        "SELECT c.id, %s, e.what, e.text, '' FROM unnest(%b::uuid[], %b::text[], %b::text[]) "
        "WITH ORDINALITY e(fingerprint, what, text, n) "
        "JOIN triage_exceptioncase c USING (fingerprint) ORDER BY e.n",
        [as_of, *(list(column) for column in zip(*events, strict=True))],
    )
