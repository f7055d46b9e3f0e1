"""What connections are watched for: who sees it, who sets it, what is refused, and what is kept."""

import datetime as dt
from collections.abc import Callable

import factories as make
import pytest
from django.test import Client
from django.urls import reverse

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.core import clock
from visibility.inbox.models import Connection, Message
from visibility.masterdata.models import AuditEntry
from visibility.pipeline.silence import look_for_silence
from visibility.triage.models import ExceptionCase

pytestmark = pytest.mark.django_db
As = Callable[..., Client]
PAGE = "connections"


@pytest.fixture
def feed(trial: Connection) -> Connection:
    make.tell(trial, make.order())
    return trial


@pytest.fixture
def signed_in(trial: Connection) -> As:
    def enter(role: Role = Role.INTEGRATION) -> Client:
        user = User.objects.create(username=f"{role}-here", role=role)
        Grant.objects.create(user=user, company=trial.company)
        client = Client()
        client.force_login(user)
        return client

    return enter


def watch(client: Client, feed: Connection, **more: str) -> tuple[int, str]:
    form = {"do": "watch", "connection": str(feed.pk), "silent_after": "90", "reason": "EDI by the hour"}
    done = client.post(reverse(PAGE), form | more, follow=True)
    feed.refresh_from_db()
    return done.status_code, done.content.decode()


def test_integration_sets_what_a_connection_is_watched_for_and_it_is_kept(feed: Connection, signed_in: As):
    status, page = watch(signed_in(), feed, expects_997="1")
    assert status == 200
    assert (feed.silent_after, feed.expects_997) == (90, True)
    assert "90 working minutes" in page
    kept = {each.field: each for each in AuditEntry.objects.filter(entity="connection_watch")}
    assert (kept["silent_after"].before, kept["silent_after"].after) == ("", "90")
    assert (kept["expects_997"].before, kept["expects_997"].after) == ("no", "yes")
    assert {each.why for each in kept.values()} == {"EDI by the hour"}


def test_a_silent_feed_is_shown_as_the_case_says_it(feed: Connection, signed_in: As):
    client = signed_in()
    watch(client, feed)
    late = Message.objects.filter(connection=feed).latest("received_at").received_at + dt.timedelta(days=7)
    assert "Silent since" not in client.get(reverse(PAGE)).content.decode()
    with clock.at(late):
        look_for_silence()
        page = client.get(reverse(PAGE)).content.decode()
    assert "Silent since" in page
    assert ExceptionCase.objects.filter(kind="feed_silent", subject=feed.name, is_open=True).exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": ""}, "Say why"),
        ({"silent_after": "soon"}, "Write whole minutes"),
        ({"silent_after": "0"}, "Write 1 to"),
        ({"silent_after": "999999"}, "Write 1 to"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_set(
    feed: Connection, signed_in: As, wrong: dict[str, str], said: str
):
    _status, page = watch(signed_in(), feed, **wrong)
    assert said in page
    assert feed.silent_after is None
    assert not AuditEntry.objects.filter(entity="connection_watch").exists()


@pytest.mark.parametrize("role", [Role.BUYER, Role.DATA_STEWARD])
def test_others_look_on_and_set_nothing(feed: Connection, signed_in: As, role: Role):
    client = signed_in(role)
    assert "Last message" in client.get(reverse(PAGE)).content.decode()
    status, _page = watch(client, feed)
    assert (status, feed.silent_after) == (404, None)


def test_another_companys_connection_is_not_there(feed: Connection, signed_in: As):
    other = make.connection(of=make.company("southgate"))
    client = signed_in()
    assert watch(client, other)[0] == 404
    assert other.silent_after is None
