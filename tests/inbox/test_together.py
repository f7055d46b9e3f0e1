"""Group commit: many threads, one commit, and yet each gets its own answer."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import psycopg
import pytest
from django.db import connection as database
from django.db import connections
from factories import one, order

from visibility.core.errors import ConflictError
from visibility.inbox import together
from visibility.inbox.keeping import Accepted, Arrival, Kept, keep_arrivals
from visibility.inbox.models import Connection, Identity, Message, MessageWork
from visibility.inbox.services import EVENT_TYPE, accept_message

Answer = Accepted | Exception
PATIENCE_SECONDS = 30.0
pytestmark = pytest.mark.django_db(transaction=True)


class Groups:
    """Stands before the writing: notes the groups, and holds the first one until so many others wait."""

    def __init__(self, *, wait_for: int) -> None:
        self.sizes: list[int] = []
        self._wait_for = wait_for

    def __call__(self, *, arrivals: Sequence[Arrival]) -> list[Kept]:
        first, self.sizes = not self.sizes, [*self.sizes, len(arrivals)]
        until = time.monotonic() + PATIENCE_SECONDS
        while first and len(together.arriving._queue) < self._wait_for:
            assert time.monotonic() < until, "the others never came"
        return self.keep(arrivals)

    def keep(self, arrivals: Sequence[Arrival]) -> list[Kept]:
        return keep_arrivals(arrivals=arrivals)


@pytest.fixture
def crowd(trial: Connection, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., list[Answer]]]:
    """Sends bodies at once: the first alone, all the others in the group behind it."""

    def send(body: bytes, at: Connection) -> Answer:
        try:
            return accept_message(connection=at, body=body, content_type=EVENT_TYPE)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    def send_all(
        bodies: list[bytes], groups: Groups, at: dict[int, Connection] | None = None
    ) -> list[Answer]:
        monkeypatch.setattr(together, "keep_arrivals", groups)
        until = time.monotonic() + PATIENCE_SECONDS
        with ThreadPoolExecutor(len(bodies)) as pool:
            first = pool.submit(send, bodies[0], trial)
            while not groups.sizes:
                assert time.monotonic() < until, "nobody leads"
            others = [
                pool.submit(send, body, (at or {}).get(number, trial))
                for number, body in enumerate(bodies[1:], start=1)
            ]
            return [future.result(timeout=PATIENCE_SECONDS) for future in (first, *others)]

    yield send_all
    assert not together.arriving._queue
    assert not together.arriving._led


def numbered(count: int) -> list[bytes]:
    """So many orders, each another event."""
    return [one(order(number=f"45{n:05}", id=f"e-{n}")) for n in range(count)]


def fresh(answers: list[Answer]) -> list[UUID]:
    """The messages that were accepted for the first time."""
    return [a.message_id for a in answers if isinstance(a, Accepted) and not a.duplicate]


def test_what_arrives_during_a_commit_shares_the_next_one(crowd: Callable[..., list[Answer]]) -> None:
    groups = Groups(wait_for=19)
    answers = crowd(numbered(20), groups)

    assert groups.sizes == [1, 19]
    assert len(set(fresh(answers))) == 20
    assert set(fresh(answers)) == set(Message.objects.values_list("pk", flat=True))
    assert MessageWork.objects.count() == 20


def test_each_body_is_kept_under_the_id_that_its_sender_was_told(crowd: Callable[..., list[Answer]]) -> None:
    bodies = numbered(9)
    answers = crowd(bodies, Groups(wait_for=8))

    kept = {message.pk: bytes(message.body) for message in Message.objects.all()}
    assert [kept[id] for id in fresh(answers)] == bodies


def test_one_identity_in_one_group_is_first_once_and_a_conflict_where_it_says_something_else(
    crowd: Callable[..., list[Answer]],
) -> None:
    same, other = one(order(id="e-9")), one(order(number="4599999", id="e-9"))
    first, *answers = crowd([*numbered(1), same, same, same, other], Groups(wait_for=4))

    ids = {a.message_id for a in answers if isinstance(a, Accepted)}
    conflicts = [a for a in answers if isinstance(a, ConflictError)]
    assert len(ids) == 1
    assert len(fresh(answers)) == 1
    # Whichever came first is the message; what says something else conflicts with it.
    assert len(conflicts) in (1, 3)
    assert all(str(id) in str(conflict) for id in ids for conflict in conflicts)
    assert Message.objects.count() == 2
    assert isinstance(first, Accepted)


def test_what_a_neighbour_cannot_store_harms_nobody_else(
    crowd: Callable[..., list[Answer]], trial: Connection
) -> None:
    gone = Connection(pk=987654, company_id=trial.company_id, name="gone", tier=trial.tier)
    groups = Groups(wait_for=7)
    answers = crowd(numbered(8), groups, at={3: gone})

    assert groups.sizes == [1, 7, *[1] * 7]
    assert isinstance(answers[3], psycopg.errors.ForeignKeyViolation)
    assert len(fresh(answers)) == 7
    assert Message.objects.count() == Identity.objects.count() == MessageWork.objects.count() == 7


def test_a_commit_whose_answer_was_lost_is_told_as_what_it_is(crowd: Callable[..., list[Answer]]) -> None:
    class Breaks(Groups):
        def keep(self, arrivals: Sequence[Arrival]) -> list[Kept]:
            kept = super().keep(arrivals)
            if len(self.sizes) == 2:
                raise psycopg.OperationalError("the connection broke after the commit")
            return kept

    answers = crowd(numbered(6), Breaks(wait_for=5))

    assert len(set(fresh(answers))) == 6
    assert Message.objects.count() == 6


def test_where_the_database_is_away_everybody_is_told(crowd: Callable[..., list[Answer]]) -> None:
    class Away(Groups):
        def keep(self, arrivals: Sequence[Arrival]) -> list[Kept]:
            raise psycopg.OperationalError("gone")

    answers = crowd(numbered(6), Away(wait_for=5))

    assert [type(answer) for answer in answers] == [psycopg.OperationalError] * 6
    assert not Message.objects.exists()


def test_a_connection_that_was_cut_meanwhile_is_made_anew(trial: Connection) -> None:
    bodies = numbered(2)
    accept_message(connection=trial, body=bodies[0], content_type=EVENT_TYPE)
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()

    def cut() -> None:
        try:
            with database.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        finally:
            connections.close_all()

    other = threading.Thread(target=cut)
    other.start()
    other.join()

    assert not accept_message(connection=trial, body=bodies[1], content_type=EVENT_TYPE).duplicate
    assert Message.objects.count() == 2


def test_a_large_message_goes_by_itself(trial: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    large = one(order(id="large")).replace(b'"source"', b" " * together.LARGE + b'"source"')
    monkeypatch.setattr(together.arriving, "_lead", lambda own: pytest.fail("it went with the others"))

    assert not accept_message(connection=trial, body=large, content_type=EVENT_TYPE).duplicate
