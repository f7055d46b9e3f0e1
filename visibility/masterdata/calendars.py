"""Working calendars and go-live dates as they are stored, read in sets for the orders of a chunk."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import connection
from msgspec import Struct

from visibility.core.db import server_cursor
from visibility.masterdata.models import CalendarDay, TradingPartner, WorkCalendar

MOST_PARENTS = 20
"""Levels of places that are looked through; more is a circle."""
FULL_DAY = 24 * 60

Spans = tuple[tuple[int, int], ...]
"""Of one day, in minutes after midnight."""


class StoredCalendar(Struct, frozen=True, cache_hash=True):
    """Hours of the weekdays from Monday on, the days that are otherwise, and a zone of its own, if any."""

    time_zone: str
    week: tuple[Spans, ...]
    days: tuple[tuple[dt.date, Spans], ...]


@dataclass(frozen=True, slots=True)
class PlaceClock:
    """What a place and the places above it say: the nearest calendar and the nearest zone, if any."""

    calendar_id: int | None
    time_zone: str


@dataclass(frozen=True, slots=True)
class PartnerTerms:
    """What was agreed with a partner; None where the company's own counts."""

    acknowledgement_hours: int | None
    calendar_id: int | None
    live_from: dt.date | None
    sends_acknowledgements: bool
    sends_ship_notices: bool
    sends_invoices: bool
    answers_add: bool = False
    detectors: Mapping[str, str] = field(default_factory=dict)
    functional_hours: int | None = None
    follow_up_hours: int | None = None
    asn_hours: int | None = None
    receipt_hours: int | None = None
    invoice_hours: int | None = None


def read_span(text: str) -> tuple[int, int]:
    """ "08:00-17:00" in minutes; ValueError that says what is wrong. "24:00" is the end of the day."""
    begin, dash, end = text.partition("-")
    if not dash:
        raise ValueError(f'"{text}" is no span of time; write it like "08:00-17:00"')
    span = _minutes(begin.strip(), text), _minutes(end.strip(), text)
    if span[0] >= span[1]:
        raise ValueError(f'"{text}" ends before it begins; of a night shift write each day\'s part')
    return span


def _minutes(clock: str, text: str) -> int:
    hour, colon, minute = clock.partition(":")
    if not (colon and len(minute) == 2 and (hour + minute).isascii() and (hour + minute).isdigit()):
        raise ValueError(f'"{text}" is no span of time; write it like "08:00-17:00"')
    found = int(hour) * 60 + int(minute)
    if int(minute) > 59 or found > FULL_DAY:
        raise ValueError(f'"{text}": there is no time of day {clock}')
    return found


def read_spans(texts: Iterable[str]) -> Spans:
    """The spans of a day; ValueError where two overlap or are out of order."""
    spans = tuple(read_span(text) for text in texts)
    for before, after in pairwise(spans):
        if after[0] < before[1]:
            raise ValueError("spans of a day follow each other and do not overlap")
    return spans


@lru_cache(maxsize=1024)
def is_zone(name: str) -> bool:
    """Whether it is a time zone this machine knows."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def calendars_of(*, ids: Iterable[int]) -> dict[int, StoredCalendar]:
    """Calendars by their ids. No query for none."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    days: dict[int, list[tuple[dt.date, Spans]]] = {}
    for calendar_id, day, hours in (
        CalendarDay.objects.filter(calendar_id__in=wanted)
        .order_by("calendar_id", "day")
        .values_list("calendar_id", "day", "hours")
    ):
        days.setdefault(calendar_id, []).append((day, read_spans(hours)))
    return {
        pk: StoredCalendar(zone, tuple(read_spans(hours) for hours in week), tuple(days.get(pk, ())))
        for pk, zone, week in WorkCalendar.objects.filter(pk__in=wanted).values_list(
            "pk", "time_zone", "week"
        )
    }


def clocks_of_places(*, ids: Iterable[int]) -> dict[int, PlaceClock]:
    """The calendar and the zone that count at each place: its own, else those of the places above it."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    with server_cursor(connection) as cursor:
        cursor.execute(
            "WITH RECURSIVE up AS ("
            "  SELECT id AS place, 0 AS level, parent_id, calendar_id, time_zone FROM masterdata_location "
            "  WHERE id = ANY(%b) "
            "  UNION ALL "
            "  SELECT up.place, up.level + 1, l.parent_id, l.calendar_id, l.time_zone "
            "  FROM up JOIN masterdata_location l ON l.id = up.parent_id WHERE up.level < %s) "
            "SELECT place, "
            "  (array_agg(calendar_id ORDER BY level) FILTER (WHERE calendar_id IS NOT NULL))[1], "
            "  (array_agg(time_zone ORDER BY level) FILTER (WHERE time_zone <> ''))[1] "
            "FROM up GROUP BY place",
            [wanted, MOST_PARENTS],
        )
        return {place: PlaceClock(calendar_id, zone or "") for place, calendar_id, zone in cursor.fetchall()}


def terms_of_partners(*, ids: Iterable[int]) -> dict[int, PartnerTerms]:
    """What was agreed with each of the partners."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = TradingPartner.objects.filter(pk__in=wanted).values_list("pk", *PartnerTerms.__slots__)
    return {pk: PartnerTerms(*values) for pk, *values in rows}
