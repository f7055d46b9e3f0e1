"""What all tests stand on: the embedded servers, and databases cloned from a migrated template.

A test database is a clone, never flushed: the ledger refuses TRUNCATE, also to a test runner.
"""

import os
from collections.abc import Iterator

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
DATABASE = f"test_throughline_{os.getpid()}"


def _point_at(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _fresh_clone() -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
    servers.drop_database(name=DATABASE)
    servers.clone_database(template=TEMPLATE, name=DATABASE)


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
        _point_at(DATABASE)
        _fresh_clone()
        # A transactional test leaves its database behind; the next one gets a fresh clone.
        TransactionTestCase._fixture_teardown = lambda self: _fresh_clone()  # type: ignore[method-assign]
        yield
        for alias in ("default", "owner"):
            connections[alias].close()
        servers.drop_database(name=DATABASE)
        servers.drop_database(name=TEMPLATE)


@pytest.fixture
def trial(db: None) -> Connection:
    """The connection at which anybody's documents are taken."""
    return Connection.objects.get(name="trial")
