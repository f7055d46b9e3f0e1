"""Where the servers answer: as the environment says, or as follows from the state directory."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from visibility.servers.places import find_socket_directory, find_state_directory
from visibility.servers.postgres import APP_ROLE, DATABASE, OWNER_ROLE, PORT
from visibility.servers.valkey import SOCKET_NAME


@dataclass(frozen=True)
class Addresses:
    """The URLs to connect to.

    `database_url` is the application's role, `owner_url` the role that migrates. `redis_url` is for redis
    clients, `broker_url` the same server as Celery writes it. `embedded`: at least one is run by us.
    """

    database_url: str
    owner_url: str
    redis_url: str
    broker_url: str
    embedded_database: bool
    embedded_redis: bool

    @property
    def embedded(self) -> bool:
        """Whether `running()` has anything to start."""
        return self.embedded_database or self.embedded_redis


def addresses(environ: Mapping[str, str] = os.environ) -> Addresses:
    """The addresses for this environment. Starts nothing and touches no file."""
    sockets = find_socket_directory(find_state_directory(environ))
    database = environ.get("DATABASE_URL", "")
    redis = environ.get("REDIS_URL", "")
    valkey = quote(os.fspath(sockets / SOCKET_NAME))
    return Addresses(
        database_url=database or _write_dsn(APP_ROLE, sockets),
        owner_url=environ.get("DATABASE_OWNER_URL", "") or database or _write_dsn(OWNER_ROLE, sockets),
        redis_url=redis or f"unix://{valkey}?db=0",
        broker_url=_as_broker(redis or f"unix://{valkey}?db=0"),
        embedded_database=not database,
        embedded_redis=not redis,
    )


def _as_broker(url: str) -> str:
    """A redis client's URL as Celery writes it: kombu has a name of its own for sockets."""
    if not url.startswith("unix://"):
        return url
    return "redis+socket://" + url.removeprefix("unix://").replace("?db=", "?virtual_host=")


def _write_dsn(role: str, sockets: Path) -> str:
    # The port is said, because PGPORT in somebody's environment would change it otherwise.
    return f"postgresql://{role}@/{DATABASE}?host={quote(os.fspath(sockets), safe='')}&port={PORT}"
