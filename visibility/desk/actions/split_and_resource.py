"""Take what is confirmed, and buy the rest from another supplier."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from visibility.access.scopes import Scope
from visibility.core.errors import InputError
from visibility.desk.actions import asking, fields, reading, saying, sources, who
from visibility.desk.actions.accept_answer import refused
from visibility.desk.actions.base import ActionForm, CaseSeen, Performing
from visibility.desk.actions.commands import DraftWithdraw, LineCancel, OrderDraft, command
from visibility.desk.actions.steps import Ordered, in_order
from visibility.desk.plans import Offer, Plan
from visibility.flows.state import LineView

ZERO = Decimal(0)
_CANCELLED_BY = "order.acknowledged"


class ResourceForm(ActionForm):
    """The second source and its terms. An empty price is what it last took for the item."""

    supplier = fields.text(_("Second source"), required=True)
    quantity = fields.quantity()
    price = fields.price()
    date = fields.day(_("At dock"))

    field_order = ("supplier", "quantity", "price", "date", "reason")


class Bought(Struct, frozen=True):
    """What is bought elsewhere, from whom, and on which terms."""

    source: str
    code: str
    quantity: Decimal
    price: Decimal
    date: dt.date | None


class SplitAndResource(Performing):
    """The rest is cancelled at the first supplier; once that is confirmed, a draft goes to the ERP."""

    name = "split_and_resource"
    kinds = frozenset(
        {
            "confirmed_short",
            "line_rejected",
            "promised_late",
            "item_substituted",
            "shipped_short",
            "received_short",
            "shipment_delayed",
            "asn_overdue",
            "soft_accept_expired",
        }
    )
    roles = who.SUPPLY
    form = ResourceForm
    in_bulk = False

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        line = reading.known_line(seen)
        rest = _rest(seen, line) if line else None
        if line is None or not rest or line.closed:
            return None
        gone = refused(line) >= rest
        taken = line.confirmed if seen.case.kind == "confirmed_short" else None
        accept = f"accept {saying.plain(taken)}, " if taken else ""
        label = f"{accept}re-source {saying.plain(rest)}"
        return Offer(
            label=label[:1].upper() + label[1:],
            outcome="A draft order, once the rest is cancelled" if not gone else "A draft order at once",
            rank=10 if gone else 35,
            why=f"{saying.Supplier(seen)} will not deliver {saying.plain(rest)}" if gone else "",
            initial={"quantity": rest, "date": reading.asked_day(line)},
        )

    def choices(self, *, scope: Scope, seen: CaseSeen) -> dict[str, list[tuple[str, str]]]:
        """Others who delivered the item, with what they took for it."""
        return {"supplier": sources.offered(scope=scope, seen=seen)}

    def look(self, *, scope: Scope, seen: CaseSeen, values: dict[str, Any]) -> dict[str, Any]:
        """With the supplier that the name or code means, and its last price for the item."""
        found = sources.find(scope=scope, seen=seen, text=str(values.get("supplier") or ""))
        last = {"last_price": found.price, "last_order": found.order}
        return {**values, **last, "supplier": found.name, "supplier_code": found.code}

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        line = reading.need_line(seen)
        rest = _rest(seen, line)
        quantity = reading.some(values, "quantity", rest, most=rest, unit=line.unit)
        date = values.get("date") or reading.asked_day(line)
        if date is not None and date < reading.today(seen):
            raise InputError("past", f"{saying.day(date, seen)} is past.", "date")
        bought = Bought(
            source=str(values.get("supplier") or "").strip(),
            code=str(values.get("supplier_code") or ""),
            quantity=quantity,
            price=_price(values),
            date=date,
        )
        left = (line.ordered or quantity) - quantity
        waits = quantity > refused(line)
        taken = f"accept {saying.plain(left)}, " if left else ""
        deed = f"{taken}re-source {saying.plain(quantity)} to {bought.source}"
        return Plan(
            words=deed[:1].upper() + deed[1:],
            case="waiting",
            steps=in_order(
                [
                    _cancelled(seen, line, quantity, left, reading.reason(values)),
                    *_changed(seen, line, quantity, left, waits),
                    _drafted(seen, line, bought, reading.reason(values), after=(2,) if waits else (1,)),
                    asking.supply_moves(seen, line, ((-quantity, reading.asked_day(line)),), after=(1,)),
                    asking.supply_moves(seen, line, ((quantity, date),), after=(3,) if waits else (2,)),
                    asking.expects(
                        seen, line, left, reading.supply_day(line), formerly=line.ordered, after=(1,)
                    ),
                ]
            ),
            worth=quantity * bought.price,
            currency=saying.currency(seen),
            expects=f"{saying.Supplier(seen)} confirms the cancellation of {saying.plain(quantity)}; "
            f"then the draft order goes to the ERP"
            if waits
            else "The draft order is in the ERP",
        )


def _rest(seen: CaseSeen, line: LineView) -> Decimal | None:
    """What another is to deliver: what was not confirmed, else what has neither come nor left."""
    if seen.case.kind == "confirmed_short":
        return reading.short_by(line)
    return reading.undelivered(line)


def _price(values: dict[str, Any]) -> Decimal:
    price = values.get("price") if values.get("price") is not None else values.get("last_price")
    if price is None:
        raise InputError("missing", "Say the price; this supplier has not delivered the item yet.", "price")
    if price < 0:
        raise InputError("not_positive", "Say 0 or more.", "price")
    return Decimal(price)


def _cancelled(seen: CaseSeen, line: LineView, quantity: Decimal, left: Decimal, reason: str) -> Ordered:
    """First, as the ERP is the system of record: nothing else happens if it refuses."""
    cancel = LineCancel(**reading.about_line(seen, line, reason), quantity=quantity, left=left)
    kept = f"{saying.plain(left)} stay, " if left else ""
    if left and left == line.confirmed:
        kept = f"{saying.plain(left)} confirmed, "
    told = f"{saying.order_line(seen)}: {kept}{saying.plain(quantity)} to be cancelled"
    return Ordered(command=command(cancel, words=told), undo=asking.reopened(seen, line, quantity))


def _changed(
    seen: CaseSeen, line: LineView, quantity: Decimal, left: Decimal, waits: bool
) -> tuple[Ordered, ...]:
    """The supplier must agree before anything is bought elsewhere, unless it refused so many already."""
    if not waits:
        return ()
    return (
        asking.changes(
            seen, line, quantity=left, formerly=left + quantity, after=(1,), confirmed_by=_CANCELLED_BY
        ),
    )


def _drafted(
    seen: CaseSeen, line: LineView, bought: Bought, reason: str, *, after: tuple[int, ...]
) -> Ordered:
    about = reading.about_line(seen, line, reason) | {"to": bought.source, "to_code": bought.code}
    draft = OrderDraft(
        **about,
        quantity=bought.quantity,
        price=bought.price,
        currency=saying.currency(seen),
        date=bought.date,
    )
    many = f"{saying.plain(bought.quantity)} {line.unit}"
    for_day = f" for {saying.day(bought.date, seen)}" if bought.date else ""
    told = f"Draft order to {bought.source}: {many} at {saying.money(bought.price, seen)}{for_day}"
    return Ordered(
        command=command(draft, words=told + _compared(seen, line, bought.quantity, bought.price)),
        undo=command(
            DraftWithdraw(**about, quantity=bought.quantity),
            words=f"Draft order to {bought.source} taken back",
        ),
        after=after,
    )


def _compared(seen: CaseSeen, line: LineView, quantity: Decimal, price: Decimal) -> str:
    """ ", $100.00 more than ordered"; nothing where the order's price is not known or is the same."""
    if line.unit_price is None or price == line.unit_price:
        return ""
    more = (price - line.unit_price) * quantity
    return f", {saying.money(abs(more), seen)} {'more' if more > 0 else 'less'} than ordered"
