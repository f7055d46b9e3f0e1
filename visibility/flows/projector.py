"""The state of one order from everything that was told of it.

    facts --settle--> documents that stand --read--> lines --milestones--> FlowView

`derive` is a pure function of the *set* of facts: whatever order they came in, however often they were
told and by however many witnesses, the same set gives the same view. It reads no clock: what is late is
asked of the view later (`Milestone.state`). Linear in the number of facts.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from operator import attrgetter
from typing import Any

from msgspec import structs

from visibility.canonical.documents import (
    AnyDocument,
    Document,
    DocumentAdvised,
    GoodsReceived,
    InvoiceReceived,
    OpeningBalance,
    OrderAcknowledged,
    OrderChanged,
    OrderPlaced,
    OrderRef,
    OrderReleased,
    Party,
    PaymentStatus,
    RequisitionStatus,
    ServiceAccepted,
    ShipmentNotified,
    TenderAnswered,
    TransportStatus,
)
from visibility.flows.accepted import read_accepted
from visibility.flows.accounts import learn_codes
from visibility.flows.advised import read_advised, read_declined
from visibility.flows.amounts import ZERO, tidy
from visibility.flows.answers import change_named, read_answers
from visibility.flows.awaited import note_moments, read_awaited
from visibility.flows.bills import read_bills
from visibility.flows.changes import known_to, read_changes, read_closings
from visibility.flows.counts import counts_of, read_counts, tell_steps
from visibility.flows.golive import stop_clocks
from visibility.flows.hearing import hear
from visibility.flows.identity import Settled
from visibility.flows.lines import (
    Book,
    called_off,
    order_facts,
    order_of_book,
    read_orders,
    sorted_dates,
)
from visibility.flows.matching import Answer, Draft, Tally
from visibility.flows.milestones import Header, answer_due, line_milestones, order_milestones, told_of
from visibility.flows.mirrors import read_mirrors
from visibility.flows.moments import UNTOLD, Moment, moment, on, told_at, was_before
from visibility.flows.movements import Moved, moved, read_invoices, read_receipts, read_shipments
from visibility.flows.opening import carry, is_listened_to, mark_opened
from visibility.flows.sharing import share_out
from visibility.flows.state import Fact, FlowView, LineView, Milestone, Terms, Units
from visibility.flows.withdrawals import told_anew

_NOBODY = Party()
_NO_ANSWER = Answer(confirmed=None, backordered=None, held=None, rejected=None, deleted=None)
# Who tells of the parties of an order, best first.
_TELLERS: tuple[type[Document], ...] = (
    OrderChanged,
    OrderReleased,
    OrderAcknowledged,
    ShipmentNotified,
    GoodsReceived,
    InvoiceReceived,
    TransportStatus,
)


def derive(*, facts: list[Fact], terms: Terms, units: Units, order: OrderRef | None = None) -> FlowView:
    """The view of one order. `order` names it where its facts may speak of other orders too.

    Raises nothing for odd facts: what does not fit is a line of its own, or said in words.
    """
    settled = hear(facts, terms.ownership)
    share_out(settled)
    if OpeningBalance in settled.standing:
        carry(settled, zone=terms.calendar.zone)
    own = order or own_order(settled)
    orders = order_facts(settled)
    by_line = bool(orders) and any(_is_by_line(fact) for fact in orders)
    book = Book(units=units, own=own, placed=bool(orders), by_line=by_line)
    read_orders(book, settled)
    if settled.opened:
        mark_opened(book, settled)
    if settled.silenced:
        learn_codes(book, settled)
    read_changes(book, settled)
    read_answers(book, settled, adds=terms.answers_add)
    consignments = read_shipments(book, settled)
    read_receipts(book, settled)
    read_invoices(book, settled)
    read_closings(book, settled)
    counts = read_counts(book, settled)

    view = FlowView(
        placed=bool(orders),
        cancelled=called_off(settled),
        conflicts=settled.conflicts,
        by_line=by_line,
        counts=counts,
    )
    _fill_head(view, own, orders, settled)
    released = _released(view, settled)
    header = Header(
        terms=terms,
        kind=view.kind,
        ordered=_ordered(view, orders),
        released=released,
        answer_due_at=answer_due(orders, released, terms),
        consignments=consignments,
    )
    if settled.mirrored:
        view.mirrored = sorted(fact.id for fact in settled.mirrored)
    mirrors = read_mirrors(book, settled, terms)
    accepted = read_accepted(book, settled)
    drafts = order_of_book(book)
    alone = by_line or len(drafts) == 1
    before: tuple[object, ...] | None = None
    for draft in drafts:
        there = moved(draft)
        line = _line_view(draft, view, there)
        if mirrors:
            line.mirrors = mirrors.get(id(draft), line.mirrors)
        line.accepted = accepted.get(id(draft))
        note_moments(line=line, draft=draft, there=there)
        told = None if alone else told_of(draft, line, there)
        if told is not None and told == before:
            line.milestones = view.lines[-1].milestones
        else:
            shared = _header_of(draft, header) if by_line else header
            line.milestones = line_milestones(draft, line, shared, there)
        before = told
        view.lines.append(line)
    answers = settled.of(OrderAcknowledged)
    view.milestones = order_milestones(view.lines, header, told_at(answers[0]) if answers else None)
    _finish(view, book, settled, terms)
    return view


def _finish(view: FlowView, book: Book, settled: Settled, terms: Terms) -> None:
    """Say which clocks of the order run, what else it waits for, and what its bills say beside the goods."""
    if InvoiceReceived in settled.standing:
        view.charges, view.billed_twice = read_bills(book, settled)
    if DocumentAdvised in settled.standing:
        view.refused = read_advised(settled)
    if TenderAnswered in settled.standing:
        view.declined = read_declined(settled)
    stopped = not is_listened_to(settled, terms) and stop_clocks(view, terms=terms, told=settled.every)
    tell_steps(view)
    if not stopped:
        view.awaited = read_awaited(view=view, terms=terms, told=settled.every)


def _is_by_line(fact: Fact) -> bool:
    return isinstance(fact.document, OrderPlaced) and fact.document.by_line


def _header_of(draft: Draft, header: Header) -> Header:
    """The same for one line of an order that is told line by line: each is ordered by itself."""
    ordered = Milestone("ordered", done=draft.ordered_by is not None or draft.known)
    if draft.ordered_by is not None:
        when = _ordered_at(draft.ordered_by)
        ordered.actual_at, ordered.date_only = when.at, when.date_only
    return structs.replace(header, ordered=ordered, kind=draft.kind or header.kind)


def own_order(settled: Settled) -> OrderRef | None:
    """Which order the facts are of, as far as they alone can tell.

    Order documents and answers are of one order. A ship notice or an invoice may be of many; the one that
    most of the documents name is meant, of equals the smallest.
    """
    for kind in (OrderPlaced, OpeningBalance, OrderChanged, OrderReleased, OrderAcknowledged):
        for fact in settled.every:
            if type(fact.document) is kind and fact.document.order is not None:
                return fact.document.order
    named: Counter[tuple[str, str]] = Counter()
    refs: dict[tuple[str, str], OrderRef] = {}
    for fact in settled.every:
        own = {(ref.number, ref.release): ref for ref in _refs(fact.document)}
        named.update(own.keys())
        for key, ref in own.items():
            refs.setdefault(key, ref)
    if not named:
        return None
    return refs[min(named, key=lambda key: (-named[key], key))]


def _refs(document: AnyDocument) -> Iterable[OrderRef]:
    if document.order is not None:
        yield document.order
    for line in getattr(document, "lines", ()):
        if line.order is not None:
            yield line.order


def _fill_head(view: FlowView, own: OrderRef | None, orders: list[Fact], settled: Settled) -> None:
    """What is known of the order as a whole; the order documents say it first, then whoever does."""
    if own is not None:
        view.number, view.release, view.scheme = own.number, own.release, own.scheme
    for fact in orders:
        document = fact.document
        assert isinstance(document, OrderPlaced)
        view.kind = view.kind or document.kind
        view.currency = view.currency or document.currency
        view.ordered_on = _first_day(view, document)
        if document.order is not None and not view.release:
            view.release = document.order.release
    if orders:
        view.units = orders[0].document.units
    elif settled.every:
        view.units = settled.every[0].document.units
    _fill_parties(view, orders, settled)
    for fact in settled.of(OrderAcknowledged):
        document = fact.document
        assert isinstance(document, OrderAcknowledged)
        view.answered = True
        view.supplier_order = document.supplier_order or view.supplier_order
        view.answers_untold = view.answers_untold or document.coverage == "untold"
    invoices = settled.of(InvoiceReceived)
    if not view.currency:
        for fact in invoices:
            assert isinstance(fact.document, InvoiceReceived)
            view.currency = view.currency or fact.document.currency
    view.shipments = _numbers(settled.of(ShipmentNotified))
    view.receipts = _numbers(settled.of(GoodsReceived))
    view.invoices = _numbers(invoices)
    view.last_fact_at = max([at for fact in settled.every if (at := _happened(fact))], default=None)


def _first_day(view: FlowView, document: OrderPlaced) -> dt.date | None:
    """The day of the order document that counts; of an order told line by line that of its first line."""
    if view.by_line and view.ordered_on and document.ordered_on:
        return min(view.ordered_on, document.ordered_on)
    return view.ordered_on or document.ordered_on


def _fill_parties(view: FlowView, orders: list[Fact], settled: Settled) -> None:
    if not _are_all_told(view, orders):
        for kind in _TELLERS:
            if _are_all_told(view, settled.of(kind)):
                break
    if settled.silenced:
        _are_all_told(view, settled.silenced.get(OrderPlaced, []))


def _are_all_told(view: FlowView, facts: list[Fact]) -> bool:
    """Take the parties that are not known yet from these facts; whether all are known then."""
    for fact in facts:
        document = fact.document
        if view.supplier == _NOBODY:
            view.supplier = document.supplier
        if view.buyer == _NOBODY:
            view.buyer = document.buyer
        if view.ship_to == _NOBODY:
            view.ship_to = document.ship_to
    return _NOBODY not in (view.supplier, view.buyer, view.ship_to)


def _numbers(facts: list[Fact]) -> list[str]:
    if not facts:
        return []
    return list(dict.fromkeys([number for f in facts if (number := getattr(f.document, "number", ""))]))


_HAPPENED: dict[type[Document], Callable[[Any], dt.datetime | None]] = {
    TransportStatus: attrgetter("occurred_at"),
    GoodsReceived: attrgetter("received_at"),
    OpeningBalance: attrgetter("as_of"),
    ServiceAccepted: attrgetter("accepted_at"),
    PaymentStatus: attrgetter("occurred_at"),
    RequisitionStatus: attrgetter("occurred_at"),
    OrderPlaced: lambda document: document.issued_at or document.released_at,
    OrderReleased: lambda document: document.issued_at or document.released_at,
}


def _happened(fact: Fact) -> dt.datetime | None:
    """When what a fact tells of happened, or was told."""
    document = fact.document
    happened = _HAPPENED.get(type(document))
    at = (happened and happened(document)) or document.issued_at or fact.envelope_at
    return at if at is None or at.tzinfo is dt.UTC else at.astimezone(dt.UTC)


def _ordered_at(fact: Fact) -> Moment:
    """The day an order document says it was ordered on, else when it was made; the hour where it is told."""
    document = fact.document
    assert isinstance(document, OrderPlaced)
    exact = moment(document.issued_at)
    if exact.at is not None and not exact.date_only and document.ordered_on in (None, exact.at.date()):
        return exact
    return on(document.ordered_on) if document.ordered_on else told_at(fact)


def _ordered(view: FlowView, orders: list[Fact]) -> Milestone:
    result = Milestone("ordered", done=view.placed)
    if view.by_line:
        told = [when for fact in orders if (when := _ordered_at(fact)).at is not None]
        when = min(told, key=lambda each: (each.at, each.date_only), default=UNTOLD)
        result.actual_at, result.date_only = when.at, when.date_only
    elif orders:
        when = on(view.ordered_on) if view.ordered_on else told_at(orders[0])
        exact = moment(orders[0].document.issued_at)
        if exact.at is not None and not exact.date_only and view.ordered_on in (None, exact.at.date()):
            when = exact
        result.actual_at, result.date_only = when.at, when.date_only
    return result


def _released(view: FlowView, settled: Settled) -> Milestone:
    """The first release told, of an order told anew the first since then.

    An answer shows that the supplier had the order, not since when.
    """
    anew = told_anew(settled)
    released: list[dt.datetime | None] = []
    for fact in settled.every:
        document = fact.document
        if not isinstance(document, OrderPlaced) or document.purpose == "cancel":
            continue
        if (document.released_at or fact.witness == "edi") and (anew is None or not was_before(fact, anew)):
            released.append(document.released_at or fact.envelope_at)
    for fact in settled.of(OrderReleased):
        assert isinstance(fact.document, OrderReleased)
        if anew is None or not was_before(fact, anew):
            released.append(fact.document.released_at)
    result = Milestone("released", waits=not view.placed, done=bool(released) or view.answered)
    when = moment(min([at for at in released if at is not None], default=None))
    result.actual_at, result.date_only = when.at, when.date_only
    view.released_at = when.at
    return result


def _quantity(tally: Tally | None) -> Decimal | None:
    """None where some of it was told without its quantity: then the whole is not known either."""
    return None if tally is None or tally.untold or tally.quantity is None else tidy(tally.quantity)


def _amount(tally: Tally) -> Decimal | None:
    """What is billed in money after credits; None where a price is not known."""
    if tally.untold or tally.quantity is None or sum(tally.prices.values(), ZERO) != tally.quantity:
        return None
    return tidy(sum([price * quantity for price, quantity in tally.prices.items()], ZERO))


def _line_view(draft: Draft, flow: FlowView, there: Moved) -> LineView:
    """A gathered line as it is shown."""
    answer = draft.answer or _NO_ANSWER
    view = LineView(  # in its order: the first fields are told of most lines
        draft.line,
        draft.item,
        draft.unit,
        draft.ordered,
        draft.original_ordered,
        answer.confirmed,
        answer.backordered,
        answer.held,
        answer.rejected,
        answer.deleted,
    )
    view.unit_price, view.currency, view.worth = draft.unit_price, flow.currency, draft.worth
    view.known, view.closed, view.cancelled = draft.known, draft.closed, draft.cancelled
    view.blocked = draft.blocked
    if draft.unconvertible:
        view.unconvertible = list(draft.unconvertible)
    if draft.counts:
        view.counts = counts_of(draft)
    if draft.asked is not None:
        _show_change(draft, view, there.shipped)
    if draft.requests:
        view.requests = sorted_dates(draft.requests)
    if draft.answer is not None:
        _show_answer(draft.answer, view)
        if view.change_unanswered and _takes_the_answer(view):
            view.change_unanswered, view.answered_against = False, None
    _show_moved(there, view, draft.closed_by)
    return view


def _takes_the_answer(view: LineView) -> bool:
    """Whether the last change does no more than take the answer: it lowers the line to what was confirmed.

    The supplier has said yes to that already.
    """
    before, now = view.answered_against, view.ordered
    if before is None or now is None or view.confirmed != now or now >= before:
        return False
    return view.confirmed_price is None or view.confirmed_price == view.unit_price


def _since(word: Fact, shipped: Tally) -> Decimal | None:
    """What was shipped by notices that were certainly made after that word; None where nothing was."""
    after = [
        quantity for fact, quantity in shipped.steps if isinstance(fact, Fact) and was_before(word, fact)
    ]
    return tidy(sum(after, ZERO)) if after else None


def _show_moved(there: Moved, view: LineView, closed_by: Fact | None) -> None:
    shipped, received, invoiced = there.shipped, there.received, there.invoiced
    if shipped is not None:
        view.shipped = _quantity(shipped)
        view.shipments = shipped.documents
        view.shipment_numbers = list(shipped.numbers)
        if view.closed and closed_by is not None:
            view.shipped_closed = _since(closed_by, shipped)
    if received is not None:
        view.received = _quantity(received)
        view.damaged = None if received.damaged is None else tidy(received.damaged)
        view.receipts = received.documents
    if invoiced is not None:
        view.invoiced = _quantity(invoiced)
        view.billed_prices = [price for price, quantity in invoiced.prices.items() if quantity > 0]
        view.invoiced_price = view.billed_prices[-1] if view.billed_prices else None
        view.invoiced_amount = _amount(invoiced)


def _show_change(draft: Draft, view: LineView, shipped: Tally | None) -> None:
    """Whether the last change waits for an answer. Goods shipped since are one.

    Where they are all that is ordered the supplier goes along, and what he answered before is of the past.
    """
    assert draft.asked is not None
    sent_since = shipped is not None and any(
        isinstance(fact, Fact) and was_before(draft.asked, fact) for fact, _ in shipped.steps
    )
    view.change_unanswered = not sent_since and (draft.answer is not None or draft.added is not None)
    sent = shipped.quantity if shipped is not None and sent_since else None
    goes_along = sent is not None and draft.ordered is not None and sent >= draft.ordered
    if (view.change_unanswered or goes_along) and draft.answer_by is not None:
        view.answered_against = known_to(draft, draft.answer_by, change_named(draft.answer_by))


def _show_answer(answer: Answer, view: LineView) -> None:
    view.answered = True
    view.promises = answer.promises
    view.backorders = answer.backorders
    view.soft = answer.soft
    view.substitute = answer.substitute
    view.answer_codes = answer.codes
    view.answer_classes = answer.classes
    view.reject_reason = answer.reason
    view.confirmed_price = answer.price
