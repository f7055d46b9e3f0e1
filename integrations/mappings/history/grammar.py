"""What a mapping file may say. Every mistake is told with the place of its key."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import available_timezones

import msgspec
from msgspec import Struct

from integrations.formats.flatfile.form import Form
from visibility.core.errors import InputError

POSITION = "position"
"""row.id for files without any column that tells rows apart: the place in the file of that name."""
_AT_TOP = ("name", "unknown")
Texts = tuple[str, ...]


def check_zone(zone: str) -> None:
    """ValueError for a zone nobody knows."""
    if zone not in available_timezones():
        raise ValueError(f'there is no time zone "{zone}"; write it like "Europe/Berlin"')


class Times(Struct, frozen=True, forbid_unknown_fields=True):
    """How dates and times are written: formats tried in order ("iso" or strptime's), in which zone."""

    formats: Texts = ("iso",)
    zone: str = "UTC"

    def __post_init__(self) -> None:
        check_zone(self.zone)
        if not self.formats:
            raise ValueError("formats names at least one")


class Numbers(Struct, frozen=True, forbid_unknown_fields=True):
    """How numbers are written."""

    decimal: str = "."
    thousands: str = ""
    around: Texts = ()
    """What may stand before or after a number and is no part of it: "$", "EUR", "KG"."""

    def __post_init__(self) -> None:
        if len(self.decimal) != 1 or len(self.thousands) > 1 or self.decimal == self.thousands:
            raise ValueError("decimal is one character, thousands another one, or none")


class Column(Struct, frozen=True, forbid_unknown_fields=True):
    """What is special about one column, or about one use of it. None: as the whole file."""

    unknown: Texts | None = None
    formats: Texts | None = None
    zone: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    around: Texts | None = None
    map: dict[str, str] | None = None

    def __post_init__(self) -> None:
        if self.zone is not None:
            check_zone(self.zone)


class Value(Column, frozen=True, forbid_unknown_fields=True):
    """Where a field's value comes from: a constant, a column, several joined, or the first that is known."""

    value: Any = None
    column: str | None = None
    columns: Texts | None = None
    join: str = " "
    first: Texts | None = None
    prefix: str = ""
    suffix: str = ""
    negate: bool = False
    required: bool | None = None

    def __post_init__(self) -> None:
        Column.__post_init__(self)
        told = [each is not None for each in (self.value, self.column, self.columns, self.first)]
        if sum(told) != 1:
            raise ValueError("say one of: value, column, columns, first")

    @property
    def sources(self) -> Texts:
        """The columns it reads."""
        if self.column is not None:
            return (self.column,)
        return self.columns or self.first or ()


class Test(Struct, frozen=True, forbid_unknown_fields=True):
    """A condition on a column: its text is (not) one of these, is (not) known."""

    one_of: Texts | None = msgspec.field(default=None, name="is")
    none_of: Texts | None = msgspec.field(default=None, name="not")
    starts: Texts | None = None
    known: bool | None = None


Condition = str | Texts | Test
Field = str | Value
When = dict[str, Condition]
Fields = dict[str, Field]


class RowPart(Struct, frozen=True, forbid_unknown_fields=True):
    """What tells a row from all others, when it happened, and what comes later of equal times.

    `each` is the path of a list in JSON: each of its elements is told by itself, with the rest of its object.
    """

    id: str | Texts
    each: str | None = None
    time: str | Value | None = None
    sequence: str | None = None


class Skip(Struct, frozen=True, forbid_unknown_fields=True):
    """Rows that are left out knowingly."""

    when: When
    reason: str = ""


class DocumentPart(Struct, frozen=True, forbid_unknown_fields=True):
    """A document that each fitting row becomes."""

    type: str
    name: str = ""
    when: When = {}
    time: str | Value | None = None
    sequence: str | None = None
    fields: Fields = {}


class Mapping(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole mapping file."""

    name: str
    row: RowPart
    document: tuple[DocumentPart, ...]
    file: Form = Form()
    unknown: Texts = ()
    times: Times = Times()
    numbers: Numbers = Numbers()
    columns: dict[str, Column] = {}
    skip: tuple[Skip, ...] = ()
    fields: Fields = {}

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > 60:
            raise ValueError("name is needed: it is part of the identity of each row (60 characters at most)")
        if self.row.each is not None and self.file.format != "jsonl":
            raise ValueError('row.each names a list in JSON; it needs file.format = "jsonl"')
        if not self.document:
            raise ValueError("at least one [[document]] is needed")


def read_mapping(text: str, *, name: str) -> tuple[Mapping, str]:
    """A mapping and what stands for its content whatever its comments and spacing.

    InputError with the file's `name` and the key, or the line, that is wrong.
    """
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError("invalid_mapping", f"this is no TOML: {error}", name) from error
    try:
        mapping = msgspec.convert(tree, Mapping)
    except msgspec.ValidationError as error:
        said, where = _found(error, tree)
        raise InputError("invalid_mapping", said, f"{name}: {where}" if where else name) from error
    return mapping, json.dumps(tree, sort_keys=True, default=str)


def located(name: str, key: str) -> Callable[[str], InputError]:
    """Makes the error that names a key of the mapping file."""
    return lambda text: InputError("invalid_mapping", text, f"{name}: {key}")


def _found(error: msgspec.ValidationError, tree: dict[str, Any]) -> tuple[str, str]:
    """What is wrong, and the key. msgspec does not say which key of a table; that is found by trying each."""
    for key, value, kind in _by_key(tree):
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as own:
            said, path = _split(own)
            return said, f"{key}.{path}".rstrip(".")
    said, path = _split(error)
    return said, path


def _by_key(tree: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    yield from _entries(tree.get("columns"), "columns", Column)
    yield from _entries(tree.get("fields"), "fields", Field)
    for name, kind in (("document", Field), ("skip", None)):
        parts = tree.get(name)
        for number, part in enumerate(parts if isinstance(parts, list) else (), start=1):
            if isinstance(part, dict):
                yield from _entries(part.get("when"), f"{name} {number}.when", Condition)
                if kind is not None:
                    yield from _entries(part.get("fields"), f"{name} {number}.fields", kind)


def _entries(table: Any, key: str, kind: Any) -> Iterator[tuple[str, Any, Any]]:
    for name, value in table.items() if isinstance(table, dict) else ():
        yield f"{key}.{name}", value, kind


def _in_words(said: str) -> str:
    unknown = re.fullmatch(r"Object contains unknown field `(.+)`", said)
    if unknown is None:
        return said
    hint = "; it stands at the top of the file, before the first [table]" if unknown[1] in _AT_TOP else ""
    return f"there is no key `{unknown[1]}` here{hint}"


def _split(error: msgspec.ValidationError) -> tuple[str, str]:
    """The message, and the path as people count: "$.document[0].type" is "document 1.type"."""
    said, _, path = str(error).partition(" - at `")
    path = path.rstrip("`").removeprefix("$").lstrip(".").replace("[...]", "")
    return _in_words(said), re.sub(r"\[(\d+)\]", lambda found: f" {int(found[1]) + 1}", path)
