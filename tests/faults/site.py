"""A whole site on a state directory of its own: servers, proxies before them, all programs of the product."""

import asyncio
import contextlib
import os
import random
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import redis

from integrations.demo.processes import commands, free_port
from tests.faults.programs import Program
from tests.faults.proxy import Ends, Proxy
from visibility.servers.addresses import addresses
from visibility.servers.errors import ServersError
from visibility.servers.locks import one_at_a_time
from visibility.servers.places import REPOSITORY
from visibility.servers.postgres import APP_ROLE, DATABASE
from visibility.servers.server import Server
from visibility.servers.supervisor import Supervisor, find_supervisor

NOT_NEEDED = frozenset({"events"})
"""Tells open pages of changes; there are none here."""


class Site:
    """Programs that reach their servers, and are reached, through proxies only."""

    def __init__(self, *, folder: Path, rng: random.Random) -> None:
        self.supervisor: Supervisor = find_supervisor()
        self.logs = folder / "logs"
        self.logs.mkdir(exist_ok=True)
        self.programs: dict[str, Program] = {}
        self._folder, self._rng = folder, rng
        self._web_port = free_port(wanted=8700)
        self._watching: list[asyncio.Task[None]] = []
        sockets = {"database": self.supervisor.postgres.socket, "broker": self.supervisor.valkey.socket}
        self.proxies = {
            name: Proxy(name=name, connect=partial(asyncio.open_unix_connection, path))
            for name, path in sockets.items()
        }
        self.proxies["web"] = Proxy(name="web", connect=self._reach_web)

    @property
    def address(self) -> str:
        """Where clients reach the site: through the proxy."""
        return f"http://127.0.0.1:{self.proxies['web'].port}"

    async def start(self) -> None:
        """Bring the proxies and all programs up; the servers run already."""
        for proxy in self.proxies.values():
            await proxy.start()
        planned = commands(web_port=self._web_port, events_port=0, state=self._folder)
        environ = self._environ()
        for name in sorted(planned.keys() - NOT_NEEDED):
            self.programs[name] = Program(
                name=name,
                command=planned[name],
                environ=environ,
                log=self.logs / f"{name}.log",
                rng=self._rng,
            )
            self._watching.append(asyncio.create_task(self.programs[name].keep_running()))
        # The servers come back as the programs do.
        for server in self.supervisor.servers:
            self._watching.append(asyncio.create_task(self._keep_server(server)))

    def check_keepers(self) -> None:
        """Raises what ended one of those who start things again: without them nothing comes back."""
        for task in self._watching:
            if task.done():
                task.result()

    async def stop(self) -> None:
        """End all programs and proxies, whatever state they are in."""
        for task in self._watching:
            task.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)
        for proxy in self.proxies.values():
            proxy.flow()
        for program in self.programs.values():
            program.ask_to_end()
        for program in self.programs.values():
            await asyncio.to_thread(program.end)
        for proxy in self.proxies.values():
            await proxy.stop()

    async def flush_broker(self) -> bool:
        """FLUSHALL. Whether the broker was there to be told."""

        def flush() -> bool:
            with contextlib.suppress(redis.RedisError):
                path = os.fspath(self.supervisor.valkey.socket)
                with redis.Redis(unix_socket_path=path, socket_timeout=3) as client:
                    return bool(client.flushall())
            return False

        return await asyncio.to_thread(flush)

    async def _reach_web(self) -> Ends:
        return await asyncio.open_connection("127.0.0.1", self._web_port)

    async def _keep_server(self, server: Server) -> None:
        def bring_back() -> None:
            with one_at_a_time(self.supervisor.places.lock):
                server.ensure()

        while True:
            await asyncio.sleep(0.1)
            if server.find() is None:
                await asyncio.sleep(self._rng.uniform(0.1, 2.0))
                with contextlib.suppress(ServersError):  # killed again while it started: so once more
                    await asyncio.to_thread(bring_back)

    def _environ(self) -> Mapping[str, str]:
        database, broker = self.proxies["database"].port, self.proxies["broker"].port
        return os.environ | {
            "DATABASE_URL": f"postgresql://{APP_ROLE}@127.0.0.1:{database}/{DATABASE}",
            "REDIS_URL": f"redis://127.0.0.1:{broker}/0",
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "SECRET_KEY": "of-no-use-outside-of-this-run",
            "PYTHONPATH": os.fspath(REPOSITORY),
            "PATH": os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")]),
        }


def direct_database() -> str:
    """The database's own address, past the proxy."""
    return addresses().database_url
