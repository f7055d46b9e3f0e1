"""Lines of one document against lines of another by the same hand: what is left after taking some back."""

from decimal import Decimal
from typing import TypeVar

import msgspec

from visibility.canonical.documents import InvoiceLine, Line, OrderRef, ReceiptLine
from visibility.flows.amounts import ZERO
from visibility.flows.matching import bare, concerns

L = TypeVar("L", bound=Line)


def is_same(line: Line, other: Line, order: OrderRef | None) -> bool:
    """Whether both lines are about the same line of the same order (and the same lot, where both say)."""
    if not concerns(own=line.order or order, named=other.order or order):
        return False
    lots = [getattr(each, "lot", "") for each in (line, other)]
    if all(lots) and lots[0] != lots[1]:
        return False
    pairs = (
        (line.item.buyer, other.item.buyer),
        (line.item.vendor, other.item.vendor),
        (line.item.gtin, other.item.gtin),
    )
    named = [a == b for a, b in pairs if a and b]
    if line.line.strip() and other.line.strip():
        return bare(line.line) == bare(other.line) and (not named or named[0])
    return bool(named) and named[0]


def subtract(
    lines: tuple[ReceiptLine, ...], taken: tuple[ReceiptLine, ...], order: OrderRef | None
) -> tuple[ReceiptLine, ...]:
    """What is left of `lines`. More than there was is not taken; another unit is left to be converted."""
    left: list[ReceiptLine] = list(lines)
    extra: list[ReceiptLine] = []
    for line in taken:
        rest = None if line.quantity is None else abs(line.quantity)
        for index, own in enumerate(left):
            if rest == 0 or own.quantity is None or own.quantity <= 0 or not is_same(own, line, order):
                continue
            if rest is not None and line.unit and own.unit and line.unit != own.unit:
                extra.append(msgspec.structs.replace(own, quantity=-rest, unit=line.unit, damaged=None))
                rest = ZERO
                continue
            part = own.quantity if rest is None else min(rest, own.quantity)
            left[index] = _less(own, part, line.damaged)
            rest = None if rest is None else rest - part
    kept = [own for own, before in zip(left, lines, strict=True) if own is before or own.quantity]
    return (*kept, *extra)


def unsigned(lines: tuple[ReceiptLine, ...]) -> tuple[ReceiptLine, ...]:
    """The lines of a reversal, which may write its quantities with or without the sign."""
    if all(line.quantity is None or line.quantity >= 0 for line in lines):
        return lines
    return tuple(
        msgspec.structs.replace(line, quantity=None if line.quantity is None else abs(line.quantity))
        for line in lines
    )


def _less(own: ReceiptLine, part: Decimal, damaged: Decimal | None) -> ReceiptLine:
    quantity = (own.quantity or ZERO) - part
    bad = own.damaged
    if bad is not None:
        bad = min(max(bad - abs(damaged or ZERO), ZERO), quantity)
    return msgspec.structs.replace(own, quantity=quantity, damaged=bad)


def priced(line: InvoiceLine, billed: tuple[InvoiceLine, ...], order: OrderRef | None) -> InvoiceLine:
    """A credited line with the price it was billed at, where it tells none itself."""
    if line.price is not None:
        return line
    own = next((each for each in billed if each.price is not None and is_same(each, line, order)), None)
    if own is None:
        return line
    return msgspec.structs.replace(
        line, price=own.price, price_per=own.price_per, price_unit=own.price_unit or own.unit
    )


def cheapen(
    billed: tuple[InvoiceLine, ...], line: InvoiceLine, order: OrderRef | None
) -> tuple[InvoiceLine, ...] | None:
    """The billed lines with so many of them at a price lower by `line`'s; None where that cannot be told."""
    for index, own in enumerate(billed):
        terms = (own.price_per, own.price_unit or own.unit, own.unit)
        if (
            own.price is None
            or line.price is None
            or not own.quantity
            or not is_same(own, line, order)
            or terms != (line.price_per, line.price_unit or line.unit or own.unit, line.unit or own.unit)
        ):
            continue
        part = own.quantity if line.quantity is None else min(abs(line.quantity), own.quantity)
        lower = msgspec.structs.replace(own, quantity=part, price=own.price - abs(line.price))
        rest = own.quantity - part
        same = (msgspec.structs.replace(own, quantity=rest),) if rest else ()
        return (*billed[:index], lower, *same, *billed[index + 1 :])
    return None
