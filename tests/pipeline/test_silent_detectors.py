"""Silent detectors note what they would have opened; switched on, they open what is true then."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from factories import accepted, answer, answer_line, company, connection, kinds, order, receipt, tell, trace
from factories import line as order_line

from visibility.access.scopes import scope_of_company
from visibility.core import clock
from visibility.counters.selectors import count_by
from visibility.flows.models import Flow
from visibility.inbox.models import Connection
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import Company, CrossReference, GoLiveWord, TradingPartner
from visibility.pipeline.chores import TASKS
from visibility.pipeline.counters import find_differences
from visibility.pipeline.sweep import rebuild, sweep_due
from visibility.pipeline.switching import mark_newly_live, open_what_is_live, set_live_from, switch_detectors
from visibility.triage.lists import list_cases
from visibility.triage.models import CaseEvent, ExceptionCase
from visibility.triage.selectors import cases_of_flow
from visibility.triage.silent import count_silent, list_silent

SHORT = answer("4500001", answer_line("1", accepted(60)))
LATER = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
MAPPING = ("unknown_item", "unknown_place", "unknown_partner")


@pytest.fixture
def at(db: None) -> Connection:
    return connection(of=company("northgate"), name="in")


def partner_of(at: Connection) -> TradingPartner:
    acme, _ = TradingPartner.objects.get_or_create(company=at.company, code="ACME", name="Acme Industries")
    CrossReference.objects.get_or_create(
        company=at.company, kind="partner", value="ZZ:ACMEIND", defaults={"target": acme.pk}
    )
    return acme


def switch(at: Connection, mode: str, *, partner=None, kind: str = "") -> int:
    return switch_detectors(
        company=at.company, partner=partner, kind=kind, mode=mode, speaker=Speaker("Jin", "cut-over")
    )


def would_have(at: Connection) -> dict[str, tuple[int, int]]:
    found = count_silent(scope=scope_of_company(at.company_id))
    return {each.kind: (each.would_have, each.still) for each in found if each.kind not in MAPPING}


def state_of(number: str = "4500001") -> tuple[str, int]:
    flow = Flow.objects.get(number=number)
    return flow.state, flow.open_cases


def test_what_a_silent_detector_finds_is_noted_and_is_on_no_list(at: Connection) -> None:
    switch(at, "silent")
    tell(at, order(), SHORT)
    scope = scope_of_company(at.company_id)
    assert would_have(at) == {"confirmed_short": (1, 1)}
    assert list_cases(scope=scope, state="").count == 0
    assert cases_of_flow(scope=scope, correlation_id=Flow.objects.get().correlation_id) == []
    assert trace("4500001", at=at)["cases"] == []
    assert state_of() == ("open", 0)
    assert CaseEvent.objects.count() == 0
    (row,) = [each for each in list_silent(scope=scope).rows if each.kind == "confirmed_short"]
    assert (row.order_number, row.line, row.still) == ("4500001", "1", True)
    assert "60 of 100" in row.summary


def test_what_would_have_closed_by_itself_is_counted_and_not_true_any_more(at: Connection) -> None:
    switch(at, "silent")
    tell(at, order(), SHORT)
    tell(at, answer("4500001", answer_line("1", accepted(100)), at="2026-11-04T15:00:00Z"))
    assert would_have(at) == {"confirmed_short": (1, 0)}
    tell(at, answer("4500001", answer_line("1", accepted(70)), at="2026-11-05T15:00:00Z"))
    assert would_have(at) == {"confirmed_short": (1, 1)}
    assert find_differences() == []


def test_switching_on_opens_what_is_true_then_and_nothing_else(at: Connection) -> None:
    switch(at, "silent")
    tell(at, order("1"), answer("1", answer_line("1", accepted(60))))
    tell(at, order("2"), answer("2", answer_line("1", accepted(60))))
    tell(at, answer("2", answer_line("1", accepted(100)), at="2026-11-04T15:00:00Z"))
    assert switch(at, "live") == 2  # the second has an item that nobody knows
    sweep_due(as_of=clock.now())
    assert kinds(at) == {"confirmed_short"}
    case = ExceptionCase.objects.get(kind="confirmed_short", is_open=True)
    assert (case.order_number, case.state, case.times_reopened) == ("1", "new", 0)
    assert [event.what for event in case.events.all()] == ["opened"]
    assert state_of("1") == ("attention", 4)
    assert would_have(at) == {"confirmed_short": (1, 0)}
    assert find_differences() == []


def test_one_kind_of_one_partner_is_switched_on_alone(at: Connection) -> None:
    acme = partner_of(at)
    switch(at, "silent")
    tell(at, order(), answer("4500001", answer_line("1", accepted(60), price="11.00")))
    assert would_have(at) == {"confirmed_short": (1, 1), "price_changed": (1, 1)}
    switch(at, "live", partner=acme, kind="price_changed")
    assert open_what_is_live(company=Company.objects.get(pk=at.company_id)) == 1
    assert kinds(at) == {"price_changed"}
    assert would_have(at) == {"confirmed_short": (1, 1)}


def test_a_partner_is_silent_while_the_company_is_live(at: Connection) -> None:
    acme = partner_of(at)
    switch(at, "silent", partner=acme)
    other = {"supplier": {"ids": ["ZZ:OTHER"], "name": "Other"}}
    tell(at, order(), SHORT)
    tell(at, order("2", **other), answer("2", answer_line("1", accepted(60)), **other))
    open_orders = ExceptionCase.objects.filter(is_open=True, kind="confirmed_short")
    assert [case.order_number for case in open_orders] == ["2"]
    switch(at, "inherit", partner=acme)
    sweep_due(as_of=clock.now())
    assert {case.order_number for case in open_orders.all()} == {"2", "4500001"}


def test_a_case_that_is_on_the_desk_stays_there_when_its_detector_falls_silent(at: Connection) -> None:
    tell(at, order(), SHORT)
    switch(at, "silent")
    tell(at, answer("4500001", answer_line("1", accepted(50)), at="2026-11-04T15:00:00Z"))
    assert kinds(at) == {"confirmed_short"}
    tell(at, answer("4500001", answer_line("1", accepted(100)), at="2026-11-05T15:00:00Z"))
    assert kinds(at) == set()
    tell(at, answer("4500001", answer_line("1", accepted(40)), at="2026-11-06T15:00:00Z"))
    assert kinds(at) == set()


def test_deadlines_are_noted_by_sweeps_only_as_their_cases_are(at: Connection) -> None:
    switch(at, "silent")
    tell(at, order())
    assert would_have(at) == {}
    sweep_due(as_of=LATER)
    assert would_have(at) == {"acknowledgement_overdue": (1, 1)}
    assert kinds(at) == set()
    tell(at, SHORT)
    assert would_have(at) == {"acknowledgement_overdue": (1, 0), "confirmed_short": (1, 1)}


def test_before_the_day_of_go_live_every_detector_of_the_partner_is_silent(at: Connection) -> None:
    acme = partner_of(at)
    today = clock.now().date()
    set_live_from(
        company=at.company, partner=acme, live_from=today + dt.timedelta(days=30), speaker=Speaker("Jin")
    )
    tell(at, order(), SHORT)
    assert (kinds(at), would_have(at)) == (set(), {"confirmed_short": (1, 1)})
    set_live_from(
        company=at.company, partner=acme, live_from=today - dt.timedelta(days=1), speaker=Speaker("Jin")
    )
    sweep_due(as_of=clock.now())
    assert kinds(at) == {"confirmed_short"}


def test_the_day_of_go_live_comes_by_itself(at: Connection) -> None:
    acme = partner_of(at)
    soon = clock.now().date() + dt.timedelta(days=30)
    set_live_from(company=at.company, partner=acme, live_from=soon, speaker=Speaker("Jin"))
    tell(at, order(), SHORT)
    sweep_due(as_of=clock.now())
    mark_newly_live()
    assert sweep_due(as_of=clock.now()) == 0
    TradingPartner.objects.filter(pk=acme.pk).update(live_from=clock.now().date() - dt.timedelta(days=1))
    mark_newly_live()
    sweep_due(as_of=clock.now())
    assert kinds(at) == {"confirmed_short"}
    assert "go live" in {task.name for task in TASKS}


def test_every_word_on_going_live_is_kept_with_who_said_it(at: Connection) -> None:
    acme, day = partner_of(at), dt.date(2026, 12, 1)
    set_live_from(company=at.company, partner=None, live_from=day, speaker=Speaker("Jin", "first wave"))
    set_live_from(company=at.company, partner=None, live_from=day, speaker=Speaker("Jin", "again"))
    switch(at, "silent", partner=acme, kind="confirmed_short")
    words = GoLiveWord.objects.order_by("id").values_list(
        "what", "partner", "live_from", "kind", "mode", "who"
    )
    assert list(words) == [
        ("live_from", None, day, "", "", "Jin"),
        ("detectors", acme.pk, None, "confirmed_short", "silent", "Jin"),
    ]


def test_rebuilding_finds_no_difference_in_a_silent_run_and_tells_nothing_twice(at: Connection) -> None:
    switch(at, "silent")
    tell(at, order(), SHORT, receipt("R-1", order_line(quantity=90)))
    noted = would_have(at)
    assert list(rebuild(check=True)) == []
    assert list(rebuild(check=False)) == []
    assert would_have(at) == noted
    assert count_by(scope=scope_of_company(at.company_id), what="case", by="queue") == {}


def test_silence_costs_no_query_more(at: Connection) -> None:
    """A chunk of a company with silent detectors asks what a chunk of one without asks."""
    other = connection(of=company("southgate"), name="other")
    switch(other, "silent", kind="confirmed_over")
    counted = []
    for each in (at, other):
        tell(each, order("7"))
        with CaptureQueriesContext(database) as queries:
            tell(each, answer("7", at="2026-11-04T15:00:00Z"))
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_the_commands_say_switch_and_open(at: Connection) -> None:
    partner_of(at)
    call_command("detectors", "silent", company="northgate", stdout=StringIO())
    tell(at, order(), SHORT)
    said = StringIO()
    call_command("silent_run", company="northgate", as_json=True, stdout=said)
    report = json.loads(said.getvalue())
    assert report["would_have_opened"] == report["true_still"] == 3
    assert {"kind": "confirmed_short", "partner": "Acme Industries"}.items() <= next(
        each for each in report["by"] if each["kind"] == "confirmed_short"
    ).items()
    said = StringIO()
    call_command("silent_run", partner="ACME", since="2026-01-01", stdout=said)
    assert "would have opened 3 cases; 3 are true still" in said.getvalue()
    said = StringIO()
    call_command("detectors", "live", company="northgate", reason="go", as_json=True, stdout=said)
    assert json.loads(said.getvalue())["orders"] == 1
    assert kinds(at) == {"confirmed_short"}
    call_command("go_live", "2026-12-01", company="northgate", partner="ACME", stdout=StringIO())
    said = StringIO()
    call_command("go_live", company="northgate", partner="ACME", as_json=True, stdout=said)
    assert [word["said"] for word in json.loads(said.getvalue())] == ["2026-12-01"]
