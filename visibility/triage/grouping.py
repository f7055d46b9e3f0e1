"""Findings of one cause are one case: an unknown code is asked about once, however many lines name it.

Each finding is a member of the case of its cause. The case is opened with the first and closed with the last;
one that a person resolved stays so until another finding joins. Locks: flows, cases, members, and then the
cases of causes in the order of their fingerprints.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
from msgspec import json
from psycopg.types.json import Jsonb

from visibility.triage.causes import Cause, bring_causes_up, lock_causes
from visibility.triage.findings import Finding
from visibility.triage.reconcile import KnownCase, mark_of
from visibility.triage.rows import MOST_MONEY, Desk, Owner

GATHERED_KINDS = frozenset(
    {
        "unknown_item",
        "unknown_partner",
        "unknown_place",
        "unit_not_convertible",
        "unreadable_document",
        "delivery_failed",
        "delivery_unknown",
    }
)
_TEXTS = ("summary", "money", "evidence", "order_number", "supplier_id", "supplier_name")
_COLUMNS: tuple[tuple[str, str], ...] = (
    ("company_id", "int8"),
    ("case_id", "int8"),
    ("fingerprint", "uuid"),
    ("flow_id", "int8"),
    ("message_id", "uuid"),
    ("kind", "text"),
    ("line", "text"),
    ("summary", "text"),
    ("money", "numeric"),
    ("evidence", "jsonb"),
    ("order_number", "text"),
    ("supplier_id", "int8"),
    ("supplier_name", "text"),
)
_NAMES = ", ".join(name for name, _ in _COLUMNS)
_ROWS = ", ".join(f"%b::{kind}[]" for _, kind in _COLUMNS)
_TYPE_OF = dict(_COLUMNS)


@dataclass
class Gathered:
    """What a set of changes asks of members: opened (again), in the same words or others, gone."""

    opened: list[tuple[Owner, UUID, Finding]] = field(default_factory=list)
    standing: list[tuple[Owner, KnownCase, Finding]] = field(default_factory=list)
    closed: list[KnownCase] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.opened) + len(self.closed)


def is_gathered(finding: Finding) -> bool:
    """Whether a finding is one of many of its cause; without a cause it is a case of its own."""
    return finding.kind in GATHERED_KINDS and bool(finding.cause or finding.subject)


def cause_of(*, company_id: int, finding: Finding) -> Cause:
    """The case that stands for a finding and all others of the same cause."""
    cause = finding.cause or finding.subject
    return Cause(
        mark=mark_of(owner=f"cause:{company_id}", kind=finding.kind, subject=cause),
        company_id=company_id,
        kind=finding.kind,
        subject=cause,
        summary=finding.cause_words or finding.summary,
        next_action=finding.next_action,
    )


def known_members(*, cursor: psycopg.Cursor, flow_ids: Sequence[int]) -> Iterator[tuple[int, KnownCase]]:
    """The gathered findings of these flows, open or not, locked in the order of their ids."""
    cursor.execute(
        f"SELECT flow_id, id, fingerprint, is_open, case_id, {', '.join(_TEXTS)} "
        "FROM triage_casemember WHERE flow_id = ANY(%b) ORDER BY id FOR UPDATE",
        [sorted(flow_ids)],
    )
    for flow_id, *row in cursor.fetchall():
        yield flow_id, _known(row)


def message_members(*, cursor: psycopg.Cursor, message_ids: Sequence[UUID]) -> dict[UUID, list[KnownCase]]:
    """The open findings of these messages that stand on no flow, locked in the order of their ids."""
    cursor.execute(
        f"SELECT message_id, id, fingerprint, is_open, case_id, {', '.join(_TEXTS)} "
        "FROM triage_casemember WHERE message_id = ANY(%b) AND flow_id IS NULL AND is_open "
        "ORDER BY id FOR UPDATE",
        [sorted(message_ids)],
    )
    found: dict[UUID, list[KnownCase]] = {}
    for message_id, *row in cursor.fetchall():
        found.setdefault(message_id, []).append(_known(row))
    return found


def _known(row: Sequence[object]) -> KnownCase:
    id_, mark, is_open, case_id, summary, money, evidence, *whose = row
    told = (summary, money, json.decode(str(evidence)), *whose)
    state = "new" if is_open else "closed"
    return KnownCase(id_, mark, state, str(summary), "", told, parent=case_id)  # type: ignore[arg-type]  # by column order


def write_members(*, cursor: psycopg.Cursor, gathered: Gathered, desk: Desk) -> None:
    """Write what is asked of members, and bring the cases of their causes up to it."""
    changed = [
        (case.id, _texts(owner, finding))
        for owner, case, finding in gathered.standing
        if not _same(_texts(owner, finding), case.told)
    ]
    if changed:
        _reword(cursor, changed)
    if not gathered.opened and not gathered.closed:
        return
    opened = {mark: (owner, finding) for owner, mark, finding in gathered.opened}
    causes = {
        mark: cause_of(company_id=owner.company_id, finding=finding)
        for mark, (owner, finding) in opened.items()
    }
    locked = lock_causes(
        cursor=cursor, causes=causes.values(), ids={case.parent for case in gathered.closed}, as_of=desk.as_of
    )
    deltas: dict[int, list[int]] = {case_id: [0, 0] for case_id in locked.by_id}
    if opened:
        rows = [
            _row(locked.id_of(causes[mark].mark), mark, owner, finding)
            for mark, (owner, finding) in sorted(opened.items())
        ]
        for case_id in _open(cursor, rows, desk.as_of):
            deltas[case_id][0] += 1
    for case_id in _close(cursor, gathered.closed, desk.as_of):
        deltas[case_id][1] += 1
    bring_causes_up(cursor=cursor, locked=locked, deltas=deltas, desk=desk)


def _texts(owner: Owner, finding: Finding) -> tuple[object, ...]:
    money = finding.money if finding.money is not None and abs(finding.money) < MOST_MONEY else None
    evidence = [list(row) for row in finding.evidence]
    return finding.summary, money, evidence, owner.order_number, owner.supplier_id, owner.supplier_name


def _same(texts: Sequence[object], told: Sequence[object]) -> bool:
    return tuple(texts) == tuple(told)


def _row(case_id: int, mark: UUID, owner: Owner, finding: Finding) -> tuple[object, ...]:
    summary, money, evidence, *whose = _texts(owner, finding)
    about = (owner.company_id, case_id, mark, owner.flow_id, owner.message_id, finding.kind, finding.line)
    return (*about, summary, money, Jsonb(evidence), *whose)


def _open(cursor: psycopg.Cursor, rows: Sequence[tuple[object, ...]], as_of: dt.datetime) -> list[int]:
    """Enter members, or open those that were closed; the case of each that was not open before."""
    cursor.execute(
        f"INSERT INTO triage_casemember AS m ({_NAMES}, is_open, opened_at) "
        f"SELECT *, true, %s FROM unnest({_ROWS}) ON CONFLICT (fingerprint) DO UPDATE SET "
        "case_id = EXCLUDED.case_id, is_open = true, closed_at = NULL, "
        f"{', '.join(f'{name} = EXCLUDED.{name}' for name in _TEXTS)} "
        "WHERE NOT m.is_open RETURNING m.case_id",
        [as_of, *(list(column) for column in zip(*rows, strict=True))],
    )
    return [row[0] for row in cursor.fetchall()]


def _close(cursor: psycopg.Cursor, closed: Iterable[KnownCase], as_of: dt.datetime) -> list[int]:
    ids = sorted(case.id for case in closed)
    if not ids:
        return []
    cursor.execute(
        "UPDATE triage_casemember SET is_open = false, closed_at = %s "
        "WHERE id = ANY(%b) AND is_open RETURNING case_id",
        [as_of, ids],
    )
    return [row[0] for row in cursor.fetchall()]


def _reword(cursor: psycopg.Cursor, changed: Sequence[tuple[int, tuple[object, ...]]]) -> None:
    columns = list(zip(*(texts for _, texts in changed), strict=True))
    columns[2] = tuple(Jsonb(evidence) for evidence in columns[2])
    sets = ", ".join(f"{name} = n.{name}" for name in _TEXTS)
    cursor.execute(
        f"UPDATE triage_casemember m SET {sets} FROM unnest(%b::int8[], "
        f"{', '.join(f'%b::{_TYPE_OF[name]}[]' for name in _TEXTS)}) n(id, {', '.join(_TEXTS)}) "
        "WHERE m.id = n.id",
        [[case_id for case_id, _ in changed], *(list(column) for column in columns)],
    )
