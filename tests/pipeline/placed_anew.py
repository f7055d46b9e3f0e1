"""Placing everything once more: what stands must be where all that is known by now says."""

from django.db import connection as database
from django.db import transaction

from visibility.core.db import server_cursor
from visibility.ledger.correlate import Correlated
from visibility.ledger.settle import settle


def misplaced() -> dict[str, object]:
    """What settling every entry once more would change; nothing of it stays."""
    with transaction.atomic(), server_cursor(database) as cursor:
        cursor.execute("SELECT position FROM ledger_entry")
        everything = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT position FROM ledger_unplaced")
        before = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT key_id, flow_id FROM ledger_key_link")
        links = set(cursor.fetchall())
        done = settle(
            cursor=cursor, correlated=Correlated(flows=[]), positions={}, pinned=everything, replayed={}
        )
        cursor.execute("SELECT position FROM ledger_unplaced")
        after = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT key_id, flow_id FROM ledger_key_link")
        tied = set(cursor.fetchall())
        transaction.set_rollback(True)
    found = {
        "joined": done.joined,
        "parted": done.parted,
        "renamed": done.renamed,
        "unplaced": before ^ after,
        "links": links ^ tied,
    }
    return {name: changed for name, changed in found.items() if changed}
