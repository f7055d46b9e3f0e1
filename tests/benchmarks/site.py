"""A site of its own for measuring: a fresh database, web and workers as a demo runs them."""

import http.client
import itertools
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import redis
from django.core.management import call_command
from django.db import connections
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from integrations.demo.feed import Site, wait_until_ready
from integrations.demo.processes import commands, free_port, running
from tests.benchmarks import events
from visibility import servers
from visibility.inbox.models import ApiKey, Connection
from visibility.inbox.services import issue_key
from visibility.masterdata.models import Company, Item, Location, TradingPartner
from visibility.masterdata.resolve import ITEM, LOCATION, PARTNER, Unknown, make_provisional

ALIASES = ("default", "owner")
BATCH_TIER = "bench-batch"
"""The connection, and its key's name, whose messages go to the batch tier."""
SECRET = "of-no-use-outside-of-this-run"
_BROKERS = range(5, 16)
"""Databases of the broker's server that benchmarks may take; a wake-up reaches whoever shares one."""
_BROKER_LOCK = 0x62656E63
_numbers = itertools.count()


@dataclass(frozen=True)
class Bench:
    """A running site, and connections to its database beside it. `programs`: the process id of each."""

    site: Site
    database: psycopg.Connection
    owner: psycopg.Connection
    name: str
    programs: dict[str, int]
    events_port: int

    def waiting(self) -> int:
        """Messages that still need work."""
        row = self.database.execute("SELECT count(*) FROM inbox_messagework").fetchone()
        return int(row[0]) if row else 0

    def entries(self) -> int:
        """Facts in the ledger."""
        row = self.database.execute("SELECT count(*) FROM ledger_entry").fetchone()
        return int(row[0]) if row else 0

    def point(self) -> None:
        """Let this process's own models read this site's database."""
        point_at(self.name)


@contextmanager
def bench_database(*, workers: int = 0) -> Iterator[tuple[str, dict[str, str]]]:
    """A new database with the company in it, gone afterwards: its name, and the keys to post with."""
    drop_leftovers()
    name = f"bench_{os.getpid()}_{next(_numbers)}_{workers}"
    servers.clone_database(template="template1", name=name)
    try:
        yield name, _prepare(name)
    finally:
        point_at(None)
        servers.drop_database(name=name)


@contextmanager
def bench_site(*, workers: int, whole: bool = False) -> Iterator[Bench]:
    """Bring up a site on a new database with so many real-time workers; all of it is gone afterwards.

    `whole`: with a batch worker, events, beat and sweeper too, as a demo runs.
    """
    with (
        bench_database(workers=workers) as (name, keys),
        site_on(name=name, keys=keys, workers=workers, whole=whole) as bench,
    ):
        yield bench


@contextmanager
def site_on(*, name: str, keys: dict[str, str], workers: int = 0, whole: bool = False) -> Iterator[Bench]:
    """Bring up a site on a database that is there; the database stays."""
    app, owner = (_at(url, name) for url in (_addresses().database_url, _addresses().owner_url))
    with (
        TemporaryDirectory() as folder,
        _broker(name) as broker,
        psycopg.connect(app, autocommit=True) as database,
        psycopg.connect(owner, autocommit=True) as owning,
    ):
        web, stream = (free_port(wanted=port) for port in _ports())
        programs = _programs(web=web, stream=stream, workers=workers, folder=Path(folder), whole=whole)
        environment = {
            "DATABASE_URL": app,
            "DATABASE_OWNER_URL": owner,
            "REDIS_URL": broker,
            "SECRET_KEY": SECRET,
        }
        with running(programs=programs, environment=environment, logs=Path(folder)) as started:
            site = Site(host="127.0.0.1", port=web, keys=keys)
            wait_until_ready(site=site, alive=lambda: started["web"].poll() is None)
            yield Bench(
                site=site,
                database=database,
                owner=owning,
                name=name,
                programs={program: process.pid for program, process in started.items()},
                events_port=stream,
            )


def post(
    *,
    bench: Bench,
    connection: http.client.HTTPConnection,
    body: bytes,
    content_type: str,
    sender: str = "bench",
) -> bytes:
    """Post one message; the answer. RuntimeError unless it was accepted."""
    headers = {"Authorization": f"Bearer {bench.site.keys[sender]}", "Content-Type": content_type}
    connection.request("POST", "/api/v1/messages", body=body, headers=headers)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != http.HTTPStatus.ACCEPTED:
        raise RuntimeError(f"refused: {answer.status} {text[:300]!r}")
    return text


def drop_leftovers() -> list[str]:
    """Drop the databases of benchmarks that were killed; their names."""
    with psycopg.connect(_addresses().owner_url, autocommit=True) as connection:
        names = [row[0] for row in connection.execute("SELECT datname FROM pg_database")]
    left = [name for name in names if (maker := maker_of(name)) and not _is_alive(maker)]
    for name in left:
        print(f"dropping {name}, whose benchmark is gone", file=sys.stderr)
        servers.drop_database(name=name)
    return left


def maker_of(name: str) -> int | None:
    """The process that made a database, if it is one of the benchmarks'."""
    found = re.match(r"bench_(\d+)(_|$)", name)
    return int(found[1]) if found else None


def point_at(name: str | None) -> None:
    """Let this process's models use a database; None: the one that the settings name, once asked."""
    for alias in ALIASES:
        connections[alias].close()
        if name is not None:
            connections[alias].settings_dict["NAME"] = name


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _ports() -> tuple[int, int]:
    """Two to begin looking at, that another benchmark hardly thinks of at the same moment."""
    own = 10_000 + os.getpid() % 2000 * 8 + next(_numbers) % 4 * 2
    return own, own + 1


def _addresses() -> servers.Addresses:
    return servers.addresses()


def _at(address: str, name: str) -> str:
    return make_conninfo(**{**conninfo_to_dict(address), "dbname": name})


@contextmanager
def _broker(name: str) -> Iterator[str]:
    """The address of a broker's database that no other benchmark uses meanwhile, emptied."""
    with psycopg.connect(_addresses().owner_url, autocommit=True) as holder:
        for number in _BROKERS:
            row = holder.execute("SELECT pg_try_advisory_lock(%s, %s)", [_BROKER_LOCK, number]).fetchone()
            if row and row[0]:
                url = re.sub(r"db=\d+$", f"db={number}", _addresses().redis_url)
                if "db=" not in url:
                    url = f"{url.rstrip('/')}/{number}"
                with redis.Redis.from_url(url) as client:
                    client.flushdb()
                yield url
                return
    raise RuntimeError(f"all of the broker's databases are taken; there is none for {name}")


def _programs(*, web: int, stream: int, workers: int, folder: Path, whole: bool) -> dict[str, list[str]]:
    known = commands(web_port=web, events_port=stream, state=folder)
    worker = known["worker-realtime"]
    programs = {"web": known["web"]}
    for number in range(workers):
        programs[f"worker-{number}"] = [
            f"bench{number}@%h" if part == "realtime@%h" else part for part in worker
        ]
    if whole:
        programs |= {name: known[name] for name in ("events", "worker-batch", "sweeper", "beat")}
    return programs


def _prepare(name: str) -> dict[str, str]:
    """Migrate, and enter the company with all its master data confirmed. The keys to post with."""
    point_at(name)
    call_command("migrate", verbosity=0, stdout=sys.stderr)
    company = Company.objects.create(code="bench", name="Bench", issuer="ZZ:NORTHGATE")
    tiers = {"bench": Connection.Tier.REALTIME, BATCH_TIER: Connection.Tier.BATCH}
    senders = [
        Connection.objects.create(
            company=company, name=sender, witness=Connection.Witness.ERP, issuer=company.issuer, tier=tier
        )
        for sender, tier in tiers.items()
    ]
    make_provisional(
        company_id=company.pk,
        unknown=[
            *(
                Unknown(PARTNER, (f"ZZ:SUPPLIER{n:03}",), f"Supplier number {n:03}")
                for n in range(events.SUPPLIERS)
            ),
            *(Unknown(LOCATION, (f"UL:09521000{n:05}",), f"Warehouse {n}") for n in range(12)),
            *(Unknown(ITEM, (f"buyer:SKU-{n:05}",), f"Item {n}") for n in range(events.ITEMS)),
        ],
    )
    for model in (TradingPartner, Location, Item):
        model.objects.update(provisional=False)
    return {sender.name: issue_key(connection=sender, scope=ApiKey.Scope.INGEST) for sender in senders}
