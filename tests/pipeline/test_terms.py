"""Whose calendar, from which day on, for which documents: the clocks of orders by their master data."""

import datetime as dt
import io
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from tests.factories import (
    ACME,
    accepted,
    answer,
    answer_line,
    connection,
    invoice,
    kinds,
    line,
    notice,
    order,
    receipt,
    tell,
)
from tests.factories import company as make_company
from visibility.core import clock
from visibility.flows.models import Flow
from visibility.flows.state import Milestone, unpack_view
from visibility.inbox.models import Connection
from visibility.masterdata.models import (
    CalendarDay,
    Company,
    CrossReference,
    Location,
    TradingPartner,
    WorkCalendar,
)
from visibility.pipeline.sweep import rebuild, sweep_due

Rebuilt = Any
LATER = dt.datetime(2027, 6, 1, tzinfo=dt.UTC)
OFFICE = [["08:00-17:00"]] * 5 + [[], []]


@pytest.fixture
def company(db: None) -> Company:
    """Chicago; it has Acme, the Dallas warehouse with a dock in it, and a calendar for two shifts."""
    company = make_company(time_zone="America/Chicago")
    acme = TradingPartner.objects.create(company=company, code="ACME", name="Acme Industries")
    dallas = Location.objects.create(company=company, code="DAL", name="Dallas DC")
    for kind, value, target in (("partner", ACME, acme), ("location", "91:DAL", dallas)):
        CrossReference.objects.create(company=company, kind=kind, value=value, target=target.pk)
    return company


@pytest.fixture
def erp(company: Company) -> Connection:
    return connection(of=company)


def calendar(company: Company, code: str, week: list[list[str]] = OFFICE, **more: Any) -> WorkCalendar:
    return WorkCalendar.objects.create(company=company, code=code, week=week, **more)


def step(name: str, *, number: str = "4500001") -> Milestone:
    view = unpack_view(bytes(Flow.objects.get(number=number).view))
    return next(each for each in view.milestones if each.name == name)


def local(text: str, zone: str = "America/Chicago") -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def dock(day: str) -> dict[str, Any]:
    return line(price="10.00", requests=[{"date": day, "basis": "dock"}])


def test_without_a_calendar_a_place_works_as_its_company_does(erp: Connection) -> None:
    tell(erp, order())
    assert step("acknowledged").due_at == local("2026-11-04 09:00")


def test_deadlines_are_counted_in_the_zone_of_the_receiving_place(erp: Connection) -> None:
    Location.objects.update(time_zone="America/Los_Angeles")
    tell(erp, order("4500001", dock("2026-11-20")))
    # Released at 09:00 in Chicago, before Los Angeles opens: 18 hours are the whole of two days there.
    assert step("acknowledged").due_at == local("2026-11-03 17:00", "America/Los_Angeles")
    assert step("arrived").due_at == local("2026-11-20 17:00", "America/Los_Angeles")


def test_a_place_has_the_calendar_of_the_nearest_place_above_it(company: Company, erp: Connection) -> None:
    region = Location.objects.create(
        company=company, code="SOUTH", calendar=calendar(company, "south", [["06:00-22:00"]] * 7)
    )
    site = Location.objects.create(company=company, code="SITE", parent=region, time_zone="America/Denver")
    Location.objects.filter(code="DAL").update(parent=site)
    tell(erp, order("4500001", dock("2026-11-22")))
    assert step("arrived").due_at == local("2026-11-22 22:00", "America/Denver")  # a Sunday, and worked
    assert step("acknowledged").due_at == local("2026-11-03 10:00", "America/Denver")


def test_a_circle_of_places_does_not_stop_the_pipeline(erp: Connection) -> None:
    place = Location.objects.get(code="DAL")
    Location.objects.filter(pk=place.pk).update(parent=place, time_zone="No/Such_Zone")
    tell(erp, order())
    assert step("acknowledged").due_at == local("2026-11-04 09:00")


def test_the_company_s_calendar_counts_where_no_place_has_one(company: Company, erp: Connection) -> None:
    company.calendar = calendar(company, "office")
    company.save()
    CalendarDay.objects.create(calendar=company.calendar, day=dt.date(2026, 11, 3), name="Election day")
    CalendarDay.objects.create(calendar=company.calendar, day=dt.date(2026, 11, 4), hours=["08:00-12:00"])
    tell(erp, order())
    assert step("acknowledged").due_at == local("2026-11-05 14:00")  # 8 on the 2nd, 4 on the 4th, 6


def test_what_the_partner_does_is_counted_in_the_partner_s_own_calendar(
    company: Company, erp: Connection
) -> None:
    own = calendar(company, "acme", [["09:00-15:00"]] * 5 + [[], []], time_zone="America/New_York")
    TradingPartner.objects.update(calendar=own)
    ship = line(price="10.00", requests=[{"date": "2026-11-20", "basis": "ship"}])
    tell(erp, order("4500001", ship))
    assert step("acknowledged").due_at == local("2026-11-05 10:00", "America/New_York")
    assert step("shipped").due_at == local("2026-11-20 15:00", "America/New_York")
    tell(erp, order("4500002", dock("2026-11-20")))
    assert step("arrived", number="4500002").due_at == local("2026-11-20 17:00")


def test_a_zone_of_the_calendar_s_own_comes_before_that_of_the_place(
    company: Company, erp: Connection
) -> None:
    Location.objects.update(
        time_zone="America/Denver", calendar=calendar(company, "hq", time_zone="America/Chicago")
    )
    tell(erp, order())
    assert step("acknowledged").due_at == local("2026-11-04 09:00")


# Go-live


def before_go_live(erp: Connection) -> None:
    """An order of 2 November, answered for a day in November, sent in part."""
    promise = {"answer": "accepted", "quantity": "100", "unit": "CA", "date": "2026-11-12", "basis": "dock"}
    partly = line("1", 60)
    tell(
        erp,
        order("4500001", dock("2026-11-10")),
        answer("4500001", {"line": "1", "item": {"buyer": "SKU-1042"}, "parts": [promise]}),
        notice("ASN-1", partly),
        order("4500002"),
    )


@pytest.mark.parametrize("owner", ["company", "partner"])
def test_nothing_is_overdue_of_orders_from_before_go_live(
    erp: Connection, owner: str, rebuilt_the_same: Rebuilt
) -> None:
    model = Company if owner == "company" else TradingPartner
    model.objects.update(live_from=dt.date(2026, 11, 3))
    before_go_live(erp)
    assert {flow.look_at for flow in Flow.objects.all()} == {None}
    assert {flow.next_due_at for flow in Flow.objects.all()} == {None}
    assert sweep_due(as_of=LATER) == 0
    assert "acknowledgement_overdue" not in kinds(erp)
    view = unpack_view(bytes(Flow.objects.get(number="4500001").view))
    steps = [each for own in (view, *view.lines) for each in own.milestones]
    assert {each.state(LATER) for each in steps} == {"done", "not_applicable"}
    assert (step("arrived").unclocked, step("arrived").planned_at) == (
        "before_go_live",
        local("2026-11-10 17:00"),
    )
    # It is not at its end for that: what comes is still taken in.
    assert Flow.objects.get(number="4500001").state != Flow.State.DONE
    rebuilt_the_same()


def test_clocks_run_from_the_day_of_go_live_on(erp: Connection) -> None:
    Company.objects.update(live_from=dt.date(2026, 11, 2))
    before_go_live(erp)
    assert sweep_due(as_of=LATER) == 2
    assert "acknowledgement_overdue" in kinds(erp)


@pytest.mark.parametrize(("own", "clocks"), [("2026-10-01", 2), ("2026-11-20", 0)])
def test_a_partner_s_own_day_of_go_live_comes_before_the_company_s(
    erp: Connection, own: str, clocks: int
) -> None:
    Company.objects.update(live_from=dt.date(2026, 11, 3))
    TradingPartner.objects.update(live_from=dt.date.fromisoformat(own))
    before_go_live(erp)
    assert sweep_due(as_of=LATER) == clocks


def test_an_order_that_was_never_sent_is_as_old_as_what_was_first_told_of_it(erp: Connection) -> None:
    Company.objects.update(live_from=dt.date(2026, 11, 11))
    tell(erp, notice("ASN-1"))
    assert step("invoiced").unclocked == "before_go_live"
    tell(
        erp,
        notice("ASN-2", of="4500002", issued_at="2026-11-12T15:00:00Z", shipped_at="2026-11-12T15:00:00Z"),
    )
    assert step("invoiced", number="4500002").due_at == local("2026-11-19 09:00")


def test_a_go_live_day_that_is_set_later_takes_the_clocks_away_with_the_next_look(
    erp: Connection, rebuilt_the_same: Rebuilt
) -> None:
    before_go_live(erp)
    with clock.at(LATER):
        sweep_due(as_of=LATER)
    assert "acknowledgement_overdue" in kinds(erp)
    Company.objects.update(live_from=dt.date(2026, 11, 3))
    assert list(rebuild(check=False)) != []
    assert "acknowledgement_overdue" not in kinds(erp)
    rebuilt_the_same()


# What the partner's programme includes


def test_no_clock_runs_for_an_answer_that_the_partner_does_not_send(erp: Connection) -> None:
    TradingPartner.objects.update(sends_acknowledgements=False)
    tell(erp, order("4500001", dock("2026-11-10")))
    assert step("acknowledged").state(LATER) == "not_applicable"
    assert step("acknowledged").unclocked == "not_in_programme"
    # The next step is waited for at once.
    assert step("shipped").state(dt.datetime(2026, 11, 3, tzinfo=dt.UTC)) == "due"
    with clock.at(LATER):
        sweep_due(as_of=LATER)
    assert "acknowledgement_overdue" not in kinds(erp)
    tell(erp, answer())
    assert step("acknowledged").state(LATER) == "done"


def test_without_ship_notices_the_goods_and_then_the_bill_are_waited_for(erp: Connection) -> None:
    TradingPartner.objects.update(sends_ship_notices=False)
    tell(erp, order("4500001", dock("2026-11-10")), answer())
    assert step("shipped").state(LATER) == "not_applicable"
    assert step("arrived").state(dt.datetime(2026, 11, 9, tzinfo=dt.UTC)) == "due"
    tell(erp, receipt())
    assert step("received").done
    assert step("invoiced").due_at == local("2026-11-23 09:00")  # 45 working hours after the receipt
    tell(erp, invoice())
    assert Flow.objects.get().state in (Flow.State.DONE, Flow.State.ATTENTION)
    assert Flow.objects.get().look_at is None


def test_the_answers_of_a_partner_add_up_where_that_is_agreed(erp: Connection) -> None:
    parts = [
        answer("4500001", answer_line("1", accepted(40)), version="A", id="a"),
        answer("4500001", answer_line("1", accepted(60)), version="B", id="b", at="2026-11-04T15:00:00Z"),
    ]
    tell(erp, order(), *parts)
    assert unpack_view(bytes(Flow.objects.get().view)).lines[0].confirmed == 60
    TradingPartner.objects.update(answers_add=True)
    call_command("rebuild_flows", stdout=io.StringIO())
    assert unpack_view(bytes(Flow.objects.get().view)).lines[0].confirmed == 100


def test_an_order_is_at_its_end_without_the_invoice_that_the_partner_does_not_send(erp: Connection) -> None:
    TradingPartner.objects.update(sends_invoices=False)
    tell(erp, order(), answer(), notice(), receipt())
    assert [step(name).state(LATER) for name in ("invoiced", "matched")] == ["not_applicable"] * 2
    assert Flow.objects.get().next_due_at is None
    tell(erp, invoice())
    assert [step(name).state(LATER) for name in ("invoiced", "matched")] == ["done"] * 2
