"""The feed's index is built beside the work, and the building can be broken off and begun anew."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections
from ledger_writers import Writer, as_superuser, entry, write_entries

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

migration = import_module("visibility.ledger.migrations.0006_feed_and_seals")


def build(connection: Any) -> None:
    migration.build_feed_index(None, SimpleNamespace(connection=connection))


def states() -> dict[str, bool]:
    """Every part of the index, and whether it can be used."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "WHERE c.relname LIKE 'ledger_entry%%feed'"
        )
        return dict(cursor.fetchall())


def test_an_unfinished_build_is_finished_by_the_next_one():
    whole = states()
    assert len(whole) >= 4
    assert all(whole.values())
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute("DROP INDEX ledger_entry_feed")
        cursor.execute("CREATE INDEX ledger_entry_rest_feed ON ledger_entry_rest (company_id, xid, position)")
    with as_superuser() as database:
        # What CREATE INDEX CONCURRENTLY leaves when its session is killed.
        database.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ledger_entry_rest_feed'::regclass"
        )
    build(owner)
    assert states() == whole
    build(owner)
    assert states() == whole


class Interfering:
    """The owner's connection, at which somebody writes to the ledger before every statement."""

    def __init__(self, connection: Any) -> None:
        self.connection, self.written = connection, 0

    def cursor(self) -> "Interfering":
        self.inner = self.connection.cursor()
        return self

    def __enter__(self) -> "Interfering":
        return self

    def __exit__(self, *_: object) -> None:
        self.inner.close()

    def execute(self, statement: str, values: Any = None) -> None:
        with Writer() as writer:
            writer.connection.execute("SET lock_timeout = '2s'")
            self.written += len(writer.write(entry()))
            writer.commit()
        self.inner.execute(statement, values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def test_writers_write_between_all_steps_and_every_entry_is_in_the_index():
    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP INDEX ledger_entry_feed")
    write_entries(entry(), entry())
    between = Interfering(connections["owner"])
    build(between)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute("SELECT count(*) FROM ledger_entry WHERE company_id = 7 AND xid > 0")
        assert cursor.fetchone() == (between.written + 2,)
    assert between.written > 10
    assert all(states().values())
