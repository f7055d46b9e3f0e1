"""ORDRSP, purchase order response: the supplier's answer."""

from decimal import Decimal

import msgspec

from integrations.mappings.edifact import codes
from integrations.mappings.edifact.common import (
    ONE,
    Beginning,
    control_numbers,
    envelope_moment,
    envelope_party,
    issued_at,
    item_of,
    order_reference,
    pick_schedules,
)
from integrations.mappings.edifact.lines import Body, LineGroup, Planned, main_lines, note_no_order, read_body
from integrations.mappings.edifact.reader import MessageReader
from integrations.mappings.edifact.times import Period
from visibility.canonical.documents import AnswerLine, AnswerPart, AnyDocument, Coverage, OrderAcknowledged


def map_ordrsp(reader: MessageReader) -> list[AnyDocument]:
    """The answer. Without an order's number it is used with a warning, and people match it."""
    body = read_body(reader)
    beginning = body.beginning
    if beginning is None:
        return []
    header = body.header
    number = header.reference(codes.ORDER_REFERENCES) or _common_order(body)
    supplier_order = header.reference(codes.SUPPLIER_ORDER_REFERENCES)
    if not number:
        note_no_order(reader, "RFF", "answer")
    buyer = envelope_party(reader.message, "receiver")
    lines = [_line(reader, line, header.dates) for line in main_lines(reader, body.lines)]
    return [
        OrderAcknowledged(
            order=order_reference(number, buyer) if number else None,
            purpose=codes.ANSWER_PURPOSES.get(beginning.function, "original"),
            issued_at=issued_at(header),
            buyer=header.party(codes.BUYER_PARTIES, buyer),
            supplier=header.party(codes.SUPPLIER_PARTIES, envelope_party(reader.message, "sender")),
            ship_to=header.party(codes.SHIP_TO_PARTIES),
            units="rec20",
            version=_version(reader, beginning, body),
            supplier_order=supplier_order,
            change=header.reference(("POR",)),
            coverage=_coverage(reader, beginning),
            lines=tuple(lines),
        )
    ]


def _common_order(body: Body) -> str:
    """The order that every line names, where the heading names none."""
    named = {line.reference(codes.ORDER_REFERENCES) for line in body.lines}
    return named.pop() if len(named) == 1 else ""


def _coverage(reader: MessageReader, beginning: Beginning) -> Coverage:
    """What silence about a line means: by the function (1225), where that leaves it open by the response."""
    told = codes.ANSWER_FUNCTIONS.get(beginning.function)
    reader.go(beginning.place)
    response = reader.code(4, codes.RESPONSE_TYPES, "acknowledgement_type")
    return told or response or "detail"


def _version(reader: MessageReader, beginning: Beginning, body: Body) -> str:
    """What tells this answer from other answers to the order."""
    moment = issued_at(body.header)
    if beginning.number or moment:
        return f"{beginning.number}|{moment.isoformat() if moment else ''}"
    moment = envelope_moment(reader.message)
    return f"{moment.isoformat() if moment else ''}|{control_numbers(reader.message)}"


def _line(reader: MessageReader, line: LineGroup, dates: dict[str, Period]) -> AnswerLine:
    ordered, price = line.quantity((codes.ORDERED,)), line.price()
    if ordered.value is None:
        ordered = line.quantity(("1",))
    parts = _parts(reader, line, dates)
    return AnswerLine(
        line=line.order_line() or line.number,
        item=line.item(reader),
        quantity=ordered.value,
        unit=ordered.unit or line.quantity(codes.CONFIRMED_QUANTITIES).unit,
        price=price.price if price else None,
        price_per=price.per if price else ONE,
        price_unit=price.unit if price else "",
        parts=tuple(parts),
    )


def _parts(reader: MessageReader, line: LineGroup, dates: dict[str, Period]) -> list[AnswerPart]:
    """The line's answer: its action (1229) about its quantities; what is left over by 4221 or QTY 83, 182."""
    meaning = codes.UNTOLD_ANSWER
    if line.action:
        reader.go(line.place)
        told = reader.code(2, codes.ANSWERS, "line_status")
        if told is None:
            return []
        meaning = told
    parts: list[AnswerPart] = []
    if meaning.answer == "accepted":
        parts = _accepted(reader, line, meaning, dates)
    else:
        refused = line.quantity((codes.ORDERED, "1", *codes.CONFIRMED_QUANTITIES))
        parts = [_part(line, meaning, refused.value, refused.unit)]
    return parts + _left_over(line, has_answer=bool(parts))


def _part(line: LineGroup, meaning: codes.Answer, quantity: Decimal | None, unit: str) -> AnswerPart:
    plain = line.action in codes.PLAINLY_ACCEPTED and meaning.answer == "accepted"
    return AnswerPart(
        answer=meaning.answer,
        quantity=quantity,
        unit=unit,
        code=line.action,
        reason="" if plain else meaning.reason,
        soft=meaning.soft,
    )


def _accepted(
    reader: MessageReader, line: LineGroup, meaning: codes.Answer, dates: dict[str, Period]
) -> list[AnswerPart]:
    """What is accepted, by schedule or as a whole; nothing where neither an action nor a quantity says so."""
    confirmed = line.quantity(codes.CONFIRMED_QUANTITIES)
    if confirmed.value is None and not meaning.as_ordered and line.action:
        confirmed = line.quantity((codes.ORDERED, "1"))
    if confirmed.value is None and not line.action and not line.planned:
        return []
    whole = _part(line, meaning, confirmed.value, confirmed.unit)
    if line.substitutes:
        reader.go(line.place)
        whole = msgspec.structs.replace(whole, substitute=item_of(reader, line.substitutes))
    rest = next(
        (codes.DISCREPANCIES[each.code] for each in line.variances if _open_rest(each.code, each.amount)),
        None,
    )
    if rest is not None:
        whole = msgspec.structs.replace(whole, rest=rest.answer, reason=whole.reason or rest.reason)
    if line.planned:
        return [
            _dated(msgspec.structs.replace(whole, quantity=each.quantity, unit=each.unit), each)
            for each in line.planned
        ]
    promised = pick_schedules(line.dates, codes.PROMISE_DATES) or pick_schedules(dates, codes.PROMISE_DATES)
    if promised:
        whole = msgspec.structs.replace(whole, date=promised[0].date, basis=promised[0].basis)
    return [whole]


def _open_rest(code: str, amount: Decimal | None) -> bool:
    """Whether a discrepancy says where the rest goes without saying how much that is."""
    return code in codes.DISCREPANCIES and amount is None


def _dated(part: AnswerPart, planned: Planned) -> AnswerPart:
    promised = pick_schedules(planned.dates, codes.PROMISE_DATES)
    if not promised:
        return part
    return msgspec.structs.replace(part, date=promised[0].date, basis=promised[0].basis)


def _left_over(line: LineGroup, *, has_answer: bool) -> list[AnswerPart]:
    """What will not come, or later: quantities of their own, else the variances that say how much."""
    parts = []
    backordered = line.quantity(codes.BACKORDERED_QUANTITIES)
    if backordered.value:
        parts.append(
            AnswerPart(answer="backordered", quantity=backordered.value, unit=backordered.unit, code="83")
        )
    cancelled = line.quantity(codes.CANCELLED_QUANTITIES)
    if cancelled.value:
        parts.append(AnswerPart(answer="deleted", quantity=cancelled.value, unit=cancelled.unit, code="182"))
    if parts:
        return parts
    for variance in line.variances:
        meaning = codes.DISCREPANCIES.get(variance.code)
        if meaning is not None and variance.amount:
            parts.append(
                AnswerPart(
                    answer=meaning.answer,
                    quantity=abs(variance.amount),
                    code=variance.code,
                    reason=meaning.reason,
                )
            )
        elif meaning is not None and not has_answer:
            parts.append(AnswerPart(answer=meaning.answer, code=variance.code, reason=meaning.reason))
    return parts
