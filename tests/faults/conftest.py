"""What these tests share: nothing that a process remembers of one database may reach the next."""

import io
from collections.abc import Callable

import pytest
from django.core.management import call_command

from visibility.masterdata.resolve import forget_kept


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget_kept()


@pytest.fixture
def rebuilt_the_same() -> Callable[[], None]:
    """Check that rebuilding every flow from the ledger would change nothing."""

    def check() -> None:
        told = io.StringIO()
        try:
            call_command("rebuild_flows", "--check", stdout=told, stderr=told)
        except SystemExit:
            pytest.fail(f"a rebuild differs from living through it: {told.getvalue()[:2000]}")

    return check
