"""Which flows an entry belongs to, as far as its own keys say so at once.

What cannot be told at once (a document that names no order, a number that several orders bear) is left to
`settle.py`, once the entries are recorded.

Locks are taken in one order by everybody: numbers sorted, then linking keys sorted, then (by the caller)
flows by id. An order's number is anchored by a row without scope, so that two workers who meet a new
number at the same instant queue up on that row and see each other.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import psycopg

from visibility.canonical.keys import JOINING_SCHEMES, Key, Keys
from visibility.ledger.contest import name_scopes

CompanyKey = tuple[int, str, str, str]  # company, value, scheme, scope: the order of the unique index
Number = tuple[int, str, str]  # company, value, scheme


class Row(NamedTuple):
    """A stored identifying key. No flow: an anchor, or a number that waits to be settled (contested)."""

    id: int
    flow: int | None
    contested: bool


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
    result.link_ids = _lock_links(cursor, companies, keys)
    for index, (company, own) in enumerate(zip(companies, keys, strict=True)):
        if not own.identifying and not own.given:
            result.unsettled[index] |= {result.link_ids[_own(company, key)] for key in own.joining}
    _tie(cursor, companies, keys, result)
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
    return cursor.fetchone() is None


def _own(company: int, key: Key) -> CompanyKey:
    return (company, key.value, key.scheme, key.scope)


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
    cursor.execute(
        "SELECT k.company_id, k.value, k.scheme, k.scope, k.id, k.flow_id, k.contested "
        "FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::text[]) w(company_id, value, scheme, scope) "
        "JOIN ledger_correlation_key k USING (company_id, value, scheme, scope) "
        "WHERE k.flow_id IS NOT NULL AND NOT k.contested",
        _columns(wanted),
    )
    found = {(c, v, s, sc): Row(*row) for c, v, s, sc, *row in cursor.fetchall()}
    numbers = {key[:3] for key in wanted - found.keys()}
    result.used = {
        row.id: row.flow for key, row in found.items() if row.flow is not None and key[:3] not in numbers
    }
    if numbers:
        # All keys of a number are decided together: a new one may put a known one in doubt.
        unsure = sorted(key for key in wanted if key[:3] in numbers)
        known = lock_numbers(cursor=cursor, numbers=numbers)
        changed = _decide(cursor, unsure, known, result)
        found |= store_rows(cursor=cursor, wanted=unsure, known=known, changed=changed)
        result.changed = {key: found[key] for key in changed}
    return found


def lock_numbers(*, cursor: psycopg.Cursor, numbers: Iterable[Number]) -> Known:
    """Lock the numbers by their anchors; every scope known of each."""
    columns = _columns(sorted(numbers))
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
        "SELECT k.company_id, k.value, k.scheme, k.scope, k.id, k.flow_id, k.contested "
        "FROM ledger_correlation_key k "
        "JOIN unnest(%b::bigint[], %b::text[], %b::text[]) w(company_id, value, scheme) "
        "USING (company_id, value, scheme)",
        columns,
    )
    known: Known = defaultdict(dict)
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


def enter_shared_keys(*, cursor: psycopg.Cursor, companies: Sequence[int], keys: Sequence[Keys]) -> None:
    """Enter the linking keys that documents of different orders may have in common, before they are used.

    In a short transaction of its own: a key that nothing is tied to is harmless, while whoever enters the
    same one would wait for the length of a chunk.
    """
    shared = {
        _own(c, key) for c, k in zip(companies, keys, strict=True) for key in k.linking if not key.scope
    }
    if shared:
        cursor.execute(
            "INSERT INTO ledger_correlation_key (company_id, value, scheme, scope) "
            "SELECT * FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::text[]) ON CONFLICT DO NOTHING",
            _columns(sorted(shared)),
        )


def _lock_links(
    cursor: psycopg.Cursor, companies: Sequence[int], keys: Sequence[Keys]
) -> dict[CompanyKey, int]:
    """Ids of the linking keys, locked: who ties a key and who follows it must not miss each other.

    Those who tie one do not exclude each other. A key inserted here is seen by nobody else before we commit.
    """
    links = {_own(c, key) for c, k in zip(companies, keys, strict=True) for key in k.linking}
    if not links:
        return {}
    followed = {
        _own(c, key)
        for c, own in zip(companies, keys, strict=True)
        if not own.identifying and not own.given
        for key in own.joining
    }
    cursor.execute(
        "INSERT INTO ledger_correlation_key (company_id, value, scheme, scope) "
        "SELECT * FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::text[]) ON CONFLICT DO NOTHING "
        "RETURNING company_id, value, scheme, scope, id",
        _columns(sorted(links)),
    )
    ids = {(c, v, s, sc): i for c, v, s, sc, i in cursor.fetchall()}
    known = links - ids.keys()
    for wanted, lock in (
        (followed & known, "FOR UPDATE OF k"),
        ({key for key in known - followed if key[2] in JOINING_SCHEMES}, "FOR SHARE OF k"),
        ({key for key in known - followed if key[2] not in JOINING_SCHEMES}, ""),
    ):
        if wanted:
            ids |= find_keys(cursor=cursor, keys=wanted, lock=lock)
    return ids


def find_keys(*, cursor: psycopg.Cursor, keys: Iterable[CompanyKey], lock: str) -> dict[CompanyKey, int]:
    """Ids of the keys that are there, locked in their order by the clause `lock`."""
    cursor.execute(
        "SELECT k.company_id, k.value, k.scheme, k.scope, k.id "
        "FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::text[]) w(company_id, value, scheme, scope) "
        "JOIN ledger_correlation_key k USING (company_id, value, scheme, scope) "
        "ORDER BY k.company_id, k.value, k.scheme, k.scope " + lock,
        _columns(sorted(keys)),
    )
    return {(c, v, s, sc): i for c, v, s, sc, i in cursor.fetchall()}


def _tie(cursor: psycopg.Cursor, companies: Sequence[int], keys: Sequence[Keys], result: Correlated) -> None:
    """Tie linking keys to the flows of the entries that carry them; who waits for a new tie is settled."""
    pairs = {
        (result.link_ids[_own(company, key)], flow)
        for company, own, flows in zip(companies, keys, result.flows, strict=True)
        for key in own.linking
        for flow in flows
    }
    if pairs:
        result.stirred |= add_links(cursor=cursor, pairs=pairs)


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
