"""A sender and a reader of the trial connection, and somebody of another company."""

from collections.abc import Callable, Iterator
from unittest.mock import Mock

import pytest
from django.test import Client
from senders import Caller

from visibility.api import messages
from visibility.api.keys import checked
from visibility.inbox.models import ApiKey, Connection
from visibility.inbox.services import issue_key
from visibility.masterdata.models import Company


@pytest.fixture(autouse=True)
def _no_remembered_keys() -> Iterator[None]:
    checked.forget()
    yield
    checked.forget()


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Stands for the waking of workers: those of a developer's desk must not hear of tests."""
    waker = Mock()
    monkeypatch.setattr(messages, "wake_soon", waker)
    return waker


@pytest.fixture
def caller() -> Callable[[Connection, ApiKey.Scope], Caller]:
    """Makes a caller: of a connection, with a scope."""

    def make(connection: Connection, scope: ApiKey.Scope) -> Caller:
        key = issue_key(connection=connection, scope=scope)
        return Caller(key=key, client=Client(raise_request_exception=False))

    return make


@pytest.fixture
def sender(trial: Connection, caller: Callable[[Connection, ApiKey.Scope], Caller]) -> Caller:
    """A caller with an ingest key of the trial connection."""
    return caller(trial, ApiKey.Scope.INGEST)


@pytest.fixture
def reader(trial: Connection, caller: Callable[[Connection, ApiKey.Scope], Caller]) -> Caller:
    """A caller with a read key of the trial connection."""
    return caller(trial, ApiKey.Scope.READ)


@pytest.fixture
def orchard(db: None) -> Connection:
    """A connection of another company."""
    company = Company.objects.create(code="orchard", name="Orchard Supply")
    return Connection.objects.create(company=company, name="orchard-erp", title="Orchard's ERP")
