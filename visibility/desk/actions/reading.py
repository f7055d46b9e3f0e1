"""What actions read from a case: its line, what is left of it, and what was filled in. Pure.

Raises InputError with the field's name in `where` for what does not fit.
"""

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from visibility.canonical.documents import Basis, OrderRef
from visibility.core.errors import InputError
from visibility.desk.actions import saying
from visibility.desk.actions.base import CaseSeen
from visibility.flows import words
from visibility.flows.state import FlowView, LineView

ZERO = Decimal(0)
_CLOSE_OF_DAY = dt.time(17)
_SATURDAY = 5
_BASES: tuple[Basis, ...] = ("dock", "ship", "available")


def known_line(seen: CaseSeen) -> LineView | None:
    """The line of the placed order that the case stands on; None where its item or unit is not known."""
    line, view = seen.line, seen.view
    if line is None or view is None or seen.order is None or not view.placed or not line.known:
        return None
    return line if line.unit and words.item(line.item) and not line.unconvertible else None


def need_line(seen: CaseSeen) -> LineView:
    """The same. InputError where there is none."""
    line = known_line(seen)
    if line is None:
        raise InputError("no_line", "The order, the item or the unit of this line is not known yet.")
    return line


def need_order(seen: CaseSeen) -> tuple[OrderRef, FlowView]:
    """The order the case stands on. InputError where it stands on none."""
    if seen.order is None or seen.view is None:
        raise InputError("no_order", "This stands on no order.")
    return seen.order, seen.view


def about_order(seen: CaseSeen, reason: str = "") -> dict[str, Any]:
    """What every command says (commands.Ask)."""
    return {"order": seen.order, "supplier": seen.supplier, "place": seen.place, "reason": reason}


def about_line(seen: CaseSeen, line: LineView, reason: str = "") -> dict[str, Any]:
    """What every command about a line says (commands.LineAsk)."""
    units = seen.view.units if seen.view else "x12"
    mine = {"line": line.line, "item": line.item, "unit": line.unit, "units": units}
    return about_order(seen, reason) | mine


def short_by(line: LineView) -> Decimal:
    """How many of what is ordered are not confirmed; 0 where it is not short or nobody has said."""
    if line.ordered is None or line.confirmed is None:
        return ZERO
    known = line.ordered if line.answered_against is None else line.answered_against
    return max(min(line.ordered, known) - line.confirmed, ZERO)


def undelivered(line: LineView) -> Decimal | None:
    """How many are ordered and neither came nor are on their way; None where nobody said how many."""
    if line.ordered is None:
        return None
    return max(line.ordered - max(line.shipped or ZERO, line.received or ZERO), ZERO)


def asked_day(line: LineView) -> dt.date | None:
    """The last day asked for."""
    return max((each.date for each in line.requests if each.date), default=None)


def promised_day(line: LineView) -> dt.date | None:
    """The last day promised for what is accepted."""
    days = [each.date for each in line.promises if each.date and each not in line.backorders]
    return max(days, default=None)


def moved(line: LineView) -> tuple[dt.date, dt.date, Basis] | None:
    """(asked for, promised, of what) where the two differ. A ship date is compared with no dock date."""
    for basis in _BASES:
        asked = max((each.date for each in line.requests if each.date and each.basis == basis), default=None)
        promised = max(
            (each.date for each in line.promises if each.date and each.basis == basis), default=None
        )
        if asked and promised and asked != promised:
            return asked, promised, basis
    return None


def backorder_day(line: LineView) -> dt.date | None:
    """The last day named for what is backordered."""
    return max((each.date for each in line.backorders if each.date), default=None)


def supply_day(line: LineView) -> dt.date | None:
    """When the line is counted on: as promised, else as asked for."""
    return promised_day(line) or asked_day(line)


def worth(line: LineView, quantity: Decimal | None) -> Decimal | None:
    """What so many of a line cost; None where the price is not known."""
    if quantity is None or line.unit_price is None:
        return None
    return abs(quantity) * line.unit_price


def some(
    values: dict[str, Any],
    field: str,
    otherwise: Decimal | None,
    *,
    most: Decimal | None = None,
    unit: str = "",
) -> Decimal:
    """A quantity as filled in, else `otherwise`. InputError for none, none above 0, or more than `most`."""
    value = values.get(field)
    value = otherwise if value is None else value
    if value is None:
        raise InputError("missing", "Say how many.", field)
    if value <= 0:
        raise InputError("not_positive", "Say a number above 0.", field)
    if most is not None and value > most:
        raise InputError("too_many", f"At most {words.quantity(most, unit)}.", field)
    return Decimal(value)


def reason(values: dict[str, Any]) -> str:
    return str(values.get("reason") or "").strip()


def need_reason(values: dict[str, Any]) -> str:
    """Why. InputError where nobody said."""
    said = reason(values)
    if not said:
        raise InputError("no_reason", "Say why; the next person will want to know.", "reason")
    return said


def future_day(values: dict[str, Any], field: str, seen: CaseSeen, otherwise: dt.date | None) -> dt.date:
    """A day as filled in, else `otherwise`. InputError for none, or for one that is past."""
    date: dt.date | None = values.get(field) or otherwise
    if date is None:
        raise InputError("missing", "Say which day.", field)
    if date < today(seen):
        raise InputError("past", f"{saying.day(date, seen)} is past.", field)
    return date


def today(seen: CaseSeen) -> dt.date:
    """Today where the goods are received."""
    return seen.as_of.astimezone(ZoneInfo(seen.zone)).date()


def next_day(seen: CaseSeen) -> dt.date:
    """The next day from Monday to Friday."""
    day = today(seen) + dt.timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day += dt.timedelta(days=1)
    return day


def answer_time(values: dict[str, Any], seen: CaseSeen) -> dt.datetime:
    """By when an answer is asked for: 17:00 at the receiving place, on the day filled in or the next one."""
    day = future_day(values, "answer_by", seen, next_day(seen))
    return dt.datetime.combine(day, _CLOSE_OF_DAY, ZoneInfo(seen.zone)).astimezone(dt.UTC)


def by_when(moment: dt.datetime, seen: CaseSeen) -> str:
    """ "Tue 24 Nov 17:00", where the goods are received."""
    there = moment.astimezone(ZoneInfo(seen.zone))
    return f"{saying.day(there.date(), seen)} {there:%H:%M}"
