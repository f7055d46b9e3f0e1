"""CloudEvents 1.0 (JSON format) as the envelope of canonical documents."""

import datetime as dt
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from visibility.canonical.documents import DOCUMENT_TYPES, AnyDocument
from visibility.core import identifiers
from visibility.core.errors import InputError

Text = Annotated[str, Meta(min_length=1, max_length=500)]
_decoders: dict[str, msgspec.json.Decoder[AnyDocument]] = {
    name: msgspec.json.Decoder(kind) for name, kind in DOCUMENT_TYPES.items()
}
Name = tuple[str, str]
"""Source and id."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_anything = msgspec.json.Decoder()
_sorted = msgspec.json.Encoder(order="sorted")


class Event(Struct, frozen=True):
    """The envelope. `type` is a canonical document's ("order.placed"), with or without "throughline."."""

    id: Text
    source: Text
    type: Text
    specversion: Annotated[str, Meta(pattern=r"^1\.")] = "1.0"
    time: Annotated[dt.datetime, Meta(tz=True)] | None = None
    subject: str | None = None
    datacontenttype: str | None = None
    correlationid: Annotated[str, Meta(max_length=200)] = ""
    data: msgspec.Raw = msgspec.Raw(b"null")

    def document(self) -> AnyDocument:
        """The canonical document. InputError with a JSON pointer if it is none."""
        name = self.type.removeprefix("throughline.").removesuffix(".v1")
        decoder = _decoders.get(name)
        if decoder is None:
            raise InputError(
                "unsupported_event_type",
                f"{self.type} is no event type known here; known are: {', '.join(sorted(_decoders))}.",
                "/type",
            )
        try:
            return decoder.decode(self.data)
        except msgspec.DecodeError as error:
            text, where = split_error(error)
            raise InputError("invalid_event", text, f"/data{where}") from error


_event = msgspec.json.Decoder(Event)
_list = msgspec.json.Decoder(list[msgspec.Raw])


def identity_of(*, company_id: int, source: str, event_id: str) -> UUID:
    """CloudEvents say source + id is identity; here, within a company."""
    return identifiers.digest(b"event", str(company_id).encode(), source.encode(), event_id.encode())


def event_identity(*, company_id: int, event: Event) -> UUID:
    """The identity of an event as it came."""
    return identity_of(company_id=company_id, source=event.source, event_id=event.id)


def digest_of(raw: bytes | msgspec.Raw) -> UUID:
    """Of an event as it was sent, to the byte."""
    return identifiers.digest(bytes(raw))


def says_the_same(
    *, raw: bytes | msgspec.Raw, digest: UUID, before: UUID, event: bytes | msgspec.Raw | None
) -> bool:
    """Whether an event says what was told before under its source and id.

    `digest` and `before` are of the bytes of both, `event` is the former one where it is known. Where the
    bytes differ, both are compared whatever their spacing and the order of their names.
    """
    if digest == before:
        return True
    try:
        said = _sorted.encode(_anything.decode(raw))
        # Digests were of this before they were of the bytes.
        return identifiers.digest(said) == before or (
            event is not None and _sorted.encode(_anything.decode(event)) == said
        )
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def events_of(message: bytes) -> dict[Name, msgspec.Raw]:
    """The events of a message as they were sent, by source and id; of several tellings the first."""
    body = message.removeprefix(BYTE_ORDER_MARK)
    found: dict[Name, msgspec.Raw] = {}
    try:
        for raw in _list.decode(body) if body.lstrip()[:1] == b"[" else [msgspec.Raw(body)]:
            try:
                event = _event.decode(raw)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                continue
            found.setdefault((event.source, event.id), raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass  # no batch of events: it tells none
    return found


def split_error(error: Exception) -> tuple[str, str]:
    """msgspec's message as (text, JSON pointer): "… - at `$.lines[0].quantity`"."""
    text, _, path = str(error).partition(" - at `$")
    pointer = path.rstrip("`").replace("[...]", "").replace("[", "/").replace("]", "").replace(".", "/")
    return text, pointer
