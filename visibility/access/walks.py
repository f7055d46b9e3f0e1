"""Pages of long lists at a cost that does not grow with the list.

A list is an index walked in its order: entries that fit the filters are taken until the page is full, and no
more than WALK are looked at. What few rows fit is collected first and sorted then (`gather`). Only columns of
the index are read, so that rows that do not fit are never fetched; whoever shows a page reads its rows by id.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

WALK = 50_000
"""Index entries looked at for one page."""
CAP = 10_000
"""Rows counted for one list; beyond it the list says "more than"."""
GATHER = 2_000
"""So few rows are collected and sorted, where it is known that there are no more."""


@dataclass(frozen=True)
class Column:
    """A column that a list is sorted by; what has no value comes last."""

    name: str
    descending: bool = False
    nullable: bool = False

    @property
    def sql(self) -> str:
        """As ORDER BY has it; PostgreSQL takes an index for it only if it says the same of nulls."""
        if not self.descending:
            return self.name
        return f"{self.name} DESC NULLS LAST" if self.nullable else f"{self.name} DESC"


@dataclass(frozen=True)
class Walk:
    """A list: of `table`, its parts merged in the order of `sort`, those rows that fit `filters`.

    Each part is the conditions that an index begins with ({"company_id": 3}); a filter's value is compared, a
    list of values is any of them. `sort` ends with a column that tells all rows apart.
    """

    table: str
    parts: Sequence[Mapping[str, Any]]
    sort: Sequence[Column]
    filters: Mapping[str, Any]
    besides: str = "true"
    """A condition without values, for every row; it begins with the name of its column."""
    within: str = "true"
    """The condition of the indexes that the list is read from, where they do not have all rows."""

    @property
    def order(self) -> str:
        return ", ".join(column.sql for column in self.sort)

    @property
    def selected(self) -> str:
        named = [column.name for column in self.sort]
        return ", ".join(dict.fromkeys([*named, *self.filters, *_words(self.besides)]))


def page_of(
    *, cursor: psycopg.Cursor, walk: Walk, after: Sequence[Any] = (), offset: int = 0, limit: int
) -> list[tuple[Any, ...]]:
    """The values of `sort` of the rows of a page: behind the row `after`, without the first `offset`."""
    inner, values = _walked(walk, after, WALK)
    fits, fitting = _fits(walk)
    names = ", ".join(column.name for column in walk.sort)
    cursor.execute(
        f"SELECT {names} FROM ({inner}) w WHERE {fits} ORDER BY {walk.order} OFFSET %s LIMIT %s",
        [*values, *fitting, offset, limit],
    )
    return cursor.fetchall()


def end_of(*, cursor: psycopg.Cursor, walk: Walk, after: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """Where a walk stopped because it was long enough; None: it came to the list's end."""
    inner, values = _walked(walk, after, WALK)
    names = ", ".join(column.name for column in walk.sort)
    cursor.execute(f"SELECT {names} FROM ({inner}) w OFFSET {WALK - 1} LIMIT 1", values)
    row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def count_of(*, cursor: psycopg.Cursor, walk: Walk) -> tuple[int, bool]:
    """How many rows a list has, up to CAP, and whether there may be more."""
    inner, values = _walked(walk, (), WALK)
    fits, fitting = _fits(walk)
    cursor.execute(
        f"SELECT (SELECT count(*) FROM (SELECT 1 FROM ({inner}) w WHERE {fits} LIMIT {CAP + 1}) f), "
        f"EXISTS (SELECT 1 FROM ({inner}) w OFFSET {WALK - 1} LIMIT 1)",
        [*values, *fitting, *values],
    )
    row = cursor.fetchone()
    assert row is not None
    count, cut = row
    return min(count, CAP), count > CAP or (cut and count <= CAP)


def gather(
    *, cursor: psycopg.Cursor, walk: Walk, after: Sequence[Any] = (), offset: int = 0, limit: int
) -> list[tuple[Any, ...]]:
    """As `page_of`, of a list of which it is known that few rows fit: by whatever index finds those."""
    fits, fitting = _fits(walk)
    parts, values = [], []
    for part in walk.parts:
        conditions, own = _equal(part)
        parts.append(
            f"SELECT {walk.selected} FROM {walk.table} WHERE {conditions} AND {walk.within} AND {fits}"
        )
        values += [*own, *fitting]
    beyond, more = _beyond(walk.sort, after)
    names = ", ".join(column.name for column in walk.sort)
    cursor.execute(
        f"WITH few AS MATERIALIZED ({' UNION ALL '.join(parts)}) SELECT {names} FROM few WHERE {beyond} "
        f"ORDER BY {walk.order} OFFSET %s LIMIT %s",
        [*values, *more, offset, limit],
    )
    return cursor.fetchall()


def some_of(*, cursor: psycopg.Cursor, walk: Walk, most: int) -> int:
    """How many rows fit, counted in whatever order and no further than `most`."""
    fits, fitting = _fits(walk)
    found = 0
    for part in walk.parts:
        conditions, own = _equal(part)
        cursor.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM {walk.table} "
            f"WHERE {conditions} AND {walk.within} AND {fits} LIMIT {int(most)}) f",
            [*own, *fitting],
        )
        row = cursor.fetchone()
        found += row[0] if row else 0
    return found


def _walked(walk: Walk, after: Sequence[Any], most: int) -> tuple[str, list[Any]]:
    """The list's parts, each from an index in its order, merged, and never more than so many entries."""
    pieces, values = [], []
    for part in walk.parts:
        conditions, own = _equal(part)
        for beyond, more in _pieces(walk.sort, after):
            pieces.append(
                f"(SELECT {walk.selected} FROM {walk.table} "
                f"WHERE {conditions} AND {walk.within} AND {beyond} "
                f"ORDER BY {walk.order} LIMIT {most})"
            )
            values += [*own, *more]
    if len(pieces) == 1:
        return pieces[0][1:-1], values
    together = " UNION ALL ".join(pieces)
    return f"SELECT * FROM ({together}) u ORDER BY {walk.order} LIMIT {most}", values


def _pieces(sort: Sequence[Column], after: Sequence[Any]) -> list[tuple[str, list[Any]]]:
    """What lies behind a row, as ranges of the index: alike in the first columns, beyond it in the next.

    One range for each column, and one for what has no value in it. OR would make of it a filter of all rows.
    """
    if not after:
        return [("true", [])]
    pieces: list[tuple[str, list[Any]]] = []
    alike = "true"
    values: list[Any] = []
    for column, value in zip(sort, after, strict=True):
        if value is None:  # nothing stands behind what has no value but what has none either
            alike = f"{alike} AND {column.name} IS NULL"
            continue
        op = "<" if column.descending else ">"
        pieces.append((f"{alike} AND {column.name} {op} %s", [*values, value]))
        if column.nullable:
            pieces.append((f"{alike} AND {column.name} IS NULL", list(values)))
        alike, values = f"{alike} AND {column.name} = %s", [*values, value]
    return pieces


def _beyond(sort: Sequence[Column], after: Sequence[Any]) -> tuple[str, list[Any]]:
    pieces = _pieces(sort, after)
    return (
        "(" + " OR ".join(condition for condition, _ in pieces) + ")",
        [value for _, values in pieces for value in values],
    )


def _equal(part: Mapping[str, Any]) -> tuple[str, list[Any]]:
    return " AND ".join(f"{name} = %s" for name in part) or "true", list(part.values())


def _fits(walk: Walk) -> tuple[str, list[Any]]:
    conditions, values = [walk.besides], []
    for name, value in walk.filters.items():
        conditions.append(f"{name} = ANY(%b)" if isinstance(value, list) else f"{name} = %s")
        values.append(value)
    return " AND ".join(conditions), values


def _words(condition: str) -> list[str]:
    """The column of a condition without values: "state <> 'void'"."""
    return [] if condition == "true" else [condition.split(maxsplit=1)[0]]
