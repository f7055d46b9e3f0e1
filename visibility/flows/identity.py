"""Which documents stand: one business document told many times counts once.

Facts are grouped by the document they tell (`document_key`) and every group is settled by purpose.
The outcome is a function of the set of facts; the order they came in plays no part.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from msgspec import Struct

from visibility.canonical.documents import (
    AnyDocument,
    Document,
    GoodsReceived,
    InvoiceReceived,
    OrderAcknowledged,
    OrderChanged,
    OrderPlaced,
    ShipmentNotified,
)
from visibility.flows.state import Fact

BEGINNING = dt.datetime.min.replace(tzinfo=dt.UTC)
Key = tuple[object, ...]
_ORIGINALS = ("original", "duplicate", "confirm")

_WORDS: dict[type[Document], str] = {
    OrderPlaced: "order",
    OrderChanged: "order change",
    OrderAcknowledged: "answer",
    ShipmentNotified: "ship notice",
    GoodsReceived: "receipt",
    InvoiceReceived: "invoice",
}


class Settled(Struct):
    """The facts that count, each list from the earliest to the latest, by type of document."""

    standing: dict[type[Document], list[Fact]]
    cancelled: list[tuple[Fact, Fact]]
    """Orders called off: (what stood before, the cancellation); the same fact twice where nothing stood."""
    conflicts: list[str]
    every: list[Fact]
    """All facts of the latest translations, whether they count or not."""

    def of(self, kind: type[Document]) -> list[Fact]:
        return self.standing.get(kind, [])


def later(fact: Fact) -> tuple[Any, ...]:
    """What "later" compares: document date-time, envelope date-time, control, id. Unknown comes first."""
    control = fact.control
    return (
        fact.document.issued_at or BEGINNING,
        fact.envelope_at or BEGINNING,
        control.zfill(18) if control.isdigit() else control,
        fact.id.int,
        fact.message.int,
    )


def issued_key(fact: Fact) -> tuple[dt.datetime, dt.datetime]:
    """The times alone of `later`, to compare documents of different kinds."""
    return fact.document.issued_at or BEGINNING, fact.envelope_at or BEGINNING


def _scope(document: Document) -> str:
    return document.supplier.ids[0] if document.supplier.ids else document.supplier.name


def _order_number(document: Document) -> tuple[str, str]:
    return (document.order.number, document.order.release) if document.order else ("", "")


def _order_key(fact: Fact, document: OrderPlaced) -> Key | None:
    number = _order_number(document)
    return (fact.witness, *number) if number[0] else None


def _change_key(fact: Fact, document: OrderChanged) -> Key | None:
    return (fact.witness, *_order_number(document), document.version) if document.version else None


def _answer_key(fact: Fact, document: OrderAcknowledged) -> Key | None:
    told = (_scope(document), *_order_number(document), document.supplier_order)
    if document.version.strip("|"):
        return (*told, document.version)
    if document.supplier_order and fact.explicit_id:
        return (*told, document.issued_at)
    return None


def _shipment_key(fact: Fact, document: ShipmentNotified) -> Key | None:
    return (fact.witness, _scope(document), document.number) if document.number else None


def _receipt_key(fact: Fact, document: GoodsReceived) -> Key | None:
    return (fact.witness, document.number) if document.number else None


def _invoice_key(fact: Fact, document: InvoiceReceived) -> Key | None:
    return (fact.witness, _scope(document), document.number, document.kind) if document.number else None


_KEYS: dict[type[Document], Callable[[Fact, Any], Key | None]] = {
    OrderPlaced: _order_key,
    OrderChanged: _change_key,
    OrderAcknowledged: _answer_key,
    ShipmentNotified: _shipment_key,
    GoodsReceived: _receipt_key,
    InvoiceReceived: _invoice_key,
}


def document_key(fact: Fact) -> Key:
    """What makes two facts tell of the same business document.

    Its number where it has one; else the explicit event id, so that look-alikes are never merged; else
    the envelope. A release, a status, a closing have no identity beyond the fact itself.
    """
    kind = type(fact.document)
    number = _KEYS.get(kind)
    if number is None:
        return (fact.id, fact.message)
    key = number(fact, fact.document)
    if key is not None:
        return (kind, *key)
    if fact.explicit_id or not fact.control:
        return (kind, fact.id)
    return (kind, fact.control, fact.envelope_at)


def content(document: AnyDocument) -> AnyDocument:
    """The document without what differs between two tellings of it: purpose and moments of sending."""
    if isinstance(document, OrderPlaced):
        return msgspec.structs.replace(document, purpose="original", issued_at=None, released_at=None)
    return msgspec.structs.replace(document, purpose="original", issued_at=None)


def latest_translations(facts: Iterable[Fact]) -> list[Fact]:
    """Without what an earlier translation of the same message said."""
    latest: dict[int, int] = {}
    superseded = False
    for fact in facts:
        message = fact.message.int
        seen = latest.setdefault(message, fact.translation)
        if seen != fact.translation:
            superseded = True
            latest[message] = max(seen, fact.translation)
    if not superseded:
        return list(facts)
    return [fact for fact in facts if fact.translation == latest[fact.message.int]]


def settle(facts: Iterable[Fact]) -> Settled:
    """The facts that count, and the conflicts among them."""
    ordered = sorted(latest_translations(facts), key=later)
    groups: dict[Key, list[Fact]] = {}
    for fact in ordered:
        groups.setdefault(document_key(fact), []).append(fact)
    settled = Settled(standing={}, cancelled=[], conflicts=[], every=ordered)
    stands: list[Fact] = []
    for group in groups.values():
        if len(group) == 1 and group[0].document.purpose != "cancel":
            stands.append(group[0])
        else:
            stands.extend(_settle_group(group, settled))
    if len(groups) != len(ordered) or len(stands) != len(ordered):
        stands.sort(key=later)
    for fact in stands:
        settled.standing.setdefault(type(fact.document), []).append(fact)
    settled.conflicts = sorted(set(settled.conflicts))
    return settled


def _settle_group(group: list[Fact], settled: Settled) -> list[Fact]:
    """What is left of the tellings of one document: usually one fact, the amendments of an order, or none."""
    has_original = any(fact.document.purpose not in ("duplicate", "confirm", "cancel") for fact in group)
    seen: set[AnyDocument] = set()
    stands: list[Fact] = []
    for fact in group:
        purpose = fact.document.purpose
        if purpose == "cancel":
            _cancel(fact, stands, settled)
            stands = []
            continue
        if has_original and purpose in ("duplicate", "confirm"):
            continue
        told = content(fact.document)
        if purpose in _ORIGINALS and told in seen:
            continue
        seen.add(told)
        if purpose == "change" and stands and isinstance(fact.document, OrderPlaced):
            stands.append(fact)
            continue
        if purpose in _ORIGINALS and stands and stands[-1].document.version == fact.document.version:
            settled.conflicts.append(name_of(fact.document))
        _revive(fact, settled)
        stands = [fact]
    return stands


def _cancel(fact: Fact, stands: list[Fact], settled: Settled) -> None:
    if isinstance(fact.document, OrderPlaced):
        settled.cancelled.append((stands[-1] if stands else fact, fact))


def _revive(fact: Fact, settled: Settled) -> None:
    """An order told again after it was called off stands again."""
    if isinstance(fact.document, OrderPlaced):
        settled.cancelled = [
            pair for pair in settled.cancelled if document_key(pair[1]) != document_key(fact)
        ]


def name_of(document: AnyDocument) -> str:
    """A document as people call it: "invoice INV-1"."""
    word = _WORDS.get(type(document), "document")
    number = getattr(document, "number", "") or (document.order.number if document.order else "")
    if isinstance(document, OrderAcknowledged):
        number = document.supplier_order or f"to order {number}"
    if isinstance(document, InvoiceReceived) and document.kind == "credit":
        word = "credit note"
    return f"{word} {number}".strip()
