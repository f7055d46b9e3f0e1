"""The connector for tests keeps the contract too: what is tried on it holds for the others."""

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

import pytest
from connector_contract import TYPE, Bench, ConnectorContract

from integrations.connectors.memory.connector import MemoryConnector
from visibility.core.errors import InputError
from visibility.sync.ports import Connector, Delivery, FailureKind, Result

_names = itertools.count(1)


class MemoryBench(Bench):
    cannot: ClassVar[dict[str, str]] = {
        "go_away": "a system in this process is always there",
        "set_clock": "nothing is signed within a process",
        "overlap": "its pages are slices of one list",
    }

    def __init__(self) -> None:
        self.options = {"system": f"contract-{next(_names)}"}
        self.system = MemoryConnector(options=self.options, secret="").system

    def connector(self) -> Connector:
        return MemoryConnector(options=self.options, secret="")

    def effects(self) -> list[UUID]:
        return list(self.system.done)

    def refuse(self, why: str) -> None:
        self.system.refuses[TYPE] = why

    def _fail(self, result: Result, failure: FailureKind, *, after: bool, **more: dt.timedelta) -> None:
        self.system.faults.append((Delivery(result=result, failure=failure, **more), after))

    def be_slow(self) -> None:
        self._fail("unknown", "timeout", after=True)

    def throttle(self, seconds: int) -> None:
        self._fail("retry", "throttled", after=False, retry_after=dt.timedelta(seconds=seconds))

    def break_down(self) -> None:
        self._fail("retry", "unavailable", after=False)

    def drop_answer(self, *, after_effect: bool) -> None:
        self._fail("unknown", "dropped", after=after_effect)

    def talk_garbage(self) -> None:
        self._fail("unknown", "invalid", after=True)

    def tell(self, pages: Sequence[Sequence[bytes]]) -> None:
        self.system.changes += [each for page in pages for each in page]

    def tell_with_unknown_fields(self, events: Sequence[bytes]) -> None:
        self.system.changes += events


class TestMemory(ConnectorContract):
    @pytest.fixture
    def bench(self) -> MemoryBench:
        return MemoryBench()

    def test_changes_that_cannot_be_read_are_told_and_move_no_cursor(self, bench: Bench) -> None:
        found = bench.connector().read_changes(cursor="no number", limit=5)
        assert isinstance(found, Delivery)
        assert found.failure == "invalid"

    def test_a_system_without_a_name_is_refused(self) -> None:
        with pytest.raises(InputError):
            MemoryConnector(options={}, secret="")
