"""Sending what is due, beside each other, and writing down what came of it.

Threads talk to other systems and touch no database; the thread that calls does all the rest. What a deliverer
that was killed leaves behind is found by its leases (`claims.py`).
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Any

from django.conf import settings
from django.db import connection as database
from django.utils.module_loading import import_string

from visibility.core.errors import InputError
from visibility.sync.claims import Claim, begin_sending, claim_commands, finish_try
from visibility.sync.connectors import connector_of
from visibility.sync.ports import ChangePage, Connector, Delivery
from visibility.sync.reading import PAGE, ReadingClaim, claim_readings, take_in

log = logging.getLogger(__name__)

THREADS = 16
Landing = Callable[[Any], None]


class Deliverer:
    """Has commands and readings under way; `landed` counts tries whose end was written down."""

    def __init__(self, *, threads: int = THREADS, called: Callable[[], None] = lambda: None) -> None:
        self.landed = 0
        self._threads, self._called = threads, called
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="deliver")
        self._flying: dict[Future[Any], Landing] = {}

    def __enter__(self) -> "Deliverer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    @property
    def flying(self) -> int:
        """How much is under way."""
        return len(self._flying)

    def take_off(self, *, most: int = THREADS, waited: float = 0.0) -> int:
        """Begin what is due, as far as there are threads; how much."""
        room = min(most, self._threads - self.flying)
        claims = claim_commands(limit=room, waited=waited)
        for claim in claims:
            self._send(claim)
        readings = claim_readings(limit=min(room - len(claims), 4), waited=waited)
        for reading in readings:
            self._read(reading)
        return len(claims) + len(readings)

    def land(self, *, seconds: float = 0.0) -> int:
        """Write down what came back, waiting so long for the first of it; how much."""
        done, _ = wait(self._flying, timeout=seconds, return_when=FIRST_COMPLETED)
        for future in done:
            landing = self._flying.pop(future)
            try:
                landing(future.result())
            except Exception as error:  # its lease runs out, and it is read back: nothing is lost or doubled
                log.warning("what came of a try could not be written down (%s)", error)
                forget_connection()
        return len(done)

    def _send(self, claim: Claim) -> None:
        def work(connector: Connector) -> Delivery:
            if claim.refusal is not None:
                return claim.refusal
            asked = connector.read_back if claim.read_back else connector.send
            return asked(claim.command)

        self._fly(claim, work, lambda delivery: self._came_back(claim, delivery))

    def _came_back(self, claim: Claim, delivery: Delivery) -> None:
        if claim.read_back and delivery.result == "retry":
            following = begin_sending(claim=claim, delivery=delivery)
            if following is not None:
                self._send(following)
            return
        if not finish_try(claim=claim, delivery=delivery):
            log.warning("%s came back when its lease was over", claim.command.id)
        self.landed += 1

    def _read(self, claim: ReadingClaim) -> None:
        def work(connector: Connector) -> ChangePage | Delivery:
            return connector.read_changes(cursor=claim.cursor, limit=PAGE)

        def landing(page: ChangePage | Delivery) -> None:
            take_in(claim=claim, page=page)
            self.landed += 1

        self._fly(claim, work, landing)

    def _fly(self, claim: Claim | ReadingClaim, work: Callable[[Connector], Any], landing: Landing) -> None:
        future = self._pool.submit(_safely, claim, work)
        self._flying[future] = landing
        future.add_done_callback(lambda _done: self._called())


def _safely(claim: Claim | ReadingClaim, work: Callable[[Connector], Any]) -> Any:
    """What the connector says; of one that breaks its promise not to raise, that nobody knows."""
    try:
        connector = connector_of(name=claim.connector, options=claim.options, secret=claim.secret)
    except InputError as error:
        return Delivery(
            result="retry", failure="denied", text=f"The connection is not set up right: {error.text}"
        )
    except Exception as error:
        log.exception("the connector %s could not be made", claim.connector)
        return Delivery(result="retry", failure="denied", text=f"The connector cannot be made: {error}")
    try:
        return work(connector)
    except Exception as error:
        log.exception("the connector %s failed", claim.connector)
        return Delivery(result="unknown", failure="dropped", text=f"The connector failed: {error}")


def deliver_due(*, limit: int = 50, waited: float = 0.0, seconds: float = 240.0) -> int:
    """Send what is due, and what becomes due behind it, up to `limit`; how many tries came to an end.

    `waited`: only what has been due for so many seconds, which others should have sent by now. After
    `seconds` nothing new is begun.
    """
    begun, until = 0, time.monotonic() + seconds
    with Deliverer() as deliverer:
        while True:
            if begun < limit and time.monotonic() < until:
                begun += deliverer.take_off(most=limit - begun, waited=waited)
            if not deliverer.flying:
                break
            deliverer.land(seconds=1.0)
    follow_commands()
    return deliverer.landed


def follow_commands() -> int:
    """Have what became of commands taken up by those who asked for them (settings.COMMAND_FOLLOWERS)."""
    followed = 0
    for dotted in settings.COMMAND_FOLLOWERS:
        try:
            followed += import_string(dotted)()
        except Exception:  # the outcomes stay untold, and come again
            log.exception("%s failed", dotted)
            forget_connection()
    return followed


def forget_connection() -> None:
    """Begin anew with another connection, where this one broke outside of a transaction."""
    if not database.in_atomic_block:
        database.close_if_unusable_or_obsolete()
