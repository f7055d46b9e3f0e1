"""The embedded PostgreSQL: one cluster in the data directory, reached through a socket only."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

from visibility.servers.binaries import Binaries, find_binaries
from visibility.servers.errors import ServersError
from visibility.servers.processes import read_command, read_pid, read_tail
from visibility.servers.server import Server
from visibility.servers.waiting import say

PORT = 5432
DATABASE = "throughline"
APP_ROLE = "throughline_app"
OWNER_ROLE = "throughline_owner"
_SUPERUSER = "postgres"
# The line of postmaster.pid that tells how far the server has got.
_STATUS_LINE = 7

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "max_connections": "100",
    "shared_buffers": "256MB",
    "fsync": "on",
    "max_wal_size": "4GB",
    "wal_level": "replica",
    "checkpoint_timeout": "15min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}

# Default privileges are kept by database; set in template1, every database made from it has them.
_BOOTSTRAP = f"""
CREATE ROLE {APP_ROLE} LOGIN;
CREATE ROLE {OWNER_ROLE} LOGIN CREATEDB;
GRANT {APP_ROLE} TO {OWNER_ROLE};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP_ROLE};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} GRANT USAGE, SELECT ON SEQUENCES TO {APP_ROLE};
CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE};
"""


class Postgres(Server):
    """PostgreSQL. Ends with SIGINT (fast shutdown), or SIGQUIT (as in a crash; the log recovers it)."""

    name = "PostgreSQL"
    program = "postgres"
    polite_signal = signal.SIGINT
    blunt_signal = signal.SIGQUIT

    @property
    def socket(self) -> Path:
        """The socket in the short directory."""
        return self.places.sockets / f".s.PGSQL.{PORT}"

    @property
    def pid_files(self) -> tuple[Path, ...]:
        """The postmaster's own, and its socket's lock file."""
        return (self._pid_file, self.socket.with_name(f"{self.socket.name}.lock"))

    @property
    def marks(self) -> tuple[str, str]:
        """The data directory as the postmaster was given it."""
        return ("-D", os.fspath(self.places.cluster))

    def has_data(self) -> bool:
        """Whether the cluster was made; it gets its name only when it is complete."""
        return (self.places.cluster / "PG_VERSION").exists()

    def is_ready(self) -> bool:
        """Whether the postmaster wrote "ready" and its socket answers.

        Both, because a file left by a killed server says "ready" too, and process ids come again.
        """
        try:
            lines = self._pid_file.read_text(errors="replace").split("\n")
        except OSError:
            return False
        said = len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "ready"
        return said and self.find() is not None and answers(self.socket)

    def prepare(self) -> list[str]:
        """Make the cluster the first time; clear away what a killed server left."""
        binaries = find_binaries(self.places)
        if not self.has_data():
            self._make_cluster(binaries)
        for path in self.places.sockets.glob(".s.PGSQL.*"):
            path.unlink(missing_ok=True)
        if read_pid(self._pid_file) is None:
            # Empty or unreadable: PostgreSQL would refuse. That nobody is running was seen by the lock.
            self._pid_file.unlink(missing_ok=True)
        settings = SETTINGS | {"unix_socket_directories": f'"{self.places.sockets}"'}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [os.fspath(binaries.postgres), "-D", os.fspath(self.places.cluster), *options]

    def environ(self) -> dict[str, str]:
        """Adds the process id of a stale pid file as one that is known not to be a postmaster.

        PostgreSQL refuses to start when that process lives, whatever program it is. Deleting the file would
        switch off its check for backends that still use the old shared memory; this keeps the check.
        """
        stale = read_pid(self._pid_file)
        return super().environ() | ({"PG_GRANDPARENT_PID": str(stale)} if stale else {})

    def end_leftovers(self) -> None:
        """Tell backends without a postmaster to go: a long query does not notice by itself."""
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                here = os.path.samefile(entry / "cwd", self.places.cluster)
            except OSError:
                continue
            pid = int(entry.name)
            if here and " ".join(read_command(pid)).startswith("postgres: "):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)

    @property
    def _pid_file(self) -> Path:
        return self.places.cluster / "postmaster.pid"

    def _make_cluster(self, binaries: Binaries) -> None:
        """Make cluster, roles and database under another name, then rename: there is no half-made cluster."""
        say(f"Making the database in {self.places.data} (only the first time)")
        prefix = f"{self.places.cluster.name}.new-"
        self._drop_abandoned(prefix)
        unfinished = Path(tempfile.mkdtemp(dir=self.places.data, prefix=prefix))
        self.places.make_private(unfinished)
        folder = os.fspath(unfinished)
        # Sorted by code point, so that an index serves a search by prefix; upper and lower know Unicode.
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
        access = ["--auth=trust", f"--username={_SUPERUSER}"]
        self._run([os.fspath(binaries.initdb), "-D", folder, *locale, *access], "")
        single = ["--single", "-D", folder, "-c", "exit_on_error=on", "template1"]
        self._run([os.fspath(binaries.postgres), *single], _BOOTSTRAP)
        if self.places.cluster.exists():
            # A directory without PG_VERSION is no cluster; it is kept for whoever wants to look.
            self.places.cluster.rename(unfinished.with_name(unfinished.name.replace(".new-", ".broken-")))
        unfinished.rename(self.places.cluster)
        # The initdb of a killed starter may have gone on writing while we removed what it wrote.
        self._drop_abandoned(prefix)

    def _drop_abandoned(self, prefix: str) -> None:
        for abandoned in self.places.data.glob(f"{prefix}*"):
            shutil.rmtree(abandoned, ignore_errors=True)

    def _run(self, command: list[str], text: str) -> None:
        account = self.places.account
        with self.log.open("ab") as output:
            done = subprocess.run(
                command,
                input=text.encode(),
                stdout=output,
                stderr=output,
                cwd="/",
                env=super().environ(),
                check=False,
                umask=0o077,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        if done.returncode:
            raise ServersError(f"{command[0]} failed. The end of {self.log}:\n{read_tail(self.log)}")


def answers(path: Path) -> bool:
    """Whether something listens on the socket."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(os.fspath(path))
        except OSError:
            return False
    return True
