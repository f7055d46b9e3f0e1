"""The bytes of a file, line by line, whether gzipped or not, with how far it is read."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from integrations.formats.flatfile.form import MAX_ROW_BYTES, FlatFileError

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_GZIP = b"\x1f\x8b"


class Source:
    """An open file. `taken` is how many of its bytes were read, as it lies there."""

    def __init__(self, raw: IO[bytes], name: str) -> None:
        self._raw = raw
        self._name = name
        start = raw.peek(2)[:2] if hasattr(raw, "peek") else b""
        self._lines: IO[bytes] = gzip.GzipFile(fileobj=raw) if start == _GZIP else raw  # type: ignore[assignment]  # reads the same
        self._line = 0

    @property
    def taken(self) -> int:
        return self._raw.tell()

    def __iter__(self) -> Iterator[bytes]:
        """The lines with their ends, the first without a byte order mark.

        FlatFileError where the file is cut off, damaged, or a line is too long to be one.
        """
        while line := self._next():
            self._line += 1
            if self._line == 1:
                line = line.removeprefix(BYTE_ORDER_MARK)
            if len(line) > MAX_ROW_BYTES:
                raise FlatFileError(
                    f"the row is longer than {MAX_ROW_BYTES:,} bytes, so this is no row of a table; "
                    "look whether a line end or a quote is missing",
                    self._line,
                )
            yield line

    def _next(self) -> bytes:
        try:
            return self._lines.readline(MAX_ROW_BYTES + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise FlatFileError(
                f"{self._name} is cut off or damaged here ({error}); get the whole file and run the same "
                "command again",
                self._line + 1,
            ) from error


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open a file for reading. OSError where it cannot be."""
    with path.open("rb") as raw:
        yield Source(raw, path.name)
