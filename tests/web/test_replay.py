"""Who mends what could not be read: one message, the chosen ones, or a whole list."""

import factories as make
import pytest
from django.test import Client

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.inbox.models import Connection, MessageWork, Outcome
from visibility.pipeline import wake

pytestmark = pytest.mark.django_db


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tiers that were woken."""
    tiers: list[str] = []
    monkeypatch.setattr(wake, "wake_workers", lambda *, tier: tiers.append(tier))
    return tiers


@pytest.fixture
def at(db: None) -> Connection:
    """A connection with three messages that were given up, one that was rejected, and one that is well."""
    connection = make.connection(of=make.company("northgate"))
    for number in range(3):
        done = make.process(connection, b'[{"type": "nonsense %d"}]' % number)[0]
        Outcome.objects.filter(pk=done.pk).update(
            cut_short=True,
            problems=[{"code": "processing_failed", "text": "Processing failed repeatedly: no memory"}],
        )
    make.process(connection, b'[{"type": "other nonsense"}]')
    make.tell(connection, make.order())
    return connection


def client_of(at: Connection, *, role: Role = Role.INTEGRATION) -> Client:
    user = User.objects.create_user(f"somebody-{User.objects.count()}", password="x", role=role)
    Grant.objects.create(user=user, company=at.company)
    client = Client()
    client.force_login(user)
    return client


def test_what_was_given_up_has_a_list_of_its_own_with_the_reasons(at: Connection) -> None:
    page = client_of(at).get("/messages/", {"status": "given_up"})
    assert page.context["found"].count == 3
    text = page.content.decode()
    assert text.count("Given up") >= 3
    assert "no memory" in text
    assert "Read all 3 once more" in text


def test_the_chosen_messages_are_read_once_more_and_no_others(at: Connection, woken: list[str]) -> None:
    client = client_of(at)
    rows = client.get("/messages/", {"status": "given_up"}).context["found"].rows
    chosen = [str(row.id) for row in rows[:2]]
    answer = client.post("/messages/", {"message": chosen, "back": "/messages/?status=given_up"})
    assert (answer.status_code, answer.url) == (302, "/messages/?status=given_up")
    assert {str(work.message_id) for work in MessageWork.objects.all()} == set(chosen)
    assert woken == [at.tier]
    # What waits to be read again is not given up any more.
    assert client.get("/messages/", {"status": "given_up"}).context["found"].count == 1


def test_a_whole_list_is_read_once_more_at_a_stroke(at: Connection, woken: list[str]) -> None:
    client_of(at).post("/messages/", {"all": "1", "status": "given_up"})
    assert MessageWork.objects.count() == 3
    assert woken == [at.tier]


def test_one_message_is_read_once_more_from_its_own_page(at: Connection, woken: list[str]) -> None:
    client = client_of(at)
    (last,) = Outcome.objects.filter(status="processed")
    page = client.get(f"/messages/{last.message_id}/")
    assert "Read it once more" in page.content.decode()
    client.post("/messages/", {"message": str(last.message_id), "back": "https://elsewhere.example/"})
    assert MessageWork.objects.get().message_id == last.message_id


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.INTEGRATION, Role.DATA_STEWARD)])
def test_others_neither_see_the_buttons_nor_may_press_them(at: Connection, role: Role) -> None:
    client = client_of(at, role=role)
    page = client.get("/messages/", {"status": "given_up"})
    assert page.context["found"].count == 3
    assert "once more" not in page.content.decode()
    assert client.post("/messages/", {"all": "1", "status": "given_up"}).status_code == 404
    assert not MessageWork.objects.exists()


def test_nobody_reads_another_companys_messages_once_more(at: Connection) -> None:
    stranger = client_of(make.connection())
    ids = [str(done.message_id) for done in Outcome.objects.all()]
    stranger.post("/messages/", {"message": ids})
    stranger.post("/messages/", {"all": "1", "status": "given_up"})
    assert not MessageWork.objects.exists()
    assert stranger.post("/messages/", {"message": "nonsense"}).status_code == 404
