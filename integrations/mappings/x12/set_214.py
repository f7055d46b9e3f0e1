"""214, transportation carrier shipment status: where a shipment is, one status for each AT7."""

import datetime as dt
from dataclasses import dataclass, field

from integrations.mappings.x12 import codes
from integrations.mappings.x12 import codes_logistics as logistic
from integrations.mappings.x12.common import envelope_moment, envelope_party, order_reference
from integrations.mappings.x12.logistics import TransportHeader, moment_of, warn_at
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.values import read_moment
from visibility.canonical.documents import AnyDocument, OrderRef, TransportStatus

_LAST_WITH_CENTURY = "003070"


@dataclass(slots=True)
class _Event:
    """One AT7, with the place (MS1) and references behind it."""

    step: logistic.Step
    reason: str
    at: dt.datetime | None
    place: str = ""
    equipment: str = ""
    header: TransportHeader = field(default_factory=TransportHeader)


class _Shipment:
    """What the set says. References before the first LX are the shipment's, those behind it of the event."""

    def __init__(self, reader: SetReader) -> None:
        self.reader = reader
        self.header = TransportHeader()
        self.position: int | None = None
        self.number = self.tracking = self.carrier = ""
        self.events: list[_Event] = []
        self.loop = TransportHeader()
        self.in_loops = False
        self.told = 0
        self.last: _Event | None = None

    def take(self, tag: str) -> None:
        """Keep what the present segment says."""
        reader = self.reader
        if tag == "B10":
            self.position = reader.position
            self.tracking, self.number = reader.identifier(1), reader.identifier(2)
            self.carrier = reader.text(3)
        elif tag == "LX":
            self.in_loops, self.loop = True, TransportHeader()
        elif tag == "AT7":
            self.in_loops = True
            self.told += 1
            self._event()
        elif tag == "MS1":
            if self.last is not None:
                texts = (reader.text(1), reader.text(2), reader.text(3))
                self.last.place = ", ".join(text for text in texts if text)
        elif tag == "MS2":
            if self.last is not None:
                self.last.equipment = reader.text(1) + reader.text(2)
        elif self.in_loops:
            self.loop.take(reader)
        else:
            self.header.take(reader)

    def _event(self) -> None:
        reader = self.reader
        step = reader.code(1, logistic.STEPS, "status")
        reason = reader.text(2)
        if step is None:
            step, reason = reader.code(3, logistic.APPOINTMENTS, "appointment"), reader.text(4)
        self.last = None
        if step is not None:
            words = "" if reason in logistic.NO_REASON else logistic.STATUS_REASONS.get(reason)
            words = f"reason {reason}" if words is None and reason else words or ""
            told = "; ".join(text for text in (step.reason, words) if text)
            self.last = _Event(step, told, self._moment(), header=self.loop)
            self.events.append(self.last)

    def _moment(self) -> dt.datetime | None:
        """AT705 to 07: date, time, zone. Up to release 003070 a century stands before the time."""
        reader = self.reader
        version = reader.transaction.group.version[:6]
        if len(reader.raw(6)) == 2 and (version <= _LAST_WITH_CENTURY or len(reader.raw(5)) == 6):
            day = reader.raw(6) + reader.raw(5) if len(reader.raw(5)) == 6 else reader.raw(5)
            return read_moment(day, reader.raw(7), reader.raw(8), reader.profile.time_zone)
        return reader.moment(5, 6, 7)


def map_214(reader: SetReader) -> list[AnyDocument]:
    """The statuses. They need a shipment (B10, L11 SI), a bill of lading, a tracking number or an order."""
    shipment = _Shipment(reader)
    for row in reader.rows():
        shipment.take(row[0])
    if shipment.position is None:
        reader.note_missing("B10", "the status has no B10 segment, so it names no shipment")
        return []
    if not shipment.told:
        reader.note_missing("AT7", "no AT7 segment says where the shipment is")
    elif not shipment.events:
        text = "none of its status codes (AT701, AT703) is known here; add them to the partner's code list"
        reader.note_missing("AT7", text, "no_status")
    return [_status(shipment, event) for event in shipment.events]


def _status(shipment: _Shipment, event: _Event) -> TransportStatus:
    reader, said = shipment.reader, (event.header, shipment.header)
    # L11 SI is the shipper's number, which its ship notice has too; B1002 may be that of a load of several.
    number = _reference(said, codes.SHIPMENT_REFERENCES) or shipment.number
    bill = _reference(said, codes.BILL_OF_LADING_REFERENCES)
    tracking = shipment.tracking or _reference(said, codes.TRACKING_REFERENCES)
    order = _order(reader, said)
    if not (number or bill or tracking or order) and shipment.position is not None:
        text = "the status names no shipment (B1002), no bill of lading (L11 BM) and no order (L11 PO)"
        warn_at(reader, shipment.position, "no_order", text)
    estimates = event.step.estimates
    expected = None
    if event.step.status not in {"arrived", "delivered"}:
        dates = (moment_of(header, logistic.ARRIVES_ON) for header in said)
        expected = next((date for date in dates if date), None)
    return TransportStatus(
        order=order,
        issued_at=envelope_moment(reader.transaction, reader.profile.time_zone) if estimates else event.at,
        ship_to=shipment.header.party(logistic.DESTINATION_PARTIES),
        note="; ".join(text for text in (event.place, event.equipment) if text),
        status=event.step.status,
        occurred_at=None if estimates else event.at,
        estimated_at=event.at if estimates else expected,
        shipment=number,
        carrier=shipment.carrier,
        bill_of_lading=bill,
        tracking=tracking,
        reason=event.reason,
    )


def _reference(said: tuple[TransportHeader, ...], qualifiers: tuple[str, ...]) -> str:
    return next((found for header in said if (found := header.reference(qualifiers))), "")


def _order(reader: SetReader, said: tuple[TransportHeader, ...]) -> OrderRef | None:
    """The purchase order that L11 PO names, of the shipper or buyer who gets the status."""
    number = _reference(said, codes.ORDER_REFERENCES)
    return order_reference(number, envelope_party(reader.transaction, "receiver")) if number else None
