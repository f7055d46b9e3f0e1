"""Where things are: the state directory, the servers' data, their sockets, and the user they run as.

Nothing here opens a directory that was there before: as root, where the server's user cannot reach the state
directory, the data go to a directory of their own instead.
"""

import hashlib
import os
import pwd
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from visibility.servers.errors import ServersError

STATE_VARIABLE = "VISIBILITY_STATE_DIR"
REPOSITORY = Path(__file__).resolve().parents[2]
# Fixed rather than taken from TMPDIR: two processes with different environments must find the same socket,
# and a socket's path may have only about 100 bytes. The directory in it is 0700 and its owner is checked.
_SOCKETS_ROOT = Path("/tmp")
# Where root keeps the data when the server's user cannot get into the state directory.
_ROOTS_DATA = Path("/var/lib")
_SERVER_USERS = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """The user the servers run as where that is not the user of this process."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Places:
    """The directories of one project, all derived from its state directory."""

    state: Path
    data: Path
    sockets: Path
    account: Account | None

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data directory."""
        return self.data / "postgres"

    @property
    def holders(self) -> Path:
        """One file for each process that uses the servers."""
        return self.state / "holders"

    @property
    def lock(self) -> Path:
        """Held by whoever starts or stops something."""
        return self.state / "lock"

    def make(self) -> None:
        """Make the directories that are missing, so that the server's user can reach what it must."""
        for folder in (self.state, self.data):
            _make_folder(folder, shared=self.account is not None)
        _make_private(self.sockets, self.account)

    def make_private(self, folder: Path) -> None:
        """Make `folder` for the server's user alone."""
        _make_private(folder, self.account)


def find_state_directory(environ: Mapping[str, str] = os.environ) -> Path:
    """VISIBILITY_STATE_DIR (if relative, to the repository), or `.local` in the repository."""
    return Path(os.path.realpath(REPOSITORY / (environ.get(STATE_VARIABLE) or ".local")))


def find_socket_directory(state: Path) -> Path:
    """The short directory with the sockets of the project whose state directory is `state`."""
    return Path(os.path.realpath(_SOCKETS_ROOT)) / f"throughline-{_fingerprint(state)}"


def find_places(state: Path) -> Places:
    """The directories of the project whose state directory is `state`. Makes nothing."""
    sockets = find_socket_directory(state)
    if os.geteuid() != 0:
        return Places(state=state, data=state, sockets=sockets, account=None)
    account = _choose_account(state)
    data = state if may_enter(state, account) else _ROOTS_DATA / f"throughline-{_fingerprint(state)}"
    return Places(state=state, data=data, sockets=sockets, account=_owner_of_cluster(data) or account)


def may_enter(folder: Path, account: Account) -> bool:
    """Whether `account` can walk down to `folder`; the parts that do not exist yet will let it."""
    groups = os.getgrouplist(account.name, account.gid)
    return all(_lets_in(part, account, groups) for part in (folder, *folder.parents) if part.exists())


def _lets_in(folder: Path, account: Account, groups: list[int]) -> bool:
    facts = folder.stat()
    if facts.st_uid == account.uid:
        return bool(facts.st_mode & stat.S_IXUSR)
    if facts.st_gid in groups:
        return bool(facts.st_mode & stat.S_IXGRP)
    return bool(facts.st_mode & stat.S_IXOTH)


def _choose_account(state: Path) -> Account:
    owner = _owner_of_cluster(state)
    if owner is not None:
        return owner
    for name in _SERVER_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise ServersError(
        "PostgreSQL does not run as root, and there is neither a user 'postgres' nor 'nobody' to run it as. "
        "Run this as an ordinary user, or set DATABASE_URL and REDIS_URL."
    )


def _owner_of_cluster(data: Path) -> Account | None:
    """A cluster that is there already can only be run by the user who owns it."""
    try:
        entry = pwd.getpwuid((data / "postgres").stat().st_uid)
    except (OSError, KeyError):
        return None
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid) if entry.pw_uid else None


def _make_folder(folder: Path, *, shared: bool) -> None:
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    for part in reversed(missing):
        part.mkdir(exist_ok=True)
        if shared:
            # Only what was made here: the server's user must be able to pass, whatever the umask is.
            part.chmod(0o755)


def _make_private(folder: Path, account: Account | None) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    facts = folder.lstat()
    owner = account.uid if account else os.geteuid()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in (owner, os.geteuid()):
        raise ServersError(f"{folder} belongs to somebody else; remove it, or run this as its owner.")
    if account and facts.st_uid != owner:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


def _fingerprint(state: Path) -> str:
    return hashlib.sha256(os.fsencode(state)).hexdigest()[:12]
