"""Documents that speak of another one by its number: replacements, reversals and credit notes.

A counter document goes with the account of its own witness. Where that witness never told the document
it names, it goes with whoever did; where nobody told it, it waits.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from visibility.canonical.documents import AnyDocument, GoodsReceived, InvoiceLine, InvoiceReceived, Line
from visibility.canonical.keys import normalise
from visibility.flows.identity import Ended, Settled, later, number_of, teller
from visibility.flows.lot_lines import cheapen, priced, subtract, unsigned
from visibility.flows.state import Fact

_DEEPEST = 20
"""So many reversals of reversals are followed; nobody means more."""


def replace_named(settled: Settled) -> None:
    """End what a document says it replaces under another number."""
    past = {id(ended.fact) for ended in settled.ended if ended.how in ("repeated", "replaced")}
    for fact in settled.every:
        named = normalise(fact.document.replaces)
        if not named or fact.document.purpose == "cancel" or id(fact) in past:
            continue
        kind = type(fact.document)
        gone = [
            each
            for each in settled.of(kind)
            if each is not fact and _is_account(fact, each) and number_of(each.document) == named
            if not _answers_back(each, fact)
        ]
        if gone:
            settled.ended += [Ended(each, "replaced", fact) for each in gone]
            settled.standing[kind] = [each for each in settled.of(kind) if all(each is not g for g in gone)]


def _answers_back(named: Fact, fact: Fact) -> bool:
    """The document named is a later correction itself: of two that replace each other the later stands."""
    document = named.document
    corrects = document.purpose == "replace" or normalise(document.replaces) == number_of(fact.document)
    return corrects and later(named) > later(fact)


def _is_account(fact: Fact, other: Fact) -> bool:
    """Whether both are of one account: told by one witness, of one system as far as that is known."""
    if teller(fact) != teller(other):
        return False
    return teller(fact) == "supplier" or not (fact.system and other.system) or fact.system == other.system


def _find_target(fact: Fact, named: str, standing: Sequence[Fact], every: Sequence[Fact]) -> Fact | None:
    """The standing document that a counter document names, in its own account if that ever told it."""
    number = normalise(named)
    known = [each for each in standing if each is not fact and number_of(each.document) == number]
    own = [each for each in known if _is_account(fact, each)]
    told = any(
        each is not fact and _is_account(fact, each) and number_of(each.document) == number
        for each in every
        if type(each.document) is type(fact.document)
    )
    if told:
        return own[-1] if own else None
    return known[0] if len({(teller(each), each.system) for each in known}) == 1 else None


def _pair(
    settled: Settled, kind: type[Any], named: Callable[[Any], str], is_target: Callable[[Any], bool]
) -> tuple[dict[int, list[Fact]], list[Fact]]:
    """Counter documents by the id of the fact they speak of, the earliest first; and those that wait."""
    standing = settled.of(kind)
    targets = [fact for fact in standing if is_target(fact.document)]
    every = [fact for fact in settled.every if fact.document.purpose != "cancel"]
    against: dict[int, list[Fact]] = {}
    waiting = []
    for fact in standing:
        if not named(fact.document):
            continue
        target = _find_target(fact, named(fact.document), targets, every)
        if target is None:
            waiting.append(fact)
        else:
            _add(against.setdefault(id(target), []), fact, target)
    return against, waiting


def _add(counters: list[Fact], fact: Fact, target: Fact) -> None:
    """One counter document told by two witnesses counts once, as the target's own witness tells it."""
    number = number_of(fact.document)
    twin = next((each for each in counters if number and number_of(each.document) == number), None)
    if twin is None:
        counters.append(fact)
    elif _is_account(fact, target) and not _is_account(twin, target):
        counters[counters.index(twin)] = fact


def reverse_receipts(settled: Settled) -> None:
    """Take what was reversed out of the receipts it was received with; reversals themselves count nothing."""
    against, waiting = _pair(settled, GoodsReceived, lambda document: document.reverses, bool)
    stands: list[Fact] = []
    for fact in settled.of(GoodsReceived):
        document = fact.document
        assert isinstance(document, GoodsReceived)
        if document.reverses:
            continue
        left = _net(fact, against, 0)
        if left is None:
            settled.ended.append(Ended(fact, "reversed", against[id(fact)][-1]))
        else:
            stands.append(left)
            if left is not fact:
                settled.ended.append(Ended(fact, "lessened", against[id(fact)][-1]))
    settled.ended += [Ended(fact, "waiting", fact) for fact in waiting]
    settled.standing[GoodsReceived] = stands


def _net(fact: Fact, against: dict[int, list[Fact]], depth: int) -> Fact | None:
    """The fact with what is left of its lines; None where all of it was taken back."""
    document = fact.document
    assert isinstance(document, GoodsReceived)
    lines = unsigned(document.lines) if document.reverses else document.lines
    for counter in against.get(id(fact), ()) if depth < _DEEPEST else ():
        reversal = _net(counter, against, depth + 1)
        if reversal is None:
            continue
        assert isinstance(reversal.document, GoodsReceived)
        if not reversal.document.lines:
            return None
        lines = subtract(lines, reversal.document.lines, document.order)
        if not lines:
            return None
    if lines is document.lines:
        return fact
    return msgspec.structs.replace(fact, document=msgspec.structs.replace(document, lines=lines))


def correct_invoices(settled: Settled) -> None:
    """Bring credit notes that name an invoice together with it.

    One whose invoice does not stand counts nothing. One without lines credits all; prices it does not
    tell are the invoice's; a line that adjusts the price alone makes that many cheaper.
    """
    against, waiting = _pair(
        settled, InvoiceReceived, _corrected, lambda document: document.kind == "invoice"
    )
    twins = {id(credit) for credits in against.values() for credit in credits}
    stands: list[Fact] = []
    for fact in settled.of(InvoiceReceived):
        document = fact.document
        assert isinstance(document, InvoiceReceived)
        if not _corrected(document):
            lines, credits = _credited(fact, against.get(id(fact), []))
            left = fact
            if lines is not document.lines:
                left = msgspec.structs.replace(fact, document=msgspec.structs.replace(document, lines=lines))
            stands += [left, *credits]
            settled.ended += [Ended(fact, "lessened", credit) for credit in credits[-1:]]
        elif id(fact) not in twins and all(fact is not each for each in waiting):
            settled.ended.append(Ended(fact, "repeated", _twin(fact, against)))
    settled.ended += [Ended(fact, "waiting", fact) for fact in waiting]
    settled.standing[InvoiceReceived] = sorted(stands, key=later)


def _corrected(document: InvoiceReceived) -> str:
    return document.corrects if document.kind == "credit" else ""


def _twin(fact: Fact, against: dict[int, list[Fact]]) -> Fact:
    number = number_of(fact.document)
    return next(
        each for credits in against.values() for each in credits if number_of(each.document) == number
    )


def _credited(invoice: Fact, credits: list[Fact]) -> tuple[tuple[InvoiceLine, ...], list[Fact]]:
    """The invoice's lines at the prices that are left, and its credit notes as they count against it."""
    document = invoice.document
    assert isinstance(document, InvoiceReceived)
    billed = document.lines
    result = []
    for credit in credits:
        note = credit.document
        assert isinstance(note, InvoiceReceived)
        lines = note.lines
        if not lines and (note.total is None or abs(note.total) == abs(document.total or Decimal(0))):
            lines = document.lines
        kept = []
        for line in lines:
            cheaper = cheapen(billed, line, document.order) if line.adjusts == "price" else None
            if cheaper is None:
                kept.append(priced(line, document.lines, document.order))
            else:
                billed = cheaper
        note = msgspec.structs.replace(note, lines=tuple(kept))
        result.append(
            msgspec.structs.replace(credit, document=note, witness=invoice.witness, system=invoice.system)
        )
    return billed, result


def is_counted(line: Line, document: AnyDocument) -> bool:
    """Whether a bill's line moves the billed quantity: an adjusted price, or a subsequent bill, does not."""
    if not isinstance(document, InvoiceReceived):
        return True
    return document.kind != "subsequent" and not (isinstance(line, InvoiceLine) and line.adjusts == "price")
