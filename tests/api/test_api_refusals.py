"""Every refusal: its status, its problem body, and that nothing of it was kept."""

from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import OperationalError
from django.test import Client
from senders import BATCH_TYPE, EVENT_TYPE, X12_TYPE, Caller, event

from visibility.api import messages
from visibility.api.keys import CheckedKeys, checked
from visibility.api.problems import KINDS
from visibility.api.shapes import ProblemDetails
from visibility.core import clock
from visibility.inbox.models import ApiKey, Connection, Message
from visibility.triage.models import CaseEvent, ExceptionCase


def problem_of(answer: Any, status: int) -> ProblemDetails:
    """The problem of an answer, which must be whole."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem = ProblemDetails.model_validate_json(answer.content)
    assert problem.status == status
    assert problem.title
    assert problem.detail
    assert problem.errors
    assert KINDS[problem.type.rpartition("/")[2]].status == status
    return problem


@pytest.mark.parametrize("header", [None, "Bearer ", "Bearer nonsense", "Basic dXNlcjpwYXNz", "Bearer \xff"])
def test_without_a_good_key_nobody_comes_in(db: None, header: str | None) -> None:
    headers = {"Authorization": header} if header is not None else {}
    answer = Client().post("/api/v1/messages", data=event("R-1"), content_type=EVENT_TYPE, headers=headers)

    problem_of(answer, 401)
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert not Message.objects.exists()


def test_a_key_with_another_secret_is_refused(sender: Caller) -> None:
    forged = Caller(key=sender.key[:-1] + ("A" if sender.key[-1] != "A" else "B"), client=sender.client)

    problem_of(forged.send(event("R-2")), 401)


def test_a_revoked_key_is_refused_as_soon_as_it_is_asked_for_again(sender: Caller) -> None:
    assert sender.send(event("R-3")).status_code == 202
    ApiKey.objects.update(revoked_at=clock.now())
    checked.forget()

    problem_of(sender.send(event("R-4")), 401)


def test_a_checked_key_is_remembered_for_seconds_only(sender: Caller, django_assert_num_queries: Any) -> None:
    moment = [100.0]
    keys = CheckedKeys(seconds=3, tick=lambda: moment[0])
    with django_assert_num_queries(1):
        assert keys.check(sender.key) is not None
        assert keys.check(sender.key) is not None
    ApiKey.objects.update(revoked_at=clock.now())
    moment[0] += 2.9
    assert keys.check(sender.key) is not None
    moment[0] += 0.2
    assert keys.check(sender.key) is None


def test_a_remembered_key_expires_at_its_hour(sender: Caller) -> None:
    ApiKey.objects.update(expires_at=clock.now() + timedelta(hours=1))
    keys = CheckedKeys(seconds=10_000)

    assert keys.check(sender.key) is not None
    with clock.at(clock.now() + timedelta(hours=2)):
        assert keys.check(sender.key) is None


def test_a_read_key_cannot_send(reader: Caller) -> None:
    problem = problem_of(reader.send(event("R-5")), 403)

    assert "ingest" in problem.detail
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/flows?key=po:1",
        "/api/v1/flows/5b9ee1a4-3f0c-5a5e-8a38-0d0a6f1b7c42",
        "/api/v1/cases",
    ],
)
def test_an_ingest_key_cannot_read(sender: Caller, address: str) -> None:
    assert "read" in problem_of(sender.get(address), 403).detail


def test_the_same_id_with_another_body_is_refused_and_shown(sender: Caller, trial: Connection) -> None:
    first = sender.send(event("R-6")).json()
    changed = event("R-6", quantity="90")
    answer = sender.send(changed)
    problem = problem_of(answer, 409)
    problem_of(sender.send(changed), 409)

    assert problem.errors[0].code == "conflicting_duplicate"
    assert answer.json()["message_id"] == first["message_id"]
    assert Message.objects.count() == 1
    (case,) = ExceptionCase.objects.all()
    assert (case.kind, case.queue, case.state) == ("conflicting_duplicate", "unreadable-documents", "new")
    assert (str(case.message_id), case.company_id) == (first["message_id"], trial.company_id)
    assert CaseEvent.objects.count() == 1


def test_another_conflicting_body_is_another_case(sender: Caller) -> None:
    sender.send(event("R-7"))
    sender.send(event("R-7", quantity="90"))
    sender.send(event("R-7", quantity="80"))

    assert ExceptionCase.objects.filter(kind="conflicting_duplicate").count() == 2


def test_an_idempotency_key_with_another_body_is_refused(sender: Caller) -> None:
    sender.send(event("R-8"), **{"Idempotency-Key": "k"})

    problem_of(sender.send(event("R-9"), **{"Idempotency-Key": "k"}), 409)
    assert ExceptionCase.objects.count() == 1


def test_a_body_over_the_limit_is_refused_before_it_is_read(sender: Caller, settings: Any) -> None:
    settings.MAX_MESSAGE_BYTES = 1000
    request = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/v1/messages",
        "CONTENT_TYPE": X12_TYPE,
        "CONTENT_LENGTH": "1001",
        "HTTP_AUTHORIZATION": f"Bearer {sender.key}",
        "wsgi.input": Mock(read=Mock(side_effect=AssertionError("the body was read"))),
    }

    problem = problem_of(sender.client.request(**request), 413)
    assert problem.errors[0].where == "header Content-Length"


def test_a_body_of_unknown_length_is_refused(sender: Caller) -> None:
    request = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/v1/messages",
        "CONTENT_TYPE": X12_TYPE,
        "CONTENT_LENGTH": "",
        "HTTP_TRANSFER_ENCODING": "chunked",
        "HTTP_AUTHORIZATION": f"Bearer {sender.key}",
    }

    problem_of(sender.client.request(**request), 411)


@pytest.mark.parametrize("content_type", ["application/xml", "text/plain", "text/csv", "nonsense"])
def test_another_content_type_is_not_taken(sender: Caller, content_type: str) -> None:
    problem = problem_of(sender.send(event("R-10"), content_type), 415)

    assert EVENT_TYPE in problem.detail
    assert not Message.objects.exists()


def test_a_compressed_body_is_not_taken(sender: Caller) -> None:
    problem_of(sender.send(event("R-11"), EVENT_TYPE, **{"Content-Encoding": "gzip"}), 415)


DEEP = b'{"id":"1","source":"s","type":"t","data":' + b"[" * 10_000 + b"]" * 10_000 + b"}"


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"", X12_TYPE, "empty"),
        (b"", EVENT_TYPE, "empty"),
        (b"   ", EVENT_TYPE, "invalid_json"),
        (b'{"id": "1", ', EVENT_TYPE, "invalid_json"),
        (b'{"id":"1","source":"s","type":"t","data":{"q":NaN}}', EVENT_TYPE, "invalid_json"),
        (b'{"id":"1","source":"s","type":"t","data":{"q":-Infinity}}', EVENT_TYPE, "invalid_json"),
        (b'{"id":"1","source":"s","type":"t","data":"\\ud800"}', EVENT_TYPE, "invalid_json"),
        (b'{"id":"1","source":"s","type":"t","data":"\xff"}', EVENT_TYPE, "invalid_json"),
        (b'{"id":"1","source":"s","type":"t"} {}', EVENT_TYPE, "invalid_json"),
        (b"\xef\xbb\xbf" + event("R"), EVENT_TYPE, "invalid_json"),
        (event("R").decode().encode("utf-16"), EVENT_TYPE, "invalid_json"),
        (DEEP, EVENT_TYPE, "too_deep"),
        (b"[" + DEEP + b"]", BATCH_TYPE, "too_deep"),
        (b"[" * 10_000, BATCH_TYPE, "too_deep"),
        (b"[]", EVENT_TYPE, "invalid_event"),
        (b'"text"', EVENT_TYPE, "invalid_event"),
        (b'{"source":"s","type":"t"}', EVENT_TYPE, "invalid_event"),
        (b'{"id":"","source":"s","type":"t"}', EVENT_TYPE, "invalid_event"),
        (b'{"id":"1","source":"s","type":"t","specversion":"0.3"}', EVENT_TYPE, "invalid_event"),
        (event("R"), BATCH_TYPE, "invalid_event"),
        (b"[]", BATCH_TYPE, "empty"),
        (b'[{"q": NaN}]', BATCH_TYPE, "invalid_json"),
    ],
)
def test_what_is_no_document_is_refused_and_not_kept(
    sender: Caller, body: bytes, content_type: str, code: str
) -> None:
    problem = problem_of(sender.send(body, content_type), 422)

    assert problem.errors[0].code == code
    assert len(problem.errors[0].text) > 10
    assert not Message.objects.exists()


def test_a_refusal_says_where(sender: Caller) -> None:
    problem = problem_of(sender.send(b'{"id":"1","source":7,"type":"t"}'), 422)

    assert problem.errors[0].where == "/source"


def test_a_long_idempotency_key_is_refused(sender: Caller) -> None:
    problem_of(sender.send(event("R-12"), **{"Idempotency-Key": "k" * 256}), 422)


def test_without_the_database_nothing_is_promised(sender: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "accept_message", Mock(side_effect=OperationalError("gone")))
    answer = sender.send(event("R-13"))

    problem_of(answer, 503)
    assert answer["Retry-After"]


def test_a_fault_of_ours_is_a_problem_without_its_inside(
    sender: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "accept_message", Mock(side_effect=RuntimeError("secret inside")))

    assert "secret" not in problem_of(sender.send(event("R-14")), 500).model_dump_json()


@pytest.mark.parametrize("method", ["put", "delete", "patch", "get"])
def test_an_unknown_method_is_refused(db: None, method: str) -> None:
    answer = getattr(Client(), method)("/api/v1/messages")

    problem_of(answer, 405)
    assert answer["Allow"] == "POST"


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/nothing", "/api/v1/messages/1/2"])
def test_an_unknown_address_is_a_problem(db: None, address: str) -> None:
    problem_of(Client().get(address), 404)


@pytest.mark.parametrize("name", ["not-a-uuid", "5b9ee1a4-3f0c-5a5e-8a38-0d0a6f1b7c42"])
@pytest.mark.parametrize("what", ["messages", "flows"])
def test_what_is_not_there_is_not_found(reader: Caller, what: str, name: str) -> None:
    problem_of(reader.get(f"/api/v1/{what}/{name}"), 404)


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("/api/v1/flows", {}),
        ("/api/v1/flows", {"key": ""}),
        ("/api/v1/flows", {"key": "po:\x00"}),
        ("/api/v1/cases", {"queue": "nothing"}),
        ("/api/v1/cases", {"state": "nothing"}),
        ("/api/v1/cases", {"limit": "many"}),
    ],
)
def test_a_wrong_question_is_refused(reader: Caller, address: str, asked: dict[str, str]) -> None:
    problem = problem_of(reader.get(address, **asked), 422)

    assert problem.errors[0].where.startswith("query ")


def test_a_made_up_page_is_not_found(reader: Caller) -> None:
    problem_of(reader.get("/api/v1/cases", cursor="???"), 404)


def test_denied_access_is_logged_without_the_key(reader: Caller, caplog: pytest.LogCaptureFixture) -> None:
    reader.send(event("R-15"))

    assert "/api/v1/messages" in caplog.text
    assert reader.key not in caplog.text
