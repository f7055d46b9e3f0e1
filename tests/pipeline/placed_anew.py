"""Placing everything once more: what stands must be where all that is known by now says."""

from django.db import connection as database
from django.db import transaction

from visibility.core.db import server_cursor
from visibility.ledger.correlate import Correlated
from visibility.ledger.settle import settle

TIES = (
    "SELECT k.company_id, k.scheme, k.scope, k.value, l.flow_id FROM ledger_key_link l "
    "JOIN ledger_correlation_key k ON k.id = l.key_id"
)


def misplaced() -> dict[str, object]:
    """What settling every entry once more would change; nothing of it stays."""
    with transaction.atomic(), server_cursor(database) as cursor:
        cursor.execute("SELECT position FROM ledger_entry")
        everything = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT position FROM ledger_unplaced")
        before = {row[0] for row in cursor.fetchall()}
        cursor.execute(TIES)
        links = set(cursor.fetchall())
        done = settle(
            cursor=cursor, correlated=Correlated(flows=[]), positions={}, pinned=everything, replayed={}
        )
        cursor.execute("SELECT position FROM ledger_unplaced")
        after = {row[0] for row in cursor.fetchall()}
        cursor.execute(TIES)
        tied = set(cursor.fetchall())
        transaction.set_rollback(True)
    found = {
        "joined": done.joined,
        "parted": done.parted,
        "renamed": done.renamed,
        "unplaced": before ^ after,
        "tied": tied - links,
        "untied": links - tied,
    }
    return {name: changed for name, changed in found.items() if changed}
