"""What the kinds and queues of exceptions are called."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visibility.triage.findings import CLOCK_KINDS

KINDS: Mapping[str, Promise] = {
    "confirmed_short": _("Confirmed short"),
    "confirmed_over": _("Confirmed over"),
    "line_rejected": _("Line rejected"),
    "line_unanswered": _("Line unanswered"),
    "acknowledgement_overdue": _("Answer overdue"),
    "change_unanswered": _("Change unanswered"),
    "soft_accept_expired": _("Still accepted subject to"),
    "item_substituted": _("Item substituted"),
    "shipped_short": _("Shipped short"),
    "shipped_over": _("Shipped over"),
    "shipped_closed": _("Shipped on a closed line"),
    "promised_late": _("Promised late"),
    "promised_early": _("Promised early"),
    "asn_overdue": _("Ship notice overdue"),
    "shipment_delayed": _("Shipment delayed"),
    "milestone_missing": _("Step never told"),
    "price_changed": _("Price changed"),
    "receipt_overdue": _("Receipt overdue"),
    "received_short": _("Received short"),
    "received_over": _("Received over"),
    "received_damaged": _("Received damaged"),
    "received_wrong_item": _("Received wrong item"),
    "received_without_asn": _("Received without a notice"),
    "invoice_quantity": _("Billed quantity differs"),
    "over_billed": _("Billed over the order"),
    "invoice_price": _("Billed price differs"),
    "invoice_extra_charge": _("Extra charge"),
    "invoice_duplicate": _("Billed twice"),
    "invoice_without_receipt": _("Billed without receipt"),
    "mirror_differs": _("Systems differ"),
    "mirror_late": _("Mirror late"),
    "primary_late": _("Primary late"),
    "unknown_line": _("Line not in the order"),
    "unknown_item": _("Item not known"),
    "unknown_partner": _("Partner not known"),
    "unknown_place": _("Place not known"),
    "unit_not_convertible": _("Unit not convertible"),
    "unreadable_document": _("Document unreadable"),
    "conflicting_duplicate": _("Same document, other content"),
    "ambiguous_order": _("Number of several orders"),
    "delivery_failed": _("Delivery failed"),
    "delivery_unknown": _("Delivery unknown"),
    "feed_silent": _("Feed silent"),
    "ack_997_missing": _("997 missing"),
    "ack_997_refused": _("997 refuses"),
    "document_refused": _("Document refused"),
    "tender_declined": _("Load declined"),
}


def kind_label(kind: str) -> str:
    """Few words for a kind; the kind itself with spaces where it has none yet."""
    return str(KINDS[kind]) if kind in KINDS else kind.replace("_", " ").capitalize()


_QUEUES: Mapping[str, Promise] = {
    "": _("All open"),
    "quantity-mismatches": _("Quantity mismatches"),
    "late-and-at-risk": _("Late and at risk"),
    "delayed-acknowledgements": _("Delayed acknowledgements"),
    "price-and-invoice": _("Price and invoice"),
    "receiving-discrepancies": _("Receiving discrepancies"),
    "invalid-mappings": _("Invalid mappings"),
    "unreadable-documents": _("Unreadable documents"),
    "deliveries-and-feeds": _("Deliveries and feeds"),
}


def queue_label(queue: str) -> str:
    """The queue's name; all of them without one."""
    return str(_QUEUES.get(queue, queue))


CAUSES: dict[str, str] = {
    "confirmed_short": "order.acknowledged",
    "confirmed_over": "order.acknowledged",
    "line_rejected": "order.acknowledged",
    "line_unanswered": "order.acknowledged",
    "item_substituted": "order.acknowledged",
    "soft_accept_expired": "order.acknowledged",
    "promised_late": "order.acknowledged",
    "promised_early": "order.acknowledged",
    "price_changed": "order.acknowledged",
    "shipped_short": "shipment.notified",
    "shipped_over": "shipment.notified",
    "shipped_closed": "shipment.notified",
    "received_wrong_item": "goods.received",
    "received_without_asn": "goods.received",
    "received_short": "goods.received",
    "received_over": "goods.received",
    "received_damaged": "goods.received",
    "invoice_quantity": "invoice.received",
    "over_billed": "invoice.received",
    "invoice_price": "invoice.received",
    "invoice_extra_charge": "invoice.received",
    "invoice_duplicate": "invoice.received",
    "invoice_without_receipt": "invoice.received",
    "document_refused": "document.advised",
    "tender_declined": "transport.tender_answered",
}
"""The type of entry that a kind of exception compares with the order; kinds not here are brought by the
clock or by no single entry."""
CLOCKED = CLOCK_KINDS
"""Brought by the clock, whatever documents they also stand on."""


_DOCUMENTS: Mapping[str, Promise] = {
    "order.placed": _("order"),
    "order.opening_balance": _("opening balance"),
    "order.released": _("release"),
    "order.changed": _("change"),
    "order.acknowledged": _("answer"),
    "shipment.notified": _("ship notice"),
    "transport.status": _("status"),
    "goods.received": _("receipt"),
    "invoice.received": _("invoice"),
    "order.line_closed": _("short-close"),
    "order.line_blocked": _("block"),
    "service.accepted": _("work accepted"),
    "invoice.issued": _("bill written"),
    "payment.status": _("payment"),
    "requisition.status": _("requisition"),
    "schedule.published": _("schedule"),
    "catalogue.published": _("price list"),
    "stock.reported": _("stock report"),
    "sales.reported": _("sales report"),
    "transport.tendered": _("tender"),
    "transport.tender_answered": _("answer to a tender"),
    "warehouse.shipping_ordered": _("warehouse order"),
    "freight.billed": _("freight bill"),
    "document.advised": _("application advice"),
    "document.filed": _("filed document"),
    "entry.linked": _("link"),
    "decision.taken": _("decision"),
    "command.outcome": _("command"),
}


def document_label(code: str) -> str:
    """What a link to a document is called: the standard's code, or the word where it has none."""
    return str(_DOCUMENTS.get(code, code))
