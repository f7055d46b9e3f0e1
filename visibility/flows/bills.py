"""What the invoices of an order say beside how much of each line they bill. Pure.

Charges are netted by what credit notes take back of them. Two invoices under different numbers that say the
same of this order may be one that was sent twice; whether too much is billed by it the rules decide.
"""

from decimal import Decimal

from visibility.canonical.documents import InvoiceReceived
from visibility.flows.amounts import ZERO, tidy
from visibility.flows.identity import Settled, normalise, takes_back
from visibility.flows.lines import Book
from visibility.flows.state import BilledTwice, Charged, Fact

TAX = "tax"
"""Taxes are no charge of the supplier's."""


def read_bills(book: Book, settled: Settled) -> tuple[list[Charged], list[BilledTwice]]:
    """The charges of an order's invoices, and the invoices that are alike."""
    facts = _told_once(settled)
    charged = any(_bill(fact).charges for fact in facts)
    return (_charges(book, facts) if charged else []), (_alike(book, facts) if len(facts) > 1 else [])


def _bill(fact: Fact) -> InvoiceReceived:
    assert isinstance(fact.document, InvoiceReceived)
    return fact.document


def _told_once(settled: Settled) -> list[Fact]:
    """The invoices that stand, each number as its best witness tells it."""
    facts = settled.of(InvoiceReceived)
    if len(facts) < 2:
        return facts
    best: dict[tuple[str, str], tuple[int, Fact]] = {}
    for fact in facts:
        document = _bill(fact)
        name = (document.kind, normalise(document.number) if document.number else fact.id.hex)
        rank = settled.hearing.rank("invoice", fact)
        if name not in best or rank < best[name][0]:
            best[name] = (rank, fact)
    return [fact for _, fact in best.values()]


def _charges(book: Book, facts: list[Fact]) -> list[Charged]:
    """Charges by invoice, after credits. An invoice of several orders bears them on the first it names."""
    amounts: dict[str, Decimal] = {}
    names: dict[str, str] = {}
    words: dict[str, list[str]] = {}
    for fact in facts:
        document = _bill(fact)
        if not document.charges or not _is_first_of(book, document):
            continue
        back = takes_back(document)
        name = normalise(document.corrects if back and document.corrects else document.number)
        names.setdefault(name, document.number)
        if not back:
            names[name] = document.number
        for charge in document.charges:
            if charge.code != TAX and (charge.amount > 0 or back):
                amounts[name] = amounts.get(name, ZERO) + (-abs(charge.amount) if back else charge.amount)
                if not back:
                    words.setdefault(name, []).append(charge.description or charge.code or "charge")
    return [
        Charged(names[name], ", ".join(dict.fromkeys(words.get(name, []))), tidy(amounts[name]))
        for name in sorted(amounts)
        if amounts[name] > 0
    ]


def _is_first_of(book: Book, document: InvoiceReceived) -> bool:
    named = document.order or next((line.order for line in document.lines if line.order is not None), None)
    first = next((line for line in document.lines), None)
    if named is None or first is None:
        return True
    return book.concerns(first, document.order)


def _alike(book: Book, facts: list[Fact]) -> list[BilledTwice]:
    """Invoices whose lines of this order are those of an earlier one; the smallest number counts as first."""
    firsts: dict[object, str] = {}
    found: list[BilledTwice] = []
    bills = [fact for fact in facts if _bill(fact).kind == "invoice" and not takes_back(fact.document)]
    for fact in sorted(bills, key=lambda fact: (normalise(_bill(fact).number), fact.id.int)):
        document = _bill(fact)
        lines = book.own_lines(document.lines, document.order)
        said = frozenset((line.line, line.item, line.quantity, line.unit, line.price) for line in lines)
        if not said or not document.number or any(line.quantity is None for line in lines):
            continue
        if said not in firsts:
            firsts[said] = document.number
            continue
        used: set[int] = set()
        drafts = [draft for line in lines if (draft := book.index.find(line, used)) is not None]
        found.append(BilledTwice(document.number, firsts[said], sorted({draft.line for draft in drafts})))
    return found
