"""What `manage.py deliverer` does: deliver at once what is queued, woken by the database itself."""

import logging
import threading
import time

import psycopg
from django.db import connection as database

from visibility.sync.delivering import Deliverer, follow_commands, forget_connection
from visibility.sync.wake import CHANNEL

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
AGAIN_SECONDS = 2.0


class Listener:
    """Sets an event whenever something was queued; without it the loop would find it a second later."""

    def __init__(self, *, woken: threading.Event) -> None:
        self._woken = woken
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listen", daemon=True)

    def start(self) -> None:
        """Begin, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """End within a tick."""
        self._stop.set()
        self._thread.join(timeout=2 * TICK_SECONDS)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                log.warning("not listening for commands (%s); they are looked for even so", error)
                self._stop.wait(AGAIN_SECONDS)

    def _listen(self) -> None:
        own = database.get_connection_params() | {"autocommit": True}
        own = {name: value for name, value in own.items() if name not in ("cursor_factory", "context")}
        with psycopg.connect(**own) as listening:
            listening.execute(f"LISTEN {CHANNEL}")
            while not self._stop.is_set():
                for _ in listening.notifies(timeout=TICK_SECONDS, stop_after=1):
                    self._woken.set()


def deliver_on(*, stop: threading.Event) -> None:
    """Deliver until told to stop, whatever becomes of the database or the broker.

    What is under way then comes to its end.
    """
    woken = threading.Event()
    listener = Listener(woken=woken)
    listener.start()
    with Deliverer(called=woken.set) as deliverer:
        followed_at = 0.0
        while not stop.is_set():
            woken.clear()
            try:
                busy = deliverer.land() + deliverer.take_off()
                if busy or time.monotonic() - followed_at >= TICK_SECONDS:
                    busy += follow_commands()
                    followed_at = time.monotonic()
            except Exception as error:
                log.warning("the deliverer failed (%s: %s); it goes on", type(error).__name__, error)
                busy = 0
                forget_connection()
                stop.wait(0.1)
            if not busy:
                woken.wait(TICK_SECONDS)
        listener.stop()
        while deliverer.flying:
            deliverer.land(seconds=TICK_SECONDS)
    database.close()
