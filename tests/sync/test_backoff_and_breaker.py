"""How long nobody tries, and when nobody tries at all."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visibility.sync import backoff, breaker
from visibility.sync.ports import Delivery

MOST = lambda low, high: high  # noqa: E731  the dice at their highest
LEAST = lambda low, high: low  # noqa: E731


def test_the_bound_doubles_and_stops_at_a_quarter_of_an_hour():
    pauses = [backoff.next_pause(failures=n, asked=None, dice=MOST) for n in (1, 2, 3, 4, 12, 10_000)]
    assert pauses == [2, 4, 8, 16, 900, 900]


@given(st.integers(0, 500), st.floats(0, 1))
def test_any_pause_is_longer_than_nothing_and_no_longer_than_its_bound(failures, share):
    dice = lambda low, high: low + (high - low) * share  # noqa: E731
    pause = backoff.next_pause(failures=failures, asked=None, dice=dice)
    assert backoff.LEAST_SECONDS <= pause <= backoff.LONGEST_SECONDS


@given(st.integers(-5, 10**7), st.integers(1, 30))
def test_nobody_comes_back_before_the_time_that_was_asked_for(seconds, failures):
    asked = dt.timedelta(seconds=seconds)
    pause = backoff.next_pause(failures=failures, asked=asked, dice=LEAST)
    assert pause >= min(max(seconds, 0), backoff.LONGEST_ASKED)
    assert pause <= backoff.LONGEST_ASKED * 1.1


def fail(kind: str = "unavailable") -> Delivery:
    return Delivery(result="retry", failure=kind)  # type: ignore[arg-type]


def test_after_five_failures_in_a_row_nothing_goes_out_and_for_longer_each_time():
    failures, pauses = 0, []
    for _ in range(12):
        verdict = breaker.judge(failures=failures, delivery=fail(), dice=MOST)
        failures = verdict.failures
        pauses.append(verdict.pause)
    assert pauses == [None] * 4 + [10, 20, 40, 80, 160, 300, 300, 300]


@pytest.mark.parametrize("kind", ["refused", "invalid", "not_found", "conflict", ""])
def test_a_refusal_says_that_the_system_is_there(kind):
    assert breaker.judge(failures=9, delivery=fail(kind), dice=MOST) == breaker.Verdict(0)


def test_who_is_throttled_waits_as_asked_and_counts_no_failure():
    delivery = Delivery(result="retry", failure="throttled", retry_after=dt.timedelta(seconds=7))
    assert breaker.judge(failures=3, delivery=delivery, dice=MOST) == breaker.Verdict(3, 7.0)
