"""What orders and their changes have in common: the head before the lines, and the loop of one line."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec

from integrations.mappings.x12 import codes, codes_orders
from integrations.mappings.x12.common import (
    Header,
    pick_schedules,
    read_ctp,
    read_item_codes,
    read_party,
    read_price,
)
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.order_parts import (
    Notes,
    check_destinations,
    read_allowance,
    read_component,
    read_destinations,
    read_unit,
)
from visibility.canonical.documents import Allowance, Component, Destination, OrderRef, RelatedOrder, Schedule


class OrderHead(Header):
    """What stands before the lines of an order: with its currency, allowances and notes."""

    def __init__(self) -> None:
        super().__init__()
        self.currency = ""
        self.allowances: list[Allowance] = []
        self.notes = Notes()

    def take(self, reader: SetReader) -> None:
        """Keep what the present segment says of the whole order."""
        tag = reader.row[0]
        if tag == "CUR":
            self.currency = self.currency or reader.text(2)[:3].upper()
        elif tag in {"SAC", "ITA"}:
            allowance = read_allowance(reader)
            if allowance is not None:
                self.allowances.append(allowance)
        else:
            super().take(reader)
            self.notes.take(reader)

    def related(self, *, number: str, issuer: str, kind: str, release: str) -> tuple[RelatedOrder, ...]:
        """The orders that this one hangs together with: its blanket, and the customer's it is shipped for."""
        found = []
        blanket = number if kind == "release" and release else self.reference(codes_orders.BLANKET_REFERENCES)
        if blanket and (blanket != number or release):
            found.append(RelatedOrder(order=OrderRef(number=blanket, issuer=issuer), relation="blanket"))
        customer = self.reference(codes_orders.CUSTOMER_ORDER_REFERENCES)
        if customer and kind in codes_orders.SHIPPED_TO_CUSTOMERS:
            order = OrderRef(number=customer, issuer=issuer, scheme="so")
            found.append(RelatedOrder(order=order, relation="customer"))
        return tuple(found)


class Places(NamedTuple):
    """Where a line's segment has its values: the elements of PO1, or of POC."""

    quantity: int
    unit: int
    price: int
    items: int


PO1 = Places(quantity=2, unit=3, price=4, items=6)
POC = Places(quantity=3, unit=5, price=6, items=8)


class OrderLoop:
    """The loop of one PO1 or POC while it is being read."""

    def __init__(self, reader: SetReader, places: Places) -> None:
        self.place = (reader.position, reader.row)
        self.number = reader.identifier(1)
        self.quantity = reader.quantity(places.quantity)
        self.unit = read_unit(reader, places.unit)
        self.price = read_price(reader, places.price)
        self.item = read_item_codes(reader, places.items).item
        self.schedules: list[Schedule] = []
        self.dates: dict[str, dt.date] = {}
        self.destinations: list[Destination] = []
        self.components: list[Component] = []
        self.allowances: list[Allowance] = []

    def take(self, reader: SetReader, notes: Notes) -> None:
        """Keep what the present segment says of the line."""
        tag = reader.row[0]
        if tag == "SLN":
            self.components.append(read_component(reader))
        elif tag == "PID":
            self._describe(reader)
        elif tag == "SDQ":
            self.destinations.extend(read_destinations(reader, self.unit))
        elif tag in {"MSG", "NTE", "ITD"}:
            notes.take(reader, self.number)
        elif self.components:
            return  # what follows an SLN is said of the component, of which no more is kept
        elif tag == "CTP":
            if self.price.price is None:
                self.price = read_ctp(reader)
        elif tag == "SCH":
            self.schedules.extend(read_schedule(reader, self.unit))
        elif tag == "DTM":
            self._date(reader)
        elif tag in {"SAC", "ITA"}:
            self._agree(reader)
        elif tag == "N1" and reader.raw(1) in codes_orders.LINE_SHIP_TO_PARTIES:
            self.destinations.append(Destination(place=read_party(reader)))
        elif tag == "QTY":
            self._count(reader)

    def requests(self, default_dates: dict[str, dt.date]) -> tuple[Schedule, ...]:
        """When it is asked for: the schedules, else the line's dates, else those of the whole order."""
        own = tuple(self.schedules) or pick_schedules(self.dates, codes.REQUEST_DATES)
        return own or pick_schedules(default_dates, codes.REQUEST_DATES)

    def check(self, reader: SetReader) -> None:
        """Warnings where the parts of the line do not agree with its quantity."""
        if self.quantity is None or not (self.destinations or self.schedules):
            return
        present = (reader.position, reader.row)
        reader.position, reader.row = self.place
        check_destinations(reader, self.destinations, self.quantity)
        total = sum_of([each.quantity for each in self.schedules])
        if total > self.quantity:
            text = f"the schedules ask for {total}, the line for {self.quantity}"
            reader.note("warning", "schedule_sum", text)
        reader.position, reader.row = present

    def note(self, reader: SetReader, code: str, text: str) -> None:
        """Keep a warning at the line's own segment."""
        present = (reader.position, reader.row)
        reader.position, reader.row = self.place
        reader.note("warning", code, text)
        reader.position, reader.row = present

    def _describe(self, reader: SetReader) -> None:
        item = self.components[-1].item if self.components else self.item
        description = "" if item.description else reader.text(5)
        if not description:
            return
        item = msgspec.structs.replace(item, description=description)
        if self.components:
            self.components[-1] = msgspec.structs.replace(self.components[-1], item=item)
        else:
            self.item = item

    def _date(self, reader: SetReader) -> None:
        day = reader.date(2)
        if day is not None:
            self.dates.setdefault(reader.raw(1), day)

    def _agree(self, reader: SetReader) -> None:
        allowance = read_allowance(reader)
        if allowance is not None:
            self.allowances.append(allowance)

    def _count(self, reader: SetReader) -> None:
        """A QTY behind the N1 of a place says how much goes there."""
        if self.destinations and self.destinations[-1].quantity is None:
            last = msgspec.structs.replace(self.destinations[-1], quantity=reader.quantity(2))
            self.destinations[-1] = last


def sum_of(quantities: Sequence[Decimal | None]) -> Decimal:
    """The sum of those that are told."""
    return sum((each for each in quantities if each is not None), Decimal(0))


def read_schedule(reader: SetReader, line_unit: str) -> list[Schedule]:
    """The present SCH: one dated quantity. Nothing, with a warning, where it counts in another unit."""
    quantity, unit = reader.quantity(1), read_unit(reader, 2)
    if unit and line_unit and unit != line_unit:
        reader.note("warning", "schedule_unit", f"the schedule counts in {unit}, the line in {line_unit}", 2)
        return []
    day = reader.date(6)
    basis = codes.DATE_BASES.get(reader.raw(5), "unstated")
    return [] if quantity is None and day is None else [Schedule(quantity=quantity, date=day, basis=basis)]
