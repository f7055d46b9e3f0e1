"""How long to wait before the next try. Pure but for the dice, which are handed in."""

import datetime as dt
from collections.abc import Callable

FIRST_SECONDS = 2.0
LONGEST_SECONDS = 900.0
LEAST_SECONDS = 0.5
LONGEST_ASKED = 86_400.0
"""A system may ask to be left alone for a day, not for a year."""

Dice = Callable[[float, float], float]


def next_pause(*, failures: int, asked: dt.timedelta | None, dice: Dice) -> float:
    """Seconds until the next try after so many failed ones: anything up to a bound that doubles.

    Full jitter, so that commands that failed together do not come back together. `asked` is the system's own
    Retry-After: never earlier than that, and spread over a tenth more.
    """
    bound = min(FIRST_SECONDS * 2.0 ** min(max(failures - 1, 0), 30), LONGEST_SECONDS)
    pause = max(dice(0.0, bound), LEAST_SECONDS)
    if asked is None:
        return pause
    least = min(max(asked.total_seconds(), 0.0), LONGEST_ASKED)
    return max(pause, least + dice(0.0, least / 10))
