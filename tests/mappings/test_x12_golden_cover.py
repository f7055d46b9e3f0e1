"""Every element that a mapping looks at is filled in one of its golden documents at least.

A reader that remembers what it was asked for runs over the golden documents of each set: an element that
was asked for and never found is one whose meaning no golden document holds.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import SupportsIndex

import pytest

from integrations.formats.x12.parts import TransactionSet
from integrations.formats.x12.reader import read
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.registry import MAPPERS

GOLDEN = Path(__file__).parents[1] / "golden" / "x12"
Element = tuple[str, int]


class Remembered:
    """Which elements of a set were looked at, and which of them held something."""

    def __init__(self) -> None:
        self.asked: set[Element] = set()
        self.found: set[Element] = set()

    def note(self, tag: str, element: int, value: str) -> None:
        self.asked.add((tag, element))
        if value.strip():
            self.found.add((tag, element))


class RememberingRow(list[str]):
    """A segment that tells which of its elements are looked at."""

    def __init__(self, row: list[str], remembered: Remembered) -> None:
        super().__init__(row)
        self.remembered = remembered

    def __getitem__(self, place):  # type: ignore[no-untyped-def]
        value = super().__getitem__(place)
        if isinstance(place, SupportsIndex) and int(place) > 0:
            self.remembered.note(super().__getitem__(0), int(place), value)
        return value


class RememberingReader(SetReader):
    """Reads as the mappings' reader does. An element that the segment does not have counts as asked, too."""

    def __init__(self, transaction: TransactionSet, remembered: Remembered) -> None:
        super().__init__(transaction)
        self.remembered = remembered

    def rows(self, start: int = 0, end: int | None = None) -> Iterator[list[str]]:
        for row in super().rows(start, end):
            self.row = RememberingRow(row, self.remembered)
            yield self.row

    def raw(self, element: int) -> str:
        value = super().raw(element)
        self.remembered.note(self.row[0], element, value)
        return value

    def text(self, element: int) -> str:
        value = super().text(element)
        self.remembered.note(self.row[0], element, value)
        return value


@pytest.fixture(scope="module")
def remembered() -> dict[str, Remembered]:
    """By set, what its mapping asked its golden documents for."""
    by_set: dict[str, Remembered] = defaultdict(Remembered)
    for path in sorted(GOLDEN.glob("*.edi")):
        for part in read(path.read_bytes()):
            if isinstance(part, TransactionSet) and part.code in MAPPERS:
                MAPPERS[part.code](RememberingReader(part, by_set[part.code]))
    return by_set


@pytest.mark.parametrize("code", sorted(MAPPERS))
def test_golden_documents_fill_every_element_that_the_mapping_reads(
    code: str, remembered: dict[str, Remembered]
) -> None:
    of_set = remembered[code]
    assert of_set.found
    missing = sorted(f"{tag}{element:02d}" for tag, element in of_set.asked - of_set.found)
    assert not missing, f"no golden document of the {code} fills {' '.join(missing)}"
