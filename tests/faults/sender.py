"""The client: tries again on anything but 2xx and 409, and writes down what it was told."""

import asyncio
import contextlib
import json
import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx

from tests.faults.traffic import Telling

ANSWER_SECONDS = 10.0
MOST_AT_ONCE = 60


@dataclass
class Told:
    """What the client knows of one telling."""

    telling: Telling
    answers: list[tuple[UUID, bool]] = field(default_factory=list)
    """Message id and `duplicate`, once for each way that was accepted."""
    accepted_at: float = 0.0
    """When the first answer was in hand (monotonic seconds)."""
    unanswered: int = 0
    """Tries of which nobody knows what became: no answer, or one that says to try again."""
    conflicts: int = 0
    """Ways that were refused as conflicting; none should."""
    impostor: int = 0
    """The status that the other body under the same id got."""


class Book:
    """Every accepted id, on disk before the client goes on, and in memory for the harness."""

    def __init__(self, path: Path) -> None:
        self.told: dict[str, Told] = {}
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def open(self, telling: Telling) -> Told:
        """The page of a telling."""
        return self.told.setdefault(telling.name, Told(telling))

    def write(self, told: Told, *, message_id: UUID, duplicate: bool) -> None:
        """Write an answer down for good."""
        line = {"telling": told.telling.name, "message_id": str(message_id), "duplicate": duplicate}
        os.write(self._file, json.dumps(line).encode() + b"\n")
        os.fsync(self._file)
        told.answers.append((message_id, duplicate))
        if len(told.answers) == 1:
            told.accepted_at = time.monotonic()

    def close(self) -> None:
        """Nothing is written any more."""
        os.close(self._file)


class Sender:
    """Sends tellings, each by all its ways, until each way was answered."""

    def __init__(self, *, address: str, keys: dict[str, str], book: Book, rng: random.Random) -> None:
        self._keys, self._book, self._rng = keys, book, rng
        self.refusals: Counter[str] = Counter()
        """Why tries did not succeed: a status, or the name of an error."""
        self._gate = asyncio.Semaphore(MOST_AT_ONCE)
        self._under_way: set[asyncio.Task[None]] = set()
        limits = httpx.Limits(max_connections=MOST_AT_ONCE, max_keepalive_connections=20)
        self._client = httpx.AsyncClient(
            base_url=address, limits=limits, timeout=ANSWER_SECONDS, trust_env=False
        )

    async def wait_until_ready(self) -> None:
        """Wait until the site answers for the first time."""
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (await self._client.get("/api/v1/health/ready")).is_success:
                    return
            await asyncio.sleep(0.2)

    async def send(self, telling: Telling) -> None:
        """Begin to send a telling by all its ways; waits only where too much is under way already."""
        told = self._book.open(telling)
        for way, after in zip(telling.ways, (0.0, *telling.apart), strict=True):
            self._begin(self._deliver(told, way, after))
        await self._gate.acquire()
        self._gate.release()

    async def finish(self, *, patience: float) -> int:
        """Wait for all that is under way. How many ways were not answered even so."""
        pending: set[asyncio.Task[None]] = set()
        until = time.monotonic() + patience
        while self._under_way and time.monotonic() < until:
            _, pending = await asyncio.wait(self._under_way, timeout=max(until - time.monotonic(), 0))
        return len(pending)

    async def stop(self) -> None:
        """Give up what is under way."""
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._client.aclose()

    def _begin(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _deliver(self, told: Told, way: str, after: float) -> None:
        await asyncio.sleep(after)
        first = not told.answers
        status, answer = await self._until_answered(told, told.telling.body, way)
        if status == httpx.codes.CONFLICT:
            told.conflicts += 1
            return
        self._book.write(
            told, message_id=UUID(str(answer["message_id"])), duplicate=bool(answer["duplicate"])
        )
        if first and told.telling.impostor and not told.impostor:
            told.impostor, _ = await self._until_answered(told, told.telling.impostor, way)

    async def _until_answered(self, told: Told, body: bytes, way: str) -> tuple[int, dict[str, object]]:
        """Post until it is accepted or refused as conflicting: the status and what was said."""
        headers = {
            "Authorization": f"Bearer {self._keys[way]}",
            "Content-Type": told.telling.content_type,
            **told.telling.headers,
        }
        wait = 0.2
        while True:
            try:
                async with self._gate:
                    answer = await self._client.post("/api/v1/messages", content=body, headers=headers)
                if answer.is_success or answer.status_code == httpx.codes.CONFLICT:
                    return answer.status_code, answer.json()
                why = str(answer.status_code)
            except (httpx.TransportError, ValueError) as error:  # not even an answer, or half of one
                why = type(error).__name__
            self.refusals[why] += 1
            told.unanswered += 1
            await asyncio.sleep(self._rng.uniform(0.5, 1.0) * wait)
            wait = min(wait * 2, 2.0)
