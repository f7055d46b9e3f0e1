"""What fails disturbs nobody else, loses nothing and counts nothing twice."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID, uuid4

import psycopg
import pytest
import redis
from django.conf import settings
from factories import (
    answer,
    batch,
    codes,
    interchange,
    notice,
    one,
    open_cases,
    order,
    outcome,
    process,
    send,
    status,
    trace,
    x12_order,
)

from integrations.mappings.cloudevents import CloudEventTranslator
from visibility.core.errors import FencedError
from visibility.flows.models import Flow
from visibility.inbox.models import Connection, Message, MessageWork, Outcome
from visibility.inbox.ports import Reply, Unit, VerbatimMessage
from visibility.inbox.services import replay_message
from visibility.inbox.work import MAX_ATTEMPTS, claim_work, hold_lease
from visibility.ledger.models import LedgerEntry, Membership
from visibility.pipeline import finish, stages, wake, worker
from visibility.pipeline.tasks import drain_tier
from visibility.pipeline.worker import chunks, commit_with_retries, drain, work_through
from visibility.triage.models import CaseMember, ExceptionCase

Check = Callable[[], None]


class Poisoned:
    """A translator that dies of one message and remembers in whose company it did."""

    def __init__(self, word: bytes) -> None:
        self.word, self.deaths = word, 0

    def translate(self, message: VerbatimMessage) -> Iterator[Unit]:
        if self.word in message.body:
            self.deaths += 1
            raise ZeroDivisionError("this message is more than I can take")
        return CloudEventTranslator().translate(message)

    def replies(self, message: VerbatimMessage) -> list[Reply]:
        if self.word in message.body:
            raise ZeroDivisionError("this message is more than I can take")
        return []


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> Poisoned:
    translator = Poisoned(b"4500666")
    for module in (worker, finish):
        monkeypatch.setattr(module, "translator_for", lambda _: translator)
    return translator


@pytest.mark.django_db
def test_a_message_that_kills_its_worker_is_set_aside_and_its_neighbours_go_on(
    trial: Connection, poisoned: Poisoned, rebuilt_the_same: Check
) -> None:
    bodies = [one(order("4500001")), one(order("4500666")), one(order("4500002"))]
    first, bad, last = process(trial, *bodies)
    assert (first.status, bad.status, last.status) == ("processed", "rejected", "processed")
    assert codes(bad) == ["processing_failed"]
    assert "more than I can take" in bad.problems[0]["text"]
    # Once in company, which costs nothing, then as often as is allowed by itself.
    assert poisoned.deaths == 1 + MAX_ATTEMPTS
    assert not MessageWork.objects.exists()
    assert any(kind == "unreadable_document" for kind, _, _ in open_cases(trial))
    rebuilt_the_same()


@pytest.mark.django_db
def test_what_was_set_aside_can_be_replayed_once_its_cause_is_mended(
    trial: Connection, poisoned: Poisoned
) -> None:
    message_id = send(trial, one(order("4500666"))).message_id
    drain()
    poisoned.word = b"nothing is like this"
    assert replay_message(message_id=message_id) == 2
    drain()
    assert outcome(message_id).status == "processed"
    assert trace("4500666")["lines"][0]["ordered"] == "100"
    assert not [kind for kind, _, _ in open_cases(trial) if kind == "unreadable_document"]
    case = CaseMember.objects.get(message_id=message_id, flow=None).case
    assert (case.state, case.is_open) == ("closed", False)


@pytest.mark.django_db
def test_a_dying_message_spends_no_attempt_of_its_neighbours(trial: Connection, poisoned: Poisoned) -> None:
    ids = [send(trial, one(order(number))).message_id for number in ("4500001", "4500666")]
    claims = claim_work()
    assert len(claims) == 2
    work_through(claims=claims)
    waiting = {work.message_id: work for work in MessageWork.objects.all()}
    assert {waiting[i].attempts for i in ids} == {0}
    assert all(waiting[i].alone for i in ids)
    assert [len(claim_work()), len(claim_work())] == [1, 1]


@pytest.mark.django_db
def test_a_message_whose_worker_was_killed_is_taken_alone_and_not_for_ever(trial: Connection) -> None:
    message_id = send(trial, one(order())).message_id
    send(trial, one(order("4500002")))
    assert len(claim_work()) == 2
    sizes = []
    for _ in range(MAX_ATTEMPTS):  # nobody gives it back: the lease runs out
        MessageWork.objects.filter(message_id=message_id).update(lease_until="2026-01-01T00:00:00Z")
        sizes.append([claim.message_id for claim in claim_work()])
    assert sizes == [[message_id]] * MAX_ATTEMPTS
    MessageWork.objects.filter(message_id=message_id).update(lease_until="2026-01-01T00:00:00Z")
    assert claim_work() == []
    drain()
    assert codes(outcome(message_id)) == ["processing_failed"]


@pytest.mark.django_db
def test_a_lost_lease_commits_nothing(trial: Connection) -> None:
    send(trial, batch(order(), answer()))
    claims = claim_work()
    MessageWork.objects.update(lease_token=uuid4())
    for chunk in chunks(claims):
        with pytest.raises(FencedError):
            commit_with_retries(chunk)
    assert not LedgerEntry.objects.exists()
    assert not Flow.objects.exists()
    assert not Outcome.objects.exists()
    assert not ExceptionCase.objects.exists()
    assert MessageWork.objects.count() == 1


@pytest.mark.django_db
def test_whoever_lost_the_lease_leaves_the_work_to_the_one_who_has_it(trial: Connection) -> None:
    message_id = send(trial, one(order())).message_id
    stale = claim_work()
    MessageWork.objects.update(lease_until="2026-01-01T00:00:00Z")
    drain()
    work_through(claims=stale)
    assert LedgerEntry.objects.filter(message_id=message_id).count() == 1
    assert not MessageWork.objects.exists()


@pytest.mark.django_db
def test_a_chunk_that_fails_late_commits_nothing_of_itself(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Check
) -> None:
    body = batch(order(), answer(), notice(bol="BOL-1"), status("BOL-1"))
    message_id = send(trial, body).message_id

    def fail(**_: object) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(finish, "hold_lease", fail)
        work_through(claims=claim_work())
        for table in (LedgerEntry, Membership, Flow, Outcome, ExceptionCase):
            assert not table.objects.exists(), table
    drain()
    assert outcome(message_id).entries == 4
    assert LedgerEntry.objects.count() == 4
    rebuilt_the_same()


@pytest.mark.django_db
@pytest.mark.parametrize("failure", [psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure])
def test_deadlocks_and_serialisation_failures_are_tried_again(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, failure: type[Exception]
) -> None:
    message_id = send(trial, batch(order(), order("4500002"), {"type": "nonsense"})).message_id
    left = [failure("somebody else went first"), failure("and again")]
    hold = hold_lease

    def fail_twice(**what: object) -> None:
        if left:
            raise left.pop()
        hold(**what)  # type: ignore[arg-type]

    monkeypatch.setattr(finish, "hold_lease", fail_twice)
    work_through(claims=claim_work())
    done = outcome(message_id)
    assert (done.status, done.entries, codes(done)) == ("processed", 2, ["invalid_event"])
    assert not left


BULK, CHUNK = 1_700, 500


def _bulk() -> bytes:
    return batch(*(order(f"48{n:05}") for n in range(BULK)))


@pytest.mark.django_db
def test_a_bulk_message_commits_in_chunks_and_goes_on_where_it_failed(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Check
) -> None:
    message_id = send(trial, _bulk()).message_id
    cursors: list[int] = []
    commit = stages.commit_chunk

    def fail_once_in_the_middle(chunk: object) -> dict[int, set[UUID]]:
        at = MessageWork.objects.get().cursor
        if at == 2 * CHUNK and cursors.count(at) == 0:
            cursors.append(at)
            raise RuntimeError("killed in the middle")
        cursors.append(at)
        return commit(chunk)  # type: ignore[arg-type]

    monkeypatch.setattr(worker, "CHUNK_ENTRIES", CHUNK)
    monkeypatch.setattr(worker, "commit_chunk", fail_once_in_the_middle)
    work_through(claims=claim_work())
    assert LedgerEntry.objects.count() == MessageWork.objects.get().cursor == 1_000
    partial = Outcome.objects.get()
    assert (partial.partial, partial.entries) == (True, 1_000)
    drain()
    assert cursors == [0, 500, 1000, 1000, 1500]
    done = outcome(message_id)
    assert (done.status, done.entries, done.partial) == ("processed", BULK, False)
    assert LedgerEntry.objects.count() == Flow.objects.count() == BULK
    assert LedgerEntry.objects.values("event_id").distinct().count() == BULK
    rebuilt_the_same()


@pytest.mark.django_db(transaction=True)
def test_with_the_broker_dead_messages_are_accepted_and_the_sweeper_finds_them(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dead = f"unix://{tmp_path / 'nobody-listens'}"
    monkeypatch.setattr(settings, "ADDRESSES", SimpleNamespace(redis_url=dead))
    wake.forget_broker()
    with pytest.raises(redis.RedisError):
        wake.broker().ping()
    message_id = send(trial, interchange(x12_order())).message_id
    wake.wake_workers(tier=trial.tier)
    wake.announce({trial.company_id: {uuid4()}})
    assert MessageWork.objects.filter(message_id=message_id).exists()
    drain_tier(trial.tier)
    assert outcome(message_id).status == "processed"
    wake.forget_broker()


@pytest.mark.django_db
def test_a_worker_of_one_tier_leaves_the_others_alone(trial: Connection) -> None:
    send(trial, one(order()))
    assert drain(tier="batch") == 0
    assert drain(tier=trial.tier) == 1


@pytest.mark.django_db
def test_a_group_is_acknowledged_once_however_often_its_message_is_replayed(trial: Connection) -> None:
    (done,) = process(trial, interchange(x12_order()))
    replay_message(message_id=done.message_id)
    drain()
    replies = Message.objects.filter(direction="out", in_reply_to=done.message_id)
    assert [b"ST*997" in bytes(reply.body) for reply in replies] == [True]
