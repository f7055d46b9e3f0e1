"""The case of a document whose order's number fits several orders: these side by side, and where it went."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.urls import reverse

from visibility.access.scopes import Scope
from visibility.canonical.documents import DESK_WORD_TYPES
from visibility.canonical.keys import keys_of
from visibility.flows.selectors import FLOW_COLUMNS, FlowRow, scoped
from visibility.ledger.selectors import entries_of_message
from visibility.ledger.uncorrelated import Waiting, entry_at, flows_of_number, linked_documents
from visibility.pipeline.candidates import compare
from visibility.triage.selectors import CaseDetail
from visibility.web.flows.linked import linked_rows
from visibility.web.uncorrelated import told
from visibility.web.uncorrelated.page import Fitting, fitting_of, reason_of, whose

KIND = "ambiguous_order"


@dataclass(frozen=True)
class Destination:
    """An order that the document belongs to now, and who said so; `said` empty: it found it by itself."""

    correlation_id: UUID
    number: str
    whose: str
    said: str


def doubt_context(*, scope: Scope, detail: CaseDetail) -> dict[str, Any]:
    """What the case page shows of the document and its orders; nothing where the document is not found."""
    found = _document(scope, detail)
    if found is None:
        return {}
    waiting, flow_ids = found
    entry, number = waiting.entry, detail.subject
    meant = flows_of_number(company_id=waiting.company_id, value=number)
    candidates = [
        _without_number(fitting_of(each), number, whose(meant[each.order.id]))
        for each in compare(scope=scope, waiting=waiting, flow_ids=meant)
    ]
    return {
        "paper": told.describe(entry.document),
        "candidates": candidates,
        "went_to": _went_to(scope, waiting, {flow: meant[flow] for flow in flow_ids if flow in meant}),
        "paper_url": reverse("uncorrelated-document", args=[entry.message_id, entry.ordinal]),
    }


def _document(scope: Scope, detail: CaseDetail) -> tuple[Waiting, list[int]] | None:
    """The document of the case's message that names the number, as it stands now."""
    if detail.row.message_id is None:
        return None
    for entry, _flows in reversed(entries_of_message(message_id=detail.row.message_id)):
        named = {key.value for key in keys_of(entry.document).identifying}
        if detail.subject in named and entry.type not in DESK_WORD_TYPES:
            found = entry_at(message_id=entry.message_id, place=entry.ordinal)
            if found is not None and found[0].company_id in scope.companies:
                return found
    return None


def _without_number(each: Fitting, number: str, whose_number: str) -> Fitting:
    """All of them bear the number, so it is no reason for one of them."""
    reasons = tuple(text for text in each.reasons if not text.endswith(f" {number}"))
    return replace(each, reasons=reasons, reason=reason_of(reasons), whose=whose_number)


def _went_to(scope: Scope, waiting: Waiting, flows: Collection[int]) -> list[Destination]:
    own = (waiting.entry.message_id, waiting.entry.ordinal)
    found = []
    for values in scoped(scope).filter(pk__in=flows).values_list(*FLOW_COLUMNS):
        order = FlowRow(*values)
        rows = linked_rows(linked_documents(flow_id=order.id))
        said = next((row.said for row in rows if row.linked and (row.message_id, row.place) == own), "")
        found.append(Destination(order.correlation_id, order.number, order.supplier_name, said))
    return found
