"""What keeps somebody from deciding though they may: others were faster, or it changed meanwhile."""

import datetime as dt

from visibility.core.errors import ThroughlineError


class DecidedError(ThroughlineError):
    """Somebody else decided, or nothing is left to decide (409). `who` is empty where it settled itself."""

    def __init__(self, *, who: str, words: str, when: dt.datetime | None) -> None:
        said = f"{who} was faster: {words}" if who else words
        super().__init__(f"{said} ({when:%Y-%m-%d %H:%M} UTC)." if when else f"{said}.")
        self.who = who
        self.words = words
        self.when = when


class ChangedError(ThroughlineError):
    """What was decided about is not as it was when it was looked at (409): look again."""
