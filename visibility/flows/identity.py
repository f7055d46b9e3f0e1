"""What tells documents apart: one business document told many times is one document.

Facts are grouped by `document_key`; which of a group count is settled in settling.py.
"""

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal

import msgspec
from msgspec import Struct

from visibility.canonical.documents import (
    AnyDocument,
    CataloguePublished,
    Document,
    DocumentAdvised,
    DocumentFiled,
    FreightBilled,
    GoodsReceived,
    InvoiceIssued,
    InvoiceReceived,
    LoadTendered,
    OpeningBalance,
    OrderAcknowledged,
    OrderChanged,
    OrderLineBlocked,
    OrderLineClosed,
    OrderPlaced,
    OrderReleased,
    PaymentStatus,
    RequisitionStatus,
    SalesReported,
    SchedulePublished,
    ServiceAccepted,
    ShipmentNotified,
    StockReported,
    TenderAnswered,
    TransportStatus,
    WarehouseOrder,
)
from visibility.canonical.keys import normalise as normalised
from visibility.flows.carried import Opened
from visibility.flows.state import Fact
from visibility.flows.witnesses import PLAIN, Hearing

normalise = lru_cache(maxsize=8192)(normalised)
BEGINNING = dt.datetime.min.replace(tzinfo=dt.UTC)
Key = tuple[object, ...]
How = Literal["repeated", "replaced", "cancelled", "reversed", "lessened", "outdated", "waiting", "carried"]
SUPPLIERS_WORD = ("edi", "portal")
"""What a supplier tells by EDI and in the portal is one account, his own."""

_WORDS: dict[type[Document], str] = {
    OrderPlaced: "order",
    OpeningBalance: "opening balance of order",
    OrderChanged: "order change",
    OrderAcknowledged: "answer",
    ShipmentNotified: "ship notice",
    GoodsReceived: "receipt",
    InvoiceReceived: "invoice",
    OrderReleased: "release of order",
    TransportStatus: "status of shipment",
    OrderLineClosed: "short-close of order",
    OrderLineBlocked: "block of order",
    ServiceAccepted: "acceptance of work",
    InvoiceIssued: "bill written",
    PaymentStatus: "payment of invoice",
    RequisitionStatus: "requisition",
    SchedulePublished: "schedule",
    CataloguePublished: "price list",
    StockReported: "stock report",
    SalesReported: "sales report",
    LoadTendered: "tender of load",
    TenderAnswered: "answer to the tender of load",
    WarehouseOrder: "warehouse order",
    FreightBilled: "freight bill",
    DocumentAdvised: "advice on",
    DocumentFiled: "filed document",
}


class Ended(Struct, frozen=True):
    """A fact that does not count as it was told (any more), why, and the fact that says so.

    repeated: `by` says the same; replaced: `by` stands in its place; cancelled, reversed: `by` took it
    back; lessened: `by` took a part of it back, the rest counts; outdated: `by` is the order told anew
    since; waiting: what it speaks of has not been told, or no longer counts (`by` is itself); carried: it is
    in the opening balance `by`.
    """

    fact: Fact
    how: How
    by: Fact


class Settled(Struct):
    """The facts that count, each list from the earliest to the latest, by type of document."""

    standing: dict[type[Document], list[Fact]]
    cancelled: list[tuple[list[Fact], Fact]]
    """Orders called off: (what stood before, the cancellation); nothing where nothing had been told."""
    conflicts: list[str]
    every: list[Fact]
    """All facts of the latest translations, whether they count or not."""
    hearing: Hearing = PLAIN
    """Whose word counts."""
    silenced: dict[type[Document], list[Fact]] = {}
    """What stands of the documents told by systems whose word does not count for them."""
    mirrored: list[Fact] = []
    """All that those systems told of it, whether it stands or not."""
    ended: list[Ended] = []
    """The facts that were told and do not count."""
    opened: list[Opened] = []
    """The lines that an opening balance tells of; what it holds for no longer stands (opening.py)."""
    renewed: list[Fact] = []
    """Orders told again after they were called off: answers and changes from before are of the past."""

    def of(self, kind: type[Document]) -> list[Fact]:
        return self.standing.get(kind, [])


def later(fact: Fact) -> tuple[Any, ...]:
    """What "later" compares: document date-time, envelope date-time, control, id. Unknown comes first."""
    control = fact.control
    return (
        fact.document.issued_at or BEGINNING,
        fact.envelope_at or BEGINNING,
        control.zfill(18) if control.isdigit() else control,
        fact.id.int,
        fact.message.int,
    )


def issued_key(fact: Fact) -> tuple[dt.datetime, dt.datetime]:
    """The times alone of `later`, to compare documents of different kinds."""
    return fact.document.issued_at or BEGINNING, fact.envelope_at or BEGINNING


def _scope(document: Document) -> str:
    return document.supplier.ids[0] if document.supplier.ids else document.supplier.name


def _order_number(document: Document) -> tuple[str, str]:
    order = document.order
    if order is None:
        return "", ""
    return normalise(order.number), normalise(order.release) if order.release else ""


def teller(fact: Fact) -> str:
    """Whose account of movements and bills a fact belongs to."""
    return "supplier" if fact.witness in SUPPLIERS_WORD else fact.witness


def _order_key(fact: Fact, document: OrderPlaced) -> Key | None:
    number = _order_number(document)
    if document.by_line:
        return _lines_key(fact, document, number)
    return (fact.witness, *number) if number[0] else None


def _lines_key(fact: Fact, document: OrderPlaced, number: tuple[str, str]) -> Key | None:
    """Of an order told line by line each document is of its lines; one that names none is by itself."""
    named = [line.line.strip().lstrip("0") or line.line[-1:] for line in document.lines]
    if not number[0] or not named or not all(named):
        return None
    return (fact.witness, *number, *named)


def _change_key(fact: Fact, document: OrderChanged) -> Key | None:
    return (fact.witness, *_order_number(document), document.version) if document.version else None


def answer_series(document: OrderAcknowledged) -> Key:
    """The answers of one supplier to one order, as far as he numbers them."""
    return (_scope(document), *_order_number(document))


def _answer_key(fact: Fact, document: OrderAcknowledged) -> Key | None:
    told = (*answer_series(document), document.supplier_order)
    if document.version.strip("|"):
        return (*told, document.version)
    if document.supplier_order and fact.explicit_id:
        return (*told, document.issued_at)
    return None


def _shipment_key(fact: Fact, document: ShipmentNotified) -> Key | None:
    number = normalise(document.number)
    return (teller(fact), _scope(document), number) if number else None


def _receipt_key(fact: Fact, document: GoodsReceived) -> Key | None:
    number = normalise(document.number)
    return (fact.witness, number) if number else None


def _invoice_key(fact: Fact, document: InvoiceReceived) -> Key | None:
    number = normalise(document.number)
    return (teller(fact), _scope(document), number, document.kind) if number else None


def _service_key(fact: Fact, document: ServiceAccepted) -> Key | None:
    number = normalise(document.number)
    return (fact.witness, number) if number else None


def _issued_key(fact: Fact, document: InvoiceIssued) -> Key | None:
    number = normalise(document.number)
    return (teller(fact), _scope(document), number, document.kind) if number else None


_KEYS: dict[type[Document], Callable[[Fact, Any], Key | None]] = {
    OrderPlaced: _order_key,
    OrderChanged: _change_key,
    OrderAcknowledged: _answer_key,
    ShipmentNotified: _shipment_key,
    GoodsReceived: _receipt_key,
    InvoiceReceived: _invoice_key,
    ServiceAccepted: _service_key,
    InvoiceIssued: _issued_key,
}


def document_key(fact: Fact) -> Key:
    """What makes two facts tell of the same business document.

    Its number where it has one; else the explicit event id, so that look-alikes are never merged; else
    the envelope. A release, a status, a closing have no identity beyond the fact itself. Two systems of
    one kind may both count from 1: they are told apart when the group is settled. Rows of a history that
    bear one number are parts of one document, told apart by their own identities.
    """
    kind = type(fact.document)
    number = _KEYS.get(kind)
    if number is None:
        return (fact.id, fact.message)
    key = number(fact, fact.document)
    if key is not None and not _is_row(fact):
        return (kind, *key)
    if fact.explicit_id or not fact.control:
        return (kind, fact.id)
    return (kind, fact.control, fact.envelope_at)


def _is_row(fact: Fact) -> bool:
    document = fact.document
    return (
        document.history_as_of is not None
        and fact.explicit_id
        and document.purpose == "original"
        and not isinstance(document, OrderPlaced)
    )


def content(document: AnyDocument) -> AnyDocument:
    """The document without what differs between two tellings of it: purpose and moments of sending."""
    if isinstance(document, OrderPlaced):
        return msgspec.structs.replace(
            document, purpose="original", issued_at=None, released_at=None, history_as_of=None
        )
    return msgspec.structs.replace(document, purpose="original", issued_at=None, history_as_of=None)


def number_of(document: AnyDocument) -> str:
    """A document's own number as numbers are compared; empty for kinds that have none."""
    if isinstance(document, ShipmentNotified | GoodsReceived | InvoiceReceived | ServiceAccepted):
        return normalise(document.number)
    if isinstance(document, OrderAcknowledged):
        return normalise(document.supplier_order)
    return normalise(document.version) if isinstance(document, OrderChanged) else ""


def takes_back(document: AnyDocument) -> bool:
    """Whether the quantities of a document count against those told before: a credit note, a reversal."""
    if isinstance(document, InvoiceReceived):
        return document.kind == "credit" or document.reversal
    return isinstance(document, GoodsReceived | ServiceAccepted) and document.reversal


def name_of(document: AnyDocument) -> str:
    """A document as people call it: "invoice INV-1"."""
    word = _WORDS.get(type(document), "document")
    number = getattr(document, "number", "") or (document.order.number if document.order else "")
    if isinstance(document, OrderAcknowledged):
        number = document.supplier_order or f"to order {number}"
    if isinstance(document, OrderChanged):
        return f"{word} {document.version}" if document.version else f"change of order {number}"
    if isinstance(document, TransportStatus):
        number = document.shipment or document.bill_of_lading or document.tracking or number
    if isinstance(document, InvoiceReceived) and document.kind == "credit":
        word = "credit note"
    return f"{word} {number}".strip()
