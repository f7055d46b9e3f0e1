"""An interchange is read, and mapped, in a memory that does not grow with it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MEGA = 1_000_000


def peaks(*sizes: int, more: tuple[str, ...]) -> list[int]:
    """The largest resident memory, in MiB, behind each interchange of these sizes, in one process."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.streaming", "--size", *map(str, sizes), *more],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=150,
        check=True,
    )
    found = re.findall(r"^(\d+) (\d+) sets .* (\d+) MiB$", done.stdout, flags=re.MULTILINE)
    assert [int(size) for size, _, _ in found] == list(sizes)
    assert all(int(count) > int(size) / 2000 for size, count, _ in found)
    return [int(peak) for _, _, peak in found]


@pytest.mark.parametrize(
    ("small", "large", "more"),
    [
        (20, 60, ("--syntax", "x12")),
        (5, 25, ("--syntax", "edifact")),
        (4, 20, ("--syntax", "x12", "--map")),
    ],
)
def test_three_times_the_file_takes_the_same_memory(small: int, large: int, more: tuple[str, ...]) -> None:
    of_small, of_large = peaks(small * MEGA, large * MEGA, more=more)
    # Caches fill and control numbers are remembered, up to a limit: far less than what was read.
    assert of_large - of_small <= (large - small) / 2
    assert of_large <= 300
