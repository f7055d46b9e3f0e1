"""Claim damage, shortage or a wrong item from the supplier or the carrier."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from visibility.core.errors import InputError
from visibility.desk.actions import fields, reading, saying, who
from visibility.desk.actions.base import Action, CaseSeen
from visibility.desk.actions.commands import ClaimNotice, ClaimOpen, ClaimWithdraw, command
from visibility.desk.actions.fields import AskingForm
from visibility.desk.actions.receipts import receipt_of
from visibility.desk.actions.steps import Ordered, in_order
from visibility.desk.plans import Offer, Plan, SystemRole
from visibility.flows.state import LineView

ZERO = Decimal(0)
_WHAT = {
    "received_damaged": "damage",
    "received_short": "shortage",
    "received_wrong_item": "wrong item",
    "shipped_short": "shortage",
}
_AGAINST: dict[str, SystemRole] = {"supplier": "supplier", "carrier": "tms"}


class ClaimForm(AskingForm):
    """Against whom, how many, for how much. Empty: all that the case is about, at the order's price."""

    against = forms.ChoiceField(
        label=_("Against"), required=False, choices=[("supplier", _("Supplier")), ("carrier", _("Carrier"))]
    )
    quantity = fields.quantity()
    amount = fields.price(_("Amount"))

    field_order = ("against", "quantity", "amount", "answer_by", "text", "reason")


class Claim(Action):
    """The claim is opened in the ERP, then told to whom it is against."""

    name = "claim"
    kinds = frozenset(_WHAT)
    roles = who.DOCK
    form = ClaimForm

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        line = reading.known_line(seen)
        many = _claimable(seen, line) if line else None
        if line is None or not many:
            return None
        worth = reading.worth(line, many)
        return Offer(
            label=f"Claim {saying.plain(many)} for {_WHAT[seen.case.kind]}",
            outcome=f"{saying.Supplier(seen)} or the carrier answers",
            cost=saying.money(-worth, seen) if worth else "",
            rank=15,
            why="What was announced did not come in as it should",
            initial={"against": "supplier", "quantity": many, "answer_by": reading.next_day(seen)},
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        line = reading.need_line(seen)
        against = values.get("against") or "supplier"
        if against not in _AGAINST:
            raise InputError("unknown_party", "A claim is against the supplier or the carrier.", "against")
        many = reading.some(
            values, "quantity", _claimable(seen, line), most=line.shipped or line.ordered, unit=line.unit
        )
        amount = values.get("amount") if values.get("amount") is not None else reading.worth(line, many)
        what = _WHAT[seen.case.kind]
        party = saying.supplier(seen) if against == "supplier" else "the carrier"
        about = reading.about_line(seen, line, reading.reason(values)) | {"what": what, "quantity": many}
        papers: dict[str, Any] = {
            "amount": amount,
            "currency": saying.currency(seen),
            "receipt": receipt_of(seen),
            "shipment": line.shipment_numbers[-1] if line.shipment_numbers else "",
        }
        told = f"{saying.plain(many)} {line.unit} for {what}"
        money = f", {saying.money(amount, seen)}" if amount is not None else ""
        notice = ClaimNotice(
            **about, **papers, answer_by=reading.answer_time(values, seen), text=values.get("text") or ""
        )
        return Plan(
            words=f"Claim {told} from {party}",
            steps=in_order(
                [
                    Ordered(
                        command=command(
                            ClaimOpen(**about, **papers, against=against),
                            words=f"{saying.order_line(seen)}: claim against {party}, {told}{money}",
                        ),
                        undo=command(
                            ClaimWithdraw(**about, against=against),
                            words=f"{saying.order_line(seen)}: claim taken back",
                        ),
                    ),
                    Ordered(
                        command=command(
                            notice,
                            role=_AGAINST[against],
                            words=f"Message to {party}: claim of {told}{money}",
                        )
                    ),
                ]
            ),
        )


def _claimable(seen: CaseSeen, line: LineView) -> Decimal | None:
    """What is missing or spoilt, as the line says now."""
    if seen.case.kind == "received_damaged":
        return line.damaged
    if seen.case.kind == "received_wrong_item":
        return line.received
    gap = seen.case.gap
    return abs(gap) if gap else None
