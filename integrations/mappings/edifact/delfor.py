"""DELFOR and DELJIT, delivery schedules: what a buyer plans to call off, item by item."""

from typing import Literal

from integrations.mappings.edi.texts import read_text
from integrations.mappings.edifact import codes
from integrations.mappings.edifact.common import (
    Beginning,
    Gathered,
    check_line_count,
    envelope_party,
    issued_at,
    order_reference,
    read_party,
)
from integrations.mappings.edifact.lines import LineGroup, Planned
from integrations.mappings.edifact.orders import read_purpose
from integrations.mappings.edifact.reader import MessageReader
from visibility.canonical.bulletins import PlannedQuantity, ScheduleLine
from visibility.canonical.documents import AnyDocument, Destination, Party, Purpose, SchedulePublished

_CALL_OFFS = ("AAN", "CR", "AIF", "AAU", "ON")
_PLACE_ROLES = frozenset(codes.SHIP_TO_PARTIES)


class _Plan:
    """The message while it is being read: its lines by the place they are for."""

    def __init__(self) -> None:
        self.beginning: Beginning | None = None
        self.header = Gathered()
        self.lines: list[tuple[LineGroup, Party | None]] = []
        self.place: Party | None = None
        self.detail = False

    def take(self, reader: MessageReader, tag: str) -> None:
        """Keep the present segment. A ship-to in the detail opens the lines that go there."""
        if tag == "LIN":
            self.detail = True
            self.lines.append((LineGroup(reader, plans=True), self.place))
        elif tag == "BGM":
            self.beginning = self.beginning or Beginning(reader)
        elif tag == "UNS":
            self.detail = True
        elif tag == "CNT":
            check_line_count(reader, len(self.lines))
        elif tag == "NAD" and self.detail and reader.raw(1) in _PLACE_ROLES:
            self._set_place(read_party(reader))
        elif self.lines:
            self.lines[-1][0].take(reader, tag)
        else:
            self.header.take(reader, tag)

    def _set_place(self, place: Party) -> None:
        """Behind a line it is for that line's quantities that follow; before the lines for those lines."""
        if self.lines and self.place is None:
            self.lines[-1][0].goes_to(place)
        else:
            self.place = place


def map_delfor(reader: MessageReader) -> list[AnyDocument]:
    """One schedule for each place that lines are for; of several each has the place behind its number."""
    plan = _Plan()
    for tag in reader.rows(1):
        plan.take(reader, tag)
    if plan.beginning is None:
        reader.note_missing("BGM", "the schedule has no BGM segment, so it has no number")
        return []
    places = list(dict.fromkeys(place for _, place in plan.lines)) or [None]
    return [_schedule(reader, plan, plan.beginning, place, several=len(places) > 1) for place in places]


def _schedule(
    reader: MessageReader, plan: _Plan, beginning: Beginning, place: Party | None, *, several: bool
) -> SchedulePublished:
    header = plan.header
    buyer = envelope_party(reader.message, "sender")
    lines = [line for line, own in plan.lines if own == place]
    number = beginning.number
    if several and place is not None:
        number = f"{number}/{(place.ids[0].partition(':')[2] if place.ids else place.name)}"
    order = header.reference(codes.ORDER_REFERENCES)
    return SchedulePublished(
        order=order_reference(order, buyer) if order else None,
        purpose=_purpose(reader, beginning),
        issued_at=issued_at(header),
        buyer=header.party(codes.BUYER_PARTIES, buyer),
        supplier=header.party(codes.SUPPLIER_PARTIES, envelope_party(reader.message, "receiver")),
        ship_to=place or header.party(codes.SHIP_TO_PARTIES),
        units="rec20",
        number=number,
        kind=_kind(reader, beginning),
        starts_on=header.day(codes.HORIZON_STARTS),
        ends_on=period.end if (period := header.period(codes.HORIZON_ENDS)) else None,
        lines=tuple(_line(reader, line, order, buyer) for line in lines),
    )


def _purpose(reader: MessageReader, beginning: Beginning) -> Purpose:
    """A schedule always takes the place of the earlier one of its number."""
    purpose = read_purpose(reader, beginning)
    return purpose if purpose in {"cancel", "duplicate", "replace"} else "original"


def _kind(reader: MessageReader, beginning: Beginning) -> Literal["planning", "shipping"]:
    if beginning.name in codes.SHIPPING_SCHEDULES:
        return "shipping"
    if beginning.name in codes.PLANNING_SCHEDULES:
        return "planning"
    return "shipping" if read_text(reader.message.code) == "DELJIT" else "planning"


def _line(reader: MessageReader, line: LineGroup, head: str, buyer: str) -> ScheduleLine:
    order = line.referred(codes.ORDER_REFERENCES)
    own = order.number if order.number != head else ""
    planned = [each for each in line.planned if each.quantity or each.dates]
    received = line.quantity(codes.CUMULATIVE_RECEIVED)
    required = line.quantity(codes.CUMULATIVE_REQUIRED)
    return ScheduleLine(
        line=line.order_line() or line.number,
        item=line.item(reader),
        unit=next((each.unit for each in planned if each.unit), received.unit),
        order=order_reference(own, buyer) if own else None,
        planned=tuple(_quantity(each) for each in planned),
        cumulative_received=received.value,
        cumulative_required=required.value,
        last_received=line.quantity(codes.LAST_RECEIVED).value,
        last_shipment=line.reference(codes.SHIPMENT_REFERENCES),
    )


def _quantity(planned: Planned) -> PlannedQuantity:
    kind = next((each for each in codes.PLAN_DATES if each in planned.dates), "")
    certainty = "immediate" if planned.kind == "84" and not planned.told else planned.certainty
    reference = next((planned.references[each] for each in _CALL_OFFS if each in planned.references), "")
    places = (Destination(place=planned.place, quantity=planned.quantity),) if planned.place else ()
    if not kind:
        return PlannedQuantity(
            quantity=planned.quantity, certainty=certainty, reference=reference, destinations=places
        )
    first = planned.dates[kind]
    last = planned.dates.get(codes.LATEST_DATES.get(kind, ""), first)
    return PlannedQuantity(
        quantity=planned.quantity,
        date=first.start,
        until=last.end if last.end > first.start else None,
        basis=codes.DATE_BASES.get(kind, "unstated"),
        certainty=certainty,
        reference=reference,
        destinations=places,
    )
