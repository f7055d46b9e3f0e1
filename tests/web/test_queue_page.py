"""The queue page: rail, views, filters, columns, rows drawn anew."""

import re
from urllib.parse import parse_qs, urlsplit

import factories as make
import pytest
from django.test import Client
from drawn import NOON

from visibility.access.models import Grant
from visibility.access.scopes import Scope, scope_of_user
from visibility.accounts.models import Role, User
from visibility.inbox.models import Connection
from visibility.masterdata.resolve import forget_kept
from visibility.triage.models import ExceptionCase, ExceptionQueue
from visibility.triage.working import assign_cases, snooze_cases

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(db: None) -> Connection:
    """Three orders, each answered short."""
    forget_kept()
    connection = make.connection(of=make.company("northgate", issuer=make.NORTHGATE))
    short = make.answer_line("1", make.accepted(60))
    make.tell(
        connection,
        *(make.order(f"450000{n}") for n in (1, 2, 3)),
        *(make.answer(f"450000{n}", short, coverage="detail") for n in (1, 2, 3)),
    )
    return connection


def person(at: Connection, name: str = "maria", role: Role = Role.BUYER, **more: object) -> User:
    user = User.objects.create_user(name, password="x", first_name=name.title(), last_name="Ortiz", role=role)
    Grant.objects.create(user=user, company=at.company, **more)
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ids_of(page: str) -> list[int]:
    return [int(each) for each in re.findall(r'<tr id="case-(\d+)"', page)]


def short_cases() -> list[ExceptionCase]:
    return list(ExceptionCase.objects.filter(kind="confirmed_short").order_by("id"))


def read(client: Client, query: str = "") -> str:
    answer = client.get(f"/cases/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_rail_leads_to_mine_the_queues_and_what_is_not_open(told: Connection):
    maria = person(told)
    short = [case.pk for case in short_cases()]
    client = client_of(maria)
    assert set(short) < set(ids_of(read(client)))
    from_rail = re.findall(
        r'<a href="([^"]+)"[^>]*>(?:Assigned to me|Watching|Mentions|Snoozed|Waiting)', read(client)
    )
    assert len(from_rail) == 5
    for link in from_rail:
        assert ids_of(read(client, f"?{urlsplit(link).query}")) == []


def test_what_is_mine_and_what_is_nobody_s_are_views_with_their_counts(told: Connection):
    maria = person(told)
    first, *others = short_cases()
    scope = _scope(maria)
    assert assign_cases(scope=scope, user=maria, case_ids=[first.pk], assignee=maria) == []
    client = client_of(maria)
    page = read(client, "?assignee=me")
    assert ids_of(page) == [first.pk]
    assert "Assigned to me</h1>" in page
    assert sorted(ids_of(read(client, "?assignee=none&kind=confirmed_short"))) == [case.pk for case in others]
    tabs = re.findall(r'">([^<>]+) <span class="count">(\d+)', page)
    assert ("Mine", "1") in tabs
    assert ("Unassigned", "5") in tabs
    assert "M. Ortiz" in page


def test_snoozed_cases_are_in_their_own_part_of_the_rail(told: Connection):
    maria = person(told)
    case = short_cases()[0]
    until = NOON.replace(day=30)
    snooze_cases(scope=_scope(maria), user=maria, case_ids=[case.pk], until=until)
    client = client_of(maria)
    assert case.pk not in ids_of(read(client))
    page = read(client, "?state=snoozed")
    assert ids_of(page) == [case.pk]
    assert re.search(r"Snoozed<span class=\"figure\">1<", page)


def test_columns_are_those_of_the_address_and_their_order_too(told: Connection):
    client = client_of(person(told))
    heads = re.findall(r"<th [^>]*>(?:<a[^>]*>)?([^<]+)", read(client, "?columns=assignee&columns=gap"))
    assert [each.strip() for each in heads] == ["Case", "What happened", "Assignee", "Gap"]
    usual = read(client, "?columns=nonsense")
    assert "SLA clock" in usual
    # The choice stays when a filter is set.
    assert '<input type="hidden" name="columns" value="gap">' in read(client, "?columns=gap")


def test_a_queue_of_the_company_has_its_own_columns_and_name(told: Connection):
    ExceptionQueue.objects.create(
        company=told.company, code="dallas", name="Dallas DC", columns=["kind", "gap"]
    )
    ExceptionCase.objects.filter(pk=short_cases()[0].pk).update(queue="dallas")
    page = read(client_of(person(told)), "?queue=dallas")
    heads = [each.strip() for each in re.findall(r"<th [^>]*>(?:<a[^>]*>)?([^<]+)", page)]
    assert heads == ["Case", "What happened", "Kind", "Gap"]
    assert "Dallas DC</h1>" in page


def test_a_view_is_saved_shown_as_a_tab_renamed_and_dropped(told: Connection):
    maria, jin = person(told), person(told, "jin")
    client = client_of(maria)
    query = "kind=confirmed_short&columns=gap&cursor=abc"
    answer = client.post(
        "/cases/views/", {"query": query, "name": "Acme, small", "shared": "1", "do": "save"}
    )
    assert parse_qs(urlsplit(answer["Location"]).query) == {"kind": ["confirmed_short"], "columns": ["gap"]}
    page = read(client, "?kind=confirmed_short&columns=gap")
    assert re.search(r'aria-current="page">Acme, small <span class="count">3<', page)
    assert "Acme, small" in read(client_of(jin))
    number = re.search(r'name="view" value="(\d+)"', page)
    assert number is not None
    # What somebody shares is theirs to change.
    client_of(jin).post("/cases/views/", {"view": number[1], "do": "delete"})
    client.post("/cases/views/", {"view": number[1], "do": "rename", "name": "Small shorts", "query": query})
    assert "Small shorts" in read(client)
    client.post("/cases/views/", {"view": number[1], "do": "delete", "query": query})
    assert "Small shorts" not in read(client)


def test_a_private_view_is_nobody_else_s(told: Connection):
    client_of(person(told)).post("/cases/views/", {"query": "sla=over", "name": "My own", "do": "save"})
    assert "My own" not in read(client_of(person(told, "jin")))


def test_rows_on_a_screen_are_drawn_anew_in_their_places_and_say_what_changed(told: Connection):
    client = client_of(person(told))
    first, second, third = short_cases()
    later = NOON.replace(hour=13)
    ExceptionCase.objects.filter(pk=first.pk).update(gap="-10", changed_at=later)
    ExceptionCase.objects.filter(pk=third.pk).update(
        state="closed", is_open=False, close_reason="Answered whole.", closed_at=later, changed_at=later
    )
    asked = [f"{case.pk}:-40" for case in (third, first, second)]
    answer = client.get("/cases/rows/", {"row": asked, "since": NOON.isoformat()})
    rows = answer.content.decode()
    assert ids_of(rows) == [third.pk, first.pk, second.pk]
    drawn = rows.split("<tr ")[1:]
    assert 'class="gone"' in drawn[0]
    assert "Answered whole." in drawn[0]
    assert 'type="checkbox"' not in drawn[0]
    assert re.search(r"\d\d:00 was −40", drawn[1])
    assert "tag" not in drawn[2]


def test_a_reader_of_one_partner_s_part_chooses_nothing(told: Connection):
    supplier = told.company.tradingpartner_set.earliest("id")
    client = client_of(person(told, "acme", partner=supplier))
    page = read(client)
    assert ids_of(page)
    assert 'name="case"' not in page
    case = short_cases()[0]
    assert client.post("/cases/bulk/", {"do": "assign", "assignee": "me", "case": case.pk}).status_code == 404
    case.refresh_from_db()
    assert case.assignee_id is None


def _scope(user: User) -> Scope:
    return scope_of_user(user)
