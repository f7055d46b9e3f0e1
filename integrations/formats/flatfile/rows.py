"""The rows of a part: texts by column for CSV, an object for JSON Lines."""

import csv
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from integrations.formats.flatfile.form import FlatFileError, Form
from integrations.formats.flatfile.records import csv_records

_json = msgspec.json.Decoder(float_hook=Decimal)
_UNDECODED = range(0xDC80, 0xDD00)
"""What bytes that are no character become by "surrogateescape"."""


class Row(Struct, gc=False):
    """A row of a part. `line` counts from 0 at the part's first row.

    `cells` are its texts by column; of JSON Lines, the object alone. `problem` says why it cannot be read,
    `column` where.
    """

    line: int
    cells: list[Any]
    problem: str = ""
    column: str = ""


def columns_of(head: bytes, form: Form) -> list[str]:
    """The names of a CSV file's columns; those that stand there twice are "Name#1" and "Name#2".

    FlatFileError where the header is not in the encoding the form says.
    """
    if not form.header:
        return list(form.columns)
    try:
        text = head.decode(form.encoding)
    except UnicodeDecodeError as error:
        raise FlatFileError(f"the header line is not {form.encoding}: {error.reason}", 1) from error
    names = [name.strip() for name in next(_reader(text, form), [])]
    return [
        f"{name}#{names[:index].count(name) + 1}" if names.count(name) > 1 else name
        for index, name in enumerate(names)
    ]


def head_of(body: bytes, form: Form) -> bytes:
    """The header line of a part."""
    if not form.header or form.format != "csv":
        return b""
    return next(csv_records(io.BytesIO(body), form), (0, b""))[1]


def read_csv(body: bytes, form: Form, columns: Sequence[str]) -> Iterator[Row]:
    """The rows of a part without its header. Nothing raises on the rows' account."""
    text = body.decode(form.encoding, errors="surrogateescape")
    width, odd = len(columns), _is_odd(text)
    reader = _reader(text, form, strict=True)
    line = done = 0
    while True:
        try:
            cells: list[str] | None = next(reader, None)
        except csv.Error:
            break
        if cells is None:
            return
        if cells:
            done += 1
            yield _checked(line, cells, columns, form) if odd or len(cells) != width else Row(line, cells)
        line = reader.line_num
    for begun, record in list(csv_records(io.BytesIO(body), form))[done:]:
        yield _alone(begun - 1, record, columns, form)


def _alone(line: int, record: bytes, columns: Sequence[str], form: Form) -> Row:
    """One record by itself, after a neighbour's quotes were found to be wrong."""
    text = record.decode(form.encoding, errors="surrogateescape")
    try:
        cells: list[str] = next(_reader(text, form, strict=True), [])
    except csv.Error as error:
        cells = next(_reader(text, form), [])
        return Row(line, cells, f"the quotes of this row are wrong: {error}")
    return _checked(line, cells, columns, form)


def _reader(text: str, form: Form, *, strict: bool = False) -> Any:
    lines = io.StringIO(text, newline="")
    if not form.quote:
        return csv.reader(lines, delimiter=form.delimiter, quoting=csv.QUOTE_NONE, strict=strict)
    return csv.reader(lines, delimiter=form.delimiter, quotechar=form.quote, strict=strict)


def _is_odd(text: str) -> bool:
    """Whether some character is none, so that each row has to be looked at."""
    if "\0" in text:
        return True
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _checked(line: int, cells: list[str], columns: Sequence[str], form: Form) -> Row:
    row = Row(line, cells)
    if len(cells) != len(columns):
        row.problem = f"{len(columns)} columns are expected, {len(cells)} stand here"
        return row
    for name, cell in zip(columns, cells, strict=True):
        for at, character in enumerate(cell, start=1):
            if character == "\0":
                row.problem, row.column = f"a NUL character stands at place {at}", name
                return row
            if ord(character) in _UNDECODED:
                row.problem = (
                    f"byte 0x{ord(character) - 0xDC00:02X} at place {at} is not {form.encoding}; mend it, "
                    "or name the file's encoding in the mapping"
                )
                row.column = name
                return row
    return row


def read_json(body: bytes) -> Iterator[Row]:
    """The objects of a part, one a line. Nothing raises on the rows' account."""
    for number, line in enumerate(body.split(b"\n")):
        if not line.strip():
            continue
        try:
            value = _json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            yield Row(number, [{}], f"this line is no JSON: {error or 'nested too deeply'}")
            continue
        if isinstance(value, dict):
            yield Row(number, [value])
        else:
            yield Row(number, [{}], "this line is JSON, but no object")
