"""The clock of a case runs in working time, stands while it is paused, and moves with the severity."""

import datetime as dt

import pytest

from visibility.flows.calendar import WorkingCalendar
from visibility.masterdata.service_levels import Service
from visibility.triage.sla import SlaClock, pause_clock, resume_clock, start_clock, weigh_clock

OFFICE = WorkingCalendar(zone="UTC")  # Monday to Friday, 8 to 17
FRIDAY = dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC)
MONDAY = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def started(hours: int = 4) -> SlaClock:
    return start_clock(at=FRIDAY, service=Service(hours, 75), calendar=OFFICE)


def test_a_deadline_over_the_weekend_is_on_monday_and_warns_after_three_quarters():
    clock = started()
    assert clock.due_at == MONDAY + 10 * HOUR
    assert clock.warns_at == MONDAY + 9 * HOUR


@pytest.mark.parametrize(
    ("paused", "resumed", "due"),
    [
        (FRIDAY + HOUR, MONDAY + 12 * HOUR, MONDAY + 15 * HOUR),  # three hours were left
        (FRIDAY, FRIDAY + HOUR, MONDAY + 11 * HOUR),  # an hour of work passed while it stood
        (FRIDAY, FRIDAY + 20 * HOUR, MONDAY + 12 * HOUR),  # Saturday: all four are left, from Monday on
    ],
)
def test_a_pause_keeps_the_working_time_that_was_left(
    paused: dt.datetime, resumed: dt.datetime, due: dt.datetime
):
    stands = pause_clock(clock=started(), at=paused, calendar=OFFICE)
    assert not stands.runs
    goes_on = resume_clock(clock=stands, at=resumed, calendar=OFFICE)
    assert goes_on.runs
    assert goes_on.due_at == due
    assert goes_on.warns_at == due - HOUR


def test_pausing_twice_and_resuming_what_runs_change_nothing():
    once = pause_clock(clock=started(), at=FRIDAY + HOUR, calendar=OFFICE)
    assert pause_clock(clock=once, at=MONDAY + 9 * HOUR, calendar=OFFICE) == once
    assert resume_clock(clock=started(), at=MONDAY, calendar=OFFICE) == started()


def test_a_clock_that_was_over_is_over_by_the_same_working_time_after_a_pause():
    late = pause_clock(clock=started(), at=MONDAY + 12 * HOUR, calendar=OFFICE)
    assert late.left == -2 * HOUR
    again = resume_clock(clock=late, at=MONDAY + 33 * HOUR, calendar=OFFICE)  # Tuesday, 9:00
    assert again.due_at is not None
    over = OFFICE.between(again.due_at, MONDAY + 33 * HOUR)
    assert 2 * HOUR <= over <= 2 * HOUR + dt.timedelta(minutes=1)


def test_another_severity_counts_from_the_opening_and_keeps_a_pause():
    worse = weigh_clock(clock=started(16), opened_at=FRIDAY, service=Service(4), calendar=OFFICE)
    assert worse.due_at == started(4).due_at
    stands = pause_clock(clock=started(16), at=FRIDAY + HOUR, calendar=OFFICE)
    weighed = weigh_clock(clock=stands, opened_at=FRIDAY, service=Service(4), calendar=OFFICE)
    assert (weighed.paused_at, weighed.left) == (stands.paused_at, 3 * HOUR)
