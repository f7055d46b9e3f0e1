"""kill -9 of the deliverer at each moment of a delivery, and no broker at all: one effect each."""

import base64
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection as database

from integrations.demo.processes import commands, running
from tests.contracts.counterpart import Counterpart, Request
from tests.faults.live import _at_this_database, closed_port, wait_for
from visibility import servers
from visibility.inbox.models import Connection
from visibility.servers.places import REPOSITORY
from visibility.sync.models import DeliveryAttempt, Endpoint, OutboxMessage
from visibility.sync.sealing import seal_secret
from visibility.sync.services import NewCommand, queue_commands

SECRET = "whsec_" + base64.b64encode(b"a secret of the tests of faults").decode()
KEY = base64.urlsafe_b64encode(b"0123456789abcdef0123456789abcdef").decode()
COMMANDS = 6
PATIENCE = 60


@pytest.fixture
def system() -> Iterator[Counterpart]:
    own = Counterpart(secret=SECRET)
    own.start()
    yield own
    own.stop()


@pytest.fixture
def erp(transactional_db: None, system: Counterpart, tmp_path: Path, settings: Any) -> Endpoint:
    settings.SYNC_KEYS = [KEY]
    trial = Connection.objects.get(name="trial")
    return Endpoint.objects.create(
        connection=Connection.objects.create(company=trial.company, name="erp"),
        role="erp",
        connector="dying",
        settings={"url": system.url, "private": True, "seconds": 1, "marks": str(tmp_path)},
        secret=seal_secret(SECRET),
    )


def queue(erp: Endpoint, count: int = COMMANDS) -> list[UUID]:
    flow = uuid4()
    return queue_commands(
        commands=[
            NewCommand(
                company_id=erp.connection.company_id,
                connection_id=erp.connection_id,
                type="order.line.confirm",
                data={"line": str(number)},
                words=f"line {number}",
                cause="resolution:1:1",
                correlation_id=flow if number % 2 else None,
            )
            for number in range(count)
        ]
    )


@contextmanager
def program(name: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program of the product on this test's database; nobody listens where its broker should be."""
    environment = {
        "DATABASE_URL": _at_this_database(servers.addresses().database_url),
        "DATABASE_OWNER_URL": _at_this_database(servers.addresses().owner_url),
        "REDIS_URL": f"redis://127.0.0.1:{closed_port()}/0",
        "SECRET_KEY": "of-no-use-outside-of-this-test",
        "SYNC_KEYS": KEY,
        "DELIVERY_LEASE_SECONDS": "2",
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "PYTHONPATH": os.fspath(REPOSITORY),
    }
    own = {name: commands(web_port=0, events_port=0, state=folder)[name]}
    with running(programs=own, environment=environment, logs=folder) as started:
        yield started[name]


def delivered() -> int:
    return OutboxMessage.objects.filter(state="delivered").count()


def killed(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() == -signal.SIGKILL


@pytest.mark.timeout(180)
@pytest.mark.parametrize("moment", ["before", "between", "after"])
def test_a_deliverer_that_is_killed_leaves_exactly_one_effect_of_each_command(
    erp: Endpoint, system: Counterpart, tmp_path: Path, moment: str
) -> None:
    pids: list[int] = []

    def kill(request: Request, do: Any) -> None:
        do()
        os.kill(pids[0], signal.SIGKILL)
        request.cut()

    if moment == "between":
        system.faults.append(kill)
    else:
        (tmp_path / moment).touch()
    with program("deliverer", tmp_path) as first:
        pids.append(first.pid)
        asked = queue(erp)
        assert wait_for(lambda: killed(first), seconds=PATIENCE), (tmp_path / "deliverer.log").read_text()
    assert delivered() < COMMANDS
    with program("deliverer", tmp_path):
        assert wait_for(lambda: delivered() == COMMANDS, seconds=PATIENCE), (
            tmp_path / "deliverer.log"
        ).read_text()
    assert Counter(system.effects) == Counter({str(each): 1 for each in asked})
    cut_off = DeliveryAttempt.objects.filter(failure="dropped").values_list("message_id", flat=True)
    assert set(cut_off), "the try that was under way is known to have had no end"
    for message_id in set(cut_off):
        later = DeliveryAttempt.objects.filter(message_id=message_id).order_by("number")[1]
        assert later.read_back, "it was found out first"
    assert not DeliveryAttempt.objects.filter(ended_at=None).exists()


@pytest.mark.timeout(180)
def test_commands_leave_without_a_broker_and_without_a_deliverer(
    erp: Endpoint, system: Counterpart, tmp_path: Path
) -> None:
    asked = queue(erp)
    with database.cursor() as cursor:
        cursor.execute("UPDATE sync_outboxmessage SET due_at = now() - interval '1 minute'")
    with program("sweeper", tmp_path):
        assert wait_for(lambda: delivered() == COMMANDS, seconds=PATIENCE), (
            tmp_path / "sweeper.log"
        ).read_text()
    assert Counter(system.effects) == Counter({str(each): 1 for each in asked})


@pytest.mark.timeout(120)
def test_a_command_leaves_at_once_when_it_is_committed(
    erp: Endpoint, system: Counterpart, tmp_path: Path
) -> None:
    with program("deliverer", tmp_path):
        queue(erp, 1)
        assert wait_for(lambda: delivered() == 1, seconds=PATIENCE), (tmp_path / "deliverer.log").read_text()
        (second,) = queue(erp, 1)
        assert wait_for(lambda: delivered() == 2, seconds=5)
    row = OutboxMessage.objects.get(pk=second)
    assert row.sent_at is not None
    assert (row.sent_at - row.created_at).total_seconds() < 0.9, "it was told, and did not look round"
