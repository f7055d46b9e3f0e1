"""Watches, from beside the proxies, when each accepted message has reached the ledger."""

import asyncio
import contextlib
import time
from uuid import UUID

import psycopg

from tests.faults.sender import Book

LOOK_EVERY = 0.25
ANSWER_SECONDS = 5


class Landing:
    """When messages landed: their last outcome is written, and no more units of them are to come."""

    def __init__(self, *, database_url: str, book: Book) -> None:
        self._url, self._book = database_url, book
        self.landed: dict[UUID, float] = {}
        """Message id -> monotonic seconds; rounded up to the next look."""

    async def watch(self) -> None:
        """Look again and again, whatever happens to the database."""
        while True:
            with contextlib.suppress(psycopg.Error, OSError, TimeoutError):
                await self._watch_one_connection()
            await asyncio.sleep(LOOK_EVERY)

    def open(self) -> set[UUID]:
        """Accepted messages that have not landed."""
        accepted = {answer for told in self._book.told.values() for answer, _ in told.answers}
        return accepted - self.landed.keys()

    async def _watch_one_connection(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, application_name="faults", connect_timeout=ANSWER_SECONDS
        )
        async with connection:
            while True:
                await asyncio.wait_for(self._look(connection), ANSWER_SECONDS)
                await asyncio.sleep(LOOK_EVERY)

    async def _look(self, connection: psycopg.AsyncConnection) -> None:
        waiting = self.open()
        if waiting:
            cursor = await connection.execute(
                "SELECT message_id FROM inbox_outcome WHERE message_id = ANY(%s) AND NOT partial",
                [list(waiting)],
            )
            now = time.monotonic()
            self.landed |= {row[0]: now for row in await cursor.fetchall()}
