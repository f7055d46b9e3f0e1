"""Parts of histories to canonical documents: one unit a row."""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache

from integrations.formats.flatfile.form import FlatFileError
from integrations.formats.flatfile.rows import Row, columns_of, head_of, read_csv, read_json
from integrations.mappings.history.cells import by_path
from integrations.mappings.history.grammar import Mapping, read_mapping
from integrations.mappings.history.plan import Plan
from integrations.mappings.history.used import columns_used
from integrations.mappings.history.values import RowError
from visibility.core.errors import InputError
from visibility.inbox.ports import Guidance, Problem, Reply, Unit, VerbatimMessage

UNUSABLE = "unusable_row"
SKIPPED = Unit(skipped=True)
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


def units(plan: Plan, rows: Iterator[Row], guidance: Guidance) -> Iterator[Unit]:
    """What the rows of a part become."""
    for number, row in enumerate(rows, start=guidance.first_row):
        where = f"row {number}, line {guidance.first_line + row.line}"
        if row.problem:
            yield _unusable(row.problem, where, row.column)
            continue
        if not any(row.cells):
            yield SKIPPED
            continue
        try:
            documents = plan.translate(
                row.cells, source=guidance.source, position=f"{guidance.file} row {number}", where=where
            )
        except RowError as error:
            yield _unusable(error.text, where, error.column)
        else:
            yield Unit(documents=documents) if documents else SKIPPED


def open_part(body: bytes, text: str, *, as_of: dt.date | None) -> tuple[Plan, Iterator[Row]]:
    """The plan for a part by a mapping's text, and its rows. InputError, FlatFileError where one is wrong."""
    mapping = _mapping(text)
    if mapping.file.format == "jsonl":
        paths = tuple(sorted(columns_used(mapping)))
        plan = _plan(text, paths, as_of)
        take = by_path(paths)
        return plan, (Row(row.line, take(row.cells[0]), row.problem, row.column) for row in read_json(body))
    head = head_of(body, mapping.file)
    columns = tuple(columns_of(head, mapping.file))
    return _plan(text, columns, as_of), read_csv(body[len(head) :], mapping.file, columns)


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
