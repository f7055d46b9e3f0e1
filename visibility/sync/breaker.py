"""The circuit breaker of a connection: after some failures in a row it is left alone for a while. Pure.

Closed: commands go out. Open: none does until `pause` is over. Half-open: the pause is over, and one command
at a time finds out whether the system is back. A refusal closes it too: who refuses is there.
"""

from dataclasses import dataclass

from visibility.sync.backoff import Dice
from visibility.sync.ports import Delivery

THRESHOLD = 5
FIRST_SECONDS = 10.0
LONGEST_SECONDS = 300.0
OF_THE_CONNECTION = frozenset({"timeout", "dropped", "unavailable", "denied"})
"""Kinds of failure that say something of the connection, and nothing of the command."""


@dataclass(frozen=True)
class Verdict:
    """What a try means for its connection: failures in a row, and for how many seconds nothing goes out."""

    failures: int
    pause: float | None = None


def judge(*, failures: int, delivery: Delivery, dice: Dice) -> Verdict:
    """The connection after this try; `failures` is how many had failed in a row before it."""
    if delivery.failure == "throttled":
        asked = delivery.retry_after
        return Verdict(failures, asked.total_seconds() if asked else None)
    if delivery.failure not in OF_THE_CONNECTION:
        return Verdict(0)
    failures += 1
    if failures < THRESHOLD:
        return Verdict(failures)
    bound = min(FIRST_SECONDS * 2.0 ** min(failures - THRESHOLD, 30), LONGEST_SECONDS)
    return Verdict(failures, dice(bound / 2, bound))
