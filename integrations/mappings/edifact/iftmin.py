"""IFTMIN, transport instruction: a load offered to a carrier, where it is picked up and where it goes."""

from integrations.mappings.edifact import codes
from integrations.mappings.edifact.common import (
    Beginning,
    Gathered,
    envelope_party,
    issued_at,
    order_reference,
)
from integrations.mappings.edifact.orders import read_purpose
from integrations.mappings.edifact.reader import MessageReader
from visibility.canonical.bulletins import Stop
from visibility.canonical.documents import AnyDocument, Item, Line, LoadTendered, OrderRef, Party

MAX_LINES = 100_000
_SHIPMENT_NUMBERS = ("SRN", "CU", "SI", "FF", "AAK")
_LOAD_ROLES = ("PW", "SF", "CZ", "SU")
_UNLOAD_ROLES = ("DP", "ST", "CN", "UC")


class _Instruction:
    """The message while it is being read. `orders`: every order that is named, once."""

    def __init__(self) -> None:
        self.beginning: Beginning | None = None
        self.header = Gathered()
        self.orders: dict[str, None] = {}
        self.lines: list[Line] = []

    def take(self, reader: MessageReader, tag: str) -> None:
        """Keep the present segment."""
        if tag == "BGM":
            self.beginning = self.beginning or Beginning(reader)
        elif tag == "GID" and len(self.lines) < MAX_LINES:
            self.lines.append(_goods(reader))
        elif tag == "FTX" and self.lines and reader.raw(1) == "AAA" and not self.lines[-1].item.description:
            words = " ".join(text for at in range(5) if (text := reader.text(4, at)))
            line = self.lines[-1]
            self.lines[-1] = Line(
                line=line.line, quantity=line.quantity, unit=line.unit, item=Item(description=words)
            )
        else:
            if tag == "RFF" and reader.raw(1) in codes.ORDER_REFERENCES and reader.raw(1, 1):
                self.orders.setdefault(reader.identifier(1, 1))
            self.header.take(reader, tag)


def map_iftmin(reader: MessageReader) -> list[AnyDocument]:
    """The tender."""
    instruction = _Instruction()
    for tag in reader.rows(1):
        instruction.take(reader, tag)
    beginning, header = instruction.beginning, instruction.header
    if beginning is None:
        reader.note_missing("BGM", "the instruction has no BGM segment, so it has no number")
        return []
    buyer = envelope_party(reader.message, "sender")
    orders = tuple(order_reference(number, buyer) for number in instruction.orders if number)
    carrier = header.party(codes.CARRIER_PARTIES)
    return [
        LoadTendered(
            order=orders[0] if len(orders) == 1 else None,
            purpose=read_purpose(reader, beginning),
            issued_at=issued_at(header),
            buyer=header.party(codes.BUYER_PARTIES, buyer),
            supplier=header.party(codes.SUPPLIER_PARTIES),
            ship_to=header.party(_UNLOAD_ROLES),
            units="rec20",
            number=header.reference(_SHIPMENT_NUMBERS) or beginning.number,
            carrier=header.carrier or (carrier.ids[0].partition(":")[2] if carrier.ids else carrier.name),
            bill_of_lading=header.reference(codes.BILL_OF_LADING_REFERENCES),
            stops=_stops(header, orders),
            lines=tuple(instruction.lines),
        )
    ]


def _goods(reader: MessageReader) -> Line:
    """A GID: so many packages of a kind."""
    quantity = reader.quantity(2)
    return Line(line=reader.identifier(1), quantity=quantity, unit=reader.text(2, 1))


def _stops(header: Gathered, orders: tuple[OrderRef, ...]) -> tuple[Stop, ...]:
    """Where it is picked up, and where it goes."""
    first, last = header.moment(codes.LOADING_STARTS), header.moment(codes.LOADING_ENDS)
    load = Stop(does="load", place=header.party(_LOAD_ROLES), not_before=first, not_after=last, orders=orders)
    first, last = header.moment(codes.UNLOADING_STARTS), header.moment(codes.UNLOADING_ENDS)
    unload = Stop(
        does="unload", place=header.party(_UNLOAD_ROLES), not_before=first, not_after=last, orders=orders
    )
    return tuple(stop for stop in (load, unload) if stop.place != Party())
