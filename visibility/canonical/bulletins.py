"""Canonical documents beside the life of one order: plans, lists and stocks of many items, the carrier's
tender, the warehouse's order, and what a partner's application says of a document.

They may name orders (then they are members of their flows) and need not: nothing waits for an order that a
price list does not have. What they say changes no quantity of an order.
"""

import datetime as dt
from decimal import Decimal
from typing import Literal

from visibility.canonical.parts import (
    Basis,
    Charge,
    Destination,
    Document,
    Line,
    Moment,
    OrderRef,
    Party,
    Record,
    Schedule,
    check_numbers,
)


class PlannedQuantity(Record, frozen=True):
    """A quantity of a plan: on `date`, or in the span up to `until`.

    firm: may be shipped; material: the supplier may buy for it; forecast: for planning only; immediate: at
    once; past_due: behind already. `untold`: the sender does not say. `reference` is the call-off's own
    number; `destinations` say how much of it goes where.
    """

    quantity: Decimal
    date: dt.date | None = None
    until: dt.date | None = None
    basis: Basis = "unstated"
    certainty: Literal["firm", "material", "forecast", "immediate", "past_due", "untold"] = "untold"
    reference: str = ""
    destinations: tuple[Destination, ...] = ()

    def __post_init__(self) -> None:
        check_numbers(self.quantity)


class Authorisation(Record, frozen=True):
    """What the supplier may commit to for the buyer's account, whatever the plan becomes: so many all in all
    since `since` (finished goods, or their material or labour), for plans up to `until` (X12 ATH)."""

    kind: Literal["finished", "material", "labour", "other"] = "finished"
    quantity: Decimal | None = None
    since: dt.date | None = None
    until: dt.date | None = None

    def __post_init__(self) -> None:
        check_numbers(self.quantity)


class ScheduleLine(Line, frozen=True):
    """What is planned of an item. `cumulative_received` since the buyer began to count;
    `last_received` the last delivery that is in it."""

    planned: tuple[PlannedQuantity, ...] = ()
    authorisations: tuple[Authorisation, ...] = ()
    cumulative_received: Decimal | None = None
    cumulative_required: Decimal | None = None
    last_received: Decimal | None = None
    last_shipment: str = ""

    def __post_init__(self) -> None:
        check_numbers(self.quantity, self.cumulative_received, self.cumulative_required, self.last_received)


class SchedulePublished(Document, frozen=True, tag="schedule.published"):
    """What a buyer plans to call off (X12 830, 862, 866; DELFOR, DELJIT), item by item.

    planning: a forecast with firm parts; shipping: exact call-offs that refine it; production: in what
    sequence. `starts_on` and `ends_on` span the horizon. A schedule replaces the earlier one of its number.
    """

    number: str = ""
    kind: Literal["planning", "shipping", "production"] = "planning"
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    lines: tuple[ScheduleLine, ...] = ()


class CatalogueLine(Line, frozen=True):
    """An item of a price list. `quantity` is the smallest the price holds for; no price: not told.

    `requests`: where a quotation is asked for, when the goods are wanted.
    """

    change: Literal["add", "delete", "change", "listed"] = "listed"
    price: Decimal | None = None
    price_per: Decimal = Decimal(1)
    price_unit: str = ""
    price_kind: Literal["cost", "retail", "other"] = "cost"
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    minimum: Decimal | None = None
    pack: Decimal | None = None
    lead_days: int | None = None
    requests: tuple[Schedule, ...] = ()

    def __post_init__(self) -> None:
        check_numbers(self.quantity, self.price, self.price_per, self.minimum, self.pack)


class CataloguePublished(Document, frozen=True, tag="catalogue.published"):
    """A seller's list of items and prices (X12 832, 840 asks for one; PRICAT).

    `respond_by`: until when a quotation that is asked for should be there.
    """

    number: str = ""
    kind: Literal["catalogue", "changes", "quotation_asked"] = "catalogue"
    currency: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    respond_by: dt.date | None = None
    lines: tuple[CatalogueLine, ...] = ()


class StockLine(Line, frozen=True):
    """How much of an item there is in one state at one place. `expected_on`: for what is still to come."""

    state: Literal[
        "on_hand",
        "available",
        "committed",
        "on_order",
        "in_transit",
        "backordered",
        "held",
        "damaged",
        "returned",
        "minimum",
        "maximum",
        "other",
    ] = "on_hand"
    place: Party = Party()
    counted_on: dt.date | None = None
    expected_on: dt.date | None = None
    lot: str = ""


class StockReported(Document, frozen=True, tag="stock.reported"):
    """How much of what there is where (X12 846, INVRPT). A report is a picture, not a movement."""

    number: str = ""
    counted_at: Moment | None = None
    lines: tuple[StockLine, ...] = ()


class SalesLine(Line, frozen=True):
    """What happened to an item at one place in a span of days. `price` is per unit of the line."""

    activity: Literal[
        "sold",
        "returned",
        "received",
        "ordered",
        "transferred_in",
        "transferred_out",
        "on_hand",
        "out_of_stock",
        "forecast",
        "other",
    ] = "sold"
    place: Party = Party()
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    price: Decimal | None = None

    def __post_init__(self) -> None:
        check_numbers(self.quantity, self.price)


class SalesReported(Document, frozen=True, tag="sales.reported"):
    """What was sold, returned and left over (X12 852, 867, SLSRPT)."""

    number: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    lines: tuple[SalesLine, ...] = ()


class Stop(Record, frozen=True):
    """A stop of a tendered load. `orders`: what is loaded or unloaded there, as far as it is named."""

    does: Literal["load", "unload", "other"] = "other"
    place: Party = Party()
    not_before: Moment | None = None
    not_after: Moment | None = None
    orders: tuple[OrderRef, ...] = ()


class LoadTendered(Document, frozen=True, tag="transport.tendered"):
    """A load offered to a carrier (X12 204, IFTMIN). `number` is the shipper's shipment number."""

    number: str = ""
    carrier: str = ""
    bill_of_lading: str = ""
    respond_by: Moment | None = None
    stops: tuple[Stop, ...] = ()
    lines: tuple[Line, ...] = ()


class TenderAnswered(Document, frozen=True, tag="transport.tender_answered"):
    """A carrier's answer to a tendered load (X12 990). `shipment` is the number it was tendered under."""

    shipment: str = ""
    carrier: str = ""
    bill_of_lading: str = ""
    answer: Literal["accepted", "declined", "conditional", "cancelled"] = "accepted"
    reason: str = ""


class WarehouseOrder(Document, frozen=True, tag="warehouse.shipping_ordered"):
    """An order to a warehouse to ship (X12 940). `number` is the depositor's, and so is `order` (a sales
    order); `customer_order` is the number that the customer ordered by, in numbers of its own."""

    number: str = ""
    customer_order: str = ""
    shipment: str = ""
    carrier: str = ""
    ship_on: dt.date | None = None
    deliver_on: dt.date | None = None
    lines: tuple[Line, ...] = ()


class FreightBilled(Document, frozen=True, tag="freight.billed"):
    """A carrier's bill for moving goods (X12 210): no bill for the goods themselves."""

    number: str = ""
    carrier: str = ""
    invoiced_on: dt.date | None = None
    currency: str = ""
    total: Decimal | None = None
    shipment: str = ""
    bill_of_lading: str = ""
    tracking: str = ""
    charges: tuple[Charge, ...] = ()

    def __post_init__(self) -> None:
        check_numbers(self.total)


class AdvisedFault(Record, frozen=True):
    """What a partner's application found wrong: its code, in words, where, and on which line."""

    text: str
    code: str = ""
    where: str = ""
    line: str = ""


class DocumentAdvised(Document, frozen=True, tag="document.advised"):
    """What a partner's application says of a document that it got (X12 824, APERAK): beyond its syntax.

    `about` is the document's kind ("order.placed"; empty where the sender does not say, or says none known
    here), `number` its number, `control` its group and set numbers ("12/0003").
    """

    about: str = ""
    number: str = ""
    control: str = ""
    verdict: Literal["accepted", "accepted_with_faults", "rejected"] = "accepted"
    faults: tuple[AdvisedFault, ...] = ()


class DocumentFiled(Document, frozen=True, tag="document.filed"):
    """A document of the standard that no mapping reads: kept, and found by its numbers; nothing follows.

    `kind` is its code list and code ("x12:816", "edifact:CUSCAR"), `title` what the standard calls it,
    `references` "qualifier:value".
    """

    kind: str
    title: str = ""
    number: str = ""
    references: tuple[str, ...] = ()


ORDERLESS = (
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
)
"""Documents that may name an order and need none."""
