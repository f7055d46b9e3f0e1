"""Parts of histories to canonical documents: one unit a row."""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from integrations.formats.flatfile.form import FlatFileError
from integrations.formats.flatfile.rows import Row, columns_of, head_of, read_csv, read_json
from integrations.mappings.history.cells import each_by_path
from integrations.mappings.history.grammar import Mapping, read_mapping
from integrations.mappings.history.plan import Plan
from integrations.mappings.history.used import columns_used
from integrations.mappings.history.values import RowError
from visibility.core.errors import InputError
from visibility.inbox.ports import Guidance, Problem, Reply, Translated, Unit, VerbatimMessage

UNUSABLE = "unusable_row"
SKIPPED = Unit(skipped=True)
MOST_OF_A_ROW = 999
"""Documents of one unit are numbered with three digits."""
NAME = "mapping"
"""What a mapping is called in errors once its file's name is of no use any more."""


class HistoryTranslator:
    """Each row is a unit, used or refused by itself. The mapping comes with the message's guidance."""

    def translate(self, message: VerbatimMessage) -> Iterator[Unit]:
        guidance = message.guidance
        if guidance is None:
            yield _refused("no_mapping", "These are rows without a mapping; bring them by import_history.")
            return
        try:
            plan, rows = open_part(message.body, guidance.mapping, as_of=guidance.as_of)
        except (InputError, FlatFileError) as error:
            yield _refused("invalid_mapping", str(error))
            return
        yield from units(plan, rows, guidance)

    def replies(self, message: VerbatimMessage) -> list[Reply]:
        return []


Told = tuple[Row, list[list[Any]]]
"""A row, and the cells of what it tells: of most files once, of lists in JSON once an element."""


def units(plan: Plan, rows: Iterator[Told], guidance: Guidance) -> Iterator[Unit]:
    """What the rows of a part become."""
    for number, (row, told) in enumerate(rows, start=guidance.first_row):
        where = f"row {number}, line {guidance.first_line + row.line}"
        if row.problem:
            yield _unusable(row.problem, where, row.column)
            continue
        try:
            documents = _documents(plan, told, guidance, number, where)
        except RowError as error:
            yield _unusable(error.text, where, error.column)
        else:
            yield Unit(documents=documents) if documents else SKIPPED


def _documents(
    plan: Plan, told: list[list[Any]], guidance: Guidance, number: int, where: str
) -> tuple[Translated, ...]:
    """The documents of a row; none where it has no text or is left out."""
    position = f"{guidance.file} row {number}"
    if len(told) == 1:
        return (
            plan.translate(told[0], source=guidance.source, position=position, where=where)
            if any(told[0])
            else ()
        )
    found: list[Translated] = []
    for place, cells in enumerate(told, start=1):
        found += plan.translate(cells, source=guidance.source, position=f"{position}/{place}", where=where)
    if len(found) > MOST_OF_A_ROW:
        raise RowError(f"this row makes {len(found)} documents; {MOST_OF_A_ROW} fit")
    return tuple(found)


def open_part(body: bytes, text: str, *, as_of: dt.date | None) -> tuple[Plan, Iterator[Told]]:
    """The plan for a part by a mapping's text, and its rows. InputError, FlatFileError where one is wrong."""
    mapping = _mapping(text)
    if mapping.file.format == "jsonl":
        paths = tuple(sorted(columns_used(mapping)))
        plan = _plan(text, paths, as_of)
        return plan, _objects(body, each_by_path(paths, mapping.row.each))
    head = head_of(body, mapping.file)
    columns = tuple(columns_of(head, mapping.file))
    rows = read_csv(body[len(head) :], mapping.file, columns)
    return _plan(text, columns, as_of), ((row, [row.cells]) for row in rows)


def _objects(body: bytes, take: Callable[[dict[str, Any]], list[list[Any]]]) -> Iterator[Told]:
    for row in read_json(body):
        told: list[list[Any]] = []
        try:
            told = take(row.cells[0])
        except RowError as error:
            row.problem, row.column = row.problem or error.text, error.column
        yield row, told


@lru_cache(maxsize=8)
def _mapping(text: str) -> Mapping:
    return read_mapping(text, name=NAME)[0]


@lru_cache(maxsize=8)
def _plan(text: str, columns: tuple[str, ...], as_of: dt.date | None) -> Plan:
    return Plan(_mapping(text), columns, name=NAME, as_of=as_of)


def _refused(code: str, text: str) -> Unit:
    return Unit(problems=(Problem(code=code, text=text),))


def _unusable(text: str, where: str, column: str) -> Unit:
    return Unit(
        problems=(Problem(code=UNUSABLE, text=text, where=f"{where}, column {column}" if column else where),)
    )
