"""What canonical documents are made of: parties, items, orders, lines, and what every document has.

They are frozen. Dates without a time stay dates; moments are aware. Quantities and prices are decimals,
written as JSON strings. What a sender did not say is None or empty, never a guess.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

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


class Allowance(Record, frozen=True):
    """An allowance or charge agreed with an order: an amount, a percentage, or a rate for each unit."""

    kind: Literal["allowance", "charge"] = "charge"
    amount: Decimal | None = None
    percent: Decimal | None = None
    rate: Decimal | None = None
    code: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        check_numbers(self.amount, self.percent, self.rate)


class Destination(Record, frozen=True):
    """So much of a line goes to one place (X12 SDQ; EDIFACT LOC in the line)."""

    place: Party
    quantity: Decimal | None = None

    def __post_init__(self) -> None:
        check_numbers(self.quantity)


class Component(Record, frozen=True):
    """A part of what a line orders: of a kit, an assortment, a prepack (X12 SLN)."""

    item: Item = Item()
    quantity: Decimal | None = None
    unit: str = ""

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
    destinations: tuple[Destination, ...] = ()
    components: tuple[Component, ...] = ()
    allowances: tuple[Allowance, ...] = ()

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
    """What a ship notice says of a line.

    `ordered` is what the sender read as ordered, in the line's unit, and `status` what it says becomes of the
    rest, in words: both for show only. `pack`: so many units are in each package.
    """

    packages: tuple[str, ...] = ()
    lot: str = ""
    ordered: Decimal | None = None
    status: str = ""
    pack: Decimal | None = None

    def __post_init__(self) -> None:
        check_numbers(self.quantity, self.ordered, self.pack)


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


class PaymentTerms(Record, frozen=True):
    """When a bill is to be paid, and what is off if that is sooner: `discount_percent`, or an amount, until
    `discount_until`. `text`: the sender's own words."""

    due_on: dt.date | None = None
    discount_until: dt.date | None = None
    discount_percent: Decimal | None = None
    discount: Decimal | None = None
    text: str = ""

    def __post_init__(self) -> None:
        check_numbers(self.discount_percent, self.discount)


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
