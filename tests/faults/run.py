"""One run: bring a site up, send and break, wait until it has drained."""

import asyncio
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.core.management import call_command

from tests.faults.faults import Faults
from tests.faults.follower import Follower
from tests.faults.landing import Landing
from tests.faults.sender import Book, Sender
from tests.faults.site import Site, direct_database
from tests.faults.traffic import BUYER, TIERS, Traffic
from visibility.inbox.models import ApiKey, Connection
from visibility.inbox.services import issue_key
from visibility.masterdata.models import Company

READER = "reader"
FEED_SECONDS = 30.0
"""So long the reader of the feed may take to come to its end."""


@dataclass(frozen=True)
class Plan:
    """What a run does. Seconds; messages and faults a second."""

    seed: int
    seconds: float
    rate: float
    fault_every: float
    killers: int
    drain_seconds: float


def set_up() -> tuple[int, dict[str, str]]:
    """Migrate; a company with a connection for each tier. Its id, the connections' keys, and a reader's."""
    call_command("migrate", verbosity=0, stdout=sys.stderr)
    company = Company.objects.create(code="faults", name="Faults", issuer=BUYER)
    keys = {}
    for tier in TIERS:
        connection = Connection.objects.create(
            company=company, name=f"faults-{tier}", tier=tier, witness=Connection.Witness.ERP, issuer=BUYER
        )
        keys[tier] = issue_key(connection=connection, scope=ApiKey.Scope.INGEST)
    keys[READER] = issue_key(connection=connection, scope=ApiKey.Scope.READ)
    return company.pk, keys


class Run:
    """The state of a run."""

    def __init__(self, plan: Plan, folder: Path, keys: dict[str, str]) -> None:
        self.plan = plan
        self.book = Book(folder / "accepted.jsonl")
        self.traffic = Traffic(seed=plan.seed)
        self.site = Site(folder=folder, rng=random.Random(plan.seed + 1))
        self.landing = Landing(database_url=direct_database(), book=self.book)
        self._rng = random.Random(plan.seed + 2)
        self._keys = keys
        self._tasks: list[asyncio.Task[None]] = []
        self.sender: Sender
        self.follower: Follower
        self.faults: Faults
        self.unanswered = 0
        self.drained_after: float | None = None

    async def live(self) -> None:
        """From the first start to the last stop; whatever happens, nothing is left running."""
        try:
            await self.site.start()
            self.sender = Sender(address=self.site.address, keys=self._keys, book=self.book, rng=self._rng)
            self.faults = Faults(
                site=self.site,
                sender=self.sender,
                traffic=self.traffic,
                rng=self._rng,
                killers=self.plan.killers,
            )
            self.follower = Follower(address=self.site.address, key=self._keys[READER])
            await self.sender.wait_until_ready()
            self._tasks.append(asyncio.create_task(self.landing.watch()))
            following = asyncio.create_task(self.follower.follow())
            self._tasks.append(following)
            await self._send_and_break()
            await self._drain()
            following.cancel()
            await self.follower.read_to(entries=count_entries(), patience=FEED_SECONDS)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            if hasattr(self, "sender"):
                await self.sender.stop()
                await self.follower.stop()
            await self.site.stop()
            self.book.close()

    async def _send_and_break(self) -> None:
        until = time.monotonic() + self.plan.seconds
        sending = asyncio.create_task(self._send(until))
        self._tasks.append(sending)
        breaking: set[asyncio.Task[None]] = set()
        # The site has to have come up once before there is something to break.
        while not self.landing.landed and not sending.done():
            await asyncio.sleep(0.1)
        say(f"the site is up; breaking it every {self.plan.fault_every} s or so")
        told = time.monotonic()
        while (left := until - time.monotonic()) > 0:
            pause = self._rng.uniform(0.5, 1.5) * self.plan.fault_every
            await asyncio.sleep(min(pause, left))
            if pause > left:
                break
            self.site.check_keepers()
            breaking.add(asyncio.create_task(self.faults.do(self.faults.pick())))
            if time.monotonic() > told + 15:
                told = time.monotonic()
                self._tell()
        await sending
        await asyncio.gather(*breaking)

    async def _send(self, until: float) -> None:
        for telling in self.traffic.stream(more=lambda: time.monotonic() < until):
            await self.sender.send(telling)
            await asyncio.sleep(self._rng.expovariate(self.plan.rate))

    async def _drain(self) -> None:
        """Nothing is broken any more: wait for every answer, then until every message has landed."""
        began = time.monotonic()
        say("no more faults; waiting until all is done")
        self.unanswered = await self.sender.finish(patience=90)
        while time.monotonic() - began < self.plan.drain_seconds:
            if not self.landing.open():
                self.drained_after = max(max(self.landing.landed.values()) - began, 0.0)
                return
            self.site.check_keepers()
            await asyncio.sleep(0.2)

    def _tell(self) -> None:
        accepted = sum(bool(told.answers) for told in self.book.told.values())
        open_now = len(self.landing.open())
        say(f"{len(self.faults.done)} faults, {accepted} messages accepted, {open_now} not in the ledger yet")


def count_entries() -> int:
    """How many entries the ledger has."""
    with psycopg.connect(direct_database(), autocommit=True) as database:
        row = database.execute("SELECT count(*) FROM ledger_entry").fetchone()
    return int(row[0]) if row else 0


def say(text: str) -> None:
    """Progress, beside the figures."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
