"""Which flows an entry belongs to, as far as its own keys say so at once.

What cannot be told at once (a document that names no order, a number that several orders bear) is left to
`settle.py`, once the entries are recorded.

Locks are taken in one order by everybody: numbers sorted, then linking keys sorted, then (by the caller)
flows by id. An order's number is anchored by a row without scope, so that two workers who meet a new
number at the same instant queue up on that row and see each other.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import psycopg

from visibility.canonical.keys import JOINING_SCHEMES, Key, Keys
from visibility.ledger.contest import name_scopes
from visibility.ledger.remembered import CompanyKey, Row, forget, recall, remember

Number = tuple[int, str, str]  # company, value, scheme

Known = dict[Number, dict[str, Row]]
Meaning = tuple[int | None, bool]  # the flow that a key names, and whether its number is contested
NO_ROW = Row(0, None, False)


@dataclass
class Correlated:
    """What correlation found, entry by entry, and what there is to settle."""

    flows: list[list[int]]
    """Of each entry, those that leave no doubt."""
    unsettled: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Entries whose flows only settling can tell, with the ids of the keys they wait for."""
    created: dict[int, int] = field(default_factory=dict)
    """New flow id -> company id."""
    link_ids: dict[CompanyKey, int] = field(default_factory=dict)
    used: dict[int, int] = field(default_factory=dict)
    """Key id -> flow id that was relied on without a lock; `check_unchanged` looks again."""
    stirred: set[int] = field(default_factory=set)
    """Ids of keys of which something changed: whoever waits for them is to be settled."""
    lone_notices: set[int] = field(default_factory=set)
    """Those of ship notices whose number without its supplier was not found in this chunk."""
    split: set[Number] = field(default_factory=set)
    """Numbers whose keys mean other orders from now on, or are in doubt: their documents are settled."""
    contested: set[Number] = field(default_factory=set)
    """Numbers of this chunk that several orders bear."""
    at_stake: set[int] = field(default_factory=set)
    """The flows of those numbers."""
    key_ids: dict[CompanyKey, int] = field(default_factory=dict)
    changed: dict[CompanyKey, Row] = field(default_factory=dict)
    """The keys that name something else than before this chunk, or that are new."""


def correlate(*, cursor: psycopg.Cursor, companies: Sequence[int], keys: Sequence[Keys]) -> Correlated:
    """Find or create the flows that the keys name, inside the caller's transaction."""
    result = Correlated(flows=[[] for _ in keys])
    named = [
        (index, _own(company, key))
        for index, (company, own) in enumerate(zip(companies, keys, strict=True))
        for key in own.identifying
    ]
    rows = _identify(cursor, named, result) if named else {}
    result.key_ids = {key: row.id for key, row in rows.items()}
    for index, key in named:
        row = rows[key]
        if row.flow is None:
            result.unsettled[index].add(row.id)
        elif row.flow not in result.flows[index]:
            result.flows[index].append(row.flow)
    _wait_for_given(cursor, companies, keys, result)
    linking = _linking(companies, keys)
    followed = {
        index: [_own(companies[index], key) for key in own.joining]
        for index, own in enumerate(keys)
        if not own.identifying and not own.given
    }
    result.link_ids = _lock_links(
        cursor,
        links={key for own in linking for key in own},
        followed={key for own in followed.values() for key in own},
    )
    for index, joining in followed.items():
        result.unsettled[index] |= {result.link_ids[key] for key in joining}
    _tie(cursor, linking, result)
    return result


def check_unchanged(*, cursor: psycopg.Cursor, correlated: Correlated) -> bool:
    """Whether the keys that were read without a lock still name what they named.

    Asked once the flows are locked: whoever moves a key locks its flow too.
    """
    if not correlated.used:
        return True
    cursor.execute(
        "SELECT 1 FROM unnest(%b::bigint[], %b::bigint[]) u(id, flow_id) "
        "JOIN ledger_correlation_key k USING (id) "
        "WHERE k.contested OR k.flow_id IS DISTINCT FROM u.flow_id LIMIT 1",
        [list(correlated.used), list(correlated.used.values())],
    )
    same = cursor.fetchone() is None
    if not same:
        forget(cursor=cursor)
    return same


def _own(company: int, key: Key) -> CompanyKey:
    return (company, key.value, key.scheme, key.scope)


def _linking(companies: Sequence[int], keys: Sequence[Keys]) -> list[list[CompanyKey]]:
    """Of each entry, its linking keys within its company."""
    return [
        [(company, value, scheme, scope) for scheme, scope, value in own.linking]
        for company, own in zip(companies, keys, strict=True)
    ]


def _columns(rows: Iterable[Sequence[object]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _wait_for_given(
    cursor: psycopg.Cursor, companies: Sequence[int], keys: Sequence[Keys], result: Correlated
) -> None:
    """Entries with a given correlation ID are settled: the ID takes its order from them, or they from it.

    So are those that came before an order whose own name the ID is.
    """
    given = [
        (index, _own(company, key))
        for index, (company, own) in enumerate(zip(companies, keys, strict=True))
        for key in own.given
    ]
    if given:
        rows = lock_numbers(cursor=cursor, numbers={key[:3] for _, key in given})
        for index, key in given:
            result.key_ids[key] = rows[key[:3]][""].id
            result.unsettled[index].add(result.key_ids[key])


def _identify(
    cursor: psycopg.Cursor, named: Sequence[tuple[int, CompanyKey]], result: Correlated
) -> dict[CompanyKey, Row]:
    """The stored row of each identifying key. Numbers that are new, or anyhow in doubt, are locked first."""
    wanted = {key for _, key in named}
    found = recall(cursor=cursor, keys=wanted)
    fresh = _read_named(cursor, wanted - found.keys())
    found |= fresh
    numbers = {key[:3] for key in wanted - found.keys()}
    result.used = {
        row.id: row.flow for key, row in found.items() if row.flow is not None and key[:3] not in numbers
    }
    if numbers:
        # All keys of a number are decided together: a new one may put a known one in doubt.
        unsure = sorted(key for key in wanted if key[:3] in numbers)
        known = lock_numbers(cursor=cursor, numbers=numbers)
        changed = _decide(cursor, unsure, known, result)
        stored = store_rows(cursor=cursor, wanted=unsure, known=known, changed=changed)
        result.changed = {key: stored[key] for key in changed}
        found |= stored
        fresh |= {key: row for key, row in stored.items() if row.flow is not None and not row.contested}
    remember(cursor=cursor, rows=fresh)
    return found


def _read_named(cursor: psycopg.Cursor, wanted: Collection[CompanyKey]) -> dict[CompanyKey, Row]:
    """The stored rows of those keys that name a flow beyond doubt."""
    if not wanted:
        return {}
    cursor.execute(
        "SELECT k.company_id, k.value, k.scheme, k.scope, k.id, k.flow_id, k.contested "
        "FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::text[]) w(company_id, value, scheme, scope) "
        "JOIN ledger_correlation_key k USING (company_id, value, scheme, scope) "
        "WHERE k.flow_id IS NOT NULL AND NOT k.contested",
        _columns(wanted),
    )
    return {row[:4]: Row(*row[4:]) for row in cursor.fetchall()}


def lock_numbers(*, cursor: psycopg.Cursor, numbers: Iterable[Number]) -> Known:
    """Lock the numbers by their anchors; every scope known of each.

    A number is entered by its anchor first: of one whose anchor is made here nothing else is known yet, and
    nobody else sees it before we commit.
    """
    wanted = sorted(numbers)
    cursor.execute(
        "INSERT INTO ledger_correlation_key (company_id, value, scheme, scope) "
        "SELECT *, '' FROM unnest(%b::bigint[], %b::text[], %b::text[]) "
        "ON CONFLICT (company_id, value, scheme, scope) DO NOTHING "
        "RETURNING company_id, value, scheme, id",
        _columns(wanted),
    )
    known: Known = defaultdict(dict)
    for *number, id_ in cursor.fetchall():
        known[tuple(number)][""] = Row(id_, None, False)
    old = _columns(number for number in wanted if number not in known)
    if not old:
        return known
    cursor.execute(
        "SELECT k.id FROM ledger_correlation_key k "
        "JOIN unnest(%b::bigint[], %b::text[], %b::text[]) w(company_id, value, scheme) "
        "USING (company_id, value, scheme) WHERE k.scope = '' "
        "ORDER BY k.company_id, k.value, k.scheme FOR UPDATE OF k",
        old,
    )
    cursor.execute(
        "SELECT k.company_id, k.value, k.scheme, k.scope, k.id, k.flow_id, k.contested "
        "FROM ledger_correlation_key k "
        "JOIN unnest(%b::bigint[], %b::text[], %b::text[]) w(company_id, value, scheme) "
        "USING (company_id, value, scheme)",
        old,
    )
    for company, value, scheme, scope, *row in cursor.fetchall():
        known[company, value, scheme][scope] = Row(*row)
    return known


def _decide(
    cursor: psycopg.Cursor, unsure: list[CompanyKey], known: Known, result: Correlated
) -> dict[CompanyKey, Meaning]:
    """Which flow each of the locked orders' keys names from now on, where that changes."""
    ids = new_flows(cursor=cursor, count=2 * len(unsure))
    wanted: dict[Number, set[str]] = defaultdict(set)
    for key in unsure:
        wanted[key[:3]].add(key[3])
    changed: dict[CompanyKey, Meaning] = {}
    for number, scopes in sorted(wanted.items()):
        own = known[number]
        named = name_scopes(
            rows={scope: flow for scope, (_, flow, contested) in own.items() if flow or contested},
            wanted=scopes,
            new_flow=ids.pop,
        )
        result.created |= dict.fromkeys(named.created, number[0])
        if named.contested:
            result.contested.add(number)
            result.at_stake |= {flow for flow in named.flows.values() if flow is not None}
        moved = {row.flow for scope, row in own.items() if row.flow not in (None, named.flows.get(scope))}
        if moved or (named.contested and not any(row.contested for row in own.values())):
            result.split.add(number)
            result.at_stake |= {flow for flow in (*moved, *named.flows.values()) if flow is not None}
        for scope, flow in named.flows.items():
            _, before, contested = own.get(scope, NO_ROW)
            if scope not in own or (before, contested) != (flow, named.contested):
                changed[*number, scope] = (flow, named.contested)
    return changed


def new_flows(*, cursor: psycopg.Cursor, count: int) -> list[int]:
    """Ids for flows that are to be."""
    cursor.execute("SELECT nextval('ledger_flow') FROM generate_series(1, %s)", [count])
    return [row[0] for row in cursor.fetchall()]


def store_rows(
    *,
    cursor: psycopg.Cursor,
    wanted: Iterable[CompanyKey],
    known: Known,
    changed: Mapping[CompanyKey, Meaning],
) -> dict[CompanyKey, Row]:
    """Store what locked keys name from now on; the rows of the keys that are `wanted`, and of those."""
    rows = {key: known[key[:3]][key[3]] for key in wanted if key[3] in known[key[:3]]}
    if changed:
        cursor.execute(
            "INSERT INTO ledger_correlation_key AS k (company_id, value, scheme, scope, flow_id, contested) "
            "SELECT * FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::text[], %b::bigint[], "
            "%b::bool[]) "
            "ON CONFLICT (company_id, value, scheme, scope) DO UPDATE "
            "SET flow_id = EXCLUDED.flow_id, contested = EXCLUDED.contested "
            "RETURNING company_id, value, scheme, scope, id, flow_id, contested",
            _columns((*key, *row) for key, row in sorted(changed.items(), key=lambda item: item[0])),
        )
        rows |= {(c, v, s, sc): Row(*row) for c, v, s, sc, *row in cursor.fetchall()}
    return rows


def unknown_shared_keys(
    *, cursor: psycopg.Cursor, companies: Sequence[int], keys: Sequence[Keys]
) -> set[CompanyKey]:
    """The linking keys that documents of different orders may have in common, but for those seen before."""
    shared: set[CompanyKey] = {
        (company, value, scheme, scope)
        for company, own in zip(companies, keys, strict=True)
        for scheme, scope, value in own.linking
        if not scope
    }
    return shared - recall(cursor=cursor, keys=shared).keys()


def enter_shared_keys(*, cursor: psycopg.Cursor, keys: Collection[CompanyKey]) -> None:
    """Enter keys that documents of different orders may have in common, before they are used.

    In a short transaction of its own: a key that nothing is tied to is harmless, while whoever enters the
    same one would wait for the length of a chunk.
    """
    ids = _enter(cursor, keys)
    ids |= find_keys(cursor=cursor, keys=keys - ids.keys(), lock="")
    remember(cursor=cursor, rows={key: Row(id_, None, False) for key, id_ in ids.items()})


def _enter(cursor: psycopg.Cursor, keys: Iterable[CompanyKey]) -> dict[CompanyKey, int]:
    """Enter keys that name no flow; the ids of those that nobody had entered."""
    cursor.execute(
        "INSERT INTO ledger_correlation_key (company_id, value, scheme, scope) "
        "SELECT * FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::text[]) "
        "ON CONFLICT (company_id, value, scheme, scope) DO NOTHING "
        "RETURNING company_id, value, scheme, scope, id",
        _columns(sorted(keys)),
    )
    return {row[:4]: row[4] for row in cursor.fetchall()}


def _lock_links(
    cursor: psycopg.Cursor, *, links: set[CompanyKey], followed: set[CompanyKey]
) -> dict[CompanyKey, int]:
    """Ids of the linking keys, locked: who ties a key and who follows it must not miss each other.

    Those who tie one do not exclude each other. A key inserted here is seen by nobody else before we commit.
    """
    known = {key: row.id for key, row in recall(cursor=cursor, keys=links).items()}
    new = links - known.keys()
    entered = _enter(cursor, new) if new else {}
    found = find_keys(cursor=cursor, keys=new - entered.keys(), lock="")
    fresh = entered | found
    remember(cursor=cursor, rows={key: Row(id_, None, False) for key, id_ in fresh.items()})
    ids = known | fresh
    stood = links - entered.keys()
    for wanted, lock in (
        (followed & stood, "FOR UPDATE OF k"),
        ({key for key in stood - followed if key[2] in JOINING_SCHEMES}, "FOR SHARE OF k"),
    ):
        if wanted:
            cursor.execute(
                "SELECT 1 FROM unnest(%b::bigint[]) WITH ORDINALITY w(id, n) "
                "JOIN ledger_correlation_key k USING (id) ORDER BY w.n " + lock,
                [[ids[key] for key in sorted(wanted)]],
            )
    return ids


def find_keys(*, cursor: psycopg.Cursor, keys: Collection[CompanyKey], lock: str) -> dict[CompanyKey, int]:
    """Ids of the keys that are there, locked in their order by the clause `lock`."""
    if not keys:
        return {}
    cursor.execute(
        "SELECT k.company_id, k.value, k.scheme, k.scope, k.id "
        "FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::text[]) w(company_id, value, scheme, scope) "
        "JOIN ledger_correlation_key k USING (company_id, value, scheme, scope) "
        "ORDER BY k.company_id, k.value, k.scheme, k.scope " + lock,
        _columns(sorted(keys)),
    )
    return {row[:4]: row[4] for row in cursor.fetchall()}


def _tie(cursor: psycopg.Cursor, linking: Sequence[Sequence[CompanyKey]], result: Correlated) -> None:
    """Tie linking keys to the flows of the entries that carry them; who waits for a new tie is settled.

    Of how many suppliers a ship notice number is counts for those who do not know whose it is, too.
    """
    ids = result.link_ids
    pairs = {
        (ids[key], flow)
        for own, flows in zip(linking, result.flows, strict=True)
        if flows
        for key in own
        for flow in flows
    }
    if not pairs:
        return
    tied = add_links(cursor=cursor, pairs=pairs)
    result.stirred |= tied
    for key, id_ in ids.items():
        if key[2] == "asn" and key[3] and id_ in tied:
            twin = ids.get((*key[:3], ""))
            if twin is None:
                result.lone_notices.add(id_)
            else:
                result.stirred.add(twin)


def add_links(*, cursor: psycopg.Cursor, pairs: set[tuple[int, int]]) -> set[int]:
    """Remember that keys speak of flows: (key id, flow id). The keys of which that was new."""
    cursor.execute(
        "INSERT INTO ledger_key_link (key_id, flow_id) SELECT * FROM unnest(%b::bigint[], %b::bigint[]) "
        "ON CONFLICT DO NOTHING RETURNING key_id",
        _columns(sorted(pairs)),
    )
    return {row[0] for row in cursor.fetchall()}


def remember_loose(*, cursor: psycopg.Cursor, waiting: Iterable[tuple[int, int]]) -> None:
    """Keep (key id, position) of entries that wait for a key for ever: it may speak of more flows later."""
    pairs = sorted(waiting)
    if pairs:
        cursor.execute(
            "INSERT INTO ledger_loose_entry (key_id, position) "
            "SELECT * FROM unnest(%b::bigint[], %b::bigint[]) ON CONFLICT DO NOTHING",
            _columns(pairs),
        )
