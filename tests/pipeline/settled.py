"""Where documents ended up: by the ids of the events that told them."""

import msgspec
from django.db import connection as database

from visibility.flows.models import Flow
from visibility.ledger.selectors import SUPERSEDED


def _rows(sql: str) -> list[tuple[object, ...]]:
    with database.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _names() -> dict[int, str]:
    """Position -> id of the event, of the translations that stand; a batch's events by their place in it."""
    found = {}
    for position, ordinal, body in _rows(
        "SELECT e.position, e.ordinal, m.body FROM ledger_entry e "
        "JOIN inbox_message m ON m.id = e.message_id "
        f"WHERE NOT {SUPERSEDED} AND e.type <> 'entry.linked'"
    ):
        told = msgspec.json.decode(bytes(body))
        found[position] = (told[ordinal // 1000] if isinstance(told, list) else told)["id"]
    return found


def placed() -> dict[str, set[str]]:
    """Event id -> the correlation IDs of the orders it belongs to."""
    flows = dict(Flow.objects.values_list("id", "correlation_id"))
    found: dict[str, set[str]] = {name: set() for name in _names().values()}
    names = _names()
    for flow, position in _rows("SELECT flow_id, position FROM ledger_member"):
        if position in names:
            found[names[position]].add(str(flows[flow]))
    return found


def unplaced() -> set[str]:
    """The events that belong to no order for now."""
    names = _names()
    waiting = _rows("SELECT position FROM ledger_unplaced WHERE type <> 'entry.linked'")
    return {names[position] for (position,) in waiting}
