"""APERAK, application's answer: what a partner's application says of a document that it got."""

from typing import Literal

from integrations.mappings.edifact import codes
from integrations.mappings.edifact.common import (
    Beginning,
    Gathered,
    envelope_party,
    issued_at,
    order_reference,
)
from integrations.mappings.edifact.reader import MessageReader
from visibility.canonical.bulletins import AdvisedFault
from visibility.canonical.documents import AnyDocument, DocumentAdvised

Verdict = Literal["accepted", "accepted_with_faults", "rejected"]
_MOST_FAULTS = 50
# 1153: which of our documents a reference is the number of.
_ABOUT = {
    "ON": "order.placed",
    "POR": "order.acknowledged",
    "VN": "order.acknowledged",
    "AAK": "shipment.notified",
    "DQ": "shipment.notified",
    "ALO": "goods.received",
    "IV": "invoice.received",
    "AAN": "schedule.published",
    "PL": "catalogue.published",
    "ACW": "",
    "ACE": "",
    "AGO": "",
    "TN": "",
}
_REFUSALS = frozenset({"27", "10", "12"})
_ERROR_MESSAGE = "313"


def map_aperak(reader: MessageReader) -> list[AnyDocument]:
    """The advice. What it is about is the first reference that names a document."""
    header, faults = Gathered(), list[AdvisedFault]()
    beginning: Beginning | None = None
    for tag in reader.rows(1):
        if tag == "BGM":
            beginning = beginning or Beginning(reader)
        elif tag == "ERC":
            code = reader.text(1)
            if len(faults) < _MOST_FAULTS:
                faults.append(AdvisedFault(text=f"application error {code}" if code else "", code=code))
        elif tag == "FTX" and faults:
            faults[-1] = _told(reader, faults[-1])
        elif tag == "RFF" and faults:
            faults[-1] = _placed(reader, faults[-1])
        else:
            header.take(reader, tag)
    if beginning is None:
        reader.note_missing("BGM", "the advice has no BGM segment, so it has no number")
        return []
    return [_advised(reader, beginning, header, faults)]


def _told(reader: MessageReader, fault: AdvisedFault) -> AdvisedFault:
    """The fault in the sender's words, in place of the code alone."""
    words = " ".join(text for at in range(5) if (text := reader.text(4, at))) or reader.text(3)
    if not words:
        return fault
    first = fault.text == f"application error {fault.code}" or not fault.text
    text = words if first else f"{fault.text} {words}"
    return AdvisedFault(text=text[:512], code=fault.code, where=fault.where, line=fault.line)


def _placed(reader: MessageReader, fault: AdvisedFault) -> AdvisedFault:
    where = f"{reader.text(1)} {reader.text(1, 1)}".strip()
    line = reader.text(1, 1) if reader.raw(1) == "LI" else reader.text(1, 2)
    return AdvisedFault(text=fault.text, code=fault.code, where=fault.where or where, line=fault.line or line)


def _advised(
    reader: MessageReader, beginning: Beginning, header: Gathered, faults: list[AdvisedFault]
) -> DocumentAdvised:
    about = next((kind for kind in _ABOUT if kind in header.references), "")
    number = header.reference((about,)) if about else ""
    order = header.reference(codes.ORDER_REFERENCES)
    sender = envelope_party(reader.message, "sender")
    receiver = envelope_party(reader.message, "receiver")
    return DocumentAdvised(
        order=order_reference(order, receiver) if order else None,
        issued_at=issued_at(header),
        buyer=header.party(codes.BUYER_PARTIES, receiver),
        supplier=header.party(codes.SUPPLIER_PARTIES, sender),
        units="rec20",
        version=beginning.number,
        about=_ABOUT.get(about, ""),
        number=number,
        control=header.reference(("TN",)),
        verdict=_verdict(beginning, faults),
        faults=tuple(faults),
    )


def _verdict(beginning: Beginning, faults: list[AdvisedFault]) -> Verdict:
    """As the message says it itself; an error without such a word is a fault of what may have been taken."""
    if beginning.name == _ERROR_MESSAGE or beginning.response == "RE" or beginning.function in _REFUSALS:
        return "rejected"
    if faults:
        return "accepted_with_faults"
    return "accepted"
