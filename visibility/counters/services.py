"""Summing up the deltas. Nobody who writes one ever waits for it."""

from django.db import connection as database
from django.db import transaction

from visibility.core.db import server_cursor

LOCK = 0x7468726F75676802
MOST = 50_000
KEY = "company_id, what, part_1, part_2, part_3, supplier_id, place_id, connection_id"


def compact(*, limit: int = MOST) -> int:
    """Move up to `limit` deltas into the totals, in one transaction. How many; 0 if somebody else is at it.

    What commits later with a lower id is simply found by the next compaction.
    """
    with transaction.atomic(), server_cursor(database) as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        row = cursor.fetchone()
        if not row or not row[0]:
            return 0
        cursor.execute(
            "WITH gone AS (DELETE FROM counters_counterdelta WHERE id IN "
            "  (SELECT id FROM counters_counterdelta ORDER BY id LIMIT %s) RETURNING *), "
            f"summed AS (INSERT INTO counters_countertotal AS t ({KEY}, n) "
            f"  SELECT {KEY}, sum(n) FROM gone GROUP BY {KEY} HAVING sum(n) <> 0 "
            f"  ON CONFLICT ({KEY}) DO UPDATE SET n = t.n + EXCLUDED.n) "
            "SELECT count(*) FROM gone",
            [limit],
        )
        row = cursor.fetchone()
        moved = int(row[0]) if row else 0
        if moved:
            cursor.execute("DELETE FROM counters_countertotal WHERE n = 0")
    return moved


def compact_all() -> int:
    """Move all deltas there are, some at a time; how many."""
    total = 0
    while moved := compact():
        total += moved
        if moved < MOST:
            break
    return total
