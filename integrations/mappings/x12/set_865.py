"""865, purchase order change acknowledgement: the supplier's answer to a change, or a change of its own.

Both are answers: what the supplier writes of a line is what can be had. Where the buyer's change has a
sequence (BCA05), the answer names it. A line without an ACK answers by its POC02.
"""

import datetime as dt

from integrations.mappings.x12 import codes, codes_orders
from integrations.mappings.x12.answers import AnswerLoop
from integrations.mappings.x12.common import (
    check_line_count,
    control_numbers,
    envelope_moment,
    envelope_party,
    order_reference,
)
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.order_parts import check_hash_total
from integrations.mappings.x12.orders import POC, OrderHead
from integrations.mappings.x12.values import start_of_day
from visibility.canonical.documents import (
    AnswerLine,
    AnswerPart,
    AnyDocument,
    Coverage,
    OrderAcknowledged,
    Purpose,
)


class _Answer(AnswerLoop):
    """The loop of one POC with the answers in it."""

    def __init__(self, reader: SetReader) -> None:
        super().__init__(reader, POC)
        self.code = reader.written(2, "line_change")
        self.change = reader.code(2, codes_orders.CHANGES, "line_change")

    def line(self, reader: SetReader, default_dates: dict[str, dt.date]) -> AnswerLine:
        if not self.parts and self.change is not None:
            self._answer_by_change(reader, self.change)
        return self.answer(reader, default_dates)

    def _answer_by_change(self, reader: SetReader, change: codes_orders.Change) -> None:
        quantity = self.quantity if change.answer == "accepted" else None
        if self.code == codes_orders.REFUSED_CHANGE:
            text = "the supplier refuses to change the line: it stays as it was answered before"
            self.note(reader, "change_refused", text)
            return
        if change.answer == "accepted" and quantity is None and "quantity" in change.told:
            text = f"POC02 {self.code} changes the quantity and POC03 is empty: the line was left unanswered"
            self.note(reader, "quantity_missing", text)
            return
        self.parts.append(
            AnswerPart(
                answer=change.answer, quantity=quantity, unit=self.unit, code=self.code, reason=change.words
            )
        )


class _Beginning:
    """BCA: purpose, kind of answer, order, release, the change's sequence, the supplier's number, dates."""

    def __init__(self, reader: SetReader) -> None:
        self.purpose: Purpose = reader.code(1, codes.PURPOSES, "purpose") or "original"
        self.coverage: Coverage = reader.code(2, codes.COVERAGES, "acknowledgement_type") or "detail"
        self.order = reader.identifier(3)
        if not self.order:
            reader.note("error", "no_order", "BCA03 is empty: the answer names no purchase order", 3)
        self.release = reader.identifier(4)
        self.sequence = reader.identifier(5)
        self.supplier_order = reader.identifier(9)
        # BCA06 is the order's own date, BCA10 that of the answer, BCA11 that of the change asked for.
        self.date = reader.date(10)


def map_865(reader: SetReader) -> list[AnyDocument]:
    """The answer to the change, or to the order as the supplier would have it."""
    head = OrderHead()
    loops: list[_Answer] = []
    beginning: _Beginning | None = None
    for row in reader.rows():
        tag = row[0]
        if tag == "POC":
            loops.append(_Answer(reader))
        elif tag == "BCA":
            beginning = _Beginning(reader)
        elif tag == "CTT":
            check_line_count(reader, len(loops), "lines")
            check_hash_total(reader, [loop.quantity for loop in loops])
        elif tag == "ACK" and not loops:
            reader.note("error", "ack_without_line", "an ACK stands before any POC: it answers no line")
        elif loops:
            loops[-1].take(reader, head.notes)
        else:
            head.take(reader)
    if beginning is None:
        reader.note_missing("BCA", "the answer has no BCA segment, so it names no order")
        return []
    lines = tuple(loop.line(reader, head.dates) for loop in loops)
    return [_answer(reader, beginning, head, lines)]


def _answer(
    reader: SetReader, beginning: _Beginning, head: OrderHead, lines: tuple[AnswerLine, ...]
) -> OrderAcknowledged:
    transaction = reader.transaction
    buyer = envelope_party(transaction, "receiver")
    supplier_order = beginning.supplier_order or head.reference(codes.SUPPLIER_ORDER_REFERENCES)
    return OrderAcknowledged(
        order=order_reference(beginning.order, buyer, beginning.release),
        # 04 says that the order changes, 06 that the change is confirmed: neither is about an earlier 865.
        purpose="original" if beginning.purpose in {"change", "confirm"} else beginning.purpose,
        issued_at=start_of_day(beginning.date),
        buyer=head.party(codes.BUYER_PARTIES, buyer),
        supplier=head.party(codes.SUPPLIER_PARTIES, envelope_party(transaction, "sender")),
        ship_to=head.party(codes.SHIP_TO_PARTIES),
        version=_version(reader, beginning),
        note=head.notes.text,
        supplier_order=supplier_order,
        change=beginning.sequence,
        coverage=beginning.coverage,
        lines=lines,
    )


def _version(reader: SetReader, beginning: _Beginning) -> str:
    """What tells this answer from others to the order: its numbers and date, else its envelope."""
    if beginning.date is not None:
        return f"{beginning.sequence}|{beginning.supplier_order}|{beginning.date.isoformat()}"
    moment = envelope_moment(reader.transaction, reader.profile.time_zone)
    return f"{moment.isoformat() if moment else ''}|{control_numbers(reader.transaction)}"
