"""A throw-away project for the tests of the servers: its own state directory, driven from outside."""

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from visibility.servers.addresses import Addresses, addresses
from visibility.servers.locks import is_held
from visibility.servers.places import REPOSITORY, find_places
from visibility.servers.supervisor import Supervisor
from visibility.servers.waiting import wait_until

# Seconds: far more than anything here takes, so that a failure ends instead of hanging.
LIMIT = 60

# Holds the servers until its input ends, and tells which processes it found.
HOLDER = """
import json, sys
from visibility.servers import running
from visibility.servers.supervisor import find_supervisor
with running():
    found = find_supervisor()
    print(json.dumps({"postgres": found.postgres.find(), "valkey": found.valkey.find()}), flush=True)
    sys.stdin.read()
"""


@dataclass(frozen=True)
class Project:
    """One state directory, and how to run things against it."""

    state: Path
    extra: Mapping[str, str] = field(default_factory=dict)
    python: str = sys.executable
    user: int | None = None
    repository: Path = REPOSITORY

    @property
    def environ(self) -> dict[str, str]:
        """An environment that knows this state directory and no server of somebody else."""
        ours = {"VISIBILITY_STATE_DIR": os.fspath(self.state), "PYTHONPATH": os.fspath(self.repository)}
        urls = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
        kept = {name: value for name, value in os.environ.items() if name not in urls}
        return kept | ours | dict(self.extra)

    @property
    def addresses(self) -> Addresses:
        """Where the project's servers answer."""
        return addresses(self.environ)

    @property
    def supervisor(self) -> Supervisor:
        """To look at the project's files and processes; the tests start nothing through it."""
        return Supervisor(find_places(self.state.resolve()))

    def open(self, code: str = HOLDER) -> "subprocess.Popen[str]":
        """Start Python code in a process of its own, its input and output being pipes."""
        return subprocess.Popen(
            [self.python, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self.environ,
            cwd=self.repository,
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else [],
        )

    @contextmanager
    def held(self) -> Iterator[tuple["subprocess.Popen[str]", dict[str, Any]]]:
        """A holder for the length of a block, and the process ids it told."""
        process = self.open()
        try:
            yield process, read_answer(process)
        finally:
            finish(process)

    def call(self, *words: str, code: int = 0) -> "subprocess.CompletedProcess[str]":
        """Run the package's command line, its output captured, as a person's script would."""
        done = subprocess.run(
            [self.python, "-m", "visibility.servers", *words],
            capture_output=True,
            text=True,
            env=self.environ,
            cwd=self.repository,
            timeout=LIMIT,
            check=False,
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else [],
        )
        assert done.returncode == code, done.stderr
        return done

    def is_quiet(self) -> bool:
        """Whether neither server, nor a child of one, nor the watchdog lives."""
        found = self.supervisor
        lifetimes = [*(server.lifetime for server in found.servers), found.watchdog_lifetime]
        return not any(map(is_held, lifetimes)) and all(server.find() is None for server in found.servers)

    def becomes_quiet(self) -> bool:
        """Wait for all to have ended."""
        return wait_until(self.is_quiet, what="the servers to end", at_most=LIMIT)

    def is_watched(self, pid: int) -> bool:
        """Whether the watchdog has come to the point of waiting for process `pid`."""
        log = self.state / "watchdog.log"
        return log.exists() and f"Until process {pid} has left" in log.read_text()

    def remove(self) -> None:
        """Leave nothing behind, whatever the test did."""
        self.supervisor.stop_now()
        self.call("delete")


def read_answer(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """The line in which a holder says that it has the servers."""
    assert process.stdout is not None
    readable, _, _ = select.select([process.stdout], [], [], LIMIT)
    assert readable, "the servers did not come up"
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


def finish(process: "subprocess.Popen[str]") -> None:
    """Let a holder go in good order (nothing happens to a killed one), and wait for its end."""
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()
    try:
        process.wait(timeout=LIMIT)
    finally:
        kill(process)
        assert process.stdout is not None
        process.stdout.close()


def kill(process: "subprocess.Popen[str]") -> None:
    """kill -9, with no chance to clean up."""
    process.kill()
    process.wait(timeout=LIMIT)
