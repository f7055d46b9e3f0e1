"""204, motor carrier load tender: a load offered to a carrier, with its stops."""

from dataclasses import dataclass, field

import msgspec

from integrations.mappings.x12 import codes
from integrations.mappings.x12 import codes_logistics as logistic
from integrations.mappings.x12.common import envelope_party, order_reference, read_item_codes, read_party
from integrations.mappings.x12.logistics import TransportHeader, moment_of
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.units import KNOWN_UNITS
from visibility.canonical.bulletins import Stop
from visibility.canonical.documents import AnyDocument, Line, LoadTendered, OrderRef, Party, Purpose

_LADING_IDS = (7, 8)


@dataclass(slots=True)
class _Stop:
    """One S5 loop while it is being read."""

    does: str
    header: TransportHeader = field(default_factory=TransportHeader)
    place: Party | None = None
    orders: dict[str, OrderRef] = field(default_factory=dict)

    def finish(self) -> Stop:
        """The stop: its place is the first party named there, its times by what they are for."""
        return Stop(
            does=logistic.STOPS.get(self.does, "other"),
            place=self.place or Party(),
            not_before=moment_of(self.header, logistic.STOP_FROM),
            not_after=moment_of(self.header, logistic.STOP_UNTIL),
            orders=tuple(self.orders.values()),
        )


class _Tender:
    """The tender while it is being read. Lines are what is loaded: what is unloaded is not told again."""

    def __init__(self, reader: SetReader) -> None:
        self.reader = reader
        self.issuer = envelope_party(reader.transaction, "sender")
        self.header = TransportHeader()
        self.found = False
        self.carrier = ""
        self.number = ""
        self.note = ""
        self.purpose: Purpose = "original"
        self.stops: list[_Stop] = []
        self.lines: list[Line] = []
        self.order: OrderRef | None = None

    def take(self, tag: str) -> None:
        """Keep what the present segment says."""
        reader = self.reader
        if tag == "B2":
            self.found = True
            self.carrier, self.number = reader.text(2), reader.identifier(4)
            if not self.number:
                reader.note("error", "no_shipment_number", "B204 is empty: the load has no number", 4)
        elif tag == "B2A":
            self.purpose = reader.code(1, codes.PURPOSES, "purpose") or "original"
        elif tag == "NTE":
            self.note = f"{self.note} {reader.text(2)}".strip()[:500]
        elif tag == "S5":
            reader.code(2, logistic.STOPS, "stop_reason")
            self.stops.append(_Stop(reader.raw(2)))
            self.order = None
        elif not self.stops:
            self.header.take(reader)
        else:
            self._stop(tag, self.stops[-1])

    def _stop(self, tag: str, stop: _Stop) -> None:
        reader = self.reader
        if tag == "OID":
            self.order = self._name(stop, reader.identifier(2) or reader.identifier(1))
            self._load(stop, Line(quantity=reader.quantity(5), unit=_unit(reader, 4), order=self.order))
        elif tag == "L11" and reader.raw(2) in codes.ORDER_REFERENCES:
            self.order = self._name(stop, reader.identifier(1))
        elif tag == "LAD":
            item = read_item_codes(reader, *_LADING_IDS, description=reader.text(13)).item
            self._load(
                stop, Line(item=item, quantity=reader.quantity(2), unit=_unit(reader, 1), order=self.order)
            )
        elif tag == "L5" and reader.raw(2):
            line = Line(order=self.order)
            item = msgspec.structs.replace(line.item, description=reader.text(2))
            self._load(stop, msgspec.structs.replace(line, item=item))
        elif tag == "N1" and stop.place is None:
            stop.place = read_party(reader)
        else:
            stop.header.take(reader)

    def _name(self, stop: _Stop, number: str) -> OrderRef | None:
        if not number:
            return self.order
        return stop.orders.setdefault(number, order_reference(number, self.issuer))

    def _load(self, stop: _Stop, line: Line) -> None:
        said = line.quantity is not None or line.item != Line().item
        if said and logistic.STOPS.get(stop.does) != "unload":
            self.lines.append(line)


def _unit(reader: SetReader, element: int) -> str:
    """A unit of element 355; a packaging form (element 211) is none, and is left out."""
    unit = reader.text(element)
    return unit if unit in KNOWN_UNITS else ""


def map_204(reader: SetReader) -> list[AnyDocument]:
    """The tender: the sender buys the transport, the receiver is the carrier."""
    tender = _Tender(reader)
    for row in reader.rows():
        tender.take(row[0])
    if not tender.found:
        reader.note_missing("B2", "the load tender has no B2 segment, so it has no number")
        return []
    header = tender.header
    bills = [header, *(stop.header for stop in tender.stops)]
    return [
        LoadTendered(
            purpose=tender.purpose,
            buyer=header.party(("BT", "SH"), tender.issuer),
            supplier=header.party(("CA",), envelope_party(reader.transaction, "receiver")),
            ship_to=_destination(tender),
            note=tender.note,
            number=tender.number,
            carrier=tender.carrier,
            bill_of_lading=next(
                (b for h in bills if (b := h.reference(codes.BILL_OF_LADING_REFERENCES))), ""
            ),
            respond_by=moment_of(header, (logistic.RESPOND_BY,)),
            stops=tuple(stop.finish() for stop in tender.stops),
            lines=tuple(tender.lines),
        )
    ]


def _destination(tender: _Tender) -> Party:
    """Where the load ends: the header's consignee, else the last stop that unloads."""
    named = tender.header.party(logistic.DESTINATION_PARTIES)
    if named != Party():
        return named
    unloads = [stop for stop in tender.stops if logistic.STOPS.get(stop.does) == "unload"]
    return unloads[-1].place or Party() if unloads else Party()
