"""Celery's side: fetch, call a service. Ids alone travel through the broker."""

from celery import shared_task
from django.db import close_old_connections, connection

from visibility.core import clock
from visibility.pipeline import wake
from visibility.pipeline.sweep import sweep_due
from visibility.pipeline.worker import drain


@shared_task
def drain_tier(tier: str) -> None:
    """Work through everything that waits in a tier."""
    close_old_connections()
    wake.woken(tier=tier)
    drain(tier=tier, announce=wake.announce)


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
