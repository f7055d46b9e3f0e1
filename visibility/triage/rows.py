"""Findings as rows of cases: routed, with their clock, in the state they are to have."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from uuid import UUID

from psycopg.types.json import Jsonb

from visibility.triage.clocks import Clocks
from visibility.triage.findings import Finding
from visibility.triage.reconcile import KnownCase, Work
from visibility.triage.routing import Routed, Rule, route, rules_of
from visibility.triage.sla import SlaClock, start_clock, weigh_clock
from visibility.triage.weighing import risk_of

MOST_MONEY = Decimal(10) ** 15
RANK: Mapping[str, int] = {"low": 0, "medium": 1, "high": 2, "critical": 3}
What = Literal["opened", "reopened", "live", "silent"]


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


COLUMNS: tuple[tuple[str, str], ...] = (
    ("company_id", "int8"),
    ("fingerprint", "uuid"),
    ("flow_id", "int8"),
    ("message_id", "uuid"),
    ("kind", "text"),
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
    ("days", "int2"),
    ("risk", "numeric"),
    ("queue", "text"),
    ("owner_role", "text"),
    ("assignee_id", "int8"),
    ("sla_due_at", "timestamptz"),
    ("sla_warns_at", "timestamptz"),
    ("sla_paused_at", "timestamptz"),
    ("sla_left", "interval"),
    ("snoozed_until", "timestamptz"),
    ("snoozed_for", "text"),
    ("state", "text"),
    ("is_open", "bool"),
)
NAMES = tuple(name for name, _ in COLUMNS)
UNCHANGING = {"company_id", "fingerprint", "flow_id", "message_id", "kind", "line", "subject"}
_WORK = {"sla_due_at", "sla_warns_at", "sla_paused_at", "sla_left", "snoozed_until", "snoozed_for"}
_WORK |= {"state", "is_open"}
TOLD = tuple(name for name in NAMES if name not in UNCHANGING | _WORK)
"""What a case says; where it says the same it is not written again."""
Row = tuple[object, ...]


class Desk:
    """What cases of one chunk need of their companies: clocks and routing rules, each read once."""

    def __init__(self, *, as_of: dt.datetime) -> None:
        self.as_of = as_of
        self._clocks: dict[int, Clocks] = {}
        self._rules: dict[int, tuple[Rule, ...]] = {}

    def clocks(self, company_id: int) -> Clocks:
        if company_id not in self._clocks:
            self._clocks[company_id] = Clocks(company_id=company_id)
        return self._clocks[company_id]

    def learn(self, owners: Iterable[Owner]) -> None:
        """Read the calendars of all these at once."""
        own: dict[int, list[Owner]] = {}
        for owner in owners:
            own.setdefault(owner.company_id, []).append(owner)
        for company_id, each in own.items():
            self.clocks(company_id).learn(
                partners=[owner.supplier_id for owner in each], places=[owner.ship_to_id for owner in each]
            )

    def route(self, *, owner: Owner, finding: Finding) -> Routed:
        """Where a case goes that nobody has touched."""
        if owner.company_id not in self._rules:
            self._rules[owner.company_id] = rules_of(company_id=owner.company_id)
        return route(
            rules=self._rules[owner.company_id],
            kind=finding.kind,
            supplier_id=owner.supplier_id,
            ship_to_id=owner.ship_to_id,
            item=finding.item,
            money=finding.money,
        )

    def start(self, *, owner: Owner, kind: str, severity: str) -> SlaClock:
        """The clock of a case that is opened, or opened again, now."""
        clocks = self.clocks(owner.company_id)
        return start_clock(
            at=self.as_of,
            service=clocks.service(severity=severity, kind=kind),
            calendar=clocks.calendar(kind=kind, supplier_id=owner.supplier_id, ship_to_id=owner.ship_to_id),
        )

    def weigh(self, *, owner: Owner, kind: str, severity: str, work: Work) -> SlaClock:
        """The clock of a case whose severity is another from now on."""
        clocks = self.clocks(owner.company_id)
        return weigh_clock(
            clock=clock_of(work),
            opened_at=work.opened_at or self.as_of,
            service=clocks.service(severity=severity, kind=kind),
            calendar=clocks.calendar(kind=kind, supplier_id=owner.supplier_id, ship_to_id=owner.ship_to_id),
        )


def clock_of(work: Work) -> SlaClock:
    """The clock as it is stored."""
    return SlaClock(
        due_at=work.sla_due_at, warns_at=work.sla_warns_at, paused_at=work.sla_paused_at, left=work.sla_left
    )


def case_row(
    *,
    desk: Desk,
    owner: Owner,
    mark: UUID,
    finding: Finding,
    what: What,
    known: KnownCase | None = None,
    wakes: bool = False,
) -> Row:
    """A case as it is to be stored. `known`: as it is, where there is one already."""
    work = known.work if known is not None else Work()
    severity = finding.severity
    if known is not None and work.severity_by and what == "live":
        severity = known.severity  # type: ignore[assignment]  # as a person said it; one of the four
    clock = SlaClock()
    if what in ("opened", "reopened"):
        clock = desk.start(owner=owner, kind=finding.kind, severity=severity)
    elif what == "live" and known is not None:
        clock = clock_of(work)
        if clock.due_at is None:  # it is from before there were clocks
            clock = desk.start(owner=owner, kind=finding.kind, severity=severity)
        elif severity != known.severity:
            clock = desk.weigh(owner=owner, kind=finding.kind, severity=severity, work=work)
    routed = _routed(desk, owner, finding, work)
    state = {"opened": "new", "reopened": "reopened", "silent": "silent"}.get(what, "")
    if not state and known is not None:
        state = "in_progress" if wakes else known.state
    snoozed = state == "snoozed"
    money = finding.money if finding.money is not None and abs(finding.money) < MOST_MONEY else None
    return (
        owner.company_id,
        mark,
        owner.flow_id,
        owner.message_id,
        finding.kind,
        finding.line,
        finding.subject,
        severity,
        RANK[severity],
        finding.summary,
        finding.next_action,
        finding.gap,
        finding.had,
        finding.expected,
        finding.unit,
        money,
        Jsonb([list(row) for row in finding.evidence]),
        finding.due_at,
        owner.order_number,
        owner.supplier_id,
        owner.supplier_name,
        owner.ship_to_id,
        owner.ship_to_name,
        finding.days,
        risk_of(money=money, days=finding.days),
        routed.queue,
        routed.owner_role,
        routed.assignee_id,
        clock.due_at,
        clock.warns_at,
        clock.paused_at,
        clock.left,
        work.snoozed_until if snoozed else None,
        work.snoozed_for if snoozed else "",
        state,
        state in ("new", "in_progress", "reopened"),
    )


def _routed(desk: Desk, owner: Owner, finding: Finding, work: Work) -> Routed:
    """By the rules, unless somebody touched it: then it stays where people left it."""
    if work.touched_at is not None:
        return Routed(work.queue, work.owner_role, work.assignee_id)
    return desk.route(owner=owner, finding=finding)


def says_the_same(*, row: Row, case: KnownCase) -> bool:
    """Whether a case's stored row says what this one does."""
    values = dict(zip(NAMES, row, strict=True))
    told = [values[name] for name in TOLD]
    return all(
        (value.obj if isinstance(value, Jsonb) else value) == before
        for value, before in zip(told, case.told, strict=True)
    )
