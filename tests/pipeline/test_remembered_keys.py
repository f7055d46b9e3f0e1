"""What a worker's connection remembers of keys: it saves asking, and never leads a document astray."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import psycopg
import pytest
from django.db import connection as database
from django.db import connections, transaction
from factories import Json, answer, batch, notice, order, outcome, receipt, send, tell, trace, traces

from visibility.core.db import server_cursor
from visibility.inbox.models import Connection
from visibility.ledger import remembered
from visibility.ledger.remembered import Row, recall, remember
from visibility.pipeline.worker import drain

KEY = (1, "ASN-1", "asn", "")
ROW = Row(7, None, False)


def of_system(sent: Json, system: str) -> Json:
    data = sent["data"] | {"order": sent["data"]["order"] | {"system": system}}
    return sent | {"data": data}


def elsewhere(at: Connection, *sent: Json) -> None:
    """Tell events through another worker's connection."""

    def work() -> None:
        try:
            tell(at, *sent)
        finally:
            connections.close_all()

    other = Thread(target=work)
    other.start()
    other.join()


@contextmanager
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What our own cursors are told to do meanwhile."""
    told: list[str] = []
    execute = psycopg.Cursor.execute

    def noting(self: psycopg.Cursor, query: str, *args: object, **named: object) -> psycopg.Cursor:
        told.append(str(query))
        return execute(self, query, *args, **named)  # type: ignore[arg-type]  # as it came

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", noting)
        yield told


@pytest.mark.django_db(transaction=True)
def test_keys_that_were_seen_committed_are_neither_entered_nor_looked_up_again(
    trial: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(trial, order(), notice(bol="BOL-1"))
    with statements(monkeypatch) as told:
        message = send(trial, batch(receipt(id="r1", shipment="ASN-1", number="R1"))).message_id
        drain(message_ids=[message])
    assert outcome(message).status == "processed"
    entered = [each for each in told if each.startswith("INSERT INTO ledger_correlation_key")]
    assert len(entered) == 1  # the receipt's own number, ahead of the chunk
    assert len(trace("4500001")["entries"]) == 3


@pytest.mark.django_db(transaction=True)
def test_a_number_that_means_another_order_meanwhile_is_noticed_though_it_was_remembered(
    trial: Connection,
) -> None:
    tell(trial, order(id="one"))
    elsewhere(trial, of_system(order(id="two"), "SAP1"), of_system(order(id="three"), "SAP2"))
    (done,) = tell(trial, answer(id="a"))
    assert [problem["code"] for problem in done.problems] == ["ambiguous_order"]
    told = [[entry["type"] for entry in found["entries"]] for found in traces("po:4500001")]
    assert not any("order.acknowledged" in types for types in told)


@pytest.mark.django_db(transaction=True)
def test_the_same_answer_is_in_doubt_for_a_worker_that_remembers_nothing(trial: Connection) -> None:
    tell(trial, order(id="one"), of_system(order(id="two"), "SAP1"), of_system(order(id="three"), "SAP2"))
    with server_cursor(database) as cursor:
        remembered.forget(cursor=cursor)
    (done,) = tell(trial, answer(id="a"))
    assert [problem["code"] for problem in done.problems] == ["ambiguous_order"]


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_not_remembered() -> None:
    with server_cursor(database) as cursor:
        with transaction.atomic():
            remember(cursor=cursor, rows={KEY: ROW})
            transaction.set_rollback(True)
        assert recall(cursor=cursor, keys=[KEY]) == {}
        with transaction.atomic():
            remember(cursor=cursor, rows={KEY: ROW})
        assert recall(cursor=cursor, keys=[KEY]) == {KEY: ROW}


@pytest.mark.django_db(transaction=True)
def test_another_connection_remembers_nothing_of_it(trial: Connection) -> None:
    tell(trial, order(), notice())
    known = (trial.company_id, "ASN-1", "asn", "")
    with server_cursor(database) as cursor:
        assert recall(cursor=cursor, keys=[known])
    connections["default"].close()
    with server_cursor(database) as cursor:
        assert recall(cursor=cursor, keys=[known]) == {}


@pytest.mark.django_db(transaction=True)
def test_the_oldest_keys_are_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "KEEP_MOST", 3)
    keys = [(1, f"ASN-{n}", "asn", "") for n in range(5)]
    with server_cursor(database) as cursor:
        for key in keys:
            remember(cursor=cursor, rows={key: ROW})
        assert list(recall(cursor=cursor, keys=keys)) == keys[2:]
