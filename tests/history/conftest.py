"""What the tests of histories share: files written, imports run, the ledger looked at."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.factories import connection
from visibility.inbox import work
from visibility.inbox.models import Connection
from visibility.ledger.models import LedgerEntry
from visibility.masterdata.resolve import forget_kept

SIMPLE = """
name = "simple"
[row]
id = "id"
[fields]
"order.number" = "po"
"lines.line" = "line"
[[document]]
type = "order.placed"
time = "at"
[document.fields]
"lines.quantity" = "qty"
"""
HEAD = "id,po,line,qty,at\n"


class Desk:
    """Somebody at a shell, in a folder of files."""

    def __init__(self, folder: Path, connection: Connection) -> None:
        self.folder = folder
        self.connection = connection
        self.told = ""
        self.failed = ""

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run(self, file: str, mapping: str = SIMPLE, **options: Any) -> str:
        """Import a file; its standard output. `told` and `failed` keep what it said beside."""
        self.write("mapping.toml", mapping)
        out, err = io.StringIO(), io.StringIO()
        self.failed = ""
        try:
            call_command(
                "import_history",
                str(self.folder / file),
                mapping=self.folder / "mapping.toml",
                connection=self.connection.name,
                stdout=out,
                stderr=err,
                **options,
            )
        except CommandError as error:
            self.failed = str(error)
        self.told = err.getvalue()
        return out.getvalue()

    def bring(self, file: str, mapping: str = SIMPLE, **options: Any) -> dict[str, Any]:
        """Import a file with --json; its figures without the seconds, which nobody can foresee."""
        lines = self.run(file, mapping, as_json=True, **options).splitlines()
        assert self.failed or lines, self.told
        figures: dict[str, Any] = json.loads(lines[-1]) if lines else {}
        assert figures.pop("seconds", 0) >= 0
        return figures

    def run_on(self, file: Path, mapping: str, **options: Any) -> dict[str, Any]:
        """Import a file of another folder; the object it answers with."""
        told: dict[str, Any] = json.loads(self.run(str(file), mapping, **options))
        return told

    def unusable(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")


@pytest.fixture
def desk(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    forget_kept()
    monkeypatch.setattr(work, "RETRY_AFTER", ())
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, connection(tier="realtime", on_unknown="hold", witness="erp"))


@pytest.fixture
def ledger() -> Callable[[], list[tuple[Any, ...]]]:
    """All entries as they say themselves, in a fixed order, whatever message brought them."""

    def entries() -> list[tuple[Any, ...]]:
        rows = LedgerEntry.objects.order_by("event_id", "position")
        return list(rows.values_list("event_id", "type", "envelope_at", "control", "document", "explicit_id"))

    return entries


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
