"""What documents without an order say that can be compared with orders, with their codes looked up."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

from visibility.canonical import documents
from visibility.canonical.documents import (
    AnyDocument,
    GoodsReceived,
    InvoiceReceived,
    Line,
    ShipmentNotified,
    TransportStatus,
)
from visibility.canonical.keys import keys_of, normalise
from visibility.ledger.uncorrelated import Waiting
from visibility.masterdata.models import Item
from visibility.masterdata.resolve import ITEM, LOCATION, PARTNER, Code, Known, find, item_codes, party_codes
from visibility.pipeline.suggestions import Goods, Number, Paper, Party, gather

ITEMS, NUMBERS = 6, 8
"""So many items and numbers of a document are compared."""
_NUMBER_IN_TEXT = re.compile(r"[A-Z0-9][A-Z0-9-]{4,}[A-Z0-9]")
_OWN = frozenset({"receipt", "invoice", "sscc"})
"""Keys that name the document itself, or a carton of many."""


def read_papers(*, company_id: int, waiting: Sequence[Waiting]) -> dict[int, Paper]:
    """What each of these documents of one company says, by its position."""
    told = {each.entry.position: each.entry.document for each in waiting}
    known = find(company_id=company_id, codes={code for own in told.values() for code in _codes(own)})
    items = {code: what.id for code, what in known.items() if code[0] == ITEM}
    # Ours is the code that orders mostly have, whichever the document gives.
    ours = dict(Item.objects.filter(pk__in=set(items.values())).values_list("pk", "code"))
    return {at: _paper(document, known, items, ours) for at, document in told.items()}


def _codes(document: AnyDocument) -> list[Code]:
    found: list[Code] = [(PARTNER, code) for code in party_codes(document.supplier)]
    found += [(LOCATION, code) for code in party_codes(document.ship_to)]
    for line in _lines(document):
        found += [(ITEM, code) for code in item_codes(line.item, supplier=document.supplier)]
    return found


def _lines(document: AnyDocument) -> list[Line]:
    return list(getattr(document, "lines", ()))[:ITEMS]


def _paper(
    document: AnyDocument, known: dict[Code, Known], items: dict[Code, int], ours: dict[int, str]
) -> Paper:
    return Paper(
        supplier=_party(document.supplier, PARTNER, known),
        ship_to=_party(document.ship_to, LOCATION, known),
        goods=gather(_goods(line, document, items, ours) for line in _lines(document)),
        numbers=tuple(_numbers(document))[:NUMBERS],
        day=day_of(document),
    )


def _party(party: documents.Party, kind: str, known: dict[Code, Known]) -> Party:
    found = next((known[kind, code] for code in party_codes(party) if (kind, code) in known), None)
    return Party(found.id, found.name) if found else Party(None, party.name)


def _goods(line: Line, document: AnyDocument, items: dict[Code, int], ours: dict[int, str]) -> Goods:
    own = {line.item.buyer, line.item.vendor, line.item.gtin} - {""}
    for code in item_codes(line.item, supplier=document.supplier):
        if (ITEM, code) in items:
            # A provisional record's code is the document's, with its qualifier before it.
            own.add(ours[items[ITEM, code]].rsplit(":", 1)[-1])
    return Goods(frozenset(own), line.quantity, line.unit)


def _numbers(document: AnyDocument) -> Iterable[Number]:
    """Its keys, what it takes back or corrects, and what looks like a number in its note."""
    keys = keys_of(document)
    found = [Number(key.scheme, key.value) for key in (*keys.identifying, *keys.linking)]
    found = [number for number in found if number.scheme not in _OWN]
    if isinstance(document, GoodsReceived) and document.reverses:
        found.append(Number("receipt", normalise(document.reverses)))
    if isinstance(document, InvoiceReceived) and document.corrects:
        found.append(Number("invoice", normalise(document.corrects)))
    texts = _NUMBER_IN_TEXT.findall(normalise(document.note))
    found += [Number("note", text) for text in texts[:4] if any(c.isdigit() for c in text)]
    return dict.fromkeys(found)


def day_of(document: AnyDocument) -> dt.date | None:
    """The day that a document speaks of: of the receipt, the shipment, the arrival, the bill."""
    moment: Any = None
    match document:
        case GoodsReceived():
            moment = document.received_at
        case ShipmentNotified():
            moment = document.shipped_at
        case TransportStatus():
            moment = document.occurred_at
        case InvoiceReceived():
            return document.invoiced_on or (document.issued_at.date() if document.issued_at else None)
        case _:
            pass
    moment = moment or document.issued_at
    return moment.date() if moment else None
