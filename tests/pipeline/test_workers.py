"""Workers die, stall and lose their database; what they had is finished by somebody, once."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from factories import batch, codes, one, open_cases, order, outcome, send, tell

from visibility.celery import app
from visibility.core.db import server_cursor
from visibility.flows.models import Flow
from visibility.inbox import work
from visibility.inbox.models import Connection, MessageWork
from visibility.inbox.services import replay_message
from visibility.inbox.work import MAX_ATTEMPTS, claim_work, hold_lease
from visibility.ledger.models import LedgerEntry
from visibility.masterdata.models import Item, Location, TradingPartner
from visibility.pipeline import failures, finish, leases, wake, worker
from visibility.pipeline.sweep import rebuild
from visibility.pipeline.worker import drain, work_through

Check = Callable[[], None]
PATIENCE_SECONDS = 30.0


def wait_until(holds: Callable[[], bool]) -> None:
    """Look until something holds; the test fails when it does not come to hold."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.01)


def in_a_thread(work: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


# Leases


@pytest.mark.django_db(transaction=True)
def test_all_leases_of_a_batch_are_held_while_one_chunk_takes_long(
    trial: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "BEAT_SECONDS", 0.02)
    ids = [send(trial, one(order(f"48{n:05}"))).message_id for n in range(3)]
    claims = claim_work()
    first = set(MessageWork.objects.values_list("lease_until", flat=True))
    commit, extended = worker.commit_chunk, []

    def take_long(chunk: object) -> object:
        wait_until(lambda: min(MessageWork.objects.values_list("lease_until", flat=True)) > max(first))
        extended.append(True)
        return commit(chunk)  # type: ignore[arg-type]

    monkeypatch.setattr(worker, "commit_chunk", take_long)
    work_through(claims=claims)
    assert extended
    assert {outcome(message_id).status for message_id in ids} == {"processed"}


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_stands_still_loses_its_leases_and_commits_nothing_more(
    trial: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "BEAT_SECONDS", 0.02)
    monkeypatch.setattr(leases, "STUCK_SECONDS", 0.1)
    monkeypatch.setattr(work, "LEASE_SECONDS", 0.3)
    message_id = send(trial, one(order())).message_id
    claims = claim_work()
    commit, others = worker.commit_chunk, []

    def stand_still(chunk: object) -> object:
        if not others:
            others.append(True)
            wait_until(lambda: drain() == 1)
        return commit(chunk)  # type: ignore[arg-type]

    monkeypatch.setattr(worker, "commit_chunk", stand_still)
    work_through(claims=claims)
    assert others
    assert outcome(message_id).status == "processed"
    assert LedgerEntry.objects.filter(message_id=message_id).count() == 1
    assert not MessageWork.objects.exists()


CRASHING = """
import os, signal
import django
django.setup()
from integrations.mappings.cloudevents import CloudEventTranslator
from visibility.inbox import work
from visibility.pipeline import finish, worker

class Crashing(CloudEventTranslator):
    def translate(self, message):
        if b"4500666" in message.body:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().translate(message)

work.LEASE_SECONDS = 0.2
worker.translator_for = finish.translator_for = lambda _: Crashing()
worker.drain()
"""


def _address() -> str:
    """The test's own database, as another process is told of it."""
    own = connection.settings_dict
    parts = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT", "password": "PASSWORD"}
    return " ".join(f"{key}='{own[name]}'" for key, name in parts.items() if own[name])


@pytest.mark.django_db(transaction=True)
def test_a_message_that_kills_its_worker_outright_spends_its_own_attempts_only(
    trial: Connection, rebuilt_the_same: Check
) -> None:
    numbers = ["4500001", "4500002", "4500666", "4500003"]
    ids = {number: send(trial, one(order(number))).message_id for number in numbers}
    environment = os.environ | {"DATABASE_URL": _address(), "DJANGO_SETTINGS_MODULE": "visibility.settings"}
    deaths = 0
    while MessageWork.objects.exists():
        ended = subprocess.run(
            [sys.executable, "-c", CRASHING], env=environment, cwd=settings.BASE_DIR, check=False
        )
        deaths += ended.returncode != 0
        assert deaths <= 1 + MAX_ATTEMPTS
        wait_until(lambda: not MessageWork.objects.exists() or bool(work.tiers_waiting(seconds=0)))
    assert deaths == 1 + MAX_ATTEMPTS
    bad = outcome(ids.pop("4500666"))
    assert (bad.status, codes(bad)) == ("rejected", ["processing_failed"])
    assert "killed" in bad.problems[0]["text"]
    assert {outcome(message_id).status for message_id in ids.values()} == {"processed"}
    assert [kind for kind, _, _ in open_cases(trial) if kind == "unreadable_document"]
    replay_message(message_id=bad.message_id)
    drain()
    assert outcome(bad.message_id).status == "processed"
    rebuilt_the_same()


# Suspects


@pytest.mark.django_db
def test_those_that_died_in_a_large_company_are_tried_in_small_ones_before_each_goes_alone(
    trial: Connection,
) -> None:
    for n in range(25):
        send(trial, one(order(f"48{n:05}")))
    sizes = []
    while waiting := MessageWork.objects.filter(lease_token=None).count():
        claims = claim_work()
        sizes.append(len(claims))
        work.release_work(claims=claims, error="died")
        if len(claims) == 1:
            MessageWork.objects.filter(message_id=claims[0].message_id).delete()
        assert len(sizes) < 40, waiting
    assert sizes == [25, 10, 10, 5, *[1] * 25]


@pytest.mark.django_db
def test_nobody_waits_behind_what_others_are_suspected_of(
    trial: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = [send(trial, one(order(f"48{n:05}"))).message_id for n in range(3)]
    work.release_work(claims=claim_work(), error="died")
    new = [send(trial, one(order(f"49{n:05}"))).message_id for n in range(2)]
    taken: list[list[object]] = []
    work_on = worker.work_through

    def watch(**what: object) -> None:
        taken.append([claim.message_id for claim in what["claims"]])  # type: ignore[attr-defined]
        if len(taken) == 1:
            new.append(send(trial, one(order("4900009"))).message_id)
        work_on(**what)  # type: ignore[arg-type]

    monkeypatch.setattr(worker, "work_through", watch)
    drain()
    # The ids of one millisecond are in no order.
    first = sorted(new[:2])
    assert [sorted(own) for own in taken] == [first, [old[0]], [new[2]], [old[1]], [old[2]]]  # type: ignore[type-var]


@pytest.mark.django_db
def test_an_outage_makes_nobody_suspected(trial: Connection) -> None:
    for n in range(25):
        send(trial, one(order(f"48{n:05}")))
    work.put_back(claims=claim_work(), error="the disk is full")
    assert len(claim_work()) == 25


# Tries


@pytest.mark.django_db(transaction=True)
def test_a_message_that_failed_by_itself_is_not_tried_again_at_once(
    trial: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "RETRY_AFTER", (60.0, 60.0))
    send(trial, one(order()))

    def fail(**_: object) -> None:
        raise RuntimeError("not today")

    monkeypatch.setattr(finish, "hold_lease", fail)
    work_through(claims=claim_work())
    (alone,) = claim_work()
    assert alone.attempts == 1
    work_through(claims=[alone])
    assert claim_work() == []
    assert MessageWork.objects.filter(lease_token=None, lease_until__isnull=False, attempts=1).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("failure", [psycopg.errors.DiskFull, psycopg.errors.ReadOnlySqlTransaction])
def test_an_outage_of_the_database_is_no_messages_fault(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, failure: type[Exception]
) -> None:
    ids = [send(trial, one(order(number))).message_id for number in ("4500001", "4500002")]
    left = [failure("for now")] * (3 * MAX_ATTEMPTS)

    def fail_for_long(**what: object) -> None:
        if left:
            raise left.pop()
        hold_lease(**what)  # type: ignore[arg-type]

    monkeypatch.setattr(finish, "hold_lease", fail_for_long)
    drain()
    assert not left
    assert {outcome(message_id).status for message_id in ids} == {"processed"}


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_lock_each_other_out_both_land(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Check
) -> None:
    tell(trial, order("4500000"))
    # What the orders name is known from now on: else one worker waits for the other at their common case.
    for records in (Item, Location, TradingPartner):
        records.objects.update(provisional=False)
    assert len(list(rebuild(check=False))) == 1
    ids = [send(trial, one(order(number))).message_id for number in ("4500001", "4500002")]
    met = threading.Barrier(2, timeout=PATIENCE_SECONDS)
    mine = threading.local()
    seen: list[Exception] = []

    def lock_crosswise(**what: object) -> None:
        if not getattr(mine, "done", False):
            mine.done = True
            for number in mine.order:
                with server_cursor(connection) as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
                if number == mine.order[0]:
                    met.wait()
        hold_lease(**what)  # type: ignore[arg-type]

    def look(error: Exception) -> bool:
        seen.append(error)
        return isinstance(failures.cause_of(error), failures.PASSING)

    monkeypatch.setattr(finish, "hold_lease", lock_crosswise)
    monkeypatch.setattr(worker, "is_passing", look)
    monkeypatch.setattr(worker, "give_back", lambda **_: pytest.fail("given back instead of tried again"))

    def drain_one(number: int) -> None:
        mine.order = (71, 72) if number == 0 else (72, 71)
        drain(message_ids=[ids[number]])

    threads = [in_a_thread(lambda n=n: drain_one(n)) for n in range(2)]  # type: ignore[misc]
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert [type(failures.cause_of(error)) for error in seen] == [psycopg.errors.DeadlockDetected]
    assert [outcome(message_id).entries for message_id in ids] == [1, 1]
    rebuilt_the_same()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_worker_whose_session_is_ended_goes_on_by_itself(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Check
) -> None:
    message_id = send(trial, batch(*(order(f"48{n:05}") for n in range(6)))).message_id
    monkeypatch.setattr(worker, "CHUNK_ENTRIES", 2)
    ended: list[int] = []

    def end_session(**what: object) -> None:
        if len(ended) < 2:
            ended.append(connection.connection.info.backend_pid)
            with connections["owner"].cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [ended[-1]])
        hold_lease(**what)  # type: ignore[arg-type]

    monkeypatch.setattr(finish, "hold_lease", end_session)
    drain()
    assert len(set(ended)) == 2
    assert outcome(message_id).entries == LedgerEntry.objects.count() == Flow.objects.count() == 6
    rebuilt_the_same()


@pytest.mark.django_db
def test_while_the_database_is_away_nothing_is_given_back_and_the_worker_goes_on(
    trial: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = send(trial, one(order())).message_id

    def away(**_: object) -> None:
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(finish, "hold_lease", away)
        patch.setattr(failures, "release_work", away)
        work_through(claims=claim_work())
    assert MessageWork.objects.get().lease_token is not None
    MessageWork.objects.update(lease_until="2026-01-01T00:00:00Z")
    drain()
    assert outcome(message_id).status == "processed"


# What Celery is told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("task_acks_late", True),
        ("task_reject_on_worker_lost", True),
        ("task_ignore_result", True),
        ("task_serializer", "json"),
        ("accept_content", ["json"]),
        ("worker_prefetch_multiplier", 1),
        ("worker_soft_shutdown_timeout", 30),
        ("worker_enable_soft_shutdown_on_idle", True),
        ("worker_cancel_long_running_tasks_on_connection_loss", False),
        ("broker_connection_max_retries", None),
    ],
)
def test_celery_is_set_to_lose_nothing(name: str, value: object) -> None:
    assert getattr(app.conf, name) == value


def test_a_wake_up_is_delivered_again_only_after_its_task_must_have_ended() -> None:
    assert app.conf.broker_transport_options["visibility_timeout"] > app.conf.task_time_limit
    assert app.conf.task_time_limit > app.conf.task_soft_time_limit > 200


def test_a_wake_up_that_nobody_takes_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, object]] = []
    monkeypatch.setattr(wake, "broker", lambda: SimpleNamespace(set=lambda *_, **__: True))
    monkeypatch.setattr(app, "send_task", lambda _, **how: sent.append(how))
    wake.wake_workers(tier=Connection.Tier.REALTIME)
    (how,) = sent
    assert how["queue"] == Connection.Tier.REALTIME
    assert how["expires"] == wake.STALE_SECONDS > app.conf.task_time_limit


def test_each_tier_has_a_queue_that_nobody_else_listens_to() -> None:
    queues = {queue.name: queue.exchange.name for queue in app.conf.task_queues}
    assert set(queues) == set(Connection.Tier.values)
    assert len(set(queues.values())) == len(queues)


def test_no_task_is_scheduled_into_the_future_through_the_broker() -> None:
    root = Path(settings.BASE_DIR)
    told = [path.read_text() for path in (root / "visibility").rglob("*.py")]
    assert not [text for text in told if "countdown=" in text or "eta=" in text]
