"""Bills against what came in, was shipped or is ordered."""

from collections.abc import Iterator
from decimal import Decimal

from visibility.flows import words
from visibility.flows.state import LineView
from visibility.triage.findings import Finding
from visibility.triage.rules.answers import percent
from visibility.triage.rules.seen import Seen, amount, weigh, what

ZERO = Decimal(0)


def invoice_quantity(seen: Seen) -> Iterator[Finding]:
    """More is billed, after credits, than came in; before that, than was shipped; before that, confirmed.

    What is compared the agreement says: the order alone (2-way), what came in (3-way, where nothing is said),
    what inspection accepted of it (4-way). What goes beyond the order is over_billed. Evidence: both
    quantities. Closes by a further receipt or shipment, or a credit note.
    """
    twice = _billed_twice(seen)
    for line in seen.view.lines:
        found = _over(seen, line)
        if found is None or line.line in twice or _is_beyond_order(line, found[0]):
            continue
        yield _too_many(seen, line, "invoice_quantity", found)


def over_billed(seen: Seen) -> Iterator[Finding]:
    """More is billed of a line over all invoices, after credits, than is ordered, or than it is worth.

    The worth counts where an order tells that instead of quantities. Evidence: ordered and billed. Closes by
    a credit note, an order change, or the receipt of what was too many.
    """
    twice = _billed_twice(seen)
    for line in seen.view.lines:
        if line.line in twice:
            continue
        found = _over(seen, line)
        if found is not None and _is_beyond_order(line, found[0]):
            yield _too_many(seen, line, "over_billed", found)
            continue
        billed, ordered = line.invoiced_amount, line.worth
        if found is not None or billed is None or ordered is None or billed <= ordered:
            continue
        if line.invoiced is not None and line.ordered is not None:
            continue  # then quantities and prices are compared
        gap = billed - ordered
        if seen.tolerance(line).allows_price(gap, ordered):
            continue
        yield Finding(
            kind="over_billed",
            line=line.line,
            severity=weigh(gap=gap, expected=ordered, money=gap),
            summary=f"{seen.Supplier} billed {seen.money(billed)} for {what(line)}, "
            f"{seen.money(ordered)} ordered; {seen.money(gap)} too much",
            gap=gap,
            had=billed,
            expected=ordered,
            unit=seen.view.currency,
            money=gap,
            next_action=f"Ask {seen.supplier} for a credit of {seen.money(gap)}",
            evidence=(("Ordered", seen.money(ordered), seen.money(billed)),),
        )


def invoice_duplicate(seen: Seen) -> Iterator[Finding]:
    """Two invoices with different numbers bill the same lines alike, and together they bill too much.

    Equal bills for equal parts are no trouble while they cover what came. Evidence: both numbers, and each
    line. Closes when one of them is credited or taken back, or the goods for both have come.
    """
    for twin in seen.view.billed_twice:
        over = [
            (line, found)
            for line in seen.view.lines
            if line.line in twin.lines and (found := _over(seen, line)) is not None
        ]
        if not over:
            continue
        values = [_value(line, found[2]) for line, found in over]
        money = sum((each for each in values if each is not None), ZERO) or None
        at_stake = f"; {seen.money(money)} too much" if money is not None else ""
        yield Finding(
            kind="invoice_duplicate",
            subject=twin.invoice,
            severity=weigh(gap=None, expected=None, money=money),
            summary=f"{seen.Supplier} billed the same on invoices {twin.like} and {twin.invoice}{at_stake}",
            money=money,
            next_action=f"Refuse invoice {twin.invoice}, or ask {seen.supplier} for a credit",
            evidence=(
                ("Invoice", twin.like, twin.invoice),
                *((what(line), amount(line, found[0]), amount(line, line.invoiced)) for line, found in over),
            ),
        )


def invoice_extra_charge(seen: Seen) -> Iterator[Finding]:
    """An invoice bears a charge, after credits, that the order does not: freight, handling. Taxes are none.

    One for the invoice. Evidence: the charge as the invoice names it. Closes by a credit note, or when the
    invoice is replaced or taken back.
    """
    if not seen.view.placed:
        return
    for charge in seen.view.charges:
        named = f" for {charge.words}" if charge.words else ""
        yield Finding(
            kind="invoice_extra_charge",
            subject=charge.invoice,
            severity=weigh(gap=None, expected=None, money=charge.amount),
            summary=f"{seen.Supplier} billed {seen.money(charge.amount)}{named} on invoice {charge.invoice}, "
            "which the order does not have",
            gap=charge.amount,
            had=charge.amount,
            expected=ZERO,
            unit=seen.view.currency,
            money=charge.amount,
            next_action=f"Accept {seen.money(charge.amount)}, or ask {seen.supplier} for a credit",
            evidence=((words.sentence(charge.words or "charge"), "none", seen.money(charge.amount)),),
        )


def invoice_price(seen: Seen) -> Iterator[Finding]:
    """A price billed, and not credited again, is not the order's.

    Evidence: both prices for one unit of the line. Closes by a credit note or an order change.
    """
    if not seen.view.placed:
        return
    for line in seen.view.lines:
        old = line.unit_price
        if old is None or not line.known:
            continue
        wrong = [
            new
            for new in line.billed_prices
            if new != old and not seen.tolerance(line).allows_price(new - old, old)
        ]
        if not wrong:
            continue
        new = max(wrong, key=lambda price: (abs(price - old), price))
        money = None if line.invoiced is None else abs(new - old) * abs(line.invoiced)
        yield Finding(
            kind="invoice_price",
            line=line.line,
            severity=weigh(gap=new - old, expected=old, money=money),
            summary=f"{seen.Supplier} billed {what(line)} at {seen.money(new)} per {line.unit or 'unit'}, "
            f"ordered at {seen.money(old)}{percent(new, old)}",
            gap=new - old,
            had=new,
            expected=old,
            unit=seen.view.currency,
            money=money,
            next_action=f"Pay {seen.money(min(old, new))}, ask {seen.supplier} for a corrected invoice",
            evidence=(("Price", seen.money(old), seen.money(new)),),
        )


def _over(seen: Seen, line: LineView) -> tuple[Decimal, str, Decimal] | None:
    """(how much may be billed, by what measure, how many too many); None where it is all right."""
    expected, base = _billable(seen, line)
    if line.invoiced is None or expected is None:
        return None
    over = line.invoiced - expected
    if over <= 0 or seen.tolerance(line).allows_over(over, expected):
        return None
    return expected, base, over


def _is_beyond_order(line: LineView, billable: Decimal) -> bool:
    """Whether more is billed than is ordered, and not only more than came."""
    if line.ordered is None or line.invoiced is None or not line.known:
        return False
    return line.invoiced > max(ZERO if line.cancelled else line.ordered, billable)


def _billed_twice(seen: Seen) -> set[str]:
    """Lines of which too much is billed because an invoice came twice: that is one case, of the invoice."""
    return {number for twin in seen.view.billed_twice for number in twin.lines}


def _value(line: LineView, size: Decimal) -> Decimal | None:
    price = line.invoiced_price if line.invoiced_price is not None else line.unit_price
    return None if price is None else size * price


def _too_many(seen: Seen, line: LineView, kind: str, found: tuple[Decimal, str, Decimal]) -> Finding:
    expected, base, over = found
    if kind == "over_billed" and line.ordered is not None and not line.cancelled:
        expected, base = max((line.ordered, "ordered"), (expected, base), key=lambda each: each[0])
        over = (line.invoiced or ZERO) - expected
    money = _value(line, over)
    at_stake = f" ({seen.money(money)})" if money is not None else ""
    return Finding(
        kind=kind,
        line=line.line,
        severity=weigh(gap=over, expected=expected or line.invoiced, money=money),
        summary=f"{seen.Supplier} billed {amount(line, line.invoiced)} of {what(line)}, "
        f"{words.plain(expected)} {base}; {words.plain(over)} too many{at_stake}",
        gap=over,
        had=line.invoiced,
        expected=expected,
        unit=line.unit,
        money=money,
        next_action=f"Ask {seen.supplier} for a credit of {amount(line, over)}",
        evidence=((words.sentence(base), amount(line, expected), amount(line, line.invoiced)),),
    )


def _billable(seen: Seen, line: LineView) -> tuple[Decimal | None, str]:
    """How much may be billed, and by what measure. Goods still on the road are no reason to object."""
    match = seen.tolerance(line).match
    if match != "2-way":
        expected, base = _taken_in(line, inspected=match == "4-way")
        if expected is not None:
            return expected, base
        if seen.view.kind == "consignment":
            return None, ""  # it is paid for when it is used: what was shipped says nothing of that
        if line.shipments and line.shipped is not None:
            return line.shipped, "shipped"
    if not seen.view.placed or not line.known:
        return None, ""
    if line.cancelled:
        return ZERO, "on order"
    if line.confirmed is not None:
        return line.confirmed, "confirmed"
    return line.ordered, "ordered"


def _taken_in(line: LineView, *, inspected: bool) -> tuple[Decimal | None, str]:
    """What came in, or of it what was accepted. Work that is accepted comes in no other way."""
    if line.accepted is not None and (inspected or not line.receipts):
        return line.accepted, "accepted"
    on_the_road = line.receipts < line.shipments and (line.shipped or ZERO) > (line.received or ZERO)
    if not line.receipts or line.received is None or on_the_road:
        return None, ""
    if inspected:
        return line.received - (line.damaged or ZERO), "fit for stock"
    return line.received, "received"
