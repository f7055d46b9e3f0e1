"""Group commit: what arrives in the threads of one process at the same time is committed together.

There is no thread for it. Whoever finds nobody at work leads: it takes all that waits, keeps it in one
transaction, tells each its own answer, and hands the lead to one of those that came meanwhile. An arrival
that finds nobody at work therefore waits for nothing, and the busier a process is, the more share a commit.

A group that fails proves nothing about its members: each is then kept by itself, in its own thread, and gets
its own error. Trying again is safe: an arrival bears the same id in each try, so that one whose commit came
through while the connection broke is still told as the first of its identity.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import psycopg
from django.db import connection as database

from visibility.core.errors import ConflictError
from visibility.inbox.keeping import Accepted, Arrival, Kept, keep_arrivals

log = logging.getLogger(__name__)

MOST_TOGETHER = 64
LARGE = 64 * 1024
"""Bytes of a body from which on it goes by itself: its neighbours need not wait until it is written."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """An arrival whose thread waits. `called` is released once, when there is something to do for it."""

    arrival: Arrival
    called: threading.Lock = field(default_factory=threading.Lock)
    leads: bool = False
    kept: Kept | None = None


class Group:
    """Arrivals of one process on their way in."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._queue: list[_Waiting] = []
        self._led = False

    def keep(self, arrival: Arrival) -> Accepted:
        """Keep one arrival, together with whatever else arrives just now. Returns after the commit.

        Raises ConflictError for a known identity with another body, and errors of the database.
        """
        if len(arrival.body) >= LARGE or database.in_atomic_block:
            return _told(_keep([arrival])[0])
        own = _Waiting(arrival)
        own.called.acquire()
        with self._mutex:
            self._queue.append(own)
            own.leads, self._led = not self._led, True
        if not own.leads:
            own.called.acquire()
        if own.leads:
            self._lead(own)
        if own.kept is None:  # the group failed, which says nothing of this one
            return _told(_keep([arrival])[0])
        return _told(own.kept)

    def _lead(self, own: _Waiting) -> None:
        """Keep what waits, `own` among it, and call everybody concerned, whatever happens."""
        with self._mutex:
            group = self._queue[:MOST_TOGETHER]
            del self._queue[:MOST_TOGETHER]
        try:
            answers = _keep([waiting.arrival for waiting in group])
            for waiting, kept in zip(group, answers, strict=True):
                waiting.kept = kept
        except Exception as error:  # each tries by itself, and is told what is wrong with it
            log.info("a group of %d arrivals was not kept (%s)", len(group), error)
        finally:
            with self._mutex:
                heir = self._queue[0] if self._queue else None
                self._led = heir is not None
            if heir:
                heir.leads = True
                heir.called.release()
            for waiting in group:
                if waiting is not own:
                    waiting.called.release()


def _keep(arrivals: Sequence[Arrival]) -> list[Kept]:
    """Keep them, on a new connection if the one there was is gone: no health check is asked for before."""
    had_one = database.connection is not None and not database.in_atomic_block
    try:
        return keep_arrivals(arrivals=arrivals)
    except (psycopg.OperationalError, psycopg.InterfaceError):
        if not had_one:
            raise
        database.close()
        return keep_arrivals(arrivals=arrivals)


def _told(kept: Kept) -> Accepted:
    if isinstance(kept, ConflictError):
        raise kept
    return kept


arriving = Group()
