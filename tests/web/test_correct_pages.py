"""Correcting a message in the browser's forms: see first, then save; others with the same fault behind it."""

import factories as make
import pytest
from django.test import Client

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.inbox.models import Connection, Message, MessageCorrection
from visibility.pipeline.worker import drain

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(db: None) -> Connection:
    return make.connection(of=make.company("northgate"))


def broken(at: Connection, number: str, lines: int = 1) -> Message:
    rows = [f"PO1*{n}*5*CA*12.5**BP*SKU-{n}" for n in range(2, lines + 1)]
    body = make.interchange(
        make.transaction("850", f"BEG*00*SA*{number}**20261102", "PO1*1*many*CA*12.5**BP*SKU-1", *rows)
    )
    sent = make.send(at, body, "application/edi-x12")
    drain(message_ids=[sent.message_id])
    return Message.objects.get(pk=sent.message_id)


def client_of(at: Connection, role: Role = Role.INTEGRATION, partner: int | None = None) -> Client:
    user = User.objects.create_user(f"somebody-{User.objects.count()}", password="x", role=role)
    Grant.objects.create(user=user, company=at.company, partner_id=partner)
    client = Client()
    client.force_login(user)
    return client


def test_the_page_shows_the_segments_with_what_is_wrong_at_its_place(at: Connection) -> None:
    page = client_of(at).get(f"/messages/{broken(at, '4500051').pk}/correct/")
    faulty = [row for row in page.context["rows"] if row.problems]
    assert [(row.text, row.problems[0].code) for row in faulty] == [
        ("PO1*1*many*CA*12.5**BP*SKU-1", "not_a_number")
    ]
    assert "must be one" in page.content.decode()


def test_a_change_is_looked_at_before_it_is_made_and_makes_the_message_used(at: Connection) -> None:
    client, message = client_of(at), broken(at, "4500052")
    url = f"/messages/{message.pk}/correct/"
    shown = client.get(url).context
    number = next(row.number for row in shown["rows"] if row.problems)
    data = {"seen": shown["seen"], f"p-{number}": "PO1*1*40*CA*12.5**BP*SKU-1", "step": "preview"}
    seen = client.post(url, data)
    assert seen.context["preview"].outlook.documents == ("order.placed",)
    assert "It would become 1 document." in seen.content.decode()
    assert not MessageCorrection.objects.exists()
    without = client.post(url, {**data, "step": "save"})
    assert "Say why the message is corrected" in without.content.decode()
    made = client.post(url, {**data, "step": "save", "reason": "said on the phone"})
    assert (made.status_code, made.url) == (302, f"/messages/{message.pk}/alike/")
    drain(message_ids=[message.pk])
    page = client.get(f"/messages/{message.pk}/").content.decode()
    assert "said on the phone" in page
    assert "PO1*1*many*CA" in page
    raw = client.get(f"/messages/{message.pk}/raw/").content
    assert b"*many*" in raw


def test_others_with_the_same_fault_are_offered_and_mended_together(at: Connection) -> None:
    client = client_of(at)
    first, second = broken(at, "4500053"), broken(at, "4500054")
    url = f"/messages/{first.pk}/correct/"
    shown = client.get(url).context
    number = next(row.number for row in shown["rows"] if row.problems)
    change = {f"p-{number}": "PO1*1*40*CA*12.5**BP*SKU-1", "step": "save", "reason": "agreed"}
    client.post(url, {"seen": shown["seen"], **change})
    page = client.get(f"/messages/{first.pk}/alike/")
    assert [each.message_id for each in page.context["found"]] == [second.pk]
    done = client.post(f"/messages/{first.pk}/alike/", {"message": [str(second.pk)], "reason": "agreed"})
    assert done.status_code == 302
    drain(message_ids=[second.pk])
    assert make.outcome(second.pk).status == "processed"


def test_a_long_message_shows_what_is_around_its_faults_and_all_of_it_on_request(at: Connection) -> None:
    client, message = client_of(at), broken(at, "4500055", lines=200)
    page = client.get(f"/messages/{message.pk}/correct/")
    assert len(page.context["rows"]) == 5
    assert (
        page.context["hidden"]
        == len(client.get(f"/messages/{message.pk}/correct/?all=1").context["rows"]) - 5
    )


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.INTEGRATION, Role.DATA_STEWARD)])
def test_other_roles_cannot_correct(at: Connection, role: Role) -> None:
    message = broken(at, "4500056")
    client = client_of(at, role)
    for page in ("correct", "alike"):
        assert client.get(f"/messages/{message.pk}/{page}/").status_code == 404
        assert client.post(f"/messages/{message.pk}/{page}/", {"step": "save"}).status_code == 404
    assert "Correct it" not in client.get(f"/messages/{message.pk}/").content.decode()
