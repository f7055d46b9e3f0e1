"""What `manage.py sweeper` does: the work and the chores that no worker does.

It stands beside Celery's workers and needs no broker. Where a worker of a tier is up, it only wakes it; where
none is, it drains the tier itself. Several sweepers do no harm.
"""

import logging
import threading
import time
from collections.abc import Mapping

from django.db import connection as database

from visibility.inbox.models import Connection
from visibility.inbox.work import tiers_waiting
from visibility.pipeline import beats, chores, wake
from visibility.pipeline.worker import drain

log = logging.getLogger(__name__)

TICK_SECONDS = 2.0
WAITED_SECONDS = 5.0
SHARES: Mapping[str, float] = {
    Connection.Tier.REALTIME: 6.0,
    Connection.Tier.NEAR_REALTIME: 3.0,
    Connection.Tier.BATCH: 0.0,
}
"""Seconds of each round for each tier, and one batch of messages at least: none of them starves."""


def sweep_once(*, seconds: float) -> int:
    """Take what has waited longer than this in tiers without a worker; how many messages."""
    waiting = tiers_waiting(seconds=seconds)
    alive = beats.tiers_alive() if waiting else set()
    done = 0
    for tier in waiting:
        if tier in alive:
            wake.wake_workers(tier=tier)
        else:
            done += drain(tier=tier, announce=wake.announce, seconds=SHARES[tier], between=_chores)
    return done


def _chores() -> None:
    chores.run_due()


def sweep_on(*, stop: threading.Event) -> None:
    """Sweep until told to stop, whatever becomes of the database or the broker."""
    while not stop.is_set():
        done = 0
        try:
            done = sweep_once(seconds=WAITED_SECONDS)
            chores.run_due()
        except Exception as error:
            log.warning("the sweeper failed (%s: %s); it goes on", type(error).__name__, error)
            _forget_connection()
        if not done:
            stop.wait(TICK_SECONDS)


def _forget_connection() -> None:
    """Begin anew with the next round; a connection that fails to close is gone as well."""
    try:
        database.close()
    except Exception as error:
        log.warning("the connection could not be closed (%s)", error)
    time.sleep(0.1)
