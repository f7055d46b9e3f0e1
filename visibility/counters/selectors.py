"""Reading counts: totals and the deltas not yet summed up, in one statement and so at one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection as database

from visibility.access.scopes import Scope
from visibility.core.db import server_cursor

TABLES = ("counters_countertotal", "counters_counterdelta")
PARTS: Mapping[str, Mapping[str, str]] = {
    "case": {
        "queue": "part_1",
        "kind": "part_2",
        "severity": "part_3",
        "supplier": "supplier_id",
        "ship_to": "place_id",
    },
    "flow": {"state": "part_1", "stage": "part_2", "supplier": "supplier_id", "ship_to": "place_id"},
    "silent": {"state": "part_1", "kind": "part_2", "supplier": "supplier_id"},
    "message": {"status": "part_1", "given_up": "part_2", "connection": "connection_id"},
}
"""What is counted, and by what: open cases, what silent detectors found, orders, and messages by their last
translation."""


def count_by(*, scope: Scope, what: str, by: str, only: Mapping[str, Any] | None = None) -> dict[Any, int]:
    """How many this reader sees for each value of `by`, of those that have the values `only` names.

    Values of None in `only` are not asked for. A reader of one partner's part is counted that part.
    """
    columns = PARTS[what]
    asked = {columns[name]: value for name, value in (only or {}).items() if value is not None}
    where = "".join(f" AND {column} = %s" for column in asked)
    table = f"SELECT {columns[by]} AS value, n FROM {{}} WHERE what = %s AND company_id = ANY(%b){where}"
    values: list[Any] = [what, list(scope.companies), *asked.values()]
    if scope.partners is not None:
        table += " AND supplier_id = ANY(%b)"
        values.append(list(scope.partners))
    both = " UNION ALL ".join(table.format(name) for name in TABLES)
    with server_cursor(database) as cursor:
        cursor.execute(
            f"SELECT value, sum(n) FROM ({both}) f GROUP BY value HAVING sum(n) <> 0", [*values, *values]
        )
        return {value: int(n) for value, n in cursor.fetchall()}


@dataclass(frozen=True)
class Survey:
    """What the counters say of a list before it is read.

    `fitting`: how many fit all that it is narrowed to; `each`: how many fit each of it alone; `by`: of those
    that fit, how many have each value of something else.
    """

    fitting: int
    each: Mapping[str, int]
    by: Mapping[str, Mapping[Any, int]]
    whole: Mapping[str, Mapping[Any, int]]
    """The same of all there is, whatever the list is narrowed to."""

    @property
    def rarest(self) -> int:
        """How many fit what is rarest of all that the list is narrowed to."""
        return min(self.each.values(), default=self.fitting)


def survey(
    *, scope: Scope, what: str, by: Sequence[str], only: Mapping[str, Any], whole: Sequence[str] = ()
) -> Survey:
    """All counts that a list needs, in one statement; parts as in PARTS. None in `only` is not asked for.

    `whole`: what is counted also of all there is.
    """
    columns = PARTS[what]
    asked = {name: value for name, value in only.items() if value is not None}
    values: list[Any] = [what, list(scope.companies)]
    table = "SELECT part_1, part_2, part_3, supplier_id, place_id, connection_id, n FROM {} "
    table += "WHERE what = %s AND company_id = ANY(%b)"
    if scope.partners is not None:
        table += " AND supplier_id = ANY(%b)"
        values.append(list(scope.partners))
    both = " UNION ALL ".join(table.format(name) for name in TABLES)
    fits = " AND ".join(f"{columns[name]} = %s" for name in asked) or "true"
    parts = [f"SELECT '', NULL, sum(n) FROM f WHERE {fits}"]
    values = [*values, *values, *asked.values()]
    for name, value in asked.items():
        parts.append(f"SELECT 'each', '{name}', sum(n) FROM f WHERE {columns[name]} = %s")
        values.append(value)
    for name in by:
        column = columns[name]
        parts.append(
            f"SELECT '{name}', {column}::text, sum(n) FROM f WHERE {fits} "
            f"GROUP BY {column} HAVING sum(n) <> 0"
        )
        values += asked.values()
    parts += [
        f"SELECT 'whole {name}', {columns[name]}::text, sum(n) FROM f "
        f"GROUP BY {columns[name]} HAVING sum(n) <> 0"
        for name in whole
    ]
    with server_cursor(database) as cursor:
        cursor.execute(f"WITH f AS MATERIALIZED ({both}) {' UNION ALL '.join(parts)}", values)
        rows = cursor.fetchall()
    found: dict[str, dict[Any, int]] = {name: {} for name in ("", "each", *by)}
    found |= {f"whole {name}": {} for name in whole}
    for group, value, n in rows:
        numbered = columns.get(group.removeprefix("whole "), "").endswith("_id")
        found[group][int(value) if numbered else value] = int(n or 0)
    return Survey(
        found[""][None],
        found["each"],
        {name: found[name] for name in by},
        {name: found[f"whole {name}"] for name in whole},
    )
