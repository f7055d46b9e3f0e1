"""Correlation IDs that trusted systems give: they name an order, with its number or without."""

from collections.abc import Iterable
from uuid import UUID

import psycopg

from visibility.canonical.keys import CORRELATION, Key, normalise
from visibility.flows.services import name_flow
from visibility.ledger.correlate import CompanyKey, Correlated, add_links
from visibility.masterdata.models import Company
from visibility.pipeline.chunk import PreparedEntry
from visibility.pipeline.project import flow_keys


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
            entry.keys = entry.keys._replace(given=(Key(CORRELATION, "", value),))
        elif not entry.keys.identifying:
            entry.keys = entry.keys._replace(identifying=(order,))


def meet_given_names(*, cursor: psycopg.Cursor, correlated: Correlated) -> None:
    """Tie IDs that were given before to the new orders whose own names they turn out to be.

    Whoever gives such an ID at this very instant meets the unique name of the order, and tries again.
    """
    if not correlated.created:
        return
    cursor.execute(
        "SELECT EXISTS (SELECT 1 FROM ledger_correlation_key "
        "WHERE company_id = ANY(%b) AND scheme = 'correlation')",
        [list(set(correlated.created.values()))],
    )
    if cursor.fetchone() == (False,):
        return
    keys = flow_keys(cursor=cursor, flow_ids=correlated.created)
    codes = dict(Company.objects.values_list("pk", "code"))
    names: dict[tuple[int, str], int] = {}
    for flow, own in keys.items():
        company = own[0][0]
        first, others = name_flow(company_code=codes[company], keys=own)
        names |= {(company, normalise(str(name))): flow for name in (first, *others)}
    cursor.execute(
        "SELECT k.company_id, k.value, k.id FROM unnest(%b::bigint[], %b::text[]) w(company_id, value) "
        "JOIN ledger_correlation_key k USING (company_id, value) WHERE k.scheme = 'correlation' "
        "ORDER BY k.company_id, k.value FOR UPDATE OF k",
        [[company for company, _ in names], [value for _, value in names]],
    )
    met = {(key_id, names[company, value]) for company, value, key_id in cursor.fetchall()}
    if met:
        correlated.stirred |= add_links(cursor=cursor, pairs=met)


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
