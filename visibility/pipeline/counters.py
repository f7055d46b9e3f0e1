"""What is counted, told once more from the rows themselves: to check the counters, and to mend them.

The counters are written by statement triggers (this app's migrations): whoever changes a case, an order or an
outcome, a chunk, a sweep or a person, is counted in the same transaction. The definitions here and there are
held together by a test.
"""

from django.db import connection as database

from visibility.core.db import server_cursor
from visibility.counters.services import KEY

COUNTED = """
SELECT company_id, 'case' AS what, queue AS part_1, kind AS part_2, severity AS part_3,
       coalesce(supplier_id, 0) AS supplier_id, coalesce(ship_to_id, 0) AS place_id, 0 AS connection_id,
       count(*) AS n
FROM triage_exceptioncase WHERE is_open GROUP BY 1, 2, 3, 4, 5, 6, 7
UNION ALL
SELECT company_id, 'silent', state, kind, '', coalesce(supplier_id, 0), 0, 0, count(*)
FROM triage_exceptioncase WHERE state IN ('silent', 'silent_past') GROUP BY 1, 3, 4, 6
UNION ALL
SELECT company_id, 'flow', state, stage, '', coalesce(supplier_id, 0), coalesce(ship_to_id, 0), 0, count(*)
FROM flows_flow WHERE state <> 'void' GROUP BY 1, 2, 3, 4, 6, 7
UNION ALL
SELECT o.company_id, 'message', o.status, CASE WHEN o.cut_short THEN 'given_up' ELSE '' END, '', 0, 0,
       m.connection_id, count(*)
FROM (SELECT DISTINCT ON (message_id) * FROM inbox_outcome WHERE NOT partial
      ORDER BY message_id, translation DESC) o
JOIN inbox_message m ON m.id = o.message_id GROUP BY 1, 2, 3, 4, 8
"""
DIFFERENCE = (
    f"SELECT {KEY}, sum(n) AS n FROM ({COUNTED} "
    f"UNION ALL SELECT {KEY}, -n FROM counters_countertotal "
    f"UNION ALL SELECT {KEY}, -n FROM counters_counterdelta) f GROUP BY {KEY} HAVING sum(n) <> 0"
)


def find_differences() -> list[tuple[object, ...]]:
    """Figures that are not what counting the rows gives: their key, and what they lack."""
    with server_cursor(database) as cursor:
        cursor.execute(f"{DIFFERENCE} ORDER BY {KEY}")
        return cursor.fetchall()


def mend() -> int:
    """Add what the counters lack, at one moment and with no lock; how many figures were wrong."""
    with server_cursor(database) as cursor:
        cursor.execute(f"INSERT INTO counters_counterdelta ({KEY}, n) {DIFFERENCE}")
        return cursor.rowcount
