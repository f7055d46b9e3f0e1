"""Canonical documents to X12: the writer that settings name for the syntax "x12"."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from integrations.formats.edi.unwritable import UnwritableError
from integrations.formats.x12.sets import TRANSACTION_SETS
from integrations.formats.x12.writing import (
    X12Envelope,
    X12Separators,
    X12Set,
    check_envelope,
    write_interchange,
)
from integrations.mappings.x12.write_850 import write_850
from integrations.mappings.x12.write_860 import write_860
from integrations.mappings.x12.write_861 import write_861
from integrations.mappings.x12.write_940 import write_940
from integrations.mappings.x12.writing import Row, X12Fields
from visibility.canonical.documents import AnyDocument
from visibility.core.errors import InputError
from visibility.inbox.ports import OutgoingEnvelope

SetWriter = Callable[[Any, X12Fields, tuple[str, ...]], list[Row]]


class _Written(NamedTuple):
    code: str
    write: SetWriter


WRITERS: Mapping[str, _Written] = {
    "order.placed": _Written("850", write_850),
    "order.changed": _Written("860", write_860),
    "goods.received": _Written("861", write_861),
    "warehouse.shipping_ordered": _Written("940", write_940),
}
"""By canonical type, the set it becomes: one line a set."""


class X12Writer:
    """One interchange of one group: a set for every document, in their order."""

    @property
    def kinds(self) -> Mapping[str, str]:
        """Which documents are written, and as which set."""
        return {kind: written.code for kind, written in WRITERS.items()}

    def write(self, *, documents: tuple[AnyDocument, ...], envelope: OutgoingEnvelope) -> bytes:
        """The interchange. InputError, located, for what cannot be written."""
        written = _writer_of(documents)
        frame = _frame(envelope, TRANSACTION_SETS[written.code][0])
        try:
            check_envelope(frame, sets=len(documents))
            sets = [
                X12Set(code=written.code, segments=_segments(written.write, document, envelope, frame, place))
                for document, place in zip(documents, _places(documents), strict=True)
            ]
            return write_interchange(envelope=frame, sets=sets)
        except UnwritableError as error:
            raise InputError(error.code, f"{error.where}: {error.text}", error.where) from error


def _writer_of(documents: tuple[AnyDocument, ...]) -> _Written:
    kinds = {str(type(document).__struct_config__.tag) for document in documents}
    if len(kinds) != 1:
        raise InputError("one_kind", "an interchange holds documents of one kind, and at least one")
    kind = kinds.pop()
    if kind not in WRITERS:
        known = ", ".join(sorted(WRITERS))
        raise InputError("not_written", f"{kind} cannot be written as X12; these can: {known}")
    return WRITERS[kind]


def _places(documents: tuple[AnyDocument, ...]) -> list[str]:
    """What names a document in an error: nothing, where there is only one."""
    return [""] if len(documents) == 1 else [f"/{number}" for number in range(len(documents))]


def _frame(envelope: OutgoingEnvelope, group_code: str) -> X12Envelope:
    marks = envelope.separators
    return X12Envelope(
        separators=X12Separators(
            element=marks.element,
            component=marks.component,
            segment=marks.segment,
            repetition=marks.repetition,
            line_end=marks.line_end,
        ),
        group_code=group_code,
        version=envelope.version,
        sender_qualifier=envelope.sender_qualifier,
        sender=envelope.sender,
        receiver_qualifier=envelope.receiver_qualifier,
        receiver=envelope.receiver,
        group_sender=envelope.group_sender or envelope.sender,
        group_receiver=envelope.group_receiver or envelope.receiver,
        interchange_control=envelope.interchange_control,
        group_control=envelope.group_control,
        set_control=envelope.set_control,
        moment=envelope.moment,
        test=envelope.usage == "test",
        acknowledgement_requested=envelope.acknowledgement_requested,
    )


def _segments(
    write: SetWriter, document: AnyDocument, envelope: OutgoingEnvelope, frame: X12Envelope, place: str
) -> list[Row]:
    fields = X12Fields(
        version=envelope.version,
        taken=frame.separators.taken(frame.interchange_version),
        codes=envelope.codes,
        place=place,
    )
    ids = (
        f"{envelope.sender_qualifier}:{envelope.sender}",
        f"{envelope.receiver_qualifier}:{envelope.receiver}",
    )
    return write(document, fields, ids)
