"""Working time: added, counted, closed days, clocks that change. By table and by property."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visibility.flows.calendar import OFFICE, Hours, WorkingCalendar, shifts_of

CHICAGO = "America/Chicago"
NIGHT = WorkingCalendar(zone=CHICAGO, week=(((0, 360),),) * 7)
SPLIT = WorkingCalendar(zone=CHICAGO, week=(*(((480, 720), (780, 1020)),) * 5, (), ()))
HOLIDAYS = WorkingCalendar(
    zone=CHICAGO,
    days=(
        (dt.date(2026, 11, 26), ()),
        (dt.date(2026, 12, 24), ((480, 720),)),
        (dt.date(2026, 11, 28), ((600, 720),)),
    ),
)


def local(text: str, zone: str = CHICAGO, fold: int = 0) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


@pytest.mark.parametrize(
    ("calendar", "start", "hours", "due"),
    [
        (WorkingCalendar(), "2026-11-20 09:00", 9, "2026-11-23 09:00"),  # over a weekend
        (WorkingCalendar(), "2026-11-20 08:00", 9, "2026-11-20 17:00"),  # the last minute is still in time
        (WorkingCalendar(), "2026-11-20 19:00", 1, "2026-11-23 09:00"),  # the evening does not count
        (WorkingCalendar(), "2026-11-21 12:00", 0, "2026-11-23 08:00"),
        (SPLIT, "2026-11-20 11:00", 2, "2026-11-20 14:00"),  # noon does not count
        (HOLIDAYS, "2026-11-25 12:00", 8, "2026-11-27 11:00"),  # Thursday is a holiday
        (HOLIDAYS, "2026-12-23 16:00", 6, "2026-12-25 09:00"),  # a short day
        (HOLIDAYS, "2026-11-27 16:00", 2, "2026-11-28 11:00"),  # a Saturday that is worked
        (NIGHT, "2026-10-31 23:00", 7, "2026-11-01 06:00"),  # the night that is an hour longer
        (NIGHT, "2026-11-01 00:00", 3, "2026-11-01 02:00"),
        (NIGHT, "2026-03-08 00:00", 6, "2026-03-09 01:00"),  # the night that is an hour shorter
    ],
)
def test_hours_are_added_in_working_time(calendar: WorkingCalendar, start: str, hours: int, due: str):
    assert calendar.add_hours(local(start), hours) == local(due)


def test_the_same_hours_are_other_moments_in_another_zone():
    start = dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC)
    denver = WorkingCalendar(zone="America/Denver")
    assert WorkingCalendar(zone=CHICAGO).add_hours(start, 9) == dt.datetime(2026, 11, 23, 15, tzinfo=dt.UTC)
    assert denver.add_hours(start, 9) == dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC) + dt.timedelta(hours=9)


@pytest.mark.parametrize(
    ("day", "closing"),
    [
        ("2026-11-20", "2026-11-20 17:00"),
        ("2026-11-22", "2026-11-23 17:00"),  # a Sunday: nothing can come before Monday
        ("2026-11-26", "2026-11-27 17:00"),  # a holiday
        ("2026-12-24", "2026-12-24 12:00"),
        ("2026-11-28", "2026-11-28 12:00"),
    ],
)
def test_a_day_ends_at_closing_time_and_a_closed_one_with_the_next_open_day(day: str, closing: str):
    assert HOLIDAYS.end_of(dt.date.fromisoformat(day)) == local(closing)


@pytest.mark.parametrize(
    ("week", "days"),
    [
        ((((480, 1020),),) * 6, ()),
        (((),) * 7, ()),
        ((((1020, 480),),) * 7, ()),
        ((((480, 720), (700, 800)),) * 7, ()),
        ((((480, 1500),),) * 7, ()),
        (OFFICE, ((dt.date(2026, 12, 24), ((600, 600),)),)),
    ],
)
def test_a_calendar_in_which_no_deadline_could_be_found_is_refused(week: tuple[Hours, ...], days: tuple):
    with pytest.raises(ValueError, match=r"seven weekdays|spans in their order"):
        WorkingCalendar(week=week, days=days)


def test_a_shift_within_the_hour_that_clocks_skip_is_not_counted_twice():
    calendar = WorkingCalendar(zone=CHICAGO, week=(((0, 165), (180, 360)),) * 7)
    shifts = shifts_of(calendar, dt.date(2026, 3, 8))
    assert [(b - a).total_seconds() / 3600 for a, b in shifts] == [2.75, 2.25]
    assert shifts[0][1] <= shifts[1][0]


def spans() -> st.SearchStrategy[Hours]:
    edges = st.lists(st.integers(0, 1440), max_size=6, unique=True)
    return edges.map(lambda found: tuple(zip(*[iter(sorted(found)[: len(found) // 2 * 2])] * 2, strict=True)))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    week = draw(st.lists(spans(), min_size=7, max_size=7).filter(any))
    odd = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    days = draw(st.dictionaries(odd, spans(), max_size=12))
    zones = ("America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")
    return WorkingCalendar(
        zone=draw(st.sampled_from(zones)), week=tuple(week), days=tuple(sorted(days.items()))
    )


NEW_YEAR = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
moments = st.timedeltas(dt.timedelta(), dt.timedelta(days=365)).map(lambda passed: NEW_YEAR + passed)
work = st.timedeltas(dt.timedelta(), dt.timedelta(hours=200))


def is_working(calendar: WorkingCalendar, moment: dt.datetime) -> bool:
    """Within a shift; opening and closing belong to it."""
    day = moment.astimezone(ZoneInfo(calendar.zone)).date()
    near = [shift for n in (-1, 0, 1) for shift in shifts_of(calendar, day + dt.timedelta(days=n))]
    return any(opening <= moment <= closing for opening, closing in near)


@given(calendar=calendars(), start=moments, amount=work)
def test_a_deadline_is_never_outside_working_time_and_never_before_its_start(calendar, start, amount):
    due = calendar.add(start, amount)
    assert is_working(calendar, due)
    assert due >= start


@given(calendar=calendars(), start=moments, first=work, second=work)
def test_working_time_added_in_two_parts_is_the_same_as_at_once(calendar, start, first, second):
    assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second)


@given(
    calendar=calendars(),
    start=moments,
    later=st.timedeltas(dt.timedelta(), dt.timedelta(days=20)),
    less=work,
    more=work,
)
def test_a_later_start_or_more_work_never_ends_earlier(calendar, start, later, less, more):
    assert calendar.add(start, less) <= calendar.add(start + later, less)
    assert calendar.add(start, min(less, more)) <= calendar.add(start, max(less, more))


@given(calendar=calendars(), start=moments, amount=work)
def test_what_was_added_is_what_is_counted_between(calendar, start, amount):
    assert calendar.between(start, calendar.add(start, amount)) == amount


@given(calendar=calendars(), start=moments, first=work, second=work)
def test_working_time_between_moments_adds_up(calendar, start, first, second):
    middle = start + first
    end = middle + second
    assert calendar.between(start, end) == calendar.between(start, middle) + calendar.between(middle, end)
    assert calendar.between(end, start) == dt.timedelta()
