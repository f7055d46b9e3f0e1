"""Server-sent events: who may listen, what they are told, and what the stream outlives."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
import redis.asyncio
from django.conf import settings as django_settings
from django.core import signing

from visibility.api.stream import MOST_WAITING, RESYNC, Hub, Listener, connect_to, read_announcement
from visibility.asgi import HEARTBEAT, Events

SECONDS = 20
COMPANY, OTHER = 970_001, 970_002
FLOW = "5b9ee1a4-3f0c-5a5e-8a38-0d0a6f1b7c42"


def token(*companies: int) -> str:
    return signing.dumps({"companies": list(companies)}, salt="events")


class Page:
    """A browser's side of the ASGI protocol."""

    def __init__(self, application: Events, query: str, *, path: str = "/events/", origin: str = "") -> None:
        self.sent: list[dict[str, Any]] = []
        self.blocked = asyncio.Event()
        self.blocked.set()
        self._changed = asyncio.Event()
        self._left = asyncio.Event()
        headers = [(b"origin", origin.encode())] if origin else []
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": query.encode(),
            "headers": headers,
        }
        self.task = asyncio.create_task(application(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        await self.blocked.wait()
        self.sent.append(message)
        self._changed.set()

    @property
    def start(self) -> dict[str, Any]:
        return self.sent[0]

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.start["headers"])

    @property
    def text(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)

    async def until(self, wanted: bytes, *, times: int = 1) -> None:
        """Wait until the page was sent something."""
        while self.text.count(wanted) < times:
            self._changed.clear()
            await self._changed.wait()

    async def leave(self) -> None:
        self._left.set()
        await self.task


def run(story: Callable[[Events, Hub, redis.asyncio.Redis, str], Awaitable[None]], **options: Any) -> None:
    """Play a story with an application on a channel of its own."""

    async def play() -> None:
        channel = f"test.{uuid4()}"
        url = django_settings.ADDRESSES.redis_url
        hub = Hub(connect=lambda: connect_to(url, name=channel), channel=channel)
        broker = redis.asyncio.Redis.from_url(url)
        try:
            await asyncio.wait_for(story(Events(hub=lambda: hub, **options), hub, broker, channel), SECONDS)
        finally:
            await hub.stop()
            await broker.aclose()

    # In a thread of its own: a browser that other tests hold open keeps a loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, play()).result()


def test_a_page_is_told_of_its_companies_changes_only() -> None:
    async def story(application: Events, hub: Hub, broker: redis.asyncio.Redis, channel: str) -> None:
        own, both, other = (
            Page(application, f"token={token(*companies)}")
            for companies in ((COMPANY,), (COMPANY, OTHER), (OTHER,))
        )
        for page in (own, both, other):
            await page.until(b"retry: 3000\n\n")
        await hub.subscribed.wait()
        await broker.publish(channel, f"{COMPANY}:{FLOW}")
        await broker.publish(channel, f"{OTHER}:")
        expected = f"event: flow\ndata: {FLOW}\n\n".encode()
        for page in (own, both):
            await page.until(expected)
            await page.until(b"event: cases\ndata: 1\n\n")
        await other.until(b"event: cases\ndata: 0\n\n")
        await both.until(b"event: cases\ndata: 0\n\n")

        assert own.start["status"] == 200
        assert own.headers[b"content-type"].startswith(b"text/event-stream")
        assert own.headers[b"cache-control"] == b"no-store"
        assert FLOW.encode() not in other.text
        assert own.text.count(expected) == 1
        for page in (own, both, other):
            await page.leave()
        assert hub.count() == 0

    run(story)


def test_an_order_has_an_event_of_its_own() -> None:
    company, told = read_announcement(f"7:{FLOW}".encode())

    assert company == 7
    assert f"event: flow:{FLOW}\ndata: {FLOW}\n\n".encode() in told


def test_a_silent_stream_shows_that_it_lives() -> None:
    async def story(application: Events, hub: Hub, broker: redis.asyncio.Redis, channel: str) -> None:
        page = Page(application, f"token={token(COMPANY)}")
        await page.until(HEARTBEAT + HEARTBEAT)
        await page.leave()

    run(story, heartbeat=0.01)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "token=",
        "token=nonsense",
        "token=" + signing.dumps({"companies": [1]}, salt="other"),
        "token=" + signing.dumps({"names": [1]}, salt="events"),
        "token=" + signing.dumps([1], salt="events"),
        "token=" + signing.dumps({"companies": ["x"]}, salt="events"),
        "token=" + signing.dumps({"companies": [1]}, salt="events", key="another key"),
    ],
    ids=["none", "empty", "nonsense", "salt", "names", "list", "words", "key"],
)
def test_without_a_good_token_nobody_listens(query: str) -> None:
    async def story(application: Events, hub: Hub, broker: redis.asyncio.Redis, channel: str) -> None:
        page = Page(application, query)
        await page.task

        assert page.start["status"] == 403
        assert hub.count() == 0

    run(story)


def test_a_token_of_yesterday_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    old = token(COMPANY)

    async def story(application: Events, hub: Hub, broker: redis.asyncio.Redis, channel: str) -> None:
        monkeypatch.setattr("django.core.signing.time.time", lambda: 4_000_000_000.0)
        page = Page(application, f"token={old}")
        await page.task
        monkeypatch.undo()

        assert page.start["status"] == 403

    run(story)


def test_a_page_too_slow_is_let_go_and_the_others_stay() -> None:
    async def story(application: Events, hub: Hub, broker: redis.asyncio.Redis, channel: str) -> None:
        slow, quick = (Page(application, f"token={token(COMPANY)}") for _ in range(2))
        for page in (slow, quick):
            await page.until(b"retry")
        slow.blocked.clear()
        for number in range(MOST_WAITING + 2):
            hub.fan_out(f"{COMPANY}:flow-{number}".encode())
            await quick.until(f"data: flow-{number}\n".encode())
        await slow.task

        assert hub.count() == 1
        assert not quick.task.done()
        await quick.leave()

    run(story)


def test_a_lost_broker_is_found_again_and_pages_look_again() -> None:
    async def story(application: Events, hub: Hub, broker: redis.asyncio.Redis, channel: str) -> None:
        page = Page(application, f"token={token(COMPANY)}")
        await page.until(RESYNC)
        (ours,) = [c["id"] for c in await broker.client_list(_type="pubsub") if c["name"] == channel]
        await broker.client_kill_filter(_id=ours)
        await page.until(RESYNC, times=2)
        await broker.publish(channel, f"{COMPANY}:{FLOW}")
        await page.until(f"data: {FLOW}\n".encode())
        await page.leave()

    run(story)


def test_nonsense_on_the_channel_is_passed_over() -> None:
    async def story(application: Events, hub: Hub, broker: redis.asyncio.Redis, channel: str) -> None:
        page = Page(application, f"token={token(COMPANY)}")
        await page.until(RESYNC)
        await broker.publish(channel, b"\xff no announcement")
        await broker.publish(channel, f"{COMPANY}:{FLOW}")
        await page.until(f"data: {FLOW}\n".encode())
        await page.leave()

    run(story)


@pytest.mark.parametrize(
    ("origin", "allowed"), [("https://desk.example", True), ("https://other.example", False)]
)
def test_only_named_origins_may_listen_across(settings: Any, origin: str, allowed: bool) -> None:
    settings.EVENTS_ALLOWED_ORIGINS = ["https://desk.example"]

    async def story(application: Events, hub: Hub, broker: redis.asyncio.Redis, channel: str) -> None:
        page = Page(application, f"token={token(COMPANY)}", origin=origin)
        await page.until(b"retry")

        assert (page.headers.get(b"access-control-allow-origin") == origin.encode()) is allowed
        assert page.headers[b"vary"] == b"Origin"
        await page.leave()

    run(story)


@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/nothing", 404), ("/events", 403)])
def test_the_other_addresses(path: str, status: int) -> None:
    async def story(application: Events, hub: Hub, broker: redis.asyncio.Redis, channel: str) -> None:
        page = Page(application, "", path=path)
        await page.task

        assert page.start["status"] == status

    run(story)


def test_a_server_that_stops_lets_its_pages_go() -> None:
    async def story(application: Events, hub: Hub, broker: redis.asyncio.Redis, channel: str) -> None:
        told: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        answered: asyncio.Queue[Any] = asyncio.Queue()
        life = asyncio.create_task(application({"type": "lifespan"}, told.get, answered.put))
        await told.put({"type": "lifespan.startup"})
        assert (await answered.get())["type"] == "lifespan.startup.complete"
        page = Page(application, f"token={token(COMPANY)}")
        await page.until(RESYNC)
        await told.put({"type": "lifespan.shutdown"})
        assert (await answered.get())["type"] == "lifespan.shutdown.complete"
        await asyncio.gather(life, page.task)

    run(story)


def test_a_page_of_two_companies_is_counted_once() -> None:
    hub = Hub(connect=lambda: connect_to("redis://nowhere.invalid"), channel="none")
    listener = Listener([COMPANY, OTHER])
    hub.add(listener)

    assert hub.count() == 1
    hub.remove(listener)
    assert hub.count() == 0
