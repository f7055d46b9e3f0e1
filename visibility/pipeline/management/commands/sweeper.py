"""`manage.py sweeper`"""

import signal
import threading
from typing import Any

from visibility.pipeline.management.commands._answer import AnsweringCommand
from visibility.pipeline.sweeper import sweep_on


class Command(AnsweringCommand):
    """Finish what no worker finishes, with or without a broker, until stopped."""

    help = "Finish waiting work and do the chores without the broker; runs until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        self.stderr.write("Sweeping. Ctrl-C stops it.")
        sweep_on(stop=stop)
