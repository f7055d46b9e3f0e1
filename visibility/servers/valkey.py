"""The embedded Valkey: the broker's and the cache's server, with its append-only file on."""

import os
import signal
import socket
from pathlib import Path

from visibility.servers.binaries import find_binaries
from visibility.servers.processes import is_running, read_pid
from visibility.servers.server import Server

SOCKET_NAME = "valkey.sock"
# Seconds for one answer to a PING; a server that loads its file answers at once that it is loading.
_PING_LIMIT = 2.0


class Valkey(Server):
    """Valkey. Ends with SIGTERM after writing its file to disk."""

    name = "Valkey"
    polite_signal = signal.SIGTERM
    blunt_signal = signal.SIGKILL

    def find(self) -> int | None:
        """The server's process id, from the pid file it writes beside its socket."""
        pid = read_pid(self._pid_file)
        words = ["--dir", os.fspath(self._data)]
        return pid if pid is not None and is_running(pid, program="valkey-server", words=words) else None

    def has_data(self) -> bool:
        """Whether the data directory is there."""
        return self._data.is_dir()

    def is_ready(self) -> bool:
        """Whether the server answers a PING (not while it loads its file)."""
        if self.find() is None:
            return False
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_PING_LIMIT)
            try:
                connection.connect(os.fspath(self._socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
            except OSError:
                return False

    def prepare(self) -> list[str]:
        """Clear away the socket that a killed server left: Valkey does not start on it."""
        self.places.make_private(self._data)
        self._socket.unlink(missing_ok=True)
        self._pid_file.unlink(missing_ok=True)
        settings = {
            "dir": os.fspath(self._data),
            "port": "0",
            "unixsocket": os.fspath(self._socket),
            "unixsocketperm": "700",
            "pidfile": os.fspath(self._pid_file),
            "daemonize": "no",
            "set-proc-title": "no",
            "save": "",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "shutdown-on-sigterm": "force",
        }
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        return [os.fspath(find_binaries(self.places).valkey), *options]

    @property
    def _data(self) -> Path:
        return self.places.data / "valkey"

    @property
    def _socket(self) -> Path:
        return self.places.sockets / SOCKET_NAME

    @property
    def _pid_file(self) -> Path:
        return self.places.sockets / "valkey.pid"
