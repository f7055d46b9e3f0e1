"""Waiting without a time limit, and telling a person every few seconds what for."""

import sys
import time
from collections.abc import Callable

# Seconds between two progress lines.
LINE_EVERY = 3.0
_SHORTEST_PAUSE = 0.005
_LONGEST_PAUSE = 0.1


def say(text: str) -> None:
    """One progress line on stderr: stdout belongs to the answer of whatever command is running."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def wait_until(condition: Callable[[], bool], *, what: str, at_most: float | None = None) -> bool:
    """Wait for `condition`, with a line about `what` every few seconds.

    `at_most` (seconds) is for waits with a sharper means behind them; without it there is no limit.
    Returns whether the condition came true.
    """
    began = time.monotonic()
    next_line = began + LINE_EVERY
    pause = _SHORTEST_PAUSE
    while not condition():
        now = time.monotonic()
        if at_most is not None and now - began > at_most:
            return False
        if now >= next_line:
            say(f"Waiting for {what} ({now - began:.0f} s so far)")
            next_line = now + LINE_EVERY
        time.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)
    return True
