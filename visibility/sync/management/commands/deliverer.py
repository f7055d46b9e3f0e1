"""`manage.py deliverer`"""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from visibility.sync.loop import deliver_on


class Command(BaseCommand):
    """Send commands to other systems as they are queued, and read their changes, until stopped."""

    help = "Deliver commands and read other systems' changes, without the broker; runs until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        self.stderr.write("Delivering. Ctrl-C stops it.")
        deliver_on(stop=stop)
