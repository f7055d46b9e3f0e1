"""857, shipment and billing notice: a ship notice and its invoice in one set."""

import datetime as dt
from decimal import Decimal

import msgspec

from integrations.formats.x12.hierarchy import Hierarchy
from integrations.mappings.x12 import codes
from integrations.mappings.x12.common import (
    Header,
    envelope_party,
    order_reference,
    read_item_codes,
    read_price,
)
from integrations.mappings.x12.logistics import warn_at
from integrations.mappings.x12.money import (
    Written,
    check_total,
    read_amount,
    read_sac,
    read_terms,
    read_txi,
    settle_charges,
)
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.notice_tree import (
    Loop,
    count_packages,
    first_said,
    is_line,
    merge_headers,
    nest_as_said,
    orders_of_loops,
    read_loops,
    ship_lines,
)
from visibility.canonical.documents import (
    AnyDocument,
    InvoiceLine,
    InvoiceReceived,
    OrderRef,
    PaymentTerms,
    Purpose,
    ShipmentNotified,
)

# 640, transaction type (BHT06): goods and money that go back.
_RETURNS = frozenset({"RD", "CR", "CN"})
INVOICE_REFERENCES: tuple[str, ...] = ("IV", "OI")


class _Notice:
    """What the set says beside its loops: the BHT, and the money, by the loop it stands in."""

    def __init__(self, reader: SetReader) -> None:
        self.reader = reader
        self.header = Header()
        self.position: int | None = None
        self.purpose: Purpose = "original"
        self.number = ""
        self.structure = ""
        self.issued_at: dt.datetime | None = None
        self.date: dt.date | None = None
        self.returned = False
        self.prices: dict[int, InvoiceLine] = {}
        self.written: list[tuple[int, Written]] = []
        self.total: Decimal | None = None
        self.total_at = 0
        self.terms: PaymentTerms | None = None

    def begin(self) -> None:
        """BHT: structure, purpose, number, date, time, type."""
        reader = self.reader
        self.position = reader.position
        self.structure = reader.raw(1)
        self.purpose = reader.code(2, codes.PURPOSES, "purpose") or "original"
        self.number = reader.identifier(3)
        self.date, self.issued_at = reader.date(4), reader.moment(4, 5)
        self.returned = reader.raw(6) in _RETURNS
        if not self.number:
            reader.note("error", "no_shipment_number", "BHT03 is empty: the notice has no number", 3)

    def take_item(self, reader: SetReader, loop: Loop) -> None:
        """IT1: what is shipped, and what it costs."""
        found, price = read_item_codes(reader, 6), read_price(reader, 4)
        loop.item, loop.lot, loop.line = found.item, found.lot, reader.identifier(1)
        loop.quantity, loop.unit = reader.quantity(2), reader.unit(3)
        self.prices[loop.position] = InvoiceLine(
            price=price.price, price_per=price.per, price_unit=price.unit
        )

    def take_money(self, reader: SetReader, loop: Loop) -> None:
        """SAC, TXI, TDS, ITD: those of an item loop are the line's."""
        tag = reader.row[0]
        if tag == "TDS":
            amount = read_amount(reader, 1)
            if amount is not None:
                self.total, self.total_at = (self.total or Decimal(0)) + amount, reader.position
        elif tag == "ITD":
            self.terms = self.terms or read_terms(reader, self.date)
        else:
            written = read_sac(reader, None) if tag == "SAC" else read_txi(reader, None)
            if written is not None:
                self.written.append((loop.position, written))

    def take_reference(self, reader: SetReader, loop: Loop) -> None:
        """N9 as REF, in the loop."""
        loop.header = loop.header or Header()
        loop.header.take(reader)


def map_857(reader: SetReader) -> list[AnyDocument]:
    """The ship notice and the invoice. Of goods that go back (BHT06 RD, CR) there is a credit note alone."""
    notice = _Notice(reader)
    tree = reader.transaction.hierarchy
    for row in reader.rows(0, tree.starts[0] if tree else None):
        if row[0] == "BHT":
            notice.begin()
        else:
            notice.header.take(reader)
    if notice.position is None:
        reader.note_missing("BHT", "the shipment and billing notice has no BHT segment, so it has no number")
        return []
    if tree is None:
        reader.note_missing("HL", "the notice has no HL loops: nothing says what was shipped and billed")
        return []
    tree = nest_as_said(reader, tree, notice.structure)
    money = dict.fromkeys(("SAC", "TXI", "TDS", "ITD"), notice.take_money)
    loops = read_loops(reader, tree, {"IT1": notice.take_item, "N9": notice.take_reference, **money})
    ship = ship_lines(reader, loops, tree)
    said = merge_headers(notice.header, loops)
    order = _order(reader, notice, loops, said)
    shipped = ShipmentNotified(
        order=order,
        purpose=notice.purpose,
        issued_at=notice.issued_at,
        buyer=said.party(codes.BUYER_PARTIES, envelope_party(reader.transaction, "receiver")),
        supplier=said.party((*codes.SUPPLIER_PARTIES, "SF"), envelope_party(reader.transaction, "sender")),
        ship_to=said.party(codes.SHIP_TO_PARTIES),
        number=notice.number,
        shipped_at=said.moment(codes.SHIPPED_DATES),
        estimated_at=said.moment(codes.ESTIMATED_DATES),
        carrier=first_said(loops, "carrier"),
        bill_of_lading=said.reference(codes.BILL_OF_LADING_REFERENCES),
        tracking=said.reference(codes.TRACKING_REFERENCES),
        vehicle=first_said(loops, "vehicle"),
        package_count=count_packages(loops),
        lines=tuple(ship),
    )
    lines, places = _bill_lines(notice, loops, tree, order is None)
    bill = _bill(reader, notice, lines, places, shipped)
    bill = msgspec.structs.replace(bill, number=said.reference(INVOICE_REFERENCES) or notice.number)
    return [bill] if notice.returned else [shipped, bill]


def _order(reader: SetReader, notice: _Notice, loops: list[Loop], said: Header) -> OrderRef | None:
    named = {loop.order for loop in loops if loop.order is not None}
    if named:
        return next(iter(named)) if len(named) == 1 else None
    number = said.reference(codes.ORDER_REFERENCES)
    if number:
        return order_reference(number, envelope_party(reader.transaction, "receiver"))
    text = "the notice names no purchase order (PRF01, N9 PO): people have to say which it is for"
    warn_at(reader, notice.position or 0, "no_order", text)
    return None


def _bill(
    reader: SetReader,
    notice: _Notice,
    lines: list[InvoiceLine],
    places: dict[int, int],
    shipped: ShipmentNotified,
) -> InvoiceReceived:
    """The invoice for the goods of the notice; `places`: which line the loop at a position is."""
    written = [entry._replace(line=places.get(position)) for position, entry in notice.written]
    charges = settle_charges(reader, written, lines)
    if notice.total is not None:
        check_total(reader, notice.total_at, notice.total, lines, charges, credit=notice.returned)
    return InvoiceReceived(
        order=shipped.order,
        purpose=shipped.purpose,
        issued_at=shipped.issued_at,
        buyer=shipped.buyer,
        supplier=shipped.supplier,
        ship_to=shipped.ship_to,
        kind="credit" if notice.returned else "invoice",
        invoiced_on=notice.date,
        shipment="" if notice.returned else notice.number,
        bill_of_lading=shipped.bill_of_lading,
        total=notice.total,
        charges=charges,
        terms=notice.terms,
        lines=tuple(lines),
    )


def _bill_lines(
    notice: _Notice, loops: list[Loop], tree: Hierarchy, several: bool
) -> tuple[list[InvoiceLine], dict[int, int]]:
    """The lines as billed, and by the position of its loop which line is which."""
    orders = orders_of_loops(loops, tree)
    lines: list[InvoiceLine] = []
    places: dict[int, int] = {}
    for place, loop in enumerate(loops):
        if not is_line(loop, tree.levels[place]) or loop.item is None:
            continue
        places[loop.position] = len(lines)
        lines.append(
            msgspec.structs.replace(
                notice.prices.get(loop.position, InvoiceLine()),
                line=loop.line,
                item=loop.item,
                quantity=loop.quantity,
                unit=loop.unit,
                order=orders[place] if several else None,
            )
        )
    return lines, places
