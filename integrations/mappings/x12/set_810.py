"""810, invoice: what the supplier bills, or gives back."""

from decimal import Decimal

import msgspec

from integrations.mappings.x12 import codes
from integrations.mappings.x12.common import (
    Header,
    check_line_count,
    envelope_party,
    order_reference,
    read_ctp,
    read_item_codes,
    read_price,
)
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.values import read_cents, start_of_day
from visibility.canonical.documents import (
    AnyDocument,
    Charge,
    InvoiceLine,
    InvoiceReceived,
    OrderRef,
    Purpose,
)

_SIGNS = {"A": Decimal(-1), "C": Decimal(1)}


class _Beginning:
    """BIG: date, number, order, release, type, purpose."""

    def __init__(self, reader: SetReader) -> None:
        self.date = reader.date(1)
        self.number = reader.identifier(2)
        if not self.number:
            reader.note("error", "no_invoice_number", "BIG02 is empty: the invoice has no number", 2)
        self.order = reader.identifier(4)
        self.release = reader.identifier(5)
        self.credit = reader.raw(7) in codes.CREDIT_TYPES
        self.purpose: Purpose = reader.code(8, codes.PURPOSES, "purpose") or "original"


class _Invoice:
    """The invoice while it is being read. `summary`: behind the lines, where charges are the whole's."""

    def __init__(self, reader: SetReader) -> None:
        self.reader = reader
        self.issuer = envelope_party(reader.transaction, "receiver")
        self.header = Header()
        self.beginning: _Beginning | None = None
        self.currency = ""
        self.total: Decimal | None = None
        self.charges: list[Charge] = []
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
            self.summary = True
            self.total = self._cents(1)
        elif tag in {"SAC", "TXI"} and not in_lines:
            self._charge(tag)
        elif tag == "CTT":
            self.summary = True
            check_line_count(reader, len(self.lines), "lines")
        elif tag == "CUR" and not in_lines:
            self.currency = reader.text(2)[:3]
        elif in_lines:
            self._detail(tag)
        else:
            self.header.take(reader)

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
        elif tag == "REF" and reader.raw(1) in codes.ORDER_REFERENCES and line.order is None:
            self.lines[-1] = msgspec.structs.replace(line, order=self._order(reader.identifier(2)))
        elif tag == "CTP" and line.price is None:
            price = read_ctp(reader)
            self.lines[-1] = msgspec.structs.replace(
                line, price=price.price, price_per=price.per, price_unit=price.unit
            )

    def _order(self, number: str) -> OrderRef | None:
        return order_reference(number, self.issuer) if number else None

    def _charge(self, tag: str) -> None:
        reader = self.reader
        if tag == "TXI":
            amount = reader.price(2)
            charge = (
                Charge(amount=amount, code="tax", description=reader.text(1)) if amount is not None else None
            )
        else:
            sign, amount = _SIGNS.get(reader.raw(1)), self._cents(5)
            charge = None
            if sign is not None and amount is not None:
                charge = Charge(amount=sign * amount, code=reader.text(2), description=reader.text(15))
        if charge is not None and charge.amount:
            self.charges.append(charge)

    def _cents(self, element: int) -> Decimal | None:
        raw = self.reader.raw(element)
        amount = read_cents(raw) if raw else None
        if raw and amount is None:
            self.reader.note(
                "error", "not_a_number", f"{raw[:40]!r} is not a number; an amount must be one", element
            )
        elif "." in raw:
            text = f"{raw[:40]} has a decimal point where two decimals are implied; it was read as written"
            self.reader.note("warning", "decimal_point", text, element)
        return amount


def map_810(reader: SetReader) -> list[AnyDocument]:
    """The invoice or credit note."""
    invoice = _Invoice(reader)
    for row in reader.rows():
        invoice.take(row[0])
    beginning = invoice.beginning
    if beginning is None:
        reader.note_missing("BIG", "the invoice has no BIG segment, so it has no number")
        return []
    header = invoice.header
    shipment = header.reference(codes.SHIPMENT_REFERENCES)
    bill_of_lading = header.reference(codes.BILL_OF_LADING_REFERENCES)
    order, lines = _orders(invoice, beginning)
    if order is None and not any(line.order for line in lines) and not (shipment or bill_of_lading):
        text = "the invoice names no purchase order (BIG04, REF PO) and no shipment: it cannot be matched"
        reader.note_missing("BIG", text, "no_order")
    return [
        InvoiceReceived(
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
            shipment=shipment,
            bill_of_lading=bill_of_lading,
            total=invoice.total,
            charges=tuple(invoice.charges),
            lines=tuple(lines),
        )
    ]


def _orders(invoice: _Invoice, beginning: _Beginning) -> tuple[OrderRef | None, list[InvoiceLine]]:
    """The document's order, and the lines with theirs: named on the line only where it is not that one."""
    number = beginning.order or invoice.header.reference(codes.ORDER_REFERENCES)
    order = order_reference(number, invoice.issuer, beginning.release) if number else None
    named = {line.order.number for line in invoice.lines if line.order is not None}
    if order is None and len(named) == 1 and all(line.order for line in invoice.lines):
        order = order_reference(named.pop(), invoice.issuer)
    if order is None:
        return None, invoice.lines
    lines = [
        msgspec.structs.replace(line, order=None)
        if line.order and line.order.number == order.number
        else line
        for line in invoice.lines
    ]
    return order, lines
