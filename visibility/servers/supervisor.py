"""Starts what is missing, counts who uses it, and stops it when nobody does.

The order matters and is the same everywhere: take the main lock, register as a holder, see that a watchdog is
there, then start servers. Whoever is killed at any point leaves a watchdog that outlives it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from visibility.servers.addresses import Addresses, addresses
from visibility.servers.errors import ServersError
from visibility.servers.holders import Holder, Reference, list_holders, register, remove_stale
from visibility.servers.locks import is_held, one_at_a_time, open_locked, wait_for_release
from visibility.servers.places import (
    REPOSITORY,
    STATE_VARIABLE,
    Places,
    find_places,
    find_state_directory,
)
from visibility.servers.postgres import Postgres
from visibility.servers.processes import launch, read_tail
from visibility.servers.server import Server
from visibility.servers.valkey import Valkey
from visibility.servers.waiting import say


class Supervisor:
    """The servers of one state directory."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.postgres = Postgres(places)
        self.valkey = Valkey(places)
        self._watchdog: subprocess.Popen[bytes] | None = None

    @property
    def servers(self) -> tuple[Server, Server]:
        """Both, whatever this process's environment says: another holder may have started them."""
        return (self.postgres, self.valkey)

    @property
    def watchdog_lifetime(self) -> Path:
        """The file whose lock the watchdog keeps for as long as it watches."""
        return self.places.state / "watchdog.alive"

    def acquire(self, wanted: Addresses, *, purpose: str) -> Reference:
        """Become a holder, with everything that `wanted` needs running."""
        try:
            self.places.make()
        except OSError as error:
            raise ServersError(f"No place for the servers: {error}. Set {STATE_VARIABLE}.") from error
        with one_at_a_time(self.places.lock):
            reference = register(self.places.holders, purpose=purpose)
            try:
                self._ensure_watchdog()
                if wanted.embedded_database:
                    self.postgres.ensure()
                if wanted.embedded_redis:
                    self.valkey.ensure()
                self._check_watchdog()
            except BaseException:
                reference.close()
                self._count()
                raise
        return reference

    def release(self, reference: Reference) -> None:
        """Give a reference back; the last one out stops the servers.

        Where a forked child leaves its parent's block, the parent's reference is still locked, and counts.
        """
        reference.close()
        with self._alone():
            if not self._count():
                self._end_own_watchdog()

    def stop_now(self) -> None:
        """Stop the servers whoever uses them."""
        with self._alone():
            self._stop_all()

    def watch(self, lifetime: int) -> None:
        """The watchdog's life: sleep until a holder is gone, and stop the servers after the last."""
        while True:
            with self._alone():
                holders = self._count()
                if not holders:
                    # Given up under the lock: the next starter must not take us for its watchdog.
                    os.close(lifetime)
                    return
            say(f"Until process {holders[0].pid} has left ({holders[0].command})")
            wait_for_release(holders[0].path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the main lock; where somebody deleted the state directory, there is nothing left to lock."""
        if self.places.state.is_dir():
            with one_at_a_time(self.places.lock):
                yield
        else:
            yield

    def _count(self) -> list[Holder]:
        """The living holders; if there is none, the servers are stopped."""
        remove_stale(self.places.holders)
        holders = list_holders(self.places.holders)
        if not holders:
            self._stop_all()
        return holders

    def _stop_all(self) -> None:
        for server in reversed(self.servers):
            server.stop()

    def _ensure_watchdog(self) -> None:
        if is_held(self.watchdog_lifetime):
            return
        lifetime = open_locked(self.watchdog_lifetime)
        try:
            self._watchdog = launch_self(
                self.places,
                ["watch", str(lifetime)],
                log=self.places.state / "watchdog.log",
                lifetime=lifetime,
            )
        finally:
            os.close(lifetime)

    def _end_own_watchdog(self) -> None:
        """Spare our child the work of finding out that nobody is left. Safe under the main lock."""
        if self._watchdog is not None:
            self._watchdog.kill()
            self._watchdog.wait()

    def _check_watchdog(self) -> None:
        if not is_held(self.watchdog_lifetime):
            log = self.places.state / "watchdog.log"
            raise ServersError(f"The watchdog of the servers did not start:\n{read_tail(log)}")


def launch_self(places: Places, words: list[str], *, log: Path, lifetime: int) -> subprocess.Popen[bytes]:
    """Run this package's own command line in a process of its own, as the user we are."""
    folders = [os.fspath(REPOSITORY), os.environ.get("PYTHONPATH", "")]
    return launch(
        [sys.executable, "-m", "visibility.servers", *words],
        log=log,
        folder=REPOSITORY,
        environ=os.environ
        | {
            STATE_VARIABLE: os.fspath(places.state),
            "PYTHONPATH": os.pathsep.join(folder for folder in folders if folder),
        },
        lifetime=lifetime,
        account=None,
    )


def find_supervisor() -> Supervisor:
    """The supervisor of this environment's state directory. Starts nothing."""
    return Supervisor(find_places(find_state_directory()))


@contextmanager
def running(*, purpose: str = "running") -> Iterator[Addresses]:
    """Have the servers up for a block; what is missing is started, the last one out stops them.

    Blocks may be nested, in one process and in its children. With DATABASE_URL and REDIS_URL set, nothing
    happens at all. Raises ServersError where a server cannot be had.
    """
    wanted = addresses()
    if not wanted.embedded:
        yield wanted
        return
    supervisor = find_supervisor()
    reference = supervisor.acquire(wanted, purpose=purpose)
    try:
        yield wanted
    finally:
        supervisor.release(reference)
