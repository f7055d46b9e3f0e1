"""The life of one order, from release to invoice, as its kind has it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from random import Random

from integrations.sandbox import kinds
from integrations.sandbox.answers import (
    BACKORDER_LATER,
    FIRST_PART_EARLIER,
    answer_line,
    confirmed,
    dearer,
    is_plain,
    some_of,
    verdict,
)
from integrations.sandbox.facts import (
    Answered,
    AnswerLine,
    AnswerPart,
    Billed,
    BilledLine,
    Fact,
    Mishap,
    OrderLine,
    OrderSent,
    Received,
    ReceivedLine,
    Shipped,
    ShippedLine,
)
from integrations.sandbox.headline import tell_headline
from integrations.sandbox.hours import DAY, HOUR, WorkingHours, working_date
from integrations.sandbox.numbers import CARRIERS, Numbers
from integrations.sandbox.plans import Planned

_NEVER_SHIPS = (
    kinds.UNANSWERED, kinds.ORDER_REJECTED, kinds.CANCELLED, kinds.UNKNOWN_UNIT, kinds.UNREADABLE,
    kinds.NOT_SHIPPED,
)  # fmt: skip
_SLOT_PLACES = ("RNO", "ONT")
"""Warehouses whose receipts are sent every two hours, those of a slot together."""

Load = list[tuple[OrderLine, Decimal]]


class Narrator:
    """Tells lives one after the other, with one source of chance and one of numbers."""

    def __init__(self, *, rng: Random, hours: WorkingHours) -> None:
        self.rng = rng
        self.hours = hours
        self.numbers = Numbers()
        self._convoys: dict[int, Shipped] = {}

    def tell(self, planned: Planned, companions: list[Planned]) -> Iterator[Fact]:
        """All that happens to an order, the future included, in no order of time.

        `companions`: all orders of its convoy, itself included; empty when it travels alone.
        """
        order = planned.order
        if order.kind is kinds.HEADLINE:
            yield from tell_headline(order=order, dock=planned.dock, hours=self.hours, numbers=self.numbers)
            return
        yield OrderSent(order.released_at, order)
        answers = self._lines_answered(planned)
        yield from self._answers(planned, answers)
        if order.kind is kinds.CANCELLED:
            yield OrderSent(self.hours.moment(planned.released + self._hours(20, 26)), order, "01")
        if order.kind in _NEVER_SHIPS:
            return
        for day, load in self._loads(planned, answers):
            yield from self._delivery(planned, day, load, companions)

    def _hours(self, least: float, most: float) -> int:
        return round(self.rng.uniform(least, most) * HOUR)

    def _lines_answered(self, planned: Planned) -> list[AnswerLine]:
        late = self.rng.randint(3, 8)
        return [
            answer_line(planned.order, line, dock=planned.dock, late=late, answered=planned.answered)
            for line in planned.order.lines
        ]

    def _answers(self, planned: Planned, lines: list[AnswerLine]) -> Iterator[Fact]:
        order = planned.order
        if order.kind is kinds.UNANSWERED:
            return
        word = verdict(order)
        if word == "AK":
            said: list[AnswerLine] = []
        elif word == "AE":
            said = [line for line in lines if not is_plain(line)]
        else:
            said = lines
        answered = planned.released + self._hours(0.8, 5)
        reference = self.numbers.supplier_order(order.supplier)
        answer = Answered(self.hours.moment(answered), order, word, reference, tuple(said))
        if order.kind is kinds.UNREADABLE:
            yield Mishap(answer.at, answer, "cut off")
            return
        yield answer
        if order.kind is kinds.RESENT:
            yield Mishap(self.hours.moment(answered + self._hours(2, 12)), answer, "resent")
        if order.kind is kinds.SHORT_THEN_FULL:
            yield Answered(
                self.hours.moment(answered + self._hours(12, 20)),
                order,
                "AC",
                reference,
                self._in_full(planned),
            )

    def _in_full(self, planned: Planned) -> tuple[AnswerLine, ...]:
        """The second answer: every line as ordered."""
        order = planned.order
        transit = order.supplier.ship_days if order.supplier.promises == "068" else 0
        promised = working_date(planned.dock - transit)
        return tuple(
            AnswerLine(line, (AnswerPart("IA", line.quantity, promised),), line.price, line.item.unit)
            for line in order.lines
        )

    def _loads(self, planned: Planned, answers: list[AnswerLine]) -> list[tuple[int, Load]]:
        """What leaves, by the working day it comes to the dock."""
        order, focus, dock = planned.order, planned.order.focus, planned.dock
        load = [(answer.line, confirmed(answer)) for answer in answers if confirmed(answer)]
        rest = [(line, quantity) for line, quantity in load if line is not focus]
        match order.kind:
            case kinds.SHORT_THEN_FULL:
                return [(dock, [*rest, (focus, focus.quantity)])]
            case kinds.SPLIT_DATES | kinds.TWO_SHIPMENTS:
                first = some_of(focus, 40)
                return [
                    (dock - FIRST_PART_EARLIER, [(focus, first)]),
                    (dock, [*rest, (focus, focus.quantity - first)]),
                ]
            case kinds.BACKORDERED:
                first = some_of(focus, 60)
                later = [(focus, focus.quantity - first)]
                return [(dock, [*rest, (focus, first)]), (dock + BACKORDER_LATER, later)]
            case kinds.OVER_SHIPPED:
                return [(dock, [*rest, (focus, focus.quantity + some_of(focus, 10))])]
            case _:
                return [(dock, load)] if load else []

    def _delivery(self, planned: Planned, dock: int, load: Load, companions: list[Planned]) -> Iterator[Fact]:
        order = planned.order
        told_before = self._convoys.get(planned.convoy) if planned.convoy else None
        shipped = told_before or self._shipped(planned, dock, load, companions)
        if told_before is None:
            if planned.convoy:
                self._convoys[planned.convoy] = shipped
            yield from self._notices(planned, shipped)
        received_at = dock * DAY + self._hours(1, 6)
        if order.kind is not kinds.NOT_RECEIVED:
            yield self._received(planned, shipped, load, received_at)
        if order.kind is not kinds.NOT_BILLED:
            yield from self._bills(planned, shipped, load, received_at)

    def _shipped(self, planned: Planned, dock: int, load: Load, companions: list[Planned]) -> Shipped:
        order = planned.order
        left = (dock - order.supplier.ship_days) * DAY + self._hours(3, 6.5)
        if companions:
            lines = [
                ShippedLine(each.order, line, line.quantity, line.item.unit)
                for each in companions
                for line in each.order.lines
            ]
        else:
            lines = [ShippedLine(order, line, *self._counted(planned, line, q)) for line, q in load]
        return Shipped(
            at=self.hours.moment(left + self._hours(0.2, 1.5)),
            number=self.numbers.ship_notice(order.supplier),
            supplier=order.supplier,
            ship_to=order.ship_to,
            shipped_at=self.hours.moment(left),
            due_on=working_date(dock),
            bill_of_lading=self.numbers.bill_of_lading(),
            pro=self.numbers.pro(),
            carrier=self.rng.choice(CARRIERS),
            lines=tuple(lines),
        )

    def _counted(self, planned: Planned, line: OrderLine, quantity: Decimal) -> tuple[Decimal, str]:
        if planned.order.kind is kinds.BASE_UNITS:
            return quantity * line.item.pack, line.item.base_unit
        return quantity, line.item.unit

    def _notices(self, planned: Planned, shipped: Shipped) -> Iterator[Fact]:
        kind, focus = planned.order.kind, planned.order.focus
        if kind is not kinds.REPLACED_NOTICE:
            yield shipped
            if kind is kinds.REPEATED:
                yield Mishap(self._later(shipped, 1, 3), shipped, "repeated")
            return
        wrong = tuple(
            ShippedLine(s.order, s.line, some_of(s.line, 50), s.unit) if s.line is focus else s
            for s in shipped.lines
        )
        yield replace(shipped, lines=wrong)
        yield replace(shipped, at=self._later(shipped, 1, 4), purpose="05")

    def _later(self, shipped: Shipped, least: float, most: float) -> datetime:
        return self.hours.moment(self.hours.seconds_at(shipped.at) + self._hours(least, most))

    def _received(self, planned: Planned, shipped: Shipped, load: Load, seconds: int) -> Received:
        order = planned.order
        sent = seconds + self._hours(0.1, 0.4)
        if order.ship_to.code in _SLOT_PLACES:
            day, today = divmod(sent, DAY)
            sent = day * DAY + -(-today // (2 * HOUR)) * 2 * HOUR
        lines = []
        for line, quantity in load:
            got, damaged = quantity, Decimal(0)
            if line is order.focus:
                few = some_of(line, 5)
                got += {kinds.RECEIVED_SHORT: -few, kinds.RECEIVED_OVER: few}.get(order.kind, Decimal(0))
                damaged = few if order.kind is kinds.DAMAGED else damaged
            lines.append(ReceivedLine(line, got, damaged, quantity))
        return Received(
            self.hours.moment(sent), self.numbers.receipt(order.ship_to), order, shipped,
            self.hours.moment(seconds), tuple(lines),
        )  # fmt: skip

    def _bills(self, planned: Planned, shipped: Shipped, load: Load, received: int) -> Iterator[Billed]:
        order = planned.order
        lines = tuple(self._billed(planned, line, quantity) for line, quantity in load)
        number = self.numbers.invoice(order.supplier)
        seconds = self._billing_time(planned, shipped, received)
        if order.kind is kinds.CONFLICTING:
            mistyped = tuple(
                BilledLine(b.line, b.quantity, dearer(b.price)) if b.line is order.focus else b for b in lines
            )
            yield Billed(self.hours.moment(seconds), number, order, shipped, mistyped)
            seconds += self._hours(3, 8)
        yield Billed(self.hours.moment(seconds), number, order, shipped, lines)

    def _billed(self, planned: Planned, line: OrderLine, quantity: Decimal) -> BilledLine:
        kind, price = planned.order.kind, line.price
        if line is planned.order.focus:
            match kind:
                case kinds.OVER_SHIPPED:
                    quantity = line.quantity
                case kinds.RECEIVED_SHORT:
                    quantity -= some_of(line, 5)
                case kinds.OVER_BILLED:
                    quantity += some_of(line, 10)
                case kinds.PRICE_BILLED:
                    price = dearer(price)
        return BilledLine(line, quantity, price)

    def _billing_time(self, planned: Planned, shipped: Shipped, received: int) -> int:
        sent = self.hours.seconds_at(shipped.at)
        match planned.order.supplier.bills:
            case "with the ship notice":
                return sent
            case "at day's end":
                return sent // DAY * DAY + 8 * HOUR + HOUR // 2
            case "on delivery":
                return received + self._hours(2, 6)
            case _:
                return sent + self._hours(1, 8)
