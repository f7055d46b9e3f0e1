"""`make faults` for a minute: nothing lost, nothing doubled, everything final, nothing left running."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from visibility.servers.places import REPOSITORY

PLAN = ("--seed", "7", "--seconds", "30", "--fault-every", "1", "--killers", "0", "--drain-seconds", "120")
PATIENCE_SECONDS = 300
NONE = (
    "never accepted",
    "messages lost",
    "entries lost",
    "entries doubled",
    "messages stuck",
    "messages not processed",
    "wrong answers",
    "impostors taken",
    "entries not joined to their orders",
    "acknowledgements missing or doubled",
    "entries that the feed left out or gave twice",
    "differences to a rebuild",
    "breaks in the ledger's seals",
    "not back within 60 s",
)


def _run_faults(*words: str) -> tuple[int, str, str]:
    """The exit status of a run, what it printed, and its progress. One too long is told to end."""
    environ = os.environ | {"PYTHONPATH": os.fspath(REPOSITORY)}
    command = [sys.executable, "-m", "tests.faults", *words]
    with subprocess.Popen(
        command, cwd=REPOSITORY, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            printed, progress = process.communicate(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.terminate()
            printed, progress = process.communicate()
    return process.returncode, printed, progress


def _still_running(folder: str) -> list[int]:
    """Processes whose environment says that they belong to the run with this folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if folder.encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
def test_a_site_that_is_broken_all_the_time_loses_nothing_and_doubles_nothing() -> None:
    status, printed, progress = _run_faults(*PLAN)
    figures = dict(line.split(": ", 1) for line in printed.splitlines() if not line.startswith("faults: "))
    assert status == 0, progress + printed
    assert {name: figures[name] for name in NONE} == dict.fromkeys(NONE, "0")
    assert int(figures["faults in all"]) >= 15
    assert int(figures["messages accepted"]) >= 100
    assert int(figures["times answered as duplicate"]) >= 10
    folder = progress.split("folder ", 1)[1].splitlines()[0]
    assert not _still_running(folder)
    assert not Path(folder).exists()
