"""Living through an arrival of messages in the real pipeline, and looking at what it came to."""

import contextlib
import datetime as dt
import threading
from collections.abc import Callable, Iterator
from unittest import mock

import psycopg
from arriving import Arrival
from django.db import connections
from factories import NORTHGATE, Json, send
from looking import look

from visibility import servers
from visibility.core import clock
from visibility.inbox import work
from visibility.inbox.models import Connection, MessageWork, Outcome
from visibility.inbox.services import replay_message
from visibility.inbox.systems import set_connections
from visibility.masterdata.models import Company, CrossReference, Location
from visibility.masterdata.ownership import forget_kept as forget_kept_ownership
from visibility.masterdata.ownership_file import read_ownership_file
from visibility.masterdata.ownership_setting import set_up_ownership
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline import worker
from visibility.pipeline.reweigh import weigh_anew
from visibility.pipeline.sweep import rebuild, sweep_due
from visibility.pipeline.worker import drain

WITNESSES = ("edi", "erp", "wms", "tms", "portal", "phone", "desk")
NOW = dt.datetime(2026, 11, 19, 15, tzinfo=dt.UTC)
"""In the middle of the lives: some deadlines have passed, others are to come."""


# Whose word counts: of receipts the warehouse's, everywhere or in Dallas only and the ERP's elsewhere.
_SYSTEMS = """
[company]
code = "trial"
[systems.erp-1]
name = "ERP"
connections = ["lives-erp"]
[systems.wms-dal]
name = "WMS"
connections = ["lives-wms"]
[systems.phones]
name = "Dock phones"
connections = ["lives-phone"]
[systems.acme]
name = "Acme's EDI"
connections = ["lives-edi"]
"""
SETTINGS = {
    "warehouse": _SYSTEMS
    + """
[[ownership]]
fact = "receipt"
primary = "wms-dal"
mirrors = { erp-1 = 8, phones = false }
[[ownership]]
fact = "order"
primary = "erp-1"
echoes = ["acme"]
""",
    "Dallas": _SYSTEMS
    + """
[[ownership]]
fact = "receipt"
primary = "erp-1"
[[ownership]]
fact = "receipt"
place = "DAL"
primary = "wms-dal"
primary_hours = 4
mirrors = { erp-1 = 8 }
""",
}


def site(settings: str) -> dict[str, Connection]:
    """The trial company with these settings, and a connection of each kind of witness.

    Only the ERP's connection knows whose numbers it tells, and is trusted with IDs of its own.
    """
    company = Company.objects.get(code="trial")
    found = {
        witness: Connection.objects.create(
            company=company,
            name=f"lives-{witness}",
            witness=witness,
            issuer=NORTHGATE if witness == "erp" else "",
            trusted=witness == "erp",
        )
        for witness in WITNESSES
    }
    if settings:
        dallas = Location.objects.create(company=company, code="DAL", name="Dallas DC")
        CrossReference.objects.create(company=company, kind="location", value="91:DAL", target=dallas.pk)
        file = read_ownership_file(SETTINGS[settings].encode())
        set_up_ownership(file=file)
        for code, system in file.systems.items():
            set_connections(company=company, system=code, names=system.connections or ())
    return {witness: Connection.objects.get(pk=own.pk) for witness, own in found.items()}


def live(arrival: Arrival, *, workers: int = 1) -> Json:
    """Live through it, and look at it after a sweep; nothing of what processes remember stays."""
    _forget()
    with (
        clock.at(NOW),
        mock.patch.object(worker, "CHUNK_ENTRIES", arrival.chunk),
        mock.patch.object(work, "BATCH_MESSAGES", arrival.together),
    ):
        _go_through(arrival, workers)
        _check_all_is_done()
        weigh_anew()
        sweep_due(as_of=NOW)
        assert list(rebuild(check=True)) == []
        found = look()
    _forget()
    return found


def _go_through(arrival: Arrival, workers: int) -> None:
    """Round by round, each two days after the one before, until now."""
    ways, ids = site(arrival.settings), []
    days = range(2 * len(arrival.sizes), 0, -2)
    for messages, again, swept, back in zip(
        arrival.rounds(), arrival.again, arrival.sweeps, days, strict=True
    ):
        with clock.at(NOW - dt.timedelta(days=back)):
            ids += [send(ways[witness], body).message_id for witness, body in messages]
            _drained(workers, sweeping=swept)
            for place in sorted(again):
                replay_message(message_id=ids[place])
    _drained(workers, sweeping=False)


def _drained(workers: int, *, sweeping: bool) -> None:
    """Nothing waits any more; a sweep goes with it, at the same time where there are several workers."""
    if workers > 1:
        in_threads([drain] * workers + [_sweep] * sweeping)
    drain()
    if sweeping:
        _sweep()


def _sweep() -> None:
    sweep_due(as_of=clock.now())


def _forget() -> None:
    forget_kept()
    forget_kept_ownership()


def _check_all_is_done() -> None:
    assert not MessageWork.objects.exists()
    outcomes = Outcome.objects.filter(partial=False)
    assert set(outcomes.values_list("status", flat=True)) == {"processed"}
    told = {
        problem["code"] for problems in outcomes.values_list("problems", flat=True) for problem in problems
    }
    assert not told & {"conflicting_duplicate", "processing_failed", "empty_message"}


def in_threads(works: list[Callable[[], object]]) -> None:
    """Do all of it at the same time; the first error of any is raised here."""
    start, errors, now = threading.Barrier(len(works)), [], clock.now()

    def run(work: Callable[[], object]) -> None:
        try:
            start.wait(timeout=30)
            with clock.at(now):  # a thread begins with a clock of its own
                work()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    if errors:
        raise errors[0]


# Emptying a database between two lives of one test


@contextlib.contextmanager
def emptied_after() -> Iterator[None]:
    """Empty every table again that is empty now: a fresh clone for each life would take longer."""
    name = connections["default"].settings_dict["NAME"]
    user = {"user": "postgres"} if servers.addresses().embedded_database else {}
    address = psycopg.conninfo.make_conninfo(servers.addresses().database_url, dbname=name, **user)
    with psycopg.connect(address, autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")  # the ledger's triggers stand aside
        tables = superuser.execute(
            "SELECT format('%I', c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        ).fetchall()
        empty = [
            table for (table,) in tables if not superuser.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()
        ]
        try:
            yield
        finally:
            superuser.execute("; ".join(f"DELETE FROM {table}" for table in empty))
            superuser.execute("DELETE FROM inbox_connection WHERE name LIKE 'lives-%'")
