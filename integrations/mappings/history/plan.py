"""A mapping made ready for the rows of a file: which documents each becomes, under which identity."""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from integrations.mappings.history.building import builder
from integrations.mappings.history.cells import Cells, Columns, Get, plain
from integrations.mappings.history.checks import check_columns
from integrations.mappings.history.conditions import fits, tested_columns
from integrations.mappings.history.grammar import (
    POSITION,
    DocumentPart,
    Mapping,
    Value,
    located,
)
from integrations.mappings.history.tree import Leaf, Node
from integrations.mappings.history.used import as_value, columns_used
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
        check_columns(mapping, columns, name=name)
        self._makers = [self._maker(number, part) for number, part in enumerate(mapping.document)]
        self._tested = sorted(tested_columns(mapping))
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
        if any(fits(skip.when, texts, raw) for skip in self._mapping.skip):
            return Chosen(skipped=True)
        makers = tuple(
            maker
            for maker, part in zip(self._makers, self._mapping.document, strict=True)
            if fits(part.when, texts, raw)
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
            node.fields["issued_at"] = Leaf(dt.datetime, as_value(time), key, fail)
        constants: dict[str, Any] = {}
        if self._as_of is not None and kind is not OpeningBalance:
            constants["history_as_of"] = self._as_of  # what a balance leaves open is watched
        if kind is OrderPlaced and "by_line" not in node.fields:
            constants["by_line"] = True  # a row tells of one line, and others of the order's other lines
        return Maker(
            label=part.name or part.type,
            type=part.type,
            build=builder(node, self._columns, "", fail, constants),
            at=None if time is None else self._columns.value(as_value(time), dt.datetime),
            sequence=None if not sequence else self._columns.text(sequence),
        )

    def _put(self, node: Node, path: str, value: str | Value, key: str) -> None:
        fail = located(self._name, key)

        def leaf(kind: Any) -> Leaf:
            return Leaf(kind, as_value(value), key, fail)

        node.put(path.split("."), leaf, fail)


_encode: Callable[[Any], bytes] = msgspec.json.Encoder(order="sorted").encode


def _json(cell: Any) -> str:
    return _encode(cell).decode()
