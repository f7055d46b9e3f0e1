"""`manage.py calendars`: set, set again, refuse, and what it does to orders that are open."""

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.factories import company as make_company
from tests.factories import connection, order, tell
from visibility.core import clock
from visibility.flows.models import Flow
from visibility.masterdata.models import CalendarDay, Company, Location, TradingPartner, WorkCalendar
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline.sweep import sweep_due

FILE = """
[company]
code = "northgate"
calendar = "office"
live_from = 2026-03-01

[calendars.office]
name = "Office"
monday = ["08:00-12:00", "13:00-17:00"]
tuesday = ["08:00-17:00"]
days = [
    {date = 2026-11-26, name = "Thanksgiving"},
    {date = 2026-12-24, name = "Christmas Eve", hours = ["08:00-12:00"]},
]

[calendars.dock]
time_zone = "America/Denver"
saturday = ["06:00-22:00"]

[places.DAL]
calendar = "dock"
time_zone = "America/Chicago"

[partners.ACME]
calendar = "dock"
live_from = 2026-06-01
acknowledgement_hours = 9
sends = ["acknowledgements", "invoices"]
"""


@pytest.fixture(autouse=True)
def company(db: None) -> Company:
    forget_kept()
    company = make_company("northgate")
    TradingPartner.objects.create(company=company, code="ACME")
    Location.objects.create(company=company, code="DAL")
    return company


def run(folder: Path, text: str, *options: str) -> str:
    file, told = folder / "calendars.toml", io.StringIO()
    file.write_text(text)
    call_command("calendars", str(file), *options, stdout=told)
    return told.getvalue()


def run_json(folder: Path, text: str, *options: str) -> Any:
    return json.loads(run(folder, text, "--json", *options))


def test_a_file_sets_calendars_and_who_uses_them(tmp_path: Path, company: Company) -> None:
    told = run(tmp_path, FILE)
    assert "changed       partners.ACME.live_from" in told
    company.refresh_from_db()
    office, dock = (WorkCalendar.objects.get(code=code) for code in ("office", "dock"))
    assert (company.calendar, company.live_from) == (office, dt.date(2026, 3, 1))
    assert office.week == [["08:00-12:00", "13:00-17:00"], ["08:00-17:00"], [], [], [], [], []]
    assert list(office.days.values_list("day", "hours")) == [
        (dt.date(2026, 11, 26), []),
        (dt.date(2026, 12, 24), ["08:00-12:00"]),
    ]
    place, partner = Location.objects.get(code="DAL"), TradingPartner.objects.get(code="ACME")
    assert (place.calendar, place.time_zone) == (dock, "America/Chicago")
    assert (partner.calendar, partner.live_from) == (dock, dt.date(2026, 6, 1))
    assert partner.acknowledgement_hours == 9
    sends = (partner.sends_acknowledgements, partner.sends_ship_notices, partner.sends_invoices)
    assert sends == (True, False, True)


def test_setting_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    run(tmp_path, FILE)
    days = list(CalendarDay.objects.values_list("pk", flat=True))
    assert run_json(tmp_path, FILE) == {"changed": [], "orders": 0, "check": False}
    assert list(CalendarDay.objects.values_list("pk", flat=True)) == days


def test_what_a_file_does_not_name_stays_and_what_it_clears_is_gone(tmp_path: Path, company: Company) -> None:
    run(tmp_path, FILE)
    head = '[company]\ncode = "northgate"\n'
    clear = 'calendar = ""\nlive_from = false\nacknowledgement_hours = false\n'
    told = run_json(tmp_path, f"{head}[partners.ACME]\n{clear}")
    assert told["changed"] == [
        f"partners.ACME.{n}" for n in ("calendar", "live_from", "acknowledgement_hours")
    ]
    partner = TradingPartner.objects.get(code="ACME")
    assert (partner.calendar, partner.live_from, partner.acknowledgement_hours) == (None, None, None)
    company.refresh_from_db()
    assert company.live_from == dt.date(2026, 3, 1)
    assert not partner.sends_ship_notices


def test_checking_a_file_changes_nothing(tmp_path: Path, company: Company) -> None:
    told = run_json(tmp_path, FILE, "--check")
    assert "calendars.office.week" in told["changed"]
    assert not WorkCalendar.objects.exists()
    company.refresh_from_db()
    assert company.live_from is None


def test_a_file_that_names_what_is_not_there_sets_nothing(tmp_path: Path) -> None:
    text = FILE + '[places.NOWHERE]\ncalendar = "dock"\n[partners.NOBODY]\ncalendar = "shifts"\n'
    with pytest.raises(CommandError) as refused:
        run(tmp_path, text)
    told = str(refused.value)
    assert 'calendars.toml: places.NOWHERE: there is no place with the code "NOWHERE"' in told
    assert 'partners.NOBODY: there is no partner with the code "NOBODY"' in told
    assert told.endswith("Nothing was changed.")
    assert not WorkCalendar.objects.exists()
    with pytest.raises(CommandError, match='there is no calendar "shift"; there are: dock, office'):
        run(tmp_path, FILE.replace('calendar = "office"', 'calendar = "shift"'))
    with pytest.raises(CommandError, match='there is no company "southgate"'):
        run(tmp_path, FILE.replace('"northgate"', '"southgate"'))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("calendars", str(tmp_path / "missing.toml"))


def test_open_orders_get_their_new_deadlines_with_the_next_sweep(tmp_path: Path, company: Company) -> None:
    erp = connection(of=company)
    with clock.at(dt.datetime(2026, 11, 2, 16, tzinfo=dt.UTC)):
        tell(erp, order())
        before = Flow.objects.get().next_due_at
        office = ["08:00-12:00"]
        hours = "".join(
            f"{day} = {office}\n" for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
        )
        text = f'[company]\ncode = "northgate"\ncalendar = "half"\n[calendars.half]\n{hours}'
        assert run_json(tmp_path, text)["orders"] == 1
        assert Flow.objects.get().next_due_at == before
        assert sweep_due(as_of=clock.now()) == 1
        after = Flow.objects.get()
        # 3 hours on the 2nd, 4 on each of the next three days, 3 on the 6th.
        assert after.next_due_at == after.look_at == dt.datetime(2026, 11, 6, 17, tzinfo=dt.UTC)
        assert sweep_due(as_of=clock.now()) == 0
        assert run_json(tmp_path, text, "--again") == {"changed": [], "orders": 1, "check": False}
