"""Facts of the flows this process wrote last, so that a busy order is not unpacked with every chunk.

What is kept counts only while it is byte for byte what the database has; so nothing has to be told when
somebody else writes a flow, or when a transaction is rolled back.
"""

from visibility.flows.state import Fact, unpack_facts

KEEP_MOST = 1000
"""Flows; some 25 MB of facts."""

_kept: dict[int, tuple[bytes, list[Fact]]] = {}


def facts_of(*, flow_id: int, packed: bytes) -> list[Fact]:
    """The facts packed in a flow's row. The list is not to be changed."""
    kept = _kept.get(flow_id)
    return kept[1] if kept is not None and kept[0] == packed else unpack_facts(packed)


def keep(*, flow_id: int, packed: bytes, facts: list[Fact]) -> None:
    """Keep facts about to be written, instead of those of the flow that was written longest ago."""
    _kept.pop(flow_id, None)
    _kept[flow_id] = (packed, facts)
    if len(_kept) > KEEP_MOST:
        del _kept[next(iter(_kept))]
