"""Whose each line is of a receipt or bill that names a shipment of several orders, but no order itself.

The ship notice says which of its goods are whose. What came in or was billed against it is given to its
lines as they stand there, to each up to what was shipped on it; what is beyond that to the last of them, and
an item the notice does not have to its first order. What goes back, or is credited, is taken from the last
that had some. Every order of the shipment knows the same notice and the same documents, so each takes its own
part and none is taken twice. What several systems tell of one shipment is divided for each of them.
"""

from collections.abc import Iterable
from decimal import Decimal

import msgspec
from msgspec import Struct

from visibility.canonical.documents import (
    GoodsReceived,
    InvoiceReceived,
    Line,
    OrderRef,
    ShipLine,
    ShipmentNotified,
)
from visibility.canonical.keys import normalise
from visibility.flows.amounts import ZERO
from visibility.flows.identity import Settled, takes_back
from visibility.flows.state import Fact
from visibility.flows.witnesses import told_by

_SHARED: tuple[type[GoodsReceived] | type[InvoiceReceived], ...] = (GoodsReceived, InvoiceReceived)


class _Part(Struct, eq=False):
    """A line of a notice, and how much of it has been given to receipts (or bills)."""

    line: ShipLine
    order: OrderRef
    given: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        return max((self.line.quantity or ZERO) - self.given, ZERO)


Notices = dict[str, ShipmentNotified]
Parts = dict[tuple[str, int], list[_Part]]
"""By who told and which notice (its id())."""


def share_out(settled: Settled) -> None:
    """Name the order on the lines of documents that name a shared shipment only."""
    for kind in _SHARED:
        for told in (settled.standing, settled.silenced):
            facts = told.get(kind)
            if not facts or not any(map(_is_bare, facts)):
                continue
            notices = _shared_notices(settled)
            if notices:
                told[kind] = _share(facts, notices)


def _share(facts: list[Fact], notices: Notices) -> list[Fact]:
    """What is taken back comes last, whatever its date: only what was given can be."""
    parts: Parts = {}
    shared = {id(fact): _shared(fact, notices, parts) for fact in sorted(facts, key=_is_taken_back)}
    return [shared[id(fact)] for fact in facts]


def _is_taken_back(fact: Fact) -> bool:
    document = fact.document
    return takes_back(document) or any((line.quantity or ZERO) < 0 for line in getattr(document, "lines", ()))


def _is_bare(fact: Fact) -> bool:
    document = fact.document
    return document.order is None and not any(line.order for line in getattr(document, "lines", ()))


def _shared_notices(settled: Settled) -> Notices:
    """Notices of several orders, by their number and by their bill of lading; the one told last counts."""
    found: Notices = {}
    for fact in settled.of(ShipmentNotified):
        document = fact.document
        assert isinstance(document, ShipmentNotified)
        orders = {(line.order or document.order) for line in document.lines}
        if len(orders - {None}) > 1:
            found |= {
                f"{word} {normalise(value)}": document
                for word, value in (("bol", document.bill_of_lading), ("asn", document.number))
                if value.strip()
            }
    return found


def _parts(document: ShipmentNotified) -> list[_Part]:
    return [
        _Part(line, order) for line in document.lines if (order := line.order or document.order) is not None
    ]


def _shared(fact: Fact, notices: Notices, parts: Parts) -> Fact:
    document = fact.document
    if not isinstance(document, _SHARED) or not _is_bare(fact):
        return fact
    named = (f"asn {normalise(document.shipment)}", f"bol {normalise(document.bill_of_lading)}")
    notice = next((notices[name] for name in named if name in notices), None)
    if notice is None:
        return fact
    key = (told_by(fact), id(notice))
    own = parts.get(key)
    if own is None:
        own = parts[key] = _parts(notice)
    lines = tuple(each for line in document.lines for each in _divide(line, own, back=takes_back(document)))
    return msgspec.structs.replace(fact, document=msgspec.structs.replace(document, lines=lines))


def _divide(line: Line, parts: list[_Part], *, back: bool) -> Iterable[Line]:
    """The line once for each order it has a part of. Its number is the shipment's, not the orders'."""
    own = [part for part in parts if _is_of(line, part.line)]
    if not own:
        yield msgspec.structs.replace(line, order=parts[0].order)
        return
    rest = line.quantity
    if rest is None or len({part.order for part in own}) == 1 or any(p.line.unit != line.unit for p in own):
        yield _given(line, own[0], rest)
        return
    if not rest:  # that nothing came is said of each
        yield from (_given(line, part, rest) for part in {part.order: part for part in own}.values())
        return
    back = back or rest < 0
    sign, amount = Decimal(1).copy_sign(rest), abs(rest)
    shares: list[tuple[_Part, Decimal]] = []
    for part in reversed(own) if back else own:
        taken = min(max(part.given, ZERO) if back else part.left, amount)
        if taken:
            shares.append((part, taken))
            amount -= taken
    if amount:
        last, taken = shares.pop() if shares and shares[-1][0] is own[-1] else (own[-1], ZERO)
        shares.append((last, taken + amount))
    for part, taken in shares:
        part.given += -taken if back else taken
        yield _given(line, part, sign * taken)
        line = _without_damage(line)


def _is_of(line: Line, shipped: ShipLine) -> bool:
    pairs = (
        (line.item.buyer, shipped.item.buyer),
        (line.item.vendor, shipped.item.vendor),
        (line.item.gtin, shipped.item.gtin),
    )
    return next((a == b for a, b in pairs if a and b), False)


def _given(line: Line, part: _Part, quantity: Decimal | None) -> Line:
    return msgspec.structs.replace(line, order=part.order, line=part.line.line, quantity=quantity)


def _without_damage(line: Line) -> Line:
    """What was damaged is told with the first part of a line; it cannot be said of which order it was."""
    return msgspec.structs.replace(line, damaged=None) if getattr(line, "damaged", None) else line
