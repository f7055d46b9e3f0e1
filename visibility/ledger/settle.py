"""Placing what could not be placed at once, and placing again what waits on something that changed.

Placing an entry may tie its wider keys to the flows it came to, and whoever waits for those is next: a
status that knows a truck follows the receipt that knows the ship notice on it. Keys grow wider at each
step, so this ends.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import psycopg

from visibility.canonical.documents import ORDERLESS_TYPES
from visibility.canonical.keys import WIDTH
from visibility.ledger.correlate import Correlated, Number, add_links, remember_loose
from visibility.ledger.knowledge import learn, read_waiting
from visibility.ledger.placing import MANY, Knowledge, Place, Waiting, place, words_on
from visibility.ledger.remembered import CompanyKey

ROUNDS = len(set(WIDTH.values())) + 3
MOST = 2000
"""Superseded entries that are looked at together."""
Pair = tuple[int, int]  # flow id, position


@dataclass
class Settled:
    """What settling changed. Pairs are (flow id, position)."""

    joined: set[Pair] = field(default_factory=set)
    parted: set[Pair] = field(default_factory=set)
    renamed: set[int] = field(default_factory=set)
    spoken_of: set[int] = field(default_factory=set)
    """Flows with documents that people put there, or took out of others: these read differently by that."""
    looked_at: dict[int, Waiting] = field(default_factory=dict)
    doubts: dict[int, dict[CompanyKey, list[int]]] = field(default_factory=dict)
    """Position -> numbers that fit several orders, with the flows of these."""
    numbers: dict[int, set[str]] = field(default_factory=dict)
    """Position -> all the numbers and given IDs of which there may have been a doubt."""


def settle(
    *,
    cursor: psycopg.Cursor,
    correlated: Correlated,
    positions: Mapping[int, Collection[int]],
    pinned: Collection[int],
    replayed: Mapping[UUID, int],
) -> Settled:
    """Place entries that wait, inside the caller's transaction, with the flows at stake locked.

    `positions` are new entries with the ids of the keys they wait for, `pinned` those that a person spoke of.
    """
    result = Settled()
    remember_loose(cursor=cursor, waiting=((key, at) for at, keys in positions.items() for key in keys))
    todo = {*positions, *pinned} | _find_moved(cursor, correlated, replayed)
    contested = set(correlated.contested)
    stirred = set(correlated.stirred)
    notices = set(correlated.lone_notices)
    if replayed:
        for dead in _superseded(cursor, replayed):
            notices |= _drop_dead_links(cursor, dead, replayed)
            contested |= {entry.own(key)[:3] for entry, _ in dead for key in entry.keys.identifying}
            contested |= _in_doubt(cursor, {flow for _, flow in dead})
        todo |= _superseded_waiting(cursor, replayed)
    todo |= _waiting_for(cursor, stirred | notices, contested, notices=notices)
    for _ in range(ROUNDS):
        if not todo:
            return result
        entries = read_waiting(cursor=cursor, positions=todo, replayed=replayed)
        known, stirred = _learn(cursor, entries, replayed, alone=bool(pinned))
        result.renamed |= known.renamed
        places = {entry.position: place(entry, known) for entry in entries}
        moved, told = _move(cursor, entries, places, known, result)
        stirred |= _tie(cursor, entries, places, known)
        stirred |= _drop_dead_links(cursor, moved, replayed)
        # What is known of an order tells which one others mean that name a number of several.
        todo = _waiting_for(cursor, stirred, _in_doubt(cursor, told), notices=stirred)
    return result


def _find_moved(cursor: psycopg.Cursor, correlated: Correlated, replayed: Mapping[UUID, int]) -> set[int]:
    """Entries whose number means another order from now on, or is in doubt; the latter wait for it."""
    wanted = sorted(correlated.split)
    if not wanted:
        return set()
    cursor.execute(
        "SELECT k.id, k.company_id, k.value, k.scheme, k.scope, k.flow_id FROM ledger_correlation_key k "
        "JOIN unnest(%b::bigint[], %b::text[], %b::text[]) w(company_id, value, scheme) "
        "USING (company_id, value, scheme)",
        [list(column) for column in zip(*wanted, strict=True)],
    )
    rows = {(c, v, s, sc): (id_, flow) for id_, c, v, s, sc, flow in cursor.fetchall()}
    cursor.execute(
        "SELECT flow_id, position FROM ledger_member WHERE flow_id = ANY(%b)", [sorted(correlated.at_stake)]
    )
    members: dict[int, set[int]] = defaultdict(set)
    for flow, position in cursor.fetchall():
        members[position].add(flow)
    found, waiting = set(), set()
    for entry in read_waiting(cursor=cursor, positions=members, replayed=replayed):
        for key in entry.keys.identifying:
            id_, flow = rows.get(entry.own(key), (0, 0))
            if flow is None:
                waiting.add((id_, entry.position))
            if flow != 0 and flow not in members[entry.position]:
                found.add(entry.position)
    cursor.execute(
        "SELECT p.key_id, e.position FROM unnest(%b::bigint[]) k(key_id) JOIN ledger_pin p USING (key_id) "
        "JOIN ledger_entry e USING (message_id, ordinal)",
        [[id_ for id_, _ in rows.values()]],
    )
    pinned: list[tuple[int, int]] = cursor.fetchall()
    nobodys = {id_ for id_, flow in rows.values() if flow is None}
    remember_loose(cursor=cursor, waiting=waiting | {pair for pair in pinned if pair[0] in nobodys})
    return found | {position for _, position in pinned}


def _learn(
    cursor: psycopg.Cursor, entries: list[Waiting], replayed: Mapping[UUID, int], *, alone: bool
) -> tuple[Knowledge, set[int]]:
    """What is known of the entries, and the keys that were untied meanwhile.

    Whose number several orders bear by now waits for that number. Where a person had put it there, what it
    tied where it stood must not keep it there.
    """
    known = learn(cursor=cursor, entries=entries, replayed=replayed, naming=True, alone=alone)
    said = {entry.position: [key for key, _ in known.pins.get(entry.place, ())] for entry in entries}
    waiting = {
        (row.id, entry.position)
        for entry in entries
        for key in (*map(entry.own, entry.keys.identifying), *said[entry.position])
        if (row := known.rows[key[:3]].get(key[3])) is not None and row.flow is None
    }
    # A given ID may be another name of one that was given before.
    waiting |= {
        (known.rows[entry.own(key)[:3]][key.scope].id, entry.position)
        for entry in entries
        for key in entry.keys.given
    }
    remember_loose(cursor=cursor, waiting=waiting)
    unclear = {
        entry.position: entry
        for entry in entries
        if any(known.rows[key[:3]][key[3]].flow is None for key in said[entry.position])
    }
    if not unclear:
        return known, set()
    gone = [
        (unclear[at], flow)
        for flow, at in sorted(known.members)
        if at in unclear and not words_on(unclear[at], known)[0].get(flow)
    ]
    untied = _drop_dead_links(cursor, gone, replayed)
    if untied:
        renamed = known.renamed
        known = learn(cursor=cursor, entries=entries, replayed=replayed, naming=True, alone=alone)
        known.renamed |= renamed
    return known, untied


def _waiting_for(
    cursor: psycopg.Cursor, keys: Collection[int], numbers: Collection[Number], *, notices: Collection[int]
) -> set[int]:
    """Positions of the entries that wait for these keys, or for a contested number.

    Of how many suppliers a ship notice number is counts for those who do not know whose it is: of those
    `notices` among the keys that are a supplier's, whoever waits for the mere number is found too.
    """
    found: set[int] = set()
    for wanted, statement in (
        (keys, "SELECT position FROM ledger_loose_entry WHERE key_id = ANY(%b)"),
        (
            notices,
            "SELECT l.position FROM unnest(%b::bigint[]) w(id) JOIN ledger_correlation_key k USING (id) "
            "JOIN ledger_correlation_key o "
            "  ON o.company_id = k.company_id AND o.value = k.value AND o.scheme = 'asn' AND o.scope = '' "
            "JOIN ledger_loose_entry l ON l.key_id = o.id WHERE k.scheme = 'asn' AND k.scope <> ''",
        ),
    ):
        if wanted:
            found |= {row[0] for row in cursor.execute(statement, [sorted(wanted)])}
    if numbers:
        cursor.execute(
            "SELECT l.position FROM unnest(%b::bigint[], %b::text[], %b::text[]) "
            "  w(company_id, value, scheme) "
            "JOIN ledger_correlation_key k USING (company_id, value, scheme) "
            "JOIN ledger_loose_entry l ON l.key_id = k.id WHERE k.contested AND k.flow_id IS NULL",
            [list(column) for column in zip(*sorted(numbers), strict=True)],
        )
        found |= {row[0] for row in cursor.fetchall()}
    return found


def _move(
    cursor: psycopg.Cursor,
    entries: list[Waiting],
    places: Mapping[int, Place],
    known: Knowledge,
    result: Settled,
) -> tuple[list[tuple[Waiting, int]], set[int]]:
    """Bring memberships up to the places; (entry, flow) of those that parted, and the flows that got or lost
    what tells whose they are.

    What a replay superseded stays where it was: it is read as history only.
    """
    live = [entry for entry in entries if entry.live]
    now = known.members
    meant = {(flow, entry.position) for entry in live for flow in places[entry.position].flows}
    _record(cursor, joined=meant - now, parted=now - meant)
    _remember_unplaced(cursor, entries, places)
    result.joined = (result.joined | (meant - now)) - (now - meant)
    result.parted = (result.parted | (now - meant)) - (meant - now)
    for entry in entries:
        result.looked_at[entry.position] = entry
        result.doubts[entry.position] = places[entry.position].doubts
        own = {key.value for key in (*entry.keys.identifying, *entry.keys.given)}
        said = {key[1] for key, _ in known.pins.get(entry.place, ())}
        if said:
            result.spoken_of |= places[entry.position].flows.keys()
        result.numbers[entry.position] = own | said
    by_position = {entry.position: entry for entry in live}
    telling = {e.position for e in live if e.keys.identifying or e.place in known.pins}
    told = {flow for flow, position in now ^ meant if position in telling}
    return [(by_position[position], flow) for flow, position in sorted(now - meant)], told


def _in_doubt(cursor: psycopg.Cursor, flows: set[int]) -> set[Number]:
    """The numbers of these flows that several orders bear."""
    if not flows:
        return set()
    cursor.execute(
        "SELECT DISTINCT company_id, value, scheme FROM ledger_correlation_key "
        "WHERE flow_id = ANY(%b) AND contested",
        [sorted(flows)],
    )
    return set(cursor.fetchall())


def _record(cursor: psycopg.Cursor, *, joined: set[Pair], parted: set[Pair]) -> None:
    """Memberships are only added to; what is taken back, or given back again, is a row beside them."""
    for pairs, gone in ((joined, False), (parted, True)):
        if not pairs:
            continue
        columns = [list(column) for column in zip(*sorted(pairs), strict=True)]
        cursor.execute(
            "INSERT INTO ledger_parting (flow_id, position, parted) "
            "SELECT p.flow_id, p.position, %s FROM unnest(%b::bigint[], %b::bigint[]) p(flow_id, position) "
            "CROSS JOIN LATERAL (SELECT 1 FROM ledger_membership m "
            "  WHERE m.flow_id = p.flow_id AND m.position = p.position LIMIT 1) m",
            [gone, *columns],
        )
        if not gone:
            # A membership bears its entry's `recorded_at`, by which readers find the entry's partition.
            cursor.execute(
                "INSERT INTO ledger_membership (flow_id, position, recorded_at) "
                "SELECT p.flow_id, p.position, e.recorded_at "
                "FROM unnest(%b::bigint[], %b::bigint[]) p(flow_id, position) CROSS JOIN LATERAL "
                "  (SELECT recorded_at FROM ledger_entry WHERE position = p.position LIMIT 1) e "
                "ON CONFLICT DO NOTHING",
                columns,
            )


def _remember_unplaced(cursor: psycopg.Cursor, entries: list[Waiting], places: Mapping[int, Place]) -> None:
    nowhere = [e.position for e in entries if e.live and not places[e.position].flows]
    somewhere = [e.position for e in entries if not e.live or places[e.position].flows]
    cursor.execute("DELETE FROM ledger_unplaced WHERE position = ANY(%b)", [somewhere])
    if nowhere:
        cursor.execute(
            "INSERT INTO ledger_unplaced (position, recorded_at, company_id, type) "
            "SELECT position, recorded_at, company_id, type FROM ledger_entry WHERE position = ANY(%b) "
            f"AND type NOT IN {ORDERLESS_TYPES} "
            "ON CONFLICT DO NOTHING",
            [nowhere],
        )


def _tie(
    cursor: psycopg.Cursor, entries: list[Waiting], places: Mapping[int, Place], known: Knowledge
) -> set[int]:
    """Tie the keys that entries pass on; the keys of which that was new."""
    pairs = {
        (known.ids[entry.own(key)], flow)
        for entry in entries
        for key, flow in places[entry.position].passes_on(entry)
    }
    new = {(key, flow) for key, flow in pairs if flow not in known.links.get(key, ())}
    return add_links(cursor=cursor, pairs=new) if new else set()


def _superseded(cursor: psycopg.Cursor, replayed: Mapping[UUID, int]) -> Iterator[list[tuple[Waiting, int]]]:
    """What earlier translations of these messages told, with each flow it belonged to; some at a time."""
    cursor.execute(
        "SELECT m.flow_id, e.position FROM unnest(%b::uuid[], %b::int[]) r(message_id, translation) "
        "JOIN ledger_entry e ON e.message_id = r.message_id AND e.translation < r.translation "
        "JOIN ledger_member m ON m.position = e.position",
        [list(replayed), list(replayed.values())],
    )
    pairs = cursor.fetchall()
    for some in (pairs[start : start + MOST] for start in range(0, len(pairs), MOST)):
        read = read_waiting(cursor=cursor, positions={at for _, at in some}, replayed=replayed)
        entries = {entry.position: entry for entry in read}
        yield [(entries[at], flow) for flow, at in some]


def _superseded_waiting(cursor: psycopg.Cursor, replayed: Mapping[UUID, int]) -> set[int]:
    """What earlier translations of these messages told and waits for its place: it waits no longer."""
    cursor.execute(
        "SELECT e.position FROM unnest(%b::uuid[], %b::int[]) r(message_id, translation) "
        "JOIN ledger_entry e ON e.message_id = r.message_id AND e.translation < r.translation "
        "JOIN ledger_unplaced u USING (position) UNION "
        "SELECT e.position FROM unnest(%b::uuid[], %b::int[]) r(message_id, translation) "
        "JOIN ledger_entry e ON e.message_id = r.message_id AND e.translation < r.translation "
        "JOIN ledger_loose_entry l USING (position)",
        [list(replayed), list(replayed.values())] * 2,
    )
    return {row[0] for row in cursor.fetchall()}


def _drop_dead_links(
    cursor: psycopg.Cursor, gone: list[tuple[Waiting, int]], replayed: Mapping[UUID, int]
) -> set[int]:
    """Untie keys of entries that left a flow where nothing in it bears them any more; those keys' ids."""
    suspects = {
        (entry.own(key), flow) for entry, flow in gone for key in (*entry.keys.linking, *entry.keys.given)
    }
    if not suspects:
        return set()
    cursor.execute(
        "SELECT flow_id, position FROM ledger_member WHERE flow_id = ANY(%b)",
        [sorted({flow for _, flow in suspects})],
    )
    members = cursor.fetchall()
    entries = {
        entry.position: entry
        for entry in read_waiting(cursor=cursor, positions={at for _, at in members}, replayed=replayed)
        if entry.live
    }
    known = learn(
        cursor=cursor,
        entries=[*entries.values(), *(entry for entry, _ in gone)],
        replayed=replayed,
        naming=False,
    )
    within = [(entries[at], flow) for flow, at in members if at in entries]
    # What came here by a key that says nothing any more must not keep its wider keys alive by being here.
    suspects |= {(entry.own(key), flow) for entry, flow in within for key in entry.keys.linking}
    dead = sorted(
        (known.ids[key], flow) for key, flow in suspects - _borne(within, known) if key in known.ids
    )
    if not dead:
        return set()
    cursor.execute(
        "DELETE FROM ledger_key_link l USING unnest(%b::bigint[], %b::bigint[]) d(key_id, flow_id) "
        "WHERE l.key_id = d.key_id AND l.flow_id = d.flow_id RETURNING l.key_id",
        [list(column) for column in zip(*dead, strict=True)],
    )
    return {row[0] for row in cursor.fetchall()}


def _borne(members: Iterable[tuple[Waiting, int]], known: Knowledge) -> set[tuple[CompanyKey, int]]:
    """Which keys speak of which flows by what belongs to these; found from the narrowest key on."""
    borne: set[tuple[CompanyKey, int]] = set()
    given: list[tuple[Waiting, int]] = []
    via: list[tuple[Waiting, int]] = []
    for entry, flow in members:
        words, _ = words_on(entry, known)
        if entry.keys.identifying or words.get(flow):
            borne |= {(entry.own(key), flow) for key in entry.keys.linking}
            if len(entry.keys.identifying) < MANY:
                borne |= {(entry.own(key), flow) for key in entry.keys.given}
        else:
            (given if entry.keys.given else via).append((entry, flow))
    for entry, flow in given:
        (key,) = (entry.own(key) for key in entry.keys.given)
        if (key, flow) in borne or known.rows[key[:3]][key[3]].flow == flow:
            borne |= {(entry.own(key), flow) for key in entry.keys.linking}
    for width in range(max(WIDTH.values()) + 1):
        for entry, flow in via:
            narrower = (key for key in entry.keys.joining if WIDTH[key.scheme] < width)
            if any((entry.own(key), flow) in borne for key in narrower):
                own = (key for key in entry.keys.linking if WIDTH.get(key.scheme) == width)
                borne |= {(entry.own(key), flow) for key in own}
    return borne
