"""IFTSTA, transport status: where a shipment is, event by event."""

from integrations.mappings.edifact import codes
from integrations.mappings.edifact.common import (
    Beginning,
    Gathered,
    buyers_side,
    envelope_party,
    issued_at,
    order_reference,
)
from integrations.mappings.edifact.orders import read_purpose
from integrations.mappings.edifact.reader import MessageReader
from visibility.canonical.documents import AnyDocument, Purpose, TransportStatus

_WORDS = 3


class _Event:
    """One STS with what follows it, and the consignment (CNI) it stands in."""

    def __init__(self, reader: MessageReader, consignment: Gathered, number: str) -> None:
        self.place = reader.place
        self.consignment = consignment
        self.number = number
        self.code = reader.coded(2, "transport_status")
        self.reason = " ".join(
            text for element in (2, 3) if (text := reader.text(element, _WORDS))
        ) or reader.text(3)
        self.gathered = Gathered()


def map_iftsta(reader: MessageReader) -> list[AnyDocument]:
    """One status for every event whose code is known; the others are left out with a warning."""
    header, consignment = Gathered(), Gathered()
    beginning: Beginning | None = None
    events: list[_Event] = []
    number, present = "", header
    for tag in reader.rows(1):
        if tag == "BGM":
            beginning = beginning or Beginning(reader)
        elif tag == "CNI":
            number, consignment = reader.identifier(2), Gathered()
            present = consignment
        elif tag == "STS":
            events.append(_Event(reader, consignment, number))
            present = events[-1].gathered
        else:
            present.take(reader, tag)
    if beginning is None:
        reader.note_missing("BGM", "the report has no BGM segment, so it has no number")
        return []
    if not events:
        reader.note_missing("STS", "the report has no STS segment: it tells no status")
    purpose = read_purpose(reader, beginning)
    told = [_status(reader, event, header, purpose) for event in events]
    return [status for status in told if status is not None]


def _status(
    reader: MessageReader, event: _Event, header: Gathered, purpose: Purpose
) -> TransportStatus | None:
    reader.go(event.place)
    meaning = reader.code(2, codes.TRANSPORT_EVENTS, "transport_status")
    if meaning is None:
        return None
    where = (event.gathered, event.consignment, header)
    side = buyers_side(reader, header, "receiver")
    buyer = envelope_party(reader.message, side)
    order = _reference(where, codes.ORDER_REFERENCES)
    moments = (event.gathered.moment(codes.EVENT_DATES), header.moment(codes.EVENT_DATES))
    estimates = [each.moment(codes.EVENT_ESTIMATES) for each in where]
    return TransportStatus(
        order=order_reference(order, buyer) if order else None,
        purpose=purpose,
        issued_at=issued_at(header),
        buyer=header.party(codes.BUYER_PARTIES, buyer),
        supplier=header.party(codes.SUPPLIER_PARTIES),
        ship_to=header.party(codes.SHIP_TO_PARTIES),
        units="rec20",
        status=meaning.status,
        occurred_at=next((moment for moment in moments if moment), None),
        estimated_at=next((moment for moment in estimates if moment), None),
        shipment=_reference(where, codes.SHIPMENT_REFERENCES) or event.number,
        carrier=next((each.carrier for each in where if each.carrier), ""),
        bill_of_lading=_reference(where, codes.BILL_OF_LADING_REFERENCES),
        tracking=_reference(where, codes.TRACKING_REFERENCES),
        reason=event.reason or (meaning.words if meaning.words != meaning.status else ""),
    )


def _reference(where: tuple[Gathered, ...], kinds: tuple[str, ...]) -> str:
    return next((number for each in where if (number := each.reference(kinds))), "")
