"""Working time on pages: the company's calendar and the clock of an exception."""

import datetime as dt

from visibility.flows.calendar import WorkingCalendar
from visibility.web.drawings.status import Clock, clock_of


def of_deadline(
    *, opened_at: dt.datetime, due_at: dt.datetime | None, as_of: dt.datetime, calendar: WorkingCalendar
) -> Clock | None:
    """The clock from opening to deadline in working time; None where no deadline runs."""
    if due_at is None:
        return None
    used = calendar.between(opened_at, min(as_of, due_at))
    left = (
        calendar.between(as_of, due_at)
        if as_of <= due_at
        else -max(calendar.between(due_at, as_of), dt.timedelta(minutes=1))
    )
    return clock_of(used=used, left=left)
