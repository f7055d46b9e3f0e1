"""What these tests share: nothing that a process remembers of one database may reach the next."""

import pytest

from visibility.masterdata.resolve import forget_kept


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget_kept()
