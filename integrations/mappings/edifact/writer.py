"""Canonical documents to EDIFACT: the writer that settings name for the syntax "edifact"."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from integrations.formats.edi.unwritable import UnwritableError
from integrations.formats.edifact.writing import (
    CHARSETS,
    EdifactEnvelope,
    EdifactMessage,
    EdifactSeparators,
    Segment,
    write_interchange,
)
from integrations.mappings.edifact.write_ordchg import write_ordchg
from integrations.mappings.edifact.write_orders import write_orders
from integrations.mappings.edifact.write_recadv import write_recadv
from integrations.mappings.edifact.writing import EdifactFields
from visibility.canonical.documents import AnyDocument
from visibility.core.errors import InputError
from visibility.inbox.ports import OutgoingEnvelope, Separators

MessageWriter = Callable[[Any, EdifactFields, tuple[str, ...]], list[Segment]]
SYNTAX = "UNOC"


class _Written(NamedTuple):
    code: str
    write: MessageWriter


WRITERS: Mapping[str, _Written] = {
    "order.placed": _Written("ORDERS", write_orders),
    "order.changed": _Written("ORDCHG", write_ordchg),
    "goods.received": _Written("RECADV", write_recadv),
}
"""By canonical type, the message it becomes: one line a message."""


class EdifactWriter:
    """One interchange: a message for every document, in their order. The character set is UNOC (latin-1)."""

    @property
    def kinds(self) -> Mapping[str, str]:
        """Which documents are written, and as which message."""
        return {kind: written.code for kind, written in WRITERS.items()}

    def write(self, *, documents: tuple[AnyDocument, ...], envelope: OutgoingEnvelope) -> bytes:
        """The interchange. InputError, located, for what cannot be written."""
        written = _writer_of(documents)
        frame = _frame(envelope)
        identifier = (written.code, *(part for part in envelope.version.split(":") if part))
        places = [""] if len(documents) == 1 else [f"/{number}" for number in range(len(documents))]
        try:
            messages = [
                EdifactMessage(
                    identifier=identifier, segments=_segments(written.write, document, envelope, place)
                )
                for document, place in zip(documents, places, strict=True)
            ]
            return write_interchange(envelope=frame, messages=messages)
        except UnwritableError as error:
            raise InputError(error.code, f"{error.where}: {error.text}", error.where) from error


def _writer_of(documents: tuple[AnyDocument, ...]) -> _Written:
    kinds = {str(type(document).__struct_config__.tag) for document in documents}
    if len(kinds) != 1:
        raise InputError("one_kind", "an interchange holds documents of one kind, and at least one")
    kind = kinds.pop()
    if kind not in WRITERS:
        known = ", ".join(sorted(WRITERS))
        raise InputError("not_written", f"{kind} cannot be written as EDIFACT; these can: {known}")
    return WRITERS[kind]


def _frame(envelope: OutgoingEnvelope) -> EdifactEnvelope:
    return EdifactEnvelope(
        separators=_separators(envelope.separators),
        sender=envelope.sender,
        sender_qualifier=envelope.sender_qualifier,
        receiver=envelope.receiver,
        receiver_qualifier=envelope.receiver_qualifier,
        interchange_control=envelope.interchange_control,
        message_control=envelope.set_control,
        moment=envelope.moment,
        syntax=SYNTAX,
        test=envelope.usage == "test",
        acknowledgement_requested=envelope.acknowledgement_requested,
    )


def _separators(marks: Separators) -> EdifactSeparators:
    """Those of the envelope; where nothing was agreed they are X12's, and EDIFACT's own are taken."""
    if marks == Separators(line_end=marks.line_end):
        return EdifactSeparators(line_end=marks.line_end)
    return EdifactSeparators(
        component=marks.component,
        element=marks.element,
        decimal=marks.decimal,
        release=marks.release,
        segment=marks.segment,
        line_end=marks.line_end,
    )


def _segments(
    write: MessageWriter, document: AnyDocument, envelope: OutgoingEnvelope, place: str
) -> list[Segment]:
    parts = envelope.version.split(":")
    fields = EdifactFields(
        release=parts[1] if len(parts) > 1 else "",
        charset=CHARSETS[SYNTAX],
        decimal=_separators(envelope.separators).decimal,
        codes=envelope.codes,
        place=place,
    )
    ids = (
        f"{envelope.sender_qualifier}:{envelope.sender}",
        f"{envelope.receiver_qualifier}:{envelope.receiver}",
    )
    return write(document, fields, ids)
