"""A site of its own for measuring: a fresh database, web and workers as a demo runs them."""

import http.client
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
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

BENCH_BROKER_DATABASE = 7


@dataclass(frozen=True)
class Bench:
    """A running site, and a connection to its database beside it."""

    site: Site
    database: psycopg.Connection
    owner: psycopg.Connection

    def waiting(self) -> int:
        """Messages that still need work."""
        row = self.database.execute("SELECT count(*) FROM inbox_messagework").fetchone()
        return int(row[0]) if row else 0


@contextmanager
def bench_database(*, workers: int) -> Iterator[tuple[str, str]]:
    """A new database with the company in it, gone afterwards: its name, and the key to post with."""
    name = f"bench_{os.getpid()}_{workers}"
    servers.drop_database(name=name)
    servers.clone_database(template="template1", name=name)
    try:
        yield name, _prepare(name)
    finally:
        for alias in ("default", "owner"):
            connections[alias].close()
        servers.drop_database(name=name)


@contextmanager
def bench_site(*, workers: int) -> Iterator[Bench]:
    """Bring up a site on a new database with so many real-time workers; all of it is gone afterwards."""
    with bench_database(workers=workers) as (name, key):
        app = _at(servers.addresses().database_url, name)
        with TemporaryDirectory() as folder:
            web = free_port(wanted=8600)
            programs = _programs(web=web, workers=workers, folder=Path(folder))
            environment = {
                "DATABASE_URL": app,
                "DATABASE_OWNER_URL": _at(servers.addresses().owner_url, name),
                "REDIS_URL": _broker(),
                "SECRET_KEY": "of-no-use-outside-of-this-run",
            }
            with running(programs=programs, environment=environment, logs=Path(folder)) as started:
                site = Site(host="127.0.0.1", port=web, keys={"bench": key})
                wait_until_ready(site=site, alive=lambda: started["web"].poll() is None)
                with (
                    psycopg.connect(app, autocommit=True) as database,
                    psycopg.connect(environment["DATABASE_OWNER_URL"], autocommit=True) as owner,
                ):
                    yield Bench(site=site, database=database, owner=owner)


def post(*, bench: Bench, connection: http.client.HTTPConnection, body: bytes, content_type: str) -> bytes:
    """Post one message; the answer. RuntimeError unless it was accepted."""
    headers = {"Authorization": f"Bearer {bench.site.keys['bench']}", "Content-Type": content_type}
    connection.request("POST", "/api/v1/messages", body=body, headers=headers)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != http.HTTPStatus.ACCEPTED:
        raise RuntimeError(f"refused: {answer.status} {text[:300]!r}")
    return text


def _at(address: str, name: str) -> str:
    return make_conninfo(**{**conninfo_to_dict(address), "dbname": name})


def _broker() -> str:
    return servers.addresses().redis_url.replace("db=0", f"db={BENCH_BROKER_DATABASE}")


def _programs(*, web: int, workers: int, folder: Path) -> dict[str, list[str]]:
    known = commands(web_port=web, events_port=0, state=folder)
    worker = known["worker-realtime"]
    programs = {"web": known["web"]}
    for number in range(workers):
        programs[f"worker-{number}"] = [
            f"bench{number}@%h" if part == "realtime@%h" else part for part in worker
        ]
    return programs


def _prepare(name: str) -> str:
    """Migrate, and enter the company with all its master data confirmed. The key to post with."""
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
    call_command("migrate", verbosity=0, stdout=sys.stderr)
    company = Company.objects.create(code="bench", name="Bench", issuer="ZZ:NORTHGATE")
    connection = Connection.objects.create(
        company=company, name="bench", witness=Connection.Witness.ERP, issuer=company.issuer
    )
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
    return issue_key(connection=connection, scope=ApiKey.Scope.INGEST)
