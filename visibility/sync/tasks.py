"""Celery's side: deliver when told."""

from celery import shared_task

from visibility.sync.delivering import deliver_due

SECONDS = 60.0


@shared_task
def deliver() -> None:
    """Send what is due; what is left after a minute is for the deliverer or the next task."""
    deliver_due(seconds=SECONDS)
