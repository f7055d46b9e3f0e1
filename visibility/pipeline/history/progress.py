"""How far an import is, said now and then, with what is left by the clock."""

import time
from typing import Protocol

from visibility.pipeline.history.importing import Progress

EVERY = 5.0


class Out(Protocol):
    """Django's wrapper of standard error, as far as it is needed."""

    def write(self, msg: str) -> None: ...


class Teller:
    """Says how many rows are done, how many a second, and how long the rest will take."""

    def __init__(self, *, out: Out, size: int) -> None:
        self._out = out
        self._size = max(size, 1)
        self._begun = self._said = time.monotonic()
        self._skipped: int | None = None

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
        rate = progress.done / seconds if seconds else 0.0
        left = "" if not share else f", about {_time(seconds * (1 - share) / share)} left"
        return f"{progress.done:,} rows in, {share:.0%} of the file, {rate:,.0f} rows/s{left}"


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
