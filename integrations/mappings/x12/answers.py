"""What answers to orders (855) and to changes (865) have in common: the ACKs of a line, and their dates."""

import datetime as dt

import msgspec

from integrations.mappings.x12 import codes
from integrations.mappings.x12.common import pick_schedules, read_item_codes
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.order_parts import Notes, read_unit
from integrations.mappings.x12.orders import OrderLoop, Places, sum_of
from visibility.canonical.documents import AnswerLine, AnswerPart, Item


class AnswerLoop(OrderLoop):
    """The loop of one PO1 (855) or POC (865) with the answers in it."""

    def __init__(self, reader: SetReader, places: Places) -> None:
        super().__init__(reader, places)
        self.parts: list[AnswerPart] = []

    def take(self, reader: SetReader, notes: Notes) -> None:
        """Keep what the present segment says of the line."""
        if reader.row[0] != "ACK":
            super().take(reader, notes)
            return
        part = read_answer(reader)
        if part is not None:
            self.parts.append(part)
            if self.item == Item() and part.substitute is None:
                self.item = read_item_codes(reader, 7, 28).item

    def answer(self, reader: SetReader, default_dates: dict[str, dt.date]) -> AnswerLine:
        """The line's answer. What has no date of its own is promised for the line's, else the document's."""
        parts = fold_aspects(self.parts)
        dates = self.dates or default_dates
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
            parts=tuple(dated(part, dates) for part in parts),
        )

    def _split(self, reader: SetReader, parts: list[AnswerPart]) -> list[AnswerPart]:
        """The accepted quantity as its schedules date it; what they leave over stays undated."""
        accepted = [part for part in parts if part.answer == "accepted"]
        if len(accepted) != 1:
            reason = "no answer that accepts" if not accepted else "several answers that accept"
            text = f"the line has schedules and {reason}; they were left out"
            self.note(reader, "schedule_ambiguous", text)
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
        scheduled = sum_of([part.quantity for part in split])
        if whole.quantity is not None and scheduled < whole.quantity:
            if any(part.quantity is None for part in split):
                return parts
            split.append(msgspec.structs.replace(whole, quantity=whole.quantity - scheduled))
        place = parts.index(whole)
        return [*parts[:place], *split, *parts[place + 1 :]]


def read_answer(reader: SetReader) -> AnswerPart | None:
    """The present ACK; None, with a warning, where its code is not known."""
    status = reader.written(1, "line_status")
    meaning = reader.code(1, codes.ANSWERS, "line_status")
    if meaning is None:
        if not status:
            reader.note("warning", "unknown_line_status", "ACK01 is empty; the answer was left out", 1)
        return None
    return AnswerPart(
        answer=meaning.answer,
        quantity=reader.quantity(2),
        unit=read_unit(reader, 3),
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
    dated_part = next((part for part in bare if part.date is not None), None)
    substitute = next((part.substitute for part in bare if part.substitute is not None), None)
    soft = any(part.soft for part in bare)
    chosen = None
    if len(bare) == len(accepted):
        chosen = next((part for part in bare if codes.ANSWERS[part.code].as_ordered), bare[0])
    folded = []
    for part in parts:
        if part is chosen or (part.answer == "accepted" and part.quantity is not None):
            source = part if part.date is not None or dated_part is None else dated_part
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


def dated(part: AnswerPart, dates: dict[str, dt.date]) -> AnswerPart:
    """The part with the line's or the document's promise where it has no date of its own.

    A backordered quantity is not promised by the date of what ships.
    """
    if part.date is not None or part.answer != "accepted":
        return part
    promised = pick_schedules(dates, codes.PROMISE_DATES)
    return msgspec.structs.replace(part, date=promised[0].date, basis=promised[0].basis) if promised else part
