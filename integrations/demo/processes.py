"""The processes of a running Throughline on one machine: web, events, a worker a tier, sweeper, beat."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TIERS = ("realtime", "near_realtime", "batch")
STOP_SECONDS = 15
WEB_THREADS = 16
"""So many requests are under way at once. Those that send messages mostly wait, for a commit they share."""
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


def free_port(*, wanted: int) -> int:
    """The wanted port, or the next free one on loopback."""
    for port in range(wanted, wanted + 200):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"no free port from {wanted} on")


def free_ports(*, wanted: int, count: int) -> list[int]:
    """So many free ports from the wanted one on."""
    found: list[int] = []
    while len(found) < count:
        found.append(free_port(wanted=found[-1] + 1 if found else wanted))
    return found


def commands(*, web_port: int, events_port: int, state: Path) -> dict[str, list[str]]:
    """What to run, by name."""
    python = sys.executable
    granian = [python, "-m", "granian", "--host", "127.0.0.1", "--no-ws", "--log-level", "warning"]
    celery = [python, "-m", "celery", "--app", "visibility.celery"]
    return {
        "web": [
            *granian,
            *("--interface", "wsgi", "--port", str(web_port), "--workers", "1"),
            *("--blocking-threads", str(WEB_THREADS)),
            "visibility.wsgi:application",
        ],
        "events": [
            *granian,
            "--interface",
            "asgi",
            "--port",
            str(events_port),
            "visibility.asgi:application",
        ],
        **{
            f"worker-{tier}": [
                *celery,
                *("worker", "--queues", tier, "--hostname", f"{tier}@%h", "--concurrency", "1"),
                *("--loglevel", "WARNING", "--without-gossip", "--without-mingle"),
            ]
            for tier in TIERS
        },
        "sweeper": [python, "manage.py", "sweeper"],
        "deliverer": [python, "manage.py", "deliverer"],
        "beat": [*celery, "beat", "--schedule", str(state / "beat"), "--loglevel", "WARNING", "--pidfile="],
    }


def _end_with_parent() -> None:
    """On Linux a child is told when its parent is killed; elsewhere Ctrl-C reaches it by its terminal."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)


@contextmanager
def running(
    *, programs: dict[str, list[str]], environment: dict[str, str], logs: Path
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Start the programs, each with a log of its own; stop them all at the end, in the order of starting."""
    logs.mkdir(parents=True, exist_ok=True)
    started: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in programs.items():
            with (logs / f"{name}.log").open("ab") as log:
                started[name] = subprocess.Popen(
                    command,
                    env={**os.environ, **environment},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=_end_with_parent,  # noqa: PLW1509  one system call, no lock
                )
        yield started
    finally:
        stop(list(started.values()))


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask each to end, and end those that do not within STOP_SECONDS."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
