"""Which documents stand: the tellings of one document, settled by purpose.

The outcome is a function of the set of facts; the order they came in plays no part. What one document
says of another under its own number (replaces, reverses, corrects) is settled after that (counters.py).
"""

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any

from visibility.canonical.documents import (
    AnyDocument,
    Document,
    GoodsReceived,
    InvoiceReceived,
    OrderAcknowledged,
    OrderChanged,
    OrderPlaced,
    Purpose,
)
from visibility.flows.counters import correct_invoices, replace_named, reverse_receipts
from visibility.flows.identity import Ended, Key, Settled, content, document_key, later, name_of, teller
from visibility.flows.state import Fact
from visibility.flows.withdrawals import outdate_answers, replace_answers, withdraw

_ORIGINALS: tuple[Purpose, ...] = ("original", "duplicate", "confirm")
_AGAIN: tuple[Purpose, ...] = ("duplicate", "confirm")
# Sent as a change they name only what changes: the tellings before them stand, too.
_AMENDABLE = (OrderPlaced, OrderAcknowledged)


def latest_translations(facts: Iterable[Fact]) -> list[Fact]:
    """Without what an earlier translation of the same message said."""
    told = list(facts)
    if len({fact.translation for fact in told}) < 2:
        return told  # nearly always: nothing was ever translated again
    latest: dict[int, int] = {}
    for fact in told:
        message = fact.message.int
        latest[message] = max(latest.get(message, fact.translation), fact.translation)
    return [fact for fact in told if fact.translation == latest[fact.message.int]]


def settle(facts: Iterable[Fact]) -> Settled:
    """The facts that count, what became of the others, and the conflicts among them."""
    ordered = sorted(latest_translations(facts), key=later)
    by_kind = _by_kind(ordered)
    settled = Settled(standing=by_kind, cancelled=[], conflicts=[], every=ordered)
    plain = _takes_nothing_back(ordered)
    lone: list[Fact] = []
    # Nearly always each document was told once and takes nothing back: then all of them stand.
    if not (plain and all(len(told) == 1 or _is_each_another(told) for told in by_kind.values())):
        groups: dict[Key, list[Fact]] = {}
        for fact in ordered:
            groups.setdefault(document_key(fact), []).append(fact)
        settled.standing = _by_kind(sorted(_settle_groups(groups.values(), settled, lone), key=later))
    if not plain:
        withdraw(settled, lone)
        replace_named(settled)
        replace_answers(settled)
        outdate_answers(settled)
    _counter(settled)
    if settled.conflicts:
        settled.conflicts = sorted(set(settled.conflicts))
    return settled


def _by_kind(facts: Iterable[Fact]) -> dict[type[Document], list[Fact]]:
    found: dict[type[Document], list[Fact]] = {}
    for fact in facts:
        kind = type(fact.document)
        if kind in found:
            found[kind].append(fact)
        else:
            found[kind] = [fact]
    return found


def _takes_nothing_back(facts: Iterable[Fact]) -> bool:
    """Whether each fact claims to be its document, and none stands in the place of another."""
    for fact in facts:
        document = fact.document
        if document.purpose != "original" or document.replaces:
            return False
    return True


def _is_each_another(facts: list[Fact]) -> bool:
    """Whether facts of one kind are each of another document. Of two kinds they always are."""
    return len({document_key(fact) for fact in facts}) == len(facts)


def _settle_groups(groups: Iterable[list[Fact]], settled: Settled, lone: list[Fact]) -> Iterator[Fact]:
    for group in groups:
        if len(group) == 1 and group[0].document.purpose != "cancel":
            yield group[0]
        else:
            for told in _by_system(group):
                yield from _settle_group(told, settled, lone)


def _counter(settled: Settled) -> None:
    """Receipts that take back others, and credit notes that name an invoice."""
    for kind, named, counter in _COUNTERS:
        for fact in settled.of(kind):
            if named(fact.document):
                counter(settled)
                break


_COUNTERS: tuple[tuple[type[Document], Callable[[Any], str], Callable[[Settled], None]], ...] = (
    (GoodsReceived, attrgetter("reverses"), reverse_receipts),
    (InvoiceReceived, attrgetter("corrects"), correct_invoices),
)


def _by_system(group: list[Fact]) -> list[list[Fact]]:
    """Two warehouses may both have a receipt 1; where a fact's system is not known it is the only one."""
    systems = {fact.system for fact in group if fact.system}
    if len(systems) < 2 or teller(group[0]) == "supplier":
        return [group]
    parts: dict[str, list[Fact]] = {}
    for fact in group:
        parts.setdefault(fact.system, []).append(fact)
    return list(parts.values())


def _settle_group(group: list[Fact], settled: Settled, lone: list[Fact]) -> list[Fact]:
    """What is left of the tellings of one document: usually one fact, the amendments of an order, or none.

    `lone` gathers cancellations that found nothing of their document before them.
    """
    first = next((fact for fact in group if fact.document.purpose not in (*_AGAIN, "cancel")), None)
    seen: dict[AnyDocument, Fact] = {}
    stands: list[Fact] = []
    undone: Fact | None = None
    for fact in group:
        purpose = fact.document.purpose
        if purpose == "cancel":
            _cancel(fact, stands, settled, lone)
            stands, undone = [], fact
        elif first is not None and purpose in _AGAIN:
            settled.ended.append(Ended(fact, "repeated", first))
        else:
            told = content(fact.document)
            known = seen.get(told)
            if known is not None and _is_said(fact, purpose) and not _is_anew(fact, known, undone):
                settled.ended.append(Ended(fact, "repeated", known))
                continue
            seen[told] = fact
            stands = _tell(fact, stands, settled, undone)
    return stands


def _is_said(fact: Fact, purpose: Purpose) -> bool:
    """Whether this telling claims to be the document, not a correction of it."""
    return purpose in _ORIGINALS or (purpose == "change" and isinstance(fact.document, OrderChanged))


def _is_contested(fact: Fact, former: Fact) -> bool:
    """Whether two tellings with other content both claim to be the same version of a document."""
    mine, other = fact.document, former.document
    if mine.purpose == "change" and other.purpose != "change":
        return False
    return _is_said(fact, mine.purpose) and mine.version == other.version


def _is_anew(fact: Fact, known: Fact, undone: Fact | None) -> bool:
    """Written again after it was cancelled, not the old one sent again: its own date is another."""
    mine = fact.document.issued_at
    if undone is None or mine is None or mine == known.document.issued_at:
        return False
    return later(undone) > later(known) and mine > (undone.document.issued_at or mine)


def _tell(fact: Fact, stands: list[Fact], settled: Settled, undone: Fact | None) -> list[Fact]:
    """What stands once this telling is there, too."""
    document = fact.document
    if document.purpose == "change" and stands and isinstance(document, _AMENDABLE):
        return [*stands, fact]
    if stands and _is_contested(fact, stands[-1]):
        settled.conflicts.append(name_of(document))
    settled.ended += [Ended(former, "replaced", fact) for former in stands]
    if isinstance(document, OrderPlaced) and undone is not None and not document.by_line:
        if not stands:
            settled.renewed.append(fact)
        settled.cancelled = [
            pair for pair in settled.cancelled if document_key(pair[1]) != document_key(fact)
        ]
    return [fact]


def _cancel(fact: Fact, stands: list[Fact], settled: Settled, lone: list[Fact]) -> None:
    settled.ended += [Ended(former, "cancelled", fact) for former in stands]
    if isinstance(fact.document, OrderPlaced) and not fact.document.by_line:
        settled.cancelled.append((stands, fact))
    elif not stands:
        lone.append(fact)
