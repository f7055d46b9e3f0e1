"""824, application advice: what a partner's application says of a document, beyond its syntax."""

import datetime as dt

from integrations.mappings.x12 import codes, codes_plans
from integrations.mappings.x12.common import Header, envelope_party, order_reference
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.order_parts import first_component
from visibility.canonical.bulletins import AdvisedFault, DocumentAdvised
from visibility.canonical.documents import AnyDocument, OrderRef

MAX_FAULTS = 100
_LINE_REFERENCES: tuple[str, ...] = ("LI", "FJ")


class _Advice:
    """One OTI loop while it is being read."""

    def __init__(self, reader: SetReader) -> None:
        self.verdict = reader.code(1, codes_plans.VERDICTS, "application_acknowledgement")
        self.qualifier = reader.raw(2)
        self.number = reader.identifier(3)
        group, control = reader.identifier(8), reader.identifier(9)
        self.control = f"{group}/{control}" if control else group
        self.set = reader.raw(10)
        self.line = ""
        self.references: dict[str, str] = {}
        self.faults: list[AdvisedFault] = []

    def take(self, reader: SetReader) -> None:
        tag = reader.row[0]
        if tag == "REF":
            qualifier = reader.raw(1)
            if qualifier in _LINE_REFERENCES:
                self.line = reader.identifier(2)
            else:
                self.references.setdefault(qualifier, reader.identifier(2))
        elif tag == "TED" and len(self.faults) < MAX_FAULTS:
            self.faults.append(self._fault(reader))
        elif tag == "NTE" and len(self.faults) < MAX_FAULTS and reader.text(2):
            self.faults.append(AdvisedFault(text=reader.text(2), line=self.line))

    def _fault(self, reader: SetReader) -> AdvisedFault:
        code = reader.raw(1)
        words = [reader.text(2) or codes_plans.APPLICATION_ERRORS.get(code, f"error {reader.text(1)}")]
        if reader.raw(7):
            words.append(f"({reader.text(7)})")
        if reader.raw(8):
            words.append(f"it took {reader.text(8)} instead")
        segment = f"segment {reader.text(4)} {reader.text(3)}".rstrip() if reader.raw(3) else ""
        element = f"element {first_component(reader, 5)}" if reader.raw(5) else ""
        return AdvisedFault(
            text=" ".join(words),
            code=reader.text(1),
            where=", ".join(part for part in (segment, element) if part),
            line=self.line,
        )

    def order(self, issuer: str) -> OrderRef | None:
        """The order that the advice is about, as far as it names one."""
        number = self.number if self.qualifier in codes.ORDER_REFERENCES else ""
        number = number or next(
            (self.references[kind] for kind in codes.ORDER_REFERENCES if self.references.get(kind)), ""
        )
        return order_reference(number, issuer) if number else None


def map_824(reader: SetReader) -> list[AnyDocument]:
    """A document for each OTI: what is advised of one of ours."""
    header = Header()
    loops: list[_Advice] = []
    number, issued_at = "", None
    for row in reader.rows():
        tag = row[0]
        if tag == "OTI":
            loops.append(_Advice(reader))
        elif tag == "BGN":
            number = reader.identifier(2)
            issued_at = reader.moment(3, 4, 5)
        elif loops:
            loops[-1].take(reader)
        else:
            header.take(reader)
    if not loops:
        reader.note_missing("OTI", "the advice has no OTI segment, so it speaks of no document")
        return []
    return [_advised(reader, header, loop, number, issued_at) for loop in loops]


def _advised(
    reader: SetReader, header: Header, loop: _Advice, number: str, issued_at: dt.datetime | None
) -> DocumentAdvised:
    sender = envelope_party(reader.transaction, "sender")
    receiver = envelope_party(reader.transaction, "receiver")
    # Who advises of an answer, a notice or a bill got it from his supplier; who advises of an order is one.
    buyer, supplier = (sender, receiver) if loop.set in codes_plans.SUPPLIERS_SETS else (receiver, sender)
    order = loop.order(buyer)
    about = codes_plans.ADVISED_SETS.get(loop.set, "")
    return DocumentAdvised(
        order=order,
        issued_at=issued_at,
        buyer=header.party(codes.BUYER_PARTIES, buyer),
        supplier=header.party(codes.SUPPLIER_PARTIES, supplier),
        version=number,
        about=about,
        number=order.number if order and about.startswith("order.") else loop.number,
        control=loop.control,
        # A word that nobody knows is shown to people rather than taken for a yes.
        verdict=loop.verdict or "accepted_with_faults",
        faults=tuple(loop.faults),
    )
