"""Accept another day, price, item or a larger quantity, as the supplier answered."""

from decimal import Decimal
from typing import Any

from visibility.core.errors import InputError
from visibility.desk.actions import asking, reading, saying, who
from visibility.desk.actions.accept_answer import accepted
from visibility.desk.actions.base import Action, CaseSeen
from visibility.desk.actions.commands import LineConfirm, command
from visibility.desk.actions.steps import Ordered, in_order
from visibility.desk.plans import Offer, Plan
from visibility.flows import words
from visibility.flows.state import LineView

ZERO = Decimal(0)


class AcceptTerms(Action):
    """Take the line as the supplier answered it, in place of what was asked for. The order stays as it is."""

    name = "accept_terms"
    kinds = frozenset(
        {
            "confirmed_over",
            "promised_late",
            "promised_early",
            "price_changed",
            "item_substituted",
            "soft_accept_expired",
        }
    )
    roles = who.SUPPLY

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        line = reading.known_line(seen)
        if line is None or line.confirmed is None:
            return None
        told = _differences(seen, line)
        if not told:
            return None
        more = _extra(line)
        return Offer(
            label=words.sentence(f"accept {told[0]}"),
            outcome=", ".join(words.sentence(each) for each in told[1:]),
            cost=f"+{saying.money(more, seen)}" if more > 0 else saying.money(more, seen) if more else "",
            rank=20,
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        line = reading.need_line(seen)
        if line.confirmed is None:
            raise InputError("unanswered", "The answer does not say how many.")
        told = _differences(seen, line)
        if not told:
            raise InputError("no_difference", "The answer is as ordered now; there is nothing to accept.")
        more = _extra(line)
        return Plan(
            words=words.sentence(f"accept {', '.join(told)}"),
            worth=abs(more) if more else None,
            currency=saying.currency(seen),
            steps=in_order(
                [
                    Ordered(
                        command=_confirm(seen, line, told, reading.reason(values)),
                        undo=asking.reopened(seen, line, None),
                    ),
                    asking.supply_moves(seen, line, _moves(line)),
                    asking.expects(
                        seen, line, line.confirmed, reading.supply_day(line), formerly=line.ordered
                    ),
                    Ordered(command=accepted(seen, line)),
                ]
            ),
        )


def _confirm(seen: CaseSeen, line: LineView, told: list[str], reason: str) -> Any:
    confirmed = line.confirmed or ZERO
    terms = LineConfirm(
        **reading.about_line(seen, line, reason),
        confirmed=confirmed,
        date=reading.promised_day(line),
        basis=next((each.basis for each in line.promises if each.date), "unstated"),
        price=line.confirmed_price,
        currency=saying.currency(seen),
        substitute=line.substitute,
    )
    said = f"{saying.order_line(seen)}: {saying.plain(confirmed)} confirmed"
    return command(terms, words=", ".join([said, *(each for each in told if not each[:1].isdigit())]))


def _differences(seen: CaseSeen, line: LineView) -> list[str]:
    """What the answer says otherwise than the order, each in words; the one the case is about first."""
    told: dict[str, str] = {}
    ordered, confirmed = line.ordered, line.confirmed or ZERO
    if ordered is not None and confirmed > ordered:
        told["confirmed_over"] = f"{saying.plain(confirmed)} instead of {saying.plain(ordered)}"
    if days := reading.moved(line):
        asked, promised, _ = days
        kind = "promised_late" if promised > asked else "promised_early"
        told[kind] = f"{saying.day(promised, seen)} instead of {saying.day(asked, seen)}"
    old, new = line.unit_price, line.confirmed_price
    if old is not None and new is not None and old != new:
        told["price_changed"] = f"{saying.money(new, seen)} instead of {saying.money(old, seen)}"
    if line.substitute is not None:
        other = words.of_item(line.substitute, line.line)
        told["item_substituted"] = f"{other} instead of {words.of_item(line.item, line.line)}"
    if line.soft:
        told["soft_accept_expired"] = "the answer as it stands"
    first = told.pop(seen.case.kind, None)
    return ([first] if first else []) + list(told.values())


def _extra(line: LineView) -> Decimal:
    """What the line costs more than it was ordered for, as far as that is known."""
    if line.confirmed is None or line.unit_price is None or line.ordered is None:
        return ZERO
    price = line.confirmed_price if line.confirmed_price is not None else line.unit_price
    over = max(line.confirmed - line.ordered, ZERO)
    return over * price + (price - line.unit_price) * min(line.confirmed, line.ordered)


def _moves(line: LineView) -> asking.Parts:
    """From what was asked for to what is promised."""
    confirmed, ordered = line.confirmed or ZERO, line.ordered or ZERO
    days = reading.moved(line)
    asked = days[0] if days else reading.asked_day(line)
    return ((-min(ordered, confirmed), asked), (confirmed, days[1] if days else asked))
