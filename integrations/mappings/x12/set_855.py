"""855, purchase order acknowledgement: the supplier's answer."""

import datetime as dt
from decimal import Decimal

import msgspec

from integrations.mappings.x12 import codes
from integrations.mappings.x12.common import (
    Header,
    check_line_count,
    control_numbers,
    envelope_moment,
    envelope_party,
    order_reference,
    pick_schedules,
    read_item_codes,
    read_price,
)
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.orders import read_schedule
from integrations.mappings.x12.values import read_date, start_of_day
from visibility.canonical.documents import (
    AnswerLine,
    AnswerPart,
    AnyDocument,
    Coverage,
    Item,
    OrderAcknowledged,
    OrderLine,
    OrderPlaced,
    Purpose,
    Schedule,
)


class _Line:
    """One PO1 loop while it is being read."""

    def __init__(self, reader: SetReader) -> None:
        self.number = reader.identifier(1)
        self.quantity = reader.quantity(2)
        self.unit = reader.unit(3)
        self.price = read_price(reader, 4)
        self.item = read_item_codes(reader, 6).item
        self.parts: list[AnswerPart] = []
        self.schedules: list[Schedule] = []
        self.dates = Header()
        self.place = (reader.position, reader.row)

    def take(self, reader: SetReader) -> None:
        tag = reader.row[0]
        if tag == "ACK":
            part = read_answer(reader)
            if part is not None:
                self.parts.append(part)
                if self.item == Item() and part.substitute is None:
                    self.item = read_item_codes(reader, 7).item
        elif tag == "SCH":
            self.schedules.extend(read_schedule(reader, self.unit))
        elif tag == "DTM":
            self.dates.take_date(reader)
        elif tag == "PID" and not self.item.description:
            self.item = msgspec.structs.replace(self.item, description=reader.text(5))

    def finish(self, reader: SetReader, default_dates: dict[str, dt.date]) -> AnswerLine:
        parts = fold_aspects(self.parts)
        dates = self.dates.dates or default_dates
        if self.schedules:
            # What the schedules leave over has no date: the document's would be a guess.
            parts, dates = self._split(reader, parts), {}
        return AnswerLine(
            line=self.number,
            item=self.item,
            quantity=self.quantity,
            unit=self.unit,
            price=self.price.price,
            price_per=self.price.per,
            price_unit=self.price.unit,
            parts=tuple(_dated(part, dates) for part in parts),
        )

    def _split(self, reader: SetReader, parts: list[AnswerPart]) -> list[AnswerPart]:
        """The accepted quantity as its schedules date it; what they leave over stays undated."""
        accepted = [part for part in parts if part.answer == "accepted"]
        reader.position, reader.row = self.place
        if len(accepted) != 1:
            reason = "no answer that accepts" if not accepted else "several answers that accept"
            reader.note(
                "warning", "schedule_ambiguous", f"the line has schedules and {reason}; they were left out"
            )
            return parts
        whole = accepted[0]
        split = [
            msgspec.structs.replace(
                whole, quantity=schedule.quantity, date=schedule.date, basis=schedule.basis
            )
            for schedule in self.schedules
        ]
        if len(split) == 1 and split[0].quantity is None:
            split[0] = msgspec.structs.replace(split[0], quantity=whole.quantity)
        dated = sum((part.quantity for part in split if part.quantity is not None), Decimal(0))
        if whole.quantity is not None and dated < whole.quantity:
            if any(part.quantity is None for part in split):
                return parts
            split.append(msgspec.structs.replace(whole, quantity=whole.quantity - dated))
        place = parts.index(whole)
        return [*parts[:place], *split, *parts[place + 1 :]]


def read_answer(reader: SetReader) -> AnswerPart | None:
    """The present ACK; None, with a warning, where its code is not known."""
    status = reader.raw(1)
    meaning = reader.code(1, codes.ANSWERS, "line_status")
    if meaning is None:
        if not status:
            reader.note("warning", "unknown_line_status", "ACK01 is empty; the answer was left out", 1)
        return None
    return AnswerPart(
        answer=meaning.answer,
        quantity=reader.quantity(2),
        unit=reader.unit(3),
        date=reader.date(5),
        basis=codes.DATE_BASES.get(reader.raw(4), "unstated"),
        code=status,
        reason=reader.text(29) or ("" if status == codes.PLAINLY_ACCEPTED else meaning.reason),
        soft=meaning.soft,
        rest=meaning.rest,
        substitute=read_item_codes(reader, 7, 28).item if meaning.substitutes else None,
    )


def fold_aspects(parts: list[AnswerPart]) -> list[AnswerPart]:
    """Several acceptances of one line that name no quantity are one acceptance with several changes.

    "Price changed", "rescheduled to the 20th" and "20 instead of 25" are three ACKs about the same
    goods: the date and the substitute go to the one with the quantity, which alone counts.
    """
    accepted = [part for part in parts if part.answer == "accepted"]
    bare = [part for part in accepted if part.quantity is None]
    if len(accepted) < 2 or not bare:
        return parts
    dated = next((part for part in bare if part.date is not None), None)
    substitute = next((part.substitute for part in bare if part.substitute is not None), None)
    soft = any(part.soft for part in bare)
    if len(bare) == len(accepted):
        chosen = next((part for part in bare if codes.ANSWERS[part.code].as_ordered), bare[0])
    else:
        chosen = None
    folded = []
    for part in parts:
        if part is chosen or (part.answer == "accepted" and part.quantity is not None):
            source = part if part.date is not None or dated is None else dated
            folded.append(
                msgspec.structs.replace(
                    part,
                    date=source.date,
                    basis=source.basis,
                    substitute=part.substitute or substitute,
                    soft=part.soft or soft,
                )
            )
        elif part.answer != "accepted":
            folded.append(part)
    return folded


def _dated(part: AnswerPart, dates: dict[str, dt.date]) -> AnswerPart:
    """The part with the line's or the document's promise where it has no date of its own."""
    if part.date is not None or part.answer not in {"accepted", "backordered"}:
        return part
    # A backordered quantity is not promised by the date of what ships.
    if part.answer == "backordered":
        return part
    promised = pick_schedules(dates, codes.PROMISE_DATES)
    return msgspec.structs.replace(part, date=promised[0].date, basis=promised[0].basis) if promised else part


class _Beginning:
    """BAK: purpose, kind of answer, order, release, the supplier's number, the answer's date."""

    def __init__(self, reader: SetReader) -> None:
        self.purpose: Purpose = reader.code(1, codes.PURPOSES, "purpose") or "original"
        self.type = reader.raw(2)
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
    header = Header()
    lines: list[AnswerLine] = []
    line: _Line | None = None
    beginning: _Beginning | None = None
    for row in reader.rows():
        tag = row[0]
        if tag == "PO1":
            if line is not None:
                lines.append(line.finish(reader, header.dates))
                reader.row = row
            line = _Line(reader)
        elif tag == "BAK":
            beginning = _Beginning(reader)
        elif tag == "CTT":
            check_line_count(reader, len(lines) + (line is not None), "lines")
        elif tag == "ACK" and line is None:
            reader.note("error", "ack_without_line", "an ACK stands before any PO1: it answers no line")
        elif line is not None:
            line.take(reader)
        else:
            header.take(reader)
    if line is not None:
        lines.append(line.finish(reader, header.dates))
    if beginning is None:
        reader.note_missing("BAK", "the answer has no BAK segment, so it names no order")
        return []
    return _documents(reader, beginning, header, lines)


def _documents(
    reader: SetReader, beginning: _Beginning, header: Header, lines: list[AnswerLine]
) -> list[AnyDocument]:
    transaction = reader.transaction
    buyer = envelope_party(transaction, "receiver")
    supplier_order = beginning.supplier_order or header.reference(codes.SUPPLIER_ORDER_REFERENCES)
    if beginning.type == codes.VENDOR_STARTED:
        lines = [_whole(line, header.dates) for line in lines]
    answer = OrderAcknowledged(
        order=order_reference(beginning.order, buyer, beginning.release),
        purpose=beginning.purpose,
        issued_at=start_of_day(beginning.date),
        buyer=header.party(codes.BUYER_PARTIES, buyer),
        supplier=header.party(codes.SUPPLIER_PARTIES, envelope_party(transaction, "sender")),
        ship_to=header.party(codes.SHIP_TO_PARTIES),
        version=_version(reader, beginning),
        supplier_order=supplier_order,
        coverage=beginning.coverage,
        lines=tuple(lines),
    )
    if beginning.type == codes.VENDOR_STARTED:
        return [_vendor_order(reader, beginning, answer, header), answer]
    return [answer]


def _version(reader: SetReader, beginning: _Beginning) -> str:
    """What tells this answer from other answers to the order: BAK08 and BAK09, else its envelope."""
    if beginning.supplier_order or beginning.date_as_written:
        return f"{beginning.supplier_order}|{beginning.date_as_written}"
    moment = envelope_moment(reader.transaction)
    return f"{moment.isoformat() if moment else ''}|{control_numbers(reader.transaction)}"


def _whole(line: AnswerLine, dates: dict[str, dt.date]) -> AnswerLine:
    """A line of the vendor's own making: he ships what he wrote."""
    if line.parts:
        return line
    part = AnswerPart(answer="accepted", quantity=line.quantity, unit=line.unit)
    return msgspec.structs.replace(line, parts=(_dated(part, dates),))


def _vendor_order(
    reader: SetReader, beginning: _Beginning, answer: OrderAcknowledged, header: Header
) -> OrderPlaced:
    requests = pick_schedules(header.dates, codes.PROMISE_DATES)
    return OrderPlaced(
        order=answer.order,
        purpose=beginning.purpose,
        issued_at=answer.issued_at or start_of_day(beginning.order_date),
        buyer=answer.buyer,
        supplier=answer.supplier,
        ship_to=answer.ship_to,
        kind="vendor_replenishment",
        ordered_on=beginning.order_date,
        released_at=envelope_moment(reader.transaction),
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
