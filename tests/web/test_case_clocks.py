"""The clock of an exception runs in the calendar that its deadline was counted in."""

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from tests.factories import ACME, company, connection, order, tell
from visibility.access.scopes import scope_of_company
from visibility.core import clock
from visibility.flows.calendar import WorkingCalendar
from visibility.masterdata.models import CrossReference, Location, TradingPartner, WorkCalendar
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline.sweep import sweep_due
from visibility.triage.lists import list_cases
from visibility.triage.selectors import CaseRow
from visibility.web import clocks

OTHERWISE = WorkingCalendar(zone="UTC")


@pytest.mark.django_db
def test_the_clock_of_a_case_runs_in_the_partner_s_calendar_and_costs_few_queries():
    forget_kept()
    northgate = company()
    shifts = WorkCalendar.objects.create(
        company=northgate, code="shifts", time_zone="America/Denver", week=[["06:00-22:00"]] * 7
    )
    acme = TradingPartner.objects.create(company=northgate, code="ACME", calendar=shifts)
    dallas = Location.objects.create(company=northgate, code="DAL", time_zone="America/New_York")
    for kind, value, target in (("partner", ACME, acme), ("location", "91:DAL", dallas)):
        CrossReference.objects.create(company=northgate, kind=kind, value=value, target=target.pk)
    erp = connection(of=northgate)
    later = dt.datetime(2026, 11, 10, 12, tzinfo=dt.UTC)
    with clock.at(later):
        tell(erp, *(order(f"45{n:05}") for n in range(4)))
        sweep_due(as_of=later)
    rows = [row for row in list_cases(scope=scope_of_company(northgate.pk)).rows if row.due_at]
    assert len(rows) == 4
    assert _queries(rows[:1]) == _queries(rows) > 0
    assert _queries([]) == 0
    calendar_of = clocks.calendars_of(rows, otherwise=OTHERWISE)
    assert {(calendar_of(row).zone, calendar_of(row).week[6]) for row in rows} == {
        ("America/Denver", ((360, 1320),))
    }
    # Released Monday 08:00 in Denver, 18 working hours later.
    assert rows[0].due_at == dt.datetime(2026, 11, 3, 10, tzinfo=ZoneInfo("America/Denver"))


def _queries(rows: Sequence[CaseRow]) -> int:
    with CaptureQueriesContext(database) as asked:
        clocks.calendars_of(rows, otherwise=OTHERWISE)
    return len(asked)
