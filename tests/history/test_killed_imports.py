"""An import that is killed again and again ends as one that was left in peace."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection as database

from tests.factories import connection
from tests.history.conftest import HEAD, SIMPLE
from visibility.flows.models import Flow, FlowLine
from visibility.inbox.models import Connection, HistoryPart
from visibility.ledger.models import LedgerEntry

IMPORTING = """
import os, signal, sys
import django
import psycopg

django.setup()
from django.core.management import call_command
from integrations.formats.flatfile import cutting
from visibility.inbox import work
from visibility.pipeline.history import importing

work.LEASE_SECONDS, importing.LOOK_EVERY, importing.AHEAD, cutting.PART_ROWS = 0.3, 0.05, 3, 7
die_at, path, mapping, connection, unusable = int(sys.argv[1]), *sys.argv[2:]
done, execute = 0, psycopg.Cursor.execute

def counted(*args, **more):
    global done
    done += 1
    if done == die_at:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(*args, **more)

psycopg.Cursor.execute = counted
call_command("import_history", path, mapping=mapping, connection=connection, unusable=unusable, as_json=True)
print(done)
"""


def _address() -> str:
    """The test's own database, as another process is told of it."""
    own = database.settings_dict
    parts = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT", "password": "PASSWORD"}
    return " ".join(f"{key}='{own[name]}'" for key, name in parts.items() if own[name])


class Runs:
    """Imports of one file, each in a process of its own."""

    def __init__(self, folder: Path, rows: str) -> None:
        self._folder = folder
        (folder / "rows.csv").write_text(rows)
        (folder / "mapping.toml").write_text(SIMPLE)

    def run(self, to: Connection, *, die_at: int = 0) -> tuple[dict[str, Any], int] | None:
        """The figures and how many statements it took; None if it died."""
        names = ("rows.csv", "mapping.toml")
        ended = subprocess.run(
            [
                sys.executable,
                "-c",
                IMPORTING,
                str(die_at),
                *(str(self._folder / name) for name in names),
                to.name,
                str(self.unusable_of(to)),
            ],
            env=os.environ | {"DATABASE_URL": _address(), "DJANGO_SETTINGS_MODULE": "visibility.settings"},
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode == -signal.SIGKILL:
            return None
        assert ended.returncode == 0, ended.stderr
        told, statements = ended.stdout.splitlines()[-2:]
        figures = json.loads(told)
        del figures["seconds"]
        return figures, int(statements)

    def unusable_of(self, to: Connection) -> Path:
        return self._folder / f"{to.name}.unusable.csv"


def _rows(dice: random.Random) -> str:
    """Rows of which some are told twice, some told twice otherwise, and some are no good."""
    found = []
    for number in range(120):
        quantity = "many" if dice.random() < 0.05 else str(dice.randrange(1, 9))
        found.append(f"e{number},PO-{number // 3},{number % 3 + 1},{quantity},2024-05-01T10:00:00Z")
        if dice.random() < 0.1:
            found.append(found[dice.randrange(len(found))])
        if dice.random() < 0.1:
            found.append(found[dice.randrange(len(found))].replace("2024-05-01", "2024-05-02"))
    return HEAD + "\n".join(found)


def _ledger(of: Connection) -> list[tuple[Any, ...]]:
    entries = LedgerEntry.objects.filter(connection_id=of.pk)
    return sorted(entries.values_list("type", "envelope_at", "control", "document"), key=str)


def _read_models(of: Connection) -> list[Any]:
    flows = Flow.objects.filter(company_id=of.company_id)
    lines = FlowLine.objects.filter(flow__in=flows).order_by("flow__number", "line")
    return [
        list(flows.order_by("number").values_list("number", "state", "stage", "entry_count", "open_cases")),
        list(lines.values_list("flow__number", "line", "ordered")),
    ]


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_statement_it_goes_on_to_the_same_end(
    tmp_path: Path, rebuilt_the_same: Callable[[], None]
) -> None:
    dice = random.Random(1)
    runs = Runs(tmp_path, _rows(dice))
    left_alone, killed = connection(name="left-alone"), connection(name="killed")
    done = runs.run(left_alone)
    assert done is not None
    figures, statements = done
    assert figures["unusable"] > 3
    assert figures["duplicates"] > 3
    for _ in range(4):
        assert runs.run(killed, die_at=dice.randrange(5, statements // 2)) is None
    assert HistoryPart.objects.filter(history__connection=killed).exists()
    assert runs.run(killed) is not None
    again = runs.run(killed)
    assert again is not None
    assert again[0]["entries"] == 0
    assert _ledger(killed) == _ledger(left_alone)
    assert _read_models(killed) == _read_models(left_alone)
    rebuilt_the_same()


@pytest.mark.django_db(transaction=True)
def test_the_run_that_ends_it_tells_the_figures_and_the_unusable_rows_of_the_whole(tmp_path: Path) -> None:
    dice = random.Random(3)
    runs = Runs(tmp_path, _rows(dice))
    left_alone, killed = connection(name="left-alone"), connection(name="killed")
    done = runs.run(left_alone)
    assert done is not None
    figures, statements = done
    for _ in range(3):
        assert runs.run(killed, die_at=dice.randrange(statements // 8, statements // 4)) is None
    ended = runs.run(killed)
    assert ended is not None
    assert ended[0] == figures
    reasons = [
        [line.split(" (message ")[0] for line in runs.unusable_of(to).read_text().splitlines()]
        for to in (left_alone, killed)
    ]
    assert reasons[0] == reasons[1]
