"""Reading counts: totals and the deltas not yet summed up, in one statement and so at one moment."""

from collections.abc import Mapping
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
    "message": {"status": "part_1", "given_up": "part_2", "connection": "connection_id"},
}
"""What is counted, and by what: open cases, orders, and messages by their last translation."""


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
