"""Keeping the leases of claimed messages while they are worked on, beside the work itself."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection as database

from visibility.inbox.work import Claim, extend_leases

log = logging.getLogger(__name__)

BEAT_SECONDS = 5.0
"""Most batches are done before the first beat, which therefore costs them a thread and no connection."""
STUCK_SECONDS = 240.0
"""A worker that commits nothing for so long is taken for stuck; somebody else may have its messages."""


class Holder:
    """Extends the leases of a batch from a thread of its own until told to stop."""

    def __init__(self, *, claims: list[Claim]) -> None:
        self._claims = claims
        self._stop = threading.Event()
        self._progress = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="leases", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def progressed(self) -> None:
        """A chunk was committed: the worker is alive."""
        self._progress = time.monotonic()

    def stop(self) -> None:
        """End; the leases run out or go with their rows."""
        self._stop.set()
        self._thread.join(timeout=BEAT_SECONDS)

    def _run(self) -> None:
        try:
            while not self._stop.wait(BEAT_SECONDS):
                if time.monotonic() - self._progress > STUCK_SECONDS:
                    log.error("nothing was committed for %.0f s; the leases are let go", STUCK_SECONDS)
                    return
                self._extend()
        finally:
            database.close()

    def _extend(self) -> None:
        try:
            extend_leases(claims=self._claims)
        except Exception as error:  # the next beat tries again; a lost lease only means fencing
            log.warning("leases could not be extended (%s)", error)
            database.close()


@contextmanager
def held(*, claims: list[Claim]) -> Iterator[Holder]:
    """Hold the leases of these claims within the block."""
    holder = Holder(claims=claims)
    holder.start()
    try:
        yield holder
    finally:
        holder.stop()
