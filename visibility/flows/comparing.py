"""What two systems say of the same thing: the same, one is behind the other, or they differ. Pure.

Documents that name the same number, shipment or bill of lading are compared with each other; what names
nothing that the other side knows is compared by how much was told in all.
"""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from visibility.canonical.documents import GoodsReceived, InvoiceReceived, ShipmentNotified
from visibility.canonical.keys import normalise
from visibility.flows.amounts import ZERO
from visibility.flows.state import Fact

Step = tuple[Fact, Decimal]
Steps = Sequence[Step]


class Outcome(Struct):
    """What comparing found. Of several groups of documents the first of each kind counts."""

    behind: list[Fact]
    """Documents of the side that counts that the mirror has not told."""
    ahead: list[Fact]
    """Documents of the mirror that the side that counts has not told."""
    differs: tuple[Decimal, Decimal] | None = None
    """(counted, mirrored) of the same thing."""


def compare(own: Steps, other: Steps, *, adds_up: bool) -> Outcome:
    """Compare what counts with what a mirror told of a line.

    `adds_up`: each step is so much more (receipts); else it is the new value (an order's quantity).
    """
    found = Outcome(behind=[], ahead=[])
    groups = _groups(own, other) if adds_up else [(list(own), list(other))]
    for mine, theirs in groups:
        (_compare_sums if adds_up else _compare_words)(mine, theirs, found)
    return found


def _compare_words(own: Steps, other: Steps, found: Outcome) -> None:
    if not own or not other:
        found.behind += [fact for fact, _ in own[:1]]
        found.ahead += [fact for fact, _ in other[:1]]
        return
    mine, theirs = [value for _, value in own], [value for _, value in other]
    if mine[-1] == theirs[-1]:
        return
    if theirs[-1] in mine:
        found.behind.append(own[_after(mine, theirs[-1])][0])
    elif mine[-1] in theirs:
        found.ahead.append(other[_after(theirs, mine[-1])][0])
    else:
        found.differs = found.differs or (mine[-1], theirs[-1])


def _after(values: list[Decimal], value: Decimal) -> int:
    """The place after the last of `value`, which is not the last of all."""
    return len(values) - values[::-1].index(value)


def _compare_sums(own: Steps, other: Steps, found: Outcome) -> None:
    mine, theirs = _sums(own), _sums(other)
    if mine[-1] == theirs[-1]:
        return
    untold = _left(own, other)
    if untold is not None or theirs[-1] in mine:
        found.behind += untold or [own[mine.index(theirs[-1])][0]]
        return
    unheard = _left(other, own)
    if unheard is not None or mine[-1] in theirs:
        found.ahead += unheard or [other[theirs.index(mine[-1])][0]]
        return
    found.differs = found.differs or _same_part(mine, theirs)


def _sums(steps: Steps) -> list[Decimal]:
    """The running sum, from nothing on."""
    sums = [ZERO]
    for _, quantity in steps:
        sums.append(sums[-1] + quantity)
    return sums


def _left(steps: Steps, told: Steps) -> list[Fact] | None:
    """The steps left once each of `told` has taken one as large; None where one of them finds none."""
    taken = Counter(quantity for _, quantity in told)
    if taken - Counter(quantity for _, quantity in steps):
        return None
    left: list[Fact] = []
    for fact, quantity in steps:
        if taken[quantity]:
            taken[quantity] -= 1
        else:
            left.append(fact)
    return left


def _same_part(mine: list[Decimal], theirs: list[Decimal]) -> tuple[Decimal, Decimal]:
    """As much of the longer account as the shorter one can be about."""
    if mine[-1] > theirs[-1]:
        return min((each for each in mine if each >= theirs[-1]), default=mine[-1]), theirs[-1]
    return mine[-1], min((each for each in theirs if each >= mine[-1]), default=theirs[-1])


def _groups(own: Steps, other: Steps) -> list[tuple[list[Step], list[Step]]]:
    """Documents that speak of the same thing together, each side in its order."""
    mine, theirs = _documents(own), _documents(other)
    groups: list[tuple[set[int], set[int]]] = []
    for key, fact in theirs.items():
        same = _partners(fact, mine)
        joined = [group for group in groups if group[0] & same]
        groups = [group for group in groups if not group[0] & same]
        groups.append((same.union(*(g[0] for g in joined)), {key}.union(*(g[1] for g in joined))))
    rest_own = mine.keys() - {key for group in groups for key in group[0]}
    matched = [group for group in groups if group[0]]
    alone = {key for group in groups if not group[0] for key in group[1]}
    if all(_references(mine[key]) for key in rest_own) and all(_references(theirs[key]) for key in alone):
        # Each says which shipment it is of, and they are not the same.
        apart: list[tuple[set[int], set[int]]] = [(rest_own, set()), (set(), alone)]
    else:
        apart = [(rest_own, alone)]
    return [
        ([step for step in own if id(step[0]) in a], [step for step in other if id(step[0]) in b])
        for a, b in (*matched, *apart)
    ]


def _documents(steps: Steps) -> dict[int, Fact]:
    return {id(fact): fact for fact, _ in steps}


def _partners(fact: Fact, others: dict[int, Fact]) -> set[int]:
    """The documents of the other side with the same number; else of the same shipment."""
    number, references = _number(fact), _references(fact)
    same = {key for key, each in others.items() if number and _number(each) == number}
    return same or {key for key, each in others.items() if _references(each) & references}


def _number(fact: Fact) -> tuple[str, str] | None:
    document = fact.document
    if isinstance(document, InvoiceReceived):
        return (document.kind, normalise(document.number)) if document.number else None
    if isinstance(document, GoodsReceived | ShipmentNotified):
        return ("", normalise(document.number)) if document.number else None
    return None


def _references(fact: Fact) -> set[str]:
    """The shipments a document names, by any number of theirs."""
    document = fact.document
    if isinstance(document, GoodsReceived | InvoiceReceived):
        named = (document.shipment, document.bill_of_lading)
    elif isinstance(document, ShipmentNotified):
        named = (document.bill_of_lading, document.tracking)
    else:
        return set()
    return {normalise(each) for each in named if each}
