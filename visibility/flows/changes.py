"""What became of the lines after the order was placed: amended, changed, replaced, deleted, given up.

A line that changed keeps what was ordered before and since when (`Draft.told`), so that an answer is read
against the order as it stood when it was given.
"""

from decimal import Decimal

from visibility.canonical.documents import (
    LineChange,
    OrderChanged,
    OrderLine,
    OrderLineClosed,
    OrderPlaced,
)
from visibility.canonical.quantities import UnitScheme
from visibility.flows.amounts import ZERO, tidy
from visibility.flows.identity import Ended, Settled, later
from visibility.flows.lines import Book, called_off, fill, order_facts, take
from visibility.flows.matching import Draft
from visibility.flows.moments import was_before
from visibility.flows.state import Fact

Planned = tuple[Draft, LineChange | None, UnitScheme, int, Fact]
"""A line, its change (None: deleted by silence of a whole order), its units, the witness's rank, the fact."""


def read_changes(book: Book, settled: Settled) -> None:
    """Everything that changed the order's lines, in its order; then whether the order was called off."""
    facts = order_facts(settled)
    if facts and settled.ended:
        _remember_replaced(book, settled, facts[0])
    if len(facts) > 1 and any(fact.document.purpose != "change" for fact in facts):
        for fact in reversed(facts):
            if fact.document.purpose == "change":
                _amend(book, fact)
    if settled.of(OrderChanged):
        _apply(book, settled)
    if settled.cancelled and called_off(settled):
        for draft in book.lines:
            draft.cancelled = True


def _amend(book: Book, fact: Fact) -> None:
    """An order sent again with purpose "change" names only what changes."""
    document = fact.document
    assert isinstance(document, OrderPlaced)
    used: set[int] = set()
    for line in document.lines:
        found = book.index.find(line, used)
        if found is None:
            found = book.new_line(line, document.units, known=True)
            take(book, found, line, document.units)
            found.original_ordered = found.ordered
            found.added = found.asked = fact
        elif not _is_carried(found, fact):
            before = _terms(found)
            take(book, found, line, document.units)
            _note(found, fact, before)


def _is_carried(draft: Draft, fact: Fact) -> bool:
    """Whether an opening balance from after it tells what is ordered."""
    return draft.opened is not None and draft.opened.holds("quantity", fact)


def _remember_replaced(book: Book, settled: Settled, order: Fact) -> None:
    """What the tellings that this order replaced had ordered: answers to them spoke of that.

    A line that only they have is deleted, and stays readable.
    """
    replaced: list[Ended] = [
        each
        for each in settled.ended
        if each.how == "replaced"
        and each.by.document.purpose == "replace"
        and isinstance(each.fact.document, OrderPlaced)
        and not each.fact.document.by_line
        and each.fact.witness == order.witness
    ]
    if not replaced:
        return
    told: dict[int, list[tuple[Fact | None, Decimal | None]]] = {}
    for each in sorted(replaced, key=lambda each: later(each.fact)):
        document = each.fact.document
        assert isinstance(document, OrderPlaced)
        used: set[int] = set()
        for line in document.lines:
            if not book.concerns(line, document.order):
                continue
            draft = book.index.find(line, used)
            if draft is None:
                _keep_dropped(book, line, document.units)
            elif not draft.cancelled and not _is_carried(draft, each.by):
                was = book.quantity(draft, line.quantity, line.unit, document.units, "ordered")
                steps = told.setdefault(id(draft), [(None, was)])
                steps.append((each.by, was))
                steps[-2] = (steps[-2][0], was)
    for draft in book.lines:
        steps = told.get(id(draft), [])
        if draft.cancelled:
            continue
        if not steps:
            if draft.opened is None:
                draft.added = draft.asked = order
        elif steps[-2][1] != draft.ordered:
            draft.told = [*steps[:-1], (steps[-1][0], draft.ordered)]
            draft.asked = steps[-1][0]


def _keep_dropped(book: Book, line: OrderLine, scheme: UnitScheme) -> None:
    draft = book.new_line(line, scheme, known=True)
    take(book, draft, line, scheme)
    draft.original_ordered, draft.cancelled = draft.ordered, True


def _apply(book: Book, settled: Settled) -> None:
    """Changes in their order, per line from the best witness that tells of any change to it."""
    planned: list[Planned] = []
    for fact in settled.of(OrderChanged):
        document = fact.document
        assert isinstance(document, OrderChanged)
        rank = settled.hearing.rank("change", fact)
        used: set[int] = set()
        for change in document.lines:
            if book.concerns(change, document.order):
                draft = _changed_line(book, change, used, document.units)
                planned.append((draft, change, document.units, rank, fact))
        if document.whole:
            silent = [draft for draft in book.lines if id(draft) not in used and draft.known]
            planned += [(draft, None, document.units, rank, fact) for draft in silent]
    if settled.opened:
        planned = [each for each in planned if not _is_carried(each[0], each[4])]
    best: dict[int, int] = {}
    for draft, _, _, rank, _ in planned:
        best[id(draft)] = min(best.get(id(draft), rank), rank)
    for draft, told, scheme, rank, fact in planned:
        if rank == best[id(draft)]:
            _change(book, draft, told, scheme, fact)


def _changed_line(book: Book, change: LineChange, used: set[int], scheme: UnitScheme) -> Draft:
    found = book.index.find(change, used)
    if found is None:
        found = book.new_line(change, scheme, known=(book.placed or book.by_line) and change.op == "add")
        used.add(id(found))
    return found


def _change(book: Book, draft: Draft, change: LineChange | None, scheme: UnitScheme, fact: Fact) -> None:
    if change is None or change.op == "delete":
        draft.cancelled = True
        draft.asked = None  # a cancellation asks for no answer
        return
    before = _terms(draft)
    if change.op in ("add", "replace", "reopen"):
        draft.cancelled = False
    is_new = draft.original_ordered is None and draft.ordered is None and not draft.told
    if change.op in ("add", "replace") and is_new:
        draft.added = fact
    if change.op == "replace":
        draft.ordered, draft.unit_price, draft.requests, draft.worth = None, None, (), None
    if change.untold:
        _forget(draft, change)
    take(book, draft, change, scheme)
    if change.quantity is None and change.delta is not None and draft.ordered is not None:
        more = book.quantity(draft, change.delta, change.unit, scheme, "ordered more")
        draft.ordered = tidy(draft.ordered + (more or ZERO))
    _note(draft, fact, before)
    if draft.original_ordered is None:
        draft.original_ordered = draft.ordered
    merged = fill(change.item, draft.item)
    if merged != draft.item:
        draft.item = merged
        book.index.learn(draft, merged)


def _forget(draft: Draft, change: LineChange) -> None:
    """What is otherwise now, nobody said how, is not known any more."""
    if "quantity" in change.untold:
        draft.ordered = draft.worth = None
    if "price" in change.untold:
        draft.unit_price = draft.worth = None
    if "dates" in change.untold:
        draft.requests = ()


def _terms(draft: Draft) -> tuple[object, ...]:
    return (draft.ordered, draft.cancelled, draft.unit_price, draft.requests)


def _note(draft: Draft, fact: Fact, before: tuple[object, ...]) -> None:
    """Keep what was ordered until this change, and that it waits for an answer."""
    if _terms(draft) == before and draft.added is not fact:
        return
    was = before[0]
    assert was is None or isinstance(was, Decimal)
    if draft.ordered != was and draft.added is not fact:
        if not draft.told:
            draft.told.append((None, was))
        draft.told.append((fact, draft.ordered))
        if draft.ordered == 0 and was:
            draft.cancelled, draft.asked = True, None  # nothing of it is wanted any more
            return
        if was == 0 and draft.ordered:
            draft.cancelled = False
    draft.changes = (*draft.changes, fact.document.version)
    draft.asked = fact


def known_to(draft: Draft, answer: Fact, change: str) -> Decimal | None:
    """How much was ordered of a line as far as an answer can have known.

    `change`: the version of the change that the answer names.
    """
    if not draft.told:
        return draft.ordered
    known = draft.told[0][1]
    for fact, ordered in draft.told[1:]:
        assert fact is not None
        if was_before(answer, fact) and not (change and fact.document.version == change):
            break
        known = ordered
    return draft.ordered if known is None else known


def ordered_for(draft: Draft, answer: Fact, change: str) -> Decimal | None:
    """What "as ordered" means in an answer: what it can have known; less where it is less by now."""
    known = known_to(draft, answer, change)
    return known if known is None or draft.ordered is None else min(known, draft.ordered)


def is_answered(draft: Draft, answer: Fact, change: str) -> bool:
    """Whether an answer speaks of the line as it was last changed."""
    if draft.asked is None:
        return True
    if change:
        return draft.asked.document.version == change
    return not was_before(answer, draft.asked)


def read_closings(book: Book, settled: Settled) -> None:
    """Lines whose open rest was given up, or taken up again; the latest word counts.

    A closing that is cancelled says the opposite.
    """
    for fact in settled.of(OrderLineClosed):
        document = fact.document
        assert isinstance(document, OrderLineClosed)
        closed = document.reopened == (document.purpose == "cancel")
        if not document.lines:
            for draft in book.lines:
                if not _is_carried(draft, fact):
                    draft.closed, draft.closed_by = closed, fact
        used: set[int] = set()
        for line in document.lines:
            if book.concerns(line, document.order):
                found = book.index.find(line, used)
                if found is not None and not _is_carried(found, fact):
                    found.closed, found.closed_by = closed, fact
