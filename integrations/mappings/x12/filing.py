"""Sets that no mapping reads, and sets that a partner is not to send."""

from integrations.formats.x12.sets import TRANSACTION_SETS
from integrations.mappings.x12.common import envelope_moment, envelope_party
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.values import read_text
from visibility.canonical.documents import AnyDocument, DocumentFiled, Party

MAX_REFERENCES = 20
_REFERENCES = {"REF": (1, 2), "N9": (1, 2), "L11": (2, 1), "PRF": (0, 1)}


def check_standing(reader: SetReader) -> None:
    """An error where it is agreed that the partner never sends this set, as of the envelope's day."""
    profile, transaction = reader.profile, reader.transaction
    if not profile.sets:
        return
    moment = envelope_moment(transaction, profile.time_zone)
    agreed = profile.standing_of(read_text(transaction.code), moment.date()) if moment else None
    if agreed is not None and agreed.standing == "never":
        _take(reader, 0)
        text = (
            f"by its profile {profile.partner or 'this partner'} never sends a {read_text(transaction.code)}"
            "; change the profile, or ask the partner why it came"
        )
        reader.note("error", "set_not_agreed", text, 1)


def file_set(reader: SetReader) -> list[AnyDocument]:
    """A set of the standard without a mapping: filed with its number and references; nothing follows."""
    transaction = reader.transaction
    title = TRANSACTION_SETS[transaction.code][1]
    references: dict[str, None] = {}
    number = ""
    for row in reader.rows(1):
        kind, value = _REFERENCES.get(row[0], (0, 0))
        if reader.position == 1 and row[0] not in _REFERENCES:
            number = _number(reader)
        elif value and len(references) < MAX_REFERENCES and reader.raw(value):
            qualifier = reader.raw(kind) if kind else "PO"
            references[f"{read_text(qualifier)}:{reader.text(value)}"] = None
    _take(reader, 0)
    text = f"this is a {transaction.code} ({title}), which no mapping reads: it was filed, nothing follows"
    reader.note("warning", "filed", text, 1)
    return [
        DocumentFiled(
            kind=f"x12:{transaction.code}",
            title=title,
            number=number,
            references=tuple(references),
            buyer=Party(ids=(envelope_party(transaction, "receiver"),)),
            supplier=Party(ids=(envelope_party(transaction, "sender"),)),
        )
    ]


def refuse_set(reader: SetReader) -> list[AnyDocument]:
    """A set the standard does not know."""
    _take(reader, 0)
    code = read_text(reader.transaction.code)[:20]
    text = f"{code!r} is no transaction set that is known here; correct ST01, or have a mapping for it added"
    reader.note("error", "unsupported_set", text, 1)
    return []


def _number(reader: SetReader) -> str:
    """The set's own number: the first element of its beginning segment that is longer than a code."""
    return next((text for at in range(1, 5) if len(text := reader.text(at)) > 2), "")[:80]


def _take(reader: SetReader, position: int) -> None:
    reader.position, reader.row = position, reader.transaction.row(position)
