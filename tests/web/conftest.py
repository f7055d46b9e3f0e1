"""Pages are tested at one moment, so that what they say of dates stays."""

from collections.abc import Iterator

import pytest
from drawn import NOON

from visibility.core import clock


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.at(NOON):
        yield
