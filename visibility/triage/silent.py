"""What silent detectors found: how much of what, and each of it. Scoped like everything."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection as database

from visibility.access.cursors import LOST, read_cursor, write_cursor
from visibility.access.scopes import Scope
from visibility.core.db import server_cursor
from visibility.core.errors import NotFoundError
from visibility.counters.selectors import TABLES
from visibility.masterdata.models import TradingPartner
from visibility.triage.models import ExceptionCase

CAP = 10_000


@dataclass(frozen=True)
class Tally:
    """How many cases the detectors of a kind would have opened for a partner's orders."""

    company_id: int
    kind: str
    supplier_id: int | None
    supplier: str
    would_have: int
    still: int
    """Of them those that are true today."""


@dataclass(frozen=True)
class SilentRow:
    """One thing a silent detector found; `gone_at`: since when it is true no more."""

    id: int
    kind: str
    severity: str
    order_number: str
    correlation_id: UUID | None
    line: str
    summary: str
    money: Decimal | None
    currency: str | None
    supplier: str
    seen_at: dt.datetime
    gone_at: dt.datetime | None

    @property
    def still(self) -> bool:
        """Whether it is true still."""
        return self.gone_at is None


@dataclass(frozen=True)
class SilentPage:
    """A page of what was found, the newest first."""

    rows: list[SilentRow]
    next_cursor: str
    count: int
    capped: bool


def count_silent(
    *, scope: Scope, supplier_id: int | None = None, since: dt.datetime | None = None
) -> list[Tally]:
    """By kind and partner, the most first. Without `since` from the counters, else counted row by row."""
    rows = _counted_since(scope, since) if since is not None else _counted(scope)
    found: dict[tuple[int, str, int], list[int]] = {}
    for company_id, kind, supplier, state, n in rows:
        if supplier_id is None or supplier == supplier_id:
            sums = found.setdefault((company_id, kind, supplier), [0, 0])
            sums[0] += n
            sums[1] += n if state == ExceptionCase.State.SILENT else 0
    names = names_of_partners(ids={supplier for _, _, supplier in found})
    tallies = [
        Tally(company_id, kind, supplier or None, names.get(supplier, ""), total, still)
        for (company_id, kind, supplier), (total, still) in found.items()
    ]
    return sorted(tallies, key=lambda each: (-each.would_have, each.kind, each.supplier))


def names_of_partners(*, ids: Iterable[int]) -> dict[int, str]:
    """What partners are called."""
    rows = TradingPartner.objects.filter(pk__in=set(ids)).values_list("pk", "name", "code")
    return {pk: name or code for pk, name, code in rows}


def _counted(scope: Scope) -> Sequence[tuple[int, str, int, str, int]]:
    table = "SELECT company_id, part_2, supplier_id, part_1, n FROM {} "
    table += "WHERE what = 'silent' AND company_id = ANY(%b)"
    values: list[object] = [list(scope.companies)]
    if scope.partners is not None:
        table += " AND supplier_id = ANY(%b)"
        values.append(list(scope.partners))
    both = " UNION ALL ".join(table.format(name) for name in TABLES)
    with server_cursor(database) as cursor:
        cursor.execute(
            "SELECT company_id, part_2, supplier_id, part_1, sum(n)::bigint "
            f"FROM ({both}) f GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0",
            [*values, *values],
        )
        return cursor.fetchall()


def _counted_since(scope: Scope, since: dt.datetime) -> Sequence[tuple[int, str, int, str, int]]:
    own = "" if scope.partners is None else "AND supplier_id = ANY(%b) "
    values = [] if scope.partners is None else [list(scope.partners)]
    with server_cursor(database) as cursor:
        cursor.execute(
            "SELECT company_id, kind, coalesce(supplier_id, 0), state, count(*) FROM triage_exceptioncase "
            f"WHERE company_id = ANY(%b) AND state IN ('silent', 'silent_past') {own}AND opened_at >= %s "
            "GROUP BY 1, 2, 3, 4",
            [list(scope.companies), *values, since],
        )
        return cursor.fetchall()


def list_silent(
    *,
    scope: Scope,
    kind: str = "",
    supplier_id: int | None = None,
    still: bool = False,
    since: dt.datetime | None = None,
    cursor: str = "",
    limit: int = 50,
) -> SilentPage:
    """What was found, by keyset; `supplier_id` 0: of orders whose supplier nobody knows."""
    states = ExceptionCase.SILENT_STATES[:1] if still else ExceptionCase.SILENT_STATES
    found = ExceptionCase.objects.filter(company_id__in=scope.companies, state__in=states)
    if scope.partners is not None:
        found = found.filter(supplier_id__in=scope.partners)
    if kind:
        found = found.filter(kind=kind)
    if supplier_id is not None:
        found = found.filter(supplier_id=supplier_id or None)
    if since is not None:
        found = found.filter(opened_at__gte=since)
    count = found.order_by()[: CAP + 1].count()
    if cursor:
        (last,) = read_cursor(cursor, size=1)
        if not isinstance(last, int):
            raise NotFoundError(LOST)
        found = found.filter(id__lt=last)
    rows = [SilentRow(*values) for values in found.order_by("-id").values_list(*_COLUMNS)[: limit + 1]]
    more = len(rows) > limit
    rows = rows[:limit]
    return SilentPage(
        rows, write_cursor(rows[-1].id) if more else "", count=min(count, CAP), capped=count > CAP
    )


_COLUMNS = (
    "id",
    "kind",
    "severity",
    "order_number",
    "flow__correlation_id",
    "line",
    "summary",
    "money",
    "flow__currency",
    "supplier_name",
    "opened_at",
    "closed_at",
)


def flows_to_open(*, company_id: int, kinds: dict[int, set[str]], after: int, limit: int) -> list[int]:
    """Orders above the id `after` of which something found silently is true still, by ascending id.

    `kinds`: of each partner (0: not known) the kinds that are meant.
    """
    pairs = [(supplier, kind) for supplier, own in kinds.items() for kind in sorted(own)]
    with server_cursor(database) as cursor:
        cursor.execute(
            "SELECT DISTINCT c.flow_id FROM unnest(%b::bigint[], %b::text[]) w(supplier_id, kind) "
            "JOIN triage_exceptioncase c ON c.company_id = %s AND c.kind = w.kind "
            "  AND c.supplier_id IS NOT DISTINCT FROM nullif(w.supplier_id, 0) "
            "WHERE c.state = 'silent' AND c.flow_id > %s ORDER BY 1 LIMIT %s",
            [[each for each, _ in pairs], [kind for _, kind in pairs], company_id, after, limit],
        )
        return [row[0] for row in cursor.fetchall()]
