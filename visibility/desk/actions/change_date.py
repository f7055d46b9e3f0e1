"""Expect a line on another day."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from visibility.core.errors import InputError
from visibility.desk.actions import asking, fields, reading, saying, who
from visibility.desk.actions.base import Action, ActionForm, CaseSeen
from visibility.desk.actions.commands import LineDate, command
from visibility.desk.actions.steps import Ordered, in_order
from visibility.desk.plans import Command, Offer, Plan
from visibility.flows.state import LineView


class DateForm(ActionForm):
    """The new day at the dock (empty: the latest that was told), for so many (empty: all still to come)."""

    date = fields.day(_("At dock"))
    quantity = fields.quantity()

    field_order = ("date", "quantity", "reason")


class ChangeDate(Action):
    """ERP, planning and the warehouse count on another day; what was asked for and promised stays."""

    name = "change_expected_date"
    kinds = frozenset(
        {
            "promised_late",
            "promised_early",
            "shipment_delayed",
            "receipt_overdue",
            "asn_overdue",
            "confirmed_short",
            "shipped_short",
            "received_short",
            "soft_accept_expired",
            "milestone_missing",
        }
    )
    roles = who.SUPPLY
    form = DateForm

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        line = reading.known_line(seen)
        if line is None or (not reading.undelivered(line) and seen.case.kind != "shipment_delayed"):
            return None
        day = _told_day(seen, line)
        late = seen.case.kind in ("shipment_delayed", "promised_late")
        return Offer(
            label=f"Expect line {line.line} {'on ' + saying.day(day, seen) if day else 'on another day'}",
            outcome="Planning and the warehouse follow",
            rank=25 if late else 45,
            initial={"date": day} if day else {},
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        line = reading.need_line(seen)
        day = reading.future_day(values, "date", seen, _told_day(seen, line))
        open_ = reading.undelivered(line) or line.ordered
        quantity = reading.some(values, "quantity", open_, most=line.ordered, unit=line.unit)
        former = reading.supply_day(line)
        if day == former:
            raise InputError("same_day", f"It is expected on {saying.day(day, seen)} already.", "date")
        many = f"{saying.plain(quantity)} {line.unit}"

        def dated(to: Any, of: Any) -> Command:
            ask = LineDate(
                **reading.about_line(seen, line, reading.reason(values)),
                date=to,
                formerly=of,
                quantity=quantity,
            )
            instead = f" instead of {saying.day(of, seen)}" if of else ""
            return command(
                ask, words=f"{saying.order_line(seen)}: {many} expected{saying.on_day(to, seen)}{instead}"
            )

        return Plan(
            words=f"Expect {many} of line {line.line} on {saying.day(day, seen)}",
            steps=in_order(
                [
                    Ordered(command=dated(day, former), undo=dated(former, day) if former else None),
                    asking.supply_moves(seen, line, ((-quantity, former), (quantity, day))),
                    asking.expects(seen, line, quantity, day, formerly=None),
                ]
            ),
        )


def _told_day(seen: CaseSeen, line: LineView) -> Any:
    """The latest day that anybody told of the line; None where it is past or nobody did."""
    estimated = [each.estimated_at.date() for each in line.milestones if each.estimated_at]
    days = [*estimated, *(each.date for each in (*line.promises, *line.backorders) if each.date)]
    latest = max(days, default=None)
    return latest if latest and latest >= reading.today(seen) else None
