"""The list of orders: narrowed, sorted, page by page, at a cost that does not grow with their number."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.core.exceptions import ValidationError
from django.db import connection as database
from django.db.models import F, QuerySet, Value

from visibility.access.cursors import LOST, read_cursor, write_cursor
from visibility.access.scopes import Scope
from visibility.access.walks import GATHER, Column, Walk, end_of, gather, page_of
from visibility.core.db import server_cursor
from visibility.core.errors import NotFoundError
from visibility.counters.selectors import Survey, count_by, survey
from visibility.flows.models import Flow
from visibility.flows.search import find_ids
from visibility.flows.selectors import FLOW_COLUMNS, FlowRow

SEARCH_MOST = 500
"""So many orders are found by a search; beyond it the list says "more than"."""
DRIVEN = 20_000
"""What is rarest of the filters is looked through by its own index, where it is of so few orders."""
SORTS = {
    "-ordered_on": Column("ordered_on", descending=True, nullable=True),
    "wanted_on": Column("wanted_on", nullable=True),
    "-value": Column("value", descending=True, nullable=True),
    "next_due_at": Column("next_due_at", nullable=True),
}
FACETS = ("state", "supplier", "ship_to")
CHOICES = 500
Found = tuple[list[tuple[Any, ...]], tuple[Any, ...] | None]
"""The sorted values of some rows, one more than was asked for where there are more; where a walk was cut."""


@dataclass(frozen=True)
class FlowPage:
    """A page of a list. `count` is of the whole list; `capped` says that there are more than that.

    `cut`: so many orders were looked through that do not fit that the page ends before it is full.
    `counts`: for each of FACETS how many of the list have each value; of a search there are none.
    """

    rows: list[FlowRow]
    next_cursor: str
    count: int
    capped: bool
    cut: bool = False
    counts: Mapping[str, Mapping[Any, int]] = field(default_factory=dict)


def list_flows(
    *,
    scope: Scope,
    q: str = "",
    supplier_id: int | None = None,
    ship_to_id: int | None = None,
    state: str = "",
    sort: str = "-ordered_on",
    cursor: str = "",
    limit: int = 50,
) -> FlowPage:
    """A page of orders, by keyset: it costs the same wherever in the list it lies."""
    column = SORTS.get(sort, SORTS["-ordered_on"])
    after = _read_cursor(cursor, column.name) if cursor else ()
    only = {"state": state or None, "supplier": supplier_id, "ship_to": ship_to_id}
    walk = _walk(scope, only, column)
    if q:
        return _search(scope, walk, q, after, limit)
    counted = survey(scope=scope, what="flow", by=FACETS, only=only)
    with server_cursor(database) as open_cursor:
        found, end = _read(open_cursor, walk, counted, after, limit)
    return FlowPage(
        rows=read_rows([row[-1] for row in found[:limit]]),
        next_cursor=_next(found, end, limit),
        count=counted.fitting,
        capped=False,
        cut=end is not None,
        counts=counted.by,
    )


def _walk(scope: Scope, only: Mapping[str, Any], column: Column) -> Walk:
    filters: dict[str, Any] = {"supplier_id": list(scope.partners)} if scope.partners is not None else {}
    if only["supplier"] is not None:
        theirs = scope.partners is None or only["supplier"] in scope.partners
        filters["supplier_id"] = [only["supplier"]] if theirs else []
    if only["ship_to"] is not None:
        filters["ship_to_id"] = only["ship_to"]
    if only["state"]:
        filters["state"] = only["state"]
    return Walk(
        table="flows_flow",
        parts=[{"company_id": company} for company in scope.companies],
        sort=(column, Column("id", descending=column.descending)),
        filters=filters,
        besides=f"state <> '{Flow.State.VOID}'",
    )


def _read(cursor: psycopg.Cursor, walk: Walk, counted: Survey, after: Sequence[Any], limit: int) -> Found:
    if not walk.parts or not counted.fitting:
        return [], None
    if counted.fitting <= GATHER and counted.rarest <= DRIVEN:
        return gather(cursor=cursor, walk=walk, after=after, limit=limit + 1), None
    found = page_of(cursor=cursor, walk=walk, after=after, limit=limit + 1)
    if len(found) > limit or len(found) == counted.fitting:
        return found, None
    return found, end_of(cursor=cursor, walk=walk, after=after)


def _search(scope: Scope, walk: Walk, text: str, after: Sequence[Any], limit: int) -> FlowPage:
    """The same of what a search found; few enough to be sorted and counted."""
    hits = find_ids(scope=scope, text=text, limit=SEARCH_MOST)
    if not hits.ids or not walk.parts:
        return FlowPage(rows=[], next_cursor="", count=0, capped=False)
    own = Walk(walk.table, walk.parts, walk.sort, {**walk.filters, "id": hits.ids}, walk.besides)
    with server_cursor(database) as cursor:
        every = gather(cursor=cursor, walk=own, limit=SEARCH_MOST)
        found = gather(cursor=cursor, walk=own, after=after, limit=limit + 1) if after else every[: limit + 1]
    return FlowPage(
        rows=read_rows([row[-1] for row in found[:limit]]),
        next_cursor=_next(found, None, limit),
        count=len(every),
        capped=hits.more,
    )


def read_rows(ids: Sequence[int]) -> list[FlowRow]:
    """These orders, in this order."""
    rows = {
        values[0]: FlowRow(*values) for values in Flow.objects.filter(id__in=ids).values_list(*FLOW_COLUMNS)
    }
    return [rows[pk] for pk in ids if pk in rows]


def _next(found: Sequence[tuple[Any, ...]], end: tuple[Any, ...] | None, limit: int) -> str:
    if len(found) > limit:
        return write_cursor(*found[limit - 1])
    return write_cursor(*end) if end is not None else ""


def _read_cursor(cursor: str, name: str) -> tuple[Any, int]:
    """The value of the field `name` and the id; another sort's cursor is lost like any that is none."""
    value, last = read_cursor(cursor, size=2)
    try:
        kept = Flow._meta.get_field(name).to_python(value)  # type: ignore[union-attr]  # a plain field
        if isinstance(kept, dt.datetime) and kept.tzinfo is None:
            raise NotFoundError(LOST)
        return kept, int(last)
    except (ValidationError, ValueError, TypeError, OverflowError) as error:
        raise NotFoundError(LOST) from error


def flow_facets(*, scope: Scope) -> dict[str, list[tuple[Any, ...]]]:
    """What a list can be narrowed to: suppliers, places, states."""
    both = _named(scope, "supplier").union(_named(scope, "ship_to"), all=True)
    found: dict[str, list[tuple[Any, ...]]] = {"supplier": [], "ship_to": []}
    for relation, pk, label, code in both.order_by("label", "pk"):
        found[relation].append((pk, label or code))
    return {
        **found,
        "state": [(value, label) for value, label in Flow.State.choices if value != Flow.State.VOID],
    }


def _named(scope: Scope, relation: str) -> QuerySet[Any, Any]:
    """The first so many of them by name: which relation they are of, id, name and code."""
    model = Flow._meta.get_field(relation).related_model
    rows = model.objects.filter(company_id__in=scope.companies).order_by("name", "id")  # type: ignore[union-attr]
    if scope.partners is not None:
        theirs = scope.partners if relation == "supplier" else count_by(scope=scope, what="flow", by=relation)
        # Django leaves one that cannot have rows out of a union, and writes an order twice then.
        rows = rows.filter(pk__in=list(theirs) or [0])
    named = rows.annotate(relation=Value(relation), label=F("name"))
    found: QuerySet[Any, Any] = named.values_list("relation", "pk", "label", "code")[:CHOICES]
    return found


def flow_counts(
    *,
    scope: Scope,
    by: str,
    state: str = "",
    stage: str = "",
    supplier_id: int | None = None,
    ship_to_id: int | None = None,
) -> dict[Any, int]:
    """Orders by state, stage, supplier or ship_to, of those that the rest narrows them to."""
    only = {"state": state or None, "stage": stage or None, "supplier": supplier_id, "ship_to": ship_to_id}
    return count_by(scope=scope, what="flow", by=by, only=only)
