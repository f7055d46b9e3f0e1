"""Bringing in a history: part by part into the inbox, worked through, counted. It may be killed anywhere.

What was committed is found again by the file's content, and the same command goes on with the rest. With
workers running they share the work; without any this process does all of it.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from visibility.core.errors import InputError
from visibility.inbox.history import (
    TIER,
    keep_parts,
    parts_kept,
    parts_to_reread,
    parts_waiting,
    reread_parts,
)
from visibility.inbox.models import Connection, HistoryReading
from visibility.inbox.ports import HistoryPart, HistoryPlan
from visibility.pipeline import wake
from visibility.pipeline.worker import drain

AHEAD = 8
"""Parts kept before they are worked through: what a process has to hold, and a batch for a worker."""
REREAD = 100
TOGETHER = 8
"""Waiting parts worked through between two words on how far it is."""
LOOK_EVERY = 0.5
"""Seconds between two looks at work that others have in hand."""


@dataclass
class Progress:
    """How far an import is: `taken` of the file's bytes are read, `rows` are in the inbox.

    `known` of them were there before.
    """

    taken: int = 0
    rows: int = 0
    known: int = 0


Tell = Callable[[Progress], None]


def bring_in(
    *,
    reading: HistoryReading,
    connection: Connection,
    plan: HistoryPlan,
    tell: Tell = lambda _: None,
) -> InputError | None:
    """Bring in what is not in yet, and work until nothing of it waits.

    The error where the file could not be read to its end: what came before is in, and the reading stays open.
    """
    # What a killed run left comes first: of two rows with one identity the first in the file counts, and a
    # part that is half read goes on by the mapping it began with.
    _wait(reading)
    _reread(reading)
    known = parts_kept(history=reading.history)
    progress, broken = Progress(), None
    ahead: list[HistoryPart] = []
    try:
        for part in plan.parts():
            progress.taken = part.taken
            progress.rows += part.rows
            if part.number in known:
                progress.known += part.rows
            else:
                ahead.append(part)
            if len(ahead) >= AHEAD:
                _work(reading, connection, plan, ahead)
            tell(progress)
    except InputError as error:
        broken = error
    _work(reading, connection, plan, ahead)
    tell(progress)
    _wait(reading, tell=lambda: tell(progress))
    return broken


def _work(
    reading: HistoryReading, connection: Connection, plan: HistoryPlan, ahead: list[HistoryPart]
) -> None:
    """Keep these parts and work through them; `ahead` is empty then."""
    if ahead:
        fresh = keep_parts(
            reading=reading, connection=connection, parts=ahead, content_type=plan.content_type
        )
        if fresh:
            wake.wake_workers(tier=TIER)
            drain(message_ids=fresh, announce=wake.announce)
        ahead.clear()


def _reread(reading: HistoryReading) -> None:
    """Have the parts read anew that were read by another mapping, or as of another day."""
    while ids := parts_to_reread(reading=reading, most=REREAD):
        reread_parts(reading=reading, message_ids=ids)
        wake.wake_workers(tier=TIER)
        drain(message_ids=ids, announce=wake.announce)


def _wait(reading: HistoryReading, *, tell: Callable[[], None] = lambda: None) -> None:
    """Work until no part waits: those of a killed worker as their leases run out, others' as they end."""
    for waiting in _waiting(reading):
        if not drain(message_ids=waiting, announce=wake.announce):
            time.sleep(LOOK_EVERY)
        tell()


def _waiting(reading: HistoryReading) -> Iterator[list[UUID]]:
    while waiting := parts_waiting(history=reading.history, most=TOGETHER):
        yield waiting
