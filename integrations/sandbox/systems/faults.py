"""What goes wrong on demand, for the next so many commands: the ways in which real systems fail."""

import threading
from collections import deque
from dataclasses import dataclass
from typing import Literal

FaultKind = Literal["slow", "throttled", "broken", "dropped"]


@dataclass(frozen=True)
class Fault:
    """slow: answers after `seconds`; throttled: 429 with Retry-After `seconds`; broken: 500, nothing done;
    dropped: does what was asked, and cuts the line instead of answering."""

    kind: FaultKind
    seconds: float = 1.0


class Faults:
    """Faults in the order they are to happen, one a command."""

    def __init__(self) -> None:
        self._waiting: deque[Fault] = deque()
        self._lock = threading.Lock()

    def add(self, *, fault: Fault, times: int = 1) -> None:
        """So many of the next commands fail like this."""
        with self._lock:
            self._waiting.extend([fault] * times)

    def next(self) -> Fault | None:
        """What the command at hand meets."""
        with self._lock:
            return self._waiting.popleft() if self._waiting else None
