"""880, grocery products invoice: the 810 of the grocery trade."""

from decimal import Decimal

import msgspec

from integrations.mappings.x12 import codes, codes_money
from integrations.mappings.x12.common import Header, envelope_party, order_reference, read_item_codes
from integrations.mappings.x12.money import (
    HUNDRED,
    Written,
    check_total,
    read_amount,
    read_grocery_terms,
    settle_charges,
)
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.set_810 import tell_no_order
from integrations.mappings.x12.values import start_of_day
from visibility.canonical.documents import AnyDocument, InvoiceLine, InvoiceReceived, Item, PaymentTerms

_LAST_ID_ELEMENT = 8


class _Beginning:
    """G01: date, number, order, the supplier's number for it, type."""

    def __init__(self, reader: SetReader) -> None:
        self.date = reader.date(1)
        self.number = reader.identifier(2)
        if not self.number:
            reader.note("error", "no_invoice_number", "G0102 is empty: the invoice has no number", 2)
        self.order = reader.identifier(4)
        self.credit = reader.raw(8) in codes.CREDIT_TYPES


class _Invoice:
    """The invoice while it is being read."""

    def __init__(self, reader: SetReader) -> None:
        self.reader = reader
        self.header = Header()
        self.beginning: _Beginning | None = None
        self.carrier = ""
        self.terms: PaymentTerms | None = None
        self.charges: list[Written] = []
        self.lines: list[InvoiceLine] = []
        self.total: Decimal | None = None
        self.total_at = 0

    def take(self, tag: str) -> None:
        """Keep what the present segment says."""
        reader = self.reader
        if tag == "G01":
            self.beginning = _Beginning(reader)
        elif tag == "G17":
            self.lines.append(_line(reader))
        elif tag == "G69" and self.lines and not self.lines[-1].item.description:
            line = self.lines[-1]
            item = msgspec.structs.replace(line.item, description=reader.text(1))
            self.lines[-1] = msgspec.structs.replace(line, item=item)
        elif tag == "G72":
            at = len(self.lines) - 1 if self.lines and self.total is None else None
            charge = read_g72(reader, at, None if at is None else self.lines[at].quantity)
            if charge is not None:
                self.charges.append(charge)
        elif tag == "G23" and self.terms is None:
            self.terms = read_grocery_terms(reader, self.beginning.date if self.beginning else None)
        elif tag == "G27":
            self.carrier = self.carrier or reader.text(2)
        elif tag == "G33":
            self.total, self.total_at = read_amount(reader, 1), reader.position
        elif not self.lines:
            self.header.take(reader)


def _line(reader: SetReader) -> InvoiceLine:
    item = read_item_codes(reader, 5, _LAST_ID_ELEMENT).item
    case = reader.identifier(4)
    if item == Item() and case:
        # A case code has neither check digit nor level, so it is no GTIN: the supplier's own number.
        item = Item(vendor=case)
    return InvoiceLine(
        item=item, quantity=reader.quantity(1, signed=True), unit=reader.unit(2), price=reader.price(3)
    )


def read_g72(reader: SetReader, line: int | None, quantity: Decimal | None) -> Written | None:
    """The present G72, where it changes the bill. `quantity`: what a rate is for, if it does not say."""
    sign = codes_money.HANDLING_SIGNS.get(reader.raw(2))
    rate, own = reader.price(5), reader.quantity(6)
    amount, percent, basis = read_amount(reader, 8), reader.price(9), reader.price(10)
    if sign is None:
        return None
    counted = own if own is not None else quantity
    if amount is None and rate is not None and counted is not None:
        amount = rate * counted
    if amount is None and percent is not None and basis is not None:
        amount = basis * percent / HUNDRED
    return Written(
        position=reader.position,
        line=line,
        code=reader.text(1),
        description="",
        amount=None if amount is None else sign * abs(amount),
        percent=None if percent is None else sign * abs(percent),
    )


def map_880(reader: SetReader) -> list[AnyDocument]:
    """The grocery invoice."""
    invoice = _Invoice(reader)
    for row in reader.rows():
        invoice.take(row[0])
    beginning = invoice.beginning
    if beginning is None:
        reader.note_missing("G01", "the invoice has no G01 segment, so it has no number")
        return []
    return [_document(invoice, beginning)]


def _document(invoice: _Invoice, beginning: _Beginning) -> InvoiceReceived:
    reader, header = invoice.reader, invoice.header
    issuer = envelope_party(reader.transaction, "receiver")
    charges = settle_charges(reader, invoice.charges, invoice.lines, told_twice=False)
    check_total(reader, invoice.total_at, invoice.total, invoice.lines, charges, credit=beginning.credit)
    number = beginning.order or header.reference(codes.ORDER_REFERENCES)
    document = InvoiceReceived(
        order=order_reference(number, issuer) if number else None,
        issued_at=start_of_day(beginning.date),
        buyer=header.party(codes.BUYER_PARTIES, issuer),
        supplier=header.party(codes.SUPPLIER_PARTIES, envelope_party(reader.transaction, "sender")),
        ship_to=header.party(codes.SHIP_TO_PARTIES),
        number=beginning.number,
        kind="credit" if beginning.credit else "invoice",
        invoiced_on=beginning.date,
        shipment=header.reference(codes.SHIPMENT_REFERENCES),
        carrier=invoice.carrier,
        bill_of_lading=header.reference(codes.BILL_OF_LADING_REFERENCES),
        terms=invoice.terms,
        total=invoice.total,
        charges=charges,
        lines=tuple(invoice.lines),
    )
    tell_no_order(reader, document)
    return document
