"""Facts of orders as a log tells them: that something happened to a line, never how much. All made up."""

import datetime as dt
from decimal import Decimal
from typing import Any

from lives import ACME, PO, day, fact

from visibility.canonical.documents import (
    AnswerLine,
    Document,
    GoodsReceived,
    InvoiceIssued,
    InvoiceLine,
    InvoiceReceived,
    Line,
    LineChange,
    OrderAcknowledged,
    OrderChanged,
    OrderLine,
    OrderLineBlocked,
    OrderPlaced,
    PaymentStatus,
    ReceiptLine,
    RequisitionStatus,
    ServiceAccepted,
)
from visibility.flows.state import Count, Fact, FlowView, LineView

KINDS: dict[type[Document], type[Line]] = {
    OrderPlaced: OrderLine,
    OrderChanged: LineChange,
    OrderAcknowledged: AnswerLine,
    GoodsReceived: ReceiptLine,
    InvoiceReceived: InvoiceLine,
}


def event(
    document_type: type[Any],
    number: int,
    *,
    line: str = "10",
    at: dt.datetime | None = None,
    sequence: int = 0,
    told: dict[str, Any] | None = None,
    **more: Any,
) -> Fact:
    """Event `number` of a log, about one line."""
    at = at or day(number)
    own = KINDS.get(document_type, Line)
    document = document_type(
        order=PO, supplier=ACME, issued_at=at, lines=(own(line=line, **(told or {})),), **more
    )
    return fact(document, name=f"event {number}", witness="erp", control=str(sequence), explicit=True)


def ordered(number: int, *, line: str = "10", worth: object = 500, **more: Any) -> Fact:
    more.setdefault("at", day(number))
    return event(
        OrderPlaced,
        number,
        line=line,
        told={"worth": Decimal(str(worth))},
        by_line=True,
        currency="EUR",
        ordered_on=more["at"].date(),
        **more,
    )


def goods(number: int, *, line: str = "10", **more: Any) -> Fact:
    at = more.get("at") or day(number)
    return event(GoodsReceived, number, line=line, received_at=at, **more)


def bill(number: int, *, line: str = "10", **more: Any) -> Fact:
    return event(InvoiceReceived, number, line=line, **more)


def work(number: int, **more: Any) -> Fact:
    return event(ServiceAccepted, number, accepted_at=day(number), **more)


def written(number: int, **more: Any) -> Fact:
    """A bill as its sender dated it, which a log writes one minute to midnight."""
    at = more.pop("at", None) or day(number)
    return event(InvoiceIssued, number, at=at, invoiced_on=at.date(), **more)


def paid(number: int, status: str = "paid", **more: Any) -> Fact:
    return event(PaymentStatus, number, status=status, occurred_at=day(number), **more)


def asked(number: int, status: str = "created", **more: Any) -> Fact:
    return event(RequisitionStatus, number, status=status, occurred_at=day(number), **more)


def confirmed(number: int, **more: Any) -> Fact:
    return event(OrderAcknowledged, number, coverage="untold", **more)


def changed_line(number: int, *what: str, op: str = "change", **more: Any) -> Fact:
    return event(OrderChanged, number, told={"untold": what, "op": op}, **more)


def block(number: int, *, lifted: bool = False, **more: Any) -> Fact:
    return event(OrderLineBlocked, number, lifted=lifted, **more)


def count_of(owner: LineView | FlowView, kind: str) -> Count:
    """How often something happened to a line or an order; never, where nobody told."""
    return next((count for count in owner.counts if count.kind == kind), Count(kind))  # type: ignore[arg-type]
