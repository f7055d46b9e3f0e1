"""What PostgreSQL and Valkey have in common here: adopt, start, wait, stop."""

import contextlib
import os
import signal
from abc import ABC, abstractmethod
from pathlib import Path

from visibility.servers.errors import ServersError
from visibility.servers.locks import is_held, open_locked
from visibility.servers.places import Places
from visibility.servers.processes import is_running, launch, read_pid, read_tail, reap
from visibility.servers.waiting import say, wait_until

# Seconds a server gets to end in good order before it is told to end at once.
_PATIENCE = 30.0
# Seconds a running server gets to make its socket before we conclude that somebody deleted it.
_SOCKET_PATIENCE = 2.0


class Server(ABC):
    """One server of one project. Its methods are called under the project's main lock."""

    name: str
    program: str
    polite_signal: signal.Signals
    blunt_signal: signal.Signals

    def __init__(self, places: Places) -> None:
        self.places = places

    @property
    def log(self) -> Path:
        """Where the server's output goes."""
        return self.places.state / f"{self.name.lower()}.log"

    @property
    def lifetime(self) -> Path:
        """A file whose lock the server and all its children keep, from birth to death."""
        return self.places.state / f"{self.name.lower()}.alive"

    @property
    @abstractmethod
    def socket(self) -> Path:
        """The socket it listens on."""

    @property
    @abstractmethod
    def pid_files(self) -> tuple[Path, ...]:
        """The files the server itself writes its process id to."""

    @property
    @abstractmethod
    def marks(self) -> tuple[str, str]:
        """Two words of its command line that no other server has."""

    @abstractmethod
    def has_data(self) -> bool:
        """Whether the data directory is there."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether the running server takes connections."""

    @abstractmethod
    def prepare(self) -> list[str]:
        """Put everything in place for a start, and return the command."""

    def environ(self) -> dict[str, str]:
        """The server's whole environment: the caller's PG* settings must not reach it."""
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

    def find(self) -> int | None:
        """The process id of the running server: as some pid file says, and checked against the command.

        Several files, because each of the directories that hold them may be deleted under a running server.
        """
        for path in (self.lifetime, *self.pid_files):
            pid = read_pid(path)
            if pid is not None and is_running(pid, program=self.program, words=self.marks):
                return pid
        return None

    def end_leftovers(self) -> None:  # noqa: B027 (nothing to do is a good answer)
        """Tell children that outlived a killed server to go, where that is possible."""

    def ensure(self) -> None:
        """Adopt the running server or start one; returns when it takes connections."""
        while not self._adopt():
            self._await_leftovers()
            if self.find() is None:
                self._start()
                return

    def stop(self) -> None:
        """Stop the server if it is running; returns when it and its children are gone."""
        pid = self.find()
        if pid is None:
            return
        _send(pid, self.polite_signal)
        what = f"{self.name} to stop"
        if not wait_until(self._is_gone, what=what, at_most=_PATIENCE):
            say(f"{self.name} does not stop; ending it without ceremony (nothing committed is lost)")
            pid = self.find()
            if pid is not None:
                _send(pid, self.blunt_signal)
            wait_until(self._is_gone, what=what)
        reap()

    def _is_gone(self) -> bool:
        return self.find() is None and not is_held(self.lifetime)

    def _adopt(self) -> bool:
        """Wait for a server that is running or starting; False where there is none to wait for."""
        if self.find() is None:
            return False
        if not self.has_data():
            say(f"{self.name} is running, but its data were deleted; starting afresh")
            self.stop()
            return False
        if not wait_until(
            lambda: self.socket.exists() or self.find() is None,
            what=f"{self.name} to listen",
            at_most=_SOCKET_PATIENCE,
        ):
            say(f"The socket of {self.name} was deleted; starting it again")
            self.stop()
            return False
        wait_until(lambda: self.is_ready() or self.find() is None, what=f"{self.name} to be ready")
        return self.find() is not None

    def _await_leftovers(self) -> None:
        """After a kill -9, the server's children may live on for a while; a starter may have been killed."""
        if is_held(self.lifetime) and self.find() is None:
            self.end_leftovers()
            wait_until(
                lambda: self.find() is not None or not is_held(self.lifetime),
                what=f"the last processes of a killed {self.name} to end",
            )

    def _start(self) -> None:
        command = self.prepare()
        lifetime = open_locked(self.lifetime)
        try:
            child = launch(
                command,
                log=self.log,
                folder=Path("/"),
                environ=self.environ(),
                lifetime=lifetime,
                account=self.places.account,
            )
            os.ftruncate(lifetime, 0)
            os.pwrite(lifetime, f"{child.pid}\n".encode(), 0)
        finally:
            os.close(lifetime)
        wait_until(
            lambda: self.is_ready() or not is_held(self.lifetime),
            what=f"{self.name} to be ready (see {self.log})",
        )
        if not self.is_ready():
            raise ServersError(f"{self.name} did not start. The end of {self.log}:\n{read_tail(self.log)}")


def _send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
