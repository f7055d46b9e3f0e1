"""INVOIC, invoice: what the supplier bills, or gives back."""

from decimal import Decimal
from typing import Literal

from integrations.mappings.edifact import codes
from integrations.mappings.edifact.common import ONE, Beginning, Gathered, envelope_party
from integrations.mappings.edifact.filing import file_message
from integrations.mappings.edifact.lines import (
    Body,
    LineGroup,
    main_lines,
    note_no_order,
    read_body,
    read_orders,
)
from integrations.mappings.edifact.orders import read_purpose
from integrations.mappings.edifact.reader import MessageReader
from visibility.canonical.documents import (
    Allowance,
    AnyDocument,
    Charge,
    InvoiceLine,
    InvoiceReceived,
    OrderRef,
)

_PERCENT = Decimal(100)


def map_invoic(reader: MessageReader) -> list[AnyDocument]:
    """The bill, credit note or debit note; a pro forma invoice bills nothing and is filed."""
    body = read_body(reader, signed=True)
    beginning = body.beginning
    if beginning is None:
        return []
    reader.go(beginning.place)
    if not beginning.number:
        reader.note("error", "no_invoice_number", "BGM has no number: the invoice has none", 2)
    if beginning.name in codes.PRO_FORMA_INVOICES:
        return file_message(reader, "a pro forma invoice, which bills nothing")
    return [_invoice(reader, body, beginning)]


def _invoice(reader: MessageReader, body: Body, beginning: Beginning) -> InvoiceReceived:
    header = body.header
    buyer = envelope_party(reader.message, "receiver")
    lines = main_lines(reader, body.lines)
    orders = read_orders(reader, header.reference(codes.ORDER_REFERENCES), lines, buyer)
    shipment = header.reference(codes.SHIPMENT_REFERENCES)
    bill_of_lading = header.reference(codes.BILL_OF_LADING_REFERENCES)
    corrects = header.reference(codes.INVOICE_REFERENCES)
    kind = _kind(beginning.name)
    named = orders.order is not None or any(order for order, _ in orders.lines)
    if not (named or shipment or bill_of_lading or (corrects and kind != "invoice")):
        note_no_order(reader, "RFF", "invoice")
    invoiced = header.day(codes.INVOICE_DATES)
    total = body.summary.amount(codes.TOTAL_AMOUNTS)
    replaced = beginning.name in codes.CORRECTED_INVOICES
    return InvoiceReceived(
        order=orders.order,
        purpose=read_purpose(reader, beginning),
        issued_at=header.moment(codes.INVOICE_DATES),
        buyer=header.party(codes.BUYER_PARTIES, buyer),
        supplier=header.party(codes.SUPPLIER_PARTIES, envelope_party(reader.message, "sender")),
        ship_to=header.party(codes.SHIP_TO_PARTIES),
        units="rec20",
        replaces=corrects if replaced else "",
        number=beginning.number,
        kind=kind,
        invoiced_on=invoiced,
        currency=header.currency or body.summary.currency,
        corrects=corrects if kind != "invoice" else "",
        shipment=shipment,
        bill_of_lading=bill_of_lading,
        total=total if total is not None else header.amount(codes.TOTAL_AMOUNTS),
        charges=tuple(_charges(body)),
        lines=tuple(_line(reader, line, placed) for line, placed in zip(lines, orders.lines, strict=True)),
    )


def _kind(name: str) -> Literal["invoice", "credit", "subsequent"]:
    """A debit note is about money alone: what was billed before costs more."""
    if name in codes.CREDIT_NOTES:
        return "credit"
    return "subsequent" if name in codes.DEBIT_NOTES else "invoice"


def _charges(body: Body) -> list[Charge]:
    """Allowances and charges of the whole document, and its taxes; a line's are in its price."""
    charges = [
        charge
        for allowance in (*body.header.allowances, *body.summary.allowances)
        if (charge := _charge(allowance, body.summary)) is not None
    ]
    taxes = body.summary.taxes or body.header.taxes
    charges += [Charge(amount=amount, code="tax", description=rate) for rate, amount in taxes if amount]
    if not taxes:
        tax = body.summary.amount(codes.TAX_TOTALS)
        if tax is None:
            tax = body.summary.amount((codes.TAX_AMOUNT,))
        if tax:
            charges.append(Charge(amount=tax, code="tax"))
    return charges


def _charge(allowance: Allowance, summary: Gathered) -> Charge | None:
    """The amount as written, else the percentage of all lines' sum; none where neither can be told."""
    amount = allowance.amount
    if amount is None and allowance.percent is not None:
        base = summary.amount((codes.LINES_TOTAL,))
        amount = base * allowance.percent / _PERCENT if base is not None else None
    if not amount:
        return None
    signed = -amount if allowance.kind == "allowance" else amount
    return Charge(amount=signed, code=allowance.code, description=allowance.description)


def _line(reader: MessageReader, line: LineGroup, placed: tuple[OrderRef | None, str]) -> InvoiceLine:
    quantity, price = line.quantity(codes.INVOICED_QUANTITIES), line.price()
    return InvoiceLine(
        line=placed[1],
        item=line.item(reader),
        quantity=quantity.value,
        unit=quantity.unit,
        order=placed[0],
        price=price.price if price else None,
        price_per=price.per if price else ONE,
        price_unit=price.unit if price else "",
    )
