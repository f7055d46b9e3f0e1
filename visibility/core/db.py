"""The cursor for set-wise writes.

Django's own cursor binds on the client, which turns arrays into SQL text and costs about five times as
much per row. This one binds on the server, inside the same transaction.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import psycopg

# Django's own cursors never prepare, so this concerns ours alone. A worker runs the same forty statements
# with every chunk; parsing and planning them anew took a sixth of the database's work for an event.
PREPARE_AFTER = 5


class Wrapper(Protocol):
    """Django's `connection`, as far as it is needed here."""

    connection: Any

    def ensure_connection(self) -> None: ...


def read_json(value: Any) -> Any:
    """A JSON column as such a cursor gives it: Django has psycopg leave it as text."""
    return json.loads(value) if isinstance(value, str) else value


@contextmanager
def server_cursor(connection: Wrapper) -> Iterator[psycopg.Cursor]:
    """A psycopg cursor with server-side binding on Django's connection."""
    connection.ensure_connection()
    connection.connection.prepare_threshold = PREPARE_AFTER
    with psycopg.Cursor(connection.connection) as cursor:
        yield cursor
