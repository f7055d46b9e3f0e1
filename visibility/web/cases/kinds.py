"""What the kinds and queues of exceptions are called."""

from django.utils.translation import gettext as _


def kind_label(kind: str) -> str:
    """Few words for a kind; the kind itself with spaces where it has none yet."""
    return {
        "confirmed_short": _("Confirmed short"),
        "confirmed_over": _("Confirmed over"),
        "line_rejected": _("Line rejected"),
        "line_unanswered": _("Line unanswered"),
        "acknowledgement_overdue": _("Answer overdue"),
        "item_substituted": _("Item substituted"),
        "shipped_over": _("Shipped over"),
        "promised_late": _("Promised late"),
        "price_changed": _("Price changed"),
        "received_short": _("Received short"),
        "received_over": _("Received over"),
        "received_damaged": _("Received damaged"),
        "invoice_quantity": _("Billed quantity differs"),
        "invoice_price": _("Billed price differs"),
        "unknown_line": _("Line not in the order"),
        "unknown_item": _("Item not known"),
        "unknown_partner": _("Partner not known"),
        "unknown_place": _("Place not known"),
        "unit_not_convertible": _("Unit not convertible"),
        "unreadable_document": _("Document unreadable"),
        "conflicting_duplicate": _("Same document, other content"),
    }.get(kind, kind.replace("_", " ").capitalize())


def queue_label(queue: str) -> str:
    """The queue's name; all of them without one."""
    return {
        "": _("All open"),
        "quantity-mismatches": _("Quantity mismatches"),
        "late-and-at-risk": _("Late and at risk"),
        "delayed-acknowledgements": _("Delayed acknowledgements"),
        "price-and-invoice": _("Price and invoice"),
        "receiving-discrepancies": _("Receiving discrepancies"),
        "invalid-mappings": _("Invalid mappings"),
        "unreadable-documents": _("Unreadable documents"),
    }.get(queue, queue)
