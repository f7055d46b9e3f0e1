"""The API's own way past what only pages need."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from senders import Caller, event

from visibility.api.middleware import HEADERS


@pytest.mark.parametrize("address", ["/api/v1/health/live", "/api/v1/nothing", "/api/v1/openapi.json"])
def test_every_answer_of_the_api_bears_its_length_and_the_headers_that_protect(
    db: None, address: str
) -> None:
    answer = Client().get(address)

    assert answer["Content-Length"] == str(len(answer.content))
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


def test_the_api_knows_neither_sessions_nor_languages(sender: Caller) -> None:
    with translation.override("de"):
        answer = sender.send(event("M-1"), **{"Accept-Language": "de", "Cookie": "sessionid=x; csrftoken=y"})
        assert translation.get_language() == "en"

    assert answer.status_code == 202
    assert not answer.cookies
    assert "Vary" not in answer


def test_a_page_still_gets_what_pages_need(db: None) -> None:
    answer = Client().get("/", headers={"Accept-Language": "de"})

    assert answer["Content-Language"]
    assert "script-src" in answer["Content-Security-Policy"]


def test_a_host_that_is_not_ours_is_refused(sender: Caller) -> None:
    answer: Any = sender.send(event("M-2"), Host="elsewhere.example")

    assert answer.status_code == 400
