"""The sandbox's systems on loopback, connected to a company: what they were asked stands in their books."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from integrations.sandbox.systems import erp, logistics, supplier
from integrations.sandbox.systems.books import Books, Handler
from integrations.sandbox.systems.faults import Fault
from integrations.sandbox.systems.serving import System
from visibility.desk.following import follow_outcomes
from visibility.inbox.models import Connection
from visibility.masterdata.models import Company
from visibility.pipeline.worker import drain
from visibility.sync.delivering import deliver_due
from visibility.sync.models import ChangeReading, Endpoint, OutboxMessage
from visibility.sync.services import set_secret

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PATIENCE_SECONDS = 30.0
HANDLERS: dict[str, dict[str, Handler]] = {
    "erp": erp.HANDLERS,
    "planning": logistics.PLANNING,
    "wms": logistics.WAREHOUSE,
    "supplier": supplier.HANDLERS,
}
WITNESS = {"erp": "erp", "planning": "planning", "wms": "wms", "supplier": "edi"}


@dataclass(frozen=True)
class Counterparts:
    """The systems by their role."""

    systems: dict[str, System]

    def books(self, role: str) -> Books:
        return self.systems[role].books

    def asked(self, role: str) -> list[str]:
        """The types of the commands a system carried out, in their order."""
        return [each["type"] for each in self.books(role).commands() if each["state"] == "done"]

    def fail(self, role: str, kind: str, *, times: int = 1, seconds: float = 1.0) -> None:
        """Have a system fail at its next commands."""
        self.systems[role].faults.add(fault=Fault(kind, seconds), times=times)  # type: ignore[arg-type]


@contextmanager
def connected(company: Company, folder: Path, *roles: str) -> Iterator[Counterparts]:
    """Systems of these roles (all without any), answering and told of in the company's endpoints."""
    systems: dict[str, System] = {}
    try:
        for role in roles or HANDLERS:
            books = Books(folder / f"{role}.sqlite", source=f"/sandbox/{role}")
            system = System(port=0, books=books, handlers=HANDLERS[role], secrets=(SECRET,))
            threading.Thread(target=system.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
            systems[role] = system
            _connect(company, role, system.url)
        yield Counterparts(systems)
    finally:
        for system in systems.values():
            system.shutdown()
            system.server_close()


def _connect(company: Company, role: str, url: str) -> None:
    connection = Connection.objects.create(
        company=company, name=f"{company.code}-{role}", title=role.upper(), witness=WITNESS[role]
    )
    endpoint = Endpoint.objects.create(
        connection=connection,
        role=role,
        connector="http_json",
        settings={"url": url, "private": True, "changes": True},
    )
    set_secret(endpoint=endpoint, secret=SECRET, who="tests")


def go_round() -> None:
    """One round of all that runs by itself: deliver, take up what came of it, read changes, work through."""
    OutboxMessage.objects.filter(state__in=("ready", "unknown")).update(due_at="2020-01-01T00:00:00Z")
    ChangeReading.objects.update(due_at="2020-01-01T00:00:00Z")
    deliver_due()
    follow_outcomes()
    drain()


def until(holds: Callable[[], Any]) -> None:
    """Go round until it holds. AssertionError when that takes too long."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        go_round()
