"""Waking workers and telling open pages. Both may fail: the sweeper and the next reload make up for it."""

import logging
import threading
import time
from collections.abc import Callable
from functools import cache
from uuid import UUID

import redis
from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

CHANNEL = "throughline.changes"
PENDING_SECONDS = 2
STALE_SECONDS = 600
"""A wake-up that nobody took for so long is dropped: the work was found without it, and a worker that comes
back after a weekend would find thousands. Clocks that differ by less do no harm."""
MOST_NAMES = 200
QUIET_SECONDS = 2.0
"""After a failure nobody asks the broker for so long: a sender must not wait for each of its time-outs."""
_quiet_until = [0.0]
GATHER_SECONDS = 0.02


class Bell:
    """Wakes workers from a thread of its own: at once, and then for all that came within GATHER_SECONDS.

    A wake-up costs more than keeping a message. A sender waits neither for it nor for a broker that is away,
    and who calls after a wake-up began is in the next one. What a process that ends still owed is found by
    the workers' own loop.
    """

    def __init__(self, *, ring: Callable[[str], None]) -> None:
        self._ring = ring
        self._mutex = threading.Lock()
        self._tiers: set[str] = set()
        self._called = threading.Event()
        self._thread: threading.Thread | None = None

    def call(self, *, tier: str) -> None:
        """Have a worker of the tier woken in a moment. Call after commit."""
        with self._mutex:
            self._tiers.add(tier)
            # A process that was forked from ours has not its threads.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="bell", daemon=True)
                self._thread.start()
        self._called.set()

    def _run(self) -> None:
        while True:
            self._called.wait()
            self._called.clear()
            with self._mutex:
                tiers, self._tiers = self._tiers, set()
            for tier in sorted(tiers):
                self._ring(tier)
            time.sleep(GATHER_SECONDS)


def broker() -> redis.Redis:
    """A client of the broker's server, for flags and announcements."""
    return _connect()


@cache
def _connect() -> redis.Redis:
    return redis.Redis.from_url(
        settings.ADDRESSES.redis_url, socket_timeout=1, socket_connect_timeout=1, decode_responses=True
    )


def wake_workers(*, tier: str) -> None:
    """Wake a worker of the tier, unless one is on its way already. Call after commit."""
    if _is_quiet():
        return
    try:
        if broker().set(f"wake:{tier}", 1, nx=True, ex=PENDING_SECONDS):
            import_string(settings.CELERY_APP).send_task(
                "visibility.pipeline.tasks.drain_tier",
                args=[tier],
                queue=tier,
                retry=False,
                expires=STALE_SECONDS,
            )
    except Exception as error:  # the message is committed; losing the wake-up costs seconds, not the message
        _be_quiet()
        log.warning("no worker could be woken (%s); its own loop will find the work", error)


_bell = Bell(ring=lambda tier: wake_workers(tier=tier))


def wake_soon(*, tier: str) -> None:
    """Wake a worker of the tier, together with others who ask just now. Call after commit; never waits."""
    _bell.call(tier=tier)


def woken(*, tier: str) -> None:
    """A worker is up: the next message may send a wake-up again."""
    if _is_quiet():
        return
    try:
        broker().delete(f"wake:{tier}")
    except redis.RedisError as error:
        _be_quiet()
        log.warning("the wake-up flag stays (%s); it expires by itself", error)


def announce(company_changes: dict[int, set[UUID]]) -> None:
    """Tell open pages which flows changed: "company:id id id" on one channel."""
    if _is_quiet():
        return
    try:
        for company_id, changed in company_changes.items():
            names = [str(correlation_id) for correlation_id in sorted(changed)]
            for start in range(0, max(len(names), 1), MOST_NAMES):
                broker().publish(CHANNEL, f"{company_id}:" + " ".join(names[start : start + MOST_NAMES]))
    except redis.RedisError as error:
        _be_quiet()
        log.warning("open pages were not told of changes (%s)", error)


def forget_broker() -> None:
    """Ask anew: for tests, and for whoever knows that the broker is back, or another one."""
    _connect.cache_clear()
    _quiet_until[0] = 0.0


def _is_quiet() -> bool:
    return time.monotonic() < _quiet_until[0]


def _be_quiet() -> None:
    _quiet_until[0] = time.monotonic() + QUIET_SECONDS
