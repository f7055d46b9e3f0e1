"""The list of exceptions: narrowed, sorted, page by page, at a cost that does not grow with their number."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

import psycopg
from django.db import connection as database
from django.utils import timezone

from visibility.access.cursors import LOST, read_cursor, write_cursor
from visibility.access.scopes import Scope
from visibility.access.walks import GATHER, Column, Walk, count_of, end_of, gather, page_of, some_of
from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.core.errors import NotFoundError
from visibility.counters.selectors import Survey, count_by, survey
from visibility.triage.selectors import CaseRow, for_reader, read_rows

DRIVEN = 2_000
"""What is rarest of the filters is looked through by its own index, where it is of so few cases."""
LOOKED_THROUGH = 2_000
"""In so many cases of a list at most words are looked for."""
SORTS: dict[str, tuple[Column, ...]] = {
    "-money": (Column("rank", descending=True), Column("money", descending=True, nullable=True)),
    "-opened_at": (Column("opened_at", descending=True),),
    "due_at": (Column("due_at", nullable=True),),
    "-risk": (Column("risk", descending=True, nullable=True),),
    "sla_due_at": (Column("sla_due_at", nullable=True),),
}
FACETS = ("kind", "supplier", "ship_to")
INDEXED = ("queue", "kind", "supplier")
"""What an index of its own finds few cases by."""
STATES: dict[str, tuple[tuple[bool, ...], list[str]]] = {
    "open": ((True,), []),
    "closed": ((False,), ["closed", "resolved"]),
    "closed_today": ((False,), ["closed", "resolved"]),
    "snoozed": ((False,), ["snoozed"]),
    "waiting": ((False,), ["waiting"]),
}
"""What each state of a list is of: `is_open`, and which states where that does not say it all."""
SLA = {
    "over": "sla_paused_at IS NULL AND sla_due_at < {now}",
    "warning": "sla_paused_at IS NULL AND sla_warns_at < {now} AND sla_due_at >= {now}",
}
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
    queues: Mapping[str, int] | None = None
    """Open cases of every queue, whatever the list is narrowed to; None: not counted."""


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
    severity: str = "",
    assignee_id: int | None = None,
    unassigned: bool = False,
    watching_by: int | None = None,
    mentions_of: int | None = None,
    sla: str = "",
) -> CasePage:
    """A page of a list, by keyset of what the sort compares. `state` is one of STATES, or empty for all.

    `watching_by` and `mentions_of` are people's ids: what they watch, where they are named and have not seen
    it. `sla`: over or warning, by the clock in working time; clocks that stand are neither.
    """
    sort = sort if sort in SORTS else "-money"
    only = {"queue": queue or None, "kind": kind or None, "supplier": supplier_id, "ship_to": ship_to_id}
    only |= {"severity": severity or None}
    walk = _walk(scope, state, only, sort)
    after = _read_cursor(cursor, SORTS[sort]) if cursor else ()
    if not walk.parts:
        return CasePage([], "", 0, False)
    if assignee_id is not None:
        walk = _narrow(walk, assignee_id=assignee_id)
    if unassigned:
        walk = replace(walk, besides="assignee_id IS NULL")
    conditions = [condition for condition in (_closed_since(state), _clock(sla)) if condition]
    if conditions:
        walk = replace(walk, within=" AND ".join([TOLD, *conditions]))
    with server_cursor(database) as reader:
        persons = [(WATCHED, watching_by), (NAMED, mentions_of)]
        named = [_ids(reader, query, person) for query, person in persons if person is not None]
        if named:
            walk = _narrow(walk, id=sorted(set.intersection(*named)))
        if q:
            return _outward(_search(reader, walk, q.strip(), after, limit), scope)
        narrowed = bool(named or conditions or unassigned or assignee_id is not None)
        if state == "open" and not narrowed:
            by = (*FACETS, "queue")
            counted = survey(scope=scope, what="case", by=by, only=only, whole=("queue",))
            if kind and not queue:  # rules may have put cases of a kind into whatever queue
                walk = _narrow(walk, queue=sorted(counted.by["queue"]))
            page = _open_page(reader, walk, counted, after, limit)
            return _outward(replace(page, queues=counted.whole["queue"]), scope)
        if narrowed and not unassigned and (named or _is_few(reader, walk)):
            return _outward(_few_page(reader, walk, after, limit), scope)
        return _outward(_any_page(reader, walk, after, limit), scope)


def _outward(page: CasePage, scope: Scope) -> CasePage:
    return replace(page, rows=for_reader(page.rows, scope=scope))


WATCHED = "SELECT case_id FROM triage_casewatcher WHERE user_id = %s ORDER BY case_id DESC LIMIT %s"
NAMED = (
    "SELECT DISTINCT c.case_id FROM triage_casemention m JOIN triage_casecomment c ON c.id = m.comment_id "
    "WHERE m.user_id = %s AND m.seen_at IS NULL ORDER BY 1 DESC LIMIT %s"
)


def _ids(reader: psycopg.Cursor, query: str, person: int) -> set[int]:
    """The newest cases that a person watches, or is named in: so many at most."""
    reader.execute(query, [person, GATHER])
    return {row[0] for row in reader.fetchall()}


def _closed_since(state: str) -> str:
    if state != "closed_today":
        return ""
    midnight = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    return f"closed_at >= {_literal(midnight)}"


def _clock(sla: str) -> str:
    return SLA[sla].format(now=_literal(clock.now())) if sla in SLA else ""


def _literal(moment: dt.datetime) -> str:
    """A moment as SQL has it; of digits and signs alone, so that nothing can be put into it."""
    return f"timestamptz '{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S.%f}+00'"


def _walk(scope: Scope, state: str, only: Mapping[str, Any], sort: str) -> Walk:
    filters: dict[str, Any] = {"supplier_id": list(scope.partners)} if scope.partners is not None else {}
    if only["supplier"] is not None:
        theirs = scope.partners is None or only["supplier"] in scope.partners
        filters["supplier_id"] = [only["supplier"]] if theirs else []
    for name in ("queue", "kind", "ship_to", "severity"):
        if only[name] is not None:
            filters["ship_to_id" if name == "ship_to" else name] = only[name]
    opened, states = STATES.get(state, ((True, False), []))
    if states:
        filters["state"] = states
    columns = SORTS[sort]
    return Walk(
        table="triage_exceptioncase",
        parts=[{"company_id": company, "is_open": each} for company in scope.companies for each in opened],
        sort=(*columns, Column("id", descending=sort == "-opened_at")),
        filters=filters,
        within=TOLD,
    )


def _narrow(walk: Walk, **filters: Any) -> Walk:
    return replace(walk, filters={**walk.filters, **filters})


def _is_few(reader: psycopg.Cursor, walk: Walk) -> bool:
    """Whether a narrowed list is so short that it is gathered whole."""
    return some_of(cursor=reader, walk=walk, most=GATHER + 1) <= GATHER


def _few_page(reader: psycopg.Cursor, walk: Walk, after: Sequence[Any], limit: int) -> CasePage:
    every = gather(cursor=reader, walk=walk, limit=GATHER)
    found = gather(cursor=reader, walk=walk, after=after, limit=limit + 1) if after else every
    return _page(found[: limit + 1], None, limit, (len(every), len(every) == GATHER), {})


def _open_page(
    reader: psycopg.Cursor, walk: Walk, counted: Survey, after: Sequence[Any], limit: int
) -> CasePage:
    rarest = min((counted.each[name] for name in INDEXED if name in counted.each), default=counted.fitting)
    few = counted.fitting <= GATHER and rarest <= DRIVEN and counted.fitting > 0
    if few:
        found, end = gather(cursor=reader, walk=walk, after=after, limit=limit + 1), None
    else:
        found, end = _walked(reader, walk, after, limit) if counted.fitting else ([], None)
    counts = {name: counted.by[name] for name in FACETS}
    return _page(found, end, limit, (counted.fitting, False), counts)


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
    "risk": lambda value: None if value is None else Decimal(value),
    "sla_due_at": lambda value: None if value is None else _moment(value),
}


def count_open(*, scope: Scope) -> int:
    """All open cases of this reader."""
    return sum(count_by(scope=scope, what="case", by="queue").values())
