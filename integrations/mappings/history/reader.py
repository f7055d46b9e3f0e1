"""A history's file and its mapping, as the import asks for them."""

import datetime as dt
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from integrations.formats.flatfile.cutting import cut, header_of
from integrations.formats.flatfile.form import FlatFileError
from integrations.formats.flatfile.rows import columns_of, read_json
from integrations.formats.flatfile.source import open_source
from integrations.mappings.history.cells import each_by_path
from integrations.mappings.history.grammar import Mapping, read_mapping
from integrations.mappings.history.plan import Plan
from integrations.mappings.history.translator import open_part, units
from integrations.mappings.history.unusable import UnusableRows
from integrations.mappings.history.used import columns_used
from integrations.mappings.history.values import RowError
from visibility.core.errors import InputError
from visibility.inbox.ports import Guidance, HistoryPart, HistoryPlan, Unit

_LOOKED_AT = 1000
"""Objects of a JSON Lines file in which each path of the mapping is looked for."""


class TomlHistoryReader:
    """Reads histories by mappings written in TOML."""

    def plan(self, *, path: Path, mapping: str, mapping_name: str) -> HistoryPlan:
        """The mapping made ready for the file. InputError, located, where either is wrong."""
        return _FilePlan(path, mapping, mapping_name)


class _FilePlan:
    """A mapping that fits its file."""

    def __init__(self, path: Path, text: str, mapping_name: str) -> None:
        self._path, self._text = path, text
        self._mapping, self.fingerprint = read_mapping(text, name=mapping_name)
        self._columns = _columns(path, self._mapping)
        Plan(self._mapping, self._columns, name=mapping_name, as_of=None)
        self.name = self._mapping.name
        self.content_type = f"application/vnd.throughline.history+{self._mapping.file.format}"
        self.notes = _unseen(path, self._mapping)
        self.suffix = f".{self._mapping.file.format}"

    def parts(self) -> Iterator[HistoryPart]:
        """The file in parts, the same on every run. InputError, located, where it cannot be read on."""
        with open_source(self._path) as source:
            try:
                for part in cut(source, self._mapping.file):
                    yield HistoryPart(
                        number=part.number,
                        first_row=part.first_row,
                        first_line=part.first_line,
                        rows=part.rows,
                        body=part.body,
                        taken=source.taken,
                    )
            except FlatFileError as error:
                raise _input_error(self._path, error) from error

    def units_of(self, part: HistoryPart, *, as_of: dt.date) -> Iterator[Unit]:
        """What the rows of a part would become."""
        plan, rows = open_part(part.body, self._text, as_of=as_of)
        guidance = Guidance(
            mapping=self._text,
            as_of=as_of,
            source=self.name,
            file=self._path.name,
            first_row=part.first_row,
            first_line=part.first_line,
        )
        return units(plan, rows, guidance)

    @contextmanager
    def _open_unusable(self, path: Path) -> Iterator[UnusableRows]:
        with path.open("wb") as out:
            yield UnusableRows(out, self._mapping.file)

    def keep_unusable(self, path: Path) -> AbstractContextManager[Any]:
        """Opens a file for unusable rows; what it gives has `write(body, rows)` for those of each part."""
        return self._open_unusable(path)


def _columns(path: Path, mapping: Mapping) -> list[str]:
    """The columns of the file: of JSON Lines, whatever the mapping asks for."""
    if mapping.file.format == "jsonl":
        return sorted(columns_used(mapping))
    try:
        with open_source(path) as source:
            return columns_of(header_of(source, mapping.file), mapping.file)
    except FlatFileError as error:
        raise _input_error(path, error) from error


def _unseen(path: Path, mapping: Mapping) -> tuple[str, ...]:
    """A note of each path that none of the first objects of a JSON Lines file has: it may be misspelt."""
    if mapping.file.format != "jsonl":
        return ()
    paths = sorted(columns_used(mapping))
    take, unseen = each_by_path(paths, mapping.row.each), set(paths)
    try:
        with open_source(path) as source:
            for line in islice(source, _LOOKED_AT):
                for row in read_json(line):
                    for cells in take(row.cells[0]):
                        unseen -= {name for name, cell in zip(paths, cells, strict=True) if cell is not None}
    except (FlatFileError, RowError):
        return ()  # whoever reads the file is told
    return tuple(f'None of the first {_LOOKED_AT} objects has "{name}".' for name in sorted(unseen))


def _input_error(path: Path, error: FlatFileError) -> InputError:
    where = f"{path.name}, line {error.line}" if error.line else path.name
    return InputError("unreadable_file", error.text, where)
