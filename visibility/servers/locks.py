"""File locks that the kernel drops with the last process that has them open.

All of them are `flock` locks: they belong to the open file, so a forked child shares its parent's, a killed
process cannot leave one behind, and process ids may be reused without confusing anybody.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from visibility.servers.waiting import wait_until


def open_locked(path: Path) -> int:
    """Open `path` with the exclusive lock and return the descriptor; waits for the lock.

    The descriptor is not inherited by other programs unless it is passed to them on purpose.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def try_lock(path: Path) -> int | None:
    """Like `open_locked`, but None where somebody else has the lock."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_held(path: Path) -> bool:
    """Whether any process has the lock of `path`. Asking never gets in the way of another asker."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def wait_for_release(path: Path) -> None:
    """Sleep in the kernel until nobody holds the lock of `path`."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Hold the lock of `path` for a block; says so while another process keeps it."""
    taken: list[int] = []

    def take() -> bool:
        descriptor = try_lock(path)
        if descriptor is not None:
            taken.append(descriptor)
        return descriptor is not None

    wait_until(take, what="another process that is starting or stopping the servers")
    try:
        yield
    finally:
        os.close(taken[0])
