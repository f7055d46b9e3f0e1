"""Cancellations that find nothing under their own number, and words that end earlier ones.

A status or a release has no number, an answer's cancellation bears a date of its own: what they take back
is found by what it is about. Every comparison is by the documents' own times, never by arrival.
"""

from collections.abc import Callable
from typing import Any

from visibility.canonical.documents import (
    Document,
    GoodsReceived,
    InvoiceReceived,
    OpeningBalance,
    OrderAcknowledged,
    OrderChanged,
    OrderLineClosed,
    OrderPlaced,
    OrderReleased,
    ShipmentNotified,
    TransportStatus,
)
from visibility.canonical.keys import normalise
from visibility.flows.identity import (
    Ended,
    How,
    Settled,
    answer_series,
    document_key,
    issued_key,
    later,
    number_of,
)
from visibility.flows.moments import was_before
from visibility.flows.state import Fact


def withdraw(settled: Settled, lone: list[Fact]) -> None:
    """Apply cancellations without a document of their own number, and corrections of what has none."""
    for cancel in sorted(lone, key=later):
        if isinstance(cancel.document, OrderLineClosed):
            # A closing taken back is a word of its own: the latest word on a line counts.
            closings = settled.standing.setdefault(OrderLineClosed, [])
            closings.append(cancel)
            closings.sort(key=later)
            continue
        if isinstance(cancel.document, OpeningBalance):
            settled.standing.setdefault(OpeningBalance, []).append(cancel)
            continue
        _end(settled, cancel, _targets(settled, cancel), "cancelled")
    for kind in (TransportStatus, OrderReleased):
        for fact in list(settled.of(kind)):
            if fact.document.purpose in ("replace", "change"):
                _end(settled, fact, _targets(settled, fact), "replaced")


def _targets(settled: Settled, word: Fact) -> list[Fact]:
    """The earlier facts of its kind that `word` is about."""
    is_about = _ABOUT.get(type(word.document))
    if is_about is None:
        return []
    earlier = [fact for fact in settled.of(type(word.document)) if later(fact) < later(word)]
    found = [fact for fact in earlier if is_about(word, fact)]
    if isinstance(word.document, OrderChanged) and not word.document.version:
        return found[-1:]  # "cancel the change" means the last one
    return found


def _end(settled: Settled, by: Fact, targets: list[Fact], how: How) -> None:
    if targets:
        settled.ended += [Ended(fact, how, by) for fact in targets]
        kind: type[Document] = type(by.document)
        gone = {id(fact) for fact in targets}
        settled.standing[kind] = [fact for fact in settled.of(kind) if id(fact) not in gone]


def _of_status(word: Fact, fact: Fact) -> bool:
    mine, other = word.document, fact.document
    assert isinstance(mine, TransportStatus)
    assert isinstance(other, TransportStatus)
    if word.witness != fact.witness or mine.status != other.status:
        return False
    if mine.purpose == "cancel" and mine.occurred_at not in (None, other.occurred_at):
        return False
    named, told = _references(mine), _references(other)
    return bool(named & told) or not (named or told)


def _references(status: TransportStatus) -> set[str]:
    numbers = (status.shipment, status.bill_of_lading, status.tracking)
    return {normalise(number) for number in numbers if number.strip()}


def _of_release(word: Fact, fact: Fact) -> bool:
    mine, other = word.document, fact.document
    assert isinstance(mine, OrderReleased)
    assert isinstance(other, OrderReleased)
    return mine.purpose != "cancel" or mine.released_at in (None, other.released_at)


def _of_answer(word: Fact, fact: Fact) -> bool:
    """The answers of the same supplier to the same order, as far as both name his own order."""
    mine, other = word.document, fact.document
    assert isinstance(mine, OrderAcknowledged)
    assert isinstance(other, OrderAcknowledged)
    if answer_series(mine) != answer_series(other):
        return False
    named, told = number_of(mine), number_of(other)
    return named == told or not (named and told)


def _of_change(word: Fact, fact: Fact) -> bool:
    mine, other = word.document.version, fact.document.version
    if not mine:
        return word.witness == fact.witness
    return word.witness == "desk" and mine == other


def _of_number(word: Fact, fact: Fact) -> bool:
    """Our own people take back what a system told; a system takes back its own only."""
    if word.witness != "desk" or number_of(word.document) != number_of(fact.document):
        return False
    kinds = {getattr(each.document, "kind", "") for each in (word, fact)}
    return bool(number_of(word.document)) and len(kinds) == 1


_ABOUT: dict[type[Document], Callable[[Fact, Fact], bool]] = {
    TransportStatus: _of_status,
    OrderReleased: _of_release,
    OrderAcknowledged: _of_answer,
    OrderChanged: _of_change,
    ShipmentNotified: _of_number,
    GoodsReceived: _of_number,
    InvoiceReceived: _of_number,
}


def replace_answers(settled: Settled) -> None:
    """An answer sent as a replacement supersedes all that the supplier answered before."""
    for fact in list(settled.of(OrderAcknowledged)):
        if fact.document.purpose == "replace":
            _end(settled, fact, _targets(settled, fact), "replaced")


def told_anew(settled: Settled) -> Fact | None:
    """The telling that an order which had been called off started over with, if it stands since."""
    if not settled.renewed:
        return None
    standing = {document_key(order) for order in settled.of(OrderPlaced)}
    anew = [fact for fact in settled.renewed if document_key(fact) in standing]
    return max(anew, key=issued_key, default=None)


def _is_by_line(fact: Fact) -> bool:
    return isinstance(fact.document, OrderPlaced) and fact.document.by_line


def outdate_answers(settled: Settled) -> None:
    """An order told anew starts over: changes and answers from before it was called off are of the past.

    One that replaces an order which stood has the earlier changes in it; what was answered stays answered.
    """
    orders = settled.of(OrderPlaced)
    renewed = [anew] if (anew := told_anew(settled)) is not None else []
    # One line told anew says nothing of the changes to others.
    replaced = [fact for fact in orders if fact.document.purpose == "replace" and not _is_by_line(fact)]
    for kinds, words in (
        ((OrderChanged, OrderAcknowledged), renewed),
        ((OrderChanged,), replaced),
    ):
        last: Any = max(words, key=issued_key, default=None)
        for kind in kinds if last is not None else ():
            past = [fact for fact in settled.of(kind) if was_before(fact, last)]
            settled.ended += [Ended(fact, "outdated", last) for fact in past]
            settled.standing[kind] = [fact for fact in settled.of(kind) if not was_before(fact, last)]
