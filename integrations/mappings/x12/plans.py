"""What planning (830) and shipping schedules (862) have in common: the loop of one item, and the head."""

import calendar
import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from integrations.mappings.x12 import codes, codes_plans
from integrations.mappings.x12.common import order_reference, read_item_codes
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.order_parts import read_destinations, read_unit
from integrations.mappings.x12.orders import sum_of
from visibility.canonical.bulletins import Authorisation, PlannedQuantity, ScheduleLine
from visibility.canonical.documents import Basis, OrderRef

_TO_END_OF_WEEK = 6


class PlanLoop:
    """The loop of one LIN while it is being read."""

    def __init__(self, reader: SetReader, *, issuer: str, basis: Basis) -> None:
        self.place = (reader.position, reader.row)
        self.issuer, self.basis = issuer, basis
        self.number = reader.identifier(1)
        told = read_item_codes(reader, 2)
        self.item = told.item
        self.order: OrderRef | None = order_reference(told.order, issuer) if told.order else None
        self.unit = ""
        self.pattern = ""
        self.planned: list[PlannedQuantity] = []
        self.authorisations: list[Authorisation] = []
        self.required: Decimal | None = None
        self.received: Decimal | None = None
        self.last: Decimal | None = None
        self.shipment = ""
        self._shipping = False
        self._timed: list[Decimal | None] = []

    def take(self, reader: SetReader) -> None:
        """Keep what the present segment says of the item."""
        tag = reader.row[0]
        if tag in {"FST", "SCH"}:
            self.check_times(reader)
            self.planned.extend(self._planned(reader) if tag == "FST" else self._scheduled(reader))
        elif tag == "SDP":
            self.pattern = reader.raw(1)
        elif tag == "SDQ" and self.planned:
            self._send(reader)
        elif tag == "JIT":
            self._timed.append(reader.quantity(1))
        elif tag in {"UIT", "UNT"}:
            self.unit = self.unit or read_unit(reader, 1)
        elif tag == "ATH":
            self._authorise(reader)
        elif tag == "SHP":
            self._ship(reader)
        elif tag == "REF":
            self._refer(reader)
        elif tag == "PID" and not self.item.description:
            self.item = msgspec.structs.replace(self.item, description=reader.text(5))

    def finish(self, reader: SetReader, *, cumulative: bool) -> ScheduleLine:
        """The line. `cumulative`: its quantities count up, each holds those before it."""
        self.check_times(reader)
        return ScheduleLine(
            line=self.number,
            item=self.item,
            unit=self.unit,
            order=self.order,
            planned=self._each(reader) if cumulative else tuple(self.planned),
            authorisations=tuple(self.authorisations),
            cumulative_received=self.received,
            cumulative_required=self.required,
            last_received=self.last,
            last_shipment=self.shipment,
        )

    def check_times(self, reader: SetReader) -> None:
        """A warning where the times of a day (JIT) do not add up to what is planned for it."""
        timed, self._timed = self._timed, []
        if timed and self.planned and sum_of(timed) != self.planned[-1].quantity:
            text = f"the times of the day add up to {sum_of(timed)}, planned are {self.planned[-1].quantity}"
            reader.note("warning", "times_sum", text)

    def _planned(self, reader: SetReader) -> list[PlannedQuantity]:
        quantity = reader.quantity(1)
        if quantity is None:
            return []
        certainty = reader.code(2, codes_plans.CERTAINTIES, "forecast_qualifier") or "untold"
        date, until = self._span(reader)
        return [
            PlannedQuantity(
                quantity=quantity,
                date=date,
                until=until,
                basis=codes.DATE_BASES.get(reader.raw(6), self.basis),
                certainty=certainty,
                reference=reader.identifier(9),
            )
        ]

    def _span(self, reader: SetReader) -> tuple[dt.date | None, dt.date | None]:
        """The day planned for, or the span: as written, or as long as the timing code says."""
        timing, date, until = reader.raw(3), reader.date(4), reader.date(5)
        if date is None or until is not None:
            return date, until
        if timing == codes_plans.WEEKLY:
            day = codes_plans.PATTERN_DAYS.get(self.pattern)
            if day is not None:
                return _later(date, (day - date.weekday()) % 7), None
            return date, _later(date, _TO_END_OF_WEEK)
        if timing == codes_plans.MONTHLY:
            return date, _end_of_month(date.year, date.month)
        if timing == codes_plans.QUARTERLY:
            return date, _end_of_month(date.year, (date.month + 2) // 3 * 3)
        return date, None

    def _scheduled(self, reader: SetReader) -> list[PlannedQuantity]:
        quantity, unit = reader.quantity(1), read_unit(reader, 2)
        self.unit = self.unit or unit
        if quantity is None:
            return []
        if unit and unit != self.unit:
            text = f"the schedule counts in {unit}, the item in {self.unit}; it was left out"
            reader.note("warning", "schedule_unit", text, 2)
            return []
        basis = codes.DATE_BASES.get(reader.raw(5), self.basis)
        return [PlannedQuantity(quantity=quantity, date=reader.date(6), basis=basis)]

    def _send(self, reader: SetReader) -> None:
        last = self.planned[-1]
        self.unit = self.unit or reader.unit(1)
        found = (*last.destinations, *read_destinations(reader, self.unit))
        self.planned[-1] = msgspec.structs.replace(last, destinations=found)

    def _authorise(self, reader: SetReader) -> None:
        told = reader.quantity(3)
        quantity = reader.quantity(4) if told is None else told
        if reader.raw(1) == codes_plans.REQUIRED_BEFORE:
            self.required = quantity
            return
        kind = reader.code(1, codes_plans.AUTHORISATIONS, "authorisation") or "other"
        self.authorisations.append(
            Authorisation(kind=kind, quantity=quantity, until=reader.date(2), since=reader.date(5))
        )

    def _ship(self, reader: SetReader) -> None:
        """SHP: the last delivery, or all since the buyer began to count; what was only sent counts not."""
        kind, quantity = reader.raw(1), reader.quantity(2)
        self._shipping = kind == codes_plans.DISCRETE
        if reader.raw(3) in codes_plans.SENT_DATES:
            self._shipping = False
        elif kind == codes_plans.DISCRETE:
            self.last = quantity
        elif kind == codes_plans.COUNTED_UP:
            self.received = quantity

    def _refer(self, reader: SetReader) -> None:
        qualifier = reader.raw(1)
        if qualifier in codes.ORDER_REFERENCES and self.order is None:
            self.order = order_reference(reader.identifier(2), self.issuer)
        elif qualifier in codes.SHIPMENT_REFERENCES and self._shipping:
            self.shipment = reader.identifier(2)

    def _each(self, reader: SetReader) -> tuple[PlannedQuantity, ...]:
        """Quantities that count up, each by itself. What is received already is no longer planned."""
        before = self.received or self.required or Decimal(0)
        found: list[PlannedQuantity] = []
        for planned in self.planned:
            more = planned.quantity - before
            if more < 0:
                present = (reader.position, reader.row)
                reader.position, reader.row = self.place
                text = f"the plan counts up, and {planned.quantity} is less than the {before} before it"
                reader.note("warning", "counts_down", text)
                reader.position, reader.row = present
                continue
            found.append(msgspec.structs.replace(planned, quantity=more))
            before = planned.quantity
        return tuple(found)


def schedule_basis(reader: SetReader, element: int) -> Basis:
    """What the dates of the schedule are of, by its type."""
    return codes_plans.SCHEDULE_BASES.get(reader.raw(element), "unstated")


def first_date(dates: dict[str, dt.date], qualifiers: Sequence[str]) -> dt.date | None:
    """The first date of these kinds."""
    return next((dates[kind] for kind in qualifiers if kind in dates), None)


def _later(date: dt.date, days: int) -> dt.date:
    """The day so many days later; the last there is, where a sender writes the year 9999 for never."""
    return dt.date.fromordinal(min(date.toordinal() + days, dt.date.max.toordinal()))


def _end_of_month(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])
