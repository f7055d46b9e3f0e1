"""Figures, dates and small bars as look.md wants them written."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from visibility.core import clock
from visibility.flows.calendar import WorkingCalendar
from visibility.web import clocks, words
from visibility.web.drawings import gap_bar

MONDAY = dt.datetime(2026, 11, 23, 15, 42, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [("100", "100"), ("1870.00", "1,870"), ("2.50", "2.5"), ("-40", "−40"), ("0", "0"), ("1E+3", "1,000")],
)
def test_quantities_have_no_idle_zeros_and_a_true_minus(value, text):
    assert words.quantity(Decimal(value)) == text


def test_an_unknown_quantity_is_empty_not_zero():
    assert words.quantity(None) == ""


@pytest.mark.parametrize(("value", "text"), [("12", "+12"), ("-40", "−40"), ("0", "0")])
def test_differences_carry_their_sign(value, text):
    assert words.signed(Decimal(value)) == text


def test_money_has_cents_and_its_currency():
    assert words.money(Decimal("11835.9"), "USD") == "$11,835.90"
    assert words.money(Decimal("-5"), "CHF") == "−CHF 5.00"


def test_prices_keep_the_decimals_they_have():
    assert words.price(Decimal("62")) == "62.00"
    assert words.price(Decimal("0.0485")) == "0.0485"


def test_the_year_is_said_only_when_it_is_another():
    with clock.at(MONDAY):
        assert words.day(dt.date(2026, 12, 3)) == "3 Dec"
        assert words.weekday(dt.date(2026, 12, 3)) == "Thu 3 Dec"
        assert words.day(dt.date(2027, 1, 4)) == "4 Jan 2027"


def test_times_are_those_of_the_current_zone():
    with clock.at(MONDAY), timezone.override("America/Chicago"):
        assert words.moment(MONDAY) == "23 Nov 09:42"
        assert words.due(MONDAY + dt.timedelta(hours=2)) == "11:42"
        assert words.due(MONDAY + dt.timedelta(days=1)) == "24 Nov"


@pytest.mark.parametrize(
    ("minutes", "text"), [(420, "7 h 00"), (48, "0 h 48"), (72 * 60, "3 d"), (72 * 60 - 1, "71 h 59")]
)
def test_spans_read_as_hours_until_three_days(minutes, text):
    assert words.span(dt.timedelta(minutes=minutes)) == text


def test_a_clock_counts_working_time_warns_at_three_quarters_and_is_over_after():
    calendar = WorkingCalendar()
    opened = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)  # Friday 09:00 in Chicago
    due = dt.datetime(2026, 11, 23, 15, 0, tzinfo=dt.UTC)  # Monday 09:00: nine working hours later

    def at(moment: dt.datetime) -> tuple[str, str]:
        found = clocks.of_deadline(opened_at=opened, due_at=due, as_of=moment, calendar=calendar)
        assert found is not None
        return found.status.token, found.status.word

    assert at(opened) == ("go", "9 h 00 left")
    assert at(dt.datetime(2026, 11, 21, 20, 0, tzinfo=dt.UTC)) == ("warn", "1 h 00 left")
    assert at(due + dt.timedelta(hours=2)) == ("bad", "2 h 00 over")


def test_without_a_deadline_there_is_no_clock():
    assert clocks.of_deadline(opened_at=MONDAY, due_at=None, as_of=MONDAY, calendar=WorkingCalendar()) is None


@given(
    had=st.decimals(min_value=0, max_value=100_000, places=3),
    expected=st.decimals(min_value=0, max_value=100_000, places=3),
)
def test_a_gap_bar_is_always_sixty_wide_and_shows_the_smallest_gap(had, expected):
    bar = gap_bar.draw(had=had, expected=expected)
    if had == expected == 0:
        assert bar is None
        return
    assert bar is not None
    assert bar.had + bar.missing + bar.over == pytest.approx(gap_bar.WIDTH, abs=0.1)
    assert (bar.missing > 0) == (had < expected)
    assert (bar.over > 0) == (had > expected)
    assert max(bar.missing, bar.over) == 0 or max(bar.missing, bar.over) >= gap_bar.LEAST


def test_a_gap_of_what_nobody_said_is_not_drawn():
    assert gap_bar.draw(had=None, expected=Decimal(5)) is None
    assert gap_bar.draw(had=Decimal(5), expected=None) is None
