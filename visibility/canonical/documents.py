"""The canonical documents: one business fact each, whatever wire format told it.

They are frozen and versioned; JSON Schemas are generated from them (`schemas.py`). What they are made of is
in `parts.py`; those beside the life of one order are in `bulletins.py`.
"""

import datetime as dt
from decimal import Decimal
from typing import Literal
from uuid import UUID

from visibility.canonical.bulletins import (
    ORDERLESS,
    AdvisedFault,
    CatalogueLine,
    CataloguePublished,
    DocumentAdvised,
    DocumentFiled,
    FreightBilled,
    LoadTendered,
    PlannedQuantity,
    SalesLine,
    SalesReported,
    ScheduleLine,
    SchedulePublished,
    StockLine,
    StockReported,
    Stop,
    TenderAnswered,
    WarehouseOrder,
)
from visibility.canonical.parts import (
    Allowance,
    AnswerClass,
    AnswerLine,
    AnswerPart,
    Basis,
    Changed,
    Charge,
    Component,
    Coverage,
    Destination,
    Document,
    InvoiceLine,
    Item,
    Line,
    LineChange,
    Moment,
    OrderLine,
    OrderRef,
    OrderScheme,
    Party,
    PaymentTerms,
    Purpose,
    ReceiptLine,
    Record,
    RelatedOrder,
    Schedule,
    ShipLine,
    check_numbers,
)

__all__ = [
    "DESK_WORDS",
    "DESK_WORD_TYPES",
    "DOCUMENT_TYPES",
    "ORDERLESS",
    "ORDERLESS_TYPES",
    "AdvisedFault",
    "Allowance",
    "AnswerClass",
    "AnswerLine",
    "AnswerPart",
    "AnyDocument",
    "BalanceLine",
    "Basis",
    "CatalogueLine",
    "CataloguePublished",
    "Changed",
    "Charge",
    "CommandOutcome",
    "Component",
    "Coverage",
    "DecisionTaken",
    "Destination",
    "Document",
    "DocumentAdvised",
    "DocumentFiled",
    "EntryLinked",
    "FreightBilled",
    "GoodsReceived",
    "InvoiceIssued",
    "InvoiceLine",
    "InvoiceReceived",
    "Item",
    "Line",
    "LineChange",
    "LoadTendered",
    "Moment",
    "OpeningBalance",
    "OrderAcknowledged",
    "OrderChanged",
    "OrderLine",
    "OrderLineBlocked",
    "OrderLineClosed",
    "OrderPlaced",
    "OrderRef",
    "OrderReleased",
    "OrderScheme",
    "Party",
    "PaymentStatus",
    "PaymentTerms",
    "PlannedQuantity",
    "Purpose",
    "ReceiptLine",
    "Record",
    "RelatedOrder",
    "RequisitionStatus",
    "SalesLine",
    "SalesReported",
    "Schedule",
    "ScheduleLine",
    "SchedulePublished",
    "ServiceAccepted",
    "ShipLine",
    "ShipmentNotified",
    "StockLine",
    "StockReported",
    "Stop",
    "TenderAnswered",
    "TransportStatus",
    "WarehouseOrder",
    "check_numbers",
]


class OrderPlaced(Document, frozen=True, tag="order.placed"):
    """An order as its issuer wrote it. `released_at`: when it went to the supplier, if it did.

    `by_line`: the order is told line by line, and this document speaks of the lines it names alone. It
    replaces and takes back what was told of the same lines, and says nothing of others.
    """

    by_line: bool = False
    kind: str = "stand_alone"
    ordered_on: dt.date | None = None
    released_at: Moment | None = None
    answer_due_at: Moment | None = None
    currency: str = ""
    related: tuple[RelatedOrder, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    lines: tuple[OrderLine, ...] = ()


class BalanceLine(OrderLine, frozen=True):
    """Where a line stood: all quantities up to the balance's date, in `unit`. 0 is nothing so far, None not
    said: that is read from the documents there are.

    `quantity` is what was ordered then, `price` its price. `promises`: what was promised for the rest.
    `billed_price` is for `price_per` of `price_unit`, as the price.
    """

    confirmed: Decimal | None = None
    promises: tuple[Schedule, ...] = ()
    shipped: Decimal | None = None
    received: Decimal | None = None
    billed: Decimal | None = None
    billed_price: Decimal | None = None

    def __post_init__(self) -> None:
        check_numbers(self.quantity, self.price, self.price_per, self.confirmed)
        check_numbers(self.shipped, self.received, self.billed, self.billed_price)


class OpeningBalance(Document, frozen=True, tag="order.opening_balance"):
    """An open order from elsewhere: where its lines stood at `as_of`, without the documents behind it.

    What happened up to then is in it, what happens after counts on top. A later balance takes the place of an
    earlier one for the lines it names; purpose replace for all of the order; purpose cancel takes back the
    lines it names, without lines all.
    """

    as_of: Moment
    kind: str = "stand_alone"
    ordered_on: dt.date | None = None
    released_at: Moment | None = None
    currency: str = ""
    lines: tuple[BalanceLine, ...] = ()


class OrderReleased(Document, frozen=True, tag="order.released"):
    """The order went to the supplier."""

    released_at: Moment | None = None


class OrderChanged(Document, frozen=True, tag="order.changed"):
    """The buyer changed the order after it was placed. `version` is the change's sequence.

    `whole`: these are all lines the order has now, those not named are deleted. Purpose cancel takes the
    change of that version back, not the order.
    """

    whole: bool = False
    lines: tuple[LineChange, ...] = ()


class OrderAcknowledged(Document, frozen=True, tag="order.acknowledged"):
    """The supplier's answer. `coverage` says what silence on a line means.

    detail: unnamed lines are unanswered; exceptions: they are accepted; accepted, rejected, held: the
    whole order is, whatever lines are named; untold: that the lines named (all, where none is) were
    answered is all that is known. `change` is the version of the order change it answers.
    """

    supplier_order: str = ""
    change: str = ""
    coverage: Coverage = "detail"
    lines: tuple[AnswerLine, ...] = ()


class ShipmentNotified(Document, frozen=True, tag="shipment.notified"):
    """A ship notice (ASN). Its lines may name several orders.

    `vehicle` is the trailer or container the goods are in, `package_count` of how many packages they are.
    `customer_order`: of goods sent to a customer, the number it ordered by (X12 945), in numbers of its own.
    """

    number: str = ""
    shipped_at: Moment | None = None
    estimated_at: Moment | None = None
    carrier: str = ""
    bill_of_lading: str = ""
    tracking: str = ""
    vehicle: str = ""
    package_count: int | None = None
    customer_order: str = ""
    lines: tuple[ShipLine, ...] = ()


class TransportStatus(Document, frozen=True, tag="transport.status"):
    """Where a shipment is. `occurred_at` is when it happened there.

    pending: booked, or at its pickup, but not on its way; arrived: where it goes to, not on the way there.
    """

    status: Literal["pending", "departed", "in_transit", "arrived", "delivered", "delayed"] = "in_transit"
    occurred_at: Moment | None = None
    estimated_at: Moment | None = None
    shipment: str = ""
    carrier: str = ""
    bill_of_lading: str = ""
    tracking: str = ""
    reason: str = ""


class GoodsReceived(Document, frozen=True, tag="goods.received"):
    """Goods taken in. `number` is the receiver's; `shipment` the ASN it was received against.

    `reverses` names the receipt that this one takes back: the quantities of its lines, with or without the
    sign, or all of it where it has no lines. `reversal`: it takes back one that it does not name.
    """

    number: str = ""
    reverses: str = ""
    reversal: bool = False
    received_at: Moment | None = None
    shipment: str = ""
    bill_of_lading: str = ""
    lines: tuple[ReceiptLine, ...] = ()


class ServiceAccepted(Document, frozen=True, tag="service.accepted"):
    """Work done was accepted (a service entry sheet). `reversal`: one that is not named is taken back."""

    number: str = ""
    reversal: bool = False
    accepted_at: Moment | None = None
    lines: tuple[Line, ...] = ()


class RequisitionStatus(Document, frozen=True, tag="requisition.status"):
    """A step of the requisition that an order's lines come from; nothing of the order follows from it."""

    number: str = ""
    status: Literal[
        "created",
        "incomplete",
        "held",
        "awaiting_approval",
        "released",
        "completed",
        "in_transfer",
        "transfer_failed",
        "transferred",
        "ordered",
        "deleted",
    ] = "created"
    occurred_at: Moment | None = None
    lines: tuple[Line, ...] = ()


class InvoiceIssued(Document, frozen=True, tag="invoice.issued"):
    """The supplier wrote a bill (or a credit or debit memo), as its date says; it has not come yet.

    What it bills is told when it is received (invoice.received).
    """

    number: str = ""
    kind: Literal["invoice", "credit", "debit"] = "invoice"
    invoiced_on: dt.date | None = None
    lines: tuple[Line, ...] = ()


class InvoiceReceived(Document, frozen=True, tag="invoice.received"):
    """A supplier's bill, or a credit note (its quantities count against the billed ones).

    `corrects` names the invoice a credit note is about; one without lines credits all of it. A subsequent
    bill is about money alone: goods billed before cost more or less, their number stays. `reversal`: it
    takes back one that it does not name.
    """

    number: str = ""
    kind: Literal["invoice", "credit", "subsequent"] = "invoice"
    reversal: bool = False
    invoiced_on: dt.date | None = None
    currency: str = ""
    corrects: str = ""
    shipment: str = ""
    carrier: str = ""
    bill_of_lading: str = ""
    tracking: str = ""
    terms: PaymentTerms | None = None
    total: Decimal | None = None
    charges: tuple[Charge, ...] = ()
    lines: tuple[InvoiceLine, ...] = ()

    def __post_init__(self) -> None:
        check_numbers(self.total)


class PaymentStatus(Document, frozen=True, tag="payment.status"):
    """What became of a bill's payment: blocked, released again, paid. `invoice` is the bill's number.

    `payment` is the payment's own number (a cheque's, a transfer's), which may pay many bills: `amount` of
    it pays this one, after `discount` and `adjustments`. `billed` is what the payer read as billed.
    """

    status: Literal["blocked", "released", "paid"] = "paid"
    occurred_at: Moment | None = None
    payment: str = ""
    invoice: str = ""
    amount: Decimal | None = None
    billed: Decimal | None = None
    discount: Decimal | None = None
    currency: str = ""
    adjustments: tuple[Charge, ...] = ()
    lines: tuple[Line, ...] = ()

    def __post_init__(self) -> None:
        check_numbers(self.amount, self.billed, self.discount)


class EntryLinked(Document, frozen=True, tag="entry.linked"):
    """A person said whose a recorded document is: it belongs to `order`, or (`linked` False) does not.

    `message` and `place` (the document's number within it) name the document, so that the word holds for
    the message's later translations too. `note` says why.
    """

    message: UUID
    place: int
    linked: bool = True


class DecisionTaken(Document, frozen=True, tag="decision.taken"):
    """Somebody (or a policy) decided about an exception case of the order. Nothing of the order follows from
    it: what does is told by documents of its own.

    `action` and `kind` are names of the desk's, `words` say what was decided. `resolution` names the decision
    for the outcomes of its commands. `approved_by`: the second person, where one was needed. `undoes`: it
    takes the decision of that number back.
    """

    case: int
    resolution: int
    action: str
    kind: str = ""
    line: str = ""
    words: str = ""
    reason: str = ""
    decided_by: str = ""
    approved_by: str = ""
    policy: str = ""
    undoes: int | None = None


class CommandOutcome(Document, frozen=True, tag="command.outcome"):
    """What became of a command that a decision sent to another system. Nothing of the order follows from it.

    `cause` names the decision and its step ("resolution:7:1", "resolution:7:undo:1"); `words` say what was
    asked, `text` what the system answered; `after_seconds` since it was asked.
    """

    command: UUID
    cause: str
    system: str = ""
    result: Literal["delivered", "refused", "unknown", "cancelled"] = "delivered"
    words: str = ""
    text: str = ""
    after_seconds: int | None = None


class OrderLineClosed(Document, frozen=True, tag="order.line_closed"):
    """A buyer gave up the open rest of lines (short-close), or took that back (`reopened`)."""

    reason: str = ""
    reopened: bool = False
    lines: tuple[Line, ...] = ()


class OrderLineBlocked(Document, frozen=True, tag="order.line_blocked"):
    """Lines were blocked: nothing of them is to go on until that is taken back (`lifted`)."""

    reason: str = ""
    lifted: bool = False
    lines: tuple[Line, ...] = ()


AnyDocument = (
    OrderPlaced
    | OpeningBalance
    | OrderReleased
    | OrderChanged
    | OrderAcknowledged
    | ShipmentNotified
    | TransportStatus
    | GoodsReceived
    | ServiceAccepted
    | InvoiceIssued
    | InvoiceReceived
    | PaymentStatus
    | RequisitionStatus
    | OrderLineClosed
    | OrderLineBlocked
    | SchedulePublished
    | CataloguePublished
    | StockReported
    | SalesReported
    | LoadTendered
    | TenderAnswered
    | WarehouseOrder
    | FreightBilled
    | DocumentAdvised
    | DocumentFiled
    | EntryLinked
    | DecisionTaken
    | CommandOutcome
)

DOCUMENT_TYPES: dict[str, type[Document]] = {
    str(kind.__struct_config__.tag): kind
    for kind in (
        OrderPlaced,
        OpeningBalance,
        OrderReleased,
        OrderChanged,
        OrderAcknowledged,
        ShipmentNotified,
        TransportStatus,
        GoodsReceived,
        ServiceAccepted,
        InvoiceIssued,
        InvoiceReceived,
        PaymentStatus,
        RequisitionStatus,
        OrderLineClosed,
        OrderLineBlocked,
        SchedulePublished,
        CataloguePublished,
        StockReported,
        SalesReported,
        LoadTendered,
        TenderAnswered,
        WarehouseOrder,
        FreightBilled,
        DocumentAdvised,
        DocumentFiled,
        EntryLinked,
        DecisionTaken,
        CommandOutcome,
    )
}

DESK_WORDS = (EntryLinked, DecisionTaken, CommandOutcome)
"""What is said at the desk about documents and cases: of an order's flow, and no facts of the order."""
DESK_WORD_TYPES = tuple(str(kind.__struct_config__.tag) for kind in DESK_WORDS)
ORDERLESS_TYPES = tuple(str(kind.__struct_config__.tag) for kind in ORDERLESS)
"""As SQL reads it too: NOT IN {DESK_WORD_TYPES}."""
