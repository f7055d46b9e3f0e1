"""820, payment order or remittance advice: which bills a payment pays, and how much of each.

RMR (before 003040 RMT) names a bill, ADX what was taken off or put on. An ADX that stands under no bill
speaks of a document of its own, a credit or debit memo.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from integrations.mappings.x12 import codes, codes_money
from integrations.mappings.x12.common import Header, envelope_party, order_reference
from integrations.mappings.x12.money import CENT, ZERO, stand_at
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.values import start_of_day
from visibility.canonical.documents import AnyDocument, Charge, OrderRef, PaymentStatus

_OWN_BILL = "IV"


@dataclass(slots=True)
class _Paid:
    """A bill and what the payment pays of it."""

    invoice: str = ""
    order: str = ""
    amount: Decimal | None = None
    billed: Decimal | None = None
    discount: Decimal | None = None
    adjustments: list[Charge] = field(default_factory=list)


class _Payment:
    """The payment while it is being read."""

    def __init__(self, reader: SetReader) -> None:
        self.reader = reader
        self.header = Header()
        self.began: int | None = None
        self.amount: Decimal | None = None
        self.date: dt.date | None = None
        self.number = ""
        self.currency = ""
        self.paid: list[_Paid] = []
        self.current: _Paid | None = None
        self.under_bill = False
        self.unassigned = ZERO

    def take(self, tag: str) -> None:
        """Keep what the present segment says."""
        reader = self.reader
        if tag in {"BPR", "BPS"}:
            self.began, self.amount = reader.position, reader.price(2)
            self.date = reader.date(16 if tag == "BPR" else 12)
        elif tag == "TRN":
            self.number = self.number or reader.identifier(2)
        elif tag == "CUR":
            self.currency = self.currency or reader.text(2)[:3]
        elif tag == "ENT":
            self.current, self.under_bill = None, False
        elif tag == "RMR":
            self._begin(_remitted(reader))
        elif tag == "RMT" and reader.raw(1) not in codes_money.ITEM_REFERENCES:
            self._begin(_remitted_of_old(reader))
        elif tag == "ADX":
            self._adjust()
        elif tag == "REF" and self.current is not None:
            self._refer(self.current)
        elif self.current is None:
            self.header.take(reader)

    def _begin(self, paid: _Paid) -> None:
        self.current, self.under_bill = paid, True
        self.paid.append(paid)

    def _adjust(self) -> None:
        """An ADX: of the bill it stands under, else a document of its own."""
        reader = self.reader
        amount, reason, number = reader.price(1), reader.text(2), reader.identifier(4)
        if not amount:
            return
        charge = Charge(amount=amount, code=reason, description=codes_money.ADJUSTMENTS.get(reason, ""))
        if self.under_bill and self.current is not None:
            self.current.adjustments.append(charge)
        elif number:
            self.current = _Paid(invoice=number, amount=amount, adjustments=[charge])
            self.paid.append(self.current)
        else:
            self.unassigned += amount
            text = f"an adjustment of {amount:f} ({charge.description or reason}) names no bill"
            reader.note("warning", "adjustment_unassigned", text, 4)

    def _refer(self, paid: _Paid) -> None:
        kind, value = self.reader.raw(1), self.reader.identifier(2)
        if kind in codes.ORDER_REFERENCES:
            paid.order = paid.order or value
        elif kind == _OWN_BILL and value:
            paid.invoice = value


def _remitted(reader: SetReader) -> _Paid:
    """The present RMR. One that names an order instead of a bill pays for the order."""
    kind, number = reader.raw(1), reader.identifier(2)
    of_order = kind in codes.ORDER_REFERENCES
    paid = _Paid(
        invoice="" if of_order else number,
        order=number if of_order else "",
        amount=reader.price(4),
        billed=reader.price(5),
        discount=reader.price(6),
    )
    reason, adjusted = reader.text(7), reader.price(8)
    if adjusted:
        paid.adjustments.append(
            Charge(amount=adjusted, code=reason, description=codes_money.ADJUSTMENTS.get(reason, ""))
        )
    return paid


def _remitted_of_old(reader: SetReader) -> _Paid:
    """The present RMT: the reference and its amount."""
    of_order = reader.raw(1) in codes.ORDER_REFERENCES
    number = reader.identifier(2)
    return _Paid(invoice="" if of_order else number, order=number if of_order else "", amount=reader.price(3))


def map_820(reader: SetReader) -> list[AnyDocument]:
    """One document a bill that is paid; what they come to against the payment."""
    payment = _Payment(reader)
    for row in reader.rows():
        payment.take(row[0])
    if payment.began is None:
        reader.note_missing("BPR", "the payment has no BPR segment, so it has no amount")
        return []
    _check_total(payment, payment.began)
    if not payment.paid:
        stand_at(reader, payment.began)
        text = "the payment does not say which bills it pays: it waits until somebody says whose it is"
        reader.note("warning", "no_invoice", text)
        payment.paid.append(_Paid(amount=payment.amount))
    return [_document(payment, paid) for paid in payment.paid]


def _document(payment: _Payment, paid: _Paid) -> PaymentStatus:
    header, reader = payment.header, payment.reader
    payer = envelope_party(reader.transaction, "sender")
    dates = header.dates
    day = payment.date or next((dates[kind] for kind in codes_money.PAYMENT_DATES if kind in dates), None)
    order: OrderRef | None = order_reference(paid.order, payer) if paid.order else None
    return PaymentStatus(
        order=order,
        issued_at=start_of_day(day),
        buyer=header.party(codes_money.PAYERS, payer),
        supplier=header.party(codes_money.PAYEES, envelope_party(reader.transaction, "receiver")),
        status="paid",
        occurred_at=start_of_day(day),
        payment=payment.number,
        invoice=paid.invoice,
        amount=paid.amount,
        billed=paid.billed,
        discount=paid.discount,
        currency=payment.currency,
        adjustments=tuple(paid.adjustments),
    )


def _check_total(payment: _Payment, position: int) -> None:
    amounts = [paid.amount for paid in payment.paid]
    known = [amount for amount in amounts if amount is not None]
    if payment.amount is None or not known or len(known) != len(amounts):
        return
    total = sum(known, ZERO) + payment.unassigned
    if abs(abs(total) - abs(payment.amount)) > CENT:
        stand_at(payment.reader, position)
        text = f"the payment is of {payment.amount:f}, what it pays comes to {total:f}"
        payment.reader.note("warning", "total_differs", text, 2)
