"""An event that waits with one message and is told again in another is not lost between the two."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections
from factories import batch, codes, connection, one, order, outcome, process, send
from test_workers import in_a_thread, wait_until

from visibility.inbox.models import Connection, Identity
from visibility.inbox.services import replay_message
from visibility.ledger.models import LedgerEntry
from visibility.pipeline import finish, identify
from visibility.pipeline.worker import drain

EVENT = order("4500001", id="waits")
OTHER = order("4500002", id="other")


@pytest.fixture
def strict(db: None) -> Connection:
    """A connection that holds what names somebody unknown."""
    return connection(on_unknown=Connection.OnUnknown.HOLD)


def let_in(at: Connection) -> None:
    """From now on unknown codes are taken."""
    Connection.objects.filter(pk=at.pk).update(on_unknown=Connection.OnUnknown.PROVISIONAL)


@pytest.mark.django_db
def test_an_event_that_waits_elsewhere_still_waits_when_it_is_told_again(strict: Connection) -> None:
    (first,) = process(strict, one(EVENT))
    (second,) = process(strict, batch(EVENT, OTHER))
    assert (first.status, second.status) == ("held", "held")
    assert "unknown_item" in codes(second)
    assert not LedgerEntry.objects.exists()


@pytest.mark.django_db
def test_an_event_that_waits_elsewhere_counts_once_it_can_whoever_tells_it(strict: Connection) -> None:
    (first,) = process(strict, one(EVENT))
    let_in(strict)
    (second,) = process(strict, batch(EVENT, OTHER))
    assert (second.status, second.entries) == ("processed", 2)
    replay_message(message_id=first.message_id)
    drain()
    again = outcome(first.message_id)
    assert (again.status, again.entries) == ("processed", 0)
    assert LedgerEntry.objects.count() == 2
    assert process(strict, batch(EVENT, order("4500003")))[0].entries == 1


@pytest.mark.django_db
def test_whoever_is_read_once_more_first_records_what_waits_with_both(strict: Connection) -> None:
    (first,) = process(strict, one(EVENT))
    (second,) = process(strict, batch(EVENT, OTHER))
    let_in(strict)
    for message in (first, second):
        replay_message(message_id=message.message_id)
        drain()
    assert [outcome(m.message_id).entries for m in (first, second)] == [1, 1]
    assert LedgerEntry.objects.count() == 2


@pytest.mark.django_db
def test_what_waits_elsewhere_with_another_body_is_a_conflict(strict: Connection) -> None:
    process(strict, one(EVENT))
    let_in(strict)
    (second,) = process(strict, batch(order("4500009", id="waits"), OTHER))
    assert codes(second) == ["conflicting_duplicate"]
    assert LedgerEntry.objects.count() == 1


@pytest.mark.django_db
def test_an_accepted_event_that_nobody_has_read_yet_keeps_its_id(trial: Connection) -> None:
    first = send(trial, one(EVENT)).message_id
    (second,) = process(trial, batch(EVENT, OTHER))
    assert (second.status, second.entries) == ("processed", 1)
    assert Identity.objects.filter(message_id=first).exists()
    drain()
    assert outcome(first).entries == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_replay_while_another_takes_its_event_over_records_it_once(
    strict: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Callable[[], None]
) -> None:
    (first,) = process(strict, one(EVENT))
    let_in(strict)
    second = send(strict, batch(EVENT, OTHER)).message_id
    hold, mine = finish.hold_lease, threading.local()
    replaying: list[threading.Thread] = []

    def replay_meanwhile(**what: object) -> None:
        hold(**what)  # type: ignore[arg-type]
        if getattr(mine, "taking_over", False):
            replay_message(message_id=first.message_id)
            replaying.append(in_a_thread(lambda: drain(message_ids=[first.message_id])))
            wait_until(lambda: somebody_waits() or not replaying[0].is_alive())

    def take_over() -> None:
        mine.taking_over = True
        drain(message_ids=[second])

    monkeypatch.setattr(finish, "hold_lease", replay_meanwhile)
    in_a_thread(take_over).join(60)
    replaying[0].join(60)
    assert [outcome(message_id).entries for message_id in (first.message_id, second)] == [0, 2]
    assert LedgerEntry.objects.count() == 2
    rebuilt_the_same()


def somebody_waits() -> bool:
    """Whether any session of this database waits for another's lock."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
            "WHERE NOT l.granted AND a.datname = current_database()"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_two_that_tell_a_waiting_event_at_the_same_instant_record_it_once(
    strict: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    process(strict, one(EVENT))
    let_in(strict)
    process(strict, one(order("4500077")))  # the codes are known from here on
    ids = [send(strict, batch(EVENT, order(f"450001{n}"))).message_id for n in range(2)]
    met = threading.Barrier(2, timeout=30)
    take = identify._take_over

    def meet(cursor: object, wanted: object) -> object:
        met.wait()
        return take(cursor, wanted)  # type: ignore[arg-type]

    monkeypatch.setattr(identify, "_take_over", meet)
    threads = [in_a_thread(lambda m=m: drain(message_ids=[m])) for m in ids]  # type: ignore[misc]
    for thread in threads:
        thread.join(60)
    assert sorted(outcome(message_id).entries for message_id in ids) == [1, 2]
    assert {outcome(message_id).status for message_id in ids} == {"processed"}
