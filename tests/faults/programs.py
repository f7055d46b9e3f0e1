"""Programs that are started again whenever they end, as systemd would."""

import asyncio
import contextlib
import ctypes
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

LOOK_EVERY = 0.05
LONGEST_AWAY = 2.0
STOP_SECONDS = 15
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


def _end_with_parent() -> None:
    """On Linux a program ends when the harness is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)


class Program:
    """One program and its children, in a process group of their own."""

    def __init__(
        self, *, name: str, command: Sequence[str], environ: Mapping[str, str], log: Path, rng: random.Random
    ) -> None:
        self.name = name
        self.starts = 0
        self.started_at = 0.0
        self._command, self._environ, self._log, self._rng = list(command), dict(environ), log, rng
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Its process id while it lives."""
        return self._process.pid if self._process and _lives(self._process.pid) else None

    def start(self) -> None:
        """Start it. From the main thread only: it ends with the thread that started it."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509  one system call, no lock
            )
        self.starts += 1
        self.started_at = time.monotonic()

    def kill(self) -> bool:
        """kill -9 of its first process only. Whether there was one."""
        return _kill(self.pid)

    def kill_child(self) -> bool:
        """kill -9 of one of its children. Whether there was one."""
        children = list_children(self.pid) if self.pid else []
        return bool(children) and _kill(self._rng.choice(children))

    async def keep_running(self) -> None:
        """Start it, and start it again after a short while whenever it ends."""
        self.start()
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if self.pid is None:
                self._end_group()
                await asyncio.sleep(self._rng.uniform(0.1, LONGEST_AWAY))
                self.start()

    def ask_to_end(self) -> None:
        """SIGTERM, if it lives."""
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)

    def end(self, *, patience: float = STOP_SECONDS) -> None:
        """See that it and all its children are gone, by force after `patience` seconds."""
        until = time.monotonic() + patience
        while self.pid is not None and time.monotonic() < until:
            time.sleep(LOOK_EVERY)
        self._end_group()

    def _end_group(self) -> None:
        """End what is left of its group; only then is its first process reaped, and its id free again."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def list_children(pid: int) -> list[int]:
    """The children of a process; none where it has just ended."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(word) for word in task.read_text().split()]
    return sorted(found)


def _lives(pid: int) -> bool:
    """Whether a child of ours has not ended. It is not reaped by looking."""
    with contextlib.suppress(ChildProcessError):
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
    return False


def _kill(pid: int | None) -> bool:
    if pid is None:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False
