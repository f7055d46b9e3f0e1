"""How a file of rows is written, and what can be wrong with one."""

import codecs
from typing import Literal

from msgspec import Struct

MAX_ROW_BYTES = 1024 * 1024
"""A longer row is no row: a quote was not closed, or the file is none of rows."""


class FlatFileError(Exception):
    """The file cannot be read any further. `line` counts from 1; 0 where there is none to name."""

    def __init__(self, text: str, line: int = 0) -> None:
        super().__init__(text)
        self.text = text
        self.line = line


class Form(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The [file] table of a mapping. `columns` names them where no line of the file does."""

    format: Literal["csv", "jsonl"] = "csv"
    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8"
    header: bool = True
    columns: tuple[str, ...] = ()
    skip_lines: int = 0

    def __post_init__(self) -> None:
        if len(self.delimiter.encode()) != 1 or self.delimiter in "\r\n\0":
            raise ValueError('delimiter is one character, like ";" or "\\t"')
        if len(self.quote.encode()) > 1 or self.quote == self.delimiter:
            raise ValueError('quote is one character other than the delimiter, or "" for none')
        try:
            name = codecs.lookup(self.encoding).name
        except LookupError:
            raise ValueError(f'there is no encoding "{self.encoding}"; write utf-8, cp1252, …') from None
        if name.startswith(("utf-16", "utf-32", "utf-7")):
            raise ValueError(f"{self.encoding} has no line ends of one byte; convert the file to utf-8")
        if self.header and self.columns:
            raise ValueError("columns are for a file without a header line: set header = false")
        if not self.header and not self.columns and self.format == "csv":
            raise ValueError("a file without a header line needs columns = [...]")
