"""Working time as one number: seconds worked since a Monday long ago. Mon-Fri, 08:00 to 17:00.

Everything that happens in the sandbox is placed on this line, so nothing is ever sent at night or on
a Sunday, and "three working days later" is an addition.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR = 3600
DAY = 9 * HOUR
_OPENS = 8
_MONDAY = date(2001, 1, 1)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Conversions between moments and working seconds, in one zone."""

    zone: ZoneInfo

    def seconds_at(self, moment: datetime) -> int:
        """Working seconds up to `moment`; outside working hours, up to the last one before it."""
        local = moment.astimezone(self.zone)
        weeks, weekday = divmod((local.date() - _MONDAY).days, 7)
        if weekday > 4:
            return (weeks * 5 + 5) * DAY
        today = (local.hour - _OPENS) * HOUR + local.minute * 60 + local.second
        return (weeks * 5 + weekday) * DAY + min(max(today, 0), DAY)

    def moment(self, seconds: int) -> datetime:
        """The moment, in UTC, at which so many seconds have been worked."""
        day, rest = divmod(seconds, DAY)
        hour, second = divmod(rest, HOUR)
        wall = time(_OPENS + hour, second // 60, second % 60)
        return datetime.combine(working_date(day), wall, self.zone).astimezone(UTC)


def working_date(day: int) -> date:
    """The calendar date of a working day counted from the beginning of the line."""
    weeks, weekday = divmod(day, 5)
    return _MONDAY + timedelta(days=weeks * 7 + weekday)
