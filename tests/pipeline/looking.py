"""What an arrival of messages came to: everything that must not depend on how they arrived."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
from django.db import connection as database
from factories import Json

from visibility.flows.models import Flow, FlowLine
from visibility.flows.state import unpack_view
from visibility.ledger.selectors import SUPERSEDED
from visibility.triage.models import CaseMember, ExceptionCase

# What a row says of when and as which it was written, which is another matter than what it says.
_OF_FLOW = {"id", "company", "supplier", "ship_to", "changed_at", "facts", "view"}
_OF_LINE = {"flow", "company_id"}
_OF_CASE = {"id", "company", "fingerprint", "flow", "message_id", "supplier_id", "ship_to_id", "state"}
_OF_CASE |= {"opened_at", "changed_at", "closed_at", "close_reason", "times_reopened"}
_OF_CASE |= {"sla_due_at", "sla_warns_at"}
_OF_MEMBER = {"id", "company", "case", "fingerprint", "flow", "message_id", "supplier_id"}
_OF_MEMBER |= {"opened_at", "closed_at"}


def look() -> Json:
    """All orders with their lines, milestones and sentences, all open cases, and where each entry is."""
    flows = {flow.pk: flow for flow in Flow.objects.exclude(state=Flow.State.VOID)}
    names = {pk: str(flow.correlation_id) for pk, flow in flows.items()}
    cases = ExceptionCase.objects.filter(is_open=True)
    return {
        "orders": {names[pk]: _said(flow, _OF_FLOW) | _view(flow) for pk, flow in flows.items()},
        "lines": {(names[line.flow_id], line.line): _said(line, _OF_LINE) for line in FlowLine.objects.all()},
        "cases": Counter(str(sorted(_said(case, _OF_CASE).items())) for case in cases),
        "findings": Counter(
            str(sorted(_said(member, _OF_MEMBER).items()))
            for member in CaseMember.objects.filter(is_open=True)
        ),
        "entries": Counter((entry, *sorted(names[flow] for flow in own)) for entry, own in _entries()),
    }


def _said(row: Any, left_out: set[str]) -> Json:
    return {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in left_out
    }


def _view(flow: Flow) -> Json:
    return {"aliases": sorted(map(str, flow.aliases))} | msgspec.to_builtins(unpack_view(bytes(flow.view)))


def _entries() -> Iterator[tuple[str, list[int]]]:
    """The identity of every entry whose translation stands, with the flows it belongs to."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT e.event_id::text, array_remove(array_agg(m.flow_id), NULL) FROM ledger_entry e "
            f"LEFT JOIN ledger_member m USING (position) WHERE NOT {SUPERSEDED} GROUP BY e.position, 1"
        )
        yield from cursor.fetchall()
