"""Starting programs that outlive us, and telling which program a process id belongs to."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from visibility.servers.places import Account

_PROC = Path("/proc")
_LARGEST_LOG = 20_000_000
# What this process launched. Whoever outlives us becomes the child of the system's first process.
_children: list[subprocess.Popen[bytes]] = []


def read_command(pid: int) -> list[str]:
    """The command line of a living process; empty where there is none, or it has ended already."""
    if pid <= 0:
        return []
    if (_PROC / "self" / "cmdline").exists():
        try:
            raw = (_PROC / str(pid) / "cmdline").read_bytes()
        except OSError:
            return []
        return [os.fsdecode(part) for part in raw.rstrip(b"\0").split(b"\0")] if raw else []
    shown = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return [shown.stdout.strip()] if shown.stdout.strip() else []


def is_running(pid: int, *, program: str, words: Sequence[str]) -> bool:
    """Whether `pid` is `program` called with `words` in a row. A process id alone proves nothing."""
    command = read_command(pid)
    if len(command) > 1:
        called = os.path.basename(command[0]) == program
        starts = range(1, len(command) - len(words) + 1)
        return called and any(command[at : at + len(words)] == list(words) for at in starts)
    # Only one string: `ps` joins the words.
    return bool(command) and program in command[0] and " ".join(words) in command[0]


def read_pid(path: Path) -> int | None:
    """The process id in the first line of a pid file, or None."""
    try:
        return int(path.read_text(errors="replace").split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def launch(
    command: Sequence[str],
    *,
    log: Path,
    folder: Path,
    environ: Mapping[str, str],
    lifetime: int,
    account: Account | None,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, its output going to `log`.

    Nothing of the caller is inherited but the locked descriptor `lifetime`: the lock is free again when the
    program and all its children have ended.
    """
    reap()
    if log.exists() and log.stat().st_size > _LARGEST_LOG:
        log.replace(log.with_suffix(".old"))
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            env=dict(environ),
            pass_fds=[lifetime],
            start_new_session=True,
            umask=0o077,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    finally:
        os.close(output)
    _children.append(child)
    return child


def reap() -> None:
    """Take note of those we launched that have ended: until then the system lists them as defunct."""
    _children[:] = [child for child in _children if child.poll() is None]


def read_tail(log: Path, *, lines: int = 15) -> str:
    """The last lines of a log file."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"
