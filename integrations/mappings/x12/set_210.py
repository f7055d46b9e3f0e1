"""210, freight bill: what a carrier bills for moving goods. It bills none of the goods."""

from decimal import Decimal

from integrations.mappings.x12 import codes, codes_money
from integrations.mappings.x12.common import Header, envelope_party, order_reference
from integrations.mappings.x12.money import CENT, ZERO, read_amount, stand_at
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.values import start_of_day
from visibility.canonical.documents import AnyDocument, Charge, FreightBilled, Purpose

_CORRECTED = "CO"


class _Beginning:
    """B3: number, shipment, date, net amount, correction, carrier."""

    def __init__(self, reader: SetReader) -> None:
        self.position = reader.position
        self.number = reader.identifier(2)
        if not self.number:
            reader.note("error", "no_invoice_number", "B302 is empty: the freight bill has no number", 2)
        self.shipment = reader.identifier(3)
        self.date = reader.date(6)
        self.total = read_amount(reader, 7)
        self.corrected = reader.raw(8) == _CORRECTED
        self.carrier = reader.text(11)


class _Bill:
    """The freight bill while it is being read."""

    def __init__(self, reader: SetReader) -> None:
        self.reader = reader
        self.header = Header()
        self.beginning: _Beginning | None = None
        self.purpose: Purpose = "original"
        self.currency = ""
        self.charges: list[Charge] = []
        self.orders: dict[str, None] = {}

    def take(self, tag: str) -> None:
        """Keep what the present segment says."""
        reader = self.reader
        if tag == "B3":
            self.beginning = _Beginning(reader)
        elif tag == "B2A":
            self.purpose = reader.code(1, codes.PURPOSES, "purpose") or "original"
        elif tag == "C3":
            self.currency = reader.text(1)[:3]
        elif tag == "L1":
            amount = read_amount(reader, 4)
            if amount:
                code, words = reader.text(8), reader.text(12)
                self.charges.append(Charge(amount=amount, code=code, description=words))
        elif tag == "L11":
            self._refer(reader.raw(2), reader.identifier(1))
        elif tag == "OID":
            self._refer("PO", reader.identifier(2))
        elif tag in {"N9", "REF"}:
            self._refer(reader.raw(1), reader.identifier(2))
        else:
            self.header.take(reader)

    def _refer(self, kind: str, value: str) -> None:
        if value:
            self.header.references.setdefault(kind, value)
            if kind in codes.ORDER_REFERENCES:
                self.orders[value] = None


def map_210(reader: SetReader) -> list[AnyDocument]:
    """The freight bill, with its charges; what they come to against B307."""
    bill = _Bill(reader)
    for row in reader.rows():
        bill.take(row[0])
    beginning = bill.beginning
    if beginning is None:
        reader.note_missing("B3", "the freight bill has no B3 segment, so it has no number")
        return []
    _check_total(reader, beginning, bill.charges)
    header = bill.header
    receiver = envelope_party(reader.transaction, "receiver")
    return [
        FreightBilled(
            order=order_reference(next(iter(bill.orders)), receiver) if len(bill.orders) == 1 else None,
            purpose="replace" if beginning.corrected else bill.purpose,
            issued_at=start_of_day(beginning.date),
            buyer=header.party(codes_money.PAYERS, receiver),
            supplier=header.party(codes_money.CARRIER_PARTIES, envelope_party(reader.transaction, "sender")),
            ship_to=header.party(codes_money.CONSIGNEES),
            number=beginning.number,
            carrier=beginning.carrier,
            invoiced_on=beginning.date,
            currency=bill.currency,
            total=beginning.total,
            shipment=header.reference(codes.SHIPMENT_REFERENCES) or beginning.shipment,
            bill_of_lading=header.reference(codes.BILL_OF_LADING_REFERENCES),
            tracking=header.reference(codes.TRACKING_REFERENCES),
            charges=tuple(bill.charges),
        )
    ]


def _check_total(reader: SetReader, beginning: _Beginning, charges: list[Charge]) -> None:
    total = sum((charge.amount for charge in charges), ZERO)
    if beginning.total is None or not charges or abs(total - beginning.total) <= CENT * Decimal(len(charges)):
        return
    stand_at(reader, beginning.position)
    text = f"B307 says {beginning.total:f} is due, the charges come to {total:f}"
    reader.note("warning", "total_differs", text, 7)
