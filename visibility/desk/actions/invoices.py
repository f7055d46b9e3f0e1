"""Bills that do not fit: dispute them, ask for credit, match a credit memo, or pay them as they are."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from visibility.core.errors import InputError
from visibility.desk.actions import fields, reading, saying, who
from visibility.desk.actions.base import Action, ActionForm, CaseSeen
from visibility.desk.actions.commands import (
    CreditRequest,
    DisputeNotice,
    InvoiceDispute,
    InvoiceMatch,
    InvoiceRelease,
    InvoiceUnmatch,
    VarianceAccept,
    command,
)
from visibility.desk.actions.fields import AskingForm
from visibility.desk.actions.steps import Ordered, in_order
from visibility.desk.plans import Offer, Plan

KINDS = frozenset(
    {
        "invoice_quantity",
        "over_billed",
        "invoice_price",
        "invoice_extra_charge",
        "invoice_duplicate",
        "invoice_without_receipt",
    }
)


class BillForm(AskingForm):
    """Which bill (empty: the only one), and how much of it (empty: what the case is about)."""

    invoice = fields.text(_("Invoice"))
    amount = fields.price(_("Amount"))

    field_order = ("invoice", "amount", "answer_by", "text", "reason")


class DisputeInvoice(Action):
    """Payment is blocked as far as it is disputed, and the supplier is told."""

    name = "dispute_invoice"
    kinds = KINDS
    roles = who.BUYERS
    form = BillForm

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        if seen.order is None or not _bills(seen):
            return None
        return Offer(
            label=f"Dispute {_some_of(seen, None)}",
            outcome="Payment is blocked until it is settled",
            cost=saying.money(-seen.case.money, seen) if seen.case.money else "",
            rank=10
            if seen.case.kind in ("invoice_price", "invoice_duplicate", "invoice_without_receipt")
            else 20,
            why="It is not what was agreed" if seen.case.kind == "invoice_price" else _why(seen),
            initial={"invoice": _only(seen), "amount": seen.case.money},
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        number, amount = _bill(seen, values), _amount(seen, values)
        about = _about(seen, values, number, amount)
        told = f"invoice {number}, {_some_of(seen, amount)}"
        notice = DisputeNotice(
            **about, answer_by=reading.answer_time(values, seen), text=values.get("text") or ""
        )
        return Plan(
            words=f"Dispute {told}",
            case="waiting",
            steps=in_order(
                [
                    Ordered(
                        command=command(
                            InvoiceDispute(**about), words=f"{saying.order(seen)}: {told} blocked for payment"
                        ),
                        undo=command(
                            InvoiceRelease(**about), words=f"{saying.order(seen)}: invoice {number} released"
                        ),
                    ),
                    Ordered(command=command(notice, words=f"Message: {told} is disputed")),
                ]
            ),
            expects=f"{saying.Supplier(seen)} sends a credit memo or a corrected invoice",
        )


class RequestCredit(Action):
    """Ask the supplier for a credit memo."""

    name = "request_credit"
    kinds = KINDS | {"received_short", "received_damaged", "received_wrong_item"}
    roles = who.BUYERS
    form = BillForm

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        if seen.order is None or not _bills(seen) or not seen.case.money:
            return None
        many = seen.case.kind in ("invoice_quantity", "over_billed")
        return Offer(
            label=f"Ask {saying.supplier(seen)} for a credit of {saying.money(seen.case.money, seen)}",
            outcome="Not known until it comes",
            cost=saying.money(-seen.case.money, seen),
            rank=10 if many else 40,
            why="More is billed than came in" if many else "",
            initial={"invoice": _only(seen), "amount": seen.case.money, "answer_by": reading.next_day(seen)},
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        number, amount = _bill(seen, values), _amount(seen, values)
        if amount is None:
            raise InputError("missing", "Say how much.", "amount")
        answer_by = reading.answer_time(values, seen)
        ask = CreditRequest(
            **_about(seen, values, number, amount), answer_by=answer_by, text=values.get("text") or ""
        )
        deed = f"credit of {saying.money(amount, seen)} for invoice {number}"
        until = reading.by_when(answer_by, seen)
        return Plan(
            words=f"Ask {saying.supplier(seen)} for a {deed}",
            case="waiting",
            steps=in_order([Ordered(command=command(ask, words=f"Message: {deed} is wanted by {until}"))]),
            expects=f"{saying.Supplier(seen)} sends the credit memo by {until}",
            snooze_until=answer_by,
        )


class CreditForm(ActionForm):
    """The credit memo, and the bill it is for."""

    credit = fields.text(_("Credit memo"), required=True)
    invoice = fields.text(_("Invoice"))

    field_order = ("credit", "invoice", "reason")


class MatchCredit(Action):
    """A credit memo that came is set against the bill."""

    name = "match_credit"
    kinds = KINDS
    roles = who.BUYERS
    form = CreditForm
    in_bulk = False

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        if seen.order is None or len(_bills(seen)) < 2:
            return None
        return Offer(
            label="Match a credit memo",
            outcome="The bill is paid less the credit",
            rank=50,
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        credit = str(values.get("credit") or "").strip()
        if credit not in _bills(seen):
            raise InputError("unknown_credit", f"No credit memo {credit} has come for this order.", "credit")
        others = [each for each in _bills(seen) if each != credit]
        number = str(values.get("invoice") or "").strip() or (others[0] if len(others) == 1 else "")
        if number not in others:
            raise InputError("unknown_invoice", "Say which invoice of this order it is for.", "invoice")
        about = _about(seen, values, number, None) | {"credit": credit}
        told = f"{saying.order(seen)}: credit {credit} set against invoice {number}"
        return Plan(
            words=f"Match credit {credit} with invoice {number}",
            steps=in_order(
                [
                    Ordered(
                        command=command(InvoiceMatch(**about), words=told),
                        undo=command(
                            InvoiceUnmatch(**about),
                            words=f"{saying.order(seen)}: match of {credit} taken back",
                        ),
                    )
                ]
            ),
        )


class VarianceForm(ActionForm):
    """Which bill; empty: the only one."""

    invoice = fields.text(_("Invoice"))

    field_order = ("invoice", "reason")


class AcceptVariance(Action):
    """Pay the bill as it is. What is accepted is what the approval limit is held against."""

    name = "accept_variance"
    kinds = KINDS
    roles = who.BUYERS
    form = VarianceForm
    needs_reason = True

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        if seen.order is None or not _bills(seen):
            return None
        more = seen.case.money
        return Offer(
            label=f"Accept {_some_of(seen, None)}",
            outcome="The bill is paid as it is",
            cost=f"+{saying.money(more, seen)}" if more else "",
            rank=30,
            initial={"invoice": _only(seen)},
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        reading.need_reason(values)
        number, amount = _bill(seen, values), seen.case.money
        told = f"invoice {number}, {_some_of(seen, amount)}"
        accept = VarianceAccept(**_about(seen, values, number, amount))
        return Plan(
            words=f"Accept {told}",
            worth=amount,
            currency=saying.currency(seen),
            steps=in_order(
                [Ordered(command=command(accept, words=f"{saying.order(seen)}: {told} accepted for payment"))]
            ),
        )


def _bills(seen: CaseSeen) -> list[str]:
    """Numbers of the order's bills and credit memos."""
    return [number for number in (seen.view.invoices if seen.view else []) if number]


def _only(seen: CaseSeen) -> str:
    """The bill the case speaks of, or the only one there is."""
    bills = _bills(seen)
    if seen.subject in bills:
        return seen.subject
    return bills[0] if len(bills) == 1 else ""


def _bill(seen: CaseSeen, values: dict[str, Any]) -> str:
    reading.need_order(seen)
    number = str(values.get("invoice") or "").strip() or _only(seen)
    if not number:
        raise InputError("missing", "Say which invoice.", "invoice")
    if number not in _bills(seen):
        raise InputError("unknown_invoice", f"There is no invoice {number} of this order.", "invoice")
    return number


def _amount(seen: CaseSeen, values: dict[str, Any]) -> Decimal | None:
    amount = values.get("amount") if values.get("amount") is not None else seen.case.money
    if amount is not None and amount <= 0:
        raise InputError("not_positive", "Say an amount above 0.", "amount")
    return amount


def _some_of(seen: CaseSeen, amount: Decimal | None) -> str:
    """ "$120.00"; the difference, where nobody knows how much it is."""
    amount = amount if amount is not None else seen.case.money
    return saying.money(amount, seen) if amount else "the difference"


def _why(seen: CaseSeen) -> str:
    return {
        "invoice_duplicate": "The same was billed before",
        "invoice_without_receipt": "Nothing of it has come in",
    }.get(seen.case.kind, "")


def _about(seen: CaseSeen, values: dict[str, Any], number: str, amount: Decimal | None) -> dict[str, Any]:
    why, line = reading.reason(values), seen.line
    about = reading.about_line(seen, line, why) if line else reading.about_order(seen, why)
    return about | {
        "invoice": number,
        "quantity": line.invoiced if line else None,
        "billed_price": line.invoiced_price if line else None,
        "price": line.unit_price if line else None,
        "amount": amount,
        "currency": saying.currency(seen),
    }
