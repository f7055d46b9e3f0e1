"""One wake-up for many: it is never lost, and nobody waits for it."""

import threading
import time
from collections.abc import Callable

import pytest

from visibility.pipeline.wake import Bell

PATIENCE_SECONDS = 20.0


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until it holds."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < until, "it never came"


def test_calls_that_come_during_a_wake_up_are_one_more_wake_up() -> None:
    rung: list[str] = []
    begun, may_end = threading.Event(), threading.Event()

    def ring(tier: str) -> None:
        rung.append(tier)
        begun.set()
        assert may_end.wait(PATIENCE_SECONDS)

    bell = Bell(ring=ring)
    bell.call(tier="realtime")
    assert begun.wait(PATIENCE_SECONDS)
    for _ in range(200):  # none of them waits for the wake-up that is under way
        bell.call(tier="realtime")
    assert rung == ["realtime"]
    may_end.set()
    wait_for(lambda: len(rung) >= 2)
    bell.call(tier="batch")
    wait_for(lambda: rung[-1] == "batch")

    assert rung == ["realtime", "realtime", "batch"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_wake_up_that_fails_is_not_the_last_one() -> None:
    rung: list[str] = []

    def ring(tier: str) -> None:
        rung.append(tier)
        if len(rung) == 1:
            raise RuntimeError("the thread ends by this")

    bell = Bell(ring=ring)
    bell.call(tier="realtime")
    wait_for(lambda: len(rung) == 1 and not bell._thread.is_alive())  # type: ignore[union-attr]  # it has begun
    bell.call(tier="batch")

    wait_for(lambda: rung == ["realtime", "batch"])
