"""Fifty senders of the same thing at the same instant, over HTTP, against two web processes."""

from pathlib import Path

import pytest
from factories import EVENT, X12, interchange, one, order, x12_order

from tests.faults.live import Answer, at_once, live, post
from visibility.inbox.models import ApiKey, Connection, Message
from visibility.inbox.services import issue_key
from visibility.ledger.models import LedgerEntry
from visibility.pipeline.worker import drain

TIMES = 50


def _post_fifty(trial: Connection, folder: Path, body: bytes, content_type: str) -> list[Answer]:
    key = issue_key(connection=trial, scope=ApiKey.Scope.INGEST)
    answers: list[Answer] = []
    with live(webs=2, folder=folder) as ports:

        def send(number: int) -> None:
            port = ports[number % len(ports)]
            answers.append(post(port=port, key=key, body=body, content_type=content_type))

        at_once(times=TIMES, work=send)
    return answers


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("body", "content_type"),
    [(one(order(id="at-once")), EVENT), (interchange(x12_order()), X12)],
    ids=["an event with an id", "an X12 file"],
)
def test_fifty_posts_at_once_make_one_entry_and_one_answer_that_is_no_duplicate(
    trial: Connection, tmp_path: Path, body: bytes, content_type: str
) -> None:
    answers = _post_fifty(trial, tmp_path, body, content_type)
    assert len(answers) == TIMES
    assert len({answer.message_id for answer in answers}) == 1
    assert [answer.duplicate for answer in answers].count(False) == 1
    drain()
    assert Message.objects.filter(direction=Message.Direction.IN).count() == 1
    assert [str(entry.message_id) for entry in LedgerEntry.objects.all()] == [answers[0].message_id]
