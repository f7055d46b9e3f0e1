"""Who is using the servers: one locked file for each user of a state directory.

The count of references is the number of locked files. A killed holder's lock is gone with it, so a stale
file is told by its free lock and removed; the process id inside is for people to read. A forked child shares
its parent's reference, for as long as either lives; another program takes a reference of its own.
"""

import json
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from visibility.servers.locks import is_held, open_locked


@dataclass(frozen=True)
class Holder:
    """Somebody who is using the servers, as others see it."""

    path: Path
    pid: int
    command: str
    purpose: str


@dataclass(frozen=True)
class Reference:
    """This process's own reference. Close it to give it back."""

    descriptor: int

    def close(self) -> None:
        """Give the reference back; the file goes when somebody next counts."""
        os.close(self.descriptor)


def register(folder: Path, *, purpose: str) -> Reference:
    """Add this process to the holders in `folder`. Call it under the main lock.

    The file gets its name only once it is locked: nobody ever sees a reference without its lock.
    """
    folder.mkdir(exist_ok=True)
    name = f"{os.getpid()}-{secrets.token_hex(4)}"
    unnamed = folder / f".{name}"
    descriptor = open_locked(unnamed)
    card = {"pid": os.getpid(), "command": " ".join(sys.argv), "purpose": purpose}
    os.write(descriptor, json.dumps(card).encode())
    unnamed.rename(folder / name)
    return Reference(descriptor=descriptor)


def list_holders(folder: Path) -> list[Holder]:
    """Every living holder, oldest first."""
    if not folder.is_dir():
        return []
    paths = [path for path in folder.iterdir() if not path.name.startswith(".") and is_held(path)]
    return sorted((_read(path) for path in paths), key=lambda holder: holder.path.name)


def remove_stale(folder: Path) -> None:
    """Delete the files of holders that are gone. Call it under the main lock."""
    if folder.is_dir():
        for path in folder.iterdir():
            if not is_held(path):
                path.unlink(missing_ok=True)


def _read(path: Path) -> Holder:
    try:
        card = json.loads(path.read_text())
        return Holder(path, int(card["pid"]), str(card["command"]), str(card["purpose"]))
    except (OSError, ValueError, KeyError, TypeError):
        # It is locked, so it counts, whatever became of the text in it.
        return Holder(path, 0, "unknown", "unknown")
