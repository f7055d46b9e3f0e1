"""The clock of a case: by when it is to be resolved, in working time, with pauses. Pure.

The wall clock runs beside it: a clock that pauses would hide how long people really waited.
"""

import datetime as dt

from msgspec import Struct

from visibility.flows.calendar import WorkingCalendar
from visibility.masterdata.service_levels import Service

NOTHING = dt.timedelta()


class SlaClock(Struct, frozen=True, kw_only=True):
    """A clock as it is stored. While it is paused, `left` is the working time that was left (negative: over).

    `due_at` and `warns_at` of a paused clock are those it was paused with.
    """

    due_at: dt.datetime | None = None
    warns_at: dt.datetime | None = None
    paused_at: dt.datetime | None = None
    left: dt.timedelta | None = None

    @property
    def runs(self) -> bool:
        return self.due_at is not None and self.paused_at is None


def start_clock(*, at: dt.datetime, service: Service, calendar: WorkingCalendar) -> SlaClock:
    """The clock of a case that was opened, or opened again, at that moment."""
    work = dt.timedelta(hours=service.hours)
    return SlaClock(
        due_at=calendar.add(at, work), warns_at=calendar.add(at, work * service.warn_percent / 100)
    )


def pause_clock(*, clock: SlaClock, at: dt.datetime, calendar: WorkingCalendar) -> SlaClock:
    """The clock stands from now on. One that stands already, or never ran, stays as it is."""
    if not clock.runs or clock.due_at is None:
        return clock
    left = calendar.between(at, clock.due_at) if at <= clock.due_at else -calendar.between(clock.due_at, at)
    return SlaClock(due_at=clock.due_at, warns_at=clock.warns_at, paused_at=at, left=left)


def resume_clock(*, clock: SlaClock, at: dt.datetime, calendar: WorkingCalendar) -> SlaClock:
    """The clock goes on with what was left. The warning keeps its working time before the deadline."""
    if clock.paused_at is None or clock.due_at is None:
        return clock
    left = clock.left if clock.left is not None else NOTHING
    if left < NOTHING:  # it was over before it was paused, and stays so: by the same working time
        return SlaClock(due_at=_before(at, -left, calendar), warns_at=clock.warns_at)
    ahead = calendar.between(clock.warns_at, clock.due_at) if clock.warns_at else NOTHING
    return SlaClock(due_at=calendar.add(at, left), warns_at=calendar.add(at, max(left - ahead, NOTHING)))


def weigh_clock(
    *, clock: SlaClock, opened_at: dt.datetime, service: Service, calendar: WorkingCalendar
) -> SlaClock:
    """The clock of a case that was found to be more, or less, severe: as if it had been so from the opening.

    Time that it stood does not count: the deadline moves by the difference.
    """
    fresh = start_clock(at=opened_at, service=service, calendar=calendar)
    if clock.due_at is None or fresh.due_at is None:
        return fresh
    if clock.paused_at is not None:
        used = calendar.between(opened_at, clock.paused_at)
        left = dt.timedelta(hours=service.hours) - used
        return SlaClock(due_at=fresh.due_at, warns_at=fresh.warns_at, paused_at=clock.paused_at, left=left)
    return fresh


def _before(at: dt.datetime, work: dt.timedelta, calendar: WorkingCalendar) -> dt.datetime:
    """The latest whole minute so long ago that at least so much was worked since."""
    days, start = 1, at
    while calendar.between(start, at) < work:
        start = at - dt.timedelta(days=days)
        days *= 2
    step = (at - start) / 2
    while step >= dt.timedelta(minutes=1):  # bisection: working time since only grows the further back
        if calendar.between(start + step, at) >= work:
            start += step
        step /= 2
    return start
