"""830, planning schedule: what the buyer plans to call off, item by item, firm and forecast.

The 862 has the same loops behind another beginning.
"""

from typing import Literal, NamedTuple

from integrations.mappings.x12 import codes, codes_plans
from integrations.mappings.x12.common import (
    Header,
    check_line_count,
    control_numbers,
    envelope_moment,
    envelope_party,
    order_reference,
)
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.order_parts import Notes, check_hash_total
from integrations.mappings.x12.plans import PlanLoop, first_date, schedule_basis
from integrations.mappings.x12.values import start_of_day
from visibility.canonical.bulletins import ScheduleLine, SchedulePublished
from visibility.canonical.documents import AnyDocument, Purpose


class Places(NamedTuple):
    """Where the beginning segment has its values."""

    tag: str
    kind: Literal["planning", "shipping", "production"]
    number: int
    release: int
    type: int
    quantities: int
    starts: int
    ends: int
    made: int
    order: int


BFR = Places("BFR", "planning", 2, 3, 4, 5, 6, 7, 8, 11)
BSS = Places("BSS", "shipping", 2, 7, 4, 11, 5, 6, 3, 10)


class Beginning:
    """BFR or BSS: purpose, numbers, horizon, and how the quantities are to be read."""

    def __init__(self, reader: SetReader, places: Places) -> None:
        self.purpose: Purpose = reader.code(1, codes.PURPOSES, "purpose") or "original"
        self.kind = places.kind
        number, release = reader.identifier(places.number), reader.identifier(places.release)
        self.number = number or release
        self.release = release if number else ""
        self.basis = schedule_basis(reader, places.type)
        self.cumulative = reader.raw(places.quantities) == codes_plans.CUMULATIVE
        self.starts_on, self.ends_on = reader.date(places.starts), reader.date(places.ends)
        self.made_on = reader.date(places.made)
        order = reader.identifier(places.order)
        issuer = envelope_party(reader.transaction, "sender")
        self.order = order_reference(order, issuer) if order else None


def map_830(reader: SetReader) -> list[AnyDocument]:
    """The planning schedule."""
    return map_schedule(reader, BFR)


def map_schedule(reader: SetReader, places: Places) -> list[AnyDocument]:
    """The schedule whose beginning segment has its values in `places`."""
    head = PlanHead()
    loops: list[PlanLoop] = []
    beginning: Beginning | None = None
    issuer = envelope_party(reader.transaction, "sender")
    for row in reader.rows():
        tag = row[0]
        if tag == "LIN":
            if loops:
                loops[-1].check_times(reader)
            basis = beginning.basis if beginning else "unstated"
            loops.append(PlanLoop(reader, issuer=issuer, basis=basis))
        elif tag == places.tag:
            beginning = Beginning(reader, places)
        elif tag == "CTT":
            check_line_count(reader, len(loops), "lines")
            check_hash_total(reader, [each.quantity for loop in loops for each in loop.planned])
        elif tag in {"MSG", "NTE"}:
            head.notes.take(reader, loops[-1].number if loops else "")
        elif loops:
            loops[-1].take(reader)
        else:
            head.take(reader)
    if beginning is None:
        text = f"the schedule has no {places.tag} segment, so nobody can tell which it is"
        reader.note_missing(places.tag, text)
        return []
    lines = [loop.finish(reader, cumulative=beginning.cumulative) for loop in loops]
    return [published(reader, beginning, head, lines)]


class PlanHead(Header):
    """What stands before the items of a schedule, and the notes anywhere in it."""

    def __init__(self) -> None:
        super().__init__()
        self.notes = Notes()


def published(
    reader: SetReader, beginning: Beginning, head: PlanHead, lines: list[ScheduleLine]
) -> SchedulePublished:
    """The document of a schedule that is read."""
    transaction = reader.transaction
    buyer, supplier = envelope_party(transaction, "sender"), envelope_party(transaction, "receiver")
    return SchedulePublished(
        order=beginning.order,
        purpose=beginning.purpose,
        issued_at=start_of_day(beginning.made_on),
        buyer=head.party(codes_plans.PLANNING_BUYERS, buyer),
        supplier=head.party(codes_plans.PLANNING_SUPPLIERS, supplier),
        ship_to=head.party(codes.SHIP_TO_PARTIES),
        version=_version(reader, beginning),
        note=head.notes.text,
        number=beginning.number,
        kind=beginning.kind,
        starts_on=beginning.starts_on or first_date(head.dates, codes_plans.HORIZON_STARTS),
        ends_on=beginning.ends_on or first_date(head.dates, codes_plans.HORIZON_ENDS),
        lines=tuple(lines),
    )


def _version(reader: SetReader, beginning: Beginning) -> str:
    """What tells a schedule from others of its number: its release, its day, else its envelope."""
    if beginning.release or beginning.made_on:
        return beginning.release or str(beginning.made_on)
    moment = envelope_moment(reader.transaction, reader.profile.time_zone)
    return f"{moment.isoformat() if moment else ''}|{control_numbers(reader.transaction)}"
