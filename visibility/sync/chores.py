"""What is done now and then where no deliverer runs. As `pipeline.chores` takes them.

Name, seconds between, callable.
"""

from collections.abc import Callable

from visibility.sync.delivering import deliver_due

WAITED_SECONDS = 10.0
"""A deliverer takes up a command within a second; what waits for longer has none."""
SHARE_SECONDS = 15.0


def deliver_left() -> int:
    """Send what no deliverer sent, within a share of the time the chores have."""
    return deliver_due(limit=20, waited=WAITED_SECONDS, seconds=SHARE_SECONDS)


TASKS: tuple[tuple[str, float, Callable[[], object]], ...] = (("deliveries", 10.0, deliver_left),)
