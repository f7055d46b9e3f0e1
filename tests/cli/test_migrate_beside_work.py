"""Migrations run beside the work: nobody waits behind them, and they get their turn."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.core.management import call_command
from django.db import OperationalError, connections, migrations
from django.db.migrations.executor import MigrationExecutor

from visibility.inbox.models import Connection
from visibility.ledger.management.commands import migrate

PATIENCE_SECONDS = 30.0
ADD = "ALTER TABLE inbox_connection ADD COLUMN tried integer"


@pytest.fixture
def reader(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection]:
    """Somebody who reads a table in a transaction that does not end; the time-outs are short."""
    monkeypatch.setattr(migrate, "LOCK_SECONDS", 0.1)
    monkeypatch.setattr(migrate, "PAUSE_SECONDS", 0.1)
    parts = connections["owner"].settings_dict
    names = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT", "password": "PASSWORD"}
    given = {key: parts[name] for key, name in names.items() if parts[name]}
    with psycopg.connect(**given) as own:
        own.execute("SELECT 1 FROM inbox_connection")
        yield own


def migrate_in_a_thread(monkeypatch: pytest.MonkeyPatch, *, atomic: bool) -> threading.Thread:
    """A migration of one statement, run by the command."""

    def run(self: MigrationExecutor, *_: object, **__: object) -> object:
        class Adding(migrations.Migration):
            operations = [migrations.RunSQL(ADD)]

        with self.connection.schema_editor(atomic=atomic) as editor:
            return Adding("tried", "inbox").apply(self.loader.project_state(), editor)

    monkeypatch.setattr(MigrationExecutor, "migrate", run)

    def call() -> None:
        try:
            call_command("migrate", verbosity=0)
        finally:
            connections.close_all()

    thread = threading.Thread(target=call)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("atomic", [True, False])
def test_a_migration_that_waits_for_a_lock_lets_others_by_and_has_its_turn_later(
    reader: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, atomic: bool
) -> None:
    thread = migrate_in_a_thread(monkeypatch, atomic=atomic)
    with connections["default"].cursor() as cursor:
        cursor.execute("SET lock_timeout = '5s'")
        for _ in range(20):
            cursor.execute("SELECT count(*) FROM inbox_connection")
    assert thread.is_alive(), "the reader's transaction goes on"
    reader.rollback()
    thread.join(PATIENCE_SECONDS)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT tried FROM inbox_connection")
    assert Connection.objects.exists()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_migration_that_never_has_its_turn_says_so(
    reader: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "TRIES", 2)
    with connections["owner"].execute_wrapper(migrate.wait_briefly), connections["owner"].cursor() as cursor:
        with pytest.raises(OperationalError, match="lock timeout"):
            cursor.execute(ADD)
        reader.rollback()
        cursor.execute(ADD)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_an_index_built_beside_the_work_waits_for_older_transactions(
    reader: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "TRIES", 1)
    reader.execute("LOCK TABLE inbox_connection IN ROW EXCLUSIVE MODE")  # as if it had written something

    def build() -> None:
        try:
            owner = connections["owner"]
            with owner.execute_wrapper(migrate.wait_briefly), owner.cursor() as cursor:
                cursor.execute("CREATE INDEX CONCURRENTLY tried ON inbox_connection (name)")
        finally:
            connections.close_all()

    thread = threading.Thread(target=build)
    thread.start()
    thread.join(1.0)
    assert thread.is_alive(), "longer than any lock is waited for"
    reader.rollback()
    thread.join(PATIENCE_SECONDS)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'tried'::regclass")
        assert cursor.fetchone() == (True,)
