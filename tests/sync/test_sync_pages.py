"""Connections and deliveries as pages: seen by the company, worked on by integration operations alone."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from outbox import BROKEN, LONG_AGO, endpoint, person, queue, state, system_of

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.masterdata.models import TradingPartner
from visibility.sync.delivering import deliver_due
from visibility.sync.models import Endpoint, OutboxMessage

pytestmark = pytest.mark.django_db
PAGES = ("/connections/", "/deliveries/", "/deliveries/?state=ready")
OTHERS = [role for role in Role if role != Role.INTEGRATION]


@pytest.fixture
def erp() -> Endpoint:
    own = endpoint()
    system_of(own).faults.append((BROKEN, False))
    return own


@pytest.fixture
def sign_in(erp: Endpoint) -> Callable[..., Client]:
    def enter(role: Role = Role.INTEGRATION, *, of: Endpoint = erp) -> Client:
        client = Client()
        client.force_login(person(of, role))
        return client

    return enter


def failing(erp: Endpoint) -> str:
    """The address of a command that failed once and is to be tried again."""
    (command,) = queue(erp)
    deliver_due()
    return f"/deliveries/{command}/"


def test_the_pages_say_what_waits_why_and_what_is_next(erp, sign_in):
    address = failing(erp)
    client = sign_in()
    said = client.get("/connections/").content.decode()
    assert str(erp.connection) in said
    assert "not there 1" in said
    assert "Line 0: 60 confirmed" in client.get("/deliveries/?state=ready").content.decode()
    OutboxMessage.objects.update(due_at=LONG_AGO.replace(year=2099))
    said = client.get(address).content.decode()
    for words in ("To be tried again", "It is tried again", "Broken.", "503", "Send it now", "Cancel it"):
        assert words in said, words


@pytest.mark.parametrize("role", OTHERS)
def test_others_look_on_and_can_move_nothing_also_by_its_address(erp, sign_in, role):
    address = failing(erp)
    client = sign_in(role)
    for page in (*PAGES, address):
        response = client.get(page)
        assert response.status_code == 200, page
        assert b'name="do"' not in response.content, page
    for page, data in (
        ("/connections/", {"endpoint": erp.pk, "do": "pause", "reason": "x"}),
        ("/connections/", {"endpoint": erp.pk, "do": "resume"}),
        (address, {"do": "retry"}),
        (address, {"do": "cancel", "reason": "x"}),
    ):
        assert client.post(page, data).status_code == 404, data
    assert Endpoint.objects.get().paused_at is None
    assert OutboxMessage.objects.get().state == "ready"


def test_a_partners_reader_and_another_company_see_nothing(erp, sign_in):
    address = failing(erp)
    mine = TradingPartner.objects.create(company=erp.connection.company, code="acme", name="Acme")
    partner = User.objects.create_user("outside", password="x", role=Role.INTEGRATION)
    Grant.objects.create(user=partner, company=erp.connection.company, partner=mine)
    outside = Client()
    outside.force_login(partner)
    for page in (*PAGES, address):
        assert outside.get(page).status_code == 404, page
    stranger = sign_in(of=endpoint())
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {"do": "retry"}).status_code == 404
    assert stranger.post("/connections/", {"endpoint": erp.pk, "do": "resume"}).status_code == 404
    for page in PAGES:
        assert str(erp.connection).encode() not in stranger.get(page).content


def test_operations_pause_and_resume_with_a_reason(erp, sign_in):
    client = sign_in()
    client.post("/connections/", {"endpoint": erp.pk, "do": "pause", "reason": ""})
    assert Endpoint.objects.get().paused_at is None
    client.post("/connections/", {"endpoint": erp.pk, "do": "pause", "reason": "They move house"})
    said = client.get("/connections/").content.decode()
    assert "They move house" in said
    assert "Paused by" in said
    client.post("/connections/", {"endpoint": erp.pk, "do": "resume"})
    assert Endpoint.objects.get().paused_at is None
    assert client.post("/connections/", {"endpoint": "x", "do": "resume"}).status_code == 404


def test_operations_send_again_and_cancel_and_it_is_kept_who_did(erp, sign_in):
    address, client = failing(erp), sign_in()
    OutboxMessage.objects.update(due_at=LONG_AGO.replace(year=2099))
    assert deliver_due() == 0
    client.post(address, {"do": "retry", "reason": "They are back"})
    deliver_due()
    said = client.get(address).content.decode()
    for words in ("Delivered", "They are back", "sent again"):
        assert words in said, words
    assert 'value="retry"' not in said
    (held,) = queue(erp, ready=False)
    client.post(f"/deliveries/{held}/", {"do": "cancel", "reason": ""})
    assert state(held) == "held"
    client.post(f"/deliveries/{held}/", {"do": "cancel", "reason": "Done by phone"})
    assert state(held) == "cancelled"


def test_what_nobody_could_find_out_asks_for_a_person(erp, sign_in):
    (command,) = queue(erp)
    OutboxMessage.objects.update(state="unknown", given_up_at=LONG_AGO, attempts=4)
    said = sign_in().get(f"/deliveries/{command}/").content.decode()
    assert "Nobody could find out whether it was done" in said
    assert "Find out now, and send it if need be" in said


def test_deliveries_come_in_pages_newest_first(erp, sign_in):
    commands = queue(erp, count=60, ready=False)
    response = sign_in().get("/deliveries/")
    shown = [row.id for row in response.context["found"].rows]
    assert shown == commands[:-51:-1]
    rest = sign_in().get(f"/deliveries/{response.context['pager'].following}")
    assert [row.id for row in rest.context["found"].rows] == commands[9::-1]
    assert sign_in().get("/deliveries/?cursor=nonsense").status_code == 404


def test_a_command_says_which_one_it_waits_behind(erp, sign_in):
    first, second = queue(erp, count=2, flow=uuid4())
    said = sign_in().get(f"/deliveries/{second}/").content.decode()
    assert f"/deliveries/{first}/" in said
