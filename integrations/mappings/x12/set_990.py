"""990, response to a load tender: whether the carrier takes the load."""

from integrations.mappings.x12 import codes
from integrations.mappings.x12 import codes_logistics as logistic
from integrations.mappings.x12.common import Header, envelope_party
from integrations.mappings.x12.notes import SetReader
from visibility.canonical.documents import AnyDocument, Party, TenderAnswered


class _Answer:
    """The answer while it is being read."""

    def __init__(self) -> None:
        self.found = False
        self.document = TenderAnswered()
        self.header = Header()
        self.word: logistic.TenderWord | None = None
        self.event: logistic.TenderWord | None = None
        self.reasons: list[str] = []

    def take(self, reader: SetReader) -> None:
        """Keep what the present segment says."""
        tag = reader.row[0]
        if tag == "B1":
            self.found = True
            self.document = TenderAnswered(
                carrier=reader.text(1), shipment=reader.identifier(2), issued_at=reader.moment(3, 0)
            )
            self.word = reader.code(4, logistic.TENDER_WORDS, "tender_answer")
            if not self.document.shipment:
                reader.note(
                    "error", "no_shipment_number", "B102 is empty: it is not said which load it is", 2
                )
        elif tag == "V9":
            self.event = self.event or logistic.TENDER_EVENTS.get(reader.raw(1))
            reason = reader.text(8)
            if reason:
                self.reasons.append(logistic.TENDER_REASONS.get(reason, f"reason {reason}"))
        elif tag == "K1":
            self.reasons += [text for text in (reader.text(1), reader.text(2)) if text]
        else:
            self.header.take(reader)


def map_990(reader: SetReader) -> list[AnyDocument]:
    """The carrier's answer. One that says neither yes nor no is an error: a guess could lose the load."""
    answer = _Answer()
    for _ in reader.rows():
        answer.take(reader)
    if not answer.found:
        reader.note_missing("B1", "the answer to the tender has no B1 segment, so it names no load")
        return []
    word = answer.word or answer.event
    if word is None:
        text = "the answer says neither that the load is taken nor that it is not (B104, V901)"
        reader.note_missing("B1", text, "no_answer")
        return []
    told, header = answer.document, answer.header
    return [
        TenderAnswered(
            issued_at=told.issued_at,
            buyer=Party(ids=(envelope_party(reader.transaction, "receiver"),)),
            supplier=Party(ids=(envelope_party(reader.transaction, "sender"),)),
            shipment=told.shipment,
            carrier=told.carrier,
            bill_of_lading=header.reference(codes.BILL_OF_LADING_REFERENCES),
            answer=word,
            reason="; ".join(dict.fromkeys(answer.reasons))[:250],
        )
    ]
