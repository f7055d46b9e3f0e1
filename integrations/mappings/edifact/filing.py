"""Messages that no mapping reads, and messages that a partner is not to send."""

from integrations.mappings.edi.texts import read_text
from integrations.mappings.edifact.common import Beginning, envelope_moment, envelope_party
from integrations.mappings.edifact.reader import MessageReader
from integrations.mappings.edifact.types import MESSAGE_TYPES
from visibility.canonical.documents import AnyDocument, DocumentFiled, Party

MAX_REFERENCES = 20


def check_standing(reader: MessageReader) -> None:
    """An error where it is agreed that the partner never sends this message, as of the envelope's day."""
    profile, message = reader.profile, reader.message
    if not profile.sets:
        return
    moment = envelope_moment(message, profile.time_zone)
    agreed = profile.standing_of(read_text(message.code), moment.date()) if moment else None
    if agreed is not None and agreed.standing == "never":
        _take_first(reader)
        text = (
            f"by its profile {profile.partner or 'this partner'} never sends a {read_text(message.code)}"
            "; change the profile, or ask the partner why it came"
        )
        reader.note("error", "set_not_agreed", text, 2)


def file_unmapped(reader: MessageReader) -> list[AnyDocument]:
    """A message of the directories without a mapping."""
    code = read_text(reader.message.code)
    return file_message(reader, f"a {code} ({MESSAGE_TYPES[reader.message.code]}), which no mapping reads")


def file_message(reader: MessageReader, what: str) -> list[AnyDocument]:
    """Filed with its number and references; nothing follows. A warning says what it is."""
    message = reader.message
    code = read_text(message.code)
    references: dict[str, None] = {}
    number = ""
    for tag in reader.rows(1):
        if tag == "BGM" and not number:
            number = Beginning(reader).number
        elif tag == "RFF" and len(references) < MAX_REFERENCES and reader.raw(1, 1):
            references[f"{reader.text(1)}:{reader.text(1, 1)}"] = None
    _take_first(reader)
    reader.note("warning", "filed", f"this is {what}: it was filed, nothing follows", 2)
    return [
        DocumentFiled(
            kind=f"edifact:{code}",
            title=MESSAGE_TYPES.get(message.code, ""),
            number=number,
            references=tuple(references),
            buyer=Party(ids=(envelope_party(message, "receiver"),)),
            supplier=Party(ids=(envelope_party(message, "sender"),)),
        )
    ]


def refuse_message(reader: MessageReader) -> list[AnyDocument]:
    """A message type the directories do not know."""
    _take_first(reader)
    code = read_text(reader.message.code)[:20]
    text = f"{code!r} is no message type that is known here; correct the UNH, or have a mapping added"
    reader.note("error", "unsupported_set", text, 2)
    return []


def _take_first(reader: MessageReader) -> None:
    reader.position, reader.row = 0, reader.message.row(0)
