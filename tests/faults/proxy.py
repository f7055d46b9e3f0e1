"""A TCP proxy that can be told to cut its connections, or to let nothing through for a while."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]
_CHUNK = 65536


class Proxy:
    """Stands on a loopback port before a server that `connect` reaches."""

    def __init__(self, *, name: str, connect: Callable[[], Awaitable[Ends]]) -> None:
        self.name = name
        self.port = 0
        self._connect = connect
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._links: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen on a free port, which `port` tells from then on."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def cut(self, *, share: float, rng: random.Random) -> int:
        """Break about this share of the connections, at least one if there is any. How many were."""
        links = sorted(self._links, key=id)
        chosen = [link for link in links if rng.random() < share] or links[:1]
        for link in chosen:
            _abort(link)
        return len(chosen)

    def stall(self) -> None:
        """Let nothing through, in either direction; new connections are taken and left waiting."""
        self._flowing.clear()

    def flow(self) -> None:
        """Let everything through that waited, and what comes."""
        self._flowing.set()

    async def stop(self) -> None:
        """Stop listening and break what is left."""
        self.flow()
        if self._server is not None:
            self._server.close()
        for link in list(self._links):
            _abort(link)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._flowing.wait()
        try:
            far_reader, far_writer = await self._connect()
        except OSError:
            writer.transport.abort()
            return
        link = (writer, far_writer)
        self._links.add(link)
        try:
            # The first end to close closes both: none of the protocols here goes on half closed.
            pumps = [
                asyncio.ensure_future(self._pump(reader, far_writer)),
                asyncio.ensure_future(self._pump(far_reader, writer)),
            ]
            with contextlib.suppress(asyncio.CancelledError):  # the loop ends, and wants no more of this
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in pumps:
                pump.cancel()
        finally:
            self._links.discard(link)
            for end in link:
                end.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
            await self._flowing.wait()


def _abort(link: tuple[asyncio.StreamWriter, asyncio.StreamWriter]) -> None:
    for end in link:
        end.transport.abort()
