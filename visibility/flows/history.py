"""What stood when: which facts of an order no longer count and why, and how each line came to be what it is.

Pure, and asked for by a page, not kept: both follow from the same facts as the view does.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal, get_args

from msgspec import Struct

from visibility.canonical.documents import (
    Document,
    OpeningBalance,
    OrderAcknowledged,
    OrderChanged,
    OrderLineClosed,
    OrderPlaced,
    OrderRef,
)
from visibility.flows.answers import lines_answered
from visibility.flows.changes import read_changes
from visibility.flows.hearing import hear
from visibility.flows.identity import Ended, How, Settled, later
from visibility.flows.lines import Book, called_off, order_facts, read_orders
from visibility.flows.moments import Moment, told_at
from visibility.flows.opening import carried_over
from visibility.flows.projector import derive, own_order
from visibility.flows.state import Fact, LineView, Terms, Units

Field = Literal[
    "ordered",
    "price",
    "wanted",
    "deleted",
    "closed",
    "confirmed",
    "promised",
    "shipped",
    "received",
    "billed",
]
Value = Decimal | dt.date | bool | None

MOST_WORK = 8000
"""So many lines of facts are read again for the history of an order, which takes less than 0.1 s. Of more,
the words about the order alone, and of those the latest."""
_ORDER_WORDS: tuple[type[Document], ...] = (OrderPlaced, OrderChanged, OrderAcknowledged, OrderLineClosed)


class Fate(Struct, frozen=True):
    """A fact, when it was told, and what became of it. `how` None: it stands."""

    fact: Fact
    since: Moment
    how: How | Literal["overruled", "mirrored"] | None = None
    """overruled: a later answer has spoken of every line that this one named; mirrored: another system's
    word counts."""
    by: Fact | None = None
    until: Moment = Moment()

    @property
    def counts(self) -> bool:
        """Whether it counts today, in whole or in part."""
        return self.how in (None, "lessened")


class Step(Struct, frozen=True):
    """A value of a line before and after a fact was told. None: nobody had said."""

    field: Field
    before: Value
    after: Value
    fact: Fact


def standing(
    facts: Sequence[Fact], units: Units, order: OrderRef | None = None, *, answers_add: bool = False
) -> list[Fate]:
    """What became of each fact, in the order the documents were made.

    Of a partner whose answers add up (`answers_add`) none is overruled.
    """
    settled = hear(list(facts), None)
    carried = carried_over(settled) if settled.of(OpeningBalance) else []
    ended = {
        (each.fact.id, each.fact.message): each for each in (*carried, *_called_off(settled), *settled.ended)
    }
    overruled = {} if answers_add else _overruled(settled, units, order)
    fates = []
    for fact in settled.every:
        end = ended.get((fact.id, fact.message))
        answer = overruled.get((fact.id, fact.message))
        since = told_at(fact)
        if end is not None:
            fates.append(Fate(fact, since, end.how, end.by, told_at(end.by)))
        elif answer is not None:
            fates.append(Fate(fact, since, "overruled", answer, told_at(answer)))
        else:
            fates.append(Fate(fact, since))
    return fates


def _called_off(settled: Settled) -> list[Ended]:
    """The orders that one witness told and another one called off."""
    if not called_off(settled):
        return []
    last = max((cancel for _, cancel in settled.cancelled), key=later)
    return [Ended(fact, "cancelled", last) for fact in settled.of(OrderPlaced)]


def _overruled(settled: Settled, units: Units, order: OrderRef | None) -> dict[tuple[object, object], Fact]:
    """Answers of which nothing is left, and the last of those that spoke of their lines since."""
    answers = settled.of(OrderAcknowledged)
    if len(answers) < 2:
        return {}
    book = Book(units=units, own=order or own_order(settled), placed=bool(order_facts(settled)))
    read_orders(book, settled)
    read_changes(book, settled)
    last: dict[int, Fact] = {}
    spoken: list[tuple[Fact, list[int]]] = []
    for fact in answers:
        lines = [id(draft) for draft in lines_answered(book, fact, last)]
        spoken.append((fact, lines))
        last.update(dict.fromkeys(lines, fact))
    return {
        (fact.id, fact.message): max((last[line] for line in lines), key=later)
        for fact, lines in spoken
        if lines and all(last[line] is not fact for line in lines)
    }


def line_histories(
    facts: Sequence[Fact], *, terms: Terms, units: Units, order: OrderRef | None = None
) -> dict[str, list[Step]]:
    """How the lines came to be what they are, by line: the view after each fact, compared with before.

    Only lines of which something that was said was changed later.
    """
    settled = hear(list(facts), None)
    told = settled.every
    if _work(told) * len(told) > 2 * MOST_WORK:
        told = [fact for fact in told if isinstance(fact.document, _ORDER_WORDS)]
    start = max(len(told) - max(MOST_WORK // (_work(told) or 1), 1), 0)
    if order is None:
        order = own_order(settled)

    def lines_after(count: int) -> dict[str, LineView]:
        view = derive(facts=told[:count], terms=terms, units=units, order=order)
        return {line.line: line for line in view.lines}

    steps: dict[str, list[Step]] = {}
    before = lines_after(start) if start else {}
    for count in range(start, len(told)):
        after = lines_after(count + 1)
        for number, line in after.items():
            steps.setdefault(number, []).extend(_steps(before.get(number), line, told[count]))
        before = after
    return {line: own for line, own in steps.items() if line in before and any(map(_is_change, own))}


def _work(facts: Sequence[Fact]) -> int:
    """How many lines of documents are read to derive a view."""
    return sum(len(getattr(fact.document, "lines", ())) or 1 for fact in facts)


def _is_change(step: Step) -> bool:
    """Whether something that had been said is otherwise now."""
    return step.after is True or (step.before is not None and step.before is not False)


def _steps(before: LineView | None, after: LineView, fact: Fact) -> Iterator[Step]:
    for field, was, now in zip(_FIELDS, _values(before), _values(after), strict=True):
        if was != now:
            yield Step(field, was, now, fact)


_FIELDS: tuple[Field, ...] = get_args(Field)


def _values(line: LineView | None) -> tuple[Value, ...]:
    if line is None:
        return (None, None, None, False, False, None, None, None, None, None)
    wanted = [each.date for each in line.requests if each.date]
    promised = [each.date for each in line.promises if each.date]
    return (
        line.ordered,
        line.unit_price,
        max(wanted, default=None),
        line.cancelled,
        line.closed,
        line.confirmed,
        max(promised, default=None),
        line.shipped,
        line.received,
        line.invoiced,
    )
