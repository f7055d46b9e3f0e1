"""Where chunks, workers, replays and people meet at an unlucky moment."""

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection as database
from django.db import connections
from factories import (
    batch,
    codes,
    line,
    notice,
    one,
    order,
    outcome,
    reference,
    send,
    tell,
    trace,
)

from visibility.core.db import server_cursor
from visibility.flows.models import Flow
from visibility.flows.services import lock_flows
from visibility.inbox.models import Connection, MessageWork
from visibility.inbox.services import replay_message
from visibility.inbox.work import claim_work, hold_lease
from visibility.ledger.models import LedgerEntry
from visibility.pipeline import finish, project, stages, worker
from visibility.pipeline.worker import drain, work_through

Check = Callable[[], None]


def _in_a_thread(work: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


# One event, once


@pytest.mark.django_db
@pytest.mark.parametrize("same_body", [True, False])
def test_an_event_told_twice_in_one_message_counts_once_however_far_apart(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, same_body: bool, rebuilt_the_same: Check
) -> None:
    monkeypatch.setattr(worker, "CHUNK_ENTRIES", 2)
    again = order(id="twice") if same_body else order("4500009", id="twice")
    body = batch(order(id="twice"), *(order(f"48{n:05}") for n in range(5)), again)
    message_id = send(trial, body).message_id
    drain()
    assert LedgerEntry.objects.count() == outcome(message_id).entries == 6
    assert codes(outcome(message_id)) == ([] if same_body else ["conflicting_duplicate"])
    replay_message(message_id=message_id)
    drain()
    assert outcome(message_id).entries == 6
    assert codes(outcome(message_id)) == ([] if same_body else ["conflicting_duplicate"])
    assert len(trace("4500001")["entries"]) == 1
    rebuilt_the_same()


# Documents that are left out leave nothing behind


@pytest.mark.django_db
def test_a_document_that_was_left_out_names_no_orders(trial: Connection) -> None:
    tell(trial, order(), order(issuer="ZZ:SOUTHGATE"))
    lines = (line(order=reference("4500001", issuer="")), line(order=reference("4500005")))
    (held,) = tell(trial, notice("ASN-5", *lines, of=""))
    assert codes(held) == ["ambiguous_order"]
    with database.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_correlation_key WHERE value = '4500005' AND flow_id > 0")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_two_documents_of_an_order_first_named_by_one_left_out_both_count(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Check
) -> None:
    tell(trial, order(), order(issuer="ZZ:SOUTHGATE"))
    lines = (line(order=reference("4500001", issuer="")), line(order=reference("4500005")))
    tell(trial, notice("ASN-5", *lines, of=""))
    first, second = (
        send(trial, one(e)).message_id for e in (order("4500005"), notice("ASN-6", of="4500005"))
    )
    together = threading.Barrier(2)

    def lock_at_once(**what: object) -> object:
        found = lock_flows(**what)  # type: ignore[arg-type]
        with suppress(threading.BrokenBarrierError):  # the other one waits for our locks: just as well
            together.wait(timeout=1)
        return found

    monkeypatch.setattr(project, "lock_flows", lock_at_once)
    threads = [_in_a_thread(partial(drain, message_ids=[m])) for m in (first, second)]
    for thread in threads:
        thread.join(30)
    monkeypatch.undo()
    assert len(trace("4500005")["entries"]) == 2
    assert trace("4500005")["lines"][0]["shipped"] == "100"
    rebuilt_the_same()


# Replays


@pytest.mark.django_db
def test_a_replay_that_dies_on_its_way_takes_nothing_back_that_it_did_not_tell_anew(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Check
) -> None:
    monkeypatch.setattr(worker, "CHUNK_ENTRIES", 2)
    message_id = send(trial, batch(*(order(f"48{n:05}") for n in range(6)))).message_id
    drain()
    replay_message(message_id=message_id)
    commit = stages.commit_chunk

    def die_of_the_third(chunk: object) -> object:
        if any(entry.index >= 4 for entry in chunk.entries()):  # type: ignore[attr-defined]
            raise RuntimeError("no further")
        return commit(chunk)  # type: ignore[arg-type]

    monkeypatch.setattr(worker, "commit_chunk", die_of_the_third)
    drain()
    assert codes(outcome(message_id)) == ["processing_failed"]
    assert [trace(f"48{n:05}")["lines"][0]["ordered"] for n in range(6)] == ["100"] * 6
    rebuilt_the_same()


@pytest.mark.django_db(transaction=True)
def test_a_replay_asked_for_while_the_work_ends_is_done(
    trial: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = send(trial, one(order())).message_id
    asked: list[threading.Thread] = []

    def hold_and_be_asked(**what: object) -> None:
        hold_lease(**what)  # type: ignore[arg-type]
        asked.append(_in_a_thread(lambda: replay_message(message_id=message_id)))
        _wait_until_somebody_waits()

    with monkeypatch.context() as patch:
        patch.setattr(finish, "hold_lease", hold_and_be_asked)
        work_through(claims=claim_work())
    asked[0].join(30)
    assert MessageWork.objects.get().translation == 2
    drain()
    assert outcome(message_id).translation == 2


def _wait_until_somebody_waits() -> None:
    for _ in range(2000):
        with server_cursor(database) as cursor:
            cursor.execute("SELECT count(*), pg_sleep(0.005)::text FROM pg_locks WHERE NOT granted")
            row = cursor.fetchone()
            if row is not None and row[0]:
                return
    raise AssertionError("nobody waits")


# Leases and connections


@pytest.mark.django_db
def test_who_loses_one_lease_gives_the_others_back_at_once(trial: Connection) -> None:
    ids = [send(trial, one(order(f"48{n:05}"))).message_id for n in range(3)]
    claims = claim_work()
    MessageWork.objects.filter(message_id=ids[1]).update(lease_token=uuid4())
    work_through(claims=claims)
    waiting = {work.message_id: work for work in MessageWork.objects.all()}
    assert [waiting[i].lease_until is None for i in ids] == [True, False, True]
    assert [waiting[i].attempts for i in ids] == [0, 0, 0]
    assert drain() == 2
    assert Flow.objects.count() == 2


def _end_our_session(*_: object, **__: object) -> None:
    """As a restart of the server would."""
    own = connections["default"].connection
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [own.info.backend_pid])


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("where", ["in a chunk", "between chunks"])
def test_a_server_that_ends_our_session_loses_nothing_and_doubles_nothing(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, where: str, rebuilt_the_same: Check
) -> None:
    monkeypatch.setattr(worker, "CHUNK_ENTRIES", 2)
    message_id = send(trial, batch(*(order(f"48{n:05}") for n in range(6)))).message_id
    ended: list[bool] = []

    def end_once(*_: object, **__: object) -> None:
        if not ended and MessageWork.objects.filter(cursor__gt=0).exists():
            ended.append(True)
            _end_our_session()

    if where == "in a chunk":

        def end_and_hold(**what: object) -> None:
            end_once()
            hold_lease(**what)  # type: ignore[arg-type]

        monkeypatch.setattr(finish, "hold_lease", end_and_hold)
        work_through(claims=claim_work())
    else:
        work_through(claims=claim_work(), announce=end_once)
    assert ended
    assert MessageWork.objects.get().lease_until is None, "given back at once"
    drain()
    assert outcome(message_id).entries == LedgerEntry.objects.count() == Flow.objects.count() == 6
    rebuilt_the_same()
