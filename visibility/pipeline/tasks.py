"""Celery's side: fetch, call a service. Ids alone travel through the broker."""

import time

from celery import current_app, shared_task
from celery.signals import worker_process_init, worker_process_shutdown

from visibility.inbox.models import Connection
from visibility.pipeline import chores, wake
from visibility.pipeline.patrol import BUSY, Patrol
from visibility.pipeline.worker import drain

DRAIN_SECONDS = 120.0
"""With the batches that are under way then, well within the tasks' time limit: a worker killed over a long
queue spends attempts of its messages."""
_own: list[Patrol] = []
"""The loop of this pool process."""


@shared_task
def drain_tier(tier: str) -> None:
    """Work through what waits in a tier; what is left after a while is for the next task."""
    with BUSY:
        wake.woken(tier=tier)
        begun = time.monotonic()
        drain(tier=tier, announce=wake.announce, seconds=DRAIN_SECONDS, between=_between)
    if time.monotonic() - begun >= DRAIN_SECONDS:
        wake.wake_workers(tier=tier)


def _between() -> None:
    for patrol in _own:
        patrol.between()


@shared_task
def run_chores() -> None:
    """Sweep deadlines, make partitions and the like, as far as they are due."""
    with BUSY:
        chores.run_due()


@worker_process_init.connect
def begin_patrol(**_: object) -> None:
    """Every pool process has a loop of its own for the tiers that its worker consumes."""
    consumed = current_app.amqp.queues.consume_from
    tiers = [tier for tier in Connection.Tier.values if tier in consumed]
    if tiers:
        patrol = Patrol(tiers=tiers)
        _own.append(patrol)
        patrol.start()


@worker_process_shutdown.connect
def end_patrol(**_: object) -> None:
    """A process that ends finishes what its loop is at."""
    while _own:
        _own.pop().stop()
