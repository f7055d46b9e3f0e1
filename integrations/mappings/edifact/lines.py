"""The lines of a message: each LIN with what follows it, and the message around them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from integrations.mappings.edifact import codes
from integrations.mappings.edifact.common import (
    Beginning,
    Gathered,
    Price,
    check_line_count,
    item_of,
    lot_of,
    order_reference,
    read_item_number,
    read_party,
    read_price,
)
from integrations.mappings.edifact.reader import MessageReader
from integrations.mappings.edifact.times import Period
from visibility.canonical.documents import Destination, Item, OrderRef, Party, Schedule

MAX_DESCRIPTION = 256
_SSCC_WITH_PREFIX = 20
_SSCC_PREFIX = "00"


class Quantity(NamedTuple):
    """A quantity in its unit; None where none was told."""

    value: Decimal | None = None
    unit: str = ""


class Variance(NamedTuple):
    """A QVR: by how much, of which quantity (6063), the discrepancy (4221)."""

    amount: Decimal | None
    kind: str
    code: str


@dataclass(slots=True)
class Planned:
    """A dated quantity of a schedule. `told`: an SCC said what it is worth."""

    kind: str
    quantity: Decimal
    unit: str
    certainty: codes.Certainty = "untold"
    told: bool = False
    place: Party | None = None
    dates: dict[str, Period] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)

    @property
    def schedule(self) -> Schedule:
        """As an order's request: the first of its dates, by preference of what is asked for."""
        kind = next((each for each in codes.REQUEST_DATES if each in self.dates), "")
        if not kind:
            return Schedule(quantity=self.quantity)
        return Schedule(
            quantity=self.quantity, date=self.dates[kind].end, basis=codes.DATE_BASES.get(kind, "unstated")
        )


class LineGroup(Gathered):
    """A LIN and what belongs to it.

    `plans`: quantities are a plan also where no SCC stands before them (DELFOR). `signed`: they may be
    below zero (credit notes, corrections).
    """

    def __init__(self, reader: MessageReader, *, plans: bool = False, signed: bool = False) -> None:
        super().__init__()
        self.place = reader.place
        self.number = reader.identifier(1)
        self.action = reader.coded(2, "line_status")
        self.parent = reader.identifier(4, 1) if reader.raw(4) == "1" else ""
        self.numbers: dict[str, str] = {}
        if reader.raw(3):
            read_item_number(reader, 3, self.numbers)
        self.substitutes: dict[str, str] = {}
        self.description = ""
        self.quantities: dict[str, Quantity] = {}
        self.prices: list[Price] = []
        self.planned: list[Planned] = []
        self.destinations: list[Destination] = []
        self.variances: list[Variance] = []
        self.packages: list[str] = []
        self.lot = ""
        self._plans = plans
        self._signed = signed
        self._certainty: codes.Certainty | None = None
        self._scc_follows = False
        self._target: Planned | None = None
        self._place: Party | None = None
        self._destination: Party | None = None

    def take(self, reader: MessageReader, tag: str) -> bool:
        """Keep the present segment, if it is one that lines have."""
        if tag == "DTM" and self._target is not None:
            period = reader.period()
            if period is not None:
                self._target.dates.setdefault(reader.raw(1), period)
            return True
        if tag == "QTY" and self._context not in {"ALC", "NO_ALC"}:
            self._context = ""
            self._quantity(reader)
            return True
        keep = _LINE_KEEPERS.get(tag)
        if keep is not None:
            self._context = ""
            keep(self, reader)
            return True
        if tag == "RFF" and self._target is not None:
            self._target.references.setdefault(reader.raw(1), reader.identifier(1, 1))
        elif tag not in {"FTX", "RFF", "STS"}:
            self._target = None
        if tag in {"NAD", "ALC"}:
            self._place = None
        return super().take(reader, tag)

    def goes_to(self, place: Party) -> None:
        """The planned quantities that follow are for this place."""
        self._target, self._destination = None, place

    def _numbers(self, reader: MessageReader) -> None:
        purpose = reader.raw(1)
        into = self.numbers if purpose in codes.ADDITIONAL_IDS else None
        if purpose == codes.SUBSTITUTED_BY:
            into = self.substitutes
        if into is not None:
            for element in range(2, min(len(reader.row), 7)):
                if reader.raw(element):
                    read_item_number(reader, element, into)

    def _describe(self, reader: MessageReader) -> None:
        if not self.description:
            words = (reader.text(3, 3), reader.text(3, 4))
            self.description = " ".join(word for word in words if word)[:MAX_DESCRIPTION]

    def _quantity(self, reader: MessageReader) -> None:
        kind = reader.raw(1)
        self._target = None
        if kind not in codes.READ_QUANTITIES:
            return
        value, unit = reader.quantity(1, 1, signed=self._signed), reader.unit(1, 2)
        if value is None:
            return
        if kind == codes.SPLIT_QUANTITY and self._place is not None:
            self.destinations.append(Destination(place=self._place, quantity=value))
            return
        scheduled = self._certainty is not None or self._plans
        if scheduled and kind in codes.PLANNED_QUANTITIES:
            told = self._certainty is not None and not self._scc_follows
            certainty = (self._certainty or "untold") if told else "untold"
            self._target = Planned(kind, value, unit, certainty, told, self._destination)
            self.planned.append(self._target)
            return
        self.quantities.setdefault(kind, Quantity(value, unit))

    def _schedule(self, reader: MessageReader) -> None:
        """An SCC: of the quantities behind it, or of the one before it where the first stood before."""
        self._certainty = codes.CERTAINTIES.get(reader.raw(1), "untold")
        target = self._target
        if target is not None and not target.told and not target.dates:
            self._scc_follows = True
            target.certainty, target.told = self._certainty, True
        elif not self._scc_follows:
            self._target = None

    def _price(self, reader: MessageReader) -> None:
        price = read_price(reader)
        if price is not None:
            self.prices.append(price)

    def _locate(self, reader: MessageReader) -> None:
        self._target = None
        self._place = read_party(reader) if reader.raw(1) in codes.DELIVERY_PLACES else None

    def _vary(self, reader: MessageReader) -> None:
        amount = reader.quantity(1, 0, signed=True)
        self.variances.append(Variance(amount, reader.raw(1, 1), reader.raw(2)))

    def _identify(self, reader: MessageReader) -> None:
        if reader.raw(1) in codes.PACKAGE_NUMBERS:
            self.packages.extend(read_packages(reader))
        elif reader.raw(1) in codes.LOT_NUMBERS:
            self.lot = self.lot or reader.identifier(2)

    def quantity(self, kinds: tuple[str, ...]) -> Quantity:
        """The first quantity of these kinds."""
        return next((self.quantities[kind] for kind in kinds if kind in self.quantities), Quantity())

    def price(self, kinds: tuple[str, ...] = codes.PRICES) -> Price | None:
        """The price to pay, by preference of what prices there are."""
        by_kind = {price.kind: price for price in reversed(self.prices) if not price.retail}
        return next((by_kind[kind] for kind in kinds if kind in by_kind), None)

    def item(self, reader: MessageReader) -> Item:
        """The item; findings about its numbers are noted at the LIN."""
        reader.go(self.place)
        return item_of(reader, self.numbers, self.description)

    @property
    def batch(self) -> str:
        """The lot, wherever the line says it."""
        return self.lot or lot_of(self.numbers) or self.reference(codes.LOT_REFERENCES)

    def order_line(self) -> str:
        """The line of the order that this line names; empty where it names none."""
        own = self.referred(codes.LINE_REFERENCES)
        return self.referred(codes.ORDER_REFERENCES).line or own.line or own.number


_LINE_KEEPERS = {
    "PIA": LineGroup._numbers,
    "IMD": LineGroup._describe,
    "PRI": LineGroup._price,
    "SCC": LineGroup._schedule,
    "LOC": LineGroup._locate,
    "QVR": LineGroup._vary,
    "QVA": LineGroup._vary,
    "GIN": LineGroup._identify,
}


def read_packages(reader: MessageReader) -> list[str]:
    """The SSCCs of a GIN. Of a range both ends are kept: what lies between is not told apart."""
    found = []
    for element in range(2, min(len(reader.row), 7)):
        for component in (0, 1):
            number = reader.identifier(element, component)
            if len(number) == _SSCC_WITH_PREFIX and number.startswith(_SSCC_PREFIX):
                number = number.removeprefix(_SSCC_PREFIX)
            if number:
                found.append(number)
    return found


@dataclass(slots=True)
class Body:
    """A message as read: heading, lines, summary."""

    beginning: Beginning | None = None
    header: Gathered = field(default_factory=Gathered)
    lines: list[LineGroup] = field(default_factory=list)
    summary: Gathered = field(default_factory=Gathered)

    @property
    def name(self) -> str:
        """The document name (1001)."""
        return self.beginning.name if self.beginning else ""


def read_body(
    reader: MessageReader,
    *,
    signed: bool = False,
    line_group: Callable[[MessageReader], LineGroup] | None = None,
) -> Body:
    """The whole message. One without a BGM is unusable, and says so. `line_group` reads lines of a kind."""
    body = Body()
    present: Gathered = body.header
    for tag in reader.rows(1):
        if tag == "LIN":
            line = line_group(reader) if line_group else LineGroup(reader, signed=signed)
            body.lines.append(line)
            present = line
        elif tag == "BGM":
            body.beginning = body.beginning or Beginning(reader)
        elif tag == "UNS":
            if reader.raw(1).upper() == "S" or body.lines:
                present = body.summary
        elif tag == "CNT":
            check_line_count(reader, len(body.lines))
        else:
            present.take(reader, tag)
    if body.beginning is None:
        reader.note_missing("BGM", "the message has no BGM segment, so it has no number")
    return body


def main_lines(reader: MessageReader, lines: list[LineGroup]) -> list[LineGroup]:
    """The lines without sub-lines, which tell what is inside a line again; each left out with a warning."""
    kept = [line for line in lines if not line.parent]
    for line in lines:
        if line.parent:
            reader.go(line.place)
            text = f"a sub-line of line {line.parent}: its line counts, this was left out"
            reader.note("warning", "sub_line", text, 4)
    return kept


class Orders(NamedTuple):
    """Whose order a document is about, and each of its lines: (order or None, the order's line)."""

    order: OrderRef | None
    lines: list[tuple[OrderRef | None, str]]


def read_orders(reader: MessageReader, head: str, lines: list[LineGroup], issuer: str) -> Orders:
    """A line names its order only where that is not the document's."""
    named = [line.reference(codes.ORDER_REFERENCES) for line in lines]
    distinct = {number for number in (head, *named) if number}
    if not head and len(distinct) == 1 and all(named):
        head = named[0]
    several = len(distinct) > 1
    placed: list[tuple[OrderRef | None, str]] = []
    for line, number in zip(lines, named, strict=True):
        own = order_reference(number, issuer) if number and number != head else None
        if several and not (number or head):
            reader.go(line.place)
            text = "the message names several orders, this line none of them"
            reader.note("error", "line_without_order", text)
        # A line's own number counts in its own document: of several orders it says nothing.
        fallback = line.number if len(distinct) <= 1 else ""
        placed.append((own, line.order_line() or fallback))
    return Orders(order_reference(head, issuer) if head else None, placed)


def note_no_order(reader: MessageReader, tag: str, what: str) -> None:
    """A warning: the document is used, and people match it to its order."""
    text = f"the {what} names no purchase order (RFF+ON): people have to say which order it belongs to"
    reader.note_missing(tag, text, "no_order", "warning")
