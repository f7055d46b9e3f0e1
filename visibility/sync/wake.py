"""Telling those who deliver that there is something to send. Losing such a word costs a second or ten.

The deliverer listens to the database itself. Celery's workers are told beside it, by a thread that nobody
waits for, and not again for a while after the broker did not answer.
"""

import logging
import threading
import time

from django.conf import settings
from django.db import connection as database
from django.db import transaction
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

CHANNEL = "throughline_outbox"
QUEUE = "near_realtime"
QUIET_SECONDS = 2.0
STALE_SECONDS = 60
_quiet_until = [0.0]


def wake_deliverers() -> None:
    """Have what was queued in this transaction looked at as soon as it commits; nothing if it does not."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
    transaction.on_commit(_wake_workers)


def _wake_workers() -> None:
    if time.monotonic() >= _quiet_until[0]:
        threading.Thread(target=_send_task, name="wake deliveries", daemon=True).start()


def _send_task() -> None:
    try:
        import_string(settings.CELERY_APP).send_task(
            "visibility.sync.tasks.deliver", queue=QUEUE, retry=False, expires=STALE_SECONDS
        )
    except Exception as error:  # the command is committed: the deliverer or a chore finds it
        _quiet_until[0] = time.monotonic() + QUIET_SECONDS
        log.warning("no worker could be woken for deliveries (%s)", error)
