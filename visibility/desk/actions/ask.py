"""Ask for what is missing: an answer, an earlier day, a ship notice, a receipt for what we sent."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from visibility.desk.actions import fields, reading, saying, who
from visibility.desk.actions.base import Action, CaseSeen
from visibility.desk.actions.commands import Ask, Expedite, NoticeRequest, ReceiptRequest, Remind, command
from visibility.desk.actions.fields import AskingForm
from visibility.desk.actions.steps import Ordered, in_order
from visibility.desk.plans import Offer, Plan


def asking_plan(*, seen: CaseSeen, values: dict[str, Any], ask: Ask, deed: str, told: str, what: str) -> Plan:
    """One message to the supplier; the case waits until `what` comes, or the day is over."""
    answer_by = reading.answer_time(values, seen)
    until = reading.by_when(answer_by, seen)
    return Plan(
        words=deed,
        case="waiting",
        steps=in_order([Ordered(command=command(ask, words=f"{told}; answer due {until}"))]),
        expects=f"{saying.Supplier(seen)} {what} by {until}",
        snooze_until=answer_by,
    )


def _of_lines(seen: CaseSeen) -> str:
    return f" line {seen.case.line}" if seen.case.line else ""


def _lines(seen: CaseSeen) -> tuple[str, ...]:
    return (seen.case.line,) if seen.case.line else ()


class AskForAnswer(Action):
    """Remind the supplier that an answer is due, to the order, a change, or one line."""

    name = "ask_for_answer"
    kinds = frozenset(
        {"acknowledgement_overdue", "line_unanswered", "change_unanswered", "soft_accept_expired"}
    )
    roles = who.SUPPLY
    form = AskingForm

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        if seen.order is None:
            return None
        return Offer(
            label=f"Ask {saying.supplier(seen)} to answer{_of_lines(seen)}",
            outcome="Not known until it answers",
            rank=10,
            why="The answer is due, and a reminder costs nothing",
            initial={"answer_by": reading.next_day(seen)},
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        reading.need_order(seen)
        ask = Remind(
            **reading.about_order(seen, reading.reason(values)),
            lines=_lines(seen),
            answer_by=reading.answer_time(values, seen),
            text=values.get("text") or "",
        )
        return asking_plan(
            seen=seen,
            values=values,
            ask=ask,
            deed=f"Ask {saying.supplier(seen)} to answer{_of_lines(seen)}",
            told=f"Reminder: {saying.order_line(seen)} is not answered",
            what="answers",
        )


class ExpediteForm(AskingForm):
    """By when it is wanted; empty: as it was asked for."""

    quantity = fields.quantity()
    date = fields.day(_("Wanted by"))

    field_order = ("quantity", "date", "answer_by", "text", "reason")


class ExpediteLine(Action):
    """Ask the supplier to bring it earlier than promised."""

    name = "expedite"
    kinds = frozenset(
        {
            "confirmed_short",
            "promised_late",
            "shipment_delayed",
            "asn_overdue",
            "receipt_overdue",
            "shipped_short",
            "milestone_missing",
        }
    )
    roles = who.SUPPLY
    form = ExpediteForm

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        line = reading.known_line(seen)
        if line is None or not line.ordered:
            return None
        delayed = seen.case.kind == "shipment_delayed"
        return Offer(
            label=f"Ask {saying.supplier(seen)} to expedite line {line.line}",
            outcome="Not known until it answers",
            rank=10 if delayed else 50,
            why="The goods are on their way; only the supplier or its carrier can hasten them"
            if delayed
            else "",
            initial={"answer_by": reading.next_day(seen)},
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        line = reading.need_line(seen)
        rest = reading.short_by(line) if seen.case.kind == "confirmed_short" else reading.undelivered(line)
        quantity = reading.some(values, "quantity", rest or line.ordered, most=line.ordered, unit=line.unit)
        date = values.get("date") or reading.asked_day(line)
        formerly = reading.backorder_day(line) or reading.promised_day(line)
        ask = Expedite(
            **reading.about_line(seen, line, reading.reason(values)),
            quantity=quantity,
            date=date,
            formerly=formerly,
            answer_by=reading.answer_time(values, seen),
            text=values.get("text") or "",
        )
        wanted = f"{saying.plain(quantity)} {line.unit}"
        by = f" by {saying.day(date, seen)}" if date and date >= reading.today(seen) else ""
        return asking_plan(
            seen=seen,
            values=values,
            ask=ask,
            deed=f"Ask {saying.supplier(seen)} to expedite {wanted}{by}",
            told=f"Message: line {line.line}, {wanted} sooner{by}",
            what="names a day",
        )


class AskForAsn(Action):
    """Ask for the ship notice of what left, or for a corrected one."""

    name = "ask_for_asn"
    kinds = frozenset(
        {
            "asn_overdue",
            "shipped_short",
            "shipped_over",
            "shipped_closed",
            "received_without_asn",
            "receipt_overdue",
            "unknown_line",
            "milestone_missing",
        }
    )
    roles = who.SUPPLY | who.DOCK
    form = AskingForm

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        if seen.order is None:
            return None
        missing = seen.case.kind in ("asn_overdue", "received_without_asn")
        return Offer(
            label=f"Ask {saying.supplier(seen)} for {_notice(seen)}",
            outcome="Not known until it comes",
            rank=10 if missing else 40,
            why="No ship notice has come" if missing else "",
            initial={"answer_by": reading.next_day(seen)},
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        reading.need_order(seen)
        numbers = seen.line.shipment_numbers if seen.line else []
        ask = NoticeRequest(
            **reading.about_order(seen, reading.reason(values)),
            lines=_lines(seen),
            shipment=numbers[-1] if numbers else "",
            answer_by=reading.answer_time(values, seen),
            text=values.get("text") or "",
        )
        return asking_plan(
            seen=seen,
            values=values,
            ask=ask,
            deed=f"Ask {saying.supplier(seen)} for {_notice(seen)}",
            told=f"Message: {_notice(seen)} of {saying.order_line(seen)} is wanted",
            what="sends it",
        )


def _notice(seen: CaseSeen) -> str:
    numbers = seen.line.shipment_numbers if seen.line else []
    return f"a corrected ASN {numbers[-1]}" if numbers else "the ASN"


class RequestReceipt(Action):
    """Ask the partner to say that it could read what we sent: a 997, or CONTRL."""

    name = "request_997"
    kinds = frozenset({"ack_997_missing", "ack_997_refused"})
    roles = who.STEWARDS | who.BUYERS
    form = AskingForm

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        refused = seen.case.kind == "ack_997_refused"
        return Offer(
            label=f"Ask {saying.supplier(seen)} to {'look again' if refused else 'send the 997'}",
            outcome="Not known until it comes",
            rank=20 if refused else 10,
            why="" if refused else "Whether they have it is not known",
            initial={"answer_by": reading.next_day(seen)},
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        ask = ReceiptRequest(
            **reading.about_order(seen, reading.reason(values)),
            message=seen.case.message_id,
            answer_by=reading.answer_time(values, seen),
            text=values.get("text") or "",
        )
        what = seen.subject or saying.order(seen)
        return asking_plan(
            seen=seen,
            values=values,
            ask=ask,
            deed=f"Ask {saying.supplier(seen)} for the 997",
            told=f"Message: the 997 for {what} is wanted",
            what="sends it",
        )
