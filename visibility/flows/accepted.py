"""How much of a line was accepted: work that was done, or goods after their inspection. Pure."""

from decimal import Decimal

from visibility.canonical.documents import ServiceAccepted
from visibility.flows.amounts import ZERO, tidy
from visibility.flows.identity import Settled
from visibility.flows.lines import Book
from visibility.flows.witnesses import RECEIPTS


def read_accepted(book: Book, settled: Settled) -> dict[int, Decimal]:
    """Accepted quantities by the id of the line's draft, as the best witness of each line tells them.

    A line of which some acceptance came without its quantity is left out: how much it was nobody knows.
    """
    sums: dict[int, dict[int, Decimal | None]] = {}
    for fact in settled.of(ServiceAccepted):
        document = fact.document
        assert isinstance(document, ServiceAccepted)
        if document.purpose == "cancel":
            continue
        rank, used = RECEIPTS[fact.witness], set[int]()
        for line in book.own_lines(document.lines, document.order):
            draft = book.index.find(line, used)
            if draft is None:
                continue
            told = book.quantity(draft, line.quantity, line.unit, document.units, "accepted")
            ranked = sums.setdefault(id(draft), {})
            before = ranked.get(rank, ZERO)
            if told is None or before is None:
                ranked[rank] = None
            else:
                ranked[rank] = before + (-abs(told) if document.reversal else told)
    best = {draft: ranked[min(ranked)] for draft, ranked in sums.items()}
    return {draft: tidy(quantity) for draft, quantity in best.items() if quantity is not None}
