"""`manage.py demo`: everything on this machine, with a company to look at."""

import math
import signal
import time
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection as database

from integrations.demo import processes, profiles, systems
from integrations.demo.company import PEOPLE, set_up_company, set_up_people
from integrations.demo.feed import Site, post_documents, wait_until_ready
from integrations.demo.loose import loose_documents
from integrations.demo.note import FILE, Note
from integrations.sandbox import documents
from visibility.core import clock
from visibility.inbox.models import ApiKey, Connection, MessageWork
from visibility.inbox.services import issue_key
from visibility.pipeline import chores
from visibility.pipeline.sweep import sweep_due
from visibility.servers.places import find_state_directory

SEED = 20261
ORDERS = 320


class Command(BaseCommand):
    """Start servers and all processes; bring the sandbox company in; stop it all on Ctrl-C."""

    help = "Run everything on this machine, with a demo company. Ctrl-C stops all of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--orders", type=int, default=ORDERS)
        parser.add_argument("--exit", action="store_true", help="stop once everything is brought in")

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        state = find_state_directory()
        note = Note.read(state / FILE)
        call_command("migrate", verbosity=0)
        settings.SYNC_KEYS = [note.sync_key]  # the key that all the programs are handed
        connections = set_up_company()
        note.passwords = set_up_people(passwords=note.passwords)
        note.write()
        web, events = (
            processes.free_port(wanted=options["port"]),
            processes.free_port(wanted=options["port"] + 1000),
        )
        ports = processes.free_ports(wanted=options["port"] + 2000, count=len(systems.SYSTEMS))
        of_systems = dict(zip((each.name for each in systems.SYSTEMS), ports, strict=True))
        systems.connect_systems(note=note, ports=of_systems, state=state)
        profiles.agree_profiles(state=state)
        profiles.keep_test_files(seed=SEED, orders=options["orders"], anchor=note.anchor)
        note.write()
        programs = processes.commands(web_port=web, events_port=events, state=state)
        programs |= systems.programs(
            note=note, ports=of_systems, state=state, seed=SEED, orders=options["orders"]
        )
        beat = {"beat": programs.pop("beat")}
        run = partial(processes.running, environment=_environment(note, web, events), logs=state / "logs")
        with ExitStack() as stack, suppress(KeyboardInterrupt):
            # A sweep in the middle of the history would miss answers that are yet to be sent.
            with chores.paused():
                started = stack.enter_context(run(programs=programs))
                self._bring_in(note, connections, web, started, options["orders"])
            started |= stack.enter_context(run(programs=beat))
            self._tell(note, web)
            if not options["exit"]:
                self._watch(started, state)
        self.stderr.write("Stopped.")

    def _bring_in(
        self, note: Note, connections: dict[str, Connection], port: int, started: Any, orders: int
    ) -> None:
        site = Site(host="127.0.0.1", port=port, keys={})
        wait_until_ready(site=site, alive=lambda: started["web"].poll() is None)
        self.stdout.write(f"First page: http://127.0.0.1:{port}/")
        if note.complete:
            return
        for name, connection in connections.items():
            ApiKey.objects.filter(connection=connection, revoked_at=None).update(revoked_at=clock.now())
            site.keys[name] = issue_key(connection=connection, scope=ApiKey.Scope.INGEST)
        papers = list(documents(seed=SEED, orders=orders, anchor=note.anchor))
        papers += loose_documents(anchor=note.anchor)
        self.stdout.write(f"Bringing in {len(papers)} documents of {orders} orders")
        post_documents(site=site, documents=papers, progress=self._progress(len(papers)))
        ApiKey.objects.filter(connection__in=connections.values()).update(revoked_at=clock.now())
        self._wait_for_work()
        sweep_due(as_of=clock.now(), seconds=math.inf)
        note.complete = True
        note.write()

    def _progress(self, total: int) -> Any:
        def tell(sent: int) -> None:
            if sent % 200 == 0 or sent == total:
                self.stdout.write(f"  {sent} of {total} documents accepted")

        return tell

    def _wait_for_work(self) -> None:
        last = -1
        while waiting := MessageWork.objects.count():
            if waiting != last:
                self.stdout.write(f"  {waiting} waiting to be processed")
                last = waiting
            time.sleep(0.5)

    def _tell(self, note: Note, port: int) -> None:
        self.stdout.write(f"\nThroughline runs at http://127.0.0.1:{port}/\n")
        for username, first, last, role in PEOPLE:
            self.stdout.write(f"  {role.label:<24}{username:<8}{note.passwords[username]:<16}{first} {last}")
        self.stdout.write("\nCtrl-C stops everything.")

    def _watch(self, started: Any, state: Path) -> None:
        database.close()
        while True:
            for name, process in started.items():
                if process.poll() is not None:
                    raise CommandError(f"{name} ended; see {state / 'logs' / (name + '.log')}")
            time.sleep(1)


def _environment(note: Note, web: int, events: int) -> dict[str, str]:
    return {
        "SECRET_KEY": note.secret_key,
        "SYNC_KEYS": note.sync_key,
        "SITE_URL": f"http://127.0.0.1:{web}",
        "EVENTS_URL": f"http://127.0.0.1:{events}/events/",
        "EVENTS_ORIGIN": f"http://127.0.0.1:{events}",
        "EVENTS_ALLOWED_ORIGINS": f"http://127.0.0.1:{web},http://localhost:{web}",
    }
