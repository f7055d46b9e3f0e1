"""What a page asks of the database: every statement, by whichever cursor, and the blocks it reads."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest


@contextmanager
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Those that are executed meanwhile, Django's and our own."""
    told: list[str] = []
    execute = psycopg.Cursor.execute

    def listening(self: psycopg.Cursor, query: Any, *args: Any, **more: Any) -> psycopg.Cursor:
        told.append(str(query))
        return execute(self, query, *args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(psycopg.Cursor, "execute", listening)
        yield told


@contextmanager
def blocks_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[int, str]]]:
    """Blocks that each reading statement touches, as PostgreSQL counts them when it runs it."""
    told: list[tuple[int, str]] = []
    execute = psycopg.Cursor.execute

    def explaining(self: psycopg.Cursor, query: Any, *args: Any, **more: Any) -> psycopg.Cursor:
        if str(query).lstrip().startswith(("SELECT", "WITH")):
            execute(self, f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}", *args)
            row = self.fetchone()
            assert row is not None
            plan = row[0] if isinstance(row[0], list) else json.loads(row[0])
            top = plan[0]["Plan"]
            told.append((top["Shared Hit Blocks"] + top["Shared Read Blocks"], str(query)))
        return execute(self, query, *args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(psycopg.Cursor, "execute", explaining)
        yield told
