"""A reader of the ledger's feed, all through the faults: it must see every entry once, and in the end all."""

import asyncio
from collections import Counter

import httpx

from tests.faults.sender import ANSWER_SECONDS

PAUSE = 0.5
PAGE = 500


class Follower:
    """Reads on from cursor to cursor; a page that did not come whole is asked for again."""

    def __init__(self, *, address: str, key: str) -> None:
        self.seen: Counter[int] = Counter()
        """How often each position was given out."""
        self.refused: Counter[int] = Counter()
        """Statuses other than 200; 503 is to be expected."""
        self._cursor = ""
        self._client = httpx.AsyncClient(
            base_url=address,
            headers={"Authorization": f"Bearer {key}"},
            timeout=ANSWER_SECONDS,
            trust_env=False,
        )

    async def follow(self) -> None:
        """Read on and on."""
        while True:
            if not await self.read_page():
                await asyncio.sleep(PAUSE)

    async def read_to(self, *, entries: int, patience: float) -> None:
        """Read until so many positions were seen, or for so many seconds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + patience
        while len(self.seen) < entries and loop.time() < until:
            if not await self.read_page():
                await asyncio.sleep(PAUSE)

    async def read_page(self) -> bool:
        """Read the page after the cursor. Whether there is more at once."""
        try:
            asked: dict[str, str | int] = {"limit": PAGE}
            if self._cursor:
                asked["after"] = self._cursor
            answer = await self._client.get("/api/v1/ledger", params=asked)
            if answer.status_code != httpx.codes.OK:
                self.refused[answer.status_code] += 1
                return False
            page = answer.json()
        except (httpx.TransportError, ValueError):
            return False
        self.seen.update(entry["position"] for entry in page["entries"])
        self._cursor = page["cursor"]
        return bool(page["more"])

    async def stop(self) -> None:
        """Nothing is read any more."""
        await self._client.aclose()
