"""The faults, and when each began and ended."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import psycopg

from tests.faults.sender import Sender
from tests.faults.site import Site, direct_database
from tests.faults.traffic import Traffic

WEIGHTS = {
    "web killed": 6,
    "worker killed": 8,
    "worker child killed": 12,
    "beat killed": 4,
    "sweeper killed": 4,
    "database server killed": 4,
    "database backend killed": 6,
    "broker killed": 5,
    "broker flushed": 8,
    "database connections cut": 9,
    "broker connections cut": 6,
    "web connections cut": 7,
    "database stalled": 7,
    "broker stalled": 5,
    "web stalled": 5,
    "message that kills its worker": 12,
}
LONGEST_STALL = 4.0
BACK_SECONDS = 60.0


@dataclass(frozen=True)
class Fault:
    """Something that was done to the site. Monotonic seconds."""

    kind: str
    detail: str
    began: float
    ended: float


class Faults:
    """Does things to a site, at random, and keeps a list."""

    def __init__(
        self, *, site: Site, sender: Sender, traffic: Traffic, rng: random.Random, killers: int
    ) -> None:
        self.done: list[Fault] = []
        self._site, self._sender, self._traffic, self._rng = site, sender, traffic, rng
        self._killers = killers
        self._busy: set[str] = set()

    def pick(self) -> str:
        """A kind of fault that can be had now."""
        can = {
            kind: weight
            for kind, weight in WEIGHTS.items()
            if (self._killers or kind != "message that kills its worker")
            and (self._programs("sweeper") or kind != "sweeper killed")
        }
        return self._rng.choices(list(can), weights=list(can.values()))[0]

    async def do(self, kind: str) -> None:
        """Do one, and come back when it is over."""
        target, _, what = kind.rpartition(" ")
        began = time.monotonic()
        detail = await self._act(kind, target, what)
        if detail is not None:
            self.done.append(Fault(kind=kind, detail=detail, began=began, ended=time.monotonic()))

    def counts(self) -> Counter[str]:
        """How many of each kind."""
        return Counter(fault.kind for fault in self.done)

    async def _act(self, kind: str, target: str, what: str) -> str | None:
        acts: dict[str, Callable[[], Awaitable[str | None]]] = {
            "worker child killed": self._kill_child,
            "database server killed": lambda: self._kill_server("database"),
            "database backend killed": self._kill_backend,
            "broker killed": lambda: self._kill_server("broker"),
            "broker flushed": self._flush,
            "message that kills its worker": self._send_killer,
        }
        if kind in acts:
            return await acts[kind]()
        if what == "killed":
            return await self._kill(target)
        if what == "cut":
            return self._cut(target.split(maxsplit=1)[0])
        return await self._stall(target)

    def _programs(self, prefix: str) -> list[str]:
        return [name for name in self._site.programs if name.startswith(prefix)]

    async def _kill(self, prefix: str) -> str | None:
        """kill -9 of a program's first process; over when it was started again."""
        name = self._rng.choice(self._programs(prefix))
        program = self._site.programs[name]
        starts = program.starts
        if not program.kill():
            return None
        while program.starts == starts:
            await asyncio.sleep(0.05)
        return name

    async def _kill_child(self) -> str | None:
        name = self._rng.choice(self._programs("worker"))
        return name if self._site.programs[name].kill_child() else None

    async def _kill_server(self, which: str) -> str | None:
        """kill -9 of a server's first process; over when it takes connections again."""
        found = self._site.supervisor
        server = found.postgres if which == "database" else found.valkey
        pid = server.find()
        if pid is None:
            return None
        os.kill(pid, signal.SIGKILL)
        while server.find() in (None, pid) or not server.is_ready():
            await asyncio.sleep(0.05)
        return f"process {pid}"

    async def _kill_backend(self) -> str | None:
        """kill -9 of one session's process, upon which PostgreSQL throws everybody out and recovers."""
        try:
            async with await psycopg.AsyncConnection.connect(direct_database(), connect_timeout=3) as own:
                cursor = await own.execute(
                    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' "
                    "AND application_name <> 'faults' AND pid <> pg_backend_pid() ORDER BY pid"
                )
                pids = [row[0] for row in await cursor.fetchall()]
        except psycopg.Error:
            return None
        if not pids:
            return None
        pid = self._rng.choice(pids)
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return None
        while not self._site.supervisor.postgres.is_ready():
            await asyncio.sleep(0.05)
        return f"process {pid}"

    async def _flush(self) -> str | None:
        return "" if await self._site.flush_broker() else None

    async def _send_killer(self) -> str | None:
        self._killers -= 1
        telling = self._traffic.killer()
        await self._sender.send(telling)
        return telling.ways[0]

    def _cut(self, name: str) -> str | None:
        share = self._rng.choice((0.3, 1.0))
        cut = self._site.proxies[name].cut(share=share, rng=self._rng)
        return f"{cut} connections" if cut else None

    async def _stall(self, name: str) -> str | None:
        """Nothing flows for a while; then it all does, or what stood is cut."""
        if name in self._busy:
            return None
        self._busy.add(name)
        proxy, seconds = self._site.proxies[name], self._rng.uniform(0.5, LONGEST_STALL)
        proxy.stall()
        try:
            await asyncio.sleep(seconds)
            if self._rng.random() < 0.3:
                proxy.cut(share=1.0, rng=self._rng)
        finally:
            proxy.flow()
            self._busy.discard(name)
        return f"{seconds:.1f} s"
