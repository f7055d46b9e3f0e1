"""Which commands of manage.py come with the servers."""

import importlib.util

import pytest

from visibility.servers.places import REPOSITORY

_spec = importlib.util.spec_from_file_location("manage_for_tests", REPOSITORY / "manage.py")
assert _spec is not None
assert _spec.loader is not None
manage = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(manage)


ALONE = ["", "help", "help migrate", "--version", "version", "check", "check --deploy", "migrate --help"]
WRITING_FILES = ["makemigrations --check", "makemigrations --check --dry-run", "collectstatic --noinput"]
WITH_SERVERS = ["migrate", "runserver", "ingest file.edi", "trace PO-1 --json", "shell", "makemigrations"]


@pytest.mark.parametrize("line", [*ALONE, *WRITING_FILES])
def test_a_command_that_reads_no_database_starts_nothing(line: str) -> None:
    assert not manage.needs_servers(line.split())


@pytest.mark.parametrize("line", [*WITH_SERVERS, "check --database default"])
def test_every_other_command_comes_with_the_servers(line: str) -> None:
    assert manage.needs_servers(line.split())
