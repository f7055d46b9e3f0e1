"""855, purchase order acknowledgement: the supplier's answer."""

import datetime as dt

import msgspec

from integrations.mappings.x12 import codes
from integrations.mappings.x12.answers import AnswerLoop, dated
from integrations.mappings.x12.common import (
    check_line_count,
    control_numbers,
    envelope_moment,
    envelope_party,
    order_reference,
    pick_schedules,
)
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.order_parts import check_hash_total
from integrations.mappings.x12.orders import PO1, OrderHead
from integrations.mappings.x12.values import read_date, start_of_day
from visibility.canonical.documents import (
    AnswerLine,
    AnswerPart,
    AnyDocument,
    Coverage,
    OrderAcknowledged,
    OrderLine,
    OrderPlaced,
    Purpose,
)


class _Beginning:
    """BAK: purpose, kind of answer, order, release, the supplier's number, the answer's date."""

    def __init__(self, reader: SetReader) -> None:
        self.purpose: Purpose = reader.code(1, codes.PURPOSES, "purpose") or "original"
        self.type = reader.written(2, "acknowledgement_type")
        self.coverage: Coverage = reader.code(2, codes.COVERAGES, "acknowledgement_type") or "detail"
        self.order = reader.identifier(3)
        if not self.order:
            reader.note("error", "no_order", "BAK03 is empty: the answer names no purchase order", 3)
        self.order_date = reader.date(4)
        self.release = reader.identifier(5)
        if self.release and not reader.raw(4) and read_date(self.release):
            # BAK04 is mandatory: a date one element late is the order's date, not a release.
            text = f"BAK04 is empty and BAK05 is a date: {self.release} was taken for the order's date"
            reader.note("warning", "shifted_date", text, 5)
            self.order_date, self.release = read_date(self.release), ""
        self.supplier_order = reader.identifier(8)
        self.date_as_written = reader.text(9)
        self.date = reader.date(9)


def map_855(reader: SetReader) -> list[AnyDocument]:
    """The answer; where the vendor started it (BAK02 AP), the order it makes as well."""
    head = OrderHead()
    lines: list[AnswerLine] = []
    loop: AnswerLoop | None = None
    beginning: _Beginning | None = None
    for row in reader.rows():
        tag = row[0]
        if tag == "PO1":
            if loop is not None:
                lines.append(loop.answer(reader, head.dates))
            loop = AnswerLoop(reader, PO1)
        elif tag == "BAK":
            beginning = _Beginning(reader)
        elif tag == "CTT":
            check_line_count(reader, len(lines) + (loop is not None), "lines")
            told = [line.quantity for line in lines]
            check_hash_total(reader, told if loop is None else [*told, loop.quantity])
        elif tag == "ACK" and loop is None:
            reader.note("error", "ack_without_line", "an ACK stands before any PO1: it answers no line")
        elif loop is not None:
            loop.take(reader, head.notes)
        else:
            head.take(reader)
    if loop is not None:
        lines.append(loop.answer(reader, head.dates))
    if beginning is None:
        reader.note_missing("BAK", "the answer has no BAK segment, so it names no order")
        return []
    return _documents(reader, beginning, head, lines)


def _documents(
    reader: SetReader, beginning: _Beginning, head: OrderHead, lines: list[AnswerLine]
) -> list[AnyDocument]:
    transaction = reader.transaction
    buyer = envelope_party(transaction, "receiver")
    supplier_order = beginning.supplier_order or head.reference(codes.SUPPLIER_ORDER_REFERENCES)
    if beginning.type == codes.VENDOR_STARTED:
        lines = [_whole(line, head.dates) for line in lines]
    answer = OrderAcknowledged(
        order=order_reference(beginning.order, buyer, beginning.release),
        purpose=beginning.purpose,
        issued_at=start_of_day(beginning.date),
        buyer=head.party(codes.BUYER_PARTIES, buyer),
        supplier=head.party(codes.SUPPLIER_PARTIES, envelope_party(transaction, "sender")),
        ship_to=head.party(codes.SHIP_TO_PARTIES),
        version=_version(reader, beginning),
        note=head.notes.text,
        supplier_order=supplier_order,
        coverage=beginning.coverage,
        lines=tuple(lines),
    )
    if beginning.type == codes.VENDOR_STARTED:
        return [_vendor_order(reader, beginning, answer, head), answer]
    return [answer]


def _version(reader: SetReader, beginning: _Beginning) -> str:
    """What tells this answer from other answers to the order: BAK08 and BAK09, else its envelope."""
    if beginning.supplier_order or beginning.date_as_written:
        return f"{beginning.supplier_order}|{beginning.date_as_written}"
    moment = envelope_moment(reader.transaction, reader.profile.time_zone)
    return f"{moment.isoformat() if moment else ''}|{control_numbers(reader.transaction)}"


def _whole(line: AnswerLine, dates: dict[str, dt.date]) -> AnswerLine:
    """A line of the vendor's own making: he ships what he wrote."""
    if line.parts:
        return line
    part = AnswerPart(answer="accepted", quantity=line.quantity, unit=line.unit)
    return msgspec.structs.replace(line, parts=(dated(part, dates),))


def _vendor_order(
    reader: SetReader, beginning: _Beginning, answer: OrderAcknowledged, head: OrderHead
) -> OrderPlaced:
    requests = pick_schedules(head.dates, codes.PROMISE_DATES)
    return OrderPlaced(
        order=answer.order,
        purpose=beginning.purpose,
        issued_at=answer.issued_at or start_of_day(beginning.order_date),
        buyer=answer.buyer,
        supplier=answer.supplier,
        ship_to=answer.ship_to,
        kind="vendor_replenishment",
        currency=head.currency,
        ordered_on=beginning.order_date,
        released_at=envelope_moment(reader.transaction, reader.profile.time_zone),
        lines=tuple(
            OrderLine(
                line=line.line,
                item=line.item,
                quantity=line.quantity,
                unit=line.unit,
                price=line.price,
                price_per=line.price_per,
                price_unit=line.price_unit,
                requests=requests,
            )
            for line in answer.lines
        ),
    )
