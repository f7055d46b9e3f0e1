"""Facts as X12 004010 transaction sets: 850, 855, 856, 810 and 944.

Dates are Northgate's working dates; times are UTC and say so (time code UT).
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from integrations.sandbox.company import CURRENCY, NORTHGATE, Item, Place, Supplier
from integrations.sandbox.envelope import Segment, TransactionSet
from integrations.sandbox.facts import (
    Answered,
    AnswerLine,
    AnswerPart,
    Billed,
    OrderLine,
    OrderSent,
    Received,
    Shipped,
    Spoken,
)
from integrations.sandbox.ship_notice import ship_notice_levels


def transaction_set(fact: Spoken) -> TransactionSet:
    """The set that tells `fact`."""
    match fact:
        case OrderSent():
            return TransactionSet("850", _purchase_order(fact))
        case Answered():
            return TransactionSet("855", _acknowledgement(fact))
        case Shipped():
            return TransactionSet("856", _ship_notice(fact))
        case Billed():
            return TransactionSet("810", _invoice(fact))
        case Received():
            return TransactionSet("944", _receipt_advice(fact))


def _day(value: date) -> str:
    return f"{value:%Y%m%d}"


def _number(value: Decimal) -> str:
    return f"{value:f}"


def _ship_to(place: Place) -> list[Segment]:
    return [["N1", "ST", place.name, "UL", place.gln], ["N4", place.city, place.state]]


def _supplier(role: str, supplier: Supplier) -> Segment:
    return ["N1", role, supplier.name, "92", supplier.code]


def _all_ids(item: Item) -> Segment:
    return ["BP", item.sku, "VP", item.vendor_part]


def _line_start(supplier: Supplier, line: OrderLine) -> str:
    return "" if supplier.names_lines == "item" else str(line.number)


def _ids(supplier: Supplier, item: Item) -> Segment:
    return ["VP", item.vendor_part] if supplier.names_lines == "line" else _all_ids(item)


def _purchase_order(sent: OrderSent) -> list[Segment]:
    order = sent.order
    segments: list[Segment] = [
        ["BEG", sent.purpose, "SA", order.number, "", _day(order.released_at)],
        ["CUR", "BY", CURRENCY],
        ["DTM", "002", _day(order.requested_on)],
        ["N1", "BY", NORTHGATE.name],
        _supplier("SU", order.supplier),
        *_ship_to(order.ship_to),
    ]
    for line in order.lines:
        price = _number(line.price)
        start = ["PO1", str(line.number), _number(line.quantity), line.item.unit, price, ""]
        segments.append([*start, *_all_ids(line.item)])
        segments.append(["PID", "F", "", "", "", line.item.description])
    return [*segments, ["CTT", str(len(order.lines))]]


def _acknowledgement(answered: Answered) -> list[Segment]:
    order = answered.order
    segments: list[Segment] = [
        ["BAK", "00", answered.verdict, order.number, _day(order.released_at), "", "", "",
         answered.reference, _day(answered.at)],
        _supplier("SU", order.supplier),
        *_ship_to(order.ship_to),
    ]  # fmt: skip
    for line in answered.lines:
        segments += _answer(order.supplier, line)
    if answered.lines:
        segments.append(["CTT", str(len(answered.lines))])
    return segments


def _answer(supplier: Supplier, answer: AnswerLine) -> list[Segment]:
    line, unit = answer.line, answer.unit
    start = ["PO1", _line_start(supplier, line), _number(line.quantity), unit, _number(answer.price), ""]
    return [
        [*start, *_ids(supplier, line.item)],
        *(_status(supplier, part, unit) for part in answer.parts),
    ]


def _status(supplier: Supplier, part: AnswerPart, unit: str) -> Segment:
    dated = [part.dated_by or supplier.promises, _day(part.on)] if part.on else ["", ""]
    substitute = ["", "VP", part.substitute.vendor_part] if part.substitute else []
    return ["ACK", part.code, _number(part.quantity), unit, *dated, *substitute]


def _ship_notice(shipped: Shipped) -> list[Segment]:
    structure = "0001" if shipped.supplier.packs else "0004"
    levels, count = ship_notice_levels(shipped)
    return [
        ["BSN", shipped.purpose, shipped.number, _day(shipped.at), f"{shipped.at:%H%M%S}", structure],
        *levels,
        # CTT01 of an 856 counts its hierarchical levels.
        ["CTT", str(count)],
    ]


def _invoice(billed: Billed) -> list[Segment]:
    order, supplier = billed.order, billed.order.supplier
    segments: list[Segment] = [
        ["BIG", _day(billed.at), billed.number, _day(order.released_at), order.number],
        ["CUR", "SE", CURRENCY],
        ["REF", "SI", billed.shipment.number],
        ["REF", "BM", billed.shipment.bill_of_lading],
        _supplier("SE", supplier),
        *_ship_to(order.ship_to),
        ["ITD", "01", "3", "", "", "", "", str(supplier.terms_days)],
        ["DTM", "011", _day(billed.shipment.shipped_at)],
    ]
    total = Decimal(0)
    for line in billed.lines:
        total += line.quantity * line.price
        start = ["IT1", _line_start(supplier, line.line), _number(line.quantity), line.line.item.unit]
        segments.append([*start, _number(line.price), "", *_ids(supplier, line.line.item)])
    cents = (total * 100).quantize(Decimal(1), ROUND_HALF_UP)
    return [*segments, ["TDS", str(cents)], ["CTT", str(len(billed.lines))]]


def _receipt_advice(received: Received) -> list[Segment]:
    order, shipment = received.order, received.shipment
    segments: list[Segment] = [
        ["W17", "F", _day(received.received_at), received.number, order.number, shipment.number],
        ["N1", "WH", order.ship_to.name, "UL", order.ship_to.gln],
        ["N1", "DE", NORTHGATE.name],
        ["N1", "SF", order.supplier.name, "92", order.supplier.code],
        ["N9", "BM", shipment.bill_of_lading],
        # 35: delivered on this date, which is when the truck stood at the dock.
        ["G62", "35", _day(received.received_at)],
        ["W08", "M", shipment.carrier[0]],
    ]
    for line in received.lines:
        item = line.line.item
        ids = ["BP", item.sku, "UK", item.gtin]
        segments.append(["W07", _number(line.quantity), item.unit, "", *ids])
        segments.append(["N9", "LI", str(line.line.number)])
        segments += _exceptions(line.expected - line.quantity, line.damaged, item.unit)
    counted = sum((line.quantity for line in received.lines), Decimal(0))
    shipped = sum((line.expected for line in received.lines), Decimal(0))
    damaged = sum((line.damaged for line in received.lines), Decimal(0))
    total = ["W14", _number(counted), _number(shipped), _number(damaged) if damaged else ""]
    return [*segments, total]


def _exceptions(missing: Decimal, damaged: Decimal, unit: str) -> list[Segment]:
    """W13: 01 damaged (CC: the case was crushed), 02 short, 03 over."""
    segments: list[Segment] = []
    if damaged:
        segments.append(["W13", _number(damaged), unit, "01", "", "CC"])
    if missing > 0:
        segments.append(["W13", _number(missing), unit, "02"])
    if missing < 0:
        segments.append(["W13", _number(-missing), unit, "03"])
    return segments


def set_name(fact: Spoken) -> str:
    """What people call the document: its kind and its number."""
    match fact:
        case OrderSent(order=order) | Answered(order=order):
            number = order.number
        case _:
            number = fact.number
    return f"{transaction_code(fact)}_{number}"


def transaction_code(fact: Spoken) -> str:
    """The number of the set that tells `fact`."""
    codes = {OrderSent: "850", Answered: "855", Shipped: "856", Billed: "810", Received: "944"}
    return codes[type(fact)]
