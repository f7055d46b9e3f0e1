"""Cutting a file into parts at the borders of its rows, the same on every run."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from integrations.formats.flatfile.form import FlatFileError, Form
from integrations.formats.flatfile.records import csv_records, json_records

PART_ROWS = 1000
PART_BYTES = 2 * 1024 * 1024
"""A part ends after so many rows or bytes. Both count from the file's beginning: cut anew, it is the same."""


class Part(Struct, frozen=True):
    """Some rows of a file, verbatim, with the header line before them. Rows and lines count from 1."""

    number: int
    first_row: int
    first_line: int
    rows: int
    body: bytes


def cut(lines: Iterable[bytes], form: Form) -> Iterator[Part]:
    """The parts of a file. FlatFileError where it cannot be read on; the whole parts before it were yielded.

    The same file without its end is cut the same as far as it goes.
    """
    is_csv = form.format == "csv"
    records = csv_records(lines, form) if is_csv else json_records(lines)
    for _ in range(form.skip_lines):
        next(records, None)
    head = header_from(records) if form.header and is_csv else b""
    number, first_row, first_line, size = 1, 1, 0, 0
    kept: list[bytes] = []
    for line, record in records:
        if not kept:
            first_line = line
        kept.append(record)
        size += len(record)
        if len(kept) >= PART_ROWS or size >= PART_BYTES:
            yield Part(number, first_row, first_line, len(kept), head + b"".join(kept))
            number, first_row = number + 1, first_row + len(kept)
            size, kept = 0, []
    if kept:
        yield Part(number, first_row, first_line, len(kept), head + b"".join(kept))


def header_of(lines: Iterable[bytes], form: Form) -> bytes:
    """The header line of a file as it stands there; empty where it has none. FlatFileError if it is empty."""
    if not form.header or form.format != "csv":
        return b""
    records = csv_records(lines, form)
    for _ in range(form.skip_lines):
        next(records, None)
    return header_from(records)


def header_from(records: Iterator[tuple[int, bytes]]) -> bytes:
    """The next record, which is the header."""
    _, head = next(records, (0, b""))
    if not head:
        raise FlatFileError("the file has no header line: it is empty")
    return head
