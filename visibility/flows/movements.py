"""What was shipped, came in and was billed, line by line.

Each witness is tallied apart; per line only the best witness there is counts (witnesses.py), so that a
receipt told by the warehouse, the ERP and a phone is one receipt.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import Literal

from msgspec import Struct, structs

from visibility.canonical.documents import (
    AnyDocument,
    Document,
    GoodsReceived,
    InvoiceReceived,
    ShipmentNotified,
    TransportStatus,
)
from visibility.flows.amounts import ZERO
from visibility.flows.carried import is_balance
from visibility.flows.counters import is_counted
from visibility.flows.identity import BEGINNING, Settled, normalise, takes_back
from visibility.flows.lines import Book
from visibility.flows.matching import Draft, RankedTallies, Tally
from visibility.flows.moments import BALANCE, UNDER_WAY, Moment, moment
from visibility.flows.state import Fact
from visibility.flows.witnesses import APART, KINDS, RETOLD, told_by


class Consignment(Struct, gc=False):
    """A shipment as the ship notice and the carrier tell it; moments are None where nobody said."""

    shipped_at: dt.datetime | None = None
    noticed_at: dt.datetime | None = None
    """When the ship notice was made: the invoice clock runs from here where nothing better is known."""
    estimated_at: dt.datetime | None = None
    gone_by: dt.datetime | None = None
    """An opening balance tells of it: it had left by then."""
    arrived: bool = False
    arrived_at: dt.datetime | None = None
    rank: int | None = None
    """Of the witness whose dates these are."""

    @property
    def left(self) -> Moment:
        """When it left, as far as that is known."""
        return Moment(self.gone_by, at_latest=True) if self.gone_by else moment(self.shipped_at)


class Consignments(Struct):
    """The shipments of a flow by number, bill of lading and tracking number."""

    by_number: dict[str, Consignment]
    by_fact: dict[int, Consignment]
    loose: Consignment | None = None
    """What the carrier said of the order where no ship notice is there to say it of."""


def read_shipments(book: Book, settled: Settled) -> Consignments:
    """Shipped quantities, and the shipments with what the carriers said of them."""
    found = Consignments(by_number={}, by_fact={})
    first: dict[tuple[int, str], str] = {}
    for fact in settled.of(ShipmentNotified):
        document = fact.document
        assert isinstance(document, ShipmentNotified)
        rank = _rank(settled, first, fact, document.number)
        number = normalise(document.number)
        shipment = found.by_number.get(number) or Consignment()
        if number:
            found.by_number[number] = shipment
        found.by_fact[id(fact)] = shipment
        _date(shipment, fact, document, rank)
        told = partial(_told, "shipped", rank)
        used: set[int] = set()
        for line in book.own_lines(document.lines, document.order):
            for draft, quantity in book.shares(line, used, document.units, "shipped", told):
                _count(draft.shipped, rank, fact, document.number, quantity, back=_is_less(quantity))
    if settled.ended:
        _take_back(book, settled, ShipmentNotified, lambda draft: draft.shipped)
    if TransportStatus in settled.standing:
        _read_statuses(settled, found, _by_reference(settled, found))
    return found


def _by_reference(settled: Settled, found: Consignments) -> dict[str, list[Consignment]]:
    """The shipments by all numbers that a carrier may name them by."""
    named: dict[str, list[Consignment]] = {}
    for fact in settled.of(ShipmentNotified):
        document, shipment = fact.document, found.by_fact[id(fact)]
        assert isinstance(document, ShipmentNotified)
        for reference in (document.number, document.replaces, document.bill_of_lading, document.tracking):
            if reference:
                named.setdefault(normalise(reference), []).append(shipment)
    for fact in settled.silenced.get(ShipmentNotified, ()):
        # A mirror counts nothing, but by its numbers a carrier's word finds the shipment.
        document = fact.document
        assert isinstance(document, ShipmentNotified)
        mirrored = found.by_number.get(normalise(document.number))
        if mirrored is not None:
            for quoted in filter(None, (document.bill_of_lading, document.tracking)):
                reference = normalise(quoted)
                if mirrored not in named.setdefault(reference, []):
                    named[reference].append(mirrored)
    return named


def _date(shipment: Consignment, fact: Fact, document: ShipmentNotified, rank: int) -> None:
    """Take the dates of a ship notice; a mirror's only where the better witness has none."""
    if is_balance(fact):
        shipment.gone_by, shipment.arrived = fact.envelope_at, fact.control == BALANCE
        return
    told = (document.shipped_at, document.issued_at or fact.envelope_at, document.estimated_at)
    known = (shipment.shipped_at, shipment.noticed_at, shipment.estimated_at)
    better = shipment.rank is None or rank <= shipment.rank
    first, second = (told, known) if better else (known, told)
    shipment.shipped_at = first[0] or second[0]
    shipment.noticed_at = first[1] or second[1]
    shipment.estimated_at = first[2] or second[2]
    if better:
        shipment.rank = rank


def _read_statuses(settled: Settled, found: Consignments, by_reference: dict[str, list[Consignment]]) -> None:
    statuses = [
        fact.document
        for fact in settled.of(TransportStatus)
        if isinstance(fact.document, TransportStatus) and fact.document.purpose != "cancel"
    ]
    statuses.sort(key=lambda status: status.occurred_at or status.issued_at or BEGINNING)
    for status in statuses:
        references = [
            normalise(each) for each in (status.shipment, status.bill_of_lading, status.tracking) if each
        ]
        shipments = [each for reference in references for each in by_reference.get(reference, [])]
        if not references:
            shipments = list(found.by_fact.values())
        if not shipments and not found.by_fact:
            found.loose = found.loose or Consignment()
            shipments = [found.loose]
        for shipment in {id(each): each for each in shipments}.values():
            _apply(status, shipment)


def _apply(status: TransportStatus, shipment: Consignment) -> None:
    shipment.estimated_at = status.estimated_at or shipment.estimated_at
    if status.status == "departed" and shipment.shipped_at is None:
        shipment.shipped_at = status.occurred_at
    if status.status in ("arrived", "delivered"):
        shipment.arrived = True
        shipment.arrived_at = shipment.arrived_at or status.occurred_at


def read_receipts(book: Book, settled: Settled) -> None:
    """Received and damaged quantities."""
    for fact in settled.of(GoodsReceived):
        document = fact.document
        assert isinstance(document, GoodsReceived)
        rank = settled.hearing.rank("receipt", fact)
        told = partial(_told, "received", rank)
        back = document.reversal
        used: set[int] = set()
        for line in book.own_lines(document.lines, document.order):
            for draft, share in book.shares(line, used, document.units, "received", told, back=back):
                quantity = _less(share) if back else share
                tally = _count(
                    draft.received, rank, fact, document.number, quantity, back=back or _is_less(quantity)
                )
                if line.quantity is None:
                    tally.untold = True
            if line.damaged is not None:
                # Where it came for several lines, nobody said of which the damaged ones are: of the last.
                damaged = book.quantity(draft, line.damaged, line.unit, document.units, "damaged")
                tally.damaged = _sum(tally.damaged, damaged)
    if settled.ended:
        _take_back(book, settled, GoodsReceived, lambda draft: draft.received)


def read_invoices(book: Book, settled: Settled) -> None:
    """Billed quantities and prices; a credit note counts against them."""
    first: dict[tuple[int, str], str] = {}
    for fact in settled.of(InvoiceReceived):
        document = fact.document
        assert isinstance(document, InvoiceReceived)
        rank = _rank(settled, first, fact, f"{document.kind} {document.number}" if document.number else "")
        credit = takes_back(document)
        what = "credited" if credit else "billed"
        told = partial(_told, "invoiced", rank)
        used: set[int] = set()
        for line in book.own_lines(document.lines, document.order):
            if not is_counted(line, document):
                continue
            for draft, share in book.shares(line, used, document.units, what, told, back=credit):
                billed = _less(share) if credit else share
                # A credit note is a bill of its own, unless it takes back another one.
                tally = _count(draft.invoiced, rank, fact, document.number, billed, back=document.reversal)
                if line.quantity is None:
                    tally.untold = True
                price = book.price(draft, line, document.units, "billed")
                if price is not None and billed is not None:
                    tally.prices[price] = tally.prices.get(price, ZERO) + billed
    if settled.ended:
        _take_back(book, settled, InvoiceReceived, lambda draft: draft.invoiced)


def _take_back(
    book: Book, settled: Settled, kind: type[Document], tallies: Callable[[Draft], RankedTallies]
) -> None:
    """A witness whose document was taken back still says something: that there is nothing."""
    for ended in settled.ended:
        document = ended.fact.document
        if type(document) is not kind or ended.how not in ("cancelled", "reversed", "replaced"):
            continue
        rank = settled.hearing.rank(KINDS[kind], ended.fact)
        used: set[int] = set()
        for line in getattr(document, "lines", ()):
            draft = book.index.find(line, used) if book.concerns(line, document.order) else None
            if draft is not None:
                tallies(draft).setdefault(rank, Tally()).taken = True


def signed(document: AnyDocument, quantity: Decimal | None) -> Decimal | None:
    """What takes back may write its quantities with or without the sign; either way it takes away."""
    return _less(quantity) if takes_back(document) else quantity


def _less(quantity: Decimal | None) -> Decimal | None:
    return None if quantity is None else -abs(quantity)


def _is_less(quantity: Decimal | None) -> bool:
    """Whether goods went back."""
    return quantity is not None and quantity < 0


def _count(
    tallies: RankedTallies, rank: int, fact: Fact, number: str, quantity: Decimal | None, *, back: bool
) -> Tally:
    """Add what a document says of a line. `back`: goods went back, or it takes back another document."""
    tally = tallies.get(rank)
    if tally is None:
        tally = tallies[rank] = Tally()
    if back:
        tally.taken = True  # goods that went back are no further shipment or receipt
    elif tally.last is not fact:
        tally.last = fact
        tally.documents += 0 if _is_under_way(fact) else 1
    if number:
        tally.numbers[number] = None
    if quantity is not None:
        tally.quantity = quantity if tally.quantity is None else tally.quantity + quantity
        tally.steps.append((fact, quantity))
    return tally


def _told(field: Literal["shipped", "received", "invoiced"], rank: int, draft: Draft) -> Decimal | None:
    """What a line's witnesses of a rank have said so far."""
    tally: Tally | None = getattr(draft, field).get(rank)
    return None if tally is None else tally.quantity


def _sum(known: Decimal | None, more: Decimal | None) -> Decimal | None:
    if known is None or more is None:
        return more if known is None else known
    return known + more


def _rank(settled: Settled, first: dict[tuple[int, str], str], fact: Fact, number: str) -> int:
    """The rank of a supplier's document; less where a witness as good has told one of the same number.

    The supplier numbers ship notices and bills, so one number is one document, whoever tells it.
    """
    rank = settled.hearing.rank(KINDS[type(fact.document)], fact)
    if number:
        teller = told_by(fact)
        if first.setdefault((rank, normalise(number)), teller) != teller:
            return rank + RETOLD
    return rank


class Moved(Struct, frozen=True, gc=False):
    """What the best witness of a line says that was shipped, came in and was billed."""

    shipped: Tally | None
    received: Tally | None
    invoiced: Tally | None


def moved(draft: Draft) -> Moved:
    shipped, received, invoiced = draft.shipped, draft.received, draft.invoiced
    there = Moved(
        best(shipped) if shipped else None,
        best(received) if received else None,
        best(invoiced) if invoiced else None,
    )
    if draft.came_by_then and there.shipped is not None:
        return Moved(_with_unannounced(there.shipped, draft), there.received, there.invoiced)
    return there


def _with_unannounced(shipped: Tally, draft: Draft) -> Tally:
    """What had come in by the date of an opening balance had left, though no notice told it."""
    assert draft.opened is not None
    left = ZERO
    for fact, quantity in shipped.steps:
        assert isinstance(fact, Fact)
        left += quantity if is_balance(fact) or draft.opened.is_behind(fact) else ZERO
    more = (draft.came_by_then or ZERO) - left
    if more <= 0 or shipped.quantity is None:
        return shipped
    return structs.replace(shipped, quantity=shipped.quantity + more)


def best(tallies: RankedTallies) -> Tally | None:
    """What the best witness of a line says; None where nobody said anything.

    Places are apart: of each the best witness counts, and what they say adds up.
    """
    if not tallies:
        return None
    if len(tallies) == 1:
        (tally,) = tallies.values()
        return _unless_gone(tally) if tally.taken else tally
    lowest = min(tallies)
    if max(tallies) // APART == lowest // APART:
        return _unless_gone(tallies[lowest])
    by_place: dict[int, int] = {}
    for rank in sorted(tallies, reverse=True):
        by_place[rank // APART] = rank
    return _unless_gone(_added(tallies[rank] for rank in sorted(by_place.values())))


def _unless_gone(tally: Tally) -> Tally | None:
    """None where all that was told has been taken back."""
    if not tally.taken:
        return tally
    none = not tally.documents and not any(_is_under_way(fact) for fact, _ in tally.steps)
    return None if none or (tally.quantity is not None and tally.quantity <= 0) else tally


def _is_under_way(fact: object) -> bool:
    """Whether a balance tells goods of which others were on their way: their shipment is not in yet."""
    assert isinstance(fact, Fact)
    return fact.control == UNDER_WAY and isinstance(fact.document, GoodsReceived)


def _added(parts: Iterable[Tally]) -> Tally:
    whole = Tally()
    for part in parts:
        whole.quantity = _sum(whole.quantity, part.quantity)
        whole.damaged = _sum(whole.damaged, part.damaged)
        whole.documents += part.documents
        whole.taken = whole.taken or part.taken
        whole.untold = whole.untold or part.untold
        whole.numbers |= part.numbers
        whole.steps += part.steps
        for price, quantity in part.prices.items():
            whole.prices[price] = whole.prices.get(price, ZERO) + quantity
    return whole
