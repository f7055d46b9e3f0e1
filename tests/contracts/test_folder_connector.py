"""Files in folders: whole or not at all, once, and read in the order of their names."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar
from uuid import UUID

import pytest
from connector_contract import Bench, ConnectorContract, command, event

from integrations.connectors.folder.connector import FolderConnector
from visibility.core.errors import InputError
from visibility.sync.ports import ChangePage, Connector


class FolderBench(Bench):
    cannot: ClassVar[dict[str, str]] = {
        "refuse": "a folder takes any file; the system's answer is tried below",
        "be_slow": "nobody answers",
        "throttle": "nobody answers",
        "break_down": "nobody answers",
        "drop_answer": "nobody answers",
        "talk_garbage": "a file that cannot be read is tried below",
        "set_clock": "nothing is signed",
        "overlap": "a name is there once",
    }

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.options = {name: str(folder / name) for name in ("out", "done", "in")}
        for name in self.options:
            (folder / name).mkdir()

    def connector(self) -> Connector:
        return FolderConnector(options=self.options, secret="")

    def effects(self) -> list[UUID]:
        return sorted(UUID(each.stem) for name in ("out", "done") for each in (self.folder / name).iterdir())

    def go_away(self) -> None:
        for name in self.options:
            (self.folder / name).rename(self.folder / f"{name}-away")

    def come_back(self) -> None:
        for name in self.options:
            (self.folder / f"{name}-away").rename(self.folder / name)

    def tell(self, pages: Sequence[Sequence[bytes]]) -> None:
        self.tell_with_unknown_fields([each for page in pages for each in page])

    def tell_with_unknown_fields(self, events: Sequence[bytes]) -> None:
        for number, body in enumerate(events):
            (self.folder / "in" / f"{number:06}.json").write_bytes(body)


class TestFolder(ConnectorContract):
    @pytest.fixture
    def bench(self, tmp_path: Path) -> FolderBench:
        return FolderBench(tmp_path)

    def test_what_was_taken_away_is_not_written_again_and_its_answer_counts(self, bench: FolderBench) -> None:
        asked = command()
        bench.connector().send(asked)
        written = bench.folder / "out" / f"{asked.id}.json"
        assert json.loads(written.read_text())["data"] == asked.data
        written.rename(bench.folder / "done" / written.name)
        assert bench.connector().send(asked).result == "delivered"
        assert not written.exists()
        answer = {"state": "refused", "text": "Line 10 is closed here."}
        (bench.folder / "done" / written.name).write_text(json.dumps(answer))
        found = bench.connector().read_back(asked)
        assert (found.result, found.text) == ("refused", "Line 10 is closed here.")

    def test_a_writer_that_dies_leaves_nothing_that_looks_like_a_command(
        self, bench: FolderBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def die(_: int) -> None:
            raise OSError("the disk is full")

        monkeypatch.setattr(os, "fsync", die)
        asked = command()
        assert bench.connector().send(asked).result == "retry"
        assert not list((bench.folder / "out").glob("*.json"))
        monkeypatch.undo()
        assert bench.connector().send(asked).result == "delivered"

    def test_a_file_that_is_no_event_is_told_and_holds_the_cursor(self, bench: FolderBench) -> None:
        bench.tell([[event(1), b"{half", event(3)]])
        (bench.folder / "in" / ".000009.json").write_text("a name no reader looks at")
        first = bench.connector().read_changes(cursor="", limit=1)
        assert isinstance(first, ChangePage)
        assert (first.events, first.cursor, first.more) == ((event(1),), "000000.json", True)
        found = bench.connector().read_changes(cursor=first.cursor, limit=5)
        assert not isinstance(found, ChangePage)
        assert "000001.json" in found.text

    def test_one_folder_may_hold_all_three(self, tmp_path: Path) -> None:
        own = FolderConnector(options={"folder": str(tmp_path)}, secret="")
        asked = command()
        assert own.send(asked).result == "delivered"
        assert (tmp_path / "out" / f"{asked.id}.json").exists()
        assert own.read_changes(cursor="", limit=5) == ChangePage(events=(), cursor="")

    @pytest.mark.parametrize("options", [{}, {"out": "relative"}, {"out": 3}])
    def test_a_folder_that_is_not_named_wholly_is_refused(self, options: dict[str, object]) -> None:
        with pytest.raises(InputError) as refused:
            FolderConnector(options=options, secret="")
        assert refused.value.where == "out"
