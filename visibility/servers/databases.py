"""Databases beside the main one, for tests that clone a template instead of flushing."""

import psycopg
from psycopg import sql

from visibility.servers.addresses import addresses


def clone_database(*, template: str, name: str) -> None:
    """Make database `name` as a copy of `template`, to which nobody may be connected."""
    _execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def drop_database(*, name: str) -> None:
    """Drop database `name` if it is there, and the connections to it."""
    _execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _execute(statement: sql.Composed) -> None:
    with psycopg.connect(addresses().owner_url, autocommit=True) as connection:
        connection.execute(statement)
