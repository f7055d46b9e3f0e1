"""Server-sent events, served by granian over ASGI (`granian --interface asgi visibility.asgi:application`).

`/events/?token=…` tells an open page which orders of its companies changed; the page signed the token for its
reader (salt "events", good for a day). `/healthz` answers that the process lives. Nothing here touches the
database: what changed is read from the pages, under each reader's own scope.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from types import FrameType
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.core import signing

from visibility.api.stream import Hub, Listener, connect_to
from visibility.pipeline.wake import CHANNEL

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visibility.settings")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
Handler = Callable[[int, FrameType | None], Any] | int | None

PATH = "/events/"
TOKEN_SALT = "events"
TOKEN_SECONDS = 86_400
HEARTBEAT_SECONDS = 15.0
MOST_LISTENERS = 10_000
RETRY = b"retry: 3000\n\n"
HEARTBEAT = b": still here\n\n"


class Events:
    """The application. `heartbeat` is how long a stream may be silent, in seconds."""

    def __init__(self, *, hub: Callable[[], Hub], heartbeat: float = HEARTBEAT_SECONDS) -> None:
        self._make_hub = hub
        self._heartbeat = heartbeat
        self._hub: Hub | None = None

    @property
    def hub(self) -> Hub:
        """The hub of this process, made inside its event loop."""
        if self._hub is None:
            self._hub = self._make_hub()
        return self._hub

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        handlers: dict[signal.Signals, Handler] = {}
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.hub.start()
                handlers = _let_go_on_signal(self.hub)
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                for number, handler in handlers.items():
                    signal.signal(number, handler)
                await self.hub.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = _allow_origin(scope)
        if scope["path"] == "/healthz":
            await _say(send, 200, "ok", headers)
        elif scope["path"].rstrip("/") != PATH.rstrip("/"):
            await _say(send, 404, "There is nothing at this address.", headers)
        elif scope["method"] != "GET":
            await _say(send, 405, "Only GET is known here.", [*headers, (b"allow", b"GET")])
        elif (companies := read_token(scope["query_string"])) is None:
            await _say(send, 403, "The token is missing, forged or too old. Load the page again.", headers)
        elif self.hub.count() >= MOST_LISTENERS:
            await _say(send, 503, "Too many pages are open.", [*headers, (b"retry-after", b"30")])
        else:
            await self._stream(Listener(companies), headers, receive, send)

    async def _stream(self, listener: Listener, headers: Headers, receive: Receive, send: Send) -> None:
        self.hub.start()
        self.hub.add(listener)
        ends = [
            asyncio.create_task(self._send_all(listener, headers, send)),
            asyncio.create_task(_wait_for_goodbye(receive)),
            asyncio.create_task(_wait(listener.dropped)),
        ]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.hub.remove(listener)
            for end in ends:
                end.cancel()
            await asyncio.gather(*ends, return_exceptions=True)

    async def _send_all(self, listener: Listener, headers: Headers, send: Send) -> None:
        kind = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]
        await send({"type": "http.response.start", "status": 200, "headers": [*headers, *kind, *_NO_STORE]})
        await _send_chunk(send, RETRY)
        while True:
            chunk = HEARTBEAT
            # Not wait_for: on 3.11 it swallows a cancellation that meets a result, and would send for ever.
            with suppress(TimeoutError):
                async with asyncio.timeout(self._heartbeat):
                    chunk = await listener.waiting.get()
            await _send_chunk(send, chunk)


_NO_STORE: Headers = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]


def read_token(query: bytes) -> list[int] | None:
    """The companies a token was signed for; None if it is no good."""
    tokens = parse_qs(query.decode("latin-1")).get("token", [])
    try:
        told = signing.loads(tokens[0] if tokens else "", salt=TOKEN_SALT, max_age=TOKEN_SECONDS)
        return [int(company) for company in told["companies"]]
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def _allow_origin(scope: Message) -> Headers:
    """CORS for pages of another origin that the settings name."""
    origin = next((value for name, value in scope["headers"] if name == b"origin"), b"")
    vary = [(b"vary", b"Origin")]
    if origin.decode("latin-1") in getattr(settings, "EVENTS_ALLOWED_ORIGINS", []):
        return [(b"access-control-allow-origin", origin), *vary]
    return vary


def _let_go_on_signal(hub: Hub) -> dict[signal.Signals, Handler]:
    """End the streams as soon as the process is asked to stop; answers the handlers that stood before.

    A server waits for its open responses before it says shutdown, and a stream never ends by itself. The
    server's own handling goes on: asyncio hears of signals by its wake-up descriptor, not by the handler.
    """
    if threading.current_thread() is not threading.main_thread():
        return {}
    loop = asyncio.get_running_loop()
    before: dict[signal.Signals, Handler] = {}

    def leave(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(hub.let_go)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number in (signal.SIGTERM, signal.SIGINT):
        before[number] = signal.signal(number, leave)
    return before


async def _send_chunk(send: Send, chunk: bytes) -> None:
    await send({"type": "http.response.body", "body": chunk, "more_body": True})


async def _say(send: Send, status: int, text: str, headers: Headers) -> None:
    kind = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *kind, *_NO_STORE]})
    await send({"type": "http.response.body", "body": text.encode()})


async def _wait_for_goodbye(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _wait(event: asyncio.Event) -> None:
    await event.wait()


def _own_hub() -> Hub:
    return Hub(connect=lambda: connect_to(settings.ADDRESSES.redis_url), channel=CHANNEL)


application = Events(hub=_own_hub)
