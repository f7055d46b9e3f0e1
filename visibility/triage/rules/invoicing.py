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
    """More is billed, after credits, than came in; before that, than was shipped; before that, than ordered.

    Closes by a further receipt or shipment, or a credit note.
    """
    for line in seen.view.lines:
        expected, base = _billable(seen, line)
        if line.invoiced is None or expected is None:
            continue
        over = line.invoiced - expected
        if over <= 0 or seen.tolerance(line).allows_over(over, expected):
            continue
        price = line.invoiced_price if line.invoiced_price is not None else line.unit_price
        money = None if price is None else over * price
        at_stake = f" ({seen.money(money)})" if money is not None else ""
        yield Finding(
            kind="invoice_quantity",
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


def _billable(seen: Seen, line: LineView) -> tuple[Decimal | None, str]:
    """How much may be billed, and by what measure. Goods still on the road are no reason to object."""
    on_the_road = line.receipts < line.shipments and (line.shipped or ZERO) > (line.received or ZERO)
    if line.receipts and line.received is not None and not on_the_road:
        return line.received, "received"
    if line.shipments and line.shipped is not None:
        return line.shipped, "shipped"
    if not seen.view.placed or not line.known:
        return None, ""
    if line.cancelled:
        return ZERO, "on order"
    if line.confirmed is not None:
        return line.confirmed, "confirmed"
    return line.ordered, "ordered"
