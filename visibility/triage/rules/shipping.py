"""Shipments against the order, and where the carrier sees them."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from visibility.flows import words
from visibility.flows.moments import moment
from visibility.flows.state import LineView
from visibility.triage.findings import Finding
from visibility.triage.rules.seen import Seen, amount, weigh, what, worth

ZERO = Decimal(0)


def shipped_short(seen: Seen) -> Iterator[Finding]:
    """The ship notices name less of a line than was promised for the days they cover.

    Compared with what is confirmed; of a line nobody answered, with what is ordered. Where the promise has
    several days, the parts up to the one that the shipment reaches count, so that a first part in full is not
    short. Evidence: both quantities, with the ship notices. Closes by a further notice, a later answer, an
    order change, a short-close, or a receipt of it all.
    """
    for line in seen.ordered:
        if line.closed or not line.shipment_numbers or line.shipped is None:
            continue  # a balance at a cut-over tells how much has left so far, and names no notice
        expected, base = promised_by_then(line)
        if expected is None or line.shipped >= expected or (line.received or ZERO) >= expected:
            continue
        gap = expected - line.shipped
        if seen.tolerance(line).allows_under(gap, expected):
            continue
        money = worth(line, gap)
        yield Finding(
            kind="shipped_short",
            line=line.line,
            severity=weigh(gap=gap, expected=expected, money=money),
            summary=f"{seen.Supplier} shipped {words.plain(line.shipped)} of the {amount(line, expected)} of "
            f"{what(line)} {base}{_notices(line)}; {words.plain(gap)} short",
            gap=-gap,
            had=line.shipped,
            expected=expected,
            unit=line.unit,
            money=money,
            next_action=f"Ask {seen.supplier} for the other {words.plain(gap)}, or close them",
            evidence=((words.sentence(base), amount(line, expected), amount(line, line.shipped)),),
        )


def shipped_closed(seen: Seen) -> Iterator[Finding]:
    """Something was shipped on a line that is cancelled, or that had been closed before.

    Evidence: what was shipped since, with the ship notices. Closes when the line is reopened or wanted again,
    or the ship notice is taken back; of a cancelled line also by the receipt, which is compared from then on.
    """
    if not seen.view.placed:
        return
    for line in seen.view.lines:
        if not line.known:
            continue
        size = line.shipped_closed
        if line.cancelled:
            size = None if line.receipts else line.shipped
        if size is None or size <= 0:
            continue
        money = worth(line, size)
        state = "cancelled" if line.cancelled else "closed"
        yield Finding(
            kind="shipped_closed",
            line=line.line,
            severity=weigh(gap=size, expected=size, money=money),
            summary=f"{seen.Supplier} shipped {amount(line, size)} of {what(line)}{_notices(line)}, "
            f"though the line is {state}",
            gap=size,
            had=size,
            expected=ZERO,
            unit=line.unit,
            money=money,
            next_action=f"Take {words.plain(size)} after all, or refuse them at {seen.place}",
            evidence=(("Shipped", f"line {state}", amount(line, size)),),
        )


def shipment_delayed(seen: Seen) -> Iterator[Finding]:
    """The carrier expects goods later than the day promised (or asked for) at the dock.

    One for the order, of its latest line. A day that goods are to leave is not compared with an arrival.
    Evidence: both days of each line. Closes by an earlier estimate, a later promise, or when they arrive.
    """
    late = [found for line in seen.ordered if (found := _delay(seen, line)) is not None]
    if not late:
        return
    days, worst, expected, due = max(late, key=lambda found: found[0])
    values = [worth(line, line.shipped or line.confirmed) for _, line, _, _ in late]
    money = sum((each for each in values if each is not None), ZERO) or None
    those = f"{amount(worst, worst.shipped)} of {what(worst)}" if worst.shipped is not None else what(worst)
    if len(late) > 1:
        those = f"{words.number(len(late))} lines"
    yield Finding(
        kind="shipment_delayed",
        severity="high" if days > 7 else weigh(gap=None, expected=None, money=money),
        summary=f"{words.sentence(those)} {'are' if len(late) > 1 else 'is'} expected on "
        f"{seen.day(expected)}, {days} d after the {seen.day(due)} promised",
        money=money,
        due_at=min(at for _, line, _, _ in late if (at := _arrived(line)[1]) is not None),
        next_action=f"Tell who waits for it, or ask {seen.supplier} to expedite",
        evidence=tuple((what(line), seen.day(due), seen.day(day)) for _, line, day, due in late[:20]),
    )


def shipped_over(seen: Seen) -> Iterator[Finding]:
    """More is on its way than is ordered.

    Evidence: ordered and shipped, with the ship notices. Closes by an order change, a corrected ship
    notice, or the receipt: from then on what came in is compared.
    """
    if not seen.view.placed:
        return
    for line in seen.view.lines:
        if not line.known or line.cancelled or line.shipped is None or line.receipts:
            continue
        expected = line.ordered
        if expected is None:
            continue
        over = line.shipped - expected
        if over <= 0 or seen.tolerance(line).allows_over(over, expected):
            continue
        money = worth(line, over)
        yield Finding(
            kind="shipped_over",
            line=line.line,
            severity=weigh(gap=over, expected=expected or line.shipped, money=money),
            summary=f"{seen.Supplier} shipped {amount(line, line.shipped)} of {what(line)}{_notices(line)}, "
            f"{words.plain(over)} more than ordered",
            gap=over,
            had=line.shipped,
            expected=expected,
            unit=line.unit,
            money=money,
            next_action=f"Take {words.plain(over)} more, or refuse them at {seen.place}",
            evidence=(("Shipped", amount(line, expected), amount(line, line.shipped)),),
        )


def _notices(line: LineView) -> str:
    return f" on ASN {', '.join(line.shipment_numbers)}" if line.shipment_numbers else ""


def promised_by_then(line: LineView) -> tuple[Decimal | None, str]:
    """How much the notices so far should name, and by what measure."""
    if not line.answered:
        return line.ordered, "ordered"
    if not line.confirmed or line.shipped is None:
        return None, ""
    if line.ordered is not None and line.ordered < line.confirmed:
        return line.ordered, "ordered"
    reach = ZERO
    for each in line.promises:
        if each.quantity is None:
            break
        if each in line.backorders:
            continue
        reach += each.quantity
        if reach >= line.shipped:
            return min(reach, line.confirmed), "confirmed"
    return line.confirmed, "confirmed"


def _arrived(line: LineView) -> tuple[dt.datetime | None, dt.datetime | None]:
    """(expected, due) at the dock, while the line is not there."""
    for step in line.milestones:
        if step.name == "arrived" and step.applicable and not step.done:
            return step.estimated_at, step.due_at
    return None, None


def _delay(seen: Seen, line: LineView) -> tuple[int, LineView, dt.date, dt.date] | None:
    """Days late, the line, the day expected and the day due; None where it is in time or nobody can say."""
    estimated, due = _arrived(line)
    if estimated is None or due is None or estimated <= due:
        return None
    told = moment(estimated)
    expected = told.at.date() if told.date_only and told.at else seen.local(estimated).date()
    wanted = seen.local(due).date()
    days = (expected - wanted).days
    if days <= 0 or seen.tolerance(line).allows_days(days):
        return None
    return days, line, expected, wanted
