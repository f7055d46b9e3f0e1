"""Everything accepted is finished without the broker, without beat and without workers; tiers keep apart."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from factories import answer, batch, one, order, outcome, send, tell
from factories import connection as way_in
from test_workers import in_a_thread, wait_until

from visibility.core import clock
from visibility.inbox import work
from visibility.inbox.models import Connection, MessageWork, Outcome
from visibility.inbox.work import claim_work, tiers_waiting
from visibility.ledger.models import LedgerEntry
from visibility.pipeline import beats, chores, patrol, stages, sweeper, wake, worker
from visibility.pipeline.chores import Task, run_due
from visibility.pipeline.models import Chore, WorkerBeat
from visibility.pipeline.patrol import Patrol
from visibility.pipeline.sweeper import sweep_on, sweep_once
from visibility.pipeline.worker import drain

REALTIME, NEAR, BATCH = Connection.Tier.values
LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Nobody listens where the broker should be."""
    dead = f"unix://{tmp_path / 'nobody-listens'}"
    monkeypatch.setattr(settings, "ADDRESSES", SimpleNamespace(redis_url=dead))
    wake.forget_broker()
    yield
    wake.forget_broker()


@pytest.fixture
def ways(db: None) -> dict[str, Connection]:
    """A connection of each tier, of one company."""
    first = way_in(tier=REALTIME)
    return {REALTIME: first, **{tier: way_in(of=first.company, tier=tier) for tier in (NEAR, BATCH)}}


def finished_in_order() -> list[str]:
    """Tiers of the finished messages, in the order they ended."""
    ended = Outcome.objects.filter(partial=False).order_by("pk")
    return list(ended.values_list("message__connection__tier", flat=True))


# Without workers


@pytest.mark.django_db
def test_the_sweeper_finishes_every_tier_when_no_worker_and_no_broker_is_there(
    ways: dict[str, Connection],
) -> None:
    ids = [send(way, one(order(f"48{n:05}"))).message_id for n, way in enumerate(ways.values())]
    assert sweep_once(seconds=0) == 3
    assert {outcome(message_id).status for message_id in ids} == {"processed"}


@pytest.mark.django_db
def test_the_sweeper_leaves_a_tier_to_its_workers_while_they_live(
    ways: dict[str, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    monkeypatch.setattr(wake, "wake_workers", lambda *, tier: woken.append(tier))
    for n, way in enumerate(ways.values()):
        send(way, one(order(f"48{n:05}")))
    beats.say_alive(name="somebody", tiers=[REALTIME, BATCH])
    assert sweep_once(seconds=0) == 1
    assert woken == [REALTIME, BATCH]
    WorkerBeat.objects.update(seen_at=LONG_AGO)
    assert sweep_once(seconds=0) == 2
    assert beats.forget_dead() == 1


@pytest.mark.django_db
def test_work_that_was_just_accepted_is_left_to_the_wake_up(ways: dict[str, Connection]) -> None:
    send(ways[REALTIME], one(order()))
    assert tiers_waiting(seconds=60) == []
    assert sweep_once(seconds=60) == 0
    MessageWork.objects.update(created_at=LONG_AGO)
    assert tiers_waiting(seconds=60) == [REALTIME]
    claim_work()
    assert tiers_waiting(seconds=60) == [], "somebody works on it"
    MessageWork.objects.update(lease_until=LONG_AGO)
    assert tiers_waiting(seconds=60) == [REALTIME], "whoever worked on it is dead"


@pytest.mark.django_db(transaction=True)
def test_the_sweeper_goes_on_after_the_database_was_away(
    ways: dict[str, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeper, "WAITED_SECONDS", 0)
    monkeypatch.setattr(sweeper, "TICK_SECONDS", 0.01)
    message_id = send(ways[BATCH], one(order())).message_id
    find, fails = sweeper.tiers_waiting, [True, True]

    def fail_twice(**what: object) -> list[str]:
        if fails:
            fails.pop()
            connection.ensure_connection()
            connection.connection.close()
        return find(**what)  # type: ignore[arg-type]

    monkeypatch.setattr(sweeper, "tiers_waiting", fail_twice)
    stop = threading.Event()
    thread = in_a_thread(lambda: sweep_on(stop=stop))
    wait_until(lambda: not MessageWork.objects.exists())
    stop.set()
    thread.join(30)
    assert not fails
    assert outcome(message_id).status == "processed"


# The worker's own loop


@pytest.mark.django_db(transaction=True)
def test_a_workers_own_loop_finishes_its_tiers_without_being_woken(
    ways: dict[str, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patrol, "TICK_SECONDS", 0.01)
    monkeypatch.setattr(patrol, "WAITED_SECONDS", 0)
    ids = {tier: send(way, one(order(f"{tier}"))).message_id for tier, way in ways.items()}
    own = Patrol(tiers=[REALTIME, NEAR])
    own.start()
    try:
        wait_until(lambda: MessageWork.objects.count() <= 1)
        wait_until(lambda: beats.tiers_alive() == {REALTIME, NEAR})
        wait_until(lambda: Chore.objects.filter(name="deadlines").exists())
    finally:
        own.stop()
    assert MessageWork.objects.get().message_id == ids[BATCH], "that tier is others' work"
    assert not WorkerBeat.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_loop_does_nothing_while_a_task_of_its_process_works(
    ways: dict[str, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patrol, "TICK_SECONDS", 0.01)
    looks: list[bool] = []
    monkeypatch.setattr(Patrol, "look_round", lambda self: looks.append(patrol.BUSY.locked()))
    own = Patrol(tiers=[REALTIME])
    with patrol.BUSY:
        own.start()
        own._stop.wait(0.1)
        assert looks == []
    wait_until(lambda: len(looks) > 1)
    own.stop()
    assert all(looks)


@pytest.mark.django_db
def test_a_broker_that_fails_is_not_asked_again_for_a_while(
    ways: dict[str, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def fail() -> None:
        asked.append(True)
        raise ConnectionError("nobody listens")

    monkeypatch.setattr(wake, "broker", fail)
    for _ in range(50):
        wake.wake_workers(tier=REALTIME)
    assert asked == [True]
    wake.forget_broker()
    wake.wake_workers(tier=REALTIME)
    assert asked == [True, True]


# Chores


@pytest.mark.django_db
def test_a_chore_is_done_when_its_time_has_come_whoever_asks() -> None:
    done: list[str] = []
    tasks = (
        Task("often", 0, lambda: done.append("often")),
        Task("seldom", 60, lambda: done.append("seldom")),
    )
    assert [run_due(tasks=tasks) for _ in range(3)] == [["often", "seldom"], ["often"], ["often"]]
    Chore.objects.filter(name="seldom").update(ran_at=LONG_AGO)
    assert run_due(tasks=tasks) == ["often", "seldom"]
    assert done == ["often", "seldom", "often", "often", "often", "seldom"]


@pytest.mark.django_db
def test_who_has_urgent_work_leaves_a_chore_to_others_for_a_while() -> None:
    tasks = (Task("one", 60, lambda: None),)
    assert run_due(tasks=tasks) == ["one"]
    Chore.objects.update(ran_at=clock.now() - dt.timedelta(seconds=70))
    assert run_due(tasks=tasks, grace=20) == []
    Chore.objects.update(ran_at=clock.now() - dt.timedelta(seconds=90))
    assert run_due(tasks=tasks, grace=20) == ["one"]


@pytest.mark.django_db(transaction=True)
def test_one_process_at_a_time_does_the_chores_and_a_dead_one_holds_up_nobody() -> None:
    inside, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        assert chores._lock()
        inside.set()
        go_on.wait(30)
        connection.close()  # as a kill would

    holder = in_a_thread(hold)
    assert inside.wait(30)
    tasks = (Task("one", 0, lambda: None),)
    assert run_due(tasks=tasks) == []
    go_on.set()
    holder.join(30)
    wait_until(lambda: run_due(tasks=tasks) == ["one"])


@pytest.mark.django_db
def test_a_chore_that_fails_keeps_no_other_from_being_done() -> None:
    done: list[str] = []

    def fail() -> None:
        raise ZeroDivisionError

    assert run_due(tasks=(Task("bad", 0, fail), Task("good", 0, lambda: done.append("good")))) == [
        "bad",
        "good",
    ]
    assert done == ["good"]


# Tiers

BACKLOG = 200


@pytest.mark.django_db
def test_with_a_backlog_of_batch_work_a_realtime_message_is_taken_first(
    ways: dict[str, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BATCH_MESSAGES", BACKLOG // 5)
    for n in range(BACKLOG):
        send(ways[BATCH], one(answer(f"49{n:05}")))
    urgent = send(ways[REALTIME], one(order())).message_id
    assert [claim.message_id for claim in claim_work(tier=REALTIME)] == [urgent]
    assert claim_work(tier=REALTIME) == []
    MessageWork.objects.filter(message_id=urgent).update(lease_token=None, lease_until=None)
    # Also one process alone takes the urgent tier first, and has taken some of the others.
    sweep_once(seconds=0)
    ended = finished_in_order()
    assert ended[0] == REALTIME
    assert 0 < ended.count(BATCH) < BACKLOG


@pytest.mark.django_db
def test_no_tier_starves_while_a_more_urgent_one_never_ends(
    ways: dict[str, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeper, "SHARES", {REALTIME: 0.2, NEAR: 0.2, BATCH: 0.0})
    for n, way in enumerate(ways.values()):
        send(way, one(order(f"48{n:05}")))
    numbers = iter(range(10**6))

    def one_more(_: object) -> None:
        send(ways[REALTIME], one(answer(f"49{next(numbers):05}")))

    monkeypatch.setattr(wake, "announce", one_more)
    sweep_once(seconds=0)
    assert {NEAR, BATCH} <= set(finished_in_order())
    assert MessageWork.objects.filter(tier=REALTIME).exists()


@pytest.mark.django_db(transaction=True)
def test_a_bulk_message_lets_others_have_its_orders_after_each_chunk(
    ways: dict[str, Connection], monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Callable[[], None]
) -> None:
    monkeypatch.setattr(worker, "CHUNK_ENTRIES", 20)
    tell(ways[REALTIME], order("4500001"))
    bulk = send(ways[BATCH], batch(*(answer("4500001", id=f"answer-{n}") for n in range(100)))).message_id
    sizes: list[int] = []
    landed: list[UUID] = []
    commit = stages.commit_chunk

    def watch(chunk: stages.Chunk) -> dict[int, set[UUID]]:
        sizes.append(len(chunk.entries()))
        return commit(chunk)

    def meanwhile(_: object) -> None:
        if len(landed) < 3:
            message_id = send(ways[REALTIME], one(answer("4500001"))).message_id
            thread = in_a_thread(lambda: drain(tier=REALTIME))
            thread.join(30)
            landed.append(message_id)
            assert Outcome.objects.get(message_id=bulk).partial
            assert outcome(message_id).status == "processed"

    monkeypatch.setattr(worker, "commit_chunk", watch)
    drain(tier=BATCH, announce=meanwhile)
    assert len(landed) == 3
    assert max(sizes) <= 20
    assert LedgerEntry.objects.filter(message_id=bulk).count() == 100
    rebuilt_the_same()


@pytest.mark.django_db
def test_suspected_messages_have_their_turn_beside_a_backlog_also_batch_by_batch(
    ways: dict[str, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BATCH_MESSAGES", 1)
    suspected = send(ways[BATCH], one(order("4500001"))).message_id
    work.release_work(claims=claim_work(), error="died")
    for n in range(3):
        send(ways[BATCH], one(order(f"49{n:05}")))
    assert sweep_once(seconds=0) > 0
    assert outcome(suspected).status == "processed"
    assert MessageWork.objects.exists(), "one round, not all there is"


@pytest.mark.django_db(transaction=True)
def test_chores_stay_paused_for_longer_than_a_connection_is_kept(
    ways: dict[str, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = (Task("one", 0, lambda: None),)
    done: list[str] = []
    with chores.paused():
        send(ways[BATCH], one(order()))
        connection.close_at = 0.0  # as after CONN_MAX_AGE
        drain()
        other = in_a_thread(lambda: done.extend(run_due(tasks=tasks)))
        other.join(30)
        assert done == []
    wait_until(lambda: run_due(tasks=tasks) == ["one"])


@pytest.mark.django_db
def test_a_bulk_message_that_takes_longer_than_there_is_time_is_cut_short_and_not_suspected(
    ways: dict[str, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "CHUNK_ENTRIES", 2)
    monkeypatch.setattr(worker, "BATCH_SECONDS", 0.0)
    bulk = send(ways[BATCH], batch(*(order(f"48{n:05}") for n in range(12)))).message_id
    other = send(ways[BATCH], one(order("4900001"))).message_id
    rounds = []
    while MessageWork.objects.exists():
        rounds.append(sweep_once(seconds=0))
        for left in MessageWork.objects.all():
            assert (left.attempts, left.alone, left.company, left.lease_token) == (0, False, 0, None)
        assert len(rounds) < 20
    assert len(rounds) > 1
    assert outcome(bulk).entries == 12
    assert outcome(other).status == "processed"
    assert LedgerEntry.objects.count() == 13
