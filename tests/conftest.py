"""What all tests stand on: the embedded servers, and databases cloned from a migrated template.

A test database is a clone, never flushed: the ledger refuses TRUNCATE, also to a test runner.
"""

import itertools
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

from visibility import servers
from visibility.inbox.models import Connection

settings.register_profile(
    "throughline",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("throughline")

TEMPLATE = f"test_template_{os.getpid()}"


def _point_at(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


class _Clones:
    """Databases cloned from the template, each for the tests until one leaves it dirty.

    The next one is made while the tests use this one: cloning takes as long as most of them.
    """

    def __init__(self) -> None:
        self._names = (f"test_throughline_{os.getpid()}_{n}" for n in itertools.count())
        self._maker = ThreadPoolExecutor(max_workers=1)
        self._used = ""
        self._next = self._maker.submit(self._make)

    def _make(self) -> str:
        name = next(self._names)
        servers.drop_database(name=name)
        servers.clone_database(template=TEMPLATE, name=name)
        return name

    def take(self) -> None:
        """Go on with a fresh database."""
        fresh = self._next.result()
        _point_at(fresh)
        self._drop_used()
        self._used, self._next = fresh, self._maker.submit(self._make)

    def close(self) -> None:
        for alias in ("default", "owner"):
            connections[alias].close()
        self._drop_used()
        servers.drop_database(name=self._next.result())
        self._maker.shutdown()

    def _drop_used(self) -> None:
        if self._used:
            servers.drop_database(name=self._used)


@pytest.fixture(scope="session", autouse=True)
def _servers() -> Iterator[None]:
    with servers.running(purpose="tests"):
        yield


@pytest.fixture(scope="session")
def django_db_setup(_servers: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's own blocker
        servers.drop_database(name=TEMPLATE)
        servers.clone_database(template="template1", name=TEMPLATE)
        _point_at(TEMPLATE)
        call_command("migrate", verbosity=0)
        for alias in ("default", "owner"):
            connections[alias].close()
        clones = _Clones()
        clones.take()
        # A transactional test leaves its database behind; the next one gets a fresh clone.
        TransactionTestCase._fixture_teardown = lambda self: clones.take()  # type: ignore[method-assign]
        yield
        clones.close()
        servers.drop_database(name=TEMPLATE)


@pytest.fixture
def trial(db: None) -> Connection:
    """The connection at which anybody's documents are taken."""
    return Connection.objects.get(name="trial")
