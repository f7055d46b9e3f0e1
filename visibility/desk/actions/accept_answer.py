"""Accept what the supplier answered to a line, and say what becomes of the rest."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from visibility.core.errors import InputError
from visibility.desk.actions import asking, reading, saying, who
from visibility.desk.actions.base import Action, ActionForm, CaseSeen
from visibility.desk.actions.commands import AnswerAccepted, LineCancel, LineConfirm, command
from visibility.desk.actions.fields import AskingForm
from visibility.desk.actions.steps import Ordered, in_order
from visibility.desk.plans import Offer, Plan
from visibility.flows.state import LineView

ZERO = Decimal(0)


class RestForm(ActionForm):
    """What becomes of what was not confirmed. To buy it elsewhere is an action of its own."""

    rest = forms.ChoiceField(
        label=_("The rest"),
        required=False,
        choices=[("backorder", _("Keep on backorder")), ("cancel", _("Cancel"))],
    )


class AcceptAnswer(Action):
    """Take the confirmed quantity; keep the rest on backorder, or cancel it."""

    name = "accept_answer"
    kinds = frozenset({"confirmed_short"})
    roles = who.SUPPLY
    form: ClassVar[type[ActionForm]] = RestForm

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        line = reading.known_line(seen)
        if line is None or not reading.short_by(line):
            return None
        rest = _usual_rest(line)
        day = reading.backorder_day(line)
        told = f"{saying.Supplier(seen)} gives {saying.day(day, seen)} for the rest" if day else ""
        if rest == "cancel":
            return _offer_of_cancelling(seen, line)
        return Offer(
            label=_deed(line, rest),
            outcome=told or f"{saying.Supplier(seen)} gives no day for the rest",
            rank=10 if day else 20,
            why=told,
            initial={"rest": rest},
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        line = reading.need_line(seen)
        if not reading.short_by(line):
            raise InputError("not_short", "Nothing of this line is missing in the answer.")
        rest = values.get("rest") or _usual_rest(line)
        if rest == "backorder" and _usual_rest(line) == "cancel":
            raise InputError("refused", f"{saying.Supplier(seen)} will not deliver the rest.", "rest")
        return _keep(seen, line, values) if rest == "backorder" else _cancel(seen, line, values)


class CancelRest(AcceptAnswer):
    """Take the confirmed quantity and cancel the rest."""

    name = "cancel_rest"
    form = AskingForm

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        line = reading.known_line(seen)
        if line is None or not reading.short_by(line) or _usual_rest(line) == "cancel":
            return None
        return _offer_of_cancelling(seen, line)

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        return super().plan(seen=seen, values={**values, "rest": "cancel"})


def refused(line: LineView) -> Decimal:
    """How many the supplier said it will not deliver."""
    return (line.rejected or ZERO) + (line.deleted or ZERO)


def _usual_rest(line: LineView) -> str:
    return "cancel" if refused(line) >= reading.short_by(line) else "backorder"


def _deed(line: LineView, rest: str) -> str:
    many = saying.plain(reading.short_by(line))
    deed = f"keep {many} on backorder" if rest == "backorder" else f"cancel {many}"
    taken = line.confirmed or ZERO
    return f"Accept {saying.plain(taken)}, {deed}" if taken else deed.capitalize()


def _offer_of_cancelling(seen: CaseSeen, line: LineView) -> Offer:
    saved = reading.worth(line, reading.short_by(line))
    return Offer(
        label=_deed(line, "cancel"),
        outcome=f"{saying.plain(line.confirmed or ZERO)} come, and no more",
        cost=saying.money(-saved, seen) if saved else "",
        rank=40,
        initial={"rest": "cancel"},
    )


def _keep(seen: CaseSeen, line: LineView, values: dict[str, Any]) -> Plan:
    taken, rest = line.confirmed or ZERO, reading.short_by(line)
    later = reading.backorder_day(line)
    until = f", until {saying.day(later, seen)}" if later else ""
    confirm = LineConfirm(
        **reading.about_line(seen, line, reading.reason(values)),
        confirmed=taken,
        backordered=rest,
        backordered_until=later,
        date=reading.promised_day(line),
        price=line.confirmed_price,
        currency=saying.currency(seen),
    )
    told = f"{saying.order_line(seen)}: {saying.plain(taken)} confirmed, {saying.plain(rest)} on backorder"
    moves = ((-rest, reading.asked_day(line)),) + (((rest, later),) if later else ())
    return Plan(
        words=_deed(line, "backorder"),
        steps=in_order(
            [
                Ordered(command=command(confirm, words=told + until), undo=asking.reopened(seen, line, None)),
                asking.supply_moves(seen, line, moves),
                asking.expects(seen, line, taken, reading.supply_day(line), formerly=line.ordered),
                Ordered(command=accepted(seen, line, rest)),
            ]
        ),
    )


def accepted(seen: CaseSeen, line: LineView, rest: Decimal = ZERO) -> Any:
    """The supplier is told that its answer is accepted."""
    kept = f", {saying.plain(rest)} stay on backorder" if rest else ""
    return command(
        AnswerAccepted(
            **reading.about_line(seen, line),
            confirmed=line.confirmed,
            backordered=rest or None,
            date=reading.promised_day(line),
            price=line.confirmed_price,
            currency=saying.currency(seen),
        ),
        words=f"Message: your answer to line {line.line} is accepted{kept}",
    )


def _cancel(seen: CaseSeen, line: LineView, values: dict[str, Any]) -> Plan:
    taken, rest = line.confirmed or ZERO, reading.short_by(line)
    told = f"{saying.plain(taken)} confirmed, " if taken else ""
    answer_by = reading.answer_time(values, seen)
    return Plan(
        words=_deed(line, "cancel"),
        worth=reading.worth(line, rest),
        currency=saying.currency(seen),
        steps=in_order(
            [
                Ordered(
                    command=command(
                        LineCancel(
                            **reading.about_line(seen, line, reading.reason(values)),
                            quantity=rest,
                            left=taken,
                        ),
                        words=f"{saying.order_line(seen)}: {told}{saying.plain(rest)} to be cancelled",
                    ),
                    undo=asking.reopened(seen, line, rest),
                ),
                asking.changes(
                    seen, line, quantity=taken, formerly=line.ordered or taken + rest, answer_by=answer_by
                ),
                asking.supply_moves(seen, line, ((-rest, reading.asked_day(line)),)),
                asking.expects(seen, line, taken, reading.supply_day(line), formerly=line.ordered),
            ]
        ),
    )
