"""What happened to the lines of an order of which nobody told how much: counted, not added up.

A history may say that goods came four times and went back once, and no quantity. Then the quantities of the
line stay unknown; how often it happened, and when first and last, is kept beside them. Each document is read
once, so the cost is linear in what was told. Of each line and kind the best witness counts.
"""

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct, structs

from visibility.canonical.documents import (
    Document,
    GoodsReceived,
    InvoiceIssued,
    InvoiceReceived,
    Line,
    LineChange,
    OrderAcknowledged,
    OrderChanged,
    OrderLineBlocked,
    PaymentStatus,
    RequisitionStatus,
    ServiceAccepted,
)
from visibility.flows.identity import Settled, takes_back
from visibility.flows.lines import Book
from visibility.flows.matching import Draft
from visibility.flows.moments import UNTOLD, Moment, moment, on, told_at
from visibility.flows.state import Count, CountKind, Fact, FlowView, Milestone, MilestoneName
from visibility.flows.witnesses import INVOICES, RECEIPTS

_PAYMENTS: dict[str, CountKind] = {
    "blocked": "payment_blocked",
    "released": "payment_released",
    "paid": "paid",
}
_STEPS: dict[CountKind, MilestoneName] = {
    "received": "received",
    "accepted": "accepted",
    "invoiced": "invoiced",
    "paid": "paid",
}
_ORDER: tuple[MilestoneName, ...] = (
    "ordered",
    "released",
    "acknowledged",
    "shipped",
    "arrived",
    "received",
    "accepted",
    "invoiced",
    "matched",
    "paid",
)
_EXTRA: tuple[MilestoneName, ...] = ("accepted", "paid")
"""Steps that only orders of which they were told have."""


class _Event(Struct, frozen=True, gc=False):
    """Something a document tells of lines (none: of the order as a whole)."""

    kind: CountKind
    back: bool
    when: Moment
    rank: int
    drafts: tuple[Draft, ...]


def read_counts(book: Book, settled: Settled) -> list[Count]:
    """Count on each line what was told of it without its extent; the counts of the whole order.

    A document about several lines counts once for the order. Learns also whether lines are blocked.
    """
    events: list[_Event] = []
    for kind, facts in settled.standing.items():
        read = _READERS.get(kind)
        if read is not None:
            events += [event for fact in facts if (event := read(book, fact, settled)) is not None]
    for event in events:
        for draft in event.drafts:
            _add(draft.counts.setdefault(event.kind, {}), event)
    return _of_order(events)


def _add(ranked: dict[int, Count], event: _Event) -> None:
    count = ranked.get(event.rank)
    if count is None:
        count = ranked[event.rank] = Count(event.kind)
    if event.back:
        count.taken_back += 1
        return
    count.times += 1
    when = event.when
    if when.at is None:
        return
    if count.first_at is None or when.at < count.first_at:
        count.first_at = when.at
    if count.last_at is None or when.at >= count.last_at:
        count.last_at, count.date_only = when.at, when.date_only


def _of_order(events: Sequence[_Event]) -> list[Count]:
    """What counts on any line, or is about none of them, once for each document."""
    best: dict[CountKind, dict[int, Count]] = {}
    for event in events:
        if not event.drafts or any(min(draft.counts[event.kind]) == event.rank for draft in event.drafts):
            own = structs.replace(event, rank=0)
            _add(best.setdefault(event.kind, {}), own)
    return _best(best)


def _best(counts: dict[CountKind, dict[int, Count]]) -> list[Count]:
    return [counts[kind][min(counts[kind])] for kind in sorted(counts)]


def counts_of(draft: Draft) -> list[Count]:
    """The counts of a line, of the best witness of each kind."""
    return _best(draft.counts)


def _drafts(book: Book, fact: Fact, lines: Iterable[Line]) -> tuple[Draft, ...]:
    """The lines of the order that a document speaks of; one that it does not have is a line of its own."""
    document, used, found = fact.document, set[int](), list[Draft]()
    for line in lines:
        if not book.concerns(line, document.order):
            continue
        is_named = line.line.strip() or line.item.buyer or line.item.vendor or line.item.gtin
        draft = book.match(line, used, document.units) if is_named else book.index.find(line, used)
        if draft is not None and draft not in found:
            found.append(draft)
    return tuple(found)


def _event(
    book: Book,
    fact: Fact,
    kind: CountKind,
    rank: int,
    *,
    lines: Sequence[Line],
    when: Moment = UNTOLD,
    back: bool = False,
) -> _Event | None:
    document = fact.document
    if document.purpose == "cancel":
        return None
    drafts = _drafts(book, fact, lines)
    if lines and not drafts:
        return None  # all of it is about other orders
    return _Event(kind, back, when if when.at is not None else told_at(fact), rank, drafts)


def _untold(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.quantity is None]


def _receipt(book: Book, fact: Fact, settled: Settled) -> _Event | None:
    document = fact.document
    assert isinstance(document, GoodsReceived)
    lines = _untold(document.lines)
    if not lines or document.reverses:
        return None
    rank = settled.hearing.rank("receipt", fact)
    back = takes_back(document)
    return _event(book, fact, "received", rank, lines=lines, when=moment(document.received_at), back=back)


def _invoice(book: Book, fact: Fact, settled: Settled) -> _Event | None:
    document = fact.document
    assert isinstance(document, InvoiceReceived)
    lines = list(document.lines) if document.kind == "subsequent" else _untold(document.lines)
    if not lines or document.corrects:
        return None
    rank = settled.hearing.rank("invoice", fact)
    kind: CountKind = "adjusted" if document.kind == "subsequent" else "invoiced"
    when = on(document.invoiced_on)
    return _event(book, fact, kind, rank, lines=lines, when=when, back=takes_back(document))


def _answer(book: Book, fact: Fact, settled: Settled) -> _Event | None:
    document = fact.document
    assert isinstance(document, OrderAcknowledged)
    if document.coverage != "untold":
        return None
    return _event(book, fact, "confirmed", settled.hearing.rank("answer", fact), lines=document.lines)


def _change(book: Book, fact: Fact, settled: Settled) -> _Event | None:
    document = fact.document
    assert isinstance(document, OrderChanged)
    lines: list[LineChange] = [line for line in document.lines if line.untold]
    if not lines:
        return None
    return _event(book, fact, "changed", settled.hearing.rank("change", fact), lines=lines)


def _service(book: Book, fact: Fact, settled: Settled) -> _Event | None:  # noqa: ARG001
    document = fact.document
    assert isinstance(document, ServiceAccepted)
    rank, lines = RECEIPTS[fact.witness], document.lines
    return _event(
        book, fact, "accepted", rank, lines=lines, when=moment(document.accepted_at), back=document.reversal
    )


def _issued(book: Book, fact: Fact, settled: Settled) -> _Event | None:  # noqa: ARG001
    document = fact.document
    assert isinstance(document, InvoiceIssued)
    when = on(document.invoiced_on)
    return _event(book, fact, "issued", INVOICES[fact.witness], lines=document.lines, when=when)


def _payment(book: Book, fact: Fact, settled: Settled) -> _Event | None:  # noqa: ARG001
    document = fact.document
    assert isinstance(document, PaymentStatus)
    kind, rank = _PAYMENTS[document.status], RECEIPTS[fact.witness]
    return _event(book, fact, kind, rank, lines=document.lines, when=moment(document.occurred_at))


def _requisition(book: Book, fact: Fact, settled: Settled) -> _Event | None:  # noqa: ARG001
    document = fact.document
    assert isinstance(document, RequisitionStatus)
    rank = RECEIPTS[fact.witness]
    return _event(book, fact, "requisition", rank, lines=document.lines, when=moment(document.occurred_at))


def _block(book: Book, fact: Fact, settled: Settled) -> _Event | None:  # noqa: ARG001
    """The latest word on a line says whether it is blocked; facts come in that order."""
    document = fact.document
    assert isinstance(document, OrderLineBlocked)
    event = _event(book, fact, "blocked", RECEIPTS[fact.witness], lines=document.lines, back=document.lifted)
    if event is not None:
        for draft in event.drafts or tuple(book.lines):
            draft.blocked = not document.lifted
    return event


_READERS: dict[type[Document], Callable[[Book, Fact, Settled], _Event | None]] = {
    GoodsReceived: _receipt,
    InvoiceReceived: _invoice,
    OrderAcknowledged: _answer,
    OrderChanged: _change,
    ServiceAccepted: _service,
    InvoiceIssued: _issued,
    PaymentStatus: _payment,
    RequisitionStatus: _requisition,
    OrderLineBlocked: _block,
}


def tell_steps(view: FlowView) -> None:
    """Put what was counted beside the milestones: a step that happened, in full or not, and when.

    Such a step is never done, due or late: how much of it there is to come nobody knows. What lies before
    it is not waited for any more. Work accepted and payments are steps of those orders that had some.
    """
    if not view.counts:
        return
    told = {_STEPS.get(count.kind) for count in view.counts if count.times}
    extra = [name for name in _EXTRA if name in told]
    for line in view.lines:
        line.milestones = _with_counts(line.milestones, line.counts, extra, gone=line.cancelled)
    view.milestones = _with_counts(view.milestones, view.counts, extra, gone=view.cancelled)


def _with_counts(
    milestones: list[Milestone], counts: Sequence[Count], extra: Sequence[MilestoneName], *, gone: bool
) -> list[Milestone]:
    # The same milestone may be in several lists: what changes is a copy.
    steps = [structs.replace(step) for step in milestones]
    steps += [Milestone(name, waits=True, applicable=not gone) for name in extra]
    steps.sort(key=lambda step: _ORDER.index(step.name))
    counted = {_STEPS[count.kind]: count for count in counts if count.kind in _STEPS and count.times}
    last = max((index for index, step in enumerate(steps) if step.name in counted), default=-1)
    for index, step in enumerate(steps):
        count = counted.get(step.name)
        if count is not None:
            _happened(step, count)
        elif index < last or (step.name == "matched" and {"received", "invoiced"} <= counted.keys()):
            step.waits = False
            if step.name in ("shipped", "arrived") and "received" in counted:
                step.due_at = None  # some came: whether what is due did, nobody said
    return steps


def _happened(step: Milestone, count: Count) -> None:
    """Also of a line given up since, and of an order from before go-live: it did happen."""
    if step.done:
        return
    step.applicable, step.waits, step.due_at, step.unclocked = True, False, None, ""
    step.first_at, step.actual_at, step.date_only = count.first_at, count.last_at, count.date_only
