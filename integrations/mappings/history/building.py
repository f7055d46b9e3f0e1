"""Canonical documents, and their parts, out of the cells of a row."""

from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from integrations.mappings.history.cells import Cells, Columns, Get
from integrations.mappings.history.tree import Fail, Leaf, Node
from integrations.mappings.history.values import RowError
from visibility.canonical.documents import Item, OrderRef, Party

_SHARED = (Party, Item, OrderRef)
"""The same few stand on many rows; they are made once."""
_KEPT = 10_000
_LONG = frozenset({"note", "description", "name", "reason"})


def builder(node: Node, columns: Columns, key: str, fail: Fail, constants: dict[str, Any]) -> Get:
    """What makes the part out of cells: None where every column it reads is unknown.

    `fail` makes the error of what is missing for every row; `constants` are values for the whole of it.
    """
    if node.many:
        return _list_builder(node, columns, key, fail)
    gets: list[tuple[str, Get, Leaf | None]] = []
    fixed = dict(constants)
    for name, each in node.fields.items():
        if isinstance(each, Node):
            gets.append((name, builder(each, columns, f"{key}.{name}".lstrip("."), fail, {}), None))
        elif each.value.value is not None:
            fixed[name] = _constant(each)
        else:
            long = name in _LONG and node.kind is not Party
            gets.append((name, columns.value(each.value, each.kind, long=long), each))
    hard = {field.name for field in msgspec.structs.fields(node.kind) if field.required}
    for name in hard - fixed.keys() - node.fields.keys():
        raise fail(f'"{key}.{name}" is needed wherever "{key}" is told'.replace('"."', '"'))
    build = _builder(node.kind, gets, fixed, hard, always=not gets)
    if node.kind not in _SHARED or not gets:
        return build
    told = _signature(node)
    if told not in columns.shared:
        columns.shared[told] = _sharing(build, [columns.place(name) for name in sorted(_sources(node))])
    return columns.shared[told]


def _builder(
    kind: type[Struct],
    gets: list[tuple[str, Get, Leaf | None]],
    fixed: dict[str, Any],
    hard: set[str],
    *,
    always: bool,
) -> Get:
    needed = [
        (name, leaf.value.sources[0])
        for name, _, leaf in gets
        if leaf is not None and (leaf.value.required or (leaf.value.required is None and name in hard))
    ]
    plain = [(name, get) for name, get, _ in gets]

    def build(cells: Cells) -> Any:
        found = {}
        for name, get in plain:
            value = get(cells)
            if value is not None:
                found[name] = value
        for name, column in needed:
            if name not in found:
                raise RowError(f"{name} is needed and not told here", column)
        if not found and not always:
            return None
        found.update(fixed)
        try:
            return kind(**found)
        except ValueError as error:
            raise RowError(str(error)) from None

    return build


def _list_builder(node: Node, columns: Columns, key: str, fail: Fail) -> Get:
    gets: list[Get] = []
    for index in sorted(node.fields, key=int):
        each = node.fields[index]
        if isinstance(each, Node):
            gets.append(builder(each, columns, key, fail, {}))
        elif each.value.value is not None:
            gets.append(_always(_constant(each)))
        else:
            gets.append(columns.value(each.value, each.kind))
    if len(gets) == 1:
        only = gets[0]

        def one(cells: Cells) -> Any:
            value = only(cells)
            return None if value is None else (value,)

        return one

    def build(cells: Cells) -> Any:
        return tuple(value for get in gets if (value := get(cells)) is not None) or None

    return build


def _always(value: Any) -> Get:
    def constant(_: Cells) -> Any:
        return value

    return constant


def _sharing(build: Get, places: list[int]) -> Get:
    made: dict[tuple[Any, ...], Any] = {}

    def shared(cells: Cells) -> Any:
        seen = tuple([cells[place] for place in places])
        try:
            return made[seen]
        except KeyError:
            if len(made) >= _KEPT:
                made.clear()
            value = made[seen] = build(cells)
            return value
        except TypeError:  # an object where a text is expected: the field says so
            return build(cells)

    return shared


def _signature(node: Node) -> str:
    """The same for nodes that make the same of the same columns."""
    fields = (
        f"{name}={_signature(each) if isinstance(each, Node) else repr(each.value)}"
        for name, each in sorted(node.fields.items())
    )
    return f"{node.kind.__name__}({', '.join(fields)})"


def _sources(node: Node) -> set[str]:
    found: set[str] = set()
    for each in node.fields.values():
        found |= _sources(each) if isinstance(each, Node) else set(each.value.sources)
    return found


def _constant(leaf: Leaf) -> Any:
    """The constant of a field, of the field's own kind. Raises the leaf's error where it is none."""
    value = leaf.value.value
    if leaf.kind is Decimal and isinstance(value, float):
        value = str(value)
    try:
        return msgspec.convert(value, leaf.kind)
    except msgspec.ValidationError as error:
        raise leaf.fail(str(error)) from error
