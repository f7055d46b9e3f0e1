"""An answer in words: what differs from the order is said line by line, the rest is counted.

The order's own quantities count where the order is known; else the answer's copy of them, for show.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from visibility.canonical.documents import AnswerLine, AnswerPart, Line
from visibility.flows import words
from visibility.flows.amounts import ZERO
from visibility.flows.state import LineView

_VERBS = {
    "accepted": "confirmed",
    "backordered": "backordered",
    "held": "holds",
    "rejected": "rejected",
    "deleted": "cancelled",
}
_REFUSED = ("rejected", "deleted")
_MOST_TOLD = 2


def ordered_line(line: Line, ordered: Sequence[LineView]) -> LineView | None:
    """The order's line that a document's line is about, by its item, else by its number."""
    known = [each for each in ordered if each.known]
    same = [each for each in known if _same_item(line, each)] or known
    if len(same) == 1 and _same_item(line, same[0]):
        return same[0]
    number = line.line.strip().lstrip("0")
    numbered = [each for each in same if number and each.line.lstrip("0") == number]
    return numbered[0] if len(numbered) == 1 else None


def called(line: Line, own: LineView | None) -> str:
    """The item as the order calls it, else as the document does."""
    if own is not None and words.item(own.item):
        return words.item(own.item)
    return words.of_item(line.item, line.line)


def tell_lines(lines: Sequence[AnswerLine], ordered: Sequence[LineView]) -> str:
    """ "confirmed 60 of 100 CA of SKU-1042 for 30 Nov and 3 lines as ordered"."""
    if len(lines) == 1 or (len(lines) <= _MOST_TOLD and not ordered):
        return "; ".join(_answer(line, ordered_line(line, ordered)) for line in lines)
    both = [(line, ordered_line(line, ordered)) for line in lines]
    differing = [(line, own) for line, own in both if not _as_ordered(line, own)]
    plain = len(lines) - len(differing)
    if not differing:
        everything = plain >= sum(each.known and not each.cancelled for each in ordered)
        if ordered and everything:
            return f"confirmed {'both' if plain == 2 else f'all {plain}'} lines as ordered"
        return f"confirmed {plain} lines as ordered"
    if len(differing) > _MOST_TOLD:
        return _counted(differing, plain)
    told = "; ".join(_answer(line, own) for line, own in differing)
    if not plain:
        return told
    rest = f"{plain} {'line' if plain == 1 else 'lines'} as ordered"
    simple = len(differing) == 1 and told.startswith("confirmed ") and ", " not in told
    return f"{told} and {rest}" if simple else f"{told}; confirmed {rest}"


def _counted(differing: Sequence[tuple[AnswerLine, LineView | None]], plain: int) -> str:
    refused = sum(all(part.answer in _REFUSED for part in line.parts) for line, _ in differing)
    told = []
    if refused:
        told.append(f"rejected {refused} {'line' if refused == 1 else 'lines'}")
    if len(differing) > refused:
        told.append(f"answered {len(differing) - refused} otherwise than ordered")
    if plain:
        told.append(f"confirmed {plain} as ordered")
    return ", ".join(told)


def _same_item(line: Line, own: LineView) -> bool:
    pairs = (
        (line.item.buyer, own.item.buyer),
        (line.item.vendor, own.item.vendor),
        (line.item.gtin, own.item.gtin),
    )
    return any(a and a == b for a, b in pairs)


def _size(line: AnswerLine, own: LineView | None) -> tuple[Decimal | None, str]:
    """How much was ordered, and its unit.

    As first ordered, where it was changed since and the answer says that it read no more than that.
    """
    if own is not None and own.ordered is not None:
        first = own.original_ordered
        if first is not None and line.quantity == first and line.unit in ("", own.unit):
            return first, own.unit
        return own.ordered, own.unit
    return line.quantity, line.unit


def _as_ordered(line: AnswerLine, own: LineView | None) -> bool:
    """All of it, at the price and by the day asked for."""
    size, unit = _size(line, own)
    if any(part.answer != "accepted" or part.rest or part.substitute or part.soft for part in line.parts):
        return False
    if any((part.unit or line.unit) != unit for part in line.parts if part.quantity is not None):
        return False
    told = [part.quantity for part in line.parts]
    known = [quantity for quantity in told if quantity is not None]
    if len(known) == len(told) and size is not None and sum(known, ZERO) != size:
        return False
    return _price_changed(line, own) is None and not _late(line.parts, own)


def _price_changed(line: AnswerLine, own: LineView | None) -> Decimal | None:
    """The answer's price where it is not the order's and both are of the same unit."""
    if own is None or own.unit_price is None or line.price is None or line.price_per != 1:
        return None
    if (line.price_unit or line.unit) != own.unit or line.price == own.unit_price:
        return None
    return line.price


def _late(parts: Sequence[AnswerPart], own: LineView | None) -> bool:
    """Whether a promised day is after all days asked for on the same basis."""
    asked: dict[str, dt.date] = {}
    for each in own.requests if own is not None else ():
        if each.date is not None:
            asked[each.basis] = max(each.date, asked.get(each.basis, each.date))
    return any(part.date is not None and part.date > asked.get(part.basis, part.date) for part in parts)


def _answer(line: AnswerLine, own: LineView | None) -> str:
    """ "confirmed 60 of 100 CA of SKU-1042 for 30 Nov, backordered 40 for 4 Dec"."""
    told: list[str] = []
    sums: dict[tuple[str, dt.date | None], Decimal | None] = {}
    for part in line.parts:
        key = (part.answer, part.date)
        known = sums.get(key, ZERO)
        sums[key] = None if known is None or part.quantity is None else known + part.quantity
    units = {part.unit for part in line.parts if part.unit}
    unit = units.pop() if len(units) == 1 else line.unit
    what = called(line, own)
    for position, ((answer, day), quantity) in enumerate(sums.items()):
        when = f" for {words.day(day)}" if day else ""
        if quantity is None:
            size = "" if position else what
        elif position:
            size = words.plain(quantity)
        else:
            size = _of_ordered(answer, quantity, unit, _size(line, own), what)
        told.append(f"{_VERBS[answer]} {size}".rstrip() + when)
    told += [f"{part.rest and _VERBS[part.rest]} the rest" for part in line.parts if part.rest]
    told += [f"as {words.item(part.substitute)}" for part in line.parts if part.substitute]
    price = _price_changed(line, own)
    if price is not None and own is not None:
        before = words.money(own.unit_price or ZERO, own.currency)
        told.append(f"at {words.money(price, own.currency)} instead of {before}")
    return ", ".join(told)


def _of_ordered(
    answer: str, quantity: Decimal, unit: str, ordered: tuple[Decimal | None, str], what: str
) -> str:
    size, size_unit = ordered
    if size is None or unit != size_unit:
        return f"{words.quantity(quantity, unit)} of {what}"
    if size != quantity:
        return f"{words.plain(quantity)} of {words.quantity(size, unit)} of {what}"
    return f"{'all ' if answer in _REFUSED else ''}{words.quantity(quantity, unit)} of {what}"
