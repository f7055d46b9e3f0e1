"""Working time: hours of business days in one zone. Pure."""

import datetime as dt
from zoneinfo import ZoneInfo

from msgspec import Struct


class WorkingCalendar(Struct, frozen=True, cache_hash=True):
    """Monday to Friday, `opens` to `closes`, in `zone` (an IANA name)."""

    zone: str = "America/Chicago"
    opens: int = 8
    closes: int = 17
    workdays: tuple[int, ...] = (0, 1, 2, 3, 4)

    def add_hours(self, start: dt.datetime, hours: int) -> dt.datetime:
        """The moment `hours` working hours after `start`. Time outside business hours does not count."""
        zone = ZoneInfo(self.zone)
        moment = start.astimezone(zone)
        left = dt.timedelta(hours=hours)
        while True:
            opening, closing = self._day(moment.date(), zone)
            if moment.weekday() in self.workdays and moment < closing:
                begin = max(moment, opening)
                if begin + left <= closing:
                    return (begin + left).astimezone(dt.UTC)
                left -= closing - begin
            moment = dt.datetime.combine(moment.date() + dt.timedelta(days=1), dt.time(0), zone)

    def end_of(self, day: dt.date) -> dt.datetime:
        """Closing time of that day, whether it is a working day or not, in UTC."""
        return dt.datetime.combine(day, dt.time(self.closes), ZoneInfo(self.zone)).astimezone(dt.UTC)

    def hours_between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Working time from `start` to `end`; zero if `end` is not after `start`."""
        zone = ZoneInfo(self.zone)
        day, total = start.astimezone(zone).date(), dt.timedelta()
        while day <= end.astimezone(zone).date():
            if day.weekday() in self.workdays:
                opening, closing = self._day(day, zone)
                total += max(min(end, closing) - max(start, opening), dt.timedelta())
            day += dt.timedelta(days=1)
        return total

    def _day(self, day: dt.date, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
        return (
            dt.datetime.combine(day, dt.time(self.opens), zone),
            dt.datetime.combine(day, dt.time(self.closes), zone),
        )
