"""Connections that take no unknown codes: a unit that names one waits until it is mapped."""

from visibility.canonical.documents import ORDERLESS, Item
from visibility.inbox.history import is_history
from visibility.inbox.models import Connection
from visibility.inbox.ports import Problem
from visibility.masterdata.resolve import ITEM, LOCATION, PARTNER, Code, find, item_codes, party_codes
from visibility.pipeline.chunk import Chunk, PreparedEntry, UnitWork

CODES = {ITEM: "unknown_item", PARTNER: "unknown_partner", LOCATION: "unknown_place"}


def named_codes(entry: PreparedEntry) -> list[tuple[str, tuple[str, ...]]]:
    """Everything a document names that ought to be mapped: (kind, codes best first)."""
    document = entry.translated.document
    items: list[Item] = []
    if not isinstance(document, ORDERLESS):
        # A price list names thousands of items of which most will never be ordered.
        items = [line.item for line in getattr(document, "lines", ())]
    return [
        (kind, codes)
        for kind, codes in (
            (PARTNER, party_codes(document.supplier)),
            (LOCATION, party_codes(document.ship_to)),
            *((ITEM, item_codes(item, supplier=document.supplier)) for item in items),
        )
        if codes
    ]


def hold_unknown(*, chunk: Chunk) -> None:
    """Hold the units of strict connections that name something nobody has mapped.

    Not those of histories: they name thousands, most of which nobody will deal with again.
    """
    strict = [
        w
        for w in chunk.units
        if w.entries
        and w.connection.on_unknown == Connection.OnUnknown.HOLD
        and not is_history(w.claim.content_type)
    ]
    for company_id in {work.claim.company_id for work in strict}:
        works = [work for work in strict if work.claim.company_id == company_id]
        known = find(
            company_id=company_id,
            codes=[
                (kind, code)
                for work in works
                for entry in work.entries
                for kind, codes in named_codes(entry)
                for code in codes
            ],
        )
        for work in works:
            _hold_if_unknown(work, set(known))


def _hold_if_unknown(work: UnitWork, known: set[Code]) -> None:
    missing = {
        (CODES[kind], codes[0], entry.translated.where)
        for entry in work.entries
        for kind, codes in named_codes(entry)
        if not any((kind, code) in known for code in codes)
    }
    if missing:
        work.entries.clear()
        work.problems += [
            Problem(
                code=code,
                text=f"{value} is not mapped here, and this connection holds what it does not know. "
                "Map it, then replay the message.",
                where=where,
            )
            for code, value, where in sorted(missing)
        ]
