"""A worker's own loop: it finds work that nobody woke it for, and does the chores, without the broker.

It runs as a thread of each pool process, which lives on while its parent tries to reach the broker. It never
works beside a task of the same process: `BUSY` is held by whoever does.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Mapping, Sequence

from django.db import connection as database

from visibility.inbox.models import Connection
from visibility.inbox.work import tiers_waiting
from visibility.pipeline import beats, chores, wake
from visibility.pipeline.failures import check_connection
from visibility.pipeline.worker import drain

log = logging.getLogger(__name__)

BUSY = threading.Lock()
TICK_SECONDS = 2.0
WAITED_SECONDS = 3.0
"""A wake-up takes milliseconds; what waits for longer was not woken for."""
ROUND_SECONDS = 5.0
"""After so long the loop lets a task have its turn."""
CHORES_SECONDS = 5.0
GRACE_SECONDS: Mapping[str, float] = {
    Connection.Tier.REALTIME: 20.0,
    Connection.Tier.NEAR_REALTIME: 10.0,
    Connection.Tier.BATCH: 0.0,
}
"""A chore may take seconds, which an urgent message should not wait: first whoever has time does it."""


class Patrol:
    """The loop of one process. `tiers`: whose work it takes."""

    def __init__(self, *, tiers: Sequence[str], name: str = "") -> None:
        self.tiers = tuple(tiers)
        self.name = name or f"{socket.gethostname()}:{os.getpid()}"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="patrol", daemon=True)
        self._beaten = 0.0
        self._chores = 0.0

    def start(self) -> None:
        """Begin, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """End after the round that is under way."""
        self._stop.set()
        self._thread.join(timeout=2 * ROUND_SECONDS)

    def _run(self) -> None:
        try:
            while not self._stop.wait(TICK_SECONDS):
                self._tick()
            beats.say_goodbye(name=self.name)
        except Exception as error:
            log.warning("the loop ended without a word to the others (%s)", error)
        finally:
            database.close()

    def _tick(self) -> None:
        if not BUSY.acquire(blocking=False):
            return
        try:
            check_connection()
            self.look_round()
            self.between()
        except Exception as error:  # the database is away, say: the next round tries again
            log.warning("the worker's own loop failed (%s: %s)", type(error).__name__, error)
            database.close()
        finally:
            BUSY.release()

    def look_round(self) -> int:
        """Take what waits, the most urgent tier first, until a round's time is over; how many messages."""
        done, end = 0, time.monotonic() + ROUND_SECONDS
        for tier in tiers_waiting(seconds=WAITED_SECONDS, tiers=self.tiers):
            left = max(end - time.monotonic(), 0.0)
            done += drain(tier=tier, announce=wake.announce, seconds=left, between=self.between)
        return done

    def between(self) -> None:
        """What a worker does between two batches, however busy: say that it lives, and do the chores."""
        now = time.monotonic()
        if now - self._beaten >= TICK_SECONDS:
            beats.say_alive(name=self.name, tiers=self.tiers)
            self._beaten = now
        if now - self._chores >= CHORES_SECONDS:
            chores.run_due(grace=max((GRACE_SECONDS[tier] for tier in self.tiers), default=0.0))
            self._chores = now
