"""What partners' applications said of an order's documents, and carriers of its loads: the last word counts.

A word is about one document (its kind and number) or one load. Which is the last does not depend on what
came first: `later` compares. A new order or change told after a refusal takes its place: what was refused
was sent again, corrected.
"""

from collections.abc import Iterable
from typing import Any

from visibility.canonical.documents import (
    DocumentAdvised,
    LoadTendered,
    OrderChanged,
    OrderPlaced,
    TenderAnswered,
)
from visibility.canonical.keys import normalise
from visibility.flows.identity import Settled, issued_key, later
from visibility.flows.state import Declined, Fact, Refused
from visibility.flows.told_beside import advised_name

MOST_FAULTS = 10
_SENT_AGAIN = {"order.placed": OrderPlaced, "order.changed": OrderChanged}


def read_advised(settled: Settled) -> list[Refused]:
    """Documents of the order that stand refused, or accepted with faults, sorted by what they are."""
    last: dict[tuple[str, str], Fact] = {}
    for fact in settled.of(DocumentAdvised):
        document = fact.document
        assert isinstance(document, DocumentAdvised)
        about = (document.about, normalise(document.number))
        if about not in last or later(fact) > later(last[about]):
            last[about] = fact
    return [
        _refused(fact.document)
        for about, fact in sorted(last.items())
        if isinstance(fact.document, DocumentAdvised)
        and fact.document.verdict != "accepted"
        and not _sent_again(settled, about[0], fact)
    ]


def _sent_again(settled: Settled, about: str, refusal: Fact) -> bool:
    kind = _SENT_AGAIN.get(about)
    return kind is not None and any(
        _told_after(fact, refusal) for fact in settled.every if type(fact.document) is kind
    )


def _told_after(fact: Fact, refusal: Fact) -> bool:
    """By the moments of the envelopes: an order's own date seldom says the hour."""
    if fact.envelope_at is None or refusal.envelope_at is None:
        return False
    return fact.envelope_at > refusal.envelope_at


def _refused(document: DocumentAdvised) -> Refused:
    name = advised_name(about=document.about, number=document.number)
    faults = [fault.text for fault in document.faults[:MOST_FAULTS]]
    return Refused(name, document.verdict == "rejected", faults)


def read_declined(settled: Settled) -> list[Declined]:
    """Loads of the order that a carrier declined and nobody else was offered since, sorted by number."""
    last: dict[str, Fact] = {}
    facts: Iterable[Fact] = (*settled.of(TenderAnswered), *settled.of(LoadTendered))
    for fact in facts:
        number = _load_of(fact)
        if number not in last or _rank(fact) > _rank(last[number]):
            last[number] = fact
    return [
        Declined(number, document.carrier, document.reason)
        for number, fact in sorted(last.items())
        if isinstance(document := fact.document, TenderAnswered) and document.answer == "declined"
    ]


def _rank(fact: Fact) -> tuple[Any, ...]:
    """Of a tender and an answer of the same moment the answer is the later: it answers something."""
    return (*issued_key(fact), isinstance(fact.document, TenderAnswered), *later(fact))


def _load_of(fact: Fact) -> str:
    document = fact.document
    if isinstance(document, TenderAnswered):
        return normalise(document.shipment)
    return normalise(document.number) if isinstance(document, LoadTendered) else ""
