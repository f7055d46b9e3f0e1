"""What the tests of the pipeline share."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from visibility.inbox import work
from visibility.masterdata.resolve import forget_kept

sys.path.insert(0, str(Path(__file__).parents[1] / "flows"))  # whole lives of orders are told there


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """What a process remembers of master data belongs to one database; tests go through many."""
    forget_kept()


@pytest.fixture(autouse=True)
def _no_waiting_for_the_next_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's transaction has one time, at which no pause would ever be over."""
    monkeypatch.setattr(work, "RETRY_AFTER", ())
    monkeypatch.setattr(work, "OUTAGE_SECONDS", 0.0)


@pytest.fixture
def rebuilt_the_same() -> Callable[[], None]:
    """Check that rebuilding every flow from the ledger would change nothing."""

    def check() -> None:
        told = io.StringIO()
        try:
            call_command("rebuild_flows", "--check", stdout=told, stderr=told)
        except SystemExit:
            pytest.fail(f"a rebuild differs from living through it: {told.getvalue()}")

    return check
