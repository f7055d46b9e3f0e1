"""What the desk does without anybody, as `pipeline.chores` takes it: policies decide, people are told."""

from collections.abc import Callable

from visibility.desk.notifying import gather_notices
from visibility.desk.policies import apply_policies
from visibility.desk.sending import send_due

TASKS: tuple[tuple[str, float, Callable[[], object]], ...] = (
    ("policies", 30.0, apply_policies),
    ("notices", 10.0, gather_notices),
    ("letters", 15.0, send_due),
)
