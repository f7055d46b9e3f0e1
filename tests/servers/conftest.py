"""Projects for the tests of the servers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from server_project import Project


@pytest.fixture
def new_project(tmp_path: Path) -> Iterator[Project]:
    """A project that nothing was ever started for."""
    made = Project(tmp_path / "state")
    yield made
    made.remove()


@pytest.fixture(scope="session")
def made_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """One whose database was made already; making one takes as long as most tests do."""
    made = Project(tmp_path_factory.mktemp("servers") / "state")
    with made.held():
        pass
    yield made
    made.remove()


@pytest.fixture
def project(made_project: Project) -> Iterator[Project]:
    """A project with a database, and nothing running."""
    assert made_project.becomes_quiet()
    yield made_project
    made_project.supervisor.stop_now()
