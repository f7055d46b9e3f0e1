"""Working time: an addition there is a weekend skipped here."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from integrations.sandbox.hours import DAY, HOUR, WorkingHours, working_date

CHICAGO = ZoneInfo("America/Chicago")
HOURS = WorkingHours(CHICAGO)


def chicago(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=CHICAGO)


def test_friday_afternoon_plus_two_hours_is_monday_morning() -> None:
    friday = HOURS.seconds_at(chicago(20, 16))
    assert HOURS.moment(friday + 2 * HOUR) == chicago(23, 9)


@pytest.mark.parametrize("moment", [chicago(21, 3), chicago(22, 23), chicago(23, 7, 59)])
def test_no_work_is_done_at_the_weekend_or_before_eight(moment: datetime) -> None:
    assert HOURS.seconds_at(moment) == HOURS.seconds_at(chicago(20, 17))


def test_a_working_day_has_nine_hours_also_across_the_end_of_summer_time() -> None:
    before, after = datetime(2026, 10, 30, 9, tzinfo=CHICAGO), datetime(2026, 11, 2, 9, tzinfo=CHICAGO)
    assert HOURS.seconds_at(after) - HOURS.seconds_at(before) == DAY


def test_moments_are_told_in_utc_and_dates_are_the_working_ones() -> None:
    moment = HOURS.moment(HOURS.seconds_at(chicago(23, 10)))
    assert (moment, moment.tzinfo) == (datetime(2026, 11, 23, 16, tzinfo=UTC), UTC)
    assert working_date(HOURS.seconds_at(chicago(23, 10)) // DAY) == chicago(23, 10).date()
