"""Where chunks, workers, replays and people meet at an unlucky moment."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from uuid import uuid4

import msgspec
import pytest
from django.db import OperationalError, connections, transaction
from django.db import connection as database
from factories import (
    answer,
    batch,
    codes,
    kinds,
    line,
    notice,
    one,
    order,
    outcome,
    reference,
    send,
    status,
    tell,
    trace,
)

from integrations.mappings.cloudevents import CloudEventTranslator
from visibility.core.db import server_cursor
from visibility.flows.models import Flow
from visibility.flows.services import lock_flows
from visibility.inbox.models import Connection, Message, MessageWork, Outcome
from visibility.inbox.ports import Reply, Unit, VerbatimMessage
from visibility.inbox.services import replay_message
from visibility.inbox.work import BATCH_MESSAGES, claim_work, hold_lease
from visibility.ledger.models import LedgerEntry
from visibility.pipeline import finish, project, stages, worker
from visibility.pipeline.sweep import rebuild, sweep_due
from visibility.pipeline.worker import drain, work_through
from visibility.triage.models import CaseMember

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


@pytest.mark.django_db(transaction=True)
def test_documents_at_once_of_an_order_first_named_by_one_that_is_in_doubt_all_count(
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
    assert len(trace("4500005")["entries"]) == 3
    assert trace("4500005")["lines"][0]["shipped"] == "200"
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


def _wait_until_somebody_waits(unless: Callable[[], bool] = lambda: False) -> None:
    for _ in range(2000):
        if unless():
            return
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


@pytest.mark.django_db(transaction=True)
def test_what_a_replay_takes_back_joins_no_order_at_the_same_instant(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Check
) -> None:
    tell(trial, order())
    message_id = send(trial, one(status("BOL-1", id="told"))).message_id
    drain()
    replay_message(message_id=message_id)
    send(trial, one(notice(bol="BOL-1")))
    others = [work.message_id for work in MessageWork.objects.exclude(message_id=message_id)]
    mended = Mended(b"BOL-1", b"BOL-2", b'"told"')
    monkeypatch.setattr(worker, "translator_for", lambda _: mended)
    replaying: list[threading.Thread] = []

    def hold_while_the_replay_ends(**what: object) -> None:
        hold_lease(**what)  # type: ignore[arg-type]
        if not replaying:
            replaying.append(_in_a_thread(lambda: drain(message_ids=[message_id])))
            _wait_until_somebody_waits(unless=lambda: not replaying[0].is_alive())

    monkeypatch.setattr(finish, "hold_lease", hold_while_the_replay_ends)
    drain(message_ids=others)
    replaying[0].join(30)
    assert outcome(message_id).translation == 2
    assert {entry["type"] for entry in trace("4500001")["entries"]} == {"order.placed", "shipment.notified"}
    assert {m["name"]: m["state"] for m in trace("4500001")["milestones"]}["arrived"] != "done"
    rebuilt_the_same()


class Mended:
    """A translator that reads one word of one event otherwise than before."""

    def __init__(self, was: bytes, now: bytes, of: bytes) -> None:
        self.was, self.now, self.of = was, now, of

    def translate(self, message: VerbatimMessage) -> Iterator[Unit]:
        body = message.body.replace(self.was, self.now) if self.of in message.body else message.body
        return CloudEventTranslator().translate(msgspec.structs.replace(message, body=body))

    def replies(self, message: VerbatimMessage) -> list[Reply]:
        return []


# Partitions


@pytest.mark.django_db(transaction=True)
def test_a_month_whose_entries_stand_in_the_rest_keeps_no_other_month_from_its_partition() -> None:
    with database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_entry (recorded_at, position, company_id, type, connection_id, witness, "
            "message_id, translation, ordinal, event_id, explicit_id, control, document) VALUES "
            "(now() + interval '5 months', 1, 1, 'order.placed', 1, 'edi', gen_random_uuid(), 1, 0, "
            "gen_random_uuid(), false, '', '{}')"
        )
        cursor.execute("SELECT ledger_ensure_partitions(2)")
        cursor.execute("SELECT ledger_ensure_partitions(7)")
        assert cursor.fetchone() == (4,)
        cursor.execute("SELECT ledger_ensure_partitions(7)")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM ledger_entry")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
def test_making_partitions_gives_way_to_who_uses_the_ledger() -> None:
    reading, done = threading.Event(), threading.Event()

    def read_on() -> None:
        with transaction.atomic():
            LedgerEntry.objects.count()
            reading.set()
            done.wait(30)

    reader = _in_a_thread(read_on)
    assert reading.wait(30)
    try:
        with pytest.raises(OperationalError, match="lock timeout"), database.cursor() as cursor:
            cursor.execute("SELECT ledger_ensure_partitions(9)")
    finally:
        done.set()
        reader.join(30)


# Deadlines


@pytest.mark.django_db
def test_deadlines_are_looked_at_also_while_new_messages_keep_coming(trial: Connection) -> None:
    tell(trial, order())
    later = Flow.objects.get().next_due_at + dt.timedelta(hours=1)
    send(trial, one(order("4500002")))
    # The order was read and its answer was due before the message that waits came in.
    Message.objects.filter(messagework__isnull=False).update(received_at=later)
    Flow.objects.update(changed_at=later - dt.timedelta(minutes=5))
    assert sweep_due(as_of=later + dt.timedelta(minutes=1), unless_waiting=True) == 1
    assert "acknowledgement_overdue" in kinds(trial)


@pytest.mark.django_db
def test_deadlines_wait_for_messages_that_came_before_them(trial: Connection) -> None:
    tell(trial, order())
    due_at = Flow.objects.get().next_due_at
    waiting = send(trial, one(answer())).message_id
    for received_at in (due_at - dt.timedelta(minutes=1), Flow.objects.get().changed_at):
        Message.objects.filter(id=waiting).update(received_at=received_at)
        assert sweep_due(as_of=due_at + dt.timedelta(days=400), unless_waiting=True) == 0
    assert "acknowledgement_overdue" not in kinds(trial)


@pytest.mark.django_db
def test_a_worker_stops_in_time_and_leaves_the_rest_to_the_next(trial: Connection) -> None:
    for n in range(BATCH_MESSAGES + 1):
        send(trial, one(status(f"BOL-{n}")))
    assert drain(tier=trial.tier, seconds=0) == BATCH_MESSAGES
    assert drain(tier=trial.tier, seconds=0) == 1


# Cases


@pytest.mark.django_db
@pytest.mark.parametrize("order_first", [True, False])
def test_a_case_says_whose_it_is_whatever_came_first(trial: Connection, order_first: bool) -> None:
    nameless = notice(supplier={}, ship_to={})
    tell(trial, *((order(), nameless) if order_first else (nameless, order())))
    member = CaseMember.objects.get(kind="unknown_item")
    flow = Flow.objects.get()
    assert flow.supplier_id is not None
    assert (member.supplier_id, member.supplier_name) == (flow.supplier_id, "Acme Industries")
    assert member.order_number == "4500001"
    # Learning whose it is is no change of the evidence.
    assert [event.what for event in member.case.events.all()] == ["opened"]


# Everybody at once


@pytest.mark.django_db(transaction=True)
def test_sweeps_rebuilds_replays_and_new_documents_at_once_end_and_lose_nothing(
    trial: Connection, rebuilt_the_same: Check
) -> None:
    numbers = [f"47{n:05}" for n in range(12)]
    ways = (numbers, numbers[::-1])
    told = [send(trial, batch(*(of(n) for n in way))).message_id for way in ways for of in (order, answer)]
    told.append(send(trial, batch(*(status(f"BOL-{n[-1]}") for n in numbers))).message_id)
    drain()
    errors: list[Exception] = []

    def repeat(work: Callable[[int], object]) -> Callable[[], None]:
        def run() -> None:
            try:
                for turn in range(3):
                    work(turn)
            except Exception as error:  # told in the test's own thread
                errors.append(error)

        return run

    def tell_on(way: list[str], turn: int) -> None:
        body = batch(*(notice(f"ASN-{turn}-{way[0]}-{n}", of=n, bol=f"BOL-{n[-1]}") for n in way))
        drain(message_ids=[send(trial, body).message_id])

    def replay(_: int) -> None:
        for message_id in told:
            replay_message(message_id=message_id)
        drain()

    later = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    works = (
        lambda _: sweep_due(as_of=later),
        lambda _: list(rebuild(check=False)),
        replay,
        partial(tell_on, ways[0]),
        partial(tell_on, ways[1]),
    )
    threads = [_in_a_thread(repeat(work)) for work in works]
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    assert errors == []
    drain()
    assert not MessageWork.objects.exists()
    assert {done.status for done in Outcome.objects.all()} == {"processed"}
    assert LedgerEntry.objects.filter(translation=1).count() == 4 * 12 + 12 + 2 * 3 * 12
    for number in numbers:
        notices = [e for e in trace(number)["entries"] if e["type"] == "shipment.notified"]
        assert len(notices) == 6
    rebuilt_the_same()
