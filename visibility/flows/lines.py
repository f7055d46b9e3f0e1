"""The lines of an order as they stand: what was ordered, changed and given up."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from visibility.canonical.documents import (
    AnswerLine,
    InvoiceLine,
    Item,
    Line,
    OrderLine,
    OrderPlaced,
    OrderRef,
    Schedule,
)
from visibility.canonical.quantities import UnitScheme
from visibility.flows.amounts import ONE, ZERO, convert, is_sensible, tidy
from visibility.flows.identity import Settled, issued_key, later
from visibility.flows.matching import Draft, LineIndex, bare, concerns
from visibility.flows.state import Dated, Fact, Units

L = TypeVar("L", bound=Line)
PricedLine = OrderLine | AnswerLine | InvoiceLine
Share = tuple[Draft, Decimal | None]
"""A line, and how much of it; None: that is not known."""


class Book:
    """The lines of one flow while its documents are read, and the conversions they need."""

    def __init__(self, *, units: Units, own: OrderRef | None, placed: bool, by_line: bool = False) -> None:
        self.units = units
        self.own = own
        self.placed = placed and not by_line
        """All lines of the order have been told: another one is a stranger."""
        self.by_line = by_line
        self.index = LineIndex()
        self._taken: set[str] = set()

    @property
    def lines(self) -> list[Draft]:
        return self.index.lines

    def new_line(self, line: Line, scheme: UnitScheme, *, known: bool) -> Draft:
        draft = Draft(
            line=self._display(line.line.strip(), known=known or not self.placed),
            item=line.item,
            unit=line.unit,
            units=scheme,
            known=known,
        )
        self.index.add(draft)
        return draft

    def match(self, line: Line, used: set[int], scheme: UnitScheme) -> Draft:
        """The line that is meant; a new unknown one where the order does not have it."""
        found = self.index.same(line)
        if found is not None:  # nearly always
            used.add(id(found))
            return found
        found = self.index.find(line, used)
        if found is None:
            found = self.new_line(line, scheme, known=False)
            used.add(id(found))
        elif line.item != found.item:
            self.index.learn(found, line.item)
            if not found.known:
                found.item = fill(found.item, line.item)
        return found

    def shares(
        self,
        line: Line,
        used: set[int],
        scheme: UnitScheme,
        what: str,
        told: Callable[[Draft], Decimal | None],
        *,
        back: bool = False,
    ) -> list[Share]:
        """The lines of the order that goods or a bill are of, and how much of each in its unit.

        It is one line, unless the document names none and several are of the item: then what `told` says has
        come of each before is filled up to what is ordered, from the first line on. `back`: it takes
        away, whatever its sign.
        """
        alike = [] if line.line or not line.quantity else self.index.alike(line.item)
        if len(alike) > 1 and all(_is_unit_of(draft, alike[0]) for draft in alike):
            total = self.quantity(alike[0], line.quantity, line.unit, scheme, what)
            used.update(id(draft) for draft in alike)
            if total is None:
                return [(alike[0], None)]
            return _spread(alike, -abs(total) if back else total, told)
        draft = self.match(line, used, scheme)
        return [(draft, self.quantity(draft, line.quantity, line.unit, scheme, what))]

    def own_lines(self, lines: Sequence[L], order: OrderRef | None) -> Sequence[L]:
        """Those of a document's lines that are about this order; `order` is the one the document names."""
        if self.own is None:
            return lines
        for line in lines:
            if line.order is not None:
                return [line for line in lines if self.concerns(line, order)]
        return lines if not lines or self.concerns(lines[0], order) else ()

    def concerns(self, line: Line, order: OrderRef | None) -> bool:
        own, named = self.own, line.order or order
        if own is None or named is None or (named.number == own.number and not named.release):
            return True
        return concerns(own=own, named=named)

    def quantity(
        self, draft: Draft, quantity: Decimal | None, unit: str, scheme: UnitScheme, what: str
    ) -> Decimal | None:
        """`quantity` in the line's unit; None, and said in words, where it does not convert."""
        if quantity is None:
            return None
        if not is_sensible(quantity):
            draft.unconvertible[f"{str(quantity)[:20]} {unit} {what}"] = None
            return None
        if (unit == draft.unit and scheme == draft.units) or not unit:
            return quantity
        if not draft.unit:
            draft.unit, draft.units = unit, scheme
            return quantity
        converted = convert(
            quantity=quantity,
            item=draft.item,
            scheme=scheme,
            unit=unit,
            to_scheme=draft.units,
            to_unit=draft.unit,
            units=self.units,
        )
        if converted is None:
            draft.unconvertible[f"{tidy(quantity):f} {unit} {what}"] = None
        return converted

    def price(self, draft: Draft, line: PricedLine, scheme: UnitScheme, what: str) -> Decimal | None:
        """The price of one unit of the draft; None where nobody said or the unit priced does not convert."""
        price, per, unit = line.price, line.price_per, line.price_unit or line.unit
        if price is None or not is_sensible(price):
            return None
        each = price
        if per != ONE:
            if not per or not is_sensible(per):
                return None
            each = price / per
        if not unit or not draft.unit or (unit == draft.unit and scheme == draft.units):
            return tidy(each)
        priced_units = convert(
            quantity=Decimal(1),
            item=draft.item,
            scheme=draft.units,
            unit=draft.unit,
            to_scheme=scheme,
            to_unit=unit,
            units=self.units,
        )
        if priced_units is None:
            draft.unconvertible[f"price per {unit} {what}"] = None
            return None
        return tidy(each * priced_units)

    def _display(self, number: str, *, known: bool) -> str:
        """The number as written, made unique; the ordinal where there is none ("+1" for a stranger)."""
        shown = wanted = number or f"{'' if known else '+'}{len(self.lines) + 1}"
        again = 2
        while (key := bare(shown)) in self._taken:
            shown, again = f"{wanted}/{again}", again + 1
        self._taken.add(key)
        return shown


def _is_unit_of(draft: Draft, other: Draft) -> bool:
    return draft.unit == other.unit and draft.units == other.units


def _spread(alike: list[Draft], total: Decimal, told: Callable[[Draft], Decimal | None]) -> list[Share]:
    """A quantity over lines of one item: what is over goes to the last that takes some. What goes back is
    taken from the last."""
    shares: list[tuple[Draft, Decimal]] = []
    left = abs(total)
    for draft in alike if total > 0 else reversed(alike):
        before = told(draft) or ZERO
        room = before if total < 0 else (draft.ordered or ZERO) - before
        part = min(room, left)
        if part > 0:
            shares.append((draft, part))
            left -= part
    if left:
        last, part = shares.pop() if shares else (alike[0 if total < 0 else -1], ZERO)
        shares.append((last, part + left))
    return [(draft, part if total > 0 else -part) for draft, part in shares]


def fill(item: Item, other: Item) -> Item:
    """`item` with the codes it lacks taken from `other`."""
    if (
        (item.buyer or not other.buyer)
        and (item.vendor or not other.vendor)
        and (item.gtin or not other.gtin)
        and (item.description or not other.description)
    ):
        return item
    return Item(
        buyer=item.buyer or other.buyer,
        vendor=item.vendor or other.vendor,
        gtin=item.gtin or other.gtin,
        description=item.description or other.description,
    )


def dated(
    book: Book, draft: Draft, schedules: tuple[Schedule, ...], unit: str, scheme: UnitScheme
) -> tuple[Dated, ...]:
    """Requested dates with their quantities in the line's unit."""
    return tuple(
        [
            Dated(book.quantity(draft, each.quantity, unit, scheme, "requested"), each.date, each.basis)
            for each in schedules
        ]
    )


def called_off(settled: Settled) -> bool:
    """Whether the order is cancelled.

    A cancellation counts from whichever witness, unless one as good told the order again later.
    """
    if not settled.cancelled:
        return False
    last = max((cancel for _, cancel in settled.cancelled), key=issued_key)
    if any(each.is_behind(last) for each in settled.opened):
        return False
    rank = settled.hearing.rank("order", last)
    return all(
        settled.hearing.rank("order", fact) > rank or issued_key(fact) <= issued_key(last)
        for fact in settled.of(OrderPlaced)
    )


def order_facts(settled: Settled) -> list[Fact]:
    """The orders that stand, or stood until called off: the best witness first, of one the latest first."""
    facts = settled.of(OrderPlaced)
    if settled.cancelled and called_off(settled):
        called = [each for stood, cancel in settled.cancelled for each in stood or [cancel]]
        facts = sorted((*facts, *called), key=later)
    if len(facts) == 1:
        return facts
    latest_first = facts[::-1]
    return sorted(latest_first, key=lambda fact: settled.hearing.rank("order", fact))


def read_orders(book: Book, settled: Settled) -> None:
    """Lines as first ordered: per line the best witness counts, the others fill in what it does not say.

    What changed since is read after that (changes.py).
    """
    facts = order_facts(settled)
    if len(facts) > 1:
        facts = [fact for fact in facts if fact.document.purpose != "change"] or facts
    for fact in facts:
        _read_order(book, fact)


def _read_order(book: Book, fact: Fact) -> None:
    document = fact.document
    assert isinstance(document, OrderPlaced)
    used: set[int] = set()
    first = not book.lines
    for line in book.own_lines(document.lines, document.order):
        found = None if first else book.index.find(line, used)
        if found is None:
            found = book.new_line(line, document.units, known=True)
            used.add(id(found))
            take(book, found, line, document.units)
            found.original_ordered = found.ordered
            if document.by_line:
                found.ordered_by, found.kind = fact, document.kind
        else:
            _fill_in(book, found, line, document.units)


def take(book: Book, draft: Draft, line: OrderLine, scheme: UnitScheme) -> None:
    """Quantity, price and dates of an order line or a change; what it does not say stays."""
    quantity = book.quantity(draft, line.quantity, line.unit, scheme, "ordered")
    if quantity is not None:
        draft.ordered = tidy(quantity)
    if line.price is not None:
        draft.unit_price = book.price(draft, line, scheme, "ordered")
    if line.requests:
        draft.requests = dated(book, draft, line.requests, line.unit, scheme)
    if line.worth is not None:
        draft.worth = line.worth


def _fill_in(book: Book, draft: Draft, line: OrderLine, scheme: UnitScheme) -> None:
    """An echo of a line adds what the better witness does not say."""
    draft.item = fill(draft.item, line.item)
    book.index.learn(draft, draft.item)
    if draft.ordered is None:
        quantity = book.quantity(draft, line.quantity, line.unit, scheme, "ordered")
        draft.ordered = draft.original_ordered = None if quantity is None else tidy(quantity)
    if draft.unit_price is None:
        draft.unit_price = book.price(draft, line, scheme, "ordered")
    if not draft.requests:
        draft.requests = dated(book, draft, line.requests, line.unit, scheme)
    if draft.worth is None:
        draft.worth = line.worth


def sorted_dates(dates: tuple[Dated, ...] | list[Dated]) -> list[Dated]:
    """Dates in one order whoever told them: earliest first, unknown last."""
    if len(dates) < 2:
        return list(dates)
    return sorted(
        dates,
        key=lambda each: (
            each.date is None,
            each.date or 0,
            each.basis,
            each.quantity is None,
            each.quantity or 0,
        ),
    )


def order_of_book(book: Book) -> list[Draft]:
    """Lines as people expect them: those of the order as written, then strangers."""
    if any(draft.opened for draft in book.lines):  # several balances have no order among them
        return sorted(book.lines, key=lambda draft: (not draft.known, _numeric(draft.line)))
    if book.placed:
        strangers = [draft for draft in book.lines if not draft.known]
        return [draft for draft in book.lines if draft.known] + strangers if strangers else book.lines
    return sorted(book.lines, key=lambda draft: _numeric(draft.line))


def _numeric(number: str) -> tuple[int, str]:
    digits = bare(number)
    return (int(digits), "") if digits.isascii() and digits.isdigit() and len(digits) < 9 else (10**9, number)
