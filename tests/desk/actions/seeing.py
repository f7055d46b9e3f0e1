"""Cases as actions see them, from the facts of an order's life: found by the rules, not made up."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from lives import PO, day, view_of

from visibility.desk.actions.base import CaseSeen
from visibility.desk.actions.commands import read_command
from visibility.desk.plans import Plan
from visibility.flows.state import Fact
from visibility.triage.findings import QUEUE_OF_KIND, Finding, Names
from visibility.triage.rules import NO_TOLERANCES, detect
from visibility.triage.selectors import CaseRow

NAMES = Names(supplier="Acme", ship_to="Dallas", zone="America/Chicago")
SYSTEMS = {"erp": "Tryton", "planning": "Planner", "wms": "Dallas WMS", "tms": "Roads", "supplier": "Acme"}


def case_row(finding: Finding, **more: Any) -> CaseRow:
    """The row of a case that stands on this finding."""
    values: dict[str, Any] = {
        "id": 7,
        "kind": finding.kind,
        "queue": QUEUE_OF_KIND[finding.kind],
        "state": "new",
        "severity": finding.severity,
        "correlation_id": None,
        "order_number": PO.number,
        "line": finding.line,
        "summary": finding.summary,
        "gap": finding.gap,
        "had": finding.had,
        "expected": finding.expected,
        "unit": finding.unit,
        "money": finding.money,
        "currency": "USD",
        "next_action": finding.next_action,
        "opened_at": day(3),
        "changed_at": day(3),
        "closed_at": None,
        "due_at": finding.due_at,
        "supplier_name": "Acme",
        "ship_to_name": "Dallas",
        "close_reason": "",
        "message_id": None,
        "subject": finding.subject,
    }
    return CaseRow(**(values | more))


def see(kind: str, facts: Iterable[Fact], *, line: str = "1", as_of: dt.datetime | None = None) -> CaseSeen:
    """The case of this kind that the rules find in a life. AssertionError where they find none."""
    as_of = as_of or day(4)
    view = view_of(*facts)
    findings = detect(view=view, as_of=as_of, names=NAMES, tolerances=NO_TOLERANCES)
    found = next((each for each in findings if each.kind == kind and each.line in (line, "")), None)
    assert found is not None, f"no {kind} among {[each.kind for each in findings]}"
    return seen_of(found, facts, as_of=as_of)


def seen_of(finding: Finding, facts: Iterable[Fact], *, as_of: dt.datetime, **more: Any) -> CaseSeen:
    """A case that stands on this finding, whoever found it."""
    view = view_of(*facts)
    return CaseSeen(
        case=case_row(finding, **more),
        subject=finding.subject,
        evidence=finding.evidence,
        as_of=as_of,
        view=view,
        line=next((each for each in view.lines if each.line == finding.line), None),
        order=PO,
        supplier="Acme",
        place="Dallas",
        systems=SYSTEMS,
        zone="America/Chicago",
    )


def told(plan: Plan) -> list[tuple[str, tuple[int, ...], str]]:
    """Each step as people read it: whose system, what it waits for, what changes there."""
    return [(step.command.role, step.after, step.command.words) for step in plan.steps]


def check_commands(plan: Plan) -> None:
    """Every command and its undoing is what docs/commands.md says, for one of the systems it is for."""
    for step in plan.steps:
        for command in (step.command, step.undo):
            if command is not None:
                read_command(type=command.type, data=command.data)
        assert all(number < step.number for number in step.after)


def filled(**values: Any) -> dict[str, Any]:
    """Values as a form's cleaned data has them."""
    return {
        name: Decimal(str(value)) if isinstance(value, int | float) else value
        for name, value in values.items()
    }
