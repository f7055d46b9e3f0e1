"""In words: what happened to a line, where a document tells no more than that it did."""

from collections.abc import Sequence

from visibility.canonical.documents import (
    Document,
    GoodsReceived,
    InvoiceIssued,
    InvoiceReceived,
    Line,
    LineChange,
    OrderLine,
    OrderLineBlocked,
    OrderPlaced,
    PaymentStatus,
    RequisitionStatus,
    ServiceAccepted,
)
from visibility.flows import words

NOT_TOLD = "how much not told"
_STATUSES = {
    "created": "created",
    "incomplete": "incomplete",
    "held": "on hold",
    "awaiting_approval": "waiting for approval",
    "released": "released",
    "completed": "complete",
    "in_transfer": "on its way to the ordering system",
    "transfer_failed": "did not reach the ordering system",
    "transferred": "sent to the ordering system",
    "ordered": "ordered",
    "deleted": "deleted",
}
_PAYMENTS = {"blocked": "payment blocked", "released": "payment block lifted", "paid": "paid"}
_CHANGED = {
    "dates": "dates",
    "completion": "whether more is to come",
    "other": "something",
}
_BILLS = {"invoice": "a bill", "credit": "a credit memo", "debit": "a debit memo"}


def is_untold(lines: Sequence[Line]) -> bool:
    """Whether a document names lines, and no quantity of any."""
    return bool(lines) and all(line.quantity is None for line in lines)


def of_lines(lines: Sequence[Line]) -> str:
    """ "line 10", "lines 10 and 20", "4 lines"; the item where a line has no number."""
    if not lines:
        return "the order"
    if len(lines) > 2:
        return f"{len(lines)} lines"
    return " and ".join(_one(line) for line in lines)


def _one(line: Line) -> str:
    return f"line {line.line.strip()}" if line.line.strip() else words.of_item(line.item, "")


def by_whom(document: Document) -> str:
    """ ", by user_002" where the document says who did it."""
    return f", by {document.who}" if document.who else ""


def placed(document: OrderPlaced, lines: Sequence[OrderLine], supplier: str) -> str:
    """A line of an order that is told line by line, without its quantity."""
    worth = [line.worth for line in lines if line.worth is not None]
    value = f", worth {words.money(sum(worth[1:], worth[0]), document.currency)}" if worth else ""
    return f"{of_lines(lines)} ordered from {supplier}{value}"


def changed(line: LineChange, what: str) -> str:
    """ "line 10: quantity changed, to what not told"."""
    named = [_CHANGED.get(each, each) for each in line.untold]
    return f"{what}: {' and '.join(named)} changed, to what not told"


def received(document: GoodsReceived, lines: Sequence[Line], place: str) -> str:
    if document.reversal:
        return f"{place} took back a receipt of {of_lines(lines)}, {NOT_TOLD}"
    return f"{place} received goods of {of_lines(lines)}, {NOT_TOLD}"


def invoiced(document: InvoiceReceived, lines: Sequence[Line]) -> str:
    """A bill of which no more is known than its lines, and perhaps its number."""
    word = {"credit": "credit note", "subsequent": "subsequent invoice"}.get(document.kind, "invoice")
    text = f"{word} {document.number}".strip() + f" for {of_lines(lines)}"
    if document.reversal:
        return f"{text} taken back, {NOT_TOLD}"
    return text if document.total is not None else f"{text}, {NOT_TOLD}"


def accepted(document: ServiceAccepted, lines: Sequence[Line]) -> str:
    if document.reversal:
        return f"an acceptance of work for {of_lines(lines)} taken back"
    return f"work accepted for {of_lines(lines)}" + (f", sheet {document.number}" if document.number else "")


def issued(document: InvoiceIssued, lines: Sequence[Line], supplier: str) -> str:
    number = f" {document.number}" if document.number else ""
    return f"{supplier} wrote {_BILLS[document.kind]}{number} for {of_lines(lines)}"


def payment(document: PaymentStatus, lines: Sequence[Line]) -> str:
    invoice = f"invoice {document.invoice}" if document.invoice else "an invoice"
    text = f"{invoice} for {of_lines(lines)}: {_PAYMENTS[document.status]}"
    return text if document.amount is None else f"{text} {words.money(document.amount, document.currency)}"


def requisition(document: RequisitionStatus, lines: Sequence[Line]) -> str:
    number = f" {document.number}" if document.number else ""
    return f"requisition{number} for {of_lines(lines)}: {_STATUSES[document.status]}"


def blocked(document: OrderLineBlocked, lines: Sequence[Line]) -> str:
    reason = f": {document.reason}" if document.reason else ""
    return f"{of_lines(lines)} {'no longer blocked' if document.lifted else 'blocked'}{reason}"
