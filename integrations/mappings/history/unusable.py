"""Rows that could not be used, in a file like the one they came from, to be corrected and fed again."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import IO

import msgspec

from integrations.formats.flatfile.form import Form
from integrations.formats.flatfile.records import csv_records, json_records
from integrations.formats.flatfile.rows import columns_of, head_of
from visibility.inbox.ports import Unusable

REASON, LINE, COLUMN = "import_reason", "import_line", "import_column"
ADDED = (REASON, LINE, COLUMN)
"""Columns of such a file that say what is wrong. A mapping reads none of them, so they do no harm."""
_json = msgspec.json.Decoder()


class UnusableRows:
    """Writes them: the rows verbatim, and after their cells the reason, the line in the file, the column."""

    def __init__(self, out: IO[bytes], form: Form) -> None:
        self._out = out
        self._form = form
        self._begun = False
        self.rows = 0

    def write(self, body: bytes, rows: Sequence[Unusable]) -> None:
        """Add rows of a part."""
        self.rows += len(rows)
        if self._form.format == "jsonl":
            self._write_json(body, rows)
        else:
            self._write_csv(body, rows)

    def _write_json(self, body: bytes, rows: Sequence[Unusable]) -> None:
        lines = [line for _, line in json_records(io.BytesIO(body))]
        for row in rows:
            line = lines[row.row]
            told = {REASON: row.text, LINE: row.line, COLUMN: row.column}
            try:
                found = _json.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                found = None
            if isinstance(found, dict):
                self._out.write(msgspec.json.encode({**found, **told}) + b"\n")
            else:  # nothing can be added to what is no object; it stands there as it came
                self._out.write(line)

    def _write_csv(self, body: bytes, rows: Sequence[Unusable]) -> None:
        head = head_of(body, self._form)
        columns = columns_of(head, self._form)
        again = [place for place, name in enumerate(columns) if name in ADDED]
        if not self._begun:
            self._begun = True
            for _ in range(self._form.skip_lines):
                self._out.write(b"\n")
            if self._form.header:
                names = next(self._cells(head))
                self._line([*_without(names, again), *ADDED])
        records = [record for _, record in csv_records(io.BytesIO(body[len(head) :]), self._form)]
        no_cells: list[str] = []
        for row in rows:
            cells = next(self._cells(records[row.row]), no_cells)
            self._line([*_without(cells, again), row.text, str(row.line), row.column])

    def _cells(self, record: bytes) -> Iterator[list[str]]:
        text = io.StringIO(record.decode(self._form.encoding, errors="surrogateescape"), newline="")
        if not self._form.quote:
            return csv.reader(text, delimiter=self._form.delimiter, quoting=csv.QUOTE_NONE)
        return csv.reader(text, delimiter=self._form.delimiter, quotechar=self._form.quote)

    def _line(self, cells: Sequence[str]) -> None:
        text = io.StringIO(newline="")
        if self._form.quote:
            csv.writer(text, delimiter=self._form.delimiter, quotechar=self._form.quote).writerow(cells)
        else:
            said = [cell.replace(self._form.delimiter, " ") for cell in cells[-len(ADDED) :]]
            text.write(self._form.delimiter.join([*cells[: -len(ADDED)], *said]) + "\r\n")
        self._out.write(text.getvalue().encode(self._form.encoding, errors="surrogateescape"))


def _without(cells: Sequence[str], places: Sequence[int]) -> list[str]:
    """The cells without those that an earlier file of this kind had added."""
    return [cell for place, cell in enumerate(cells) if place not in places]
