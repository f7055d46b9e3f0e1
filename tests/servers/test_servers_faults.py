"""What is killed, deleted or left over, and how the servers come back."""

import os
import shutil
import signal
import subprocess
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import redis
from server_project import LIMIT, Project, finish, kill, read_answer

from visibility.servers import waiting
from visibility.servers.locks import is_held
from visibility.servers.processes import read_command
from visibility.servers.waiting import wait_until

needs_proc = pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds processes through /proc")


def test_a_killed_parent_leaves_nothing_running(project: Project) -> None:
    process = project.open()
    read_answer(process)
    assert wait_until(lambda: project.is_watched(process.pid), what="the watchdog", at_most=LIMIT)
    kill(process)
    finish(process)
    assert project.becomes_quiet()


def test_a_parent_killed_before_the_watchdog_had_a_look_leaves_nothing_running(project: Project) -> None:
    process = project.open()
    read_answer(process)
    kill(process)
    finish(process)
    assert project.becomes_quiet()


def test_whoever_else_uses_the_servers_keeps_them_when_their_starter_is_killed(project: Project) -> None:
    parent = project.open()
    started = read_answer(parent)
    assert wait_until(lambda: project.is_watched(parent.pid), what="the watchdog", at_most=LIMIT)
    with project.held() as (second, _):
        kill(parent)
        finish(parent)
        assert wait_until(lambda: project.is_watched(second.pid), what="the watchdog", at_most=LIMIT)
        assert project.supervisor.postgres.find() == started["postgres"]
    assert project.becomes_quiet()


def test_a_parent_killed_while_it_makes_the_database_leaves_no_half_of_one(new_project: Project) -> None:
    process = new_project.open()
    data = new_project.supervisor.places.data
    assert wait_until(lambda: any(data.glob("postgres.new-*")), what="initdb", at_most=LIMIT)
    kill(process)
    finish(process)
    with new_project.held(), psycopg.connect(new_project.addresses.database_url) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("throughline_app",)
    assert new_project.becomes_quiet()
    assert not list(data.glob("postgres.new-*"))


@needs_proc
def test_a_killed_watchdog_is_replaced(project: Project) -> None:
    with project.held():
        _kill_watchdog(project)
        process = project.open()
        read_answer(process)
        assert is_held(project.supervisor.watchdog_lifetime)
        kill(process)
        finish(process)
    assert project.becomes_quiet()


@needs_proc
def test_without_a_watchdog_the_last_one_out_still_stops_the_servers(project: Project) -> None:
    with project.held():
        _kill_watchdog(project)
    assert project.becomes_quiet()


def test_a_killed_postmaster_is_started_again_with_all_that_was_committed(project: Project) -> None:
    with project.held() as (_, first):
        with psycopg.connect(project.addresses.owner_url) as owner:
            owner.execute(
                "DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number"
            )
        os.kill(first["postgres"], signal.SIGKILL)
        with project.held() as (_, second):
            assert second["postgres"] != first["postgres"]
            with psycopg.connect(project.addresses.database_url) as connection:
                assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


@needs_proc
def test_a_backend_that_outlives_its_killed_postmaster_does_not_prevent_the_start(project: Project) -> None:
    with project.held() as (_, first), closing(psycopg.connect(project.addresses.database_url)) as busy:
        busy.pgconn.send_query(b"DO $$BEGIN LOOP END LOOP; END$$")
        assert wait_until(lambda: _is_busy(project), what="a busy backend", at_most=LIMIT)
        os.kill(first["postgres"], signal.SIGKILL)
        with project.held() as (_, second), psycopg.connect(project.addresses.database_url) as again:
            assert second["postgres"] != first["postgres"]
            assert again.execute("SELECT 1").fetchone() == (1,)


def test_a_killed_valkey_is_started_again_with_all_it_was_told(project: Project) -> None:
    with project.held() as (_, first):
        with redis.Redis.from_url(project.addresses.redis_url) as client:
            client.rpush("queue", "a", "b")
        os.kill(first["valkey"], signal.SIGKILL)
        with project.held() as (_, second), redis.Redis.from_url(project.addresses.redis_url) as client:
            assert second["valkey"] != first["valkey"]
            assert client.lrange("queue", 0, -1) == [b"a", b"b"]


def test_a_stale_pid_file_that_names_another_process_is_seen_through(project: Project) -> None:
    found = project.supervisor
    # A living process of the servers' own user: the case in which PostgreSQL itself refuses to start.
    account = found.places.account
    stranger = subprocess.Popen(
        ["sleep", "600"], user=account.uid if account else None, start_new_session=True
    )
    try:
        stale = f"{stranger.pid}\n{found.places.cluster}\n0\n5432\n\n\n  1 1\nready   \n"
        for server in found.servers:
            for path in (server.lifetime, *server.pid_files):
                path.write_text(stale)
                os.chown(path, *((account.uid, account.gid) if account else (-1, -1)))
            assert server.find() is None
        with project.held() as (_, answer), psycopg.connect(project.addresses.database_url) as connection:
            assert answer["postgres"] not in (None, stranger.pid)
            assert answer["valkey"] not in (None, stranger.pid)
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert project.becomes_quiet()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize("content", ["", "rubbish\n"])
def test_a_pid_file_without_a_number_does_not_prevent_the_start(project: Project, content: str) -> None:
    pid_file = project.supervisor.places.cluster / "postmaster.pid"
    pid_file.write_text(content)
    with project.held() as (_, answer):
        assert answer["postgres"] is not None


def test_servers_whose_sockets_were_deleted_are_started_again(project: Project) -> None:
    with project.held() as (_, first):
        shutil.rmtree(project.supervisor.places.sockets)
        with project.held() as (_, second), psycopg.connect(project.addresses.database_url) as connection:
            assert set(first.values()).isdisjoint(second.values())
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_servers_whose_data_were_deleted_are_not_taken_for_running(new_project: Project) -> None:
    with new_project.held() as (_, first):
        places = new_project.supervisor.places
        for folder in (places.state, places.data):
            shutil.rmtree(folder, ignore_errors=True)
        with (
            new_project.held() as (_, second),
            psycopg.connect(new_project.addresses.database_url) as connection,
        ):
            assert set(first.values()).isdisjoint(second.values())
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert new_project.becomes_quiet()


def test_deleting_everything_ends_what_was_running_with_its_last_user(new_project: Project) -> None:
    with new_project.held() as (_, first):
        places = new_project.supervisor.places
        for folder in (places.state, places.data):
            shutil.rmtree(folder, ignore_errors=True)
    assert wait_until(
        lambda: not any(read_command(pid) for pid in first.values()), what="the servers to end", at_most=LIMIT
    )


def test_a_server_that_cannot_start_says_why(project: Project) -> None:
    version = project.supervisor.places.cluster / "PG_VERSION"
    before = version.read_text()
    version.write_text("9\n")
    try:
        done = project.call("start", code=1)
        assert "PostgreSQL did not start" in done.stderr
        assert "incompatible" in done.stderr
        assert project.becomes_quiet()
    finally:
        version.write_text(before)


def test_waiting_has_no_limit_but_tells_of_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(waiting, "LINE_EVERY", 0.0)
    answers = iter([False, False, True])
    assert wait_until(lambda: next(answers), what="recovery")
    shown = capsys.readouterr()
    assert shown.err.count("Waiting for recovery") == 2
    assert shown.out == ""


def _kill_watchdog(project: Project) -> None:
    lifetime = project.supervisor.watchdog_lifetime
    marks = [
        int(entry.name)
        for entry in Path("/proc").glob("[0-9]*")
        if "watch" in read_command(int(entry.name)) and _state_of(entry) == os.fspath(project.state)
    ]
    assert len(marks) == 1
    os.kill(marks[0], signal.SIGKILL)
    assert wait_until(lambda: not is_held(lifetime), what="the watchdog to end", at_most=LIMIT)


def _state_of(entry: Path) -> str:
    settings = (entry / "environ").read_bytes().split(b"\0")
    values = [os.fsdecode(word) for word in settings if word.startswith(b"VISIBILITY_STATE_DIR=")]
    return values[0].partition("=")[2] if values else ""


def _is_busy(project: Project) -> bool:
    with psycopg.connect(project.addresses.owner_url) as owner:
        row = owner.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'throughline_app' AND state = 'active'"
        ).fetchone()
    return row == (1,)
