"""Answers against the order: short, over, rejected, missing, another item, another price."""

from collections.abc import Iterator
from decimal import Decimal

from visibility.flows import words
from visibility.flows.state import LineView
from visibility.triage.findings import Finding
from visibility.triage.rules.dates import BASIS_WORDS
from visibility.triage.rules.seen import Seen, amount, weigh, what, worth

ZERO = Decimal(0)
_REFUSED = ("rejected", "deleted")
_SAYS_NO_MORE = ("rejected", "deleted", "on hold")


def confirmed_short(seen: Seen) -> Iterator[Finding]:
    """The supplier accepted less than is ordered, whatever happens to the rest.

    Evidence: the ordered quantity beside what is confirmed, backordered, held and rejected.
    Closes by a later answer, an order change or a short-close; not by what is shipped.
    """
    for line in seen.ordered:
        if not line.answered or line.closed or line.ordered is None or line.confirmed is None:
            continue
        # What the answer cannot have known is for the answer to the change.
        gap = min(line.ordered, _known(line)) - line.confirmed
        if gap <= 0 or _refused(line) or seen.tolerance(line).allows_under(gap, line.ordered):
            continue
        money = worth(line, gap)
        yield Finding(
            kind="confirmed_short",
            line=line.line,
            severity=weigh(gap=gap, expected=line.ordered, money=money),
            summary=f"{seen.Supplier} confirmed {_so_many_of(line, line.confirmed)}; "
            f"{_rest(seen, line, gap)}",
            gap=-gap,
            had=line.confirmed,
            expected=line.ordered,
            unit=line.unit,
            money=money,
            next_action=_short_action(seen, line, gap),
            evidence=_answer_evidence(seen, line),
        )


def line_rejected(seen: Seen) -> Iterator[Finding]:
    """The supplier accepted nothing of a line and rejected or cancelled it.

    Evidence: the ordered and the rejected quantity, with the supplier's reason.
    Closes by a later answer that accepts, or when the line is cancelled, changed away or closed.
    """
    for line in seen.ordered:
        if not _refused(line) or line.closed:
            continue
        refused = (line.rejected or ZERO) + (line.deleted or ZERO)
        verb = "rejected" if "rejected" in line.answer_classes else "cancelled"
        told = f"{_so_many_of(line, refused)}" if refused else what(line)
        if refused and line.ordered is not None and refused >= line.ordered:
            told = f"all {amount(line, line.ordered)} of {what(line)}"
        elif not refused and line.ordered is not None:
            told += f", {amount(line, line.ordered)} ordered"
        reason = f" ({_reason(line)})" if _reason(line) else ""
        gap = refused or line.ordered
        money = worth(line, gap)
        yield Finding(
            kind="line_rejected",
            line=line.line,
            severity=weigh(gap=gap, expected=line.ordered, money=money),
            summary=f"{seen.Supplier} {verb} {told}{reason}",
            gap=None if gap is None else -gap,
            had=ZERO,
            expected=line.ordered,
            unit=line.unit,
            money=money,
            next_action=f"Re-source {amount(line, gap)}" if gap is not None else "Re-source the line",
            evidence=_answer_evidence(seen, line),
        )


def line_unanswered(seen: Seen) -> Iterator[Finding]:
    """The order is answered line by line, and this line is not.

    Closes by an answer that names the line, or when the line is cancelled or closed. Where of some answer
    only that it came is known, nobody can say which lines it left out.
    """
    if not seen.view.answered or seen.view.answers_untold:
        return
    for line in seen.ordered:
        if line.answered or line.closed or line.change_unanswered:
            continue
        money = worth(line, line.ordered)
        yield Finding(
            kind="line_unanswered",
            line=line.line,
            severity=weigh(gap=None, expected=None, money=money),
            summary=f"{seen.Supplier} answered the order, but not "
            f"{amount(line, line.ordered)} of {what(line)}",
            expected=line.ordered,
            unit=line.unit,
            money=money,
            next_action=f"Ask {seen.supplier} to answer line {line.line}",
            evidence=(("Answer", amount(line, line.ordered), "none"),),
        )


def confirmed_over(seen: Seen) -> Iterator[Finding]:
    """The supplier accepted more than is ordered.

    Closes by a later answer or an order change.
    """
    for line in seen.ordered:
        if line.ordered is None or line.confirmed is None:
            continue
        over = line.confirmed - max(line.ordered, _known(line))
        if over <= 0 or seen.tolerance(line).allows_over(over, line.ordered):
            continue
        money = worth(line, over)
        yield Finding(
            kind="confirmed_over",
            line=line.line,
            severity=weigh(gap=over, expected=line.ordered, money=money),
            summary=f"{seen.Supplier} confirmed {amount(line, line.confirmed)} of {what(line)}, "
            f"{words.plain(over)} more than the {words.plain(line.ordered)} ordered",
            gap=over,
            had=line.confirmed,
            expected=line.ordered,
            unit=line.unit,
            money=money,
            next_action=f"Hold {seen.supplier} to {words.plain(line.ordered)}, "
            f"or order {words.plain(over)} more",
            evidence=_answer_evidence(seen, line),
        )


def item_substituted(seen: Seen) -> Iterator[Finding]:
    """The supplier accepted another item than the one ordered.

    Closes by a later answer without the substitute, or when the line is cancelled or closed.
    """
    for line in seen.ordered:
        if line.substitute is None or line.closed:
            continue
        other = words.of_item(line.substitute, line.line)
        money = worth(line, line.confirmed)
        yield Finding(
            kind="item_substituted",
            line=line.line,
            severity=weigh(gap=None, expected=None, money=money),
            summary=f"{seen.Supplier} confirmed {amount(line, line.confirmed)} of {other} "
            f"instead of {what(line)}",
            had=line.confirmed,
            expected=line.ordered,
            unit=line.unit,
            money=money,
            next_action=f"Accept {other}, or re-source {what(line)}",
            evidence=(("Item", what(line), other),),
        )


def price_changed(seen: Seen) -> Iterator[Finding]:
    """The answer's price is not the order's.

    Evidence: both prices for one unit of the line. Closes by a later answer or an order change.
    """
    for line in seen.ordered:
        old, new = line.unit_price, line.confirmed_price
        if old is None or new is None or new == old or line.closed:
            continue
        if seen.tolerance(line).allows_price(new - old, old):
            continue
        quantity = line.confirmed if line.confirmed is not None else line.ordered
        money = None if quantity is None else abs(new - old) * quantity
        yield Finding(
            kind="price_changed",
            line=line.line,
            severity=weigh(gap=new - old, expected=old, money=money),
            summary=f"{seen.Supplier} confirmed {what(line)} at {seen.money(new)} per {line.unit or 'unit'}, "
            f"ordered at {seen.money(old)}{percent(new, old)}",
            gap=new - old,
            had=new,
            expected=old,
            unit=seen.view.currency,
            money=money,
            next_action=f"Accept {seen.money(new)}, or hold {seen.supplier} to {seen.money(old)}",
            evidence=(("Price", seen.money(old), seen.money(new)),),
        )


def percent(new: Decimal, old: Decimal) -> str:
    """ " (+4.2 %)"; nothing where there is no base to count from."""
    if not old:
        return ""
    share = ((new - old) * 100 / old).quantize(Decimal("0.1"))
    return f" ({words.signed(share)} %)"


def _refused(line: LineView) -> bool:
    classes = line.answer_classes
    return bool(classes) and all(each in _REFUSED for each in classes)


def _so_many_of(line: LineView, value: Decimal) -> str:
    """ "60 of 100 CA of SKU-1042"."""
    if line.ordered is None:
        return f"{amount(line, value)} of {what(line)}"
    return f"{words.plain(value)} of {amount(line, line.ordered)} of {what(line)}"


def _known(line: LineView) -> Decimal:
    """What the answer can have known to be ordered."""
    known = line.ordered if line.answered_against is None else line.answered_against
    return known or ZERO


def _rest(seen: Seen, line: LineView, gap: Decimal) -> str:
    """What happens to the part that was not accepted: "40 backordered for 4 Dec"."""
    told: list[str] = []
    left = gap
    classes = (
        (line.backordered, f"backordered{_backorder_day(seen, line)}", "backordered"),
        (line.held, "on hold", "held"),
        (line.rejected, "rejected", "rejected"),
        (line.deleted, "cancelled by the supplier", "deleted"),
    )
    unknown = [words_ for value, words_, name in classes if value is None and name in line.answer_classes]
    for value, words_, _ in classes:
        if value:
            told.append(f"{words.plain(value)} {words_}")
            left -= value
    if left > 0:
        told.append(f"{words.plain(left)} {'not accounted for' if unknown else 'open'}")
    told += [f"some {each}" for each in unknown]
    return ", ".join(told) or f"{words.plain(gap)} open"


def _backorder_day(seen: Seen, line: LineView) -> str:
    days = [each.date for each in line.backorders if each.date is not None]
    return f" for {seen.day(max(days))}" if days else ""


def _short_action(seen: Seen, line: LineView, gap: Decimal) -> str:
    """What was refused comes from somewhere else; of what nothing was said, the supplier is asked first."""
    rest = words.plain(gap)
    waits = bool(line.backordered) or "backordered" in line.answer_classes
    if "held" in line.answer_classes:
        return f"Clear the hold on {words.plain(line.held) if line.held else rest}, or re-source"
    gone = {"rejected", "deleted"} & set(line.answer_classes)
    deed = f"wait for {rest} or re-source" if waits else f"re-source {rest}"
    if line.confirmed and not waits and not gone:
        return f"Ask {seen.supplier} for the other {rest}"
    return words.sentence(f"accept {words.plain(line.confirmed or ZERO)}, {deed}" if line.confirmed else deed)


def _answer_evidence(seen: Seen, line: LineView) -> tuple[tuple[str, str, str], ...]:
    rows = [("Confirmed", amount(line, line.ordered), amount(line, line.confirmed))]
    for label, value in (
        ("Backordered", line.backordered),
        ("On hold", line.held),
        ("Rejected", line.rejected),
        ("Cancelled by the supplier", line.deleted),
    ):
        if value:
            rows.append((label, "", amount(line, value)))
    for basis, label in BASIS_WORDS.items():  # a ship date is not compared with a dock date
        asked = [seen.day(each.date) for each in line.requests if each.basis == basis and each.date]
        given = [seen.day(each.date) for each in line.promises if each.basis == basis and each.date]
        if asked or given:
            rows.append((label, ", ".join(asked), ", ".join(given)))
    if line.unit_price is not None and line.confirmed_price is not None:
        rows.append(("Price", seen.money(line.unit_price), seen.money(line.confirmed_price)))
    if _reason(line):
        rows.append(("Reason", "", _reason(line)))
    return tuple(rows)


def _reason(line: LineView) -> str:
    """Why the supplier will not deliver; empty where it only says that it will not."""
    head, _, rest = line.reject_reason.partition(", ")
    return rest if head.lower() in _SAYS_NO_MORE else line.reject_reason
