"""Days pass: what is at stake in some days is weighed anew every few hours. A chore."""

from django.db import connection as database
from django.db import transaction

from visibility.core.db import server_cursor
from visibility.flows.services import look_at_these_again
from visibility.triage.reconcile import LIVE

BATCH_FLOWS = 1000


def weigh_anew() -> int:
    """Have sweeps look at the orders whose cases have days left. How many, in small transactions."""
    last, marked = 0, 0
    while True:
        with transaction.atomic(), server_cursor(database) as cursor:
            cursor.execute(
                "SELECT DISTINCT flow_id FROM triage_exceptioncase "
                "WHERE flow_id > %s AND state = ANY(%b) AND days IS NOT NULL ORDER BY 1 LIMIT %s",
                [last, sorted(LIVE), BATCH_FLOWS],
            )
            ids = [row[0] for row in cursor.fetchall()]
            if not ids:
                return marked
            look_at_these_again(cursor=cursor, flow_ids=ids)
        last, marked = ids[-1], marked + len(ids)
