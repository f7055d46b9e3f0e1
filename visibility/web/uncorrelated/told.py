"""A document in words: "Receipt R-77 of 12 Nov at Dallas DC: 3 items, 140 CA"."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visibility.canonical.documents import (
    AnyDocument,
    GoodsReceived,
    InvoiceReceived,
    Line,
    Party,
    ShipmentNotified,
    TransportStatus,
)
from visibility.canonical.keys import Keys, keys_of
from visibility.pipeline.papers import day_of
from visibility.web import words
from visibility.web.messages.document import document_name

KEYS_SHOWN = 6


def describe(document: AnyDocument) -> str:
    """What it is, in one line."""
    name = name_of(document)
    day = words.day(day_of(document))
    head = _("%(name)s of %(day)s") % {"name": name, "day": day} if day else name
    text = " ".join(part for part in (head, _where(document)) if part)
    what = _what(document)
    return f"{text}: {what}" if what else text


def name_of(document: AnyDocument) -> str:
    """ "Receipt R-77"; a status by what it tells: "Arrival" has no number of its own."""
    kind = document_name(str(document.__struct_config__.tag))
    if isinstance(document, InvoiceReceived) and document.kind == "credit":
        kind = _("Credit note")
    number = getattr(document, "number", "")
    return f"{kind} {number}".strip()


def _where(document: AnyDocument) -> str:
    supplier, place = _party(document.supplier), _party(document.ship_to)
    if isinstance(document, GoodsReceived):
        return _("at %(place)s") % {"place": place} if place else ""
    found = []
    if supplier:
        found.append(_("from %(supplier)s") % {"supplier": supplier})
    if place and not isinstance(document, InvoiceReceived):
        found.append(_("to %(place)s") % {"place": place})
    return " ".join(found)


def _party(party: Party) -> str:
    return party.name or (party.ids[0].split(":", 1)[-1] if party.ids else "")


def _what(document: AnyDocument) -> str:
    if isinstance(document, TransportStatus):
        return _status(document)
    goods = _goods(getattr(document, "lines", ()))
    if isinstance(document, InvoiceReceived) and document.total is not None:
        return ", ".join(part for part in (words.money(document.total, document.currency), goods) if part)
    return goods


def _status(document: TransportStatus) -> str:
    said = {
        "pending": _("not on its way yet"),
        "departed": _("left"),
        "in_transit": _("on its way"),
        "arrived": _("arrived"),
        "delivered": _("delivered"),
        "delayed": _("delayed"),
    }[document.status]
    return f"{said}, {document.carrier}" if document.carrier else said


def _goods(lines: Iterable[Line]) -> str:
    """ "40 CA of SKU-1051" of one item, "3 items, 140 CA" of several; units are never added up."""
    told = list(lines)
    if not told:
        return ""
    sums: dict[str, Decimal | None] = {}
    for line in told:
        before = sums.get(line.unit, Decimal(0))
        sums[line.unit] = None if before is None or line.quantity is None else before + line.quantity
    amounts = [f"{words.quantity(total)} {unit}".strip() for unit, total in sums.items() if total is not None]
    codes = list(dict.fromkeys(code for line in told if (code := item_of(line))))
    if len(codes) == 1 and len(amounts) == len(sums) == 1:
        return _("%(amount)s of %(item)s") % {"amount": amounts[0], "item": codes[0]}
    count = len(codes) or len(told)
    items = ngettext("%(count)s item", "%(count)s items", count) % {"count": count}
    return ", ".join([items, *amounts[:3]])


def item_of(line: Line) -> str:
    """The code people know an item by, ours first."""
    return line.item.buyer or line.item.vendor or line.item.gtin


def keys_in_words(document: AnyDocument) -> list[str]:
    """The numbers that it can be followed by: ASN 7764, BOL 2231, tracking 1Z9."""
    keys: Keys = keys_of(document)
    labels = {
        "asn": _("ASN"),
        "bol": _("BOL"),
        "tracking": _("tracking"),
        "supplier_order": _("supplier's order"),
        "sscc": _("carton"),
        "po": _("order"),
        "so": _("sales order"),
        "transfer": _("transfer"),
        "rma": _("return"),
    }
    own = getattr(document, "number", "")
    found = [
        f"{labels[key.scheme]} {key.value}"
        for key in (*keys.identifying, *keys.linking)
        if key.scheme in labels and not (key.scheme == "asn" and isinstance(document, ShipmentNotified))
    ]
    if isinstance(document, GoodsReceived) and document.reverses:
        found.append(_("takes back receipt %(number)s") % {"number": document.reverses})
    if isinstance(document, InvoiceReceived) and document.corrects:
        found.append(_("corrects invoice %(number)s") % {"number": document.corrects})
    told = [text for text in dict.fromkeys(found) if not own or not text.endswith(f" {own}")]
    rest = len(told) - KEYS_SHOWN
    return [*told[:KEYS_SHOWN], _("and %(count)s more") % {"count": rest}] if rest > 0 else told
