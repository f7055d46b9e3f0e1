"""Two writers on different orders never wait for each other, whatever else their documents share.

One writer stands still just before its commit, holding every lock it took. The other must get through with a
lock time-out of next to nothing: PostgreSQL itself says if it had to wait for anything.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections
from factories import (
    Json,
    accepted,
    answer,
    answer_line,
    invoice,
    line,
    notice,
    one,
    order,
    process,
    receipt,
    send,
    status,
    tell,
)
from psycopg.errors import LockNotAvailable

from visibility.inbox.models import Connection, MessageWork
from visibility.inbox.work import claim_exhausted, claim_work
from visibility.ledger.models import LedgerEntry
from visibility.ledger.seal import seal_ledger
from visibility.masterdata.models import Item, Location, TradingPartner
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline import chores, finish
from visibility.pipeline.stages import commit_chunk
from visibility.pipeline.worker import chunks, drain

PATIENCE_SECONDS = 30
ONE, OTHER = "4600001", "4600002"


def _supplier(number: int) -> dict[str, Any]:
    return {"supplier": {"ids": [f"ZZ:SUPPLIER{number}"], "name": f"Supplier {number}"}}


def _of(sent: Json, **more: Any) -> Json:
    """The same event with other data."""
    return sent | {"data": sent["data"] | more}


def _short(number: str) -> Json:
    """An answer that opens cases."""
    return answer(number, answer_line("1", accepted(60)))


SHARED: dict[str, tuple[list[Json], list[Json]]] = {
    "nothing": ([order(ONE)], [order(OTHER)]),
    "open cases": ([order(ONE), _short(ONE)], [order(OTHER), _short(OTHER)]),
    "the number of a notice, each its supplier's": (
        [_of(notice("ASN-1", of=ONE), **_supplier(1))],
        [_of(notice("ASN-1", of=OTHER), **_supplier(2))],
    ),
    "the number of an invoice, each its supplier's": (
        [_of(invoice("INV-1", of=ONE), **_supplier(1))],
        [_of(invoice("INV-1", of=OTHER), **_supplier(2))],
    ),
    "the number of a receipt": ([receipt("R-1", of=ONE)], [receipt("R-1", of=OTHER)]),
    "only the way of writing, on orders known before": (
        [_short(ONE), notice("ASN-1", of=ONE, bol="BOL-1"), status("BOL-1"), invoice("INV-1", of=ONE)],
        [_short(OTHER), notice("ASN-2", of=OTHER, bol="BOL-2"), status("BOL-2"), invoice("INV-2", of=OTHER)],
    ),
}
KNOWN_BEFORE = "only the way of writing, on orders known before"


def _commit(at: Connection, sent: list[Json]) -> None:
    """Work through messages of these events: a chunk of one writer."""
    ids = [send(at, one(each)).message_id for each in sent]
    for chunk in chunks(claim_work(message_ids=ids)):
        commit_chunk(chunk)


@contextmanager
def _standing_before_commit(work: Callable[[], None]) -> Iterator[None]:
    """Have another session do this work and keep its transaction open for as long as the block takes."""
    ready, go, failed = threading.Event(), threading.Event(), []
    real = finish.finish_chunk

    def stand(**what: Any) -> None:
        real(**what)
        if threading.current_thread() is writer and not ready.is_set():
            ready.set()
            if not go.wait(PATIENCE_SECONDS):
                raise TimeoutError("the other writer did not come to its end")

    def run() -> None:
        try:
            work()
        except Exception as error:  # told to the test below, in its own thread
            failed.append(error)
        finally:
            ready.set()
            connections.close_all()

    writer = threading.Thread(target=run)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finish, "finish_chunk", stand)
        writer.start()
        try:
            assert ready.wait(PATIENCE_SECONDS)
            assert not failed, failed
            yield
        finally:
            go.set()
            writer.join()
    assert not failed, failed


@contextmanager
def _without_patience() -> Iterator[None]:
    """Whatever has to wait for a lock fails at once, saying so."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '5ms'")
        yield
        cursor.execute("RESET lock_timeout")


@pytest.fixture
def master_data(trial: Connection) -> None:
    """What the orders name by default is known, and mapped; only what a test calls new is new."""
    process(trial, one(order("4599999")))
    for number in (1, 2):
        tell(trial, _of(order(f"459999{number}"), **_supplier(number)))
    for records in (Item, Location, TradingPartner):
        records.objects.update(provisional=False)
    forget_kept()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("shared", list(SHARED))
def test_writers_of_different_orders_never_wait_for_each_other(
    trial: Connection, master_data: None, shared: str
) -> None:
    if shared == KNOWN_BEFORE:
        tell(trial, order(ONE), order(OTHER))
    before = LedgerEntry.objects.count()
    mine, others = SHARED[shared]
    with _standing_before_commit(lambda: _commit(trial, others)), _without_patience():
        _commit(trial, mine)
        assert LedgerEntry.objects.count() == before + len(mine), "the other writer has not committed"
    assert LedgerEntry.objects.count() == before + len(mine) + len(others)


@pytest.mark.django_db(transaction=True)
def test_writers_who_find_the_same_code_unmapped_wait_for_the_case_it_makes(
    trial: Connection, master_data: None
) -> None:
    """The one thing they share is the case of its cause, whose findings are counted: a price of one case."""
    new = {"ship_to": {"ids": ["92:NEW"], "name": "New"}, **_supplier(9)}
    mine, others = (_of(order(number, line(sku="NEW-1")), **new) for number in (ONE, OTHER))
    with _standing_before_commit(lambda: _commit(trial, [others])), _without_patience():
        with pytest.raises(LockNotAvailable):
            _commit(trial, [mine])
        connection.rollback()


@pytest.mark.django_db(transaction=True)
def test_neither_sealing_nor_reading_nor_claiming_waits_for_a_writer(
    trial: Connection, master_data: None
) -> None:
    tell(trial, order(ONE))
    with _standing_before_commit(lambda: _commit(trial, [_short(ONE)])), _without_patience():
        seal_ledger()
        send(trial, one(order(OTHER)))
        assert drain() == 1
        claim_exhausted()
        assert {task.name for task in chores.all_tasks()} >= set(chores.run_due())
    assert not MessageWork.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_writers_of_one_order_do_wait_which_shows_that_waiting_is_seen(
    trial: Connection, master_data: None
) -> None:
    tell(trial, order(ONE))
    with (
        _standing_before_commit(lambda: _commit(trial, [_short(ONE)])),
        pytest.raises(Exception, match="lock timeout"),
        _without_patience(),
    ):
        _commit(trial, [_short(ONE)])
