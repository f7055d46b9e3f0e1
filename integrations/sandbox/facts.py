"""What happens in the sandbox, before anybody writes it down as a document."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from integrations.sandbox.company import Item, Place, Supplier
from integrations.sandbox.kinds import Kind

Purpose = Literal["00", "01", "05"]


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line as ordered; `price` is per `unit` of the item."""

    number: int
    item: Item
    quantity: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """A purchase order. `kind` says what its life is an example of, `focus` on which line it shows."""

    number: str
    kind: Kind
    supplier: Supplier
    ship_to: Place
    released_at: datetime
    requested_on: date
    lines: tuple[OrderLine, ...]
    focus: OrderLine

    @property
    def expects(self) -> tuple[tuple[str, str], ...]:
        """The cases the product must have open: (case kind, line number; "" for the order's own)."""
        lines = self.lines if self.kind.on == "every line" else (self.focus,)
        places = [""] if self.kind.on == "order" else [str(line.number) for line in lines]
        return tuple((case, place) for case in self.kind.opens for place in places)


@dataclass(frozen=True, slots=True)
class OrderSent:
    """Northgate's ERP sent the order (00) or took it back (01)."""

    at: datetime
    order: Order
    purpose: Purpose = "00"


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """One ACK: a status code (ACK01), how much of the line, and for when.

    `dated_by`: what the date is (ACK04); empty, what the supplier always means.
    """

    code: str
    quantity: Decimal
    on: date | None = None
    substitute: Item | None = None
    dated_by: Literal["", "067", "068"] = ""


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An answered line; without parts the supplier repeats the line and says nothing of it."""

    line: OrderLine
    parts: tuple[AnswerPart, ...]
    price: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The supplier answered; `verdict` is BAK02, `reference` its own order number."""

    at: datetime
    order: Order
    verdict: str
    reference: str
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True)
class ShippedLine:
    """So much of an order's line left; `unit` may be the item's base unit."""

    order: Order
    line: OrderLine
    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Shipped:
    """A ship notice. `purpose` 05 replaces the one with the same number."""

    at: datetime
    number: str
    supplier: Supplier
    ship_to: Place
    shipped_at: datetime
    due_on: date
    bill_of_lading: str
    pro: str
    carrier: tuple[str, str]
    lines: tuple[ShippedLine, ...]
    purpose: Purpose = "00"


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """What the warehouse counted of a line, `damaged` of it included; `expected`: what was shipped."""

    line: OrderLine
    quantity: Decimal
    damaged: Decimal
    expected: Decimal


@dataclass(frozen=True, slots=True)
class Received:
    """The warehouse took in what came on one shipment for one order."""

    at: datetime
    number: str
    order: Order
    shipment: Shipped
    received_at: datetime
    lines: tuple[ReceivedLine, ...]


@dataclass(frozen=True, slots=True)
class BilledLine:
    """What the supplier bills of a line."""

    line: OrderLine
    quantity: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class Billed:
    """The supplier's invoice for what was shipped of one order."""

    at: datetime
    number: str
    order: Order
    shipment: Shipped
    lines: tuple[BilledLine, ...]


Spoken = OrderSent | Answered | Shipped | Received | Billed


@dataclass(frozen=True, slots=True)
class Mishap:
    """What the wire does: a document comes again under new numbers, again byte for byte, or cut off."""

    at: datetime
    of: Spoken
    what: Literal["resent", "repeated", "cut off"]


Fact = Spoken | Mishap
