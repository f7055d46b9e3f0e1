"""What a chunk's documents have in common with others' is entered before its transaction begins.

A key or a provisional record that nothing refers to is harmless; entered within the chunk it would make
every other worker that meets it wait until the chunk commits.
"""

from collections import defaultdict

from django.db import connection as database
from django.db import transaction

from visibility.canonical.documents import AnyDocument, OrderPlaced
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
            by_company[entry.company_id].update(_named(entry.translated.document))
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


def _named(document: AnyDocument) -> list[Unknown]:
    """The parties of a document, and the items of an order: those an order's lines are known by.

    Items that other documents alone name are entered with their line, once it is clear which that is.
    """
    named = [named_party(PARTNER, document.supplier), named_party(LOCATION, document.ship_to)]
    if isinstance(document, OrderPlaced):
        named += [named_item(line.item, document.supplier) for line in document.lines]
    return named
