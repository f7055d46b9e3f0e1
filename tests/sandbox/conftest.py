"""One scenario for all tests of the sandbox."""

from datetime import UTC, datetime

import pytest

from integrations.sandbox import SandboxDocument, documents
from integrations.sandbox.scenario import Scenario, build_scenario

ANCHOR = datetime(2026, 11, 23, 16, 42, tzinfo=UTC)
SEED = 7


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    return build_scenario(seed=SEED, anchor=ANCHOR)


@pytest.fixture(scope="session")
def sent() -> list[SandboxDocument]:
    return list(documents(seed=SEED, anchor=ANCHOR))


@pytest.fixture(scope="session")
def whole(sent: list[SandboxDocument]) -> list[SandboxDocument]:
    """The documents that arrived whole."""
    return [document for document in sent if not document.name.endswith("_part.x12")]
