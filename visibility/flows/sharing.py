"""Whose each line is of a receipt or bill that names a shipment of several orders, but no order itself.

The ship notice says which of its goods are whose. What came in or was billed against it is given to its
lines as they stand there, to each up to what was shipped on it; what is beyond that to the last of them, and
an item the notice does not have to its first order. Every order of the shipment knows the same notice and the
same documents, so each takes its own part and none is taken twice.
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
from visibility.flows.identity import Settled
from visibility.flows.state import Fact

_SHARED: tuple[type[GoodsReceived] | type[InvoiceReceived], ...] = (GoodsReceived, InvoiceReceived)


class _Part(Struct, eq=False):
    """A line of a notice, and how much of it is left for further receipts (or bills)."""

    line: ShipLine
    order: OrderRef
    left: Decimal


def share_out(settled: Settled) -> None:
    """Name the order on the lines of documents that name a shared shipment only."""
    for kind in _SHARED:
        facts = settled.of(kind)
        if not any(map(_is_bare, facts)):
            continue
        notices = _shared_notices(settled)
        if notices:
            shipments = {key: _parts(document) for key, document in notices.items()}
            settled.standing[kind] = [_shared(fact, shipments) for fact in facts]


def _is_bare(fact: Fact) -> bool:
    document = fact.document
    return document.order is None and not any(line.order for line in getattr(document, "lines", ()))


def _shared_notices(settled: Settled) -> dict[str, ShipmentNotified]:
    """Notices of several orders, by their number and by their bill of lading; the one told last counts."""
    found: dict[str, ShipmentNotified] = {}
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
        _Part(line, order, line.quantity if line.quantity is not None else ZERO)
        for line in document.lines
        if (order := line.order or document.order) is not None
    ]


def _shared(fact: Fact, shipments: dict[str, list[_Part]]) -> Fact:
    document = fact.document
    if not isinstance(document, _SHARED) or not _is_bare(fact):
        return fact
    named = (f"asn {normalise(document.shipment)}", f"bol {normalise(document.bill_of_lading)}")
    parts = next((shipments[name] for name in named if name in shipments), None)
    if parts is None:
        return fact
    lines = tuple(own for line in document.lines for own in _divide(line, parts))
    return msgspec.structs.replace(fact, document=msgspec.structs.replace(document, lines=lines))


def _divide(line: Line, parts: list[_Part]) -> Iterable[Line]:
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
    for part in own[:-1]:
        taken = min(max(rest, ZERO), part.left)
        if taken:
            part.left -= taken
            rest -= taken
            yield _given(line, part, taken)
            line = _without_damage(line)
    if rest:
        own[-1].left -= rest
        yield _given(line, own[-1], rest)


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
