"""What became of each row of a history's part, counted in the transaction of its chunk."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

import psycopg
from django.db import connection as database
from msgspec import Struct
from psycopg.types.json import Jsonb

from visibility.canonical.documents import AnyDocument, Line, OrderRef
from visibility.canonical.keys import orders_of
from visibility.core.db import server_cursor
from visibility.inbox.history import is_history
from visibility.inbox.work import Claim
from visibility.pipeline.chunk import Chunk, UnitWork


class _Tally(Struct):
    seen: int = 0
    entries: int = 0
    used: int = 0
    repeats: int = 0
    skipped: int = 0
    unusable: list[tuple[int, str, str]] = []
    orders: set[int] = set()
    lines: set[int] = set()

    def add(self, work: UnitWork) -> None:
        """Count a row. One row makes one unit."""
        self.seen += 1
        problem = next((p for p in work.problems if p.severity == "error"), None)
        if problem is not None:
            self.unusable.append((work.index, problem.where, problem.text))
            return
        if work.unit.skipped:
            self.skipped += 1
            return
        self.entries += len(work.entries)
        if work.entries:
            self.used += 1
        else:
            self.repeats += 1
        for translated in work.unit.documents:
            self._name(translated.document)

    def _name(self, document: AnyDocument) -> None:
        own = document.order
        self.orders.update(_order_mark(order) for order in orders_of(document))
        for line in getattr(document, "lines", ()):
            order = line.order or own
            if order is not None:
                self.lines.add(_line_mark(order, line))


def write_tallies(*, chunk: Chunk) -> None:
    """Add what this chunk made of the rows of histories to their parts' tallies."""
    claims = {claim.message_id: claim for claim in chunk.claims if is_history(claim.content_type)}
    if not claims:
        return
    tallies: dict[UUID, _Tally] = defaultdict(_new)
    for work in chunk.units:
        if work.claim.message_id in claims:
            tallies[work.claim.message_id].add(work)
    with server_cursor(database) as cursor:
        _store(cursor, [(claims[message], tally) for message, tally in tallies.items()])


def _new() -> _Tally:
    return _Tally(unusable=[], orders=set(), lines=set())


def _store(cursor: psycopg.Cursor, tallies: Iterable[tuple[Claim, _Tally]]) -> None:
    cursor.executemany(
        "INSERT INTO inbox_historytally AS t (message_id, translation, seen, entries, used, repeats, "
        "  skipped, unusable, orders, lines) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %b, %b) "
        "ON CONFLICT (message_id, translation) DO UPDATE SET seen = t.seen + EXCLUDED.seen, "
        "entries = t.entries + EXCLUDED.entries, used = t.used + EXCLUDED.used, "
        "repeats = t.repeats + EXCLUDED.repeats, skipped = t.skipped + EXCLUDED.skipped, "
        "unusable = t.unusable || EXCLUDED.unusable, orders = t.orders || EXCLUDED.orders, "
        "lines = t.lines || EXCLUDED.lines",
        [
            (
                claim.message_id,
                claim.translation,
                tally.seen,
                tally.entries,
                tally.used,
                tally.repeats,
                tally.skipped,
                Jsonb(tally.unusable),
                sorted(tally.orders),
                sorted(tally.lines),
            )
            for claim, tally in tallies
        ],
    )


def _order_mark(order: OrderRef) -> int:
    return _mark("order", order.scheme, order.issuer, order.system, order.number, order.release)


def _line_mark(order: OrderRef, line: Line) -> int:
    item = line.item
    told = (line.line,) if line.line else ("", item.buyer, item.vendor, item.gtin, item.description)
    return _mark("line", order.scheme, order.issuer, order.system, order.number, order.release, *told)


@lru_cache(maxsize=8192)
def _mark(*parts: str) -> int:
    """64 bits that stand for a name: among a million, two alike are one in forty million."""
    said = "\x1f".join(parts).encode()
    return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest(), "big", signed=True)
