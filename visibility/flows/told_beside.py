"""Timeline lines of documents beside the life of an order: plans, lists, tenders, advice, filed ones."""

from collections.abc import Callable, Sequence
from typing import Any

from visibility.canonical.documents import (
    CataloguePublished,
    Document,
    DocumentAdvised,
    DocumentFiled,
    FreightBilled,
    Line,
    LoadTendered,
    SalesReported,
    SchedulePublished,
    StockReported,
    TenderAnswered,
    WarehouseOrder,
)
from visibility.flows import words

Own = Sequence[Line]
_SCHEDULES = {
    "planning": "planning schedule",
    "shipping": "shipping schedule",
    "production": "production sequence",
}
_VERDICTS = {
    "accepted": "accepted",
    "accepted_with_faults": "accepted with faults",
    "rejected": "refused",
}
_ANSWERS = {
    "accepted": "accepted",
    "declined": "declined",
    "conditional": "accepted with conditions",
    "cancelled": "cancelled",
}
_DOCUMENTS = {
    "order.placed": "purchase order",
    "order.changed": "purchase order change",
    "order.acknowledged": "acknowledgement",
    "shipment.notified": "ship notice",
    "goods.received": "receiving advice",
    "invoice.received": "invoice",
    "payment.status": "remittance",
    "schedule.published": "schedule",
}


def advised_name(*, about: str, number: str) -> str:
    """What an application advice speaks of: "purchase order 4500017"."""
    return f"{_DOCUMENTS.get(about, 'document')} {number}".strip()


def _lines(own: Own) -> str:
    return f"{len(own)} {'item' if len(own) == 1 else 'items'}" if own else ""


def _listed(head: str, own: Own) -> str:
    return f"{head}: {_lines(own)}" if own else head


def _numbered(word: str, number: str) -> str:
    return f"{word} {number}".strip()


def _schedule(document: SchedulePublished, own: Own) -> str:
    head = _numbered(_SCHEDULES[document.kind], document.number)
    if document.starts_on and document.ends_on:
        head += f", {words.day(document.starts_on)} to {words.day(document.ends_on)}"
    return _listed(head, own)


def _catalogue(document: CataloguePublished, own: Own) -> str:
    word = "request for a quotation" if document.kind == "quotation_asked" else "price list"
    return _listed(_numbered(word, document.number), own)


def _stock(document: StockReported, own: Own) -> str:
    return _listed(_numbered("stock report", document.number), own)


def _sales(document: SalesReported, own: Own) -> str:
    return _listed(_numbered("sales report", document.number), own)


def _tender(document: LoadTendered, own: Own) -> str:  # noqa: ARG001
    text = _numbered("load", document.number) + " offered"
    return f"{text} to {document.carrier}" if document.carrier else text


def _tender_answer(document: TenderAnswered, own: Own) -> str:  # noqa: ARG001
    text = f"{_numbered('load', document.shipment)} {_ANSWERS[document.answer]}"
    text += f" by {document.carrier}" if document.carrier else ""
    return f"{text} ({document.reason})" if document.reason else text


def _warehouse(document: WarehouseOrder, own: Own) -> str:
    head = _numbered("order to the warehouse", document.number)
    if document.ship_on:
        head += f", to ship {words.day(document.ship_on)}"
    return _listed(head, own)


def _freight(document: FreightBilled, own: Own) -> str:  # noqa: ARG001
    text = _numbered("freight bill", document.number)
    text += f" of {document.carrier}" if document.carrier else ""
    return text if document.total is None else f"{text}, {words.money(document.total, document.currency)}"


def _advice(document: DocumentAdvised, own: Own) -> str:  # noqa: ARG001
    text = f"{advised_name(about=document.about, number=document.number)} {_VERDICTS[document.verdict]}"
    text += " by the partner's application"
    return f"{text}: {document.faults[0].text}" if document.faults else text


def _filed(document: DocumentFiled, own: Own) -> str:  # noqa: ARG001
    title = document.title or document.kind
    return f"{_numbered(title, document.number)} filed"


_TELLERS: dict[type[Document], Callable[[Any, Own], str]] = {
    SchedulePublished: _schedule,
    CataloguePublished: _catalogue,
    StockReported: _stock,
    SalesReported: _sales,
    LoadTendered: _tender,
    TenderAnswered: _tender_answer,
    WarehouseOrder: _warehouse,
    FreightBilled: _freight,
    DocumentAdvised: _advice,
    DocumentFiled: _filed,
}


def beside(document: Document, own: Own) -> str:
    """One such document in a line; `own` are its lines that speak of the order."""
    return _TELLERS[type(document)](document, own)
