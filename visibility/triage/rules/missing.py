"""What nobody has told though it is time: ship notices, receipts, firm answers, steps that were passed over.

The view says what is awaited and until when (flows.awaited). These rules speak when that time is over; they
are not asked about orders of which nothing is. Orders from before go-live await nothing.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from visibility.flows import words
from visibility.flows.awaited import bases_of, passed_over
from visibility.flows.state import Awaited, AwaitedWhat, LineView, Milestone, MilestoneName
from visibility.triage.findings import Finding
from visibility.triage.rules.seen import Seen, amount, weigh, what, worth
from visibility.triage.rules.shipping import promised_by_then

ZERO = Decimal(0)
_EVIDENCE = 20
_DID: dict[MilestoneName, str] = {"arrived": "arrived", "paid": "was paid"}
_NEVER: dict[MilestoneName, str] = {"shipped": "no ship notice told of it", "invoiced": "no invoice came"}


def soft_accept_expired(seen: Seen) -> Iterator[Finding]:
    """A line was accepted with its price or date pending, and the time for a firm answer has run out.

    Evidence: what was accepted and since when. Closes by a firm answer, by goods shipped or received, or when
    the line is cancelled or closed.
    """
    for line, awaited in _missed(seen, "decision"):
        money = worth(line, line.confirmed)
        yield Finding(
            kind="soft_accept_expired",
            line=line.line,
            severity=weigh(gap=None, expected=None, money=money),
            summary=f"{seen.Supplier} accepted {amount(line, line.confirmed)} of {what(line)} with price or "
            f"date pending; a firm answer was due {_at(seen, awaited.due_at)}",
            had=line.confirmed,
            expected=line.ordered,
            unit=line.unit,
            money=money,
            due_at=awaited.due_at,
            next_action=f"Ask {seen.supplier} for a firm answer to line {line.line}",
            evidence=(
                ("Accepted", _at(seen, awaited.since), amount(line, line.confirmed)),
                ("Firm answer", _at(seen, awaited.due_at), "none"),
            ),
        )


def asn_overdue(seen: Seen) -> Iterator[Finding]:
    """Lines were to leave the supplier, and in the partner's hours no ship notice has told of them.

    One for the order. Only what was answered is waited for: before, the answer is what is missing. Evidence:
    each line with its ship date and what was told to be shipped. Closes by ship notices that cover the lines,
    by the receipt, by a later promise, or when the lines are cancelled or closed.
    """
    missed = [pair for pair in _missed(seen, "notice") if not _is_told_short(seen, pair[0])]
    if not missed:
        return
    since = _day(seen, min(awaited.since for _, awaited in missed))
    rows = [
        (
            what(line),
            f"{amount(line, _coming(line))} by {_day(seen, awaited.since)}",
            _or_none(line, line.shipped),
        )
        for line, awaited in missed
    ]
    yield _of_order(
        missed,
        kind="asn_overdue",
        summary=f"{seen.Supplier} has sent no ship notice for {_those(seen, missed)}, to leave by {since}",
        next_action=f"Ask {seen.supplier} for a ship notice",
        evidence=rows,
    )


def receipt_overdue(seen: Seen) -> Iterator[Finding]:
    """Goods arrived, or were announced and are due, and in the receiver's hours nobody has received them.

    One for the order; what never is received by us (a drop-ship) is not waited for. Evidence: each line with
    what is shipped and received, and what is billed of it already. Closes by the receipt, by a later word of
    the carrier, or when the lines are cancelled or closed.
    """
    missed = [
        (line, awaited)
        for line, awaited in (*_missed(seen, "receipt"), *_missed(seen, "posting"))
        if not _is_allowed(seen, line, line.received)
    ]
    if not missed:
        return
    since = _day(seen, min(awaited.since for _, awaited in missed))
    there = any(awaited.what == "posting" for _, awaited in missed)
    rows = []
    for line, _ in missed:
        rows.append(
            (what(line), _or_none(line, line.shipped or _coming(line)), _or_none(line, line.received))
        )
        if line.invoiced:
            rows.append((f"Billed of {what(line)}", "", amount(line, line.invoiced)))
    yield _of_order(
        missed,
        kind="receipt_overdue",
        summary=f"{words.sentence(seen.place)} has not received {_those(seen, missed)}, due {since}",
        next_action=f"Find the goods at {seen.place}, and post the receipt" if there else "Ask the carrier",
        evidence=rows,
    )


def received_without_asn(seen: Seen) -> Iterator[Finding]:
    """Goods came in of which no ship notice had told, from a partner who sends them.

    One for the order. Evidence: what came in, and when. Closes by the ship notice, or when the receipt is
    taken back.
    """
    missed = list(_missed(seen, "late_notice"))
    if not missed:
        return
    since = _day(seen, min(awaited.since for _, awaited in missed))
    told = _those(seen, missed, [line.received for line, _ in missed])
    yield _of_order(
        missed,
        kind="received_without_asn",
        summary=f"{words.sentence(seen.place)} received {told} on {since}; no ship notice told of it",
        next_action=f"Ask {seen.supplier} for the ship notice",
        evidence=[(what(line), "no notice", amount(line, line.received)) for line, _ in missed],
        severity="low",
    )


def invoice_without_receipt(seen: Seen) -> Iterator[Finding]:
    """Goods are billed of which nothing was announced or came in, though by now it should have.

    One for the order. What is on its way, or was to be there, is a receipt that is overdue. Not for orders
    that we never take in. Evidence: what is billed. Closes by the receipt, a ship notice, a credit note, or
    when the invoice is taken back.
    """
    missed = list(_missed(seen, "bill_receipt"))
    if not missed:
        return
    money = [line.invoiced_amount or worth(line, line.invoiced) for line, _ in missed]
    total = sum((each for each in money if each is not None), ZERO) or None
    told = _those(seen, missed, [line.invoiced for line, _ in missed])
    at_stake = f" ({seen.money(total)})" if total is not None else ""
    numbers = f" on invoice {', '.join(seen.view.invoices)}" if seen.view.invoices else ""
    yield _of_order(
        missed,
        kind="invoice_without_receipt",
        summary=f"{seen.Supplier} billed {told}{at_stake}{numbers}; nothing was announced or received",
        next_action="Hold the invoice until the goods are in",
        evidence=[(what(line), "none", amount(line, line.invoiced)) for line, _ in missed],
        money=total,
    )


def milestone_missing(seen: Seen) -> Iterator[Finding]:
    """A later step was told, and one before it, which orders of this kind have, never was.

    The order itself (somebody answers, ships or bills an order that nobody placed here), the ship notice of
    goods that arrived, the invoice of what is paid. One for each such step. What has a kind of its own is not
    here: answers, receipts without notice, bills without receipt. Closes when the step is told.
    """
    if not seen.view.placed:
        yield from _never_placed(seen)
        return
    steps: dict[MilestoneName, tuple[Awaited, Milestone, list[LineView]]] = {}
    for line, awaited in _missed(seen, "step"):
        for step, after in passed_over(line, seen.view):
            known = steps.setdefault(step.name, (awaited, after, []))
            known[2].append(line)
    for name, (awaited, after, lines) in steps.items():
        missed = [(line, awaited) for line in lines]
        yield _of_order(
            missed,
            kind="milestone_missing",
            subject=name,
            summary=f"{words.sentence(_those(seen, missed))} {_DID[after.name]}, but {_NEVER[name]}",
            next_action=f"Ask {seen.supplier} for it",
            evidence=[(what(line), _DID[after.name], "never told") for line in lines],
        )


def _never_placed(seen: Seen) -> Iterator[Finding]:
    view = seen.view
    awaited = next((each for each in seen.missed if each.what == "order"), None)
    if awaited is None:
        return
    told = [
        (label, numbers)
        for label, numbers in (
            ("answered", [view.supplier_order] if view.supplier_order else []),
            ("shipped", view.shipments),
            ("received", view.receipts),
            ("billed", view.invoices),
        )
        if numbers or (label == "answered" and view.answered)
    ]
    number = f"Order {view.number}" if view.number else "An order"
    did = _joined([label for label, _ in told])
    yield Finding(
        kind="milestone_missing",
        subject="ordered",
        summary=f"{number} was {did}, but nobody has placed it here",
        due_at=awaited.due_at,
        next_action="Find the order, or ask the sender which one is meant",
        evidence=tuple((words.sentence(label), "no order", ", ".join(numbers)) for label, numbers in told),
    )


def _joined(deeds: list[str]) -> str:
    """ "answered, shipped and billed"."""
    return " and ".join((", ".join(deeds[:-1]), deeds[-1])) if len(deeds) > 1 else deeds[0]


def _missed(seen: Seen, kind: AwaitedWhat) -> Iterator[tuple[LineView, Awaited]]:
    """The lines of which something awaited is missed, with it."""
    missed = {each.since: each for each in seen.missed if each.what == kind}
    if not missed:
        return
    for line in seen.view.lines:
        for name, since in bases_of(line, seen.view):
            if name == kind and since in missed:
                yield line, missed[since]


def _is_told_short(seen: Seen, line: LineView) -> bool:
    """Whether what is missing of a shipment is shipped_short's to tell, or agreed to be nothing."""
    if line.shipped is None or not line.shipment_numbers:
        return False
    expected, _ = promised_by_then(line)
    return (expected is not None and line.shipped < expected) or _is_allowed(seen, line, line.shipped)


def _is_allowed(seen: Seen, line: LineView, size: Decimal | None) -> bool:
    """Whether so little is left of a line that it is agreed to be nothing."""
    coming = _coming(line)
    if not size or not coming:
        return False
    return seen.tolerance(line).allows_under(coming - size, coming)


def _of_order(
    missed: list[tuple[LineView, Awaited]],
    *,
    kind: str,
    summary: str,
    next_action: str,
    evidence: list[tuple[str, str, str]],
    subject: str = "",
    money: Decimal | None = None,
    severity: str = "",
) -> Finding:
    """One finding for all lines of an order that miss the same."""
    if money is None:
        values = [worth(line, _open(line)) for line, _ in missed]
        money = sum((each for each in values if each is not None), ZERO) or None
    if len(evidence) > _EVIDENCE:
        more = len(evidence) - _EVIDENCE
        evidence = [*evidence[:_EVIDENCE], (f"and {words.number(more)} more", "", "")]
    return Finding(
        kind=kind,
        subject=subject,
        severity="low" if severity == "low" else weigh(gap=None, expected=None, money=money),
        summary=summary,
        money=money,
        due_at=min(awaited.due_at for _, awaited in missed),
        next_action=next_action,
        evidence=tuple(evidence),
    )


def _those(
    seen: Seen, missed: list[tuple[LineView, Awaited]], sizes: list[Decimal | None] | None = None
) -> str:
    """ "60 CA of SKU-1042", or "3 lines of order 4500001"."""
    if len(missed) > 1:
        return f"{words.number(len(missed))} lines of {_order(seen)}"
    line = missed[0][0]
    size = _open(line) if sizes is None else sizes[0]
    return f"{amount(line, size)} of {what(line)}" if size is not None else what(line)


def _order(seen: Seen) -> str:
    return f"order {seen.view.number}" if seen.view.number else "the order"


def _coming(line: LineView) -> Decimal | None:
    return line.confirmed or line.ordered


def _open(line: LineView) -> Decimal | None:
    """What is still to come of a line."""
    coming = _coming(line)
    if coming is None:
        return None
    return max(coming - (line.received or ZERO), ZERO) or coming


def _or_none(line: LineView, size: Decimal | None) -> str:
    return amount(line, size) if size is not None else "none"


def _day(seen: Seen, at: dt.datetime) -> str:
    return seen.day(seen.local(at).date())


def _at(seen: Seen, at: dt.datetime) -> str:
    local = seen.local(at)
    return f"{seen.day(local.date())} {local:%H:%M}"
