"""After terms were changed: the orders they concern are looked at again, so that cases open and close without
a message. A chore, driven by what `masterdata.terms_changes` has written down."""

import datetime as dt

from django.db import connection as database
from django.db import transaction

from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.flows.services import look_at_these_again
from visibility.masterdata.models import TermsChange

BATCH_FLOWS = 1000
ROUNDS = 2
SECOND_LOOK = dt.timedelta(seconds=60)
"""After so long the orders are marked once more: a worker may have read the former terms just before they
were changed, and committed an order of which nobody knew just after they were marked."""
KEPT = dt.timedelta(days=1)

# Finished orders are among them where something differs: what was within the tolerance may not be any more.
_CONCERNED = (
    "SELECT f.id FROM flows_flow f WHERE f.company_id = %s AND f.id > %s "
    "AND (%s::bigint IS NULL OR f.supplier_id = %s) AND (%s = '' OR f.number = %s) "
    "AND f.state <> 'cancelled' AND (f.state <> 'done' OR EXISTS (SELECT 1 FROM flows_flowline l "
    "  WHERE l.flow_id = f.id AND (coalesce(l.confirmed, l.ordered) IS DISTINCT FROM l.ordered "
    "    OR coalesce(l.shipped, l.ordered) IS DISTINCT FROM l.ordered "
    "    OR coalesce(l.received, l.ordered) IS DISTINCT FROM l.ordered "
    "    OR coalesce(l.invoiced, l.ordered) IS DISTINCT FROM l.ordered "
    "    OR coalesce(l.promised_on, l.wanted_on) IS DISTINCT FROM l.wanted_on))) "
    "ORDER BY f.id LIMIT %s"
)


def look_after_changes() -> int:
    """Mark the orders of every change that was not marked twice; how many orders.

    In small transactions, each with how far it came: who is stopped half-way goes on there.
    """
    marked = 0
    for change in TermsChange.objects.filter(rounds__lt=ROUNDS).order_by("at", "pk"):
        if change.rounds and clock.now() < change.at + SECOND_LOOK:
            continue
        marked += _mark_all(change)
    TermsChange.objects.filter(rounds__gte=ROUNDS, at__lt=clock.now() - KEPT).delete()
    return marked


def _mark_all(change: TermsChange) -> int:
    marked = 0
    while True:
        with transaction.atomic(), server_cursor(database) as cursor:
            partner, number = change.partner_id, change.order_number
            cursor.execute(
                _CONCERNED,
                [change.company_id, change.after, partner, partner, number, number, BATCH_FLOWS],
            )
            ids = [row[0] for row in cursor.fetchall()]
            look_at_these_again(cursor=cursor, flow_ids=ids)
            if len(ids) < BATCH_FLOWS:
                change.rounds, change.after = change.rounds + 1, 0
            else:
                change.after = ids[-1]
            change.save(update_fields=["rounds", "after"])
        marked += len(ids)
        if len(ids) < BATCH_FLOWS:
            return marked
