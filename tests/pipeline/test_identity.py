"""Nothing counts twice: messages by their bytes, events by their ids, never by content."""

import json
import threading
from collections.abc import Callable

import msgspec
import pytest
from django.db import connections
from factories import (
    batch,
    codes,
    company,
    connection,
    interchange,
    line,
    notice,
    one,
    open_cases,
    order,
    process,
    send,
    status,
    tell,
    trace,
    x12_order,
)
from psycopg.errors import IntegrityError

from visibility.core import identifiers
from visibility.core.errors import ConflictError
from visibility.inbox.keeping import Accepted
from visibility.inbox.models import Connection, Identity, Message, MessageWork
from visibility.inbox.services import accept_message
from visibility.ledger.models import LedgerEntry
from visibility.pipeline.worker import drain

Check = Callable[[], None]


@pytest.mark.django_db(transaction=True)
def test_an_accepted_message_is_committed_before_the_sender_hears_of_it(trial: Connection) -> None:
    message_id = send(trial, one(order())).message_id
    seen: list[bool] = []

    def look_from_another_session() -> None:
        seen.append(MessageWork.objects.filter(message_id=message_id).exists())
        connections.close_all()

    other = threading.Thread(target=look_from_another_session)
    other.start()
    other.join()
    assert seen == [True]


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_stored_leaves_no_identity_behind(trial: Connection) -> None:
    gone = Connection(pk=987654, company_id=trial.company_id, name="gone", tier=trial.tier)
    with pytest.raises(IntegrityError):
        send(gone, one(order()))
    assert not Identity.objects.exists()
    assert not send(trial, one(order())).duplicate


@pytest.mark.django_db
def test_a_byte_identical_message_is_a_repeat_on_its_connection_only(trial: Connection) -> None:
    body = interchange(x12_order())
    first, again = send(trial, body), send(trial, body)
    assert (first.duplicate, again.duplicate) == (False, True)
    assert first.message_id == again.message_id
    other = connection(of=trial.company)
    elsewhere = send(other, body)
    assert not elsewhere.duplicate
    assert elsewhere.message_id != first.message_id


@pytest.mark.django_db
def test_a_batch_sent_twice_is_one_message(trial: Connection) -> None:
    body = batch(order(id="a"), order("4500002", id="b"))
    process(trial, body, body)
    assert Message.objects.filter(direction="in").count() == 1
    assert LedgerEntry.objects.count() == 2


@pytest.mark.django_db
def test_control_numbers_reused_with_other_bytes_are_accepted(trial: Connection) -> None:
    first, second = process(
        trial, interchange(x12_order("4500001"), control=7), interchange(x12_order("4500002"), control=7)
    )
    assert (first.status, second.status) == ("processed", "processed")
    assert trace("4500001")["correlation_id"] != trace("4500002")["correlation_id"]


@pytest.mark.django_db
def test_events_alike_in_all_but_their_id_all_count(trial: Connection, rebuilt_the_same: Check) -> None:
    alike = [status("BOL-1") for _ in range(4)]
    (done,) = process(trial, batch(notice(bol="BOL-1"), *alike))
    assert done.entries == 5
    assert LedgerEntry.objects.filter(type="transport.status").count() == 4
    assert len(trace("4500001")["entries"]) == 5
    rebuilt_the_same()


@pytest.mark.django_db
def test_an_event_told_with_another_body_is_told_and_left_out_and_the_rest_goes_on(
    trial: Connection,
) -> None:
    tell(trial, order(id="same"))
    (done,) = process(
        trial, batch(order("4500007", id="same"), order("4500008"), {"type": "nonsense"}, order("4500009"))
    )
    assert done.status == "processed"
    assert done.entries == 2
    assert codes(done) == ["conflicting_duplicate", "invalid_event"]
    assert [problem["where"] for problem in done.problems] == ["/0", "/2"]
    assert trace("4500008")["order"]["number"] == "4500008"
    assert [kind for kind, _, _ in open_cases(trial) if kind == "conflicting_duplicate"]


@pytest.mark.django_db
def test_two_bodies_under_one_id_in_one_batch_are_a_conflict(trial: Connection) -> None:
    (done,) = process(trial, batch(order("4500001", id="same"), order("4500002", id="same")))
    assert (done.entries, codes(done)) == (1, ["conflicting_duplicate"])


@pytest.mark.django_db
def test_a_batch_item_that_was_posted_alone_makes_no_second_entry(trial: Connection) -> None:
    alone = order(id="same")
    tell(trial, alone)
    (done,) = process(trial, batch(alone, order("4500002")))
    assert (done.status, done.entries, codes(done)) == ("processed", 1, [])
    assert LedgerEntry.objects.count() == 2


@pytest.mark.django_db
def test_an_event_that_came_in_a_batch_is_a_repeat_when_posted_alone(trial: Connection) -> None:
    told = send(trial, batch(order(id="same"), order("4500002")))
    drain(message_ids=[told.message_id])
    again = send(trial, one(order(id="same")))
    assert (again.duplicate, again.message_id) == (True, told.message_id)


@pytest.mark.django_db
def test_a_repeat_in_other_spacing_and_order_of_names_is_a_repeat(trial: Connection) -> None:
    event = order(id="same")
    send(trial, one(event))
    other = json.dumps(dict(reversed(event.items())), indent=2).encode()
    assert send(trial, other).duplicate


def _otherwise(event: dict[str, object]) -> bytes:
    return json.dumps(dict(reversed(event.items())), indent=2).encode()


@pytest.mark.django_db
def test_spelled_otherwise_alone_or_in_batches_it_is_a_repeat_and_said_otherwise_a_conflict(
    trial: Connection,
) -> None:
    event, changed = order(id="same"), order("4500002", id="same")
    process(trial, batch(event, order("4500003")))
    assert send(trial, _otherwise(event)).duplicate
    with pytest.raises(ConflictError):
        send(trial, _otherwise(changed))
    (repeated,) = process(trial, b"[" + _otherwise(event) + b"," + one(order("4500004")) + b"]")
    assert (repeated.status, repeated.entries, codes(repeated)) == ("processed", 1, [])
    (refused,) = process(trial, b"[" + _otherwise(changed) + b"]")
    assert (refused.entries, codes(refused)) == (0, ["conflicting_duplicate"])
    (both,) = process(
        trial, b"[" + _otherwise(order("4500005", id="5")) + b"," + one(order("4500005", id="5")) + b"]"
    )
    assert (both.entries, codes(both)) == (1, [])


@pytest.mark.django_db
def test_digests_of_what_an_event_says_from_before_they_were_of_its_bytes_still_count(
    trial: Connection,
) -> None:
    event = order(id="same")
    said = msgspec.json.Encoder(order="sorted").encode(event)
    process(trial, one(event))
    Identity.objects.update(body=identifiers.digest(said))
    assert send(trial, one(event)).duplicate
    (repeated,) = process(trial, batch(event))
    assert (repeated.entries, codes(repeated)) == (0, [])


@pytest.mark.django_db
def test_one_event_posted_again_with_another_body_is_refused(trial: Connection) -> None:
    send(trial, one(order(id="same")))
    with pytest.raises(ConflictError):
        send(trial, one(order("4500002", id="same")))


@pytest.mark.django_db
def test_an_idempotency_key_is_identity(trial: Connection) -> None:
    body = interchange(x12_order())
    kinds = {"connection": trial, "content_type": "application/edi-x12", "idempotency_key": "k"}
    first = accept_message(body=body, **kinds)  # type: ignore[arg-type]
    assert accept_message(body=body, **kinds).message_id == first.message_id  # type: ignore[arg-type]
    with pytest.raises(ConflictError):
        accept_message(body=interchange(x12_order("4500002")), **kinds)  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_give_one_entry_and_one_that_is_no_duplicate(trial: Connection) -> None:
    body = one(order())
    answers: list[Accepted] = []
    start = threading.Barrier(10)

    def post_five() -> None:
        start.wait()
        answers.extend(send(trial, body) for _ in range(5))
        connections.close_all()

    threads = [threading.Thread(target=post_five) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer.message_id for answer in answers}) == 1
    assert [answer.duplicate for answer in answers].count(False) == 1
    drain()
    assert LedgerEntry.objects.count() == 1


@pytest.mark.django_db
def test_the_same_number_in_two_companies_never_joins(trial: Connection) -> None:
    other = connection(of=company())
    tell(trial, order())
    tell(other, notice("ASN-1", line(quantity=7)))
    assert trace("4500001", at=trial)["lines"][0]["shipped"] in (None, "0")
    assert trace("4500001", at=other)["lines"][0]["shipped"] == "7"
    assert trace("4500001", at=trial)["correlation_id"] != trace("4500001", at=other)["correlation_id"]


@pytest.mark.django_db
def test_an_event_id_is_identity_inside_its_company_only(trial: Connection) -> None:
    other = connection(of=company())
    tell(trial, order(id="same"))
    tell(other, order(id="same"))
    assert LedgerEntry.objects.count() == 2
