"""Celery's side: fetch, call a service. Ids alone travel through the broker."""

import time

from celery import shared_task
from django.db import close_old_connections, connection

from visibility.core import clock
from visibility.pipeline import wake
from visibility.pipeline.sweep import sweep_due
from visibility.pipeline.worker import drain

DRAIN_SECONDS = 200.0
"""Well within the tasks' time limit: a worker killed over a long queue spends attempts of its messages."""


@shared_task
def drain_tier(tier: str) -> None:
    """Work through what waits in a tier; what is left after a while is for the next task."""
    close_old_connections()
    wake.woken(tier=tier)
    begun = time.monotonic()
    drain(tier=tier, announce=wake.announce, seconds=DRAIN_SECONDS)
    if time.monotonic() - begun >= DRAIN_SECONDS:
        wake.wake_workers(tier=tier)


@shared_task
def sweep_deadlines() -> None:
    """Look again at flows whose deadline has passed."""
    close_old_connections()
    sweep_due(as_of=clock.now(), announce=wake.announce, unless_waiting=True)


@shared_task
def ensure_partitions() -> None:
    """Make the ledger's partitions for the months to come."""
    close_old_connections()
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_ensure_partitions(3)")
