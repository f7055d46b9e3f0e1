"""Correlation IDs that trusted systems give: they name an order, with its number or without."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

import psycopg

from visibility.canonical.keys import CORRELATION, Key, normalise, with_given
from visibility.flows.services import name_of
from visibility.ledger.correlate import Correlated
from visibility.ledger.remembered import CompanyKey
from visibility.masterdata.models import Company
from visibility.pipeline.chunk import PreparedEntry

OUR_VERSION = 5
"""Of the UUIDs that name orders by their numbers."""


def name_by_given_ids(
    *, cursor: psycopg.Cursor, entries: Sequence[PreparedEntry]
) -> dict[int, tuple[CompanyKey, CompanyKey]]:
    """Add the given ID to the keys of each entry that came with one over a trusted connection.

    An ID that we gave ourselves (an order's correlation ID, or another name of it) stands for that order's
    number where the entry names none. The entries with such an ID, by their place: the key of the ID, and
    that of the number.
    """
    given = {
        index: (entry.company_id, normalise(entry.translated.correlation_id))
        for index, entry in enumerate(entries)
        if entry.translated.correlation_id and entry.connection.trusted
    }
    if not given:
        return {}
    ours = _known_names(cursor, set(given.values()))
    ours |= _orders_named(cursor, set(given.values()) - ours.keys())
    found = {}
    for index, (company, value) in given.items():
        meant = ours.get((company, value))
        key = Key(CORRELATION, "", value) if meant is None else Key(meant[2], meant[3], meant[1])
        entries[index].keys = with_given(entries[index].keys, key)
        if meant is not None:
            found[index] = ((company, value, CORRELATION, ""), meant)
    return found


def meet_given_names(
    *,
    cursor: psycopg.Cursor,
    correlated: Correlated,
    ours: dict[int, tuple[CompanyKey, CompanyKey]],
) -> None:
    """Have given IDs mean the numbers whose own names they are, and their entries wait for both.

    `ours` are the entries that came with such an ID; IDs that were given before belong to the numbers that
    are new, or changed. Whoever gives such an ID at this very instant meets the unique name of the order,
    and tries again. The name of a number that several orders bear is kept: no order bears it any more.
    """
    ids, changed = correlated.key_ids, correlated.changed
    means = {key: ids[meant] for key, meant in ours.values() if meant in ids}
    means |= {
        key: ids[meant]
        for key, meant in _names_of(
            {k for k, row in changed.items() if row.contested and not row.flow}
        ).items()
    }
    fresh = changed.keys() | {key for key in ids if key[2] == CORRELATION}
    names = _names_of(fresh) if means or _has_given(cursor, fresh) else {}
    rows = _lock(cursor, names.keys() | means.keys())
    means |= {key: ids[meant] for key, meant in names.items() if key in rows}
    stored = _store(cursor, {key: to for key, to in means.items() if rows.get(key, (0, None, None))[2] != to})
    correlated.stirred |= set(stored.values())
    correlated.at_stake |= {flow for key, (_, flow, _) in rows.items() if key in stored and flow is not None}
    for index, (key, _) in ours.items():
        if key in stored or key in rows:
            correlated.unsettled[index].add(stored.get(key) or rows[key][0])


def _has_given(cursor: psycopg.Cursor, keys: Iterable[CompanyKey]) -> bool:
    companies = {key[0] for key in keys}
    if not companies:
        return False
    cursor.execute(
        "SELECT EXISTS (SELECT 1 FROM ledger_correlation_key "
        "WHERE company_id = ANY(%b) AND scheme = 'correlation')",
        [list(companies)],
    )
    return cursor.fetchone() == (True,)


def _names_of(keys: Collection[CompanyKey]) -> dict[CompanyKey, CompanyKey]:
    """The keys that the names of orders known by these keys would have as given IDs -> these keys.

    Without those that are such a name themselves.
    """
    codes = dict(Company.objects.values_list("pk", "code")) if keys else {}
    names = [((key[0], normalise(str(name_of(codes[key[0]], key))), CORRELATION, ""), key) for key in keys]
    return {name: key for name, key in names if name != key}


def _lock(
    cursor: psycopg.Cursor, keys: Collection[CompanyKey]
) -> dict[CompanyKey, tuple[int, int | None, int | None]]:
    """Id, flow and number of the given IDs among these keys that are known."""
    if not keys:
        return {}
    cursor.execute(
        "SELECT k.company_id, k.value, k.scheme, k.scope, k.id, k.flow_id, k.same_as "
        "FROM unnest(%b::bigint[], %b::text[]) w(company_id, value) "
        "JOIN ledger_correlation_key k USING (company_id, value) WHERE k.scheme = 'correlation' "
        "ORDER BY k.company_id, k.value FOR UPDATE OF k",
        [[key[0] for key in keys], [key[1] for key in keys]],
    )
    return {(c, v, s, sc): (id_, flow, same) for c, v, s, sc, id_, flow, same in cursor.fetchall()}


def _store(cursor: psycopg.Cursor, means: dict[CompanyKey, int]) -> dict[CompanyKey, int]:
    """Remember what given IDs mean; their ids."""
    if not means:
        return {}
    cursor.execute(
        "INSERT INTO ledger_correlation_key AS k (company_id, value, scheme, scope, same_as) "
        "SELECT * FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::text[], %b::bigint[]) "
        "ON CONFLICT (company_id, value, scheme, scope) DO UPDATE "
        "SET same_as = EXCLUDED.same_as, flow_id = NULL, contested = false "
        "RETURNING company_id, value, scheme, scope, id",
        [list(column) for column in zip(*((*key, to) for key, to in sorted(means.items())), strict=True)],
    )
    return {(c, v, s, sc): id_ for c, v, s, sc, id_ in cursor.fetchall()}


def _known_names(
    cursor: psycopg.Cursor, given: Collection[tuple[int, str]]
) -> dict[tuple[int, str], CompanyKey]:
    """(company, given ID) -> the number whose name it was found to be before."""
    cursor.execute(
        "SELECT w.company_id, w.value, s.value, s.scheme, s.scope "
        "FROM unnest(%b::bigint[], %b::text[]) w(company_id, value) "
        "JOIN ledger_correlation_key k USING (company_id, value) "
        "JOIN ledger_correlation_key s ON s.id = k.same_as WHERE k.scheme = 'correlation'",
        [[company for company, _ in given], [value for _, value in given]],
    )
    return {
        (company, value): (company, number, scheme, scope)
        for company, value, number, scheme, scope in cursor.fetchall()
    }


def _orders_named(
    cursor: psycopg.Cursor, given: Collection[tuple[int, str]]
) -> dict[tuple[int, str], CompanyKey]:
    """(company, given ID) -> the number, of IDs that are names of orders we know."""
    wanted = {(company, value): name for company, value in given if (name := _our_name(value))}
    if not wanted:
        return {}
    columns = [[company for company, _ in wanted], list(wanted.values())]
    cursor.execute(
        "WITH w AS (SELECT * FROM unnest(%b::bigint[], %b::uuid[]) w(company_id, name)), f AS ("
        "  SELECT f.id FROM w JOIN flows_flow f ON f.correlation_id = w.name AND f.company_id = w.company_id "
        "  UNION SELECT f.id FROM w JOIN flows_flow f ON f.aliases <> '{}'::uuid[] "
        "    AND f.aliases @> ARRAY[w.name] AND f.company_id = w.company_id) "
        "SELECT k.company_id, k.value, k.scheme, k.scope FROM f "
        "JOIN ledger_correlation_key k ON k.flow_id = f.id",
        columns,
    )
    names = _names_of([tuple(row) for row in cursor.fetchall()])
    return {
        (company, value): names[key]
        for company, value in wanted
        if (key := (company, value, CORRELATION, "")) in names
    }


def _our_name(value: str) -> UUID | None:
    try:
        name = UUID(value)
    except ValueError:
        return None
    return name if name.version == OUR_VERSION else None
