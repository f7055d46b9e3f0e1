"""Which flows an entry belongs to.

Locks are taken in one order by everybody: identifying keys sorted, then linking keys sorted, then (by the
caller) flows by id. An order's number is anchored by a row without scope, so that two workers who meet a
new number at the same instant queue up on that row and see each other.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import psycopg

from visibility.canonical.keys import JOINING_SCHEMES, Key, Keys

CompanyKey = tuple[int, str, str, str]  # company, value, scheme, scope: the order of the unique index
Number = tuple[int, str, str]  # company, value, scheme


@dataclass
class Correlated:
    """What correlation found, entry by entry, and which flows are new or got new keys.

    `flows[i]` are the flows of entry i: empty is uncorrelated. `ambiguous` holds entries whose number fits
    several orders. `joined` are loose entries (flow id, position) that a key of this chunk has just tied.
    """

    flows: list[list[int]]
    ambiguous: set[int] = field(default_factory=set)
    created: dict[int, int] = field(default_factory=dict)
    """New flow id -> company id."""
    keys_of_flow: dict[int, list[CompanyKey]] = field(default_factory=lambda: defaultdict(list))
    """Identifying keys that a flow got in this chunk."""
    joined: set[tuple[int, int]] = field(default_factory=set)
    link_ids: dict[CompanyKey, int] = field(default_factory=dict)


def correlate(*, cursor: psycopg.Cursor, companies: Sequence[int], keys: Sequence[Keys]) -> Correlated:
    """Find or create the flows that the keys name, inside the caller's transaction."""
    result = Correlated(flows=[[] for _ in keys])
    wanted = {_own(c, key) for c, k in zip(companies, keys, strict=True) for key in k.identifying}
    found = _identify(cursor, wanted, result) if wanted else {}
    links = {_own(c, key) for c, k in zip(companies, keys, strict=True) for key in k.linking}
    result.link_ids = _lock_links(cursor, links) if links else {}
    loose: list[int] = []
    for index, (company, own) in enumerate(zip(companies, keys, strict=True)):
        if not own.identifying:
            loose.append(index)
            continue
        for key in own.identifying:
            flow = found.get(_own(company, key))
            if flow is None:
                result.ambiguous.add(index)
            elif flow not in result.flows[index]:
                result.flows[index].append(flow)
    for index in result.ambiguous:
        result.flows[index] = []
    _keep(
        cursor,
        {_own(companies[i], key) for i, k in enumerate(keys) for key in k.identifying if result.flows[i]},
        result,
    )
    _tie(cursor, companies, keys, result)
    _follow(cursor, [(i, companies[i], keys[i]) for i in loose], result)
    return result


def _own(company: int, key: Key) -> CompanyKey:
    return (company, key.value, key.scheme, key.scope)


def _columns(rows: Iterable[Sequence[object]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _identify(cursor: psycopg.Cursor, wanted: set[CompanyKey], result: Correlated) -> dict[CompanyKey, int]:
    """Flow of each identifying key; keys that fit several orders are left out."""
    cursor.execute(
        "SELECT k.company_id, k.value, k.scheme, k.scope, k.flow_id "
        "FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::text[]) w(company_id, value, scheme, scope) "
        "JOIN ledger_correlation_key k USING (company_id, value, scheme, scope) "
        "WHERE k.flow_id IS NOT NULL",
        _columns(wanted),
    )
    found: dict[CompanyKey, int] = {(c, v, s, sc): f for c, v, s, sc, f in cursor.fetchall()}
    missing = sorted(wanted - found.keys())
    if missing:
        found |= _create(cursor, missing, result)
    return found


def _create(cursor: psycopg.Cursor, missing: list[CompanyKey], result: Correlated) -> dict[CompanyKey, int]:
    numbers: list[Number] = sorted({key[:3] for key in missing})
    columns = _columns(numbers)
    cursor.execute(
        "INSERT INTO ledger_correlation_key (company_id, value, scheme, scope) "
        "SELECT *, '' FROM unnest(%b::bigint[], %b::text[], %b::text[]) ON CONFLICT DO NOTHING",
        columns,
    )
    cursor.execute(
        "SELECT k.id FROM ledger_correlation_key k "
        "JOIN unnest(%b::bigint[], %b::text[], %b::text[]) w(company_id, value, scheme) "
        "USING (company_id, value, scheme) WHERE k.scope = '' "
        "ORDER BY k.company_id, k.value, k.scheme FOR UPDATE OF k",
        columns,
    )
    cursor.execute(
        "SELECT k.company_id, k.value, k.scheme, k.scope, k.flow_id FROM ledger_correlation_key k "
        "JOIN unnest(%b::bigint[], %b::text[], %b::text[]) w(company_id, value, scheme) "
        "USING (company_id, value, scheme) WHERE k.flow_id IS NOT NULL",
        columns,
    )
    known: dict[Number, dict[str, int]] = defaultdict(dict)
    for company, value, scheme, scope, flow in cursor.fetchall():
        known[company, value, scheme][scope] = flow
    return _decide(cursor, missing, known, result)


def _decide(
    cursor: psycopg.Cursor, missing: list[CompanyKey], known: dict[Number, dict[str, int]], result: Correlated
) -> dict[CompanyKey, int]:
    """Which flow each new key names. Scoped keys first: a number without scope joins the only candidate."""
    cursor.execute("SELECT nextval('ledger_flow') FROM generate_series(1, %s)", [len(missing)])
    ids = [row[0] for row in cursor.fetchall()]
    found: dict[CompanyKey, int] = {}
    for key in sorted(missing, key=lambda k: (k[3] == "", k)):
        number, scope = key[:3], key[3]
        scopes = known[number]
        candidates = set(scopes.values())
        if scope in scopes:
            flow = scopes[scope]
        elif scope == "" and len(candidates) > 1:
            continue
        elif (scope == "" and candidates) or (scope and set(scopes) == {""}):
            (flow,) = candidates
        else:
            flow = ids.pop()
            result.created[flow] = key[0]
        if scope not in scopes:
            result.keys_of_flow[flow].append(key)
        scopes[scope] = found[key] = flow
    return found


def _keep(cursor: psycopg.Cursor, named: set[CompanyKey], result: Correlated) -> None:
    """Store the new keys among `named`. A document that is left out names nothing.

    Every flow with a key thus has a row, which whoever adds to it can lock.
    """
    for flow, own in list(result.keys_of_flow.items()):
        result.keys_of_flow[flow] = [key for key in own if key in named]
        if not result.keys_of_flow[flow]:
            del result.keys_of_flow[flow]
            result.created.pop(flow, None)
    keys = [(key, flow) for flow, own in result.keys_of_flow.items() for key in own]
    if not keys:
        return
    cursor.execute(
        "INSERT INTO ledger_correlation_key (company_id, value, scheme, scope, flow_id) "
        "SELECT * FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::text[], %b::bigint[]) "
        "ON CONFLICT (company_id, value, scheme, scope) DO UPDATE SET flow_id = EXCLUDED.flow_id "
        "WHERE ledger_correlation_key.flow_id IS NULL",
        _columns((*key, flow) for key, flow in sorted(keys)),
    )


def _lock_links(cursor: psycopg.Cursor, links: set[CompanyKey]) -> dict[CompanyKey, int]:
    """Ids of the linking keys, locked: an order's document and a loose one must not miss each other.

    A key inserted here is seen by nobody else before we commit, so only those there before need a lock.
    """
    cursor.execute(
        "INSERT INTO ledger_correlation_key (company_id, value, scheme, scope) "
        "SELECT * FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::text[]) ON CONFLICT DO NOTHING "
        "RETURNING company_id, value, scheme, scope, id",
        _columns(sorted(links)),
    )
    ids = {(c, v, s, sc): i for c, v, s, sc, i in cursor.fetchall()}
    if len(ids) < len(links):
        cursor.execute(
            "SELECT k.company_id, k.value, k.scheme, k.scope, k.id "
            "FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::text[]) "
            "w(company_id, value, scheme, scope) "
            "JOIN ledger_correlation_key k USING (company_id, value, scheme, scope) "
            "ORDER BY k.company_id, k.value, k.scheme, k.scope FOR UPDATE OF k",
            _columns(sorted(links - ids.keys())),
        )
        ids |= {(c, v, s, sc): i for c, v, s, sc, i in cursor.fetchall()}
    return ids


def _tie(cursor: psycopg.Cursor, companies: Sequence[int], keys: Sequence[Keys], result: Correlated) -> None:
    """Tie linking keys to the flows of the entries that carry them, and find who waited for that."""
    pairs = {
        (result.link_ids[_own(company, key)], flow)
        for company, own, flows in zip(companies, keys, result.flows, strict=True)
        for key in own.linking
        for flow in flows
    }
    if not pairs:
        return
    columns = _columns(sorted(pairs))
    cursor.execute(
        "INSERT INTO ledger_key_link (key_id, flow_id) SELECT * FROM unnest(%b::bigint[], %b::bigint[]) "
        "ON CONFLICT DO NOTHING",
        columns,
    )
    cursor.execute(
        "SELECT p.flow_id, l.position FROM unnest(%b::bigint[], %b::bigint[]) p(key_id, flow_id) "
        "JOIN ledger_loose_entry l USING (key_id)",
        columns,
    )
    result.joined.update(cursor.fetchall())


def _follow(cursor: psycopg.Cursor, loose: list[tuple[int, int, Keys]], result: Correlated) -> None:
    """Give loose entries the flows that their joining keys already speak of."""
    waits: dict[int, list[int]] = defaultdict(list)
    for index, company, own in loose:
        for key in own.linking:
            if key.scheme in JOINING_SCHEMES:
                waits[result.link_ids[_own(company, key)]].append(index)
    if not waits:
        return
    cursor.execute(
        "SELECT key_id, flow_id FROM ledger_key_link WHERE key_id = ANY(%b) ORDER BY 1, 2", [list(waits)]
    )
    for key_id, flow in cursor.fetchall():
        for index in waits[key_id]:
            if flow not in result.flows[index]:
                result.flows[index].append(flow)


def remember_loose(*, cursor: psycopg.Cursor, waiting: list[tuple[int, int]]) -> None:
    """Keep (key id, position) of loose entries for ever: a key may speak of further flows later."""
    if waiting:
        cursor.execute(
            "INSERT INTO ledger_loose_entry (key_id, position) "
            "SELECT * FROM unnest(%b::bigint[], %b::bigint[]) ON CONFLICT DO NOTHING",
            _columns(sorted(waiting)),
        )
