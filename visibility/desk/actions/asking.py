"""Commands that several actions send: to expect other quantities, to plan with them. Pure."""

import datetime as dt
from decimal import Decimal

import msgspec

from visibility.canonical.documents import EntryLinked, OrderAcknowledged, OrderLineClosed
from visibility.desk.actions import saying
from visibility.desk.actions.base import CaseSeen
from visibility.desk.actions.commands import (
    ChangeRequest,
    Expect,
    LineReopen,
    SupplyChange,
    SupplyPart,
    command,
)
from visibility.desk.actions.reading import about_line
from visibility.desk.actions.steps import Ordered
from visibility.desk.plans import Command, Json, Told
from visibility.flows import words
from visibility.flows.state import LineView

Fact = OrderAcknowledged | OrderLineClosed | EntryLinked
Parts = tuple[tuple[Decimal, dt.date | None], ...]


def supply_moves(
    seen: CaseSeen, line: LineView, parts: Parts, *, after: tuple[int, ...] | None = None
) -> Ordered | None:
    """Planning moves its supply by these; None where they cancel out."""
    netted: dict[dt.date | None, Decimal] = {}
    for quantity, date in parts:
        netted[date] = netted.get(date, Decimal(0)) + quantity
    moved = tuple(SupplyPart(quantity=many, date=date) for date, many in netted.items() if many)
    if not moved:
        return None
    back = tuple(SupplyPart(quantity=-each.quantity, date=each.date) for each in moved)
    return Ordered(
        command=_supply(seen, line, moved, "Supply"),
        undo=_supply(seen, line, back, "Supply again"),
        after=after,
    )


def _supply(seen: CaseSeen, line: LineView, parts: tuple[SupplyPart, ...], head: str) -> Command:
    told = ", ".join(f"{words.signed(each.quantity)}{saying.on_day(each.date, seen)}" for each in parts)
    return command(SupplyChange(**about_line(seen, line), parts=parts), words=f"{head} {told}")


def expects(
    seen: CaseSeen,
    line: LineView,
    quantity: Decimal,
    date: dt.date | None,
    *,
    formerly: Decimal | None,
    after: tuple[int, ...] | None = None,
) -> Ordered:
    """The warehouse expects so many, on that day; taken back, as many as it did."""
    place = words.sentence(saying.place(seen))

    def asked(many: Decimal, instead_of: Decimal | None) -> Command:
        expect = Expect(**about_line(seen, line), quantity=many, date=date, formerly=instead_of)
        return command(expect, words=f"{place} expects {saying.plain(many)}{saying.on_day(date, seen)}")

    back = None if formerly is None else asked(formerly, quantity)
    return Ordered(command=asked(quantity, formerly), undo=back, after=after)


def changes(
    seen: CaseSeen,
    line: LineView,
    *,
    quantity: Decimal,
    formerly: Decimal,
    answer_by: dt.datetime | None = None,
    after: tuple[int, ...] | None = None,
    confirmed_by: str = "",
) -> Ordered:
    """The supplier is asked to change the line's quantity; taken back, by another change."""

    def asked(to: Decimal, of: Decimal) -> Command:
        request = ChangeRequest(**about_line(seen, line), quantity=to, formerly=of, answer_by=answer_by)
        told = f"Change order (860): line {line.line} from {saying.plain(of)} to {saying.plain(to)}"
        return command(request, words=told)

    return Ordered(
        command=asked(quantity, formerly),
        undo=asked(formerly, quantity),
        after=after,
        confirmed_by=confirmed_by,
    )


def reopened(seen: CaseSeen, line: LineView, quantity: Decimal | None) -> Command:
    """Takes back in the ERP what was cancelled, closed or entered as confirmed."""
    told = f"{saying.plain(quantity)} open again" if quantity is not None else "open as ordered again"
    return command(
        LineReopen(**about_line(seen, line), quantity=quantity), words=f"{saying.order_line(seen)}: {told}"
    )


def fact(document: Fact, *, words: str, undo: Fact | None = None) -> Told:
    """What the decision records of its own; who and when are the desk's to say."""
    data = _data(document)
    return Told(type=data.pop("type"), data=data, words=words, undo=_untyped(undo))


def _untyped(document: Fact | None) -> Json | None:
    if document is None:
        return None
    data = _data(document)
    del data["type"]
    return data


def _data(document: Fact) -> Json:
    data: Json = msgspec.json.decode(msgspec.json.encode(document))
    return data
