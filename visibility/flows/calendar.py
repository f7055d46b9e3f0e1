"""Working time: when a place or a partner works, week by week and day by day, in its zone. Pure.

Hours are counted as they pass: a shift over the night that clocks go back is an hour longer. Times are
minutes of the local day; 1440 is its end.
"""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct

Span = tuple[int, int]
"""From and to, in minutes of the local day."""
Hours = tuple[Span, ...]
"""The spans of one day, in their order; none: closed."""

DAY = 24 * 60
OFFICE: tuple[Hours, ...] = (*(((8 * 60, 17 * 60),),) * 5, (), ())
NOTHING = dt.timedelta()


class WorkingCalendar(Struct, frozen=True, cache_hash=True):
    """Hours of each weekday from Monday on, and the days that are otherwise, in `zone` (an IANA name).

    ValueError for a week without hours, in which a deadline would never come, and for spans that are empty,
    overlap or leave their day.
    """

    zone: str = "America/Chicago"
    week: tuple[Hours, ...] = OFFICE
    days: tuple[tuple[dt.date, Hours], ...] = ()

    def __post_init__(self) -> None:
        if len(self.week) != 7 or not any(self.week):
            raise ValueError("a calendar needs seven weekdays, one of them with hours")
        for hours in (*self.week, *(hours for _, hours in self.days)):
            edges = [edge for span in hours for edge in span]
            if edges and not (edges[0] >= 0 and edges[-1] <= DAY and _rises(hours)):
                raise ValueError("the hours of a day are spans in their order, from 0:00 to 24:00")

    @classmethod
    def of_company(cls, *, zone: str, opens: int, closes: int) -> "WorkingCalendar":
        """Monday to Friday from one full hour to another."""
        return cls(zone=zone, week=(*(((opens * 60, closes * 60),),) * 5, (), ()))

    def add(self, start: dt.datetime, work: dt.timedelta) -> dt.datetime:
        """The moment when `work` has been worked since `start`, in UTC; never outside working time.

        Without work it is `start` itself or the next opening. ValueError if `work` is negative.
        """
        if work < NOTHING:
            raise ValueError("working time is added, not taken away")
        # In UTC, because Python counts within one zone by the wall clock, also across a change of clocks.
        start, left = start.astimezone(dt.UTC), work
        for opening, closing in self._shifts(start.astimezone(ZoneInfo(self.zone)).date()):
            begin = max(start, opening)
            if begin <= closing and left <= closing - begin:
                return begin + left
            left -= max(closing - begin, NOTHING)
        raise AssertionError("shifts never end")

    def add_hours(self, start: dt.datetime, hours: int) -> dt.datetime:
        """The moment `hours` working hours after `start`. Time outside business hours does not count."""
        return self.add(start, dt.timedelta(hours=hours))

    def end_of(self, day: dt.date) -> dt.datetime:
        """Closing time of that day, in UTC; of the next open day where it is closed then."""
        while not (shifts := shifts_of(self, day)):
            day += dt.timedelta(days=1)
        return shifts[-1][1]

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Working time from `start` to `end`; zero if `end` is not after `start`."""
        start, end, total = start.astimezone(dt.UTC), end.astimezone(dt.UTC), NOTHING
        for opening, closing in self._shifts(start.astimezone(ZoneInfo(self.zone)).date()):
            if opening >= end:
                break
            total += max(min(end, closing) - max(start, opening), NOTHING)
        return total

    def _shifts(self, day: dt.date) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Openings and closings in UTC from that local day on, without end."""
        while True:
            yield from shifts_of(self, day)
            day += dt.timedelta(days=1)


def _rises(hours: Hours) -> bool:
    """Whether spans are not empty and follow each other; one may begin where the one before it ends."""
    return all(begin < end for begin, end in hours) and all(
        before[1] <= after[0] for before, after in pairwise(hours)
    )


@lru_cache(maxsize=8192)
def shifts_of(calendar: WorkingCalendar, day: dt.date) -> tuple[tuple[dt.datetime, dt.datetime], ...]:
    """Openings and closings of one local day, in UTC. Disjoint, in their order, none empty.

    A time that the clocks skip is as long after the jump as it would have been before it; of one that comes
    twice the first counts.
    """
    zone = ZoneInfo(calendar.zone)
    hours = _other_days(calendar).get(day, calendar.week[day.weekday()])
    found: list[tuple[dt.datetime, dt.datetime]] = []
    for begin, end in hours:
        opening, closing = _at(day, begin, zone), _at(day, end, zone)
        if found:
            opening = max(opening, found[-1][1])
        if opening < closing:
            found.append((opening, closing))
    return tuple(found)


@lru_cache(maxsize=512)
def _other_days(calendar: WorkingCalendar) -> dict[dt.date, Hours]:
    return dict(calendar.days)


def _at(day: dt.date, minute: int, zone: ZoneInfo) -> dt.datetime:
    days, minute = divmod(minute, DAY)
    local = dt.datetime.combine(day + dt.timedelta(days=days), dt.time(minute // 60, minute % 60), zone)
    return local.astimezone(dt.UTC)
