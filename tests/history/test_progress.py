"""How far an import is, in words."""

import io

import pytest

from visibility.pipeline.history.importing import Progress
from visibility.pipeline.history.progress import Teller


@pytest.mark.parametrize(
    ("progress", "waiting", "seconds", "said"),
    [
        (Progress(taken=250, rows=1000), 0, 10.0, "1,000 rows done, 25%, 100 rows/s, about 0:30 left"),
        (Progress(taken=1000, rows=4000), 3000, 10.0, "1,000 rows done, 25%, 100 rows/s, about 0:30 left"),
        (
            Progress(taken=1000, rows=400_000),
            0,
            10.0,
            "400,000 rows done, 100%, 40,000 rows/s, about 0:00 left",
        ),
        (
            Progress(taken=500, rows=1000, known=900),
            0,
            1.0,
            "1,000 rows done, 50%, 100 rows/s, about 0:10 left",
        ),
        (Progress(taken=1, rows=1000), 0, 10.0, "1,000 rows done, 0%, 100 rows/s, about 2:46:30 left"),
        (Progress(taken=500, rows=1000, known=1000), 0, 1.0, "1,000 rows done"),
        (Progress(), 0, 0.0, "0 rows done"),
    ],
)
def test_it_says_what_is_done_and_what_is_left(
    progress: Progress, waiting: int, seconds: float, said: str
) -> None:
    teller = Teller(out=io.StringIO(), size=1000, waiting=lambda: waiting)  # type: ignore[arg-type]  # writes
    assert teller.line(progress, seconds=seconds) == said


def test_it_does_not_say_it_again_at_once() -> None:
    out = io.StringIO()
    teller = Teller(out=out, size=1, waiting=lambda: 0)  # type: ignore[arg-type]  # it writes, too
    for _ in range(10):
        teller(Progress(taken=1, rows=1))
    assert out.getvalue() == ""
