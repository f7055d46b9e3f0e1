"""What the desk does now and then, as `pipeline.chores` takes it: name, seconds between, callable.

The deliverer follows outcomes at once; this is for where none runs, and for what no outcome tells.
"""

from collections.abc import Callable

from visibility.desk.following import follow_outcomes
from visibility.desk.waking import wake_waiting

TASKS: tuple[tuple[str, float, Callable[[], object]], ...] = (
    ("decisions", 5.0, follow_outcomes),
    ("waiting cases", 10.0, wake_waiting),
)
