"""Answers that do not come, and promises later than what was asked."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from visibility.canonical.documents import Basis
from visibility.flows.state import Dated, LineView, MilestoneName
from visibility.triage.findings import DAYS, Finding
from visibility.triage.rules.seen import Seen, amount, weigh, what, worth

# A promise no longer matters once the goods have taken the step it is about.
_STEP_OF_BASIS: dict[Basis, MilestoneName] = {"ship": "shipped", "dock": "arrived", "available": "received"}


def acknowledgement_overdue(seen: Seen) -> Iterator[Finding]:
    """The order was released, nobody has answered it at all, and the time for it has run out.

    One for the order. Evidence: when it was released and when the answer was due.
    Closes by the first answer, or when nothing of the order is left to answer.
    """
    view = seen.view
    if view.answered or view.cancelled:
        return
    step = next((each for each in view.milestones if each.name == "acknowledged"), None)
    if step is None or not step.applicable or step.waits or step.due_at is None or step.due_at >= seen.as_of:
        return
    due = seen.local(step.due_at)
    values = [worth(line, line.ordered) for line in seen.ordered]
    money = sum((each for each in values if each is not None), Decimal(0)) or None
    number = f"order {view.number}" if view.number else "the order"
    released = view.released_at
    yield Finding(
        kind="acknowledgement_overdue",
        severity=weigh(gap=None, expected=None, money=money),
        summary=f"{seen.Supplier} has not answered {number}; "
        f"the answer was due {seen.day(due.date())} {due:%H:%M}",
        money=money,
        due_at=step.due_at,
        next_action=f"Ask {seen.supplier} for an answer",
        evidence=(
            ("Released", "", seen.day(seen.local(released).date()) if released else "unknown"),
            ("Answer", f"{seen.day(due.date())} {due:%H:%M}", "none"),
        ),
    )


def change_unanswered(seen: Seen) -> Iterator[Finding]:
    """A line was changed or added after the order was answered, and the time to answer that has run out.

    Evidence: what the answer knew and what is ordered now. Closes by an answer to the change, by goods
    shipped since, or when the line is cancelled or closed.
    """
    for line in seen.ordered:
        if not line.change_unanswered or line.closed:
            continue
        step = next((each for each in line.milestones if each.name == "acknowledged"), None)
        if step is None or not step.applicable or step.waits:
            continue
        if step.done or step.due_at is None or step.due_at >= seen.as_of:
            continue
        money = worth(line, line.ordered)
        due = seen.local(step.due_at)
        before = "no such line" if line.answered_against is None else amount(line, line.answered_against)
        yield Finding(
            kind="change_unanswered",
            line=line.line,
            severity=weigh(gap=None, expected=None, money=money),
            summary=f"{seen.Supplier} has not answered the change to {amount(line, line.ordered)} of "
            f"{what(line)}; the answer was due {seen.day(due.date())} {due:%H:%M}",
            had=line.confirmed,
            expected=line.ordered,
            unit=line.unit,
            money=money,
            due_at=step.due_at,
            next_action=f"Ask {seen.supplier} for an answer to the change",
            evidence=(("Answered when ordered", amount(line, line.ordered), before),),
        )


def promised_late(seen: Seen) -> Iterator[Finding]:
    """A promised day is later than the day asked for that quantity, both of the same basis.

    A ship date is not compared with a dock date, nor a date whose meaning nobody said with anything.
    Evidence: both dates. Closes by an earlier promise, a later request, or once the goods have left (ship),
    arrived (dock) or are available.
    """
    for line in seen.ordered:
        if line.closed or not line.requests or not line.promises:
            continue
        bases = {each.basis for each in line.promises}
        worst = max(
            (
                late
                for basis in _STEP_OF_BASIS
                if basis in bases and (late := _latest(line, basis)) is not None
            ),
            key=lambda late: (late[1].date or dt.date.min) - late[0],
            default=None,
        )
        if worst is None:
            continue
        asked, promise = worst
        assert promise.date is not None
        days = (promise.date - asked).days
        if days <= 0 or seen.tolerance(line).allows_days(days):
            continue
        money = worth(line, promise.quantity)
        told = amount(line, promise.quantity) if promise.quantity is not None else "all"
        yield Finding(
            kind="promised_late",
            line=line.line,
            severity="high" if days > 7 else weigh(gap=None, expected=None, money=money),
            summary=f"{seen.Supplier} promised {told} of {what(line)} for {seen.day(promise.date)}, "
            f"{days} d after the {seen.day(asked)} asked for",
            gap=Decimal(days),
            unit=DAYS,
            money=money,
            next_action=f"Accept {seen.day(promise.date)}, or ask for {seen.day(asked)}",
            evidence=((BASIS_WORDS[promise.basis], seen.day(asked), seen.day(promise.date)),),
        )


def promised_early(seen: Seen) -> Iterator[Finding]:
    """A promised day is earlier than the day that quantity is asked for, both of the same basis.

    Goods that come early want a place and money. Compared as promised_late is. Evidence: both dates. Closes
    by a later promise, an earlier request, or once the goods have taken the step.
    """
    for line in seen.ordered:
        if line.closed or not line.requests or not line.promises:
            continue
        pairs = [pair for basis in _STEP_OF_BASIS for pair in _pairs(line, basis, early=True)]
        asked, promise = max(pairs, key=lambda pair: pair[0] - _date(pair), default=(dt.date.min, None))
        if promise is None or promise.date is None:
            continue
        days = (asked - promise.date).days
        if days <= 0 or seen.tolerance(line).allows_days_early(days):
            continue
        told = amount(line, promise.quantity) if promise.quantity is not None else "all"
        yield Finding(
            kind="promised_early",
            line=line.line,
            severity="low",
            summary=f"{seen.Supplier} promised {told} of {what(line)} for {seen.day(promise.date)}, "
            f"{days} d before the {seen.day(asked)} asked for",
            gap=Decimal(days),
            unit=DAYS,
            money=worth(line, promise.quantity),
            next_action=f"Take it on {seen.day(promise.date)}, or ask for {seen.day(asked)}",
            evidence=((BASIS_WORDS[promise.basis], seen.day(asked), seen.day(promise.date)),),
        )


BASIS_WORDS: dict[Basis, str] = {
    "ship": "Ship date",
    "dock": "Dock date",
    "available": "Available",
    "unstated": "Date",
}


def _latest(line: LineView, basis: Basis) -> tuple[dt.date, Dated] | None:
    """(day asked for, promise) that lie furthest apart on this basis, as far as they compare."""
    return max(_pairs(line, basis), key=lambda pair: _date(pair) - pair[0], default=None)


def _date(pair: tuple[dt.date, Dated]) -> dt.date:
    return pair[1].date or pair[0]


def _pairs(line: LineView, basis: Basis, *, early: bool = False) -> list[tuple[dt.date, Dated]]:
    """Each promise of this basis with the day asked for the last of its units; `early`: for the first."""
    done = next((each.done for each in line.milestones if each.name == _STEP_OF_BASIS[basis]), False)
    asked = [each for each in line.requests if each.basis == basis and each.date is not None]
    promised = [each for each in line.promises if each.basis == basis and each.date is not None]
    if done or not asked or not promised:
        return []
    pairs: list[tuple[dt.date, Dated]] = []
    reach: Decimal | None = Decimal(0)
    for promise in promised:
        before = reach
        reach = None if reach is None or promise.quantity is None else reach + promise.quantity
        pairs.append((_first_for(asked, before) if early else _asked_for(asked, reach), promise))
    return pairs


def _first_for(asked: list[Dated], before: Decimal | None) -> dt.date:
    """From when on units beyond `before` are wanted: the first day whose running request goes beyond."""
    first = asked[0].date
    assert first is not None
    if before is None:
        return first
    wanted = Decimal(0)
    for each in asked:
        if each.quantity is None:
            return each.date or first
        wanted += each.quantity
        if wanted > before:
            return each.date or first
    return asked[-1].date or first


def _asked_for(asked: list[Dated], reach: Decimal | None) -> dt.date:
    """By when the units up to `reach` are wanted: the earliest day whose running request covers them."""
    last = asked[-1].date
    assert last is not None
    if reach is None:
        return last
    wanted = Decimal(0)
    for each in asked:
        if each.quantity is None:
            return each.date or last
        wanted += each.quantity
        if wanted >= reach:
            return each.date or last
    return last
