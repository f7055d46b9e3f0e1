"""What a chunk's documents have in common with others' is entered before its transaction begins.

A key or a provisional record that nothing refers to is harmless; entered within the chunk it would make
every other worker that meets it wait until the chunk commits.
"""

from collections import defaultdict

from django.db import connection as database
from django.db import transaction

from visibility.canonical.documents import OrderPlaced, Party
from visibility.core.db import server_cursor
from visibility.inbox.models import Connection
from visibility.ledger.correlate import enter_shared_keys, unknown_shared_keys
from visibility.masterdata.resolve import (
    LOCATION,
    PARTNER,
    Unknown,
    find,
    make_provisional,
    named_item,
    named_party,
)
from visibility.pipeline.chunk import Chunk, PreparedEntry

PROVISIONAL = Connection.OnUnknown.PROVISIONAL.value


def enter_ahead(*, chunk: Chunk) -> None:
    """Enter shared keys and what nobody has entered yet of codes, in a short transaction of its own.

    A decision at the desk has one transaction for all of it; there this is a part of it.
    """
    entries = chunk.entries()
    if not entries:
        return
    with server_cursor(database) as cursor:
        keys = unknown_shared_keys(
            cursor=cursor,
            companies=[entry.company_id for entry in entries],
            keys=[entry.keys for entry in entries],
        )
    unknown = _unknown(entries)
    if not keys and not unknown:
        return
    alone = not database.in_atomic_block
    with transaction.atomic(), server_cursor(database) as cursor:
        if alone:
            # The chunk's own commit comes later in the log and brings this along.
            cursor.execute("SET LOCAL synchronous_commit TO off")
        if keys:
            enter_shared_keys(cursor=cursor, keys=keys)
        for company_id, own in unknown.items():
            make_provisional(company_id=company_id, unknown=own)


def _unknown(entries: list[PreparedEntry]) -> dict[int, list[Unknown]]:
    """What these entries name and nobody has entered, by company, where the connection has it entered.

    Their parties, and the items of orders: those an order's lines are known by. Items that other documents
    alone name are entered with their line, once it is clear which that is.
    """
    by_company: dict[int, set[Unknown]] = defaultdict(set)
    for company_id, (supplier, ship_to) in {
        (entry.company_id, _parties(entry)) for entry in entries if _enters_unknown(entry)
    }:
        by_company[company_id] |= {named_party(PARTNER, supplier), named_party(LOCATION, ship_to)}
    for entry in entries:
        document = entry.translated.document
        if isinstance(document, OrderPlaced) and _enters_unknown(entry):
            own = (named_item(line.item, document.supplier) for line in document.lines)
            by_company[entry.company_id].update(own)
    found: dict[int, list[Unknown]] = {}
    for company_id, named in sorted(by_company.items()):
        # Further codes are asked for only where nobody knows the best one.
        known = find(company_id=company_id, codes=[(own.kind, own.codes[0]) for own in named if own.codes])
        rest = [own for own in named if own.codes and (own.kind, own.codes[0]) not in known]
        known = find(
            company_id=company_id, codes=[(own.kind, code) for own in rest for code in own.codes[1:]]
        )
        unknown = [own for own in rest if not any((own.kind, code) in known for code in own.codes)]
        if unknown:
            found[company_id] = unknown
    return found


def _enters_unknown(entry: PreparedEntry) -> bool:
    return entry.connection.on_unknown == PROVISIONAL


def _parties(entry: PreparedEntry) -> tuple[Party, Party]:
    document = entry.translated.document
    return document.supplier, document.ship_to
