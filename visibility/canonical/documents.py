"""The canonical documents: one business fact each, whatever wire format told it.

They are frozen and versioned; JSON Schemas are generated from them (`schemas.py`). Dates without a
time stay dates; moments are aware. Quantities and prices are decimals, written as JSON strings.
What a sender did not say is None or empty, never a guess.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from visibility.canonical.quantities import UnitScheme

Moment = Annotated[dt.datetime, Meta(tz=True)]
Purpose = Literal["original", "cancel", "change", "replace", "duplicate", "confirm"]
Basis = Literal["ship", "dock", "available", "unstated"]
OrderScheme = Literal["po", "so", "transfer", "rma"]
Coverage = Literal["detail", "exceptions", "accepted", "rejected", "held", "untold"]
AnswerClass = Literal["accepted", "backordered", "held", "rejected", "deleted"]
Changed = Literal["quantity", "price", "dates", "place", "terms", "approval", "completion", "other"]
"""What of a line changed, where a sender tells that alone. completion: whether more of it is to come."""


# What X12 can write, and no more: a decimal may name an exponent that fills the memory.
LARGEST = 14
SMALLEST = -12


def check_numbers(*values: Decimal | None) -> None:
    """ValueError (which decoding turns into a located one) for NaN, infinity and absurd sizes."""
    for value in values:
        if value is not None and not (value.is_finite() and SMALLEST <= value.adjusted() <= LARGEST):
            raise ValueError("a number must be finite, at most 15 digits before and 12 after the point")


# Nothing in a document can refer back to it: without gc the collector need not look at the many there are.
class Record(Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """A part of a document."""


class Party(Record, frozen=True):
    """A company or place as the sender names it. `ids` are "qualifier:value", the scope-giving one first."""

    ids: tuple[str, ...] = ()
    name: str = ""


class Item(Record, frozen=True):
    """An item by the codes a line gave: ours (buyer), the supplier's (vendor), GTIN padded to 14."""

    buyer: str = ""
    vendor: str = ""
    gtin: str = ""
    description: str = ""


class Schedule(Record, frozen=True):
    """A dated quantity asked or promised. `quantity` None: all of the line. `basis`: of what the date is."""

    quantity: Decimal | None = None
    date: dt.date | None = None
    basis: Basis = "unstated"

    def __post_init__(self) -> None:
        check_numbers(self.quantity)


class OrderRef(Record, frozen=True):
    """An order by its own number. `issuer` scopes it (raw "ZZ:NORTHGATE"); empty: not said."""

    number: str
    release: str = ""
    issuer: str = ""
    system: str = ""
    scheme: OrderScheme = "po"


class RelatedOrder(Record, frozen=True):
    """Another order that this one hangs together with. Both stay orders of their own.

    counterpart: the same deal in the other company's books (intercompany PO and SO); customer: the
    customer's order it is shipped for (drop-ship); replaces: the order it stands in for; blanket: the
    agreement it draws on; recommendation: the plan that caused it (its number, under the planning system).
    """

    order: OrderRef
    relation: Literal["counterpart", "customer", "replaces", "blanket", "recommendation"]


class Line(Record, frozen=True):
    """What every line of every document has. `line` is the order's line number as written, or empty.

    `order` names the order of this line where the document speaks of several; None: the document's.
    """

    line: str = ""
    item: Item = Item()
    quantity: Decimal | None = None
    unit: str = ""
    order: OrderRef | None = None

    def __post_init__(self) -> None:
        check_numbers(self.quantity)


class OrderLine(Line, frozen=True):
    """A line as ordered. The price is for `price_per` of `price_unit` (empty: of the line's unit).

    `worth` is what the whole line is worth as ordered, for a sender who tells that instead of price and
    quantity; in the order's currency.
    """

    price: Decimal | None = None
    price_per: Decimal = Decimal(1)
    price_unit: str = ""
    requests: tuple[Schedule, ...] = ()
    worth: Decimal | None = None

    def __post_init__(self) -> None:
        check_numbers(self.quantity, self.worth, self.price, self.price_per)


class LineChange(OrderLine, frozen=True):
    """A change to one line of an order; None and empty fields stay as they were.

    `quantity` is what is ordered from now on; `delta` by how much it goes up or down, for a sender who
    tells the difference. op "replace" (X12 RZ): all values of the line are these, what is not said is gone;
    "reopen": a deleted line is wanted again. `untold` names what changed without a word to what: what is
    not told anew here either is not known from then on.
    """

    op: Literal["add", "delete", "change", "replace", "reopen"] = "change"
    delta: Decimal | None = None
    untold: tuple[Changed, ...] = ()

    def __post_init__(self) -> None:
        check_numbers(self.quantity, self.worth, self.price, self.price_per, self.delta)


class AnswerPart(Record, frozen=True):
    """One answer to a line: so many accepted (or …), for when. `code` is the wire's own (ACK01).

    `quantity` None: as ordered for accepted, unknown for the rest. `rest`: what remains of the order
    after the accepted quantity is in the class that `rest` names (ACK01 BP). `soft`: price or schedule is
    pending.
    """

    answer: AnswerClass
    quantity: Decimal | None = None
    unit: str = ""
    date: dt.date | None = None
    basis: Basis = "unstated"
    code: str = ""
    reason: str = ""
    soft: bool = False
    rest: AnswerClass | None = None
    substitute: Item | None = None

    def __post_init__(self) -> None:
        check_numbers(self.quantity)


class AnswerLine(Line, frozen=True):
    """The supplier's answer to one line; `quantity` is what the supplier read as ordered, for show only."""

    price: Decimal | None = None
    price_per: Decimal = Decimal(1)
    price_unit: str = ""
    parts: tuple[AnswerPart, ...] = ()

    def __post_init__(self) -> None:
        check_numbers(self.quantity, self.price, self.price_per)


class ShipLine(Line, frozen=True):
    """What a ship notice says of a line."""

    packages: tuple[str, ...] = ()
    lot: str = ""


class ReceiptLine(Line, frozen=True):
    """What came in of a line. `quantity` is all that arrived; `damaged` the part of it not fit for stock."""

    damaged: Decimal | None = None
    lot: str = ""

    def __post_init__(self) -> None:
        check_numbers(self.quantity, self.damaged)


class InvoiceLine(Line, frozen=True):
    """What a line was billed at. `adjusts` says what a credit's line takes back: goods and their money, or
    (price) only so much of the price of each."""

    price: Decimal | None = None
    price_per: Decimal = Decimal(1)
    price_unit: str = ""
    adjusts: Literal["quantity", "price"] = "quantity"

    def __post_init__(self) -> None:
        check_numbers(self.quantity, self.price, self.price_per)


class Charge(Record, frozen=True):
    """An allowance (negative) or charge (positive) in the invoice's currency."""

    amount: Decimal
    code: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        check_numbers(self.amount)


class Document(Struct, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", gc=False):
    """What every document has. `issued_at` is the document's own date-time, as far as it says one.

    `purpose` is about the document of the same number: cancel takes it back, replace and change put this
    one in its place, duplicate and confirm say it again. `replaces` names an earlier document of the same
    kind under another number that this one stands in for. `activity` is the sender's own word for what
    happened, `who` the person or user who did it, as the sender names them; both are kept, nothing follows.
    `history_as_of`: it was brought in as history, as of that day; no clock runs for orders from before.
    """

    order: OrderRef | None = None
    purpose: Purpose = "original"
    issued_at: Moment | None = None
    buyer: Party = Party()
    supplier: Party = Party()
    ship_to: Party = Party()
    units: UnitScheme = "x12"
    version: str = ""
    replaces: str = ""
    note: str = ""
    activity: str = ""
    who: str = ""
    history_as_of: dt.date | None = None


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
    """A ship notice (ASN). Its lines may name several orders."""

    number: str = ""
    shipped_at: Moment | None = None
    estimated_at: Moment | None = None
    carrier: str = ""
    bill_of_lading: str = ""
    tracking: str = ""
    lines: tuple[ShipLine, ...] = ()


class TransportStatus(Document, frozen=True, tag="transport.status"):
    """Where a shipment is. `occurred_at` is when it happened there."""

    status: Literal["departed", "in_transit", "arrived", "delivered", "delayed"] = "in_transit"
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
    bill_of_lading: str = ""
    total: Decimal | None = None
    charges: tuple[Charge, ...] = ()
    lines: tuple[InvoiceLine, ...] = ()

    def __post_init__(self) -> None:
        check_numbers(self.total)


class PaymentStatus(Document, frozen=True, tag="payment.status"):
    """What became of a bill's payment: blocked, released again, paid. `invoice` is the bill's number."""

    status: Literal["blocked", "released", "paid"] = "paid"
    occurred_at: Moment | None = None
    invoice: str = ""
    amount: Decimal | None = None
    currency: str = ""
    lines: tuple[Line, ...] = ()

    def __post_init__(self) -> None:
        check_numbers(self.amount)


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
        EntryLinked,
        DecisionTaken,
        CommandOutcome,
    )
}

DESK_WORDS = (EntryLinked, DecisionTaken, CommandOutcome)
"""What is said at the desk about documents and cases: of an order's flow, and no facts of the order."""
DESK_WORD_TYPES = tuple(str(kind.__struct_config__.tag) for kind in DESK_WORDS)
"""As SQL reads it too: NOT IN {DESK_WORD_TYPES}."""
