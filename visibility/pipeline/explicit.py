"""Correlation IDs that trusted systems give: they name an order, with its number or without."""

from collections.abc import Iterable
from uuid import UUID

import psycopg

from visibility.canonical.keys import CORRELATION, Key, Keys, normalise
from visibility.ledger.correlate import CompanyKey
from visibility.pipeline.chunk import PreparedEntry


def name_by_given_ids(*, cursor: psycopg.Cursor, entries: Iterable[PreparedEntry]) -> None:
    """Add the given ID to the keys of each entry that came with one over a trusted connection.

    An ID that we gave ourselves (an order's correlation ID, or another name of it) stands for that order's
    number where the entry names none.
    """
    given = [e for e in entries if e.translated.correlation_id and e.connection.trusted]
    if not given:
        return
    ours = _orders_named(cursor, given)
    for entry in given:
        value = normalise(entry.translated.correlation_id)
        order = ours.get((entry.company_id, value))
        if order is None:
            key = Key(CORRELATION, "", value)
        elif entry.keys.identifying:
            continue  # its number says it already
        else:
            key = order
        entry.keys = Keys((*entry.keys.identifying, key), entry.keys.linking)


def _orders_named(cursor: psycopg.Cursor, given: Iterable[PreparedEntry]) -> dict[tuple[int, str], Key]:
    """(company, given ID) -> the order's number, of IDs that are names of orders we know."""
    wanted: dict[UUID, set[tuple[int, str]]] = {}
    for entry in given:
        value = normalise(entry.translated.correlation_id)
        try:
            wanted.setdefault(UUID(value), set()).add((entry.company_id, value))
        except ValueError:
            continue
    if not wanted:
        return {}
    cursor.execute(
        "SELECT DISTINCT ON (w.name, k.company_id) w.name, k.company_id, k.value, k.scheme, k.scope "
        "FROM unnest(%b::uuid[]) w(name) "
        "JOIN flows_flow f ON f.correlation_id = w.name "
        "  OR (f.aliases <> '{}'::uuid[] AND f.aliases @> ARRAY[w.name]) "
        "JOIN ledger_correlation_key k ON k.flow_id = f.id AND k.scheme <> %s "
        "ORDER BY w.name, k.company_id, k.scope = '', k.scope, k.value",
        [list(wanted), CORRELATION],
    )
    rows: list[tuple[UUID, CompanyKey]] = [(name, tuple(key)) for name, *key in cursor.fetchall()]
    return {
        (company, value): Key(scheme, scope, number)
        for name, (company, number, scheme, scope) in rows
        for owner, value in wanted[name]
        if owner == company
    }
