"""What the tests of deliveries share: a system in memory, its endpoint, commands for it."""

import datetime as dt
import itertools
from typing import Any
from uuid import UUID, uuid4

import factories as make

from integrations.connectors.memory.connector import MemoryConnector, MemorySystem
from visibility.access.models import Grant
from visibility.access.scopes import Scope, scope_of_company
from visibility.accounts.models import Role, User
from visibility.inbox.models import Connection
from visibility.sync.models import DeliveryAttempt, Endpoint, OutboxMessage
from visibility.sync.ports import Delivery
from visibility.sync.services import NewCommand, queue_commands

_names = itertools.count(1)
LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
BROKEN = Delivery(result="retry", failure="unavailable", text="Broken.", status=503)
DROPPED = Delivery(result="unknown", failure="dropped", text="The line was cut.")
REFUSED = Delivery(result="refused", failure="refused", text="Line 3 is closed here.")


def endpoint(*, of: Any = None, role: str = "erp", **more: Any) -> Endpoint:
    name = f"system-{next(_names)}"
    way = make.connection(of=of, name=name, title=name.title(), witness=Connection.Witness.ERP)
    more.setdefault("settings", {"system": name})
    return Endpoint.objects.create(connection=way, role=role, connector="memory", **more)


def system_of(own: Endpoint) -> MemorySystem:
    return MemoryConnector.systems.setdefault(own.settings["system"], MemorySystem())


def queue(own: Endpoint, *, count: int = 1, flow: UUID | None = None, **more: Any) -> list[UUID]:
    return queue_commands(
        commands=[
            NewCommand(
                company_id=own.connection.company_id,
                connection_id=own.connection_id,
                type="order.line.confirm",
                data={"line": str(number)},
                words=f"Line {number}: 60 confirmed",
                cause=f"resolution:{number}:1",
                correlation_id=flow or uuid4(),
                **more,
            )
            for number in range(count)
        ]
    )


def state(command: UUID) -> str:
    return OutboxMessage.objects.get(pk=command).state


def tries(command: UUID) -> list[tuple[bool, str, str]]:
    rows = DeliveryAttempt.objects.filter(message_id=command).order_by("number")
    return list(rows.values_list("read_back", "result", "failure"))


def due_now() -> None:
    """The pauses are over, and so are the breakers'."""
    OutboxMessage.objects.update(due_at=LONG_AGO)
    Endpoint.objects.update(open_until=None)


def scope_of(own: Endpoint) -> Scope:
    return scope_of_company(own.connection.company_id)


def person(own: Endpoint, role: Role = Role.INTEGRATION) -> User:
    user = User.objects.create_user(f"person-{next(_names)}", password="x", role=role, first_name="Rosa")
    Grant.objects.create(user=user, company=own.connection.company)
    return user
