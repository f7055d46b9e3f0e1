"""The fields of canonical documents, as a mapping addresses them: "lines.requests.date".

A list is addressed like its first element ("lines.line"), or by a number ("lines.requests.1.date"). The
fields are read from the documents themselves, so a new field or document is in a mapping's reach at once.
"""

import datetime as dt
import types
from collections.abc import Callable
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from msgspec import Struct

from integrations.mappings.history.grammar import Value
from visibility.core.errors import InputError

_SCALARS = (str, Decimal, int, bool, dt.date, dt.datetime, UUID)
Fail = Callable[[str], InputError]


class Leaf(Struct):
    """A field of a single value, and where it comes from."""

    kind: Any
    value: Value
    key: str
    fail: Fail


class Node(Struct):
    """A part of a document: its fields by name; of a list, its elements by number."""

    kind: Any
    many: bool = False
    fields: dict[str, Any] = {}

    def put(self, path: list[str], leaf: Callable[[Any], Leaf], fail: Fail) -> None:
        """Put a leaf where the path says. Raises what `fail` makes for a field that there is not."""
        if self.many:
            index = path.pop(0) if path and path[0].isdecimal() else "0"
            if not _is_struct(self.kind):
                self._put_leaf(index, path, leaf, self.kind, fail)
                return
            self.fields.setdefault(index, Node(self.kind, fields={})).put(path, leaf, fail)
            return
        hints = hints_of(self.kind)
        name = path.pop(0) if path else ""
        if name not in hints:
            close = get_close_matches(name, hints, n=1, cutoff=0.5)
            hint = f' (did you mean "{close[0]}"?)' if close else ""
            raise fail(f'{_name(self.kind)} has no field "{name}"{hint}; it has: {", ".join(hints)}')
        kind, many = hints[name]
        if many or _is_struct(kind):
            self.fields.setdefault(name, Node(kind, many, {})).put(path, leaf, fail)
        else:
            self._put_leaf(name, path, leaf, kind, fail)

    def _put_leaf(
        self, name: str, path: list[str], leaf: Callable[[Any], Leaf], kind: Any, fail: Fail
    ) -> None:
        if path:
            raise fail(f'"{name}" is a single value; it has no field "{path[0]}"')
        self.fields[name] = leaf(kind)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _name(kind: type[Struct]) -> str:
    return str(kind.__struct_config__.tag or kind.__name__)


@cache
def hints_of(kind: type[Struct]) -> dict[str, tuple[Any, bool]]:
    """The fields of a document or of its part: name -> (kind of value, whether there are many)."""
    hints = get_type_hints(kind, include_extras=True)
    return {field.name: _bare(hints[field.name]) for field in msgspec.structs.fields(kind)}


def _bare(hint: Any) -> tuple[Any, bool]:
    """A field's type without "or None", and whether it is a list of them."""
    if get_origin(hint) is Annotated:
        return _bare(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        (only,) = [each for each in get_args(hint) if each is not type(None)]
        return _bare(only)
    if get_origin(hint) is tuple:
        return _bare(get_args(hint)[0])[0], True
    if hint in _SCALARS or get_origin(hint) is Literal or _is_struct(hint):
        return hint, False
    raise TypeError(f"no mapping can give {hint}: teach building.py how")
