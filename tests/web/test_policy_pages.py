"""The pages of policies, notices and resolution times: what they say, and to whom."""

import factories as make
import pytest
from django.test import Client

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.core import clock
from visibility.desk.models import Notification, NotificationChoice, Playbook, Policy
from visibility.inbox.models import Connection
from visibility.masterdata.resolve import forget_kept
from visibility.triage.models import ExceptionCase

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(db: None) -> Connection:
    forget_kept()
    connection = make.connection(of=make.company("northgate", issuer=make.NORTHGATE))
    make.tell(
        connection, make.order("4500001"), make.answer("4500001", make.answer_line("1", make.accepted(97)))
    )
    return connection


def signed_in(at: Connection, name: str, role: Role, **more) -> Client:
    user = User.objects.create_user(name, first_name=name.title(), role=role)
    Grant.objects.create(user=user, company=at.company, **more)
    client = Client()
    client.force_login(user)
    return client


POLICY = {"do": "make", "name": "Small shorts", "kind": "confirmed_short", "action": "accept_answer"}


def test_a_supplier_manager_makes_tests_and_switches_a_policy(at: Connection) -> None:
    jin = signed_in(at, "jin", Role.SUPPLIER_MANAGER)
    assert b"Every exception is decided by a person" in jin.get("/policies/").content
    made = jin.post("/policies/", {**POLICY, "percent": "5"})
    policy = Policy.objects.get()
    assert made.headers["Location"] == f"/policies/{policy.pk}/"
    page = jin.get(f"/policies/{policy.pk}/").content.decode()
    assert "at most 5 % of what was expected" in page
    assert "Switch on" not in page
    jin.post(f"/policies/{policy.pk}/", {"do": "test"})
    page = jin.get(f"/policies/{policy.pk}/").content.decode()
    case = ExceptionCase.objects.get(kind="confirmed_short")
    assert f'<a href="/cases/{case.pk}/">{case.pk}</a>' in page
    jin.post(f"/policies/{policy.pk}/", {"do": "on"})
    policy.refresh_from_db()
    assert policy.is_on
    assert b"1 policy decides by itself" in jin.get("/policies/").content


def test_what_was_filled_in_wrong_is_said_at_its_field_and_kept(at: Connection) -> None:
    jin = signed_in(at, "jin", Role.SUPPLIER_MANAGER)
    answer = jin.post("/policies/", {**POLICY, "percent": "a little"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "a little is no number." in page
    assert 'name="percent" inputmode="decimal" value="a little"' in page
    assert 'value="Small shorts"' in page


def test_a_buyer_reads_policies_and_makes_none(at: Connection) -> None:
    maria = signed_in(at, "maria", Role.BUYER)
    assert b"Make a policy" not in maria.get("/policies/").content
    assert maria.post("/policies/", {**POLICY, "percent": "5"}).status_code == 403
    recommending = {"do": "recommend", "kind": "confirmed_short", "action": "waive", "why": "x"}
    assert maria.post("/policies/", recommending).status_code == 403
    assert not Policy.objects.exists()
    assert not Playbook.objects.exists()


def test_for_who_sees_one_partners_part_there_are_none(at: Connection) -> None:
    supplier = ExceptionCase.objects.get(kind="confirmed_short").supplier_id
    acme = signed_in(at, "acme", Role.BUYER, partner_id=supplier)
    for address in ("/policies/", "/policies/1/", "/resolution-times/"):
        assert acme.get(address).status_code == 404, address
    assert acme.get("/notifications/").status_code == 200


def test_a_playbook_is_said_on_the_page(at: Connection) -> None:
    jin = signed_in(at, "jin", Role.SUPPLIER_MANAGER)
    said = {"do": "recommend", "kind": "confirmed_short", "action": "push_back", "why": "it works with Acme"}
    jin.post("/policies/", said)
    assert b"it works with Acme" in jin.get("/policies/").content


def test_notices_are_shown_counted_and_marked_seen(at: Connection) -> None:
    maria = signed_in(at, "maria", Role.BUYER)
    case, now = ExceptionCase.objects.get(kind="confirmed_short"), clock.now()
    user = User.objects.get(username="maria")
    notice = Notification.objects.create(
        user=user, case=case, way="app", why="mentioned", text="Jin: @maria?", changed_at=now, due_at=now
    )
    page = maria.get("/notifications/").content.decode()
    assert "1 notice you have not seen" in page
    assert "You were named" in page
    assert b"1 new notice" in maria.get("/notifications/count/").content
    maria.post("/notifications/", {"do": "seen", "id": str(notice.pk)})
    assert b"No new notices" in maria.get("/notifications/").content


def test_ways_to_be_told_are_chosen_and_taken_away(at: Connection) -> None:
    maria = signed_in(at, "maria", Role.BUYER)
    refused = maria.post("/notifications/", {"do": "add", "way": "email"})
    assert refused.status_code == 422
    assert b"No e-mail address of yours is known here." in refused.content
    maria.post("/notifications/", {"do": "add", "way": "app", "severity": "high", "mine_only": "1"})
    choice = NotificationChoice.objects.get()
    assert "high and worse" in maria.get("/notifications/").content.decode()
    maria.post("/notifications/", {"do": "remove", "id": str(choice.pk)})
    assert not NotificationChoice.objects.exists()


def test_times_name_their_groups_and_lead_to_their_cases(at: Connection) -> None:
    maria = signed_in(at, "maria", Role.BUYER)
    ExceptionCase.objects.filter(kind="confirmed_short").update(
        state="resolved",
        is_open=False,
        touched_at=clock.now(),
        resolved_at=clock.now(),
        closed_at=clock.now(),
    )
    page = maria.get("/resolution-times/?by=kind&days=7").content.decode()
    assert "1 exception was settled by people or policies in 7 days" in page
    assert "Confirmed short" in page
    assert "state=closed" in page
    assert maria.get("/resolution-times/?by=nonsense&days=x").status_code == 200
