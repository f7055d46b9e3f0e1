"""Changes as they happen: one subscription to the broker a process, fanned out to the open pages.

An announcement is "company:id id id" (visibility.pipeline.wake): the flows of a company that changed, or none
where only cases did. A page that cannot keep up is let go of; its browser comes back by itself. No database.
"""

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import aclosing

import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as BrokerGoneError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

MOST_WAITING = 256
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
PATIENCE = 5.0
BREATH = 0.01
CLIENT_NAME = "throughline-events"
RESYNC = b"event: cases\ndata: 0\n\n"


class Listener:
    """An open page: what it still has to be sent, and whether it was let go of."""

    def __init__(self, companies: Iterable[int]) -> None:
        self.companies = frozenset(companies)
        self.waiting: asyncio.Queue[bytes] = asyncio.Queue(MOST_WAITING)
        self.dropped = asyncio.Event()

    def tell(self, chunk: bytes) -> None:
        """Queue a chunk; a page too slow to have room for it is dropped, rather than left with a gap."""
        try:
            self.waiting.put_nowait(chunk)
        except asyncio.QueueFull:
            self.dropped.set()


class Hub:
    """The process's subscription, and who listens. `subscribed` is set while the broker is listened to."""

    def __init__(self, *, connect: Callable[[], redis.asyncio.Redis], channel: str) -> None:
        self._connect = connect
        self._channel = channel
        self._listeners: dict[int, set[Listener]] = defaultdict(set)
        self._running: asyncio.Task[None] | None = None
        self.subscribed = asyncio.Event()

    def start(self) -> None:
        """Subscribe, if that is not being done already. Call it in the event loop."""
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Let the broker and all pages go."""
        while self._running is not None and not self._running.done():
            # More than once: a client that is just connecting was seen to swallow a cancellation.
            self._running.cancel()
            await asyncio.wait([self._running], timeout=0.2)
        self.let_go()

    def let_go(self) -> None:
        """End every stream; the browsers come back by themselves."""
        for listener in self._everybody():
            listener.dropped.set()

    def add(self, listener: Listener) -> None:
        """From now on the page is told of its companies' changes."""
        for company in listener.companies:
            self._listeners[company].add(listener)

    def remove(self, listener: Listener) -> None:
        """The page is gone."""
        for company in listener.companies:
            self._listeners[company].discard(listener)
            if not self._listeners[company]:
                del self._listeners[company]

    def count(self) -> int:
        """How many pages are open."""
        return len(self._everybody())

    def fan_out(self, announcement: bytes) -> bool:
        """Tell an announcement to the pages of its company. Whether one of them has much waiting."""
        try:
            company, chunk = read_announcement(announcement)
        except ValueError:
            log.warning("not an announcement: %r", announcement[:80])
            return False
        listeners = tuple(self._listeners.get(company, ()))
        for listener in listeners:
            listener.tell(chunk)
        return any(listener.waiting.qsize() > MOST_WAITING // 2 for listener in listeners)

    def _everybody(self) -> set[Listener]:
        return {listener for listeners in self._listeners.values() for listener in listeners}

    async def _run(self) -> None:
        pause = SHORTEST_PAUSE
        while True:
            try:
                await self._listen()
            except (RedisError, OSError) as error:
                # Jitter, so that many processes do not come back in step.
                pause = SHORTEST_PAUSE if self.subscribed.is_set() else min(LONGEST_PAUSE, pause * 2)
                self.subscribed.clear()
                log.warning("not listening to the broker (%s); trying again in %.1f s", error, pause)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))

    async def _listen(self) -> None:
        async with aclosing(self._connect()) as client, client.pubsub() as subscription:
            await subscription.subscribe(self._channel)
            asked = False
            while True:
                message = await subscription.get_message(timeout=PATIENCE)
                if message is None:
                    # A silent connection may be a dead one: it is asked once, and must answer.
                    if asked:
                        raise BrokerGoneError("the broker gives no sign of life")
                    await subscription.ping()
                    asked = True
                    continue
                asked = False
                if message["type"] == "subscribe":
                    self._come_back()
                elif message["type"] == "message":
                    crowded = self.fan_out(message["data"])
                    # A burst comes out of the client's buffer without a pause: pages need one to be sent it.
                    await asyncio.sleep(BREATH if crowded else 0)

    def _come_back(self) -> None:
        """Nobody knows what was announced while we were away: every page looks again."""
        self.subscribed.set()
        for listener in self._everybody():
            listener.tell(RESYNC)


def read_announcement(announcement: bytes) -> tuple[int, bytes]:
    """The company of an announcement, and the events for its pages.

    Each flow is told twice: as `flow`, and as `flow:ID` for a page that shows one order and wants no other.
    """
    company, _, names = announcement.decode().partition(":")
    flows = names.split()
    told = [f"event: flow\ndata: {flow}\n\nevent: flow:{flow}\ndata: {flow}\n\n" for flow in flows]
    return int(company), "".join([*told, f"event: cases\ndata: {len(flows)}\n\n"]).encode()


def connect_to(url: str, *, name: str = CLIENT_NAME) -> redis.asyncio.Redis:
    """A client whose failures are seen here and not retried behind our back."""
    return redis.asyncio.Redis.from_url(
        url,
        client_name=name,
        socket_connect_timeout=2,
        socket_timeout=10,
        retry=Retry(NoBackoff(), 0),
    )
