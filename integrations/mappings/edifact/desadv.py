"""DESADV, despatch advice: what is on the way, in which packages, for which orders.

Consignments are a tree of CPS segments; the packages of one hold for every line in it and below it, in
whatever order they stand.
"""

from dataclasses import dataclass, field

from integrations.mappings.edifact import codes
from integrations.mappings.edifact.common import (
    Beginning,
    Gathered,
    check_line_count,
    envelope_party,
    issued_at,
)
from integrations.mappings.edifact.lines import LineGroup, note_no_order, read_orders, read_packages
from integrations.mappings.edifact.orders import read_purpose
from integrations.mappings.edifact.reader import MessageReader
from visibility.canonical.documents import AnyDocument, OrderRef, ShipLine, ShipmentNotified

MAX_PACKAGE_MENTIONS = 2_000_000
_DEEPEST = 20


@dataclass(slots=True)
class _Consignment:
    """One CPS, or what stands before the first."""

    parent: str = ""
    packages: list[str] = field(default_factory=list)
    above: tuple[str, ...] | None = None


@dataclass(slots=True)
class _Notice:
    """The message while it is being read. `owners`: in which consignment each line stands."""

    beginning: Beginning | None = None
    header: Gathered = field(default_factory=Gathered)
    consignments: list[_Consignment] = field(default_factory=lambda: [_Consignment()])
    by_id: dict[str, int] = field(default_factory=dict)
    lines: list[LineGroup] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)


def map_desadv(reader: MessageReader) -> list[AnyDocument]:
    """The ship notice."""
    notice = _read(reader)
    beginning = notice.beginning
    if beginning is None:
        reader.note_missing("BGM", "the ship notice has no BGM segment, so it has no number")
        return []
    reader.go(beginning.place)
    if not beginning.number:
        reader.note("error", "no_shipment_number", "BGM has no number: the ship notice has none", 2)
    purpose = read_purpose(reader, beginning)
    header = notice.header
    buyer = envelope_party(reader.message, "receiver")
    orders = read_orders(reader, header.reference(codes.ORDER_REFERENCES), notice.lines, buyer)
    if orders.order is None and not any(order for order, _ in orders.lines) and purpose != "cancel":
        note_no_order(reader, "RFF", "ship notice")
    packages = _packages(reader, notice)
    lines = [
        _line(reader, line, placed, packages[number])
        for number, (line, placed) in enumerate(zip(notice.lines, orders.lines, strict=True))
        if not line.parent
    ]
    return [
        ShipmentNotified(
            order=orders.order,
            purpose=purpose,
            issued_at=issued_at(header),
            buyer=header.party(codes.BUYER_PARTIES, buyer),
            supplier=header.party(codes.SUPPLIER_PARTIES, envelope_party(reader.message, "sender")),
            ship_to=header.party(codes.SHIP_TO_PARTIES),
            units="rec20",
            number=beginning.number,
            shipped_at=header.moment(codes.SHIPPED_DATES),
            estimated_at=header.moment(codes.ESTIMATED_DATES),
            carrier=header.carrier or _carrier(header),
            bill_of_lading=header.reference(codes.BILL_OF_LADING_REFERENCES),
            tracking=header.reference(codes.TRACKING_REFERENCES),
            lines=tuple(lines),
        )
    ]


def _carrier(header: Gathered) -> str:
    """The carrier as a party, by its number without who issued it."""
    party = header.party(codes.CARRIER_PARTIES)
    return party.ids[0].partition(":")[2] if party.ids else party.name


def _read(reader: MessageReader) -> _Notice:
    notice = _Notice()
    line: LineGroup | None = None
    for tag in reader.rows(1):
        if tag == "CPS":
            line = None
            _open(reader, notice)
        elif tag == "LIN":
            line = LineGroup(reader)
            notice.lines.append(line)
            notice.owners.append(len(notice.consignments) - 1)
        elif tag == "BGM":
            notice.beginning = notice.beginning or Beginning(reader)
        elif tag == "CNT":
            check_line_count(reader, len(notice.lines))
        elif tag == "GIN" and line is None:
            if reader.raw(1) in codes.PACKAGE_NUMBERS:
                notice.consignments[-1].packages.extend(read_packages(reader))
        elif line is not None:
            line.take(reader, tag)
        elif tag not in {"PAC", "QTY", "MEA", "PCI", "HAN"}:
            notice.header.take(reader, tag)
    return notice


def _open(reader: MessageReader, notice: _Notice) -> None:
    identifier, parent = reader.raw(1), reader.raw(2)
    notice.by_id[identifier] = len(notice.consignments)
    notice.consignments.append(_Consignment(parent="" if parent == identifier else parent))


def _packages(reader: MessageReader, notice: _Notice) -> list[tuple[str, ...]]:
    """The packages of each line: outermost first, its own last."""
    found: list[tuple[str, ...]] = []
    mentions = 0
    for line, owner in zip(notice.lines, notice.owners, strict=True):
        own = (*_above(notice, owner), *line.packages)
        mentions += len(own)
        if mentions > MAX_PACKAGE_MENTIONS:
            # Every line repeats the packages around it, so a small file could ask for any amount.
            text = "the lines stand in too many packages; send the advice in parts"
            reader.note("error", "too_many_packages", text)
            return [()] * len(notice.lines)
        found.append(own)
    return found


def _above(notice: _Notice, place: int) -> tuple[str, ...]:
    """The packages of a consignment and of those around it; of a circle as far as it goes once."""
    consignment = notice.consignments[place]
    if consignment.above is None:
        chain, seen, at = [place], {place}, consignment
        while at.parent in notice.by_id and len(chain) < _DEEPEST:
            above = notice.by_id[at.parent]
            if above in seen:
                break
            seen.add(above)
            chain.append(above)
            at = notice.consignments[above]
        packages = [code for each in reversed(chain) for code in notice.consignments[each].packages]
        consignment.above = tuple(dict.fromkeys(packages))
    return consignment.above


def _line(
    reader: MessageReader, line: LineGroup, placed: tuple[OrderRef | None, str], packages: tuple[str, ...]
) -> ShipLine:
    quantity = line.quantity(codes.SHIPPED_QUANTITIES)
    reader.go(line.place)
    if quantity.value is None:
        text = "no QTY+12 stands in the line: it is not said how many were shipped"
        reader.note("warning", "no_quantity", text)
    return ShipLine(
        line=placed[1],
        item=line.item(reader),
        quantity=quantity.value,
        unit=quantity.unit,
        order=placed[0],
        packages=packages,
        lot=line.batch,
    )
