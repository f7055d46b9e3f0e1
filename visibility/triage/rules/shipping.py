"""Shipments against the order."""

from collections.abc import Iterator
from decimal import Decimal

from visibility.flows import words
from visibility.triage.findings import Finding
from visibility.triage.rules.seen import Seen, amount, weigh, what, worth


def shipped_over(seen: Seen) -> Iterator[Finding]:
    """More is on its way than is ordered; of a cancelled line, anything at all.

    Evidence: ordered and shipped, with the ship notices. Closes by an order change, a corrected ship
    notice, or the receipt: from then on what came in is compared.
    """
    if not seen.view.placed:
        return
    for line in seen.view.lines:
        if not line.known or line.shipped is None or line.receipts:
            continue
        expected = Decimal(0) if line.cancelled else line.ordered
        if expected is None:
            continue
        over = line.shipped - expected
        if over <= 0 or seen.tolerance(line).allows_over(over, expected):
            continue
        money = worth(line, over)
        on = f" on ASN {', '.join(line.shipment_numbers)}" if line.shipment_numbers else ""
        base = "though the line is cancelled" if line.cancelled else f"{words.plain(over)} more than ordered"
        yield Finding(
            kind="shipped_over",
            line=line.line,
            severity=weigh(gap=over, expected=expected or line.shipped, money=money),
            summary=f"{seen.Supplier} shipped {amount(line, line.shipped)} of {what(line)}{on}, {base}",
            gap=over,
            had=line.shipped,
            expected=expected,
            unit=line.unit,
            money=money,
            next_action=f"Take {words.plain(over)} more, or refuse them at {seen.place}",
            evidence=(("Shipped", amount(line, expected), amount(line, line.shipped)),),
        )
