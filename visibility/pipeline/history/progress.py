"""How far an import is, said now and then, with what is left by the clock."""

import time
from collections.abc import Callable
from typing import Protocol

from visibility.pipeline.history.importing import Progress

EVERY = 5.0


class Out(Protocol):
    """Django's wrapper of standard error, as far as it is needed."""

    def write(self, msg: str) -> None: ...


class Teller:
    """Says how many rows are done, how many a second, and how long the rest will take.

    `size` is the file's; `waiting` says how many rows are in the inbox and not worked through, by whomever.
    """

    def __init__(self, *, out: Out, size: int, waiting: Callable[[], int]) -> None:
        self._out = out
        self._size = max(size, 1)
        self._waiting = waiting
        self._begun = self._said = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        """Say it, unless it was said a moment ago."""
        now = time.monotonic()
        if now - self._said < EVERY:
            return
        self._said = now
        self._out.write(self.line(progress, seconds=now - self._begun))

    def line(self, progress: Progress, *, seconds: float) -> str:
        """The line that says it, `seconds` after the beginning."""
        share = min(progress.taken / self._size, 1.0)
        done = max(progress.rows - self._waiting(), 0)
        fresh = done - progress.known
        said = f"{done:,} rows done"
        if fresh <= 0 or not share or not seconds:
            return said
        rate, total = fresh / seconds, progress.rows / share
        part = min(done / total, 1.0)
        return f"{said}, {part:.0%}, {rate:,.0f} rows/s, about {_time((total - done) / rate)} left"


def _time(seconds: float) -> str:
    minutes, rest = divmod(max(round(seconds), 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
