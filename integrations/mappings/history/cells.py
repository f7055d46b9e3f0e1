"""A row's cells, as getters by column: what one column, several, or a constant give a field."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from integrations.mappings.history.grammar import Mapping, Value
from integrations.mappings.history.values import Read, RowError, Settings, reader_of

Cells = Sequence[Any]
Get = Callable[[Cells], Any]


class Columns:
    """The columns that a mapping reads, and where they stand in a row's cells."""

    def __init__(self, mapping: Mapping, names: Sequence[str]) -> None:
        self.mapping = mapping
        self._places = {name: place for place, name in enumerate(names)}
        self._readers: dict[tuple[Any, ...], Read] = {}
        self.shared: dict[str, Get] = {}
        """What makes parts that several documents have alike, by what it reads: they share what it made."""

    def place(self, name: str) -> int:
        """KeyError for a column that the file does not have."""
        return self._places[name]

    def text(self, name: str, own: Value | None = None) -> Get:
        """What gets a column's text, mapped; None where it is unknown."""
        place = self._places[name]
        settings = Settings(self.mapping, name, own)
        unknown, mapped = settings.unknown, settings.map

        def get(cells: Cells) -> str | None:
            text = cells[place]
            if type(text) is not str:
                text = plain(text, name)
            text = text.strip()
            if text in unknown:
                return None
            if mapped is not None and text in mapped:
                text = mapped[text]
                return text if text not in unknown else None
            return text

        return get

    def value(self, own: Value, kind: Any, *, long: bool = False) -> Get:
        """What gets a field's value of that kind; None where it is unknown."""
        if own.columns is not None:
            return self._joined(own, kind, long=long)
        if own.first is not None:
            gets = [self._single(name, own, kind, long=long) for name in own.first]

            def first(cells: Cells) -> Any:
                return next((value for get in gets if (value := get(cells)) is not None), None)

            return first
        assert own.column is not None
        return self._single(own.column, own, kind, long=long)

    def _reader(self, name: str, own: Value, kind: Any, *, long: bool) -> Read:
        """One reader for all that is written alike, so that what it remembers is remembered once."""
        settings = Settings(self.mapping, name, own)
        written = (settings.decimal, settings.thousands, settings.around)
        key = (kind, long, settings.formats, settings.zone.key, written)
        if key not in self._readers:
            self._readers[key] = reader_of(kind, settings, long=long)
        return self._readers[key]

    def _joined(self, own: Value, kind: Any, *, long: bool) -> Get:
        names = own.columns or ()
        texts = [self.text(name, own) for name in names]
        read = self._reader(names[0], own, kind, long=long)

        def joined(cells: Cells) -> Any:
            known = [text for get in texts if (text := get(cells)) is not None]
            if not known:
                return None
            try:
                return read(own.prefix + own.join.join(known) + own.suffix)
            except ValueError as error:
                raise RowError(str(error), names[0]) from None

        return joined

    def _single(self, name: str, own: Value, kind: Any, *, long: bool) -> Get:
        get_text = self.text(name, own)
        read = self._reader(name, own, kind, long=long)
        prefix, suffix, negate = own.prefix, own.suffix, own.negate
        place = self._places[name]
        native = kind is Decimal and self.mapping.file.format == "jsonl"

        def get(cells: Cells) -> Any:
            text = get_text(cells)
            if text is None:
                return None
            try:
                if native and isinstance(cells[place], int | Decimal):
                    value = Decimal(cells[place])  # JSON has its own decimal point
                else:
                    value = read(prefix + text + suffix if prefix or suffix else text)
            except (ValueError, OverflowError) as error:
                raise RowError(str(error), name) from None
            return -value if negate else value

        return get


def plain(value: Any, name: str) -> str:
    """A value of a JSON object as a text; "" for null. RowError for an object or a list."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, int | Decimal):
        return str(value)
    raise RowError("an object or a list stands where a single value is expected", name)


def each_by_path(names: Sequence[str], each: str | None) -> Callable[[dict[str, Any]], list[list[Any]]]:
    """What takes the values at paths out of a JSON object: once, or for each element of the list at `each`.

    Paths that begin with that of the list go on in the element. RowError where there is no list.
    """
    if each is None:
        take = by_path(names)
        return lambda found: [take(found)]
    inside = f"{each}."
    of_object = by_path([name for name in names if not name.startswith(inside)])
    of_element = by_path([name.removeprefix(inside) for name in names if name.startswith(inside)])
    of_list = by_path([each])

    def take_each(found: dict[str, Any]) -> list[list[Any]]:
        (elements,) = of_list(found)
        if elements is None:
            return []
        if not isinstance(elements, list) or not all(isinstance(element, dict) for element in elements):
            raise RowError("a list of objects is expected here", each)
        outer = of_object(found)
        made = []
        for element in elements:
            own, rest = iter(of_element(element)), iter(outer)
            made.append([next(own) if name.startswith(inside) else next(rest) for name in names])
        return made

    return take_each


def by_path(names: Sequence[str]) -> Callable[[dict[str, Any]], list[Any]]:
    """What takes the values at dotted paths out of a JSON object; None where there is none.

    "lines.0.sku" is the first line's; a key that itself has a dot is found by its whole name.
    """
    steps = [(name, name.split(".")) for name in names]

    def take(found: dict[str, Any]) -> list[Any]:
        cells = []
        for name, path in steps:
            if name in found:
                cells.append(found[name])
                continue
            at: Any = found
            for step in path:
                if isinstance(at, dict):
                    at = at.get(step)
                elif isinstance(at, list) and step.isdecimal() and int(step) < len(at):
                    at = at[int(step)]
                else:
                    at = None
                    break
            cells.append(at)
        return cells

    return take
