"""When each step of a line and of the order was planned, is due, is expected and happened.

planned: what was asked for, else promised. due: what was promised, else asked for, or the partner's
terms. estimated: the carrier's word. actual: what was told. Nothing here depends on what time it is, and
a moment that nobody told stays unknown.
"""

import datetime as dt
from decimal import Decimal

from msgspec import Struct

from visibility.canonical.documents import Basis, OrderPlaced
from visibility.flows.amounts import ZERO
from visibility.flows.calendar import WorkingCalendar
from visibility.flows.golive import leave_out
from visibility.flows.matching import Draft, Tally
from visibility.flows.moments import (
    UNTOLD,
    Moment,
    add_hours,
    end_of,
    invoice_moment,
    latest,
    moment,
    reached,
    receipt_moment,
    told_at,
)
from visibility.flows.movements import Consignment, Consignments, Moved
from visibility.flows.state import Dated, Fact, LineView, Milestone, MilestoneName, Terms
from visibility.flows.workflows.replenishment import MILESTONES, never

_SHIP: tuple[Basis, ...] = ("ship",)
_DOCK: tuple[Basis, ...] = ("dock",)
_AVAILABLE: tuple[Basis, ...] = ("available", "dock")
# A day that goods must be at the dock is the last day they can leave; a day of unsaid meaning likewise.
_LATEST_SHIP: tuple[Basis, ...] = ("dock", "available", "unstated")


_ALL = "all of it"
_NO_DAY = [Dated(None, None, "unstated")]
_REFUSED = frozenset(("rejected", "deleted"))


class Header(Struct):
    """What the milestones of all lines of an order share."""

    terms: Terms
    kind: str
    ordered: Milestone
    released: Milestone
    answer_due_at: dt.datetime | None
    consignments: Consignments


def line_milestones(draft: Draft, view: LineView, header: Header, there: Moved) -> list[Milestone]:
    """The milestones of one line, in the order of the workflow."""
    steps = _Steps(draft, view, header, there)
    acknowledged = steps.acknowledged()
    shipped = steps.shipped()
    arrived = steps.arrived(shipped)
    received = steps.received(shipped, arrived)
    if received.done and not shipped.done:
        # What came in full had left; when, nobody said.
        shipped.done = True
    invoiced = steps.invoiced(shipped, received)
    matched = steps.matched(shipped, received, invoiced)
    milestones = [
        header.ordered,
        header.released,
        acknowledged,
        shipped,
        arrived,
        received,
        invoiced,
        matched,
    ]
    _strike_out(milestones, view, header)
    return milestones


def told_of(draft: Draft, view: LineView, there: Moved) -> tuple[object, ...]:
    """All that the milestones of a line are made of. Lines of which this is the same share theirs.

    Quantities count by their share of what is ordered: most lines of an order are answered, shipped and
    billed by the same documents, each in full.
    """
    whole = view.ordered
    return (
        whole if whole is None or whole <= 0 else _ALL,
        [
            size if not size else _ALL if size == whole else (size, whole)
            for size in (
                view.confirmed,
                view.backordered,
                view.rejected,
                view.deleted,
                view.shipped,
                view.received,
                view.invoiced,
            )
        ],
        _dates(view.requests, whole),
        _dates(view.promises, whole),
        None if there.shipped is None else _steps(there.shipped, whole),
        None if there.received is None else _steps(there.received, whole),
        None if there.invoiced is None else _steps(there.invoiced, whole),
        view.shipments,
        view.receipts,
        not view.billed_prices or _is_priced_as_ordered(view),
        draft.first_answer,
        draft.asked,
        view.answer_classes,
        view.known,
        view.answered,
        view.change_unanswered,
        view.closed,
        view.cancelled,
    )


def _dates(dates: list[Dated], whole: Decimal | None) -> object:
    """Of a single date the quantity does not matter."""
    return (dates[0].date, dates[0].basis) if len(dates) == 1 else (dates, dates and whole)


def _steps(tally: Tally, whole: Decimal | None) -> object:
    return [(fact, _ALL if quantity == whole else (quantity, whole)) for fact, quantity in tally.steps]


def _strike_out(milestones: list[Milestone], view: LineView, header: Header) -> None:
    """Steps that this kind of order never has, or that a line given up will not have any more."""
    if not view.known and header.ordered.done:
        milestones[0] = Milestone("ordered", applicable=False)
        milestones[1] = Milestone("released", applicable=False)
        milestones[2].applicable = milestones[2].done
    excluded = never(header.kind)
    if excluded:
        for each in milestones:
            if each.name in excluded:
                each.applicable = False
    if view.cancelled or view.closed or rejected_entirely(view):
        for each in milestones[2:]:
            if not each.done:
                each.applicable = False
    if header.terms.not_sent:
        leave_out(milestones[2:], header.terms)


def rejected_entirely(view: LineView) -> bool:
    """The supplier will send nothing of this line."""
    if not view.answer_classes or not _REFUSED.issuperset(view.answer_classes):
        return False
    if view.ordered is None or view.rejected is None or view.deleted is None:
        return True
    return view.rejected + view.deleted >= view.ordered


class _Steps:
    """The later milestones of one line, each from what is known of it."""

    def __init__(self, draft: Draft, view: LineView, header: Header, there: Moved) -> None:
        self.draft = draft
        self.view = view
        self.terms = header.terms
        self.header = header
        self.shipments = there.shipped
        self.receipts = there.received
        self.bills = there.invoiced
        self.target = self._target()
        self.consignments = [] if there.shipped is None else self._consignments(there.shipped)
        asked, promised = view.requests, view.promises
        self.in_parts = len(asked) > 1 or len(promised) > 1
        """Several days: then it matters how much of it is covered."""
        self.as_asked = not asked or not promised or _says_the_same(asked, promised)
        self.single = (asked or promised or _NO_DAY)[0] if self.as_asked and not self.in_parts else None
        """The one day there is to speak of: nearly always there is only one."""
        self.came: Moment | None = None

    def _target(self) -> Decimal | None:
        """How much is to come: confirmed or backordered; of a closed line what was shipped or came."""
        view = self.view
        if view.closed:
            return view.shipped or view.received or ZERO
        if view.confirmed:
            # A backordered balance is still on its way: the step is not done when the first part took it.
            coming = view.confirmed + (view.backordered or ZERO)
            return coming if view.ordered is None else min(coming, view.ordered)
        if view.ordered is None:
            return None
        return max(view.ordered - (view.rejected or ZERO) - (view.deleted or ZERO), ZERO)

    def _consignments(self, shipments: Tally) -> list[tuple[Consignment, Decimal]]:
        found = self.header.consignments.by_fact
        return [(found[id(fact)], quantity) for fact, quantity in shipments.steps]

    def acknowledged(self) -> Milestone:
        view, header = self.view, self.header
        result = Milestone("acknowledged", waits=not header.released.done, done=view.answered)
        if view.change_unanswered and self.draft.asked is not None:
            return self._change_acknowledged(self.draft.asked)
        if header.released.done:
            result.due_at = header.answer_due_at
            result.planned_at = header.answer_due_at
        if isinstance(self.draft.first_answer, Fact):
            first = told_at(self.draft.first_answer)
            result.actual_at, result.date_only = first.at, first.date_only
        return result

    def _change_acknowledged(self, change: Fact) -> Milestone:
        """A change has an answer and a deadline of its own."""
        asked = told_at(change).at
        due = asked and add_hours(self.terms.partner_calendar, asked, self.terms.acknowledgement_hours)
        return Milestone("acknowledged", planned_at=due, due_at=due)

    def shipped(self) -> Milestone:
        view = self.view
        result = Milestone("shipped", waits=not (view.answered or "acknowledged" in self.terms.not_sent))
        covered = view.shipped or ZERO
        result.done = self.shipments is not None and _covers(view.shipped, self.target)
        result.planned_at = self._day(
            view.requests, view.promises, (_SHIP, _LATEST_SHIP), covered, result.done
        )
        result.due_at = result.planned_at if self.as_asked else self._ship_due(covered, done=result.done)
        if result.done:
            left = reached(
                [(shipment.left, quantity) for shipment, quantity in self.consignments],
                self.target,
            )
            result.actual_at, result.date_only = left.at, left.date_only
        return result

    def _ship_due(self, covered: Decimal, *, done: bool) -> dt.datetime | None:
        """The promised, else the requested day of shipping; else the day at the dock, at the latest."""
        view = self.view
        for bases in (_SHIP, _LATEST_SHIP):
            due = self._day(view.promises, view.requests, (bases,), covered, done)
            if due is not None:
                return due
        return None

    def _promised(
        self, step: Milestone, bases: tuple[tuple[Basis, ...], ...], covered: Decimal
    ) -> dt.datetime | None:
        """The day promised, else the day asked for."""
        if self.as_asked:
            return step.planned_at
        return self._day(self.view.promises, self.view.requests, bases, covered, step.done)

    def _day(
        self,
        first: list[Dated],
        second: list[Dated],
        bases: tuple[tuple[Basis, ...], ...],
        covered: Decimal,
        done: bool,
    ) -> dt.datetime | None:
        """End of the first day of `first`, else of `second`, whose quantity is not covered yet."""
        if self.single is not None:
            return self._end(self.single, bases)
        for dates in (first, second):
            if not dates:
                continue
            for wanted in bases:
                if len(dates) == 1:  # then it is that day, covered or not
                    end = self._end(dates[0], (wanted,))
                else:
                    day = _pending([each for each in dates if each.basis in wanted], covered, done)
                    end = None if day is None else end_of(self._calendar(wanted), day)
                if end is not None:
                    return end
        return None

    def _end(self, dated: Dated, bases: tuple[tuple[Basis, ...], ...]) -> dt.datetime | None:
        """End of the day, where it is of a basis that is looked for."""
        if dated.date is not None:
            for wanted in bases:
                if dated.basis in wanted:
                    return end_of(self._calendar(wanted), dated.date)
        return None

    def _calendar(self, wanted: tuple[Basis, ...]) -> WorkingCalendar:
        return self.terms.partner_calendar if wanted is _SHIP else self.terms.calendar

    def arrived(self, shipped: Milestone) -> Milestone:
        view = self.view
        all_there = bool(self.consignments) and self._all_there()
        covered = self._covered(all_there=all_there) if self.in_parts else ZERO
        loose = self.header.consignments.loose if not self.consignments else None
        result = Milestone("arrived", waits=not (self.consignments or loose or self._unannounced()))
        result.done = (
            (self.receipts is not None and _covers(view.received, self.target))
            or (shipped.done and all_there)
            or (loose is not None and loose.arrived)
        )
        result.planned_at = self._day(view.requests, view.promises, (_DOCK,), covered, result.done)
        result.due_at = self._promised(result, (_DOCK,), covered)
        result.estimated_at = self._estimate(loose, done=result.done)
        if result.done:
            when = self._arrival(loose)
            result.actual_at, result.date_only = when.at, when.date_only
        return result

    def _covered(self, *, all_there: bool) -> Decimal:
        """How much has arrived. What is missing of a shipment that came is short, not still to arrive."""
        there = sum((quantity for shipment, quantity in self.consignments if shipment.arrived), ZERO)
        if all_there:
            there = self.view.shipped or there
        return max(there, self.view.received or ZERO)

    def _unannounced(self) -> bool:
        """The partner sends no ship notices: the goods may come at any time once the order is out."""
        return "shipped" in self.terms.not_sent and self.header.released.done

    def _all_there(self) -> bool:
        """Every shipment has arrived, or as many receipts as shipments were told."""
        if self.view.receipts >= self.view.shipments > 0:
            return True
        return all(shipment.arrived for shipment, _ in self.consignments)

    def _estimate(self, loose: Consignment | None, *, done: bool) -> dt.datetime | None:
        if not self.consignments and loose is None:
            return None
        shipments = self._shipments(loose)
        if done:
            return max([each.estimated_at for each in shipments if each.estimated_at], default=None)
        return min(
            [each.estimated_at for each in shipments if each.estimated_at and not each.arrived], default=None
        )

    def _shipments(self, loose: Consignment | None) -> list[Consignment]:
        return [shipment for shipment, _ in self.consignments] or ([loose] if loose else [])

    def _arrival(self, loose: Consignment | None) -> Moment:
        told = [each.arrived_at for each in self._shipments(loose)]
        if told and None not in told:
            return latest(moment(at) for at in told)
        return self._received_at()

    def _received_at(self) -> Moment:
        if self.receipts is None:
            return UNTOLD
        if self.came is None:
            steps = [(receipt_moment(fact), quantity) for fact, quantity in self.receipts.steps]
            self.came = reached(steps, self.target)
        return self.came

    def received(self, shipped: Milestone, arrived: Milestone) -> Milestone:
        view = self.view
        result = Milestone("received", waits=not (arrived.done or self.receipts))
        all_in = bool(self.consignments) and view.receipts >= view.shipments
        covered = ZERO
        if self.in_parts:
            covered = max(view.received or ZERO, (view.shipped or ZERO) if all_in else ZERO)
        result.done = self.receipts is not None and (
            _covers(view.received, self.target) or (shipped.done and all_in)
        )
        result.planned_at = self._day(view.requests, view.promises, (_AVAILABLE,), covered, result.done)
        if arrived.done and arrived.actual_at is not None:
            result.due_at = add_hours(self.terms.calendar, arrived.actual_at, self.terms.receipt_hours)
        else:
            result.due_at = self._promised(result, (_AVAILABLE,), covered)
            if not result.done:
                result.estimated_at = arrived.estimated_at
        if result.done:
            when = self._received_at()
            result.actual_at, result.date_only = when.at, when.date_only
        return result

    def invoiced(self, shipped: Milestone, received: Milestone) -> Milestone:
        view = self.view
        result = Milestone("invoiced", waits=not (self.consignments or self.receipts))
        wanted = _least(
            self.target, view.shipped if shipped.done else None, view.received if received.done else None
        )
        result.done = self.bills is not None and _covers(view.invoiced, wanted)
        if self.consignments and view.invoiced and not (result.done or shipped.done):
            # All that left is billed: the next bill waits for the next shipment.
            result.waits = view.invoiced >= (view.shipped or ZERO)
        starts = self._bills_start()
        if result.done:
            start = reached(starts, wanted)
        else:
            start = reached(starts, view.invoiced or ZERO, beyond=True)
        if start.at is not None:
            result.due_at = add_hours(self.terms.partner_calendar, start.at, self.terms.invoice_hours)
            result.planned_at = result.due_at
        if result.done:
            when = self._invoiced_at(wanted)
            result.actual_at, result.date_only = when.at, when.date_only
        return result

    def _bills_start(self) -> list[tuple[Moment, Decimal]]:
        """From when on bills are waited for: since the goods left, of a partner without notices came."""
        if self.consignments:
            return [(_billed_from(shipment), quantity) for shipment, quantity in self.consignments]
        if self.receipts is not None and "shipped" in self.terms.not_sent:
            return [(receipt_moment(fact), quantity) for fact, quantity in self.receipts.steps]
        return []

    def _invoiced_at(self, wanted: Decimal | None) -> Moment:
        if self.bills is None:
            return UNTOLD
        return reached([(invoice_moment(fact), quantity) for fact, quantity in self.bills.steps], wanted)

    def matched(self, shipped: Milestone, received: Milestone, invoiced: Milestone) -> Milestone:
        """Order, receipt and invoice agree; without a receipt of ours order, shipment and invoice."""
        view = self.view
        taken_in = "received" not in never(self.header.kind)
        there = received if taken_in else shipped
        came = view.received if taken_in else view.shipped
        result = Milestone("matched", waits=not (there.done and invoiced.done))
        if result.waits:
            return result
        both = _when(invoiced if _is_later(invoiced, there) else there)
        if both.at is not None and there.actual_at and invoiced.actual_at:
            result.due_at = add_hours(self.terms.calendar, both.at, self.terms.match_hours)
        result.done = came == view.invoiced and _is_priced_as_ordered(view)
        if result.done:
            # They agree since the last bill or credit note, which may have come after all was billed.
            agreed = latest((both, *self._billed_at()))
            result.actual_at, result.date_only = agreed.at, agreed.date_only
        return result

    def _billed_at(self) -> list[Moment]:
        return [] if self.bills is None else [invoice_moment(fact) for fact, _ in self.bills.steps]


def _is_priced_as_ordered(view: LineView) -> bool:
    """Whether all that is billed is billed at the price of the order, as far as there is one."""
    price = view.unit_price
    return price is None or all(billed == price for billed in view.billed_prices)


def _billed_from(shipment: Consignment) -> Moment:
    """From when on a bill is waited for."""
    return shipment.left if shipment.gone_by else Moment(shipment.shipped_at or shipment.noticed_at)


def _least(*quantities: Decimal | None) -> Decimal | None:
    """The least of those that are known."""
    found: Decimal | None = None
    for each in quantities:
        if each is not None and (found is None or each < found):
            found = each
    return found


def _says_the_same(asked: list[Dated], promised: list[Dated]) -> bool:
    """Whether it is all one which of both is looked at first: both name one day, and the same."""
    if len(asked) > 1 or len(promised) > 1:
        return False
    return asked[0].date == promised[0].date and asked[0].basis == promised[0].basis


def _when(step: Milestone) -> Moment:
    return Moment(step.actual_at, step.date_only)


def _is_later(step: Milestone, other: Milestone) -> bool:
    """Whether a step was taken after another, as far as that is known."""
    if step.actual_at is None or other.actual_at is None:
        return other.actual_at is None
    return step.actual_at > other.actual_at


def _covers(quantity: Decimal | None, target: Decimal | None) -> bool:
    """Whether the quantity is all that is to come; where nobody said how much that is, any will do."""
    if quantity is None or quantity <= 0:
        return False
    return target is None or quantity >= target


def _pending(dates: list[Dated], covered: Decimal, done: bool) -> dt.date | None:
    """The day whose quantity is not covered yet; the last one when all is done."""
    if not dates:
        return None
    days = [each.date for each in dates if each.date is not None]
    if done or not days:
        return max(days, default=None)
    reach = ZERO
    for each in dates:
        if each.date is None:
            continue
        if each.quantity is None:
            return each.date
        reach += each.quantity
        if reach > covered:
            return each.date
    return max(days)


def order_milestones(lines: list[LineView], header: Header, first_answer: Moment | None) -> list[Milestone]:
    """The milestones of the whole order: done when all lines that have the step are done."""
    counted = [line for line in lines if line.known] or lines
    if not counted:
        return _without_lines(header, first_answer)
    if len(counted) == 1:
        return [header.ordered, header.released, *counted[0].milestones[2:]]
    # Lines that share their milestones add nothing to one of them.
    apart = list({id(line.milestones): line.milestones for line in counted}.values())
    result = [header.ordered, header.released]
    if len(apart) == 1:
        return result + [each if _sums_up(each) else _summed(each.name, [each]) for each in apart[0][2:]]
    for position, name in enumerate(MILESTONES[2:], start=2):
        result.append(_summed(name, [milestones[position] for milestones in apart]))
    return result


def _sums_up(step: Milestone) -> bool:
    """Whether what a step is of all lines is also what it is of the order."""
    if not step.applicable:
        return False
    return not step.waits if step.done else step.actual_at is None


def _summed(name: MilestoneName, parts: list[Milestone]) -> Milestone:
    """One step of the whole order: while some lines lack it the earliest of those, then the last."""
    having = [each for each in parts if each.applicable]
    if not having:
        return Milestone(name, applicable=False, unclocked=parts[0].unclocked)
    first = having[0]
    if _sums_up(first) and having.count(first) == len(having):
        return first
    left = [each for each in having if not each.done]
    result = Milestone(name, done=not left, waits=bool(left) and all(each.waits for each in left))
    pick = min if left else max
    chosen = left or having
    result.planned_at = pick([each.planned_at for each in chosen if each.planned_at], default=None)
    result.due_at = pick([each.due_at for each in chosen if each.due_at], default=None)
    result.estimated_at = pick([each.estimated_at for each in chosen if each.estimated_at], default=None)
    if not left:
        times = [(each.actual_at, each.date_only) for each in having if each.actual_at]
        if len(times) == len(having):
            result.actual_at, result.date_only = max(times)
    return result


def _without_lines(header: Header, first_answer: Moment | None) -> list[Milestone]:
    """An order nobody named a line of: only its head is known."""
    acknowledged = Milestone("acknowledged", waits=not header.released.done, done=first_answer is not None)
    if header.released.done:
        acknowledged.due_at = acknowledged.planned_at = header.answer_due_at
    if first_answer is not None:
        acknowledged.actual_at, acknowledged.date_only = first_answer.at, first_answer.date_only
    excluded = never(header.kind)
    later = [Milestone(name, waits=True, applicable=name not in excluded) for name in MILESTONES[3:]]
    leave_out([acknowledged, *later], header.terms)
    return [header.ordered, header.released, acknowledged, *later]


def answer_due(orders: list[Fact], released: Milestone, terms: Terms) -> dt.datetime | None:
    """By when the supplier should answer: the day the order names, else the partner's hours after release."""
    for fact in orders:
        if isinstance(fact.document, OrderPlaced) and fact.document.answer_due_at is not None:
            return fact.document.answer_due_at
    if released.actual_at is None:
        return None
    return add_hours(terms.partner_calendar, released.actual_at, terms.acknowledgement_hours)
