"""What an import came to, over all of its parts, whoever worked through them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection as database

from visibility.inbox.models import History, Message
from visibility.inbox.ports import Unusable

_LAST = (
    "SELECT p.*, t.*, coalesce(jsonb_array_length(t.unusable), 0) AS bad, "
    "coalesce(t.seen, 0) AS looked_at FROM inbox_historypart p "
    "LEFT JOIN LATERAL (SELECT t.seen, t.entries, t.used, t.repeats, t.skipped, t.unusable, t.orders, "
    "  t.lines FROM inbox_historytally t WHERE t.message_id = p.message_id "
    "  ORDER BY t.translation DESC LIMIT 1) t ON true WHERE p.history_id = %s"
)


@dataclass(frozen=True)
class Figures:
    """rows = (rows that made entries) + duplicates + unusable + skipped; entries are the ledger's."""

    rows: int
    entries: int
    duplicates: int
    unusable: int
    skipped: int
    orders: int
    lines: int


def figures_of(*, history: History, again: bool) -> Figures:
    """The figures of a whole import. `again`: all of it was in before, so that nothing was added."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(rows), 0), "
            "coalesce(sum(entries) FILTER (WHERE NOT brought_before), 0), "
            "coalesce(sum(used), 0), coalesce(sum(used) FILTER (WHERE NOT brought_before), 0), "
            "coalesce(sum(repeats), 0), coalesce(sum(skipped), 0), "
            f"coalesce(sum(bad + rows - looked_at), 0) FROM ({_LAST}) l",
            [history.pk],
        )
        rows, entries, used, fresh, repeats, skipped, unusable = map(int, cursor.fetchone())
        counted = {}
        for name in ("orders", "lines"):
            cursor.execute(
                f"SELECT count(DISTINCT mark) FROM ({_LAST}) l, unnest(l.{name}) mark", [history.pk]
            )
            (counted[name],) = cursor.fetchone()
    return Figures(
        rows=rows,
        entries=0 if again else entries,
        duplicates=repeats + (used if again else used - fresh),
        unusable=unusable,
        skipped=skipped,
        **counted,
    )


def unusable_parts(*, history: History) -> Iterator[tuple[bytes, list[Unusable]]]:
    """Of each part with rows that could not be used: its bytes, and those rows."""
    with database.cursor() as cursor:
        cursor.execute(
            f"SELECT message_id, first_line, rows, looked_at, unusable::text FROM ({_LAST}) l "
            "WHERE bad > 0 OR looked_at < rows ORDER BY number",
            [history.pk],
        )
        found = cursor.fetchall()
    for message_id, first_line, rows, looked_at, told in found:
        unusable = [_told(*each) for each in json.loads(told or "[]")]
        unusable += [
            Unusable(
                row=row,
                line=first_line + row,
                text=f"The rows from here on could not be worked through; message {message_id} says why.",
            )
            for row in range(looked_at, rows)
        ]
        yield bytes(Message.objects.values_list("body", flat=True).get(pk=message_id)), unusable


def _told(row: int, where: str, text: str) -> Unusable:
    """A stored reason; `where` is "row 12, line 13, column Quantity"."""
    place, _, column = where.partition(", column ")
    line = place.rpartition(" ")[2]
    return Unusable(row=row, line=int(line) if line.isdecimal() else 0, text=text, column=column)
