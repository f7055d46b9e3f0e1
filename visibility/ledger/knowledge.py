"""Reading what is known of waiting entries and their keys, set by set, with the locks that keep it true."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from uuid import UUID

import msgspec
import psycopg

from visibility.canonical.documents import DESK_WORD_TYPES, AnyDocument
from visibility.canonical.keys import CORRELATION, JOINING_SCHEMES, Key, keys_of, with_given
from visibility.ledger.contest import Told, told_by
from visibility.ledger.correlate import find_keys, lock_numbers, new_flows, store_rows
from visibility.ledger.placing import Knowledge, Waiting, candidates, numbers_of
from visibility.ledger.remembered import CompanyKey, Row
from visibility.ledger.selectors import SUPERSEDED

_documents = msgspec.json.Decoder(AnyDocument)


def read_waiting(
    *, cursor: psycopg.Cursor, positions: Collection[int], replayed: Mapping[UUID, int]
) -> list[Waiting]:
    """The entries at these positions. `replayed`: messages whose new translation ends in this chunk."""
    cursor.execute(
        "SELECT e.position, e.company_id, e.type, e.message_id, e.ordinal, e.translation, "
        f"NOT {SUPERSEDED}, c.issuer, e.document::text "
        "FROM ledger_entry e JOIN inbox_connection c ON c.id = e.connection_id "
        "WHERE e.position = ANY(%b) ORDER BY e.position",
        [sorted(positions)],
    )
    found = []
    for position, company, type_, message, ordinal, translation, live, issuer, text in cursor.fetchall():
        document = _documents.decode(text)
        found.append(
            Waiting(
                position=position,
                company_id=company,
                type=type_,
                message_id=message,
                ordinal=ordinal,
                live=live and translation >= replayed.get(message, 0),
                keys=keys_of(document, default_issuer=issuer),
                told=told_by(document),
            )
        )
    return _with_given_ids(cursor, found)


def _with_given_ids(cursor: psycopg.Cursor, entries: list[Waiting]) -> list[Waiting]:
    """The correlation ID that a trusted system gave an entry is no part of its document."""
    cursor.execute(
        "SELECT l.position, coalesce(s.scheme, k.scheme), coalesce(s.scope, k.scope), "
        "  coalesce(s.value, k.value) FROM ledger_loose_entry l "
        "JOIN ledger_correlation_key k ON k.id = l.key_id "
        "LEFT JOIN ledger_correlation_key s ON s.id = k.same_as "
        "WHERE l.position = ANY(%b) AND k.scheme = %s",
        [[entry.position for entry in entries], CORRELATION],
    )
    given = {position: Key(*key) for position, *key in cursor.fetchall()}
    return [
        replace(entry, keys=with_given(entry.keys, given[entry.position]))
        if entry.position in given
        else entry
        for entry in entries
    ]


def learn(
    *,
    cursor: psycopg.Cursor,
    entries: Collection[Waiting],
    replayed: Mapping[UUID, int],
    naming: bool,
    alone: bool = False,
) -> Knowledge:
    """Everything that placing these entries needs; the keys stay locked, so that it stays true.

    With `naming` it is decided first what given correlation IDs name by now. `alone`: nobody else may place
    these entries meanwhile, because a person spoke of some.
    """
    known = Knowledge()
    numbers = numbers_of(entries)
    if numbers:
        known.rows = lock_numbers(cursor=cursor, numbers=numbers)
    _lock_linking(cursor, entries, known, alone=alone or not naming)
    _read_members(cursor, entries, known)
    known.pins = _read_words(cursor, entries)
    pinned = {key for words in known.pins.values() for key, _ in words}
    numbers = {key[:3] for key in pinned} - numbers
    if numbers:
        known.rows |= lock_numbers(cursor=cursor, numbers=numbers)
    _read_links(cursor, known)
    if naming and any(entry.keys.given for entry in entries):
        known.renamed = _name_given(cursor, entries, known)
    meant = {
        flow
        for key in pinned
        | {entry.own(k) for entry in entries for k in (*entry.keys.identifying, *entry.keys.given)}
        if key[3] in known.rows[key[:3]] and known.rows[key[:3]][key[3]].flow is None
        for flow in candidates(key, known)
    }
    if meant:
        known.told = _read_told(cursor, meant, replayed)
    return known


def _lock_linking(
    cursor: psycopg.Cursor, entries: Collection[Waiting], known: Knowledge, *, alone: bool
) -> None:
    wanted = {entry.own(key) for entry in entries for key in entry.keys.linking}
    joining = {key for key in wanted if key[2] in JOINING_SCHEMES}
    # Whoever ties one of these places the same entries, and both are right; but whether a notice number is
    # crowded, or a key dead, only one at a time can tell.
    exclusive = joining if alone else {key for key in joining if key[2:] == ("asn", "")}
    for own, lock in (
        (exclusive, "FOR UPDATE OF k"),
        (joining - exclusive, "FOR SHARE OF k"),
        (wanted - joining, ""),
    ):
        if own:
            known.ids |= find_keys(cursor=cursor, keys=own, lock=lock)
    known.ids |= {
        (*number, scope): row.id
        for number, own in known.rows.items()
        if number[2] == CORRELATION
        for scope, row in own.items()
    }


def _read_members(cursor: psycopg.Cursor, entries: Collection[Waiting], known: Knowledge) -> None:
    cursor.execute(
        "SELECT flow_id, position FROM ledger_member WHERE position = ANY(%b)",
        [[entry.position for entry in entries if entry.live]],
    )
    known.members = set(cursor.fetchall())


def _read_links(cursor: psycopg.Cursor, known: Knowledge) -> None:
    cursor.execute(
        "SELECT key_id, flow_id FROM ledger_key_link WHERE key_id = ANY(%b)", [list(known.ids.values())]
    )
    for key_id, flow in cursor.fetchall():
        known.links[key_id].add(flow)
    unscoped = [key for key in known.ids if key[2:] == ("asn", "")]
    if unscoped:
        cursor.execute(
            "SELECT k.company_id, k.value FROM unnest(%b::bigint[], %b::text[]) w(company_id, value) "
            "JOIN ledger_correlation_key k USING (company_id, value) "
            "WHERE k.scheme = 'asn' AND k.scope <> '' "
            "AND EXISTS (SELECT 1 FROM ledger_key_link l WHERE l.key_id = k.id) "
            "GROUP BY 1, 2 HAVING count(*) > 1",
            [[key[0] for key in unscoped], [key[1] for key in unscoped]],
        )
        known.crowded = {(company, value, "asn", "") for company, value in cursor.fetchall()}


def _name_given(cursor: psycopg.Cursor, entries: Iterable[Waiting], known: Knowledge) -> set[int]:
    """What given correlation IDs name by now: the order they came with, else a flow of their own.

    One that came with two orders is contested. The flows that got or lost such a name by it.
    """
    alone = {entry.own(key) for entry in entries if not entry.keys.identifying for key in entry.keys.given}
    changed: dict[CompanyKey, tuple[int | None, bool]] = {}
    renamed: set[int] = set()
    for key in sorted({entry.own(key) for entry in entries for key in entry.keys.given}):
        row = known.rows[key[:3]][key[3]]
        orders = known.links.get(row.id, set())
        flow = next(iter(orders)) if len(orders) == 1 else None
        if not orders:
            # A flow that an order lent its name to is not the ID's own: it has other keys.
            flow = row.flow if row.flow is not None and _is_own(cursor, row) else None
            if flow is None and key in alone:
                (flow,) = new_flows(cursor=cursor, count=1)
        if (flow, len(orders) > 1) != (row.flow, row.contested):
            changed[key] = (flow, len(orders) > 1)
            renamed |= {own for own in (flow, row.flow, *orders) if own is not None}
    for key, row in store_rows(cursor=cursor, wanted=(), known=known.rows, changed=changed).items():
        known.rows[key[:3]][key[3]] = row
    return renamed


def _is_own(cursor: psycopg.Cursor, row: Row) -> bool:
    cursor.execute(
        "SELECT 1 FROM ledger_correlation_key WHERE flow_id = %s AND id <> %s LIMIT 1", [row.flow, row.id]
    )
    return cursor.fetchone() is None


def _read_words(
    cursor: psycopg.Cursor, entries: Collection[Waiting]
) -> dict[tuple[UUID, int], list[tuple[CompanyKey, bool]]]:
    """What people said of these entries, as `Knowledge.pins` has it."""
    cursor.execute(
        "SELECT p.message_id, p.ordinal, p.linked, k.company_id, k.value, k.scheme, k.scope "
        "FROM unnest(%b::uuid[], %b::int[]) w(message_id, ordinal) "
        "JOIN ledger_pin p USING (message_id, ordinal) JOIN ledger_correlation_key k ON k.id = p.key_id "
        "ORDER BY p.message_id, p.ordinal, p.told_at, p.position",
        [[entry.message_id for entry in entries], [entry.ordinal for entry in entries]],
    )
    found: dict[tuple[UUID, int], list[tuple[CompanyKey, bool]]] = defaultdict(list)
    for message, ordinal, linked, *key in cursor.fetchall():
        found[message, ordinal].append((tuple(key), linked))
    return found


def _read_told(cursor: psycopg.Cursor, flows: Iterable[int], replayed: Mapping[UUID, int]) -> dict[int, Told]:
    """The parties of each order, by the live documents that name it, or that a person put there, without
    leaving a doubt: neither what came by another key, nor what was in doubt about this very number."""
    wanted = sorted(flows)
    cursor.execute(
        "SELECT flow_id, company_id, value, scheme, scope FROM ledger_correlation_key "
        "WHERE flow_id = ANY(%b) AND scheme <> %s",
        [wanted, CORRELATION],
    )
    keys: dict[int, set[CompanyKey]] = defaultdict(set)
    for flow, *key in cursor.fetchall():
        keys[flow].add(tuple(key))
    cursor.execute("SELECT flow_id, position FROM ledger_member WHERE flow_id = ANY(%b)", [wanted])
    members = cursor.fetchall()
    entries = {
        entry.position: entry
        for entry in read_waiting(cursor=cursor, positions={at for _, at in members}, replayed=replayed)
        if entry.live and entry.type not in DESK_WORD_TYPES
    }
    words = _read_words(cursor, entries.values())
    told: dict[int, Told] = {}
    for flow, position in members:
        entry = entries.get(position)
        if entry is not None and keys[flow] & _named_by(entry, words.get(entry.place, ())):
            before = told.get(flow, Told())
            told[flow] = Told(before.supplier | entry.told.supplier, before.place | entry.told.place)
    return told


def _named_by(entry: Waiting, words: Iterable[tuple[CompanyKey, bool]]) -> set[CompanyKey]:
    named = {entry.own(key) for key in entry.keys.identifying}
    for key, linked in words:
        (named.add if linked else named.discard)(key)
    return named
