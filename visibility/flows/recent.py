"""Facts of the flows this process wrote last, so that a busy order is not unpacked with every chunk.

What is kept counts only while it is byte for byte what the database has; so nothing has to be told when
somebody else writes a flow, or when a transaction is rolled back.
"""

from threading import Lock

from visibility.flows.state import Fact, unpack_facts

KEEP_MOST = 1000
"""Flows."""
KEEP_BYTES = 6 * 1024 * 1024
"""Packed; some 40 MB of facts. Orders with a long history are large."""


class _Recent:
    """Flows by the time they were written, the longest ago first."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[bytes, list[Fact]]] = {}
        self._size = 0
        self._lock = Lock()

    def get(self, flow_id: int) -> tuple[bytes, list[Fact]] | None:
        return self._kept.get(flow_id)

    def put(self, flow_id: int, packed: bytes, facts: list[Fact]) -> None:
        with self._lock:
            self._drop(flow_id)
            self._kept[flow_id] = (packed, facts)
            self._size += len(packed)
            while len(self._kept) > KEEP_MOST or self._size > KEEP_BYTES:
                self._drop(next(iter(self._kept)))

    def _drop(self, flow_id: int) -> None:
        gone = self._kept.pop(flow_id, None)
        if gone is not None:
            self._size -= len(gone[0])


_recent = _Recent()


def facts_of(*, flow_id: int, packed: bytes) -> list[Fact]:
    """The facts packed in a flow's row. The list is not to be changed."""
    kept = _recent.get(flow_id)
    return kept[1] if kept is not None and kept[0] == packed else unpack_facts(packed)


def keep(*, flow_id: int, packed: bytes, facts: list[Fact]) -> None:
    """Keep facts about to be written, instead of those of the flows that were written longest ago."""
    _recent.put(flow_id, packed, facts)
