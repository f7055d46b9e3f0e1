"""Orders of which nobody told how much, on their pages: counted, dated, bounded, and never a claim."""

import datetime as dt
import re
from typing import Any

import factories as make
import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.flows.models import Flow
from visibility.flows.selectors import MANY, NEWEST
from visibility.inbox.models import Connection
from visibility.pipeline.trace import trace_key

pytestmark = pytest.mark.django_db
START = dt.datetime(2018, 3, 1, 9, tzinfo=dt.UTC)
PO = {"number": "4507000001", "issuer": "SAP:1000"}


def event(
    number: int, kind: str, *, line: str = "00010", told: make.Json | None = None, **more: Any
) -> make.Json:
    at = (START + dt.timedelta(minutes=number)).isoformat()
    data = {
        "order": PO,
        "supplier": {"name": "Acme"},
        "issued_at": at,
        "lines": [{"line": line, **(told or {})}],
        **more,
    }
    return make.event(kind, data, id=f"log-{number}", time=at)


def ordered(number: int, **more: Any) -> make.Json:
    return event(number, "order.placed", by_line=True, currency="EUR", told={"worth": "500"}, **more)


@pytest.fixture
def log(db: None) -> Connection:
    return make.connection(of=make.company("northgate"), witness="erp")


@pytest.fixture
def desk(log: Connection) -> Client:
    user = User.objects.create_user("maria", password="x", role=Role.BUYER)
    Grant.objects.create(user=user, company=log.company)
    client = Client()
    client.force_login(user)
    return client


def bring(log: Connection, *events: make.Json) -> Flow:
    make.process(log, make.batch(*events))
    return Flow.objects.get()


def words_of(content: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content.decode()))


def entries_on(page: Any) -> int:
    """Entries of the ledger on a page's timeline; cases are none."""
    rows = [row for day in page.context["days"] for row in day.happenings if row.message_id]
    return sum(1 + sum(effect.case_id is None for effect in row.effects) for row in rows)


def page_of(desk: Client, flow: Flow, query: str = "") -> str:
    answer = desk.get(f"/flows/{flow.correlation_id}/{query}")
    assert answer.status_code == 200
    return words_of(answer.content)


def test_the_page_counts_what_happened_and_says_that_quantities_were_not_told(log, desk):
    receipts = [event(n, "goods.received") for n in range(2, 6)]
    back = event(6, "goods.received", reversal=True)
    flow = bring(log, ordered(1), *receipts, back, event(7, "payment.status", status="paid"))
    assert flow.state == "untold"
    assert flow.stage == "paid"
    text = page_of(desk, flow)
    assert "1 line ordered; 4 receipts, 1 taken back; 1 payment; quantities not told." in text
    assert "4 receipts, 1 taken back 1 Mar 2018" in text
    assert "Quantities were not told; what happened is counted." in text
    assert "€500.00 the whole line" in text
    assert "Paid, last 1 Mar 2018" in text
    assert "Complete" not in text


def test_what_is_strange_about_a_line_is_said_on_it(log, desk):
    deleted = event(2, "order.changed", told={"op": "delete"})
    flow = bring(log, ordered(1), deleted, event(3, "goods.received"))
    assert "Deleted, and goods were received" in page_of(desk, flow)


def test_a_long_life_is_shown_by_its_newest_entries_until_all_are_asked_for(log, desk):
    flow = bring(log, ordered(0), *(event(n, "goods.received") for n in range(1, MANY + 1)))
    assert flow.entry_count == MANY + 1
    some = desk.get(f"/flows/{flow.correlation_id}/")
    assert entries_on(some) == NEWEST
    assert f"the last {NEWEST} of {MANY + 1} entries" in words_of(some.content)
    whole = desk.get(f"/flows/{flow.correlation_id}/?entries=all")
    assert entries_on(whole) == MANY + 1
    assert len(whole.content) > 4 * len(some.content)


def test_of_what_was_recorded_last_the_newest_are_those_that_happened_last(log, desk):
    events = [ordered(0), *(event(n, "goods.received") for n in range(1, MANY + 1))]
    bring(log, *events[: -2 * NEWEST])
    bring(log, *events[-NEWEST:])
    flow = bring(log, *events[-2 * NEWEST : -NEWEST])
    page = desk.get(f"/flows/{flow.correlation_id}/")
    told = [row.at for day in page.context["days"] for row in day.happenings if row.message_id]
    assert min(told) == START + dt.timedelta(minutes=MANY - NEWEST + 1)


def test_a_long_life_costs_its_page_no_more_queries_than_a_short_one(log, desk):
    flow = bring(log, ordered(0), event(1, "goods.received"))
    page_of(desk, flow)
    with CaptureQueriesContext(database) as short:
        page_of(desk, flow)
    bring(log, *(event(n, "goods.received") for n in range(2, MANY + 2)))
    with CaptureQueriesContext(database) as long:
        page_of(desk, flow)
    assert len(long) <= len(short)
    assert not any('"flows_flow"."facts",' in query["sql"] for query in long.captured_queries)


def test_the_list_says_that_quantities_and_deadlines_are_not_known(log, desk):
    bring(log, ordered(1), event(2, "goods.received"))
    text = words_of(desk.get("/flows/", {"state": "untold"}).content)
    assert "Quantities not told" in text
    assert "1 line ordered; 1 receipt; quantities not told." in text
    assert "not known" in text
    assert "0 orders" in words_of(desk.get("/flows/", {"state": "open"}).content)


def test_a_trace_has_the_counts_and_unknown_quantities(log, desk):
    bring(log, ordered(1), event(2, "goods.received"), event(3, "goods.received"))
    (found,) = trace_key(scope=make.scope_of_company(log.company_id), key="4507000001")
    (line,) = found["lines"]
    assert (line["ordered"], line["received"], line["worth"]) == (None, None, "500")
    (count,) = line["counts"]
    assert (count["what"], count["times"], count["taken_back"]) == ("received", 2, 0)
    step = next(each for each in found["milestones"] if each["name"] == "received")
    assert step["state"] == "unknown"
    assert step["first_at"] == "2018-03-01T09:02:00+00:00"
    assert step["actual_at"] == "2018-03-01T09:03:00+00:00"
