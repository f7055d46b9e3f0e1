"""Work on many cases at once, with scripts and without."""

import re

import factories as make
import pytest
from django.test import Client
from drawn import NOON

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.desk.models import Resolution
from visibility.masterdata.resolve import forget_kept
from visibility.triage.models import CaseComment, CaseWatcher, ExceptionCase
from visibility.web.cases import toasts

pytestmark = pytest.mark.django_db
SWAP = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def cases(db: None) -> list[ExceptionCase]:
    """Three orders, each answered short."""
    forget_kept()
    connection = make.connection(of=make.company("northgate", issuer=make.NORTHGATE))
    short = make.answer_line("1", make.accepted(60))
    make.tell(
        connection,
        *(make.order(f"450000{n}") for n in (1, 2, 3)),
        *(make.answer(f"450000{n}", short, coverage="detail") for n in (1, 2, 3)),
    )
    return list(ExceptionCase.objects.filter(kind="confirmed_short").order_by("id"))


def person(cases: list[ExceptionCase], name: str = "maria", role: Role = Role.BUYER) -> User:
    user = User.objects.create_user(name, password="x", first_name=name.title(), last_name="Ortiz", role=role)
    Grant.objects.create(user=user, company=cases[0].company)
    return user


@pytest.fixture
def maria(cases: list[ExceptionCase]) -> User:
    return person(cases)


@pytest.fixture
def client(maria: User) -> Client:
    client = Client()
    client.force_login(maria)
    return client


def ids(cases: list[ExceptionCase]) -> list[int]:
    return [case.pk for case in cases]


def test_the_bar_says_how_many_what_they_share_and_their_sums(client, cases):
    said = client.get("/cases/bulk/", {"case": ids(cases[:2])}, **SWAP).content.decode()
    assert re.search(r"2 selected</b> <span class=\"soft\">.*80 CA short", said)
    assert "Acme Industries" in said
    assert "<html" not in said


def test_the_common_decision_comes_first_without_the_figures_of_one_of_them(client, cases):
    said = client.get("/cases/bulk/", {"case": ids(cases)}, **SWAP).content.decode()
    first = re.search(r'class="button primary" data-key="e">([^<]+)', said)
    assert first is not None
    assert first[1].strip()
    assert not re.search(r"\d", first[1])
    one = client.get("/cases/bulk/", {"case": ids(cases[:1])}, **SWAP).content.decode()
    assert re.search(r'data-key="e">[^<]*\d', one)


def test_cases_are_assigned_together_and_undone_to_whoever_had_them(client, cases, maria):
    jin = person(cases, "jin")
    ExceptionCase.objects.filter(pk=cases[0].pk).update(assignee=jin)
    answer = client.post("/cases/bulk/", {"do": "assign", "assignee": "me", "case": ids(cases)}, **SWAP)
    assert set(ExceptionCase.objects.filter(pk__in=ids(cases)).values_list("assignee", flat=True)) == {
        maria.pk
    }
    toast = answer.content.decode()
    assert "3 assigned." in toast
    token = re.search(r'name="undo" value="([^"]+)"', toast)
    assert token is not None
    client.post("/cases/undo/", {"undo": token[1]}, **SWAP)
    found = ExceptionCase.objects.filter(pk__in=ids(cases)).order_by("id").values_list("assignee", flat=True)
    assert list(found) == [jin.pk, None, None]


def test_nobody_undoes_what_somebody_else_did_nor_long_after(client, cases, maria):
    jin = person(cases, "jin")
    token = toasts.seal(user=jin, deeds=[{"do": "assign", "assignee": None, "case_ids": ids(cases)}])
    ExceptionCase.objects.filter(pk__in=ids(cases)).update(assignee=jin)
    said = client.post("/cases/undo/", {"undo": token}, **SWAP).content.decode()
    assert "Somebody else did that." in said
    said = client.post("/cases/undo/", {"undo": token + "x"}, **SWAP).content.decode()
    assert "too long ago" in said
    assert ExceptionCase.objects.filter(assignee=jin).count() == 3


def test_cases_sleep_until_a_working_morning_and_are_woken_by_undo(client, cases):
    answer = client.post(
        "/cases/bulk/", {"do": "snooze", "until": "tomorrow", "case": ids(cases[:2])}, **SWAP
    )
    first = ExceptionCase.objects.get(pk=cases[0].pk)
    assert first.state == "snoozed"
    assert first.snoozed_until == NOON.replace(day=24, hour=14)  # 08:00 in Chicago
    token = re.search(r'name="undo" value="([^"]+)"', answer.content.decode())
    assert token is not None
    client.post("/cases/undo/", {"undo": token[1]}, **SWAP)
    assert ExceptionCase.objects.filter(pk__in=ids(cases), is_open=True).count() == 3


def test_a_snooze_without_an_end_says_what_is_missing_and_does_nothing(client, cases):
    said = client.post(
        "/cases/bulk/", {"do": "snooze", "until": "", "case": ids(cases)}, **SWAP
    ).content.decode()
    assert "Say until when" in said
    assert ExceptionCase.objects.filter(pk__in=ids(cases), is_open=True).count() == 3


def test_what_failed_is_told_one_by_one_and_the_rest_is_done(client, cases):
    ExceptionCase.objects.filter(pk=cases[1].pk).update(state="waiting", is_open=False)
    answer = client.post("/cases/bulk/", {"do": "snooze", "until": "tomorrow", "case": ids(cases)}, **SWAP)
    said = answer.content.decode()
    assert "2 of 3 snoozed." in said
    assert "Show the one" in said
    assert re.search(
        rf'<a href="/cases/{cases[1].pk}/">{cases[1].pk}</a> A decision about it is under way', said
    )
    assert f'"failed": [{cases[1].pk}]' in answer["HX-Trigger-After-Swap"]


def test_all_of_a_list_is_what_its_filter_shows_and_no_more(client, cases):
    jin = person(cases, "jin")
    asked = {"all": "1", "query": "kind=confirmed_short&q=4500002", "do": "assign", "assignee": str(jin.pk)}
    client.post("/cases/bulk/", asked, **SWAP)
    assert list(ExceptionCase.objects.filter(assignee=jin).values_list("order_number", flat=True)) == [
        "4500002"
    ]


def test_a_comment_and_a_watch_are_of_each_of_them(client, cases, maria):
    client.post("/cases/bulk/", {"do": "comment", "text": "Asked by phone", "case": ids(cases[:2])}, **SWAP)
    assert CaseComment.objects.filter(text="Asked by phone").count() == 2
    client.post("/cases/bulk/", {"do": "watch", "case": ids(cases)}, **SWAP)
    assert CaseWatcher.objects.filter(user=maria).count() == 3
    client.post("/cases/bulk/", {"do": "unwatch", "case": ids(cases[:1])}, **SWAP)
    assert CaseWatcher.objects.filter(user=maria).count() == 2


def test_a_decision_about_several_is_previewed_and_taken_with_each_one_s_own_figures(client, cases):
    bar = client.get("/cases/bulk/", {"case": ids(cases)}, **SWAP).content.decode()
    action = re.search(r'name="action" value="(\w+)"><button class="button primary"', bar)
    assert action is not None
    form = client.get(
        "/cases/bulk/decide/", {"case": ids(cases), "action": action[1]}, **SWAP
    ).content.decode()
    assert len(re.findall(r"60", form)) >= 3
    assert Resolution.objects.count() == 0
    said = client.post(
        "/cases/bulk/",
        {"do": "resolve", "action": action[1], "case": ids(cases), "reason": "As agreed"},
        **SWAP,
    ).content.decode()
    assert "3 decided." in said
    assert Resolution.objects.filter(action=action[1], reason="As agreed").count() == 3


def test_without_scripts_the_bar_is_a_page_and_the_toast_stands_on_the_list(client, cases):
    page = client.get("/cases/bulk/", {"case": ids(cases[:1]), "back": "/cases/?queue=quantity-mismatches"})
    assert b"<html" in page.content
    answer = client.post(
        "/cases/bulk/",
        {
            "do": "assign",
            "assignee": "me",
            "case": ids(cases[:1]),
            "back": "/cases/?queue=quantity-mismatches",
        },
        follow=True,
    )
    assert answer.redirect_chain == [("/cases/?queue=quantity-mismatches", 302)]
    assert "1 assigned." in answer.content.decode()
    assert 'data-key="u"' in answer.content.decode()


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example/cases/", "/logout/"])
def test_the_way_back_leads_nowhere_else(client, cases, back):
    answer = client.post("/cases/bulk/", {"do": "watch", "case": ids(cases[:1]), "back": back})
    assert answer["Location"] == "/cases/"


def test_cases_of_another_company_are_left_out(client, cases):
    elsewhere = make.company("elsewhere")
    ExceptionCase.objects.filter(pk=cases[2].pk).update(company=elsewhere)
    said = client.post("/cases/bulk/", {"do": "assign", "assignee": "me", "case": ids(cases)}, **SWAP)
    assert "2 assigned." in said.content.decode()
    assert ExceptionCase.objects.get(pk=cases[2].pk).assignee_id is None
