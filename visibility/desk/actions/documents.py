"""Say whose a document is: it belongs to an order, or does not."""

from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext_lazy as _

from visibility.access.scopes import Scope
from visibility.canonical.documents import DESK_WORD_TYPES, AnyDocument, EntryLinked, OrderRef
from visibility.canonical.keys import keys_of
from visibility.core.errors import InputError
from visibility.desk.actions import asking, fields, reading, saying, who
from visibility.desk.actions.base import ActionForm, CaseSeen, Performing
from visibility.desk.plans import Offer, Plan
from visibility.flows.selectors import FLOW_COLUMNS, FlowRow, scoped
from visibility.ledger.selectors import Entry, entries_of_flow, entries_of_message, find_flow_ids
from visibility.ledger.uncorrelated import flows_of_number
from visibility.pipeline.recording import order_reference

MOST = 20


class LinkForm(ActionForm):
    """The order it belongs to: its number, or its correlation ID where several bear the number."""

    order = fields.text(_("Order"), required=True)

    field_order = ("order", "reason")


class LinkDocument(Performing):
    """A document whose number fits several orders, or none, belongs to this one."""

    name = "link_document"
    kinds = frozenset({"ambiguous_order"})
    roles = who.BUYERS | who.STEWARDS
    form = LinkForm
    needs_reason = True
    in_bulk = False

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        if seen.case.message_id is None:
            return None
        return Offer(
            label="Say which order it belongs to",
            outcome="It counts for that order from then on",
            rank=10,
            why="Only somebody who knows can tell the orders apart",
        )

    def choices(self, *, scope: Scope, seen: CaseSeen) -> dict[str, list[tuple[str, str]]]:
        """The orders that bear the number."""
        entry = _of_message(seen)
        if entry is None or not scope.companies:
            return {}
        flows = [
            flow
            for company in scope.companies
            for flow in flows_of_number(company_id=company, value=seen.subject)
        ]
        return {"order": [(str(each.correlation_id), _called(each)) for each in _rows(scope, flows)]}

    def look(self, *, scope: Scope, seen: CaseSeen, values: dict[str, Any]) -> dict[str, Any]:
        """With the document's place, and the order that is meant."""
        entry = _of_message(seen)
        if entry is None:
            raise InputError("no_document", "The document is not there any more.")
        flow = _meant(scope, str(values.get("order") or "").strip())
        return {**values, "place": entry.ordinal, "flow": flow, "reference": _reference(flow)}

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        why, message = reading.need_reason(values), seen.case.message_id
        reference, place = values.get("reference"), values.get("place")
        if message is None or reference is None or place is None:
            raise InputError("missing", "Say which order.", "order")
        name = f"PO {reference.number}"
        linked = EntryLinked(order=reference, message=message, place=place, note=why)
        return Plan(
            words=f"The document belongs to {name}",
            facts=(
                asking.fact(
                    linked,
                    words=f"The document belongs to {name}",
                    undo=msgspec.structs.replace(linked, linked=False),
                ),
            ),
        )


class UnlinkForm(ActionForm):
    """The document by its number: an ASN, a receipt, an invoice, an answer."""

    document = fields.text(_("Document"), required=True)

    field_order = ("document", "reason")


class UnlinkDocument(Performing):
    """A document that was taken for this order's is not."""

    name = "unlink_document"
    kinds = frozenset(
        {
            "unknown_line",
            "shipped_over",
            "shipped_closed",
            "received_over",
            "received_wrong_item",
            "over_billed",
            "invoice_duplicate",
            "invoice_without_receipt",
            "conflicting_duplicate",
        }
    )
    roles = who.BUYERS | who.STEWARDS
    form = UnlinkForm
    needs_reason = True
    in_bulk = False

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        numbers = _numbers(seen)
        if seen.order is None or not numbers:
            return None
        return Offer(
            label="A document is not this order's",
            outcome="It waits among the documents without an order",
            rank=70,
            initial={"document": numbers[0]} if len(numbers) == 1 else {},
        )

    def choices(self, *, scope: Scope, seen: CaseSeen) -> dict[str, list[tuple[str, str]]]:
        """The order's ship notices, receipts and bills."""
        return {"document": [(number, number) for number in _numbers(seen)]}

    def look(self, *, scope: Scope, seen: CaseSeen, values: dict[str, Any]) -> dict[str, Any]:
        """With the message and place of the newest document of that number."""
        number = str(values.get("document") or "").strip()
        found = _of_flow(seen.flow.id, number) if seen.flow and number else None
        if found is None:
            raise InputError("unknown_document", f"This order has no document {number}.", "document")
        return {**values, "document": number, "message": found.message_id, "place": found.ordinal}

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        why, (order, _view) = reading.need_reason(values), reading.need_order(seen)
        number, message, place = values.get("document"), values.get("message"), values.get("place")
        if message is None or place is None:
            raise InputError("missing", "Say which document.", "document")
        told = f"{number} does not belong to {saying.order(seen)}"
        parted = EntryLinked(order=order, message=message, place=place, linked=False, note=why)
        return Plan(
            words=told,
            case="open",
            facts=(asking.fact(parted, words=told, undo=msgspec.structs.replace(parted, linked=True)),),
        )


def _numbers(seen: CaseSeen) -> list[str]:
    view = seen.view
    return [each for each in (*view.shipments, *view.receipts, *view.invoices) if each] if view else []


def _of_flow(flow_id: int, number: str) -> Entry | None:
    entries = entries_of_flow(flow_id=flow_id)
    return next((each for each in reversed(entries) if _number_of(each.document) == number), None)


def _number_of(document: AnyDocument) -> str:
    return str(getattr(document, "number", ""))


def _of_message(seen: CaseSeen) -> Entry | None:
    """The document of the case's message that names its number."""
    if seen.case.message_id is None:
        return None
    for entry, _flows in reversed(entries_of_message(message_id=seen.case.message_id)):
        named = {key.value for key in keys_of(entry.document).identifying}
        if seen.subject in named and entry.type not in DESK_WORD_TYPES:
            return entry
    return None


def _meant(scope: Scope, text: str) -> FlowRow:
    """The order that a number or a correlation ID means. InputError for none, or several."""
    if not text:
        raise InputError("missing", "Say which order.", "order")
    try:
        rows = _rows(scope, [], correlation_id=UUID(text))
    except ValueError:
        flows = find_flow_ids(companies=scope.companies, value=text)
        rows = [row for row in _rows(scope, flows) if row.number == text] or _rows(scope, flows)
    if not rows:
        raise InputError("unknown_order", f"There is no order {text}.", "order")
    if len(rows) > 1:
        raise InputError("ambiguous", f"Several orders bear {text}; choose one of them.", "order")
    return rows[0]


def _rows(scope: Scope, flows: list[int], *, correlation_id: UUID | None = None) -> list[FlowRow]:
    found = scoped(scope)
    found = (
        found.filter(pk__in=flows) if correlation_id is None else found.filter(correlation_id=correlation_id)
    )
    return [FlowRow(*values) for values in found.order_by("pk").values_list(*FLOW_COLUMNS)[:MOST]]


def _reference(flow: FlowRow) -> OrderRef:
    found = order_reference(flow_id=flow.id)
    if found is None:
        raise InputError("no_number", "This order has no number yet; link the document once it has.", "order")
    return msgspec.convert(found, OrderRef)


def _called(row: FlowRow) -> str:
    return ", ".join(each for each in (f"PO {row.number}", row.supplier_name, row.ship_to_name) if each)
