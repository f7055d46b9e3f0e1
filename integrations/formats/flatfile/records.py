"""Where the records of a file begin and end.

The borders of CSV records are found by the reader that reads them later, fed with bytes as Latin-1: both
agree about every quoted line end, whatever the encoding.
"""

import csv
from collections.abc import Iterable, Iterator

from integrations.formats.flatfile.form import MAX_ROW_BYTES, FlatFileError, Form

csv.field_size_limit(2 * MAX_ROW_BYTES)


def json_records(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """(line, bytes) of each line that is not empty, ended by a line end."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, line if line.endswith(b"\n") else line + b"\n"


def csv_records(lines: Iterable[bytes], form: Form) -> Iterator[tuple[int, bytes]]:
    """(first line, bytes) of each record that is not empty, ended by a line end.

    FlatFileError for one that is too long or ends inside of its quotes.
    """
    quote = form.quote.encode()
    feed = iter(lines)
    number = 0
    for line in feed:
        number += 1
        begun, record = number, line
        if quote and quote in line:
            more = _Rest(feed, len(line))
            next(csv.reader(more.after(line), delimiter=form.delimiter, quotechar=form.quote), None)
            if more.ran_out:
                raise FlatFileError(_unclosed(more.size), begun)
            if more.taken:
                record = line + b"".join(more.taken)
                number += len(more.taken)
        if record.strip():
            yield begun, record if record.endswith(b"\n") else record + b"\n"


class _Rest:
    """The further lines that a record takes, and whether there were enough."""

    def __init__(self, feed: Iterator[bytes], size: int) -> None:
        self._feed = feed
        self.size = size
        self.taken: list[bytes] = []
        self.ran_out = False

    def after(self, first: bytes) -> Iterator[str]:
        yield first.decode("latin-1")
        for line in self._feed:
            self.taken.append(line)
            self.size += len(line)
            if self.size > MAX_ROW_BYTES:
                break
            yield line.decode("latin-1")
        self.ran_out = True


def _unclosed(size: int) -> str:
    if size > MAX_ROW_BYTES:
        return f"the row that begins here is longer than {MAX_ROW_BYTES:,} bytes; is a quote not closed?"
    return "a quote that is opened in the row that begins here is not closed before the file ends"
