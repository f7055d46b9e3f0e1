"""The embedded Valkey: the broker's and the cache's server, with its append-only file on."""

import os
import signal
import socket
from pathlib import Path

from visibility.servers.binaries import find_binaries
from visibility.servers.server import Server

SOCKET_NAME = "valkey.sock"
# Seconds for one answer to a PING; a server that loads its file answers at once that it is loading.
_PING_LIMIT = 2.0


class Valkey(Server):
    """Valkey. Ends with SIGTERM after writing its file to disk."""

    name = "Valkey"
    program = "valkey-server"
    polite_signal = signal.SIGTERM
    blunt_signal = signal.SIGKILL

    @property
    def socket(self) -> Path:
        """The socket in the short directory."""
        return self.places.sockets / SOCKET_NAME

    @property
    def pid_files(self) -> tuple[Path, ...]:
        """The file it writes beside its socket."""
        return (self.places.sockets / "valkey.pid",)

    @property
    def marks(self) -> tuple[str, str]:
        """The data directory as the server was given it."""
        return ("--dir", os.fspath(self._data))

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
                connection.connect(os.fspath(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
            except OSError:
                return False

    def prepare(self) -> list[str]:
        """Clear away the socket that a killed server left: Valkey does not start on it."""
        self.places.make_private(self._data)
        self.socket.unlink(missing_ok=True)
        self.pid_files[0].unlink(missing_ok=True)
        settings = {
            "dir": os.fspath(self._data),
            "port": "0",
            "unixsocket": os.fspath(self.socket),
            "unixsocketperm": "700",
            "pidfile": os.fspath(self.pid_files[0]),
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
