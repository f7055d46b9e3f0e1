"""What came in against what was announced and ordered."""

from collections.abc import Iterator
from decimal import Decimal

from visibility.flows import words
from visibility.flows.state import LineView
from visibility.triage.findings import Finding
from visibility.triage.rules.seen import Seen, amount, weigh, what, worth

ZERO = Decimal(0)


def received_short(seen: Seen) -> Iterator[Finding]:
    """Less came in than was shipped, once every shipment is received; without ship notices, than is due.

    What another system says it received is not missing: that the two do not agree is a matter of its own
    (mirror_differs, primary_late). Evidence: announced (or confirmed, or ordered) and received. Closes by a
    further receipt, a corrected ship notice or receipt; where no ship notice was there, also by an order
    change or a short-close.
    """
    for line in seen.view.lines:
        expected, base = _announced(seen, line)
        if line.received is None or expected is None or not line.receipts:
            continue
        gap = expected - line.received
        if gap <= 0:
            continue
        missing = expected - max(line.received, _seen_elsewhere(line))
        if missing <= 0 or seen.tolerance(line).allows_under(missing, expected):
            continue
        yield _finding(seen, line, gap=-gap, expected=expected, base=base)


def received_over(seen: Seen) -> Iterator[Finding]:
    """More came in, over all receipts, than is ordered or was shipped.

    Closes by a corrected receipt, a further ship notice or an order change.
    """
    for line in seen.view.lines:
        if line.received is None:
            continue
        candidates: list[tuple[Decimal, str]] = []
        if line.shipments and line.shipped is not None:
            candidates.append((line.shipped, "shipped"))
        if seen.view.placed and line.known and line.ordered is not None:
            candidates.append((ZERO if line.cancelled else line.ordered, "ordered"))
        over = [
            (line.received - expected, expected, base)
            for expected, base in candidates
            if line.received > expected
            and not seen.tolerance(line).allows_over(line.received - expected, expected)
        ]
        if over:
            gap, expected, base = max(over)
            yield _finding(seen, line, gap=gap, expected=expected, base=base)


def received_damaged(seen: Seen) -> Iterator[Finding]:
    """Part of what came in is not fit for stock.

    Closes by a corrected receipt.
    """
    for line in seen.view.lines:
        if not line.damaged or line.damaged <= 0:
            continue
        money = worth(line, line.damaged)
        yield Finding(
            kind="received_damaged",
            line=line.line,
            severity=weigh(gap=line.damaged, expected=line.received, money=money),
            summary=f"{words.sentence(seen.place)} received {amount(line, line.received)} of {what(line)}, "
            f"{words.plain(line.damaged)} of them damaged",
            gap=-line.damaged,
            had=None if line.received is None else line.received - line.damaged,
            expected=line.received,
            unit=line.unit,
            money=money,
            next_action=f"Claim {words.plain(line.damaged)} from {seen.supplier}",
            evidence=(("Fit for stock", amount(line, line.received), amount(line, _good(line))),),
        )


def received_wrong_item(seen: Seen) -> Iterator[Finding]:
    """An item came in that the order does not have, and that no ship notice announced.

    What was announced and is not on the order is the ship notice's fault (unknown_line). Evidence: what is
    ordered under that line number, if anything, and what came. Closes when the order gets the item, or the
    receipt is corrected or taken back.
    """
    if not seen.view.placed or seen.view.by_line:
        return
    for line in seen.view.lines:
        if not is_wrong_item(line):
            continue
        number = line.line.split("/", maxsplit=1)[0]
        instead = next((each for each in seen.ordered if each.line == number), None)
        order = f"order {seen.view.number}" if seen.view.number else "the order"
        there = f"; line {number} is of {what(instead)}" if instead is not None else ""
        size = words.plain(line.received or ZERO)
        yield Finding(
            kind="received_wrong_item",
            line=line.line,
            summary=f"{words.sentence(seen.place)} received {amount(line, line.received)} of {what(line)}, "
            f"which {order} does not have{there}",
            had=line.received,
            expected=ZERO,
            gap=line.received,
            unit=line.unit,
            next_action=f"Send {size} back, or book them to their own order",
            evidence=(
                ("Item", what(instead) if instead is not None else "none", what(line)),
                ("Received", "none", amount(line, line.received)),
            ),
        )


def is_wrong_item(line: LineView) -> bool:
    """Whether a receipt alone brought a line that the order does not have."""
    return not line.known and bool(line.receipts) and not line.shipments and (line.received or ZERO) > 0


def _announced(seen: Seen, line: LineView) -> tuple[Decimal | None, str]:
    """How much should have come by now, and who said so."""
    if line.shipments:
        return (line.shipped, "shipped") if line.receipts >= line.shipments else (None, "")
    if not seen.view.placed or not line.known or line.cancelled or line.closed:
        return None, ""
    if line.confirmed is not None and (line.ordered is None or line.confirmed < line.ordered):
        return line.confirmed, "confirmed"
    return line.ordered, "ordered"


def _seen_elsewhere(line: LineView) -> Decimal:
    """The most that a system whose word does not count says it received."""
    told = (
        each.quantity
        for each in line.mirrors
        if each.fact == "receipt" and each.quantity and each.role != "echo"
    )
    return max(told, default=ZERO)


def _good(line: LineView) -> Decimal | None:
    return None if line.received is None else line.received - (line.damaged or ZERO)


def _finding(seen: Seen, line: LineView, *, gap: Decimal, expected: Decimal, base: str) -> Finding:
    money = worth(line, gap)
    received = line.received or ZERO
    short = gap < 0
    size = words.plain(abs(gap))
    told = f"{words.plain(received)} of the {amount(line, expected)} of {what(line)} {base}"
    told += f"; {size} {'short' if short else 'over'}"
    if not expected:
        told = f"{amount(line, received)} of {what(line)}, though the line is cancelled"
    return Finding(
        kind="received_short" if short else "received_over",
        line=line.line,
        severity=weigh(gap=gap, expected=expected or received, money=money),
        summary=f"{words.sentence(seen.place)} received {told}",
        gap=gap,
        had=received,
        expected=expected,
        unit=line.unit,
        money=money,
        next_action=f"Claim {size} from {seen.supplier}, or wait for the rest"
        if short
        else f"Keep {size}, or send them back",
        evidence=((words.sentence(base), amount(line, expected), amount(line, received)),),
    )
