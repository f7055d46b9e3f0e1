"""The report of the silent run: each figure opens its orders; who may switches detectors on."""

import re
from datetime import date

import factories as make
import pytest
from django.test import Client

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.core import clock
from visibility.inbox.models import Connection
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import Company, CrossReference, GoLiveWord, TradingPartner
from visibility.pipeline.sweep import sweep_due
from visibility.pipeline.switching import switch_detectors
from visibility.web.silent.views import SWITCHING

pytestmark = pytest.mark.django_db
HERE = "/silent-run/"


@pytest.fixture
def at(db: None) -> Connection:
    connection = make.connection(of=make.company("northgate"))
    acme = TradingPartner.objects.create(company=connection.company, code="ACME", name="Acme Industries")
    CrossReference.objects.create(company=connection.company, kind="partner", value=make.ACME, target=acme.pk)
    switch_detectors(
        company=connection.company, partner=None, kind="", mode="silent", speaker=Speaker("Jin", "trial")
    )
    for number, quantity in (("1", 60), ("2", 50)):
        make.tell(
            connection,
            make.order(number),
            make.answer(number, make.answer_line("1", make.accepted(quantity))),
        )
    make.tell(
        connection, make.answer("2", make.answer_line("1", make.accepted(100)), at="2026-11-05T15:00:00Z")
    )
    other = {"supplier": {"ids": ["ZZ:OTHER"], "name": "Other Supplies"}}
    make.tell(
        connection,
        make.order("3", **other),
        make.answer("3", make.answer_line("1", make.accepted(60)), **other),
    )
    return connection


def reader(at: Connection, role: Role = Role.INTEGRATION) -> Client:
    user = User.objects.create_user(f"reader-{role}", password="x", role=role)
    Grant.objects.create(user=user, company=at.company)
    client = Client()
    client.force_login(user)
    return client


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_every_figure_opens_as_many_findings_as_it_says(at):
    client = reader(at)
    page = client.get(HERE).content.decode()
    figures = re.findall(r'href="(/silent-run/found/[^"]*)">(\d+)', page)
    assert len(figures) >= 6
    for address, figure in figures:
        listed = client.get(address.replace("&amp;", "&")).content.decode()
        assert listed.count("data-open") == int(figure), address


def test_the_report_says_what_would_have_been_opened_and_what_is_true_still(at):
    said = text_of(reader(at).get(HERE))
    assert "would have opened 10 cases" in said
    assert "9 are true still" in said
    assert "Acme Industries" in said
    assert "all silent" in said


def test_switching_one_kind_of_one_partner_on_opens_what_is_true_still(at):
    acme = TradingPartner.objects.get(code="ACME")
    form = {"do": "detectors", "whom": f"p{acme.pk}", "kind": "confirmed_short", "mode": "live"}
    response = reader(at).post(HERE, form, follow=True)
    assert "Confirmed short of Acme Industries: live. What is true still of 1 order is" in text_of(response)
    sweep_due(as_of=clock.now())
    assert make.open_cases(at)[0][0] == "confirmed_short"
    assert len(make.open_cases(at)) == 1
    word = GoLiveWord.objects.latest("id")
    assert (word.partner, word.mode, word.who) == (acme, "live", f"reader-{Role.INTEGRATION}")


def test_a_go_live_day_is_set_for_a_partner_and_for_the_company_and_taken_back(at):
    client, acme = reader(at), TradingPartner.objects.get(code="ACME")
    for whom in (f"p{acme.pk}", f"c{at.company_id}"):
        client.post(HERE, {"do": "live_from", "whom": whom, "day": "2026-12-01", "reason": "first wave"})
    acme.refresh_from_db()
    assert acme.live_from == Company.objects.get(pk=at.company_id).live_from == date(2026, 12, 1)
    assert "first wave" in text_of(client.get(HERE))
    client.post(HERE, {"do": "live_from", "whom": f"p{acme.pk}", "day": ""})
    acme.refresh_from_db()
    assert acme.live_from is None


@pytest.mark.parametrize("role", list(Role))
def test_only_who_answers_for_partners_data_or_connections_may_switch(at, role):
    client = reader(at, role)
    allowed = role in SWITCHING
    assert ("Switch on" in client.get(HERE).content.decode()) == allowed
    form = {"do": "detectors", "whom": f"c{at.company_id}", "kind": "", "mode": "live"}
    assert client.post(HERE, form).status_code == (302 if allowed else 404)
    assert (Company.objects.get(pk=at.company_id).detectors == {"*": "live"}) == allowed


@pytest.mark.parametrize("whom", ["", "c", "cx", "p0", "c999999", "p" + "9" * 30, "x1", "other"])
def test_nobody_elses_company_or_partner_is_switched(at, whom):
    other = TradingPartner.objects.create(company=make.company(), code="other")
    whom = f"p{other.pk}" if whom == "other" else whom
    form = {"do": "detectors", "whom": whom, "kind": "", "mode": "silent"}
    assert reader(at).post(HERE, form).status_code == 404
    other.refresh_from_db()
    assert other.detectors == {}


def test_a_word_that_means_nothing_changes_nothing_and_says_so(at):
    client = reader(at)
    for wrong in ({"mode": "loud"}, {"mode": "inherit"}, {"mode": "live", "kind": "nonsense"}):
        form = {"do": "detectors", "whom": f"c{at.company_id}", "kind": "", **wrong}
        assert "Nothing was changed" in text_of(client.post(HERE, form, follow=True))
    assert Company.objects.get(pk=at.company_id).detectors == {"*": "silent"}


def test_another_company_sees_none_of_it(at):
    client = reader(make.connection())
    assert "found nothing" in text_of(client.get(HERE))
    assert "Acme" not in text_of(client.get("/silent-run/found/"))


def test_the_pages_ask_the_same_few_queries_however_much_was_found(at, django_assert_max_num_queries):
    client = reader(at)
    with django_assert_max_num_queries(14):
        client.get(HERE)
    with django_assert_max_num_queries(12):
        client.get("/silent-run/found/")


def test_a_row_says_when_its_detector_is_live_or_waits_for_a_day(at):
    client, acme = reader(at), TradingPartner.objects.get(code="ACME")
    client.post(HERE, {"do": "detectors", "whom": f"p{acme.pk}", "kind": "", "mode": "live"})
    page = client.get(HERE).content.decode()
    assert f'name="whom" value="p{acme.pk}"' not in page
    assert f'name="whom" value="c{at.company_id}"' in page
    client.post(HERE, {"do": "live_from", "whom": f"p{acme.pk}", "day": "2099-01-01"})
    assert "from its go-live day on" in client.get(HERE).content.decode()
