"""An order end to end as plain values: what the command line and the API answer."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from visibility.access.scopes import Scope
from visibility.core import clock
from visibility.flows.search import identify_flows
from visibility.flows.selectors import FlowDetail, TimelineEntry, get_flow
from visibility.flows.services import item_code
from visibility.flows.state import Count, Dated, LineView, Milestone
from visibility.triage.selectors import CaseRow, cases_of_flow

MOST = 50


def trace_key(*, scope: Scope, key: str) -> list[dict[str, Any]]:
    """Every order that a number names: "4500018277", "po:4500018277", an ASN, a correlation ID …"""
    return [
        trace_flow(scope=scope, correlation_id=row.correlation_id)
        for row in identify_flows(scope=scope, key=key, limit=MOST)
    ]


def trace_flow(*, scope: Scope, correlation_id: UUID) -> dict[str, Any]:
    """One order. NotFoundError if there is none for this reader."""
    detail = get_flow(scope=scope, correlation_id=correlation_id)
    cases = cases_of_flow(scope=scope, correlation_id=detail.row.correlation_id)
    return trace_dict(detail=detail, cases=cases, as_of=clock.now())


def trace_dict(*, detail: FlowDetail, cases: list[CaseRow], as_of: dt.datetime) -> dict[str, Any]:
    """Quantities and prices as decimal strings; what nobody said is null."""
    view, row = detail.view, detail.row
    return {
        "correlation_id": str(row.correlation_id),
        "aliases": [str(alias) for alias in detail.aliases],
        "workflow": detail.workflow,
        "order": {
            "number": view.number,
            "release": view.release,
            "type": view.kind,
            "supplier": row.supplier_name,
            "ship_to": row.ship_to_name,
            "ordered_on": view.ordered_on.isoformat() if view.ordered_on else None,
        },
        "state": row.state,
        "sentence": row.sentence,
        "lines": [_line(line) for line in view.lines],
        "counts": [_count(count) for count in view.counts],
        "milestones": [_milestone(milestone, as_of) for milestone in view.milestones],
        "entries": [_entry(entry) for entry in detail.entries],
        "cases": [
            {key: value for key, value in case_dict(case).items() if key in _CASE_IN_TRACE} for case in cases
        ],
    }


_CASE_IN_TRACE = {"id", "kind", "queue", "state", "line", "summary"}


def case_dict(row: CaseRow) -> dict[str, Any]:
    """A case for the command line and the API."""
    return {
        "id": row.id,
        "kind": row.kind,
        "queue": row.queue,
        "state": row.state,
        "severity": row.severity,
        "correlation_id": str(row.correlation_id) if row.correlation_id else None,
        "line": row.line or None,
        "summary": row.summary,
        "opened_at": row.opened_at.isoformat(),
    }


def decimal_text(value: Decimal | None) -> str | None:
    """A decimal without exponent or padding zeros: 60, 62.5."""
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _line(line: LineView) -> dict[str, Any]:
    return {
        "line": line.line,
        "item": item_code(line),
        "unit": line.unit,
        **{
            name: decimal_text(getattr(line, name))
            for name in (
                "ordered",
                "confirmed",
                "backordered",
                "rejected",
                "shipped",
                "received",
                "invoiced",
                "unit_price",
            )
        },
        "worth": decimal_text(line.worth),
        "counts": [_count(count) for count in line.counts],
        "requests": [_dated(dated, of=line.ordered) for dated in line.requests],
        "promises": [_dated(dated) for dated in line.promises],
    }


def _count(count: Count) -> dict[str, Any]:
    """What happened, and nobody told how much."""
    return {
        "what": count.kind,
        "times": count.times,
        "taken_back": count.taken_back,
        "first_at": count.first_at.isoformat() if count.first_at else None,
        "last_at": count.last_at.isoformat() if count.last_at else None,
    }


def _dated(dated: Dated, *, of: Decimal | None = None) -> dict[str, Any]:
    """A dated quantity; one that was asked for without a quantity is of the whole line."""
    return {
        "quantity": decimal_text(dated.quantity if dated.quantity is not None else of),
        "date": dated.date.isoformat() if dated.date else None,
        "basis": dated.basis,
    }


def _milestone(milestone: Milestone, as_of: dt.datetime) -> dict[str, Any]:
    return {
        "name": milestone.name,
        "state": milestone.state(as_of),
        **{
            name: moment.isoformat() if (moment := getattr(milestone, name)) else None
            for name in ("planned_at", "due_at", "estimated_at", "first_at", "actual_at")
        },
    }


def _entry(entry: TimelineEntry) -> dict[str, Any]:
    return {
        "position": entry.position,
        "type": entry.type,
        "occurred_at": entry.occurred_at.isoformat() if entry.occurred_at else None,
        "recorded_at": entry.recorded_at.isoformat(),
        "source": entry.source,
        "message_id": str(entry.message_id),
        "summary": entry.summary,
    }
