"""What a chunk's documents have in common with others' is entered before its transaction begins.

A key or a provisional record that nothing refers to is harmless; entered within the chunk it would make
every other worker that meets it wait until the chunk commits.
"""

from collections import defaultdict

from django.db import connection as database
from django.db import transaction

from visibility.canonical.documents import OrderPlaced
from visibility.core.db import server_cursor
from visibility.inbox.models import Connection
from visibility.ledger.correlate import enter_shared_keys, unknown_shared_keys
from visibility.masterdata.resolve import (
    ITEM,
    LOCATION,
    PARTNER,
    Unknown,
    find,
    item_codes,
    make_provisional,
    party_codes,
)
from visibility.pipeline.chunk import Chunk, PreparedEntry


def enter_ahead(*, chunk: Chunk) -> None:
    """Enter shared keys and what nobody has entered yet of codes, in a short transaction of its own."""
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
    with transaction.atomic(), server_cursor(database) as cursor:
        # The chunk's own commit comes later in the log and brings this along.
        cursor.execute("SET LOCAL synchronous_commit TO off")
        if keys:
            enter_shared_keys(cursor=cursor, keys=keys)
        for company_id, own in unknown.items():
            make_provisional(company_id=company_id, unknown=own)


def _unknown(entries: list[PreparedEntry]) -> dict[int, list[Unknown]]:
    """What these entries name and nobody has entered, by company, where the connection has it entered."""
    by_company: dict[int, set[Unknown]] = defaultdict(set)
    for entry in entries:
        if entry.connection.on_unknown == Connection.OnUnknown.PROVISIONAL:
            by_company[entry.company_id] |= _named(entry)
    found: dict[int, list[Unknown]] = {}
    for company_id, named in sorted(by_company.items()):
        known = find(company_id=company_id, codes={(own.kind, code) for own in named for code in own.codes})
        unknown = [own for own in named if not any((own.kind, code) in known for code in own.codes)]
        if unknown:
            found[company_id] = unknown
    return found


def _named(entry: PreparedEntry) -> set[Unknown]:
    """The parties of a document, and the items of an order: those an order's lines are known by.

    Items that other documents alone name are entered with their line, once it is clear which that is.
    """
    document = entry.translated.document
    named = {
        Unknown(PARTNER, party_codes(document.supplier), document.supplier.name),
        Unknown(LOCATION, party_codes(document.ship_to), document.ship_to.name),
    }
    if isinstance(document, OrderPlaced):
        named |= {
            Unknown(ITEM, item_codes(line.item, supplier=document.supplier), line.item.description)
            for line in document.lines
        }
    return {own for own in named if own.codes}
