"""What a rule saw. Findings are reconciled with the open exception cases."""

import datetime as dt
from decimal import Decimal
from typing import Literal

from msgspec import Struct

Severity = Literal["low", "medium", "high", "critical"]

QUEUES: dict[str, str] = {
    "quantity-mismatches": "Quantity mismatches",
    "late-and-at-risk": "Late and at risk",
    "delayed-acknowledgements": "Delayed acknowledgements",
    "price-and-invoice": "Price and invoice",
    "receiving-discrepancies": "Receiving discrepancies",
    "invalid-mappings": "Invalid mappings",
    "unreadable-documents": "Unreadable documents",
    "deliveries-and-feeds": "Deliveries and feeds",
}

QUEUE_OF_KIND: dict[str, str] = {
    "confirmed_short": "quantity-mismatches",
    "confirmed_over": "quantity-mismatches",
    "line_rejected": "quantity-mismatches",
    "line_unanswered": "delayed-acknowledgements",
    "acknowledgement_overdue": "delayed-acknowledgements",
    "change_unanswered": "delayed-acknowledgements",
    "soft_accept_expired": "delayed-acknowledgements",
    "item_substituted": "quantity-mismatches",
    "shipped_short": "quantity-mismatches",
    "shipped_over": "quantity-mismatches",
    "shipped_closed": "quantity-mismatches",
    "mirror_differs": "quantity-mismatches",
    "mirror_late": "late-and-at-risk",
    "primary_late": "late-and-at-risk",
    "promised_late": "late-and-at-risk",
    "promised_early": "late-and-at-risk",
    "asn_overdue": "late-and-at-risk",
    "shipment_delayed": "late-and-at-risk",
    "milestone_missing": "late-and-at-risk",
    "price_changed": "price-and-invoice",
    "receipt_overdue": "receiving-discrepancies",
    "received_short": "receiving-discrepancies",
    "received_over": "receiving-discrepancies",
    "received_damaged": "receiving-discrepancies",
    "received_wrong_item": "receiving-discrepancies",
    "received_without_asn": "receiving-discrepancies",
    "invoice_quantity": "price-and-invoice",
    "over_billed": "price-and-invoice",
    "invoice_price": "price-and-invoice",
    "invoice_extra_charge": "price-and-invoice",
    "invoice_duplicate": "price-and-invoice",
    "invoice_without_receipt": "price-and-invoice",
    "unknown_line": "invalid-mappings",
    "unknown_item": "invalid-mappings",
    "unknown_partner": "invalid-mappings",
    "unknown_place": "invalid-mappings",
    "unit_not_convertible": "invalid-mappings",
    "ambiguous_order": "invalid-mappings",
    "unreadable_document": "unreadable-documents",
    "conflicting_duplicate": "unreadable-documents",
    "delivery_failed": "deliveries-and-feeds",
    "delivery_unknown": "deliveries-and-feeds",
    "feed_silent": "deliveries-and-feeds",
    "ack_997_missing": "deliveries-and-feeds",
    "ack_997_refused": "deliveries-and-feeds",
    "document_refused": "deliveries-and-feeds",
    "tender_declined": "late-and-at-risk",
}


# Opened by the clock, not by a document. Only a sweep opens them, once what waits has been read: in the
# middle of a backlog the answer that is missed may be the next message.
CLOCK_KINDS = frozenset(
    {
        "acknowledgement_overdue",
        "change_unanswered",
        "soft_accept_expired",
        "asn_overdue",
        "milestone_missing",
        "receipt_overdue",
        "received_without_asn",
        "invoice_without_receipt",
        "mirror_late",
        "primary_late",
        "delivery_unknown",
        "feed_silent",
        "ack_997_missing",
    }
)

# Of a connection or a message: no rule finds them on an order, chores of the pipeline do.
CONNECTION_KINDS = frozenset(
    {"delivery_failed", "delivery_unknown", "feed_silent", "ack_997_missing", "ack_997_refused"}
)

# What a code means is a steward's question; the order stands as it stands.
CODE_KINDS = frozenset({"unknown_item", "unknown_partner", "unknown_place"})


DAYS = "d"
"""The unit of a gap between dates."""


class Finding(Struct, frozen=True, kw_only=True):
    """One thing wrong with one flow. `kind`, `line` and `subject` identify it as long as it lasts.

    `gap` is signed, in `unit`: −40 short, +12 over; of dates so many DAYS late or early, of prices money.
    `had` of `expected` draw the gap bar.
    `evidence`: rows (label, ordered or expected, answered or actual) for the case page.
    """

    kind: str
    line: str = ""
    subject: str = ""
    severity: Severity = "medium"
    summary: str
    gap: Decimal | None = None
    had: Decimal | None = None
    expected: Decimal | None = None
    unit: str = ""
    money: Decimal | None = None
    """What is at stake in the order's currency, where price and quantity are known."""
    due_at: dt.datetime | None = None
    next_action: str = ""
    evidence: tuple[tuple[str, str, str], ...] = ()
    cause: str = ""
    """What one case stands for where many findings have it in common (grouping.py): a code, a connection."""
    cause_words: str = ""
    """That case in words, the same whichever of its findings came first; empty: as this one says it."""
    days: int | None = None
    """Days until it hurts, where that is known; filled in by weighing.py."""
    item: str = ""
    """The code of the item it is about; filled in by weighing.py."""


class Names(Struct, frozen=True, kw_only=True):
    """How people call the parties of a flow; empty where nobody knows."""

    supplier: str = ""
    ship_to: str = ""
    zone: str = "UTC"
    """The IANA zone in which times are told."""
