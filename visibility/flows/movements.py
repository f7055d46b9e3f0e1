"""What was shipped, came in and was billed, line by line.

Each witness is tallied apart; per line only the best witness there is counts (witnesses.py), so that a
receipt told by the warehouse, the ERP and a phone is one receipt.
"""

import datetime as dt
from decimal import Decimal

from msgspec import Struct

from visibility.canonical.documents import (
    GoodsReceived,
    InvoiceReceived,
    ShipmentNotified,
    TransportStatus,
)
from visibility.flows import witnesses
from visibility.flows.amounts import ZERO
from visibility.flows.identity import BEGINNING, Settled
from visibility.flows.lines import Book
from visibility.flows.matching import RankedTallies, Tally
from visibility.flows.state import Fact


class Consignment(Struct):
    """A shipment as the ship notice and the carrier tell it; moments are None where nobody said."""

    shipped_at: dt.datetime | None = None
    noticed_at: dt.datetime | None = None
    """When the ship notice was made: the invoice clock runs from here where nothing better is known."""
    estimated_at: dt.datetime | None = None
    arrived: bool = False
    arrived_at: dt.datetime | None = None
    rank: int = 99
    """Of the witness whose dates these are."""


class Consignments(Struct):
    """The shipments of a flow by number, bill of lading and tracking number."""

    by_number: dict[str, Consignment]
    by_fact: dict[int, Consignment]
    loose: Consignment | None = None
    """What the carrier said of the order where no ship notice is there to say it of."""


def read_shipments(book: Book, settled: Settled) -> Consignments:
    """Shipped quantities, and the shipments with what the carriers said of them."""
    found = Consignments(by_number={}, by_fact={})
    by_reference: dict[str, list[Consignment]] = {}
    for fact in settled.of(ShipmentNotified):
        document = fact.document
        assert isinstance(document, ShipmentNotified)
        rank = witnesses.SHIPMENTS[fact.witness]
        shipment = found.by_number.get(document.number) or Consignment()
        if document.number:
            found.by_number[document.number] = shipment
        for reference in (document.number, document.bill_of_lading, document.tracking):
            if reference:
                by_reference.setdefault(reference, []).append(shipment)
        found.by_fact[id(fact)] = shipment
        _date(shipment, fact, document, rank)
        used: set[int] = set()
        for line in document.lines:
            if book.concerns(line, document.order):
                draft = book.match(line, used, document.units)
                quantity = book.quantity(draft, line.quantity, line.unit, document.units, "shipped")
                _count(draft.shipped, rank, fact, document.number, quantity)
    _read_statuses(settled, found, by_reference)
    return found


def _date(shipment: Consignment, fact: Fact, document: ShipmentNotified, rank: int) -> None:
    """Take the dates of a ship notice; a mirror's only where the better witness has none."""
    told = (document.shipped_at, document.issued_at or fact.envelope_at, document.estimated_at)
    known = (shipment.shipped_at, shipment.noticed_at, shipment.estimated_at)
    first, second = (told, known) if rank <= shipment.rank else (known, told)
    shipment.shipped_at = first[0] or second[0]
    shipment.noticed_at = first[1] or second[1]
    shipment.estimated_at = first[2] or second[2]
    shipment.rank = min(rank, shipment.rank)


def _read_statuses(settled: Settled, found: Consignments, by_reference: dict[str, list[Consignment]]) -> None:
    statuses = [
        fact.document
        for fact in settled.of(TransportStatus)
        if isinstance(fact.document, TransportStatus) and fact.document.purpose != "cancel"
    ]
    statuses.sort(key=lambda status: status.occurred_at or status.issued_at or BEGINNING)
    for status in statuses:
        references = [each for each in (status.shipment, status.bill_of_lading, status.tracking) if each]
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
        rank = witnesses.RECEIPTS[fact.witness]
        used: set[int] = set()
        for line in document.lines:
            if not book.concerns(line, document.order):
                continue
            draft = book.match(line, used, document.units)
            quantity = book.quantity(draft, line.quantity, line.unit, document.units, "received")
            tally = _count(draft.received, rank, fact, document.number, quantity)
            if line.damaged is not None:
                damaged = book.quantity(draft, line.damaged, line.unit, document.units, "damaged")
                tally.damaged = _sum(tally.damaged, damaged)


def read_invoices(book: Book, settled: Settled) -> None:
    """Billed quantities and prices; a credit note counts against them."""
    for fact in settled.of(InvoiceReceived):
        document = fact.document
        assert isinstance(document, InvoiceReceived)
        rank = witnesses.INVOICES[fact.witness]
        credit = document.kind == "credit"
        used: set[int] = set()
        for line in document.lines:
            if not book.concerns(line, document.order):
                continue
            draft = book.match(line, used, document.units)
            quantity = book.quantity(
                draft, line.quantity, line.unit, document.units, "credited" if credit else "billed"
            )
            # A credit note may write its quantities with or without the sign; either way it takes away.
            signed = -abs(quantity) if credit and quantity is not None else quantity
            tally = _count(draft.invoiced, rank, fact, document.number, signed)
            price = book.price(draft, line, document.units, "billed")
            if price is not None and signed is not None:
                tally.prices[price] = tally.prices.get(price, ZERO) + signed


def _count(tallies: RankedTallies, rank: int, fact: Fact, number: str, quantity: Decimal | None) -> Tally:
    tally = tallies.get(rank)
    if tally is None:
        tally = tallies[rank] = Tally()
    if tally.last is not fact:
        tally.last = fact
        tally.documents += 1
    if number:
        tally.numbers[number] = None
    if quantity is not None:
        tally.quantity = quantity if tally.quantity is None else tally.quantity + quantity
        tally.steps.append((fact, quantity))
    return tally


def _sum(known: Decimal | None, more: Decimal | None) -> Decimal | None:
    if known is None or more is None:
        return more if known is None else known
    return known + more


def best(tallies: RankedTallies) -> Tally | None:
    """What the best witness of a line says; None where nobody said anything."""
    return tallies[min(tallies)] if tallies else None
