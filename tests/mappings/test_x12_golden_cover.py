"""Every element that a mapping looks at is filled in one of its golden documents at least.

A reader that remembers what it was asked for runs over the golden documents of each set, and over the same
with an empty segment of every kind put in at every place, so that a segment which no golden document has is
asked for, too. An element that was asked for and never found is one whose meaning no golden document holds.
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import SupportsIndex

import pytest

import integrations.mappings.x12
from integrations.formats.x12.parts import TransactionSet
from integrations.formats.x12.reader import read
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.registry import MAPPERS

GOLDEN = Path(__file__).parents[1] / "golden" / "x12"
MAPPINGS = Path(integrations.mappings.x12.__file__).parent
READ_ALIKE = frozenset({"N1", "REF", "N9", "DTM"})
"""Segments that one reader takes for all sets, also for those that do not have them: once is enough."""
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


def segment_names() -> list[str]:
    """What may be the name of a segment in the mappings; that some are codes does no harm."""
    sources = "".join(path.read_text() for path in MAPPINGS.glob("*.py"))
    return sorted(set(re.findall(r'"([A-Z][A-Z0-9]{1,2})"', sources)) - {"ST", "SE", "HL"})


def with_empty_segments(transaction: TransactionSet, names: list[str]) -> Iterator[TransactionSet]:
    """The set with an empty segment of every kind at one place, for each place."""
    for place in range(2, len(transaction.segments)):
        segments = [*transaction.segments[:place], *names, *transaction.segments[place:]]
        offsets = array("q", [0] * len(segments))
        yield TransactionSet(
            group=transaction.group,
            code=transaction.code,
            control=transaction.control,
            segments=segments,
            offsets=offsets,
        )


@pytest.fixture(scope="module")
def remembered() -> dict[str, Remembered]:
    """By set, what its mapping asked its golden documents for."""
    by_set: dict[str, Remembered] = defaultdict(Remembered)
    names = segment_names()
    for path in sorted(GOLDEN.glob("*.edi")):
        for part in read(path.read_bytes()):
            if not isinstance(part, TransactionSet) or part.code not in MAPPERS:
                continue
            own = by_set[part.code]
            MAPPERS[part.code](RememberingReader(part, own))
            if part.hierarchy is None:  # a tree of levels is found by its places: nothing may come between
                for probe in with_empty_segments(part, names):
                    MAPPERS[part.code](RememberingReader(probe, own))
    return by_set


@pytest.mark.parametrize("code", sorted(MAPPERS))
def test_golden_documents_fill_every_element_that_the_mapping_reads(
    code: str, remembered: dict[str, Remembered]
) -> None:
    of_set = remembered[code]
    assert of_set.found
    alike = {one for other in remembered.values() for one in other.found if one[0] in READ_ALIKE}
    missing = sorted(f"{tag}{element:02d}" for tag, element in of_set.asked - of_set.found - alike)
    assert not missing, f"no golden document of the {code} fills {' '.join(missing)}"
