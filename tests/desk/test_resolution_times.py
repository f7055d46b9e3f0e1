"""How long exceptions wait, on two clocks, with what stood left out."""

import datetime as dt

import factories as make
import pytest

from visibility.access.scopes import scope_of_company
from visibility.core import clock
from visibility.flows.calendar import WorkingCalendar
from visibility.masterdata.resolve import forget_kept
from visibility.scorecards.resolution_times import resolution_times, stood_in, worked_between
from visibility.scorecards.spread import Spread, spread_of
from visibility.triage.models import CaseEvent, ExceptionCase

MONDAY = dt.datetime(2026, 11, 23, 14, 0, tzinfo=dt.UTC)  # 08:00 in Chicago, when work begins


def hours(*values: float) -> list[dt.timedelta]:
    return [dt.timedelta(hours=each) for each in values]


def test_a_spread_has_mean_median_and_what_nine_in_ten_do_not_exceed():
    spread = spread_of(hours(4, 1, 2, 3, 10, 6, 7, 8, 9, 5))
    assert (spread.count, spread.mean, spread.median, spread.p90) == (10, *hours(5.5, 5.5, 9))
    assert spread_of(hours(3, 1, 2)).median == hours(2)[0]
    assert spread_of([]) == Spread()


@pytest.mark.parametrize(
    ("events", "worked"),
    [
        ([], 6),
        ([(1, "clock_paused"), (3, "clock_resumed")], 4),
        ([(1, "decided"), (3, "refused")], 4),
        ([(1, "clock_paused"), (2, "clock_paused"), (3, "clock_resumed")], 4),
        ([(4, "clock_paused")], 4),
        ([(1, "clock_resumed")], 6),
    ],
)
def test_what_a_clock_stood_is_no_working_time(events, worked):
    told = [(MONDAY + dt.timedelta(hours=at), what) for at, what in events]
    found = worked_between(
        start=MONDAY, end=MONDAY + dt.timedelta(hours=6), stood=stood_in(told), calendar=WorkingCalendar()
    )
    assert found == dt.timedelta(hours=worked)


@pytest.mark.django_db
def test_times_are_of_what_was_settled_and_what_evidence_closed_is_apart(monkeypatch: pytest.MonkeyPatch):
    forget_kept()
    at = make.connection(of=make.company("northgate", issuer=make.NORTHGATE, time_zone="America/Chicago"))
    for n in range(3):
        number = f"45{n:05}"
        make.tell(at, make.order(number), make.answer(number, make.answer_line("1", make.accepted(60))))
    first, second, third = ExceptionCase.objects.filter(kind="confirmed_short").order_by("pk")
    own = ExceptionCase.objects.filter
    own(pk=first.pk).update(
        opened_at=MONDAY,
        touched_at=MONDAY + dt.timedelta(hours=1),
        resolved_at=MONDAY + dt.timedelta(hours=26),
        closed_at=MONDAY + dt.timedelta(hours=26),
        state="resolved",
        is_open=False,
    )
    CaseEvent.objects.create(case=first, at=MONDAY + dt.timedelta(hours=2), what="clock_paused")
    CaseEvent.objects.create(case=first, at=MONDAY + dt.timedelta(hours=3), what="clock_resumed")
    closed = MONDAY + dt.timedelta(hours=5)
    own(pk=second.pk).update(opened_at=MONDAY, closed_at=closed, state="closed", is_open=False)
    own(pk=third.pk).update(opened_at=MONDAY)
    monkeypatch.setattr(clock, "now", lambda: MONDAY + dt.timedelta(hours=48))
    report = resolution_times(scope=scope_of_company(at.company_id), days=7, by="kind")
    (row,) = [each for each in report.rows if each.name == "confirmed_short"]
    assert (row.settled, row.by_itself, row.open_now, row.oldest) == (1, 1, 1, dt.timedelta(hours=48))
    assert (row.touch_wall.median, row.touch_work.median) == (dt.timedelta(hours=1),) * 2
    assert row.settle_wall.median == dt.timedelta(hours=26)
    # 26 hours by the wall are 9 + 2 working ones, of which one stood.
    assert row.settle_work.median == dt.timedelta(hours=10)
