"""Sending messages: what is kept, what counts once, and what became of it."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from unittest.mock import Mock
from uuid import UUID

import pytest
import redis
from django.db import connections
from django.test import Client
from senders import BATCH_TYPE, EVENT_TYPE, X12_TYPE, Caller, event

from visibility.api import messages
from visibility.api.examples import EVENT, RELEASED, X12
from visibility.api.shapes import MessageStatus, Receipt
from visibility.inbox.models import ApiKey, Connection, Message, MessageWork
from visibility.inbox.services import issue_key
from visibility.ledger.models import LedgerEntry
from visibility.pipeline import wake
from visibility.pipeline.worker import drain


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (event("P-1"), EVENT_TYPE),
        (event("P-1"), "Application/CloudEvents+JSON; charset=utf-8"),
        (json.dumps([EVENT, RELEASED]).encode(), BATCH_TYPE),
        (X12.encode(), X12_TYPE),
        (X12.encode(), X12_TYPE + ";charset=ascii"),
        (b"\x00\xffno document at all", X12_TYPE),
    ],
)
def test_a_message_is_kept_verbatim_and_its_work_queued(
    sender: Caller, woken: Mock, body: bytes, content_type: str
) -> None:
    answer = sender.send(body, content_type)

    assert answer.status_code == 202, answer.content
    receipt = Receipt.model_validate(answer.json())
    assert (receipt.status, receipt.duplicate) == ("received", False)
    message = Message.objects.get(pk=receipt.message_id)
    assert bytes(message.body) == body
    assert message.content_type == content_type.lower().partition(";")[0]
    assert MessageWork.objects.filter(message=message).exists()
    assert answer["Location"] == receipt.status_url == f"/api/v1/messages/{message.pk}"
    woken.assert_called_once_with(tier="realtime")


def test_a_message_sent_again_is_the_same_message(sender: Caller, woken: Mock) -> None:
    first, second = sender.send(event("P-2")).json(), sender.send(event("P-2")).json()

    assert second == first | {"duplicate": True}
    assert Message.objects.count() == 1
    assert woken.call_count == 1


def test_an_event_spelled_otherwise_is_the_same_event(sender: Caller) -> None:
    first = sender.send(event("P-3")).json()
    spaced = json.dumps(json.loads(event("P-3")), indent=4, sort_keys=True).encode()

    assert sender.send(spaced).json() == first | {"duplicate": True}


def test_a_repeat_is_told_what_became_of_the_first(sender: Caller) -> None:
    first = sender.send(event("P-4")).json()
    drain(message_ids=[UUID(first["message_id"])])

    assert sender.send(event("P-4")).json()["status"] == "processed"


def test_an_idempotency_key_is_identity_whatever_the_document_says(sender: Caller) -> None:
    first = sender.send(X12.encode(), X12_TYPE, **{"Idempotency-Key": "upload-7"}).json()
    again = sender.send(X12.encode(), X12_TYPE, **{"Idempotency-Key": "upload-7"}).json()
    other = sender.send(X12.encode(), X12_TYPE, **{"Idempotency-Key": "upload-8"}).json()

    assert again == first | {"duplicate": True}
    assert other["duplicate"] is False
    assert other["message_id"] != first["message_id"]


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_are_one_message_and_one_entry() -> None:
    trial = Connection.objects.get(name="trial")
    key = issue_key(connection=trial, scope=ApiKey.Scope.INGEST)
    together = Barrier(50, timeout=60)

    def send(_: int) -> tuple[int, dict[str, object]]:
        together.wait()
        try:
            answer = Caller(key=key, client=Client()).send(event("P-5"))
            return answer.status_code, answer.json()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(send, range(50)))

    assert {status for status, _ in answers} == {202}
    assert len({answer["message_id"] for _, answer in answers}) == 1
    assert [answer["duplicate"] for _, answer in answers].count(False) == 1
    (message,) = Message.objects.all()
    drain(message_ids=[message.pk])
    assert LedgerEntry.objects.filter(message_id=message.pk).count() == 1


def test_a_message_is_taken_while_the_broker_is_down(sender: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Mock()
    broker.return_value.set.side_effect = redis.ConnectionError("gone")
    monkeypatch.setattr(wake, "broker", broker)
    monkeypatch.setattr(messages, "wake_soon", wake.wake_workers)

    answer = sender.send(event("P-6"))

    assert answer.status_code == 202
    assert broker.return_value.set.called
    assert MessageWork.objects.filter(message_id=answer.json()["message_id"]).exists()


def test_a_message_tells_its_entries_when_it_is_processed(sender: Caller) -> None:
    receipt = sender.send(event("P-7")).json()
    before = MessageStatus.model_validate(sender.get(receipt["status_url"]).json())
    drain(message_ids=[UUID(receipt["message_id"])])
    after = MessageStatus.model_validate(sender.get(receipt["status_url"]).json())

    assert (before.status, before.entries) == ("received", 0)
    assert (after.status, after.entries, after.problems) == ("processed", 1, [])
    assert after.document_types == ["order.placed"]


def test_rubbish_is_kept_and_then_rejected_with_its_reason(sender: Caller) -> None:
    receipt = sender.send(b"GIF89a\x01\x00\xff", X12_TYPE).json()
    drain(message_ids=[UUID(receipt["message_id"])])
    status = MessageStatus.model_validate(sender.get(receipt["status_url"]).json())

    assert status.status == "rejected"
    assert status.entries == 0
    assert status.problems[0].code
    assert len(status.problems[0].text) > 10


def test_a_bad_event_of_a_batch_is_told_and_its_neighbours_are_used(sender: Caller) -> None:
    batch = b"[" + b",".join([event("P-8"), b'{"id": 5}', event("P-9")]) + b"]"
    receipt = sender.send(batch, BATCH_TYPE).json()
    drain(message_ids=[UUID(receipt["message_id"])])
    status = sender.get(receipt["status_url"]).json()

    assert (status["status"], status["entries"]) == ("processed", 2)
    assert [problem["where"] for problem in status["problems"]] == ["/1/id"]


def test_a_sender_asks_only_for_messages_of_its_own_connection(
    sender: Caller, trial: Connection, caller: Callable[[Connection, ApiKey.Scope], Caller]
) -> None:
    receipt = sender.send(event("P-10")).json()
    sibling = Connection.objects.create(company=trial.company, name="sibling")

    assert caller(sibling, ApiKey.Scope.INGEST).get(receipt["status_url"]).status_code == 404
    assert caller(sibling, ApiKey.Scope.READ).get(receipt["status_url"]).status_code == 200
