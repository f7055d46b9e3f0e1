"""810, invoice: what the supplier bills, or gives back."""

from decimal import Decimal

import msgspec

from integrations.mappings.x12 import codes, codes_money
from integrations.mappings.x12.common import (
    Header,
    check_line_count,
    envelope_party,
    order_reference,
    read_ctp,
    read_item_codes,
    read_price,
)
from integrations.mappings.x12.money import (
    Written,
    check_total,
    read_amount,
    read_sac,
    read_terms,
    read_txi,
    settle_charges,
    stand_at,
)
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.values import start_of_day
from visibility.canonical.documents import (
    AnyDocument,
    InvoiceLine,
    InvoiceReceived,
    OrderRef,
    PaymentTerms,
    Purpose,
)

_NO_TERMS = PaymentTerms()


class _Beginning:
    """BIG: date, number, order, release, type, purpose, and for a credit the invoice it is about."""

    def __init__(self, reader: SetReader) -> None:
        self.date = reader.date(1)
        self.number = reader.identifier(2)
        if not self.number:
            reader.note("error", "no_invoice_number", "BIG02 is empty: the invoice has no number", 2)
        self.order = reader.identifier(4)
        self.release = reader.identifier(5)
        self.credit = reader.raw(7) in codes.CREDIT_TYPES
        self.purpose: Purpose = reader.code(8, codes.PURPOSES, "purpose") or "original"
        self.corrects = reader.identifier(10) if self.credit else ""


class _Invoice:
    """The invoice while it is being read. `summary`: behind the lines, where charges are the whole's."""

    def __init__(self, reader: SetReader) -> None:
        self.reader = reader
        self.issuer = envelope_party(reader.transaction, "receiver")
        self.header = Header()
        self.orders: dict[str, None] = {}
        self.beginning: _Beginning | None = None
        self.currency = ""
        self.carrier = ""
        self.references: dict[str, str] = {}
        self.terms = _NO_TERMS
        self.total: Decimal | None = None
        self.total_at = 0
        self.charges: list[Written] = []
        self.lines: list[InvoiceLine] = []
        self.summary = False

    def take(self, tag: str) -> None:
        """Keep what the present segment says."""
        reader = self.reader
        in_lines = bool(self.lines) and not self.summary
        if tag == "BIG":
            self.beginning = _Beginning(reader)
        elif tag == "IT1":
            self.lines.append(self._line())
        elif tag == "TDS":
            self.summary, self.total_at = True, reader.position
            self.total = read_amount(reader, 1)
        elif tag in {"SAC", "TXI"}:
            line = len(self.lines) - 1 if in_lines else None
            charge = read_sac(reader, line) if tag == "SAC" else read_txi(reader, line)
            if charge is not None:
                self.charges.append(charge)
        elif tag in {"CTT", "CAD", "ISS"}:
            self._summary(tag)
        elif in_lines:
            self._detail(tag)
        elif tag == "CUR":
            self.currency = reader.text(2)[:3]
        elif tag == "ITD" and self.terms == _NO_TERMS:
            self.terms = read_terms(reader, self.beginning.date if self.beginning else None)
        else:
            if tag in {"REF", "N9"} and reader.raw(1) in codes.ORDER_REFERENCES and reader.raw(2):
                self.orders[reader.identifier(2)] = None
            self.header.take(reader)

    def _summary(self, tag: str) -> None:
        reader = self.reader
        if tag == "CTT":
            self.summary = True
            check_line_count(reader, len(self.lines), "lines")
        elif tag == "CAD":
            self.carrier = self.carrier or reader.text(4)
            if reader.raw(8):
                self.references.setdefault(reader.raw(7), reader.identifier(8))
        else:
            units = {line.unit for line in self.lines}
            stated, unit = reader.quantity(1), reader.unit(2)
            billed = sum((line.quantity or Decimal(0) for line in self.lines), Decimal(0))
            if stated is not None and units == {unit} and abs(billed) != stated:
                text = f"ISS01 says {stated:f} {unit} were shipped, the lines bill {billed:f}"
                reader.note("warning", "units_differ", text, 1)

    def _line(self) -> InvoiceLine:
        reader = self.reader
        price = read_price(reader, 4)
        found = read_item_codes(reader, 6)
        return InvoiceLine(
            line=reader.identifier(1),
            item=found.item,
            quantity=reader.quantity(2, signed=True),
            unit=reader.unit(3),
            order=self._order(found.order),
            price=price.price,
            price_per=price.per,
            price_unit=price.unit,
        )

    def _detail(self, tag: str) -> None:
        reader, line = self.reader, self.lines[-1]
        if tag == "PID" and not line.item.description:
            item = msgspec.structs.replace(line.item, description=reader.text(5))
            self.lines[-1] = msgspec.structs.replace(line, item=item)
        elif tag in {"REF", "N9"} and reader.raw(1) in codes.ORDER_REFERENCES and line.order is None:
            self.lines[-1] = msgspec.structs.replace(line, order=self._order(reader.identifier(2)))
        elif tag == "SLN" and line.order is None:
            # What a line is made of may say for which order it was.
            found = read_item_codes(reader, 9)
            self.lines[-1] = msgspec.structs.replace(line, order=self._order(found.order))
        elif tag == "CTP" and line.price is None:
            price = read_ctp(reader)
            self.lines[-1] = msgspec.structs.replace(
                line, price=price.price, price_per=price.per, price_unit=price.unit
            )

    def _order(self, number: str) -> OrderRef | None:
        return order_reference(number, self.issuer) if number else None

    def reference(self, kinds: tuple[str, ...]) -> str:
        """The first of these references, of the head, else of the CAD."""
        of_cad = next((self.references[kind] for kind in kinds if kind in self.references), "")
        return self.header.reference(kinds) or of_cad


def map_810(reader: SetReader) -> list[AnyDocument]:
    """The invoice or credit note."""
    invoice = _Invoice(reader)
    for row in reader.rows():
        invoice.take(row[0])
    beginning = invoice.beginning
    if beginning is None:
        reader.note_missing("BIG", "the invoice has no BIG segment, so it has no number")
        return []
    return [_document(invoice, beginning)]


def _document(invoice: _Invoice, beginning: _Beginning) -> InvoiceReceived:
    reader, header = invoice.reader, invoice.header
    order, lines = _orders(invoice, beginning)
    charges = settle_charges(reader, invoice.charges, lines)
    check_total(reader, invoice.total_at, invoice.total, lines, charges, credit=beginning.credit)
    corrects = header.reference(codes_money.CORRECTED_REFERENCES) if beginning.credit else ""
    document = InvoiceReceived(
        order=order,
        purpose=beginning.purpose,
        issued_at=start_of_day(beginning.date),
        buyer=header.party(codes.BUYER_PARTIES, invoice.issuer),
        supplier=header.party(codes.SUPPLIER_PARTIES, envelope_party(reader.transaction, "sender")),
        ship_to=header.party(codes.SHIP_TO_PARTIES),
        number=beginning.number,
        kind="credit" if beginning.credit else "invoice",
        invoiced_on=beginning.date,
        currency=invoice.currency,
        corrects=corrects or beginning.corrects,
        shipment=header.reference(codes.SHIPMENT_REFERENCES),
        carrier=invoice.carrier,
        bill_of_lading=invoice.reference(codes.BILL_OF_LADING_REFERENCES),
        tracking=invoice.reference(codes.TRACKING_REFERENCES),
        terms=invoice.terms if invoice.terms != _NO_TERMS else None,
        total=invoice.total,
        charges=charges,
        lines=tuple(lines),
    )
    tell_no_order(reader, document)
    return document


def tell_no_order(reader: SetReader, invoice: InvoiceReceived) -> None:
    """A warning where nothing ties the invoice to an order: it is used, and people match it."""
    tied = invoice.order or invoice.shipment or invoice.bill_of_lading or invoice.corrects
    if not tied and not any(line.order for line in invoice.lines):
        stand_at(reader, 1 if len(reader.transaction.segments) > 1 else 0)
        text = "the invoice names no purchase order and no shipment: it waits until somebody says whose it is"
        reader.note("warning", "no_order", text)


def _orders(invoice: _Invoice, beginning: _Beginning) -> tuple[OrderRef | None, list[InvoiceLine]]:
    """The document's order, and the lines with theirs: named on the line only where it is not that one."""
    named = {line.order.number for line in invoice.lines if line.order is not None}
    number = beginning.order or (next(iter(invoice.orders)) if len(invoice.orders) == 1 else "")
    order = order_reference(number, invoice.issuer, beginning.release) if number else None
    if order is None and len(named) == 1 and all(line.order for line in invoice.lines):
        order = order_reference(named.pop(), invoice.issuer)
    if order is None:
        if invoice.orders and not all(line.order for line in invoice.lines):
            stand_at(invoice.reader, 1)
            names = ", ".join(list(invoice.orders)[:5])
            text = f"the head names several orders ({names}), lines do not say which of them they bill"
            invoice.reader.note("warning", "several_orders", text)
        return None, invoice.lines
    lines = [
        msgspec.structs.replace(line, order=None)
        if line.order and line.order.number == order.number
        else line
        for line in invoice.lines
    ]
    return order, lines
