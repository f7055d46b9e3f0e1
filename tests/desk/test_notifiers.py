"""Webhooks are signed so that others' libraries take them, and go to nobody inside."""

import datetime as dt
import json

import httpx
import pytest

from integrations.connectors.notices import ChatNotifier, WebhookNotifier
from visibility.core.errors import InputError
from visibility.desk.sending import Note, NotSentError
from visibility.sync.signatures import read_secrets, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOTE = Note(
    id="7-1",
    case_id=10482,
    why="mentioned",
    text="@jin what now?",
    url="https://throughline.example/cases/10482/",
    at=dt.datetime(2026, 11, 23, 16, tzinfo=dt.UTC),
)


def answering(status: int) -> tuple[httpx.MockTransport, list[httpx.Request]]:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(status, headers={"Location": "https://127.0.0.1/"})

    return httpx.MockTransport(answer), seen


def test_a_notice_is_posted_signed_to_the_very_address_that_was_judged():
    transport, seen = answering(204)
    WebhookNotifier(transport=transport).send(target="https://8.8.8.8/hook", secret=SECRET, note=NOTE)
    (request,) = seen
    headers = {name.lower(): value for name, value in request.headers.items()}
    now = float(headers["webhook-timestamp"])
    assert verify(keys=read_secrets(SECRET), headers=headers, body=request.content, now=now) == ""
    assert headers["webhook-id"] == "7-1"
    assert json.loads(request.content)["data"]["text"] == "@jin what now?"


@pytest.mark.parametrize("status", [301, 404, 500])
def test_what_is_not_taken_is_told_and_no_redirect_is_followed(status):
    transport, seen = answering(status)
    with pytest.raises(NotSentError, match=str(status)):
        WebhookNotifier(transport=transport).send(target="https://8.8.8.8/hook", secret=SECRET, note=NOTE)
    assert len(seen) == 1


@pytest.mark.parametrize("target", ["https://127.0.0.1/", "https://10.1.2.3/", "https://169.254.169.254/"])
def test_no_webhook_reaches_inside(target):
    transport, seen = answering(204)
    with pytest.raises(InputError):
        WebhookNotifier(transport=transport).send(target=target, secret=SECRET, note=NOTE)
    assert seen == []


@pytest.mark.parametrize("address", ["json://10.1.2.3/", "syslog://", "mailto://a:b@c.example", "slack://"])
def test_only_chats_are_chatted_with(address):
    with pytest.raises(NotSentError):
        ChatNotifier().send(target="…", secret=address, note=NOTE)
