"""Databases beside the main one, for tests that clone a template instead of flushing."""

import psycopg
from psycopg import sql

from visibility.servers.addresses import addresses


def clone_database(*, template: str, name: str) -> None:
    """Make database `name` as a copy of `template`, to which nobody may be connected."""
    _execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def drop_database(*, name: str) -> None:
    """Drop database `name` if it is there, and the connections to it.

    Not WITH (FORCE): that asks for the right to end every process in it, and autovacuum's is a
    superuser's. Without it PostgreSQL sends autovacuum away by itself, and waits for whoever is leaving.
    """
    with psycopg.connect(addresses().owner_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = %s AND backend_type = 'client backend' AND pid <> pg_backend_pid()",
            [name],
        )
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _execute(statement: sql.Composed) -> None:
    with psycopg.connect(addresses().owner_url, autocommit=True) as connection:
        connection.execute(statement)
