"""The list of exceptions: narrowed, sorted, page by page, at a cost that does not grow with their number."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import psycopg
from django.db import connection as database

from visibility.access.cursors import LOST, read_cursor, write_cursor
from visibility.access.scopes import Scope
from visibility.access.walks import GATHER, Column, Walk, count_of, end_of, gather, page_of
from visibility.core.db import server_cursor
from visibility.core.errors import NotFoundError
from visibility.counters.selectors import Survey, count_by, survey
from visibility.triage.findings import QUEUE_OF_KIND
from visibility.triage.selectors import CaseRow, read_rows

DRIVEN = 2_000
"""What is rarest of the filters is looked through by its own index, where it is of so few cases."""
LOOKED_THROUGH = 2_000
"""In so many cases of a list at most words are looked for."""
SORTS: dict[str, tuple[Column, ...]] = {
    "-money": (Column("rank", descending=True), Column("money", descending=True, nullable=True)),
    "-opened_at": (Column("opened_at", descending=True),),
    "due_at": (Column("due_at", nullable=True),),
}
FACETS = ("kind", "supplier", "ship_to")
INDEXED = ("queue", "kind", "supplier")
"""What an index of its own finds few cases by."""
TOLD = "NOT (state IN ('silent', 'silent_past'))"


@dataclass(frozen=True)
class CasePage:
    """A page of a queue. `count` is of the whole list; `capped` says that there are more than that.

    `cut`: so many cases were looked through that do not fit that the page ends before it is full.
    `counts`: of open cases, for each of FACETS how many of the list have each value.
    """

    rows: list[CaseRow]
    next_cursor: str
    count: int
    capped: bool
    cut: bool = False
    counts: Mapping[str, Mapping[Any, int]] = field(default_factory=dict)


def list_cases(
    *,
    scope: Scope,
    queue: str = "",
    state: str = "open",
    kind: str = "",
    supplier_id: int | None = None,
    ship_to_id: int | None = None,
    q: str = "",
    sort: str = "-money",
    cursor: str = "",
    limit: int = 50,
) -> CasePage:
    """A page of a queue, by keyset of what the sort compares. `state` is open, closed or empty for all."""
    sort = sort if sort in SORTS else "-money"
    only = {"queue": queue or None, "kind": kind or None, "supplier": supplier_id, "ship_to": ship_to_id}
    walk = _walk(scope, state, only, sort)
    after = _read_cursor(cursor, SORTS[sort]) if cursor else ()
    if not walk.parts:
        return CasePage([], "", 0, False)
    with server_cursor(database) as reader:
        if q:
            return _search(reader, walk, q.strip(), after, limit)
        if state == "open":
            counted = survey(scope=scope, what="case", by=FACETS, only=only)
            return _open_page(reader, walk, counted, after, limit)
        return _any_page(reader, walk, after, limit)


def _walk(scope: Scope, state: str, only: Mapping[str, Any], sort: str) -> Walk:
    filters: dict[str, Any] = {"supplier_id": list(scope.partners)} if scope.partners is not None else {}
    if only["supplier"] is not None:
        theirs = scope.partners is None or only["supplier"] in scope.partners
        filters["supplier_id"] = [only["supplier"]] if theirs else []
    for name, column in (("queue", "queue"), ("kind", "kind"), ("ship_to", "ship_to_id")):
        if only[name] is not None:
            filters[column] = only[name]
    if only["kind"] in QUEUE_OF_KIND:
        filters.setdefault("queue", QUEUE_OF_KIND[only["kind"]])
    states = {"open": (True,), "closed": (False,)}.get(state, (True, False))
    columns = SORTS[sort]
    return Walk(
        table="triage_exceptioncase",
        parts=[{"company_id": company, "is_open": each} for company in scope.companies for each in states],
        sort=(*columns, Column("id", descending=sort == "-opened_at")),
        filters=filters,
        within=TOLD,
    )


def _open_page(
    reader: psycopg.Cursor, walk: Walk, counted: Survey, after: Sequence[Any], limit: int
) -> CasePage:
    rarest = min((counted.each[name] for name in INDEXED if name in counted.each), default=counted.fitting)
    few = counted.fitting <= GATHER and rarest <= DRIVEN and counted.fitting > 0
    if few:
        found, end = gather(cursor=reader, walk=walk, after=after, limit=limit + 1), None
    else:
        found, end = _walked(reader, walk, after, limit) if counted.fitting else ([], None)
    return _page(found, end, limit, (counted.fitting, False), counted.by)


def _any_page(reader: psycopg.Cursor, walk: Walk, after: Sequence[Any], limit: int) -> CasePage:
    """Of closed cases no counters are kept: a supplier's few are gathered, the others counted so far."""
    if "supplier_id" in walk.filters and _are_few(reader, walk.filters["supplier_id"]):
        every = gather(cursor=reader, walk=walk, limit=GATHER)
        found = gather(cursor=reader, walk=walk, after=after, limit=limit + 1) if after else every
        return _page(found[: limit + 1], None, limit, (len(every), False), {})
    found, end = _walked(reader, walk, after, limit)
    return _page(found, end, limit, count_of(cursor=reader, walk=walk), {})


def _are_few(reader: psycopg.Cursor, suppliers: list[int]) -> bool:
    reader.execute(
        "SELECT count(*) FROM (SELECT 1 FROM triage_exceptioncase "
        f"WHERE supplier_id = ANY(%b) AND {TOLD} LIMIT {GATHER + 1}) f",
        [suppliers],
    )
    row = reader.fetchone()
    return row is not None and row[0] <= GATHER


def _walked(
    reader: psycopg.Cursor, walk: Walk, after: Sequence[Any], limit: int
) -> tuple[list[tuple[Any, ...]], tuple[Any, ...] | None]:
    found = page_of(cursor=reader, walk=walk, after=after, limit=limit + 1)
    return found, None if len(found) > limit else end_of(cursor=reader, walk=walk, after=after)


def _search(reader: psycopg.Cursor, walk: Walk, text: str, after: Sequence[Any], limit: int) -> CasePage:
    """By the order's number; else by words, in the first cases of the list."""
    numbered = Walk(
        walk.table,
        walk.parts,
        walk.sort,
        {**walk.filters, "order_number": list({text, text.upper(), text.lower()})},
        within=walk.within,
    )
    every = gather(cursor=reader, walk=numbered, limit=GATHER)
    if every:
        found = gather(cursor=reader, walk=numbered, after=after, limit=limit + 1) if after else every
        return _page(found[: limit + 1], None, limit, (len(every), len(every) == GATHER), {})
    looked = page_of(cursor=reader, walk=walk, after=after, limit=LOOKED_THROUGH)
    worded = set(_with_words(reader, [row[-1] for row in looked], text))
    found = [row for row in looked if row[-1] in worded]
    cut = len(looked) == LOOKED_THROUGH
    return _page(found[: limit + 1], looked[-1] if cut else None, limit, (len(found), cut), {})


def _with_words(reader: psycopg.Cursor, ids: list[int], text: str) -> list[int]:
    pattern = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    reader.execute(
        "SELECT id FROM triage_exceptioncase WHERE id = ANY(%b) AND summary ILIKE %s",
        [ids, f"%{pattern}%"],
    )
    return [row[0] for row in reader.fetchall()]


def _page(
    found: Sequence[tuple[Any, ...]],
    end: tuple[Any, ...] | None,
    limit: int,
    count: tuple[int, bool],
    counts: Mapping[str, Mapping[Any, int]],
) -> CasePage:
    following = ""
    if len(found) > limit:
        following = write_cursor(*found[limit - 1])
    elif end is not None:
        following = write_cursor(*end)
    return CasePage(
        rows=read_rows(ids=[row[-1] for row in found[:limit]]),
        next_cursor=following,
        count=count[0],
        capped=count[1],
        cut=end is not None and len(found) <= limit,
        counts=counts,
    )


def _read_cursor(cursor: str, columns: Sequence[Column]) -> tuple[Any, ...]:
    """The values of the sort and the id; another sort's cursor is lost like any that is none."""
    *values, last = read_cursor(cursor, size=len(columns) + 1)
    try:
        return (
            *(_READ[column.name](value) for column, value in zip(columns, values, strict=True)),
            int(last),
        )
    except (ValueError, TypeError, OverflowError, InvalidOperation) as error:
        raise NotFoundError(LOST) from error


def _moment(value: Any) -> dt.datetime:
    moment = dt.datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment


_READ: dict[str, Callable[[Any], Any]] = {
    "rank": int,
    "money": lambda value: None if value is None else Decimal(value),
    "opened_at": _moment,
    "due_at": lambda value: None if value is None else _moment(value),
}


def count_open(*, scope: Scope) -> int:
    """All open cases of this reader."""
    return sum(count_by(scope=scope, what="case", by="queue").values())
