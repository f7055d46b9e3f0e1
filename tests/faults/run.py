"""One run: bring a site up, send and break, wait until it has drained, compare."""

import asyncio
import io
import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.core.management import CommandError, call_command, get_commands
from django.db import connections

from tests.faults.faults import BACK_SECONDS, Faults
from tests.faults.landing import Landing
from tests.faults.oracle import Oracle
from tests.faults.sender import Book, Sender
from tests.faults.site import Site, direct_database
from tests.faults.traffic import BUYER, TIERS, Traffic
from visibility.inbox.models import ApiKey, Connection
from visibility.inbox.services import issue_key
from visibility.masterdata.models import Company


@dataclass(frozen=True)
class Plan:
    """What a run does. Seconds; messages and faults a second."""

    seed: int
    seconds: float
    rate: float
    fault_every: float
    killers: int
    drain_seconds: float


@dataclass
class Report:
    """Figures in the order they are printed, and whatever was wrong."""

    figures: dict[str, object]
    failures: list[str]

    def must_be_none(self, name: str, wrong: list[str]) -> None:
        """Count what is wrong under a name; anything at all fails the run."""
        self.figures[name] = len(wrong)
        self.failures += [f"{name}: {text}" for text in wrong[:20]]


def set_up() -> tuple[int, dict[str, str]]:
    """Migrate; a company with a connection for each tier. Its id, and the connections' keys."""
    call_command("migrate", verbosity=0, stdout=sys.stderr)
    company = Company.objects.create(code="faults", name="Faults", issuer=BUYER)
    keys = {}
    for tier in TIERS:
        connection = Connection.objects.create(
            company=company, name=f"faults-{tier}", tier=tier, witness=Connection.Witness.ERP, issuer=BUYER
        )
        keys[tier] = issue_key(connection=connection, scope=ApiKey.Scope.INGEST)
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
            await self.sender.wait_until_ready()
            self._tasks.append(asyncio.create_task(self.landing.watch()))
            await self._send_and_break()
            await self._drain()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            if hasattr(self, "sender"):
                await self.sender.stop()
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
            await asyncio.sleep(0.2)

    def _tell(self) -> None:
        accepted = sum(bool(told.answers) for told in self.book.told.values())
        open_now = len(self.landing.open())
        say(f"{len(self.faults.done)} faults, {accepted} messages accepted, {open_now} not in the ledger yet")


def backs(run: Run) -> list[tuple[float, str]]:
    """For each fault: seconds from its end until a message accepted since had reached the ledger.

    The slowest of the tiers counts. What nothing was accepted after is left out.
    """
    found = []
    for fault in run.faults.done:
        slowest = None
        for tier in TIERS:
            after = [
                run.landing.landed.get(message_id, float("inf")) - fault.ended
                for told in run.book.told.values()
                if told.answers and not told.telling.kills and told.telling.ways[0] == tier
                for message_id, _ in told.answers[:1]
                if told.accepted_at >= fault.ended
            ]
            if after:
                slowest = max(min(after), slowest or 0.0)
        if slowest is not None:
            found.append((slowest, f"{fault.kind} ({fault.detail})"))
    return sorted(found)


def examine(run: Run, company_id: int) -> Report:
    """Everything that must hold, with its figures."""
    report = Report(figures={"seed": run.plan.seed, "faults in all": len(run.faults.done)}, failures=[])
    report.figures |= {f"faults: {kind}": count for kind, count in sorted(run.faults.counts().items())}
    with psycopg.connect(direct_database(), autocommit=True) as database:
        oracle = Oracle(database=database, book=run.book, company_id=company_id)
    told = list(run.book.told.values())
    report.figures["messages told"] = len(told)
    report.figures["times accepted"] = sum(len(one.answers) for one in told)
    report.figures["times answered as duplicate"] = sum(d for one in told for _, d in one.answers)
    report.figures["tries without an answer"] = sum(one.unanswered for one in told)
    report.figures |= {f"tries without: {why}": n for why, n in sorted(run.sender.refusals.items())}
    report.figures["messages accepted"] = len(oracle.messages)
    report.figures["entries in the ledger"] = oracle.entries
    checks: dict[str, Callable[[], list[str]]] = {
        "never accepted": oracle.not_answered,
        "messages lost": oracle.lost_messages,
        "entries lost": oracle.lost_entries,
        "entries doubled": oracle.doubled_entries,
        "messages stuck": oracle.stuck,
        "messages not processed": oracle.not_processed,
        "wrong answers": oracle.wrong_answers,
        "impostors taken": oracle.impostors_taken,
        "killers not set aside": oracle.killers_not_set_aside,
        "entries not joined to their orders": oracle.not_joined,
        "acknowledgements missing or doubled": oracle.wrong_replies,
        "differences to a rebuild": _differences,
        "breaks in the ledger's seals": _broken_seals,
    }
    for name, check in checks.items():
        report.must_be_none(name, check())
    _tell_times(run, report)
    return report


def _tell_times(run: Run, report: Report) -> None:
    back = backs(run)
    late = [f"{seconds:.1f} s after {what}" for seconds, what in back if seconds > BACK_SECONDS]
    report.must_be_none(f"not back within {BACK_SECONDS:.0f} s", late)
    if back:
        report.figures["back after a fault, median (s)"] = round(back[len(back) // 2][0], 1)
        report.figures["back after a fault, slowest (s)"] = round(back[-1][0], 1)
    waits = [
        run.landing.landed[message_id] - told.accepted_at
        for told in run.book.told.values()
        for message_id, _ in told.answers[:1]
        if message_id in run.landing.landed and not told.telling.kills
    ]
    report.figures["accepted to ledger, slowest (s)"] = round(max(waits, default=0.0), 1)
    if run.drained_after is None:
        report.failures.append("the site did not drain")
    report.figures["time to drain (s)"] = (
        "never" if run.drained_after is None else round(run.drained_after, 1)
    )


def _differences() -> list[str]:
    return _run_check("rebuild_flows", "--check")


def _broken_seals() -> list[str]:
    return _run_check("verify_ledger") if "verify_ledger" in get_commands() else []


def _run_check(command: str, *words: str) -> list[str]:
    """What a command that checks has to say; nothing where it ends well."""
    told = io.StringIO()
    try:
        call_command(command, *words, stdout=told, stderr=told)
    except (CommandError, SystemExit) as error:
        return [
            *told.getvalue().splitlines(),
            *([str(error)] if isinstance(error, CommandError) else []),
        ] or ["failed"]
    return []


def perform(plan: Plan, folder: Path) -> Report:
    """Set up, run and examine. The servers are up; they are the caller's."""
    company_id, keys = set_up()
    connections.close_all()
    run = Run(plan, folder, keys)
    asyncio.run(run.live())
    say(f"all programs ended; comparing (logs in {os.path.relpath(run.site.logs, folder.parent)})")
    connections.close_all()
    # A server that was killed last may be down: nobody keeps it any more.
    for server in run.site.supervisor.servers:
        server.ensure()
    return examine(run, company_id)


def say(text: str) -> None:
    """Progress, beside the figures."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
