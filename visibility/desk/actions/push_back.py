"""Push back: ask the supplier once more for what is ordered."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from visibility.desk.actions import fields, reading, saying, who
from visibility.desk.actions.base import Action, CaseSeen
from visibility.desk.actions.commands import ChangeRequest, command
from visibility.desk.actions.fields import AskingForm
from visibility.desk.actions.steps import Ordered, in_order
from visibility.desk.plans import Offer, Plan
from visibility.flows.state import LineView


class PushBackForm(AskingForm):
    """What is asked for; empty: as ordered."""

    quantity = fields.quantity()
    date = fields.day(_("For"))

    field_order = ("quantity", "date", "answer_by", "text", "reason")


class PushBack(Action):
    """The order stays; the supplier gets a change order (860) with its terms, and a day to answer by."""

    name = "push_back"
    kinds = frozenset(
        {
            "confirmed_short",
            "confirmed_over",
            "line_rejected",
            "item_substituted",
            "promised_late",
            "promised_early",
            "price_changed",
            "soft_accept_expired",
        }
    )
    roles = who.BUYERS
    form = PushBackForm

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        line = reading.known_line(seen)
        if line is None or not line.ordered:
            return None
        why = _why(seen, line)
        return Offer(
            label=f"Ask {saying.supplier(seen)} again for {_wanted(seen, line)}",
            outcome="Not known until it answers",
            rank=10 if why else 30,
            why=why,
            initial={"quantity": line.ordered, "answer_by": reading.next_day(seen)},
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        line = reading.need_line(seen)
        quantity = reading.some(values, "quantity", line.ordered, most=line.ordered, unit=line.unit)
        date = reading.future_day(values, "date", seen, None) if values.get("date") else None
        answer_by = reading.answer_time(values, seen)
        ask = ChangeRequest(
            **reading.about_line(seen, line, reading.reason(values)),
            quantity=quantity,
            formerly=line.confirmed,
            price=line.unit_price if seen.case.kind == "price_changed" else None,
            currency=saying.currency(seen),
            date=date or reading.asked_day(line),
            insist=True,
            answer_by=answer_by,
            text=values.get("text") or "",
        )
        wanted = _wanted(seen, line, quantity) + saying.on_day(date, seen)
        until = reading.by_when(answer_by, seen)
        told = f"Change order (860): line {line.line}, {wanted} once more; answer due {until}"
        return Plan(
            words=f"Ask {saying.supplier(seen)} again for {wanted}",
            case="waiting",
            steps=in_order([Ordered(command=command(ask, words=told))]),
            expects=f"{saying.Supplier(seen)} answers by {until}",
            snooze_until=answer_by,
        )


def _wanted(seen: CaseSeen, line: LineView, quantity: Decimal | None = None) -> str:
    """ "all 100 CA"; what the case is about where that is a price, a day or an item."""
    if seen.case.kind == "price_changed" and line.unit_price is not None:
        return f"{saying.money(line.unit_price, seen)} per {line.unit}"
    if seen.case.kind == "promised_late" and (days := reading.moved(line)):
        return saying.day(days[0], seen)
    many = quantity if quantity is not None else line.ordered or Decimal(0)
    return f"{'all ' if many == line.ordered else ''}{saying.plain(many)} {line.unit}"


def _why(seen: CaseSeen, line: LineView) -> str:
    """Why asking comes first: the supplier said nothing of the rest, or named no day for it."""
    rest = reading.short_by(line)
    if seen.case.kind != "confirmed_short" or not rest or "rejected" in line.answer_classes:
        return ""
    if (
        not line.backordered
        and "backordered" not in line.answer_classes
        and "held" not in line.answer_classes
    ):
        return f"{saying.Supplier(seen)} said nothing of the other {saying.plain(rest)}"
    if line.backordered and reading.backorder_day(line) is None:
        return f"{saying.Supplier(seen)} names no day for the other {saying.plain(rest)}"
    return ""
