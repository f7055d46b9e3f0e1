"""Opening balances: where the lines of an order stood at a date, in the place of all that happened before.

What a balance tells of a line holds up to its date: documents from before count no more for that. What it
does not tell is read from them. What happened after counts on top, and so does what corrects, after it, a
document from before: by as much as it corrects. Of several balances the latest that names a line counts.

What a balance says is put among the documents that stand: as an order, an answer, and goods and bills of a
rank of their own, so that little else need know of it.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from msgspec import structs

from visibility.canonical.documents import (
    AnswerLine,
    AnswerPart,
    AnyDocument,
    Document,
    GoodsReceived,
    InvoiceLine,
    InvoiceReceived,
    Line,
    OpeningBalance,
    OrderAcknowledged,
    OrderLine,
    OrderPlaced,
    OrderReleased,
    ReceiptLine,
    Schedule,
    ShipLine,
    ShipmentNotified,
)
from visibility.flows.amounts import ZERO
from visibility.flows.behind import leave_behind, names
from visibility.flows.carried import Opened, until
from visibility.flows.identity import BEGINNING, Ended, Settled
from visibility.flows.lines import Book
from visibility.flows.matching import bare
from visibility.flows.moments import BALANCE, UNDER_WAY
from visibility.flows.state import Fact, Terms
from visibility.flows.witnesses import KINDS

L = TypeVar("L", bound=Line)
A_DAY = dt.timedelta(days=1)
_WEIGHT = {"original": 0, "duplicate": 0, "confirm": 0, "change": 1, "replace": 1, "cancel": 2}


def carry(settled: Settled, *, zone: str) -> None:
    """Put the balances of an order in the place of what happened before them. `zone`: of the order's days."""
    told = settled.standing.pop(OpeningBalance, None)
    opened = standing_lines(told, zone=zone) if told else []
    if not opened:
        return
    leave_behind(settled, opened)
    for _, group in groupby(opened, key=_batch):
        balance = list(group)
        _tell_order(settled, balance)
        _tell_answer(settled, balance)
        for each in balance:
            _tell_goods(settled, each)
    settled.opened = opened


def standing_lines(told: Iterable[Fact], *, zone: str) -> list[Opened]:
    """The lines of the balances that count: by the balances' dates, then by their numbers."""
    stands: list[Opened] = []
    for fact in sorted(told, key=_when_told):
        document = fact.document
        assert isinstance(document, OpeningBalance)
        whole = document.purpose == "replace" or (document.purpose == "cancel" and not document.lines)
        stands = [
            each
            for each in stands
            if not whole and not any(names(each.line, line, alone=False) for line in document.lines)
        ]
        if document.purpose != "cancel":
            stands += [Opened(line, fact, until(fact), zone) for line in document.lines]
    return sorted(stands, key=_place)


def _when_told(fact: Fact) -> tuple[object, ...]:
    """What "later" compares. A balance that does not say when it was made was made as of its date."""
    document = fact.document
    assert isinstance(document, OpeningBalance)
    return (
        document.issued_at or document.as_of,
        document.as_of,
        fact.envelope_at or BEGINNING,
        _WEIGHT[document.purpose],
        fact.control,
        fact.id.int,
        fact.message.int,
    )


def _batch(opened: Opened) -> tuple[object, ...]:
    return opened.until.at, opened.fact.document.units


def _place(opened: Opened) -> tuple[object, ...]:
    number = bare(opened.line.line) if opened.line.line.strip() else ""
    digits = number if number.isascii() and number.isdigit() and len(number) < 9 else ""
    return (
        *_batch(opened),
        int(digits or 10**9),
        number,
        opened.line.item.buyer,
        opened.line.item.vendor,
        opened.fact.id.int,
        opened.fact.message.int,
    )


def _part(balance: Fact, document: AnyDocument, *, control: str = BALANCE) -> Fact:
    """What a balance says, as a document would say it. When that was nobody knows; by its date it was."""
    source = balance.document
    assert isinstance(source, OpeningBalance)
    parties = structs.replace(
        document,
        order=source.order,
        buyer=source.buyer,
        supplier=source.supplier,
        ship_to=source.ship_to,
        units=source.units,
    )
    return structs.replace(balance, document=parties, control=control, envelope_at=source.as_of)


def _insert(settled: Settled, opened: Opened, part: Fact, *, best: bool | None = None) -> None:
    """Put a part among the documents of its kind that stand: behind those from before, before the others.

    It is told by the best (or the worst) of their witnesses: among the orders the first one counts, and an
    answer from after the balance is to count whoever tells it.
    """
    kind: type[Document] = type(part.document)
    facts = settled.of(kind)
    stood = [each.control == BALANCE or opened.is_behind(each) for each in facts]
    before = [each for each, so in zip(facts, stood, strict=True) if so]
    after = [each for each, so in zip(facts, stood, strict=True) if not so]
    if best is not None and facts:
        pick = min if best else max
        teller = pick(facts, key=lambda each: settled.hearing.rank(KINDS[kind], each))
        part = structs.replace(part, witness=teller.witness, system=teller.system)
    settled.standing[kind] = [*before, part, *after]


def _tell_order(settled: Settled, balance: Sequence[Opened]) -> None:
    """The lines as ordered then; the head as whichever of the balances of that date says it."""
    sources = list({id(each.fact): each.fact.document for each in balance}.values())
    lines = tuple(
        OrderLine(**{name: getattr(each.line, name) for name in OrderLine.__struct_fields__})
        for each in balance
    )
    order = OrderPlaced(
        kind=_first(sources, "kind") or "",
        ordered_on=_first(sources, "ordered_on"),
        currency=_first(sources, "currency") or "",
        lines=lines,
    )
    _insert(settled, balance[0], _part(balance[0].fact, order), best=True)
    released_at = _first(sources, "released_at")
    if released_at is not None:
        released = _part(balance[0].fact, OrderReleased(released_at=released_at))
        settled.standing[OrderReleased] = [released, *settled.of(OrderReleased)]


def _first(sources: Sequence[AnyDocument], name: str) -> Any:
    """The first value that is said."""
    return next((value for source in sources if (value := getattr(source, name))), None)


def _tell_answer(settled: Settled, balance: Sequence[Opened]) -> None:
    """What was confirmed by then, as an answer of that day. 0 confirmed is no answer yet."""
    lines = tuple(
        AnswerLine(
            line=each.line.line, item=each.line.item, unit=each.line.unit, order=each.line.order, parts=parts
        )
        for each in balance
        if (parts := tuple(_parts(each.line.confirmed, each.line.promises)))
    )
    if lines:
        source = balance[0].fact.document
        assert isinstance(source, OpeningBalance)
        answer = OrderAcknowledged(lines=lines, issued_at=source.as_of)
        _insert(settled, balance[0], _part(balance[0].fact, answer), best=False)


def _parts(confirmed: Decimal | None, promises: Sequence[Schedule]) -> Iterable[AnswerPart]:
    """The promised parts of what was confirmed. A day promised without a quantity is for all of it."""
    if not confirmed and (confirmed is not None or not promises):
        return
    left = confirmed
    for promise in promises:
        quantity = promise.quantity if promise.quantity is not None else left
        yield AnswerPart(answer="accepted", quantity=quantity, date=promise.date, basis=promise.basis)
        left = None if left is None or quantity is None else left - quantity
    if not promises or (left is not None and left > 0):
        yield AnswerPart(answer="accepted", quantity=left)


def _tell_goods(settled: Settled, opened: Opened) -> None:
    """What was shipped, came in and was billed by then, each as a document of its own."""
    own = opened.line
    line = Line(line=own.line, item=own.item, unit=own.unit, order=own.order)
    if own.shipped:
        notice = ShipmentNotified(lines=(_as(ShipLine, line, quantity=own.shipped),))
        arrived = (own.received or ZERO) >= own.shipped
        _put(settled, opened, notice, control=BALANCE if arrived else UNDER_WAY)
    if own.received:
        receipt = GoodsReceived(lines=(_as(ReceiptLine, line, quantity=own.received),))
        _put(settled, opened, receipt, control=BALANCE if _is_all_in(opened) else UNDER_WAY)
    if own.billed:
        price = {"price": own.billed_price, "price_per": own.price_per, "price_unit": own.price_unit}
        bill = InvoiceReceived(lines=(_as(InvoiceLine, line, quantity=own.billed, **price),))
        _put(settled, opened, bill)


def _as(kind: type[L], line: Line, **values: Any) -> L:
    """The line as one of another kind."""
    return kind(**{name: getattr(line, name) for name in Line.__struct_fields__} | values)


def _put(settled: Settled, opened: Opened, document: AnyDocument, *, control: str = BALANCE) -> None:
    part = _part(opened.fact, document, control=control)
    settled.standing[type(document)] = [part, *settled.of(type(document))]


def _is_all_in(opened: Opened) -> bool:
    """Whether all that had left, or all there is to come, is in: else more is on its way."""
    line = opened.line
    expected = line.shipped or line.quantity
    return expected is None or (line.received or ZERO) >= expected


def mark_opened(book: Book, settled: Settled) -> None:
    """Tell the lines of the order which balance they were opened with."""
    used: set[int] = set()
    for each in settled.opened:
        draft = (
            book.index.find(each.line, used) if book.concerns(each.line, each.fact.document.order) else None
        )
        if draft is None:
            continue
        draft.opened = each
        if each.line.received:
            units = each.fact.document.units
            draft.came_by_then = book.quantity(draft, each.line.received, each.line.unit, units, "received")


def is_listened_to(settled: Settled, terms: Terms) -> bool:
    """Whether an order from before go-live is known all the same: a balance tells how it stood since."""
    live = terms.live_from
    if live is None or not settled.opened:
        return False
    days = [
        each.until.at.date() if each.until.date_only else each.until.at.astimezone(ZoneInfo(each.zone)).date()
        for each in settled.opened
        if each.until.at is not None
    ]
    return min(days) >= live - A_DAY


def carried_over(settled: Settled, *, zone: str = "UTC") -> list[Ended]:
    """What no longer stands for an opening balance's sake: documents that are in it for each of their lines,
    and balances of which a later one has taken every line."""
    balances = sorted(settled.of(OpeningBalance), key=_when_told)
    settled.opened = standing_lines(balances, zone=zone)
    ended = [
        Ended(fact, "carried", by) for fact in settled.every if (by := _balance_for(fact, settled.opened))
    ]
    standing = {id(each.fact) for each in settled.opened}
    for fact in balances[:-1]:
        if id(fact) not in standing and fact.document.purpose != "cancel":
            last = balances[-1]
            ended.append(Ended(fact, "cancelled" if last.document.purpose == "cancel" else "replaced", last))
    return ended


def _balance_for(fact: Fact, opened: Sequence[Opened]) -> Fact | None:
    """The balance that stands in the place of a document."""
    by: Fact | None = None
    if isinstance(fact.document, OpeningBalance):
        return None
    for line in getattr(fact.document, "lines", ()):
        own = next((each for each in opened if names(each.line, line, alone=len(opened) == 1)), None)
        if own is None or not own.is_behind(fact):
            return None
        by = own.fact
    return by
