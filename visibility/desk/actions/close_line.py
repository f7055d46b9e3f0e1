"""Give up the open rest of a line (short-close), and take that back."""

from decimal import Decimal
from typing import Any

from visibility.canonical.documents import Line, OrderLineClosed
from visibility.core.errors import InputError
from visibility.desk.actions import asking, reading, saying, who
from visibility.desk.actions.base import Action, CaseSeen
from visibility.desk.actions.commands import LineClose, command
from visibility.desk.actions.steps import Ordered, in_order
from visibility.desk.plans import Offer, Plan, Told
from visibility.flows.state import LineView

ZERO = Decimal(0)
_AT_THE_DOCK = frozenset({"received_short", "receipt_overdue"})


class ShortClose(Action):
    """Nothing more of the line is expected than what is confirmed, on its way or there already."""

    name = "short_close"
    kinds = frozenset(
        {
            "confirmed_short",
            "line_rejected",
            "line_unanswered",
            "change_unanswered",
            "promised_late",
            "received_short",
            "receipt_overdue",
            "asn_overdue",
            "shipped_short",
            "soft_accept_expired",
        }
    )
    roles = who.BUYERS
    needs_reason = True

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        line = reading.known_line(seen)
        rest = _rest(seen, line) if line else None
        if line is None or not rest:
            return None
        came = (line.received or ZERO) > 0
        return Offer(
            label=f"Close line {line.line}, give up {saying.plain(rest)}",
            outcome="Can be reopened",
            cost=_cost(seen, line, rest),
            rank=30 if came else 60,
            why="",
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        line, why = reading.need_line(seen), reading.need_reason(values)
        rest = _rest(seen, line)
        if not rest:
            raise InputError("nothing_open", "Nothing of this line is open.")
        kept = (line.ordered or ZERO) - rest
        close = LineClose(**reading.about_line(seen, line, why), quantity=rest)
        return Plan(
            words=f"Close line {line.line}, give up {saying.plain(rest)}",
            worth=reading.worth(line, rest),
            currency=saying.currency(seen),
            facts=(_closed(seen, line, why, reopened=False),),
            steps=in_order(
                [
                    Ordered(
                        command=command(
                            close, words=f"{saying.order_line(seen)}: closed, {saying.plain(rest)} given up"
                        ),
                        undo=asking.reopened(seen, line, None),
                    ),
                    asking.supply_moves(seen, line, ((-rest, reading.supply_day(line)),)),
                    asking.expects(seen, line, kept, reading.supply_day(line), formerly=line.ordered),
                    asking.changes(seen, line, quantity=kept, formerly=line.ordered or kept + rest),
                ]
            ),
        )


class ReopenLine(Action):
    """The open rest is wanted after all."""

    name = "reopen_line"
    kinds = ShortClose.kinds | {"shipped_closed", "shipped_over", "received_over"}
    roles = who.BUYERS

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        line = reading.known_line(seen)
        if line is None or not line.closed:
            return None
        goods = seen.case.kind == "shipped_closed"
        return Offer(
            label=f"Reopen line {line.line}",
            outcome="What is on its way is expected again",
            rank=10 if goods else 50,
            why="The goods left before the line was closed for the supplier" if goods else "",
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        line = reading.need_line(seen)
        if not line.closed:
            raise InputError("not_closed", "This line is not closed.")
        rest = reading.undelivered(line)
        close = LineClose(**reading.about_line(seen, line), quantity=rest)
        back = command(close, words=f"{saying.order_line(seen)}: closed again")
        moves = ((rest, reading.supply_day(line)),) if rest else ()
        return Plan(
            words=f"Reopen line {line.line}",
            facts=(_closed(seen, line, reading.reason(values), reopened=True),),
            steps=in_order(
                [
                    Ordered(command=asking.reopened(seen, line, None), undo=back),
                    asking.supply_moves(seen, line, moves),
                    None
                    if line.ordered is None
                    else asking.expects(seen, line, line.ordered, reading.supply_day(line), formerly=None),
                ]
            ),
        )


def _rest(seen: CaseSeen, line: LineView) -> Decimal | None:
    """What is given up: of a short answer what was not confirmed, at the dock what did not come in, else
    what has neither come nor left. None where the line is closed, or nobody said how many were ordered."""
    if line.closed or line.ordered is None:
        return None
    if seen.case.kind in _AT_THE_DOCK:
        return max(line.ordered - (line.received or ZERO), ZERO)
    confirmed = (line.confirmed or ZERO) if seen.case.kind == "confirmed_short" else ZERO
    return max((reading.undelivered(line) or ZERO) - _still_to_come(line, confirmed), ZERO)


def _still_to_come(line: LineView, confirmed: Decimal) -> Decimal:
    """Of what is confirmed, what neither came nor left yet."""
    return max(confirmed - max(line.shipped or ZERO, line.received or ZERO), ZERO)


def _cost(seen: CaseSeen, line: LineView, rest: Decimal) -> str:
    saved = reading.worth(line, rest)
    return saying.money(-saved, seen) if saved else ""


def _closed(seen: CaseSeen, line: LineView, why: str, *, reopened: bool) -> Told:
    """The fact, and the one that takes it back."""
    order, _view = reading.need_order(seen)
    lines = (Line(line=line.line),)
    return asking.fact(
        OrderLineClosed(order=order, reason=why, reopened=reopened, lines=lines),
        words=f"{saying.order_line(seen)} {'reopened' if reopened else 'closed'}",
        undo=OrderLineClosed(order=order, reason=why, reopened=not reopened, lines=lines),
    )
