"""What came in beyond the order, or was booked wrong: keep it, send it back, take the receipt back."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from visibility.core.errors import InputError
from visibility.desk.actions import asking, fields, reading, saying, who
from visibility.desk.actions.base import Action, CaseSeen
from visibility.desk.actions.commands import (
    ReceiptKeep,
    ReceiptReverse,
    ReturnCancel,
    ReturnCreate,
    ReturnNotice,
    ReturnShip,
    command,
)
from visibility.desk.actions.fields import QuantityForm
from visibility.desk.actions.steps import Ordered, in_order
from visibility.desk.plans import Offer, Plan
from visibility.flows.state import LineView

ZERO = Decimal(0)


class AcceptOver(Action):
    """Keep what came in beyond the order."""

    name = "accept_over_receipt"
    kinds = frozenset({"received_over"})
    roles = who.BUYERS

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        line = reading.known_line(seen)
        over = _over(line) if line else ZERO
        if line is None or not over:
            return None
        cost = reading.worth(line, over)
        return Offer(
            label=f"Keep {saying.plain(over)} more",
            outcome="Stock is higher; the bill may say so, too",
            cost=f"+{saying.money(cost, seen)}" if cost else "",
            rank=20,
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        line = reading.need_line(seen)
        over = _need_over(line)
        keep = ReceiptKeep(
            **reading.about_line(seen, line, reading.reason(values)), quantity=over, received=line.received
        )
        told = f"{saying.order_line(seen)}: {saying.plain(over)} {line.unit} more than ordered are kept"
        return Plan(
            words=f"Keep {saying.plain(over)} more",
            worth=reading.worth(line, over),
            currency=saying.currency(seen),
            steps=in_order(
                [
                    Ordered(command=command(keep, words=told)),
                    asking.supply_moves(seen, line, ((over, None),)),
                ]
            ),
        )


class ReturnExcess(Action):
    """Send back what came in beyond the order."""

    name = "return_excess"
    kinds = frozenset({"received_over", "received_wrong_item", "received_damaged", "shipped_closed"})
    roles = who.DOCK
    form = QuantityForm

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        line = reading.known_line(seen)
        many = _returnable(seen, line) if line else None
        if line is None or not many:
            return None
        wrong = seen.case.kind == "received_wrong_item"
        return Offer(
            label=f"Send {saying.plain(many)} back",
            outcome=f"{saying.Supplier(seen)} is told, and asked where to",
            rank=10 if wrong else 30,
            why="What was not ordered is not kept without a word" if wrong else "",
            initial={"quantity": many},
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        line = reading.need_line(seen)
        many = reading.some(values, "quantity", _returnable(seen, line), most=line.received, unit=line.unit)
        about = reading.about_line(seen, line, reading.reason(values))
        number = receipt_of(seen)
        quantity = f"{saying.plain(many)} {line.unit}"
        return Plan(
            words=f"Send {saying.plain(many)} of line {line.line} back",
            steps=in_order(
                [
                    Ordered(
                        command=command(
                            ReturnCreate(**about, quantity=many, receipt=number),
                            words=f"{saying.order_line(seen)}: return order of {quantity}",
                        ),
                        undo=command(
                            ReturnCancel(**about, quantity=many),
                            words=f"{saying.order_line(seen)}: return order taken back",
                        ),
                    ),
                    Ordered(
                        command=command(
                            ReturnShip(**about, quantity=many, receipt=number),
                            words=f"{saying.place(seen)} sets {quantity} aside and ships them back",
                        )
                    ),
                    Ordered(
                        command=command(
                            ReturnNotice(**about, quantity=many),
                            words=f"Message: {quantity} of line {line.line} come back",
                        )
                    ),
                ]
            ),
        )


class ReverseForm(QuantityForm):
    """Which receipt; empty: the only one. Empty quantity: all of it."""

    receipt = fields.text(_("Receipt"))

    field_order = ("receipt", "quantity", "reason")


class ReverseReceipt(Action):
    """The warehouse takes a wrong receipt back; its own word of that is what counts here."""

    name = "reverse_receipt"
    kinds = frozenset(
        {
            "received_short",
            "received_over",
            "received_damaged",
            "received_wrong_item",
            "received_without_asn",
            "mirror_differs",
            "unknown_line",
        }
    )
    roles = who.DOCK
    form = ReverseForm
    needs_reason = True
    in_bulk = False

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        line = reading.known_line(seen)
        if line is None or not line.receipts or not _receipts(seen):
            return None
        number = receipt_of(seen)
        return Offer(
            label=f"Take receipt {number} back" if number else "Take a receipt back",
            outcome="The warehouse says when it has",
            rank=60,
            initial={"receipt": number},
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        line, why = reading.need_line(seen), reading.need_reason(values)
        number = str(values.get("receipt") or "").strip() or receipt_of(seen)
        if not number:
            raise InputError("missing", "Say which receipt.", "receipt")
        if number not in _receipts(seen):
            raise InputError("unknown_receipt", f"There is no receipt {number} of this order.", "receipt")
        many = None
        if values.get("quantity") is not None:
            many = reading.some(values, "quantity", None, most=line.received, unit=line.unit)
        told = f"{saying.plain(many)} {line.unit} of receipt {number}" if many else f"receipt {number}"
        reverse = ReceiptReverse(**reading.about_line(seen, line, why), receipt=number, quantity=many)
        return Plan(
            words=f"Take {told} back",
            case="waiting",
            steps=in_order(
                [
                    Ordered(
                        command=command(reverse, words=f"{saying.order_line(seen)}: {told} is taken back"),
                        confirmed_by="goods.received",
                    )
                ]
            ),
            expects="The warehouse reports the reversal",
        )


def receipt_of(seen: CaseSeen) -> str:
    """The only receipt of the order; empty where there are several, or none with a number."""
    numbers = _receipts(seen)
    return numbers[0] if len(numbers) == 1 else ""


def _receipts(seen: CaseSeen) -> list[str]:
    return [number for number in (seen.view.receipts if seen.view else []) if number]


def _over(line: LineView) -> Decimal:
    if line.received is None or line.ordered is None:
        return ZERO
    return max(line.received - (ZERO if line.cancelled else line.ordered), ZERO)


def _need_over(line: LineView) -> Decimal:
    over = _over(line)
    if not over:
        raise InputError("not_over", "No more than ordered came in.")
    return over


def _returnable(seen: CaseSeen, line: LineView) -> Decimal | None:
    if seen.case.kind == "received_over":
        return _over(line)
    if seen.case.kind == "received_damaged":
        return line.damaged
    return line.received
