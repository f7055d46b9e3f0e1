"""Correlation keys that a connection has seen committed, so that each chunk asks for new ones only.

A key's row is never deleted and keeps its id, so an id stays true. What a key names may change: whoever
relies on that has it checked once the flows are locked (`correlate.check_unchanged`), and forgets all if it
was wrong. Kept by connection, because another one may lead to another database.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import NamedTuple
from weakref import WeakKeyDictionary

import psycopg
from django.db import transaction

CompanyKey = tuple[int, str, str, str]  # company, value, scheme, scope: the order of the unique index
KEEP_MOST = 20_000
"""Keys of one connection, some 8 MB: those of the last few thousand entries come again, older ones hardly."""


class Row(NamedTuple):
    """A stored key. No flow: a link, an anchor, or a number that waits to be settled (contested)."""

    id: int
    flow: int | None
    contested: bool


_kept: WeakKeyDictionary[psycopg.Connection, dict[CompanyKey, Row]] = WeakKeyDictionary()


def recall(*, cursor: psycopg.Cursor, keys: Iterable[CompanyKey]) -> dict[CompanyKey, Row]:
    """The rows of those keys that this connection has seen committed, as they were then."""
    kept = _kept.get(cursor.connection)
    if not kept:
        return {}
    return {key: row for key in keys if (row := kept.get(key)) is not None}


def remember(*, cursor: psycopg.Cursor, rows: Mapping[CompanyKey, Row]) -> None:
    """Keep rows that are stored, or will be once the transaction commits."""
    if rows:
        connection = cursor.connection
        transaction.on_commit(lambda: _keep(connection, rows))


def forget(*, cursor: psycopg.Cursor) -> None:
    """Forget what this connection has seen: something of it is true no more."""
    _kept.pop(cursor.connection, None)


def _keep(connection: psycopg.Connection, rows: Mapping[CompanyKey, Row]) -> None:
    kept = _kept.setdefault(connection, {})
    kept.update(rows)
    for key in list(islice(kept, max(0, len(kept) - KEEP_MOST))):
        del kept[key]
