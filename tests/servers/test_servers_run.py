"""What a user of the servers finds, and who starts and stops them."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis
from server_project import LIMIT, Project, finish, read_answer

from visibility import servers
from visibility.servers.addresses import addresses

FORKING_HOLDER = """
import os, sys
from visibility.servers import running
from visibility.servers.supervisor import find_supervisor
with running():
    child = os.fork()
    if child == 0:
        sys.exit(0)
    os.waitpid(child, 0)
    print(find_supervisor().postgres.is_ready(), flush=True)
"""

NESTING_HOLDER = """
from visibility.servers import running
from visibility.servers.supervisor import find_supervisor
with running():
    with running():
        pass
    print(find_supervisor().postgres.is_ready(), flush=True)
"""


# Comes twice, so that some come while others are leaving.
VISITOR = """
import psycopg
from visibility.servers import running
for _ in range(2):
    with running() as found, psycopg.connect(found.database_url) as connection:
        print(connection.execute("SELECT 1").fetchone()[0], flush=True)
"""


def test_the_application_may_write_what_the_owner_makes_and_no_more(project: Project) -> None:
    with project.held():
        with psycopg.connect(project.addresses.owner_url) as owner:
            owner.execute(
                "DROP TABLE IF EXISTS orders; CREATE TABLE orders (id bigserial PRIMARY KEY, number text)"
            )
        with psycopg.connect(project.addresses.database_url, autocommit=True) as application:
            application.execute("INSERT INTO orders (number) VALUES ('PO-1')")
            application.execute("UPDATE orders SET number = 'PO-2'")
            role = application.execute(
                "SELECT current_user, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute("TRUNCATE orders")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute("ALTER TABLE orders ADD COLUMN more text")
    assert role == ("throughline_app", False, False)


def test_an_index_serves_a_search_by_prefix_and_case_knows_unicode(project: Project) -> None:
    with project.held(), psycopg.connect(project.addresses.owner_url) as owner:
        owner.execute("DROP TABLE IF EXISTS orders; CREATE TABLE orders (number text)")
        owner.execute("CREATE INDEX orders_number ON orders (number)")
        owner.execute("SET enable_seqscan = off")
        plan = owner.execute("EXPLAIN SELECT * FROM orders WHERE number LIKE 'PO-1%'").fetchall()
        lower = owner.execute("SELECT lower('ÄÉ')").fetchone()
        shown = {name: owner.execute(f"SHOW {name}").fetchone() for name in ("jit", "fsync", "timezone")}
    assert "PO-1" in str(plan)
    assert "Index Cond" in str(plan)
    assert lower == ("äé",)
    assert shown == {"jit": ("off",), "fsync": ("on",), "timezone": ("UTC",)}


def test_a_cloned_database_keeps_the_privileges_and_is_dropped_while_in_use(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISIBILITY_STATE_DIR", os.fspath(project.state))
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    with project.held():
        with psycopg.connect(project.addresses.owner_url) as owner:
            owner.execute("DROP TABLE IF EXISTS orders; CREATE TABLE orders (number text)")
        servers.clone_database(template="throughline", name="a copy")
        with psycopg.connect(project.addresses.database_url, dbname="a copy") as application:
            application.execute("INSERT INTO orders VALUES ('PO-1')")
            servers.drop_database(name="a copy")
            with pytest.raises(psycopg.OperationalError):
                application.execute("SELECT 1")
        servers.drop_database(name="a copy")


def test_valkey_keeps_everything_it_was_told(project: Project) -> None:
    with project.held(), redis.Redis.from_url(project.addresses.redis_url) as client:
        settings = client.config_get("appendonly", "appendfsync", "maxmemory-policy", "port")
    assert settings == {
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "port": "0",
    }


def test_the_last_one_out_stops_the_servers(project: Project) -> None:
    first = project.open()
    started = read_answer(first)
    with project.held() as (_, adopted):
        finish(first)
        assert adopted == started
        assert project.supervisor.postgres.find() == started["postgres"]
        assert project.supervisor.valkey.find() == started["valkey"]
    assert project.becomes_quiet()


def test_two_processes_starting_at_once_share_one_pair_of_servers(project: Project) -> None:
    both = [project.open(), project.open()]
    answers = [read_answer(process) for process in both]
    for process in both:
        finish(process)
    assert answers[0] == answers[1]
    assert project.becomes_quiet()


def test_many_may_come_and_go_at_once(project: Project) -> None:
    processes = [project.open(VISITOR) for _ in range(6)]
    outputs = [process.communicate(timeout=LIMIT)[0] for process in processes]
    assert outputs == ["1\n1\n"] * 6
    assert project.becomes_quiet()


def test_a_second_project_has_servers_of_its_own(project: Project, new_project: Project) -> None:
    with project.held() as (_, ours):
        with new_project.held() as (_, theirs):
            assert set(ours.values()).isdisjoint(theirs.values())
        assert new_project.becomes_quiet()
        with psycopg.connect(project.addresses.database_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_forked_child_that_leaves_does_not_stop_its_parents_servers(project: Project) -> None:
    process = project.open(FORKING_HOLDER)
    output, _ = process.communicate(timeout=LIMIT)
    assert output == "True\n"
    assert project.becomes_quiet()


def test_an_inner_block_does_not_stop_the_outer_ones_servers(project: Project) -> None:
    output, _ = project.open(NESTING_HOLDER).communicate(timeout=LIMIT)
    assert output == "True\n"
    assert project.becomes_quiet()


def test_a_path_with_a_space_works(tmp_path: Path) -> None:
    project = Project(tmp_path / "state of my 'own'")
    try:
        with project.held(), psycopg.connect(project.addresses.database_url) as connection:
            with redis.Redis.from_url(project.addresses.redis_url) as client:
                assert client.ping()
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        project.remove()


def test_a_long_path_still_gives_a_short_socket(tmp_path: Path) -> None:
    found = addresses({"VISIBILITY_STATE_DIR": os.fspath(tmp_path / ("long" * 40))})
    assert len(found.redis_url) < 80
    assert found.embedded


def test_started_servers_stay_without_anybody_and_a_captured_output_ends(project: Project) -> None:
    started = project.call("start").stdout
    assert started.count("running, process") == 2
    assert "keep" in project.call("status").stdout
    with psycopg.connect(project.addresses.database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert project.call("start").stdout.count("Used by") == 1
    assert project.call("stop").stdout.count("not running") == 2
    assert project.becomes_quiet()


def test_stop_leaves_the_servers_to_those_who_use_them_unless_told_now(project: Project) -> None:
    with project.held():
        assert project.call("stop").stdout.count("running, process") == 2
        assert "in use" in project.call("delete", code=1).stderr
        assert project.call("stop", "--now").stdout.count("not running") == 2


def test_with_urls_in_the_environment_nothing_is_started(tmp_path: Path) -> None:
    urls = {"DATABASE_URL": "postgresql://somewhere/else", "REDIS_URL": "redis://somewhere"}
    project = Project(tmp_path / "state", extra=urls)
    code = "from visibility.servers import running\nwith running() as found: print(found.owner_url)"
    output, _ = project.open(code).communicate(timeout=LIMIT)
    assert output == "postgresql://somewhere/else\n"
    assert not project.state.exists()
    assert project.addresses.redis_url == project.addresses.broker_url == "redis://somewhere"


def test_a_server_named_in_the_environment_is_not_started_but_the_other_is(tmp_path: Path) -> None:
    project = Project(tmp_path / "state", extra={"DATABASE_URL": "postgresql://somewhere/else"})
    try:
        with project.held() as (_, found):
            assert found["postgres"] is None
            assert found["valkey"] is not None
    finally:
        project.remove()


def test_servers_inherit_no_setting_of_the_callers_environment(tmp_path: Path) -> None:
    hostile = {"PGPORT": "1", "PGDATA": "/nowhere", "PGHOST": "nowhere", "PGUSER": "nobody-known"}
    project = Project(tmp_path / "state", extra=hostile)
    code = (
        "import psycopg\nfrom visibility.servers import running\n"
        "with running() as found, psycopg.connect(found.database_url) as connection:\n"
        "    print(connection.execute('SELECT current_user').fetchone()[0])"
    )
    try:
        output, _ = project.open(code).communicate(timeout=LIMIT)
        assert output == "throughline_app\n"
    finally:
        project.remove()


def test_manage_py_gives_the_answer_alone_on_stdout(new_project: Project, tmp_path: Path) -> None:
    (tmp_path / "no_settings.py").write_text("SECRET_KEY = 'for this test'\nINSTALLED_APPS = []\n")
    path = os.pathsep.join([os.fspath(tmp_path), os.fspath(new_project.repository)])
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", "print('the answer')"],
        capture_output=True,
        text=True,
        env=new_project.environ | {"DJANGO_SETTINGS_MODULE": "no_settings", "PYTHONPATH": path},
        cwd=new_project.repository,
        timeout=LIMIT,
        check=True,
    )
    assert done.stdout == "the answer\n"
    assert "Making the database" in done.stderr
    assert new_project.becomes_quiet()
