"""A mapping made ready for the rows of a file: which documents each becomes, under which identity."""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from integrations.mappings.history.building import Leaf, Node, builder
from integrations.mappings.history.cells import Cells, Columns, Get, plain
from integrations.mappings.history.grammar import (
    POSITION,
    DocumentPart,
    Fields,
    Mapping,
    Test,
    Value,
    When,
    located,
)
from integrations.mappings.history.values import RowError
from visibility.canonical.documents import DOCUMENT_TYPES, AnyDocument, OpeningBalance, OrderPlaced
from visibility.inbox.ports import Translated

_KEPT = 20_000
LONGEST_ID = 500


class Maker(Struct):
    """Makes one kind of document of a row."""

    label: str
    type: str
    build: Get
    at: Get | None
    sequence: Get | None


class Chosen(Struct):
    """What rows alike in the columns of the conditions become; `problem` where that is not told."""

    makers: tuple[Maker, ...] = ()
    skipped: bool = False
    problem: str = ""
    column: str = ""


class Plan:
    """A mapping for a file with these columns."""

    def __init__(self, mapping: Mapping, columns: Sequence[str], *, name: str, as_of: dt.date | None) -> None:
        self._mapping = mapping
        self._name = name
        self._as_of = as_of
        self._columns = Columns(mapping, columns)
        self._check_columns(columns)
        self._makers = [self._maker(number, part) for number, part in enumerate(mapping.document)]
        self._tested = sorted(_tested(mapping))
        self._tested_places = [self._columns.place(column) for column in self._tested]
        self._texts = {column: self._columns.text(column) for column in self._tested}
        self._chosen: dict[tuple[Any, ...], Chosen] = {}
        ids = mapping.row.id
        self._by_position = ids == POSITION
        names = () if self._by_position else (ids,) if isinstance(ids, str) else ids
        self._ids = [(each, self._columns.text(each)) for each in names]
        self._used = [self._columns.place(each) for each in sorted(columns_used(mapping))]

    def translate(self, cells: Cells, *, source: str, position: str, where: str) -> tuple[Translated, ...]:
        """The documents of a row; none where the mapping leaves it out. RowError where it cannot be used."""
        chosen = self._choose(cells)
        if chosen.problem:
            raise RowError(chosen.problem, chosen.column)
        if chosen.skipped:
            return ()
        identity = position if self._by_position else self._identity(cells)
        digest = self._digest(cells)
        found = []
        for maker in chosen.makers:
            at = maker.at(cells) if maker.at is not None else None
            document: AnyDocument | None = maker.build(cells)
            if document is None:
                raise RowError(f"nothing that {maker.type} tells is known in this row")
            found.append(
                Translated(
                    document=document,
                    source=source,
                    event_id=f"{identity}#{maker.label}",
                    body_digest=digest,
                    envelope_at=at,
                    control=(maker.sequence(cells) or "") if maker.sequence is not None else "",
                    where=where,
                    occurred_at=at,
                )
            )
        return tuple(found)

    def _identity(self, cells: Cells) -> str:
        parts = []
        for column, get in self._ids:
            text = get(cells)
            if text is None:
                raise RowError("this column tells rows apart and is empty here", column)
            parts.append(text)
        identity = "|".join(parts)
        if len(identity) > LONGEST_ID:
            raise RowError(f"an identity of {len(identity)} characters; {LONGEST_ID} fit", self._ids[0][0])
        return identity

    def _digest(self, cells: Cells) -> UUID:
        """Stands for what the row says in the columns that the mapping reads."""
        said = "\x1f".join([cell if type(cell) is str else _json(cell) for cell in self._read(cells)])
        return UUID(bytes=hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=16).digest())

    def _read(self, cells: Cells) -> list[Any]:
        return [cells[place] for place in self._used]

    def _choose(self, cells: Cells) -> Chosen:
        seen = tuple([cells[place] for place in self._tested_places])
        try:
            known = self._chosen.get(seen)
        except TypeError as error:
            raise RowError("an object or a list stands where a condition looks for a text") from error
        if known is None:
            if len(self._chosen) >= _KEPT:
                self._chosen.clear()
            known = self._chosen[seen] = self._decide(cells)
        return known

    def _decide(self, cells: Cells) -> Chosen:
        texts = {column: get(cells) for column, get in self._texts.items()}
        raw = {
            column: plain(cells[place], column).strip()
            for column, place in zip(self._tested, self._tested_places, strict=True)
        }
        if any(_fits(skip.when, texts, raw) for skip in self._mapping.skip):
            return Chosen(skipped=True)
        makers = tuple(
            maker
            for maker, part in zip(self._makers, self._mapping.document, strict=True)
            if _fits(part.when, texts, raw)
        )
        labels = [maker.label for maker in makers]
        if not makers:
            said = ", ".join(f'{column} is "{raw[column]}"' for column in self._tested)
            return Chosen(problem=f"no document of the mapping takes such a row: {said}", column=self._one())
        twice = next((label for label in labels if labels.count(label) > 1), None)
        if twice:
            return Chosen(
                problem=f"the mapping makes two documents {twice} of such a row; give one of them a name"
            )
        return Chosen(makers)

    def _one(self) -> str:
        return self._tested[0] if len(self._tested) == 1 else ""

    def _maker(self, number: int, part: DocumentPart) -> Maker:
        key = f"document {number + 1}"
        fail = located(self._name, key)
        kind = DOCUMENT_TYPES.get(part.type)
        if kind is None:
            raise located(self._name, f"{key}.type")(
                f'"{part.type}" is no type of document; there are: {", ".join(sorted(DOCUMENT_TYPES))}'
            )
        node = Node(kind, fields={})
        names = {field.name for field in msgspec.structs.fields(kind)}
        for path, value in self._mapping.fields.items():
            if path.split(".")[0] in names:
                self._put(node, path, value, f"fields.{path}")
        for path, value in part.fields.items():
            self._put(node, path, value, f"{key}.fields.{path}")
        time = part.time if part.time is not None else self._mapping.row.time
        sequence = part.sequence if part.sequence is not None else self._mapping.row.sequence
        if time is not None and "issued_at" not in node.fields:
            node.fields["issued_at"] = Leaf(dt.datetime, _as_value(time), key, fail)
        constants: dict[str, Any] = {}
        if self._as_of is not None and kind is not OpeningBalance:
            constants["history_as_of"] = self._as_of  # what a balance leaves open is watched
        if kind is OrderPlaced and "by_line" not in node.fields:
            constants["by_line"] = True  # a row tells of one line, and others of the order's other lines
        return Maker(
            label=part.name or part.type,
            type=part.type,
            build=builder(node, self._columns, "", fail, constants),
            at=None if time is None else self._columns.value(_as_value(time), dt.datetime),
            sequence=None if not sequence else self._columns.text(sequence),
        )

    def _put(self, node: Node, path: str, value: str | Value, key: str) -> None:
        fail = located(self._name, key)

        def leaf(kind: Any) -> Leaf:
            return Leaf(kind, _as_value(value), key, fail)

        node.put(path.split("."), leaf, fail)

    def _check_columns(self, columns: Sequence[str]) -> None:
        for column, key in used_columns(self._mapping):
            if column in columns:
                continue
            numbered = [each for each in columns if each.startswith(f"{column}#")]
            close = get_close_matches(column, columns, n=1, cutoff=0.6)
            if numbered:
                hint = f"it stands there more than once; write {' or '.join(numbered)}"
            elif close:
                hint = f'did you mean "{close[0]}"?'
            else:
                hint = f"it has: {', '.join(columns)}"
            raise located(self._name, key)(f'the file has no column "{column}"; {hint}')
        self._check_shared_fields()

    def _check_shared_fields(self) -> None:
        """Fields for all documents must be of some document at least."""
        used = [DOCUMENT_TYPES[part.type] for part in self._mapping.document if part.type in DOCUMENT_TYPES]
        names = {field.name for kind in used for field in msgspec.structs.fields(kind)}
        for path in self._mapping.fields:
            if used and path.split(".")[0] not in names:
                raise located(self._name, f"fields.{path}")(
                    f'no document of this mapping has a field "{path.split(".")[0]}"'
                )


def check_mapping(mapping: Mapping, columns: Sequence[str], *, name: str) -> Plan:
    """A plan for such a file. InputError, located, for what the mapping says wrongly."""
    return Plan(mapping, columns, name=name, as_of=None)


def columns_used(mapping: Mapping) -> set[str]:
    """Every column that a mapping reads."""
    return {column for column, _ in used_columns(mapping)}


def used_columns(mapping: Mapping) -> list[tuple[str, str]]:
    """Every column that a mapping reads, with the key that names it."""
    row = mapping.row
    found: list[tuple[str, str]] = []
    if row.id != POSITION:
        found += [(each, "row.id") for each in ((row.id,) if isinstance(row.id, str) else row.id)]
    found += _of_value(row.time, "row.time")
    if row.sequence:
        found.append((row.sequence, "row.sequence"))
    found += [(column, f"columns.{column}") for column in mapping.columns]
    for number, skip in enumerate(mapping.skip, start=1):
        found += [(column, f"skip {number}.when") for column in skip.when]
    found += _of_fields(mapping.fields, "fields")
    for number, part in enumerate(mapping.document, start=1):
        key = f"document {number}"
        found += [(column, f"{key}.when") for column in part.when]
        found += _of_value(part.time, f"{key}.time")
        if part.sequence:
            found.append((part.sequence, f"{key}.sequence"))
        found += _of_fields(part.fields, f"{key}.fields")
    return found


def _of_fields(fields: Fields, key: str) -> list[tuple[str, str]]:
    return [each for path, value in fields.items() for each in _of_value(value, f"{key}.{path}")]


def _of_value(value: str | Value | None, key: str) -> list[tuple[str, str]]:
    return [] if value is None else [(column, key) for column in _as_value(value).sources]


def _as_value(value: str | Value) -> Value:
    return Value(column=value) if isinstance(value, str) else value


def _tested(mapping: Mapping) -> set[str]:
    found = {column for skip in mapping.skip for column in skip.when}
    return found | {column for part in mapping.document for column in part.when}


def _fits(when: When, texts: dict[str, str | None], raw: dict[str, str]) -> bool:
    return all(_is(test, texts[column], raw[column]) for column, test in when.items())


def _is(test: str | tuple[str, ...] | Test, text: str | None, raw: str) -> bool:
    """Whether a cell passes: by its text as it stands, or as the column's map has it."""
    said = {raw} if text is None else {raw, text}
    if isinstance(test, str):
        return test in said
    if isinstance(test, tuple):
        return bool(said & set(test))
    passes = test.known is None or test.known == (text is not None)
    passes = passes and (test.one_of is None or bool(said & set(test.one_of)))
    passes = passes and (test.none_of is None or not said & set(test.none_of))
    return passes and (test.starts is None or any(raw.startswith(start) for start in test.starts))


_encode: Callable[[Any], bytes] = msgspec.json.Encoder(order="sorted").encode


def _json(cell: Any) -> str:
    return _encode(cell).decode()
