"""The CONTRL owed for an interchange: what became of it, and of every message in it.

It is written where the interchange asks for one (UNB 0031 = 1) and holds anything but CONTRL messages,
which are never acknowledged. A message that was used is acknowledged (action 7) with its faults noted, one
that was not is rejected (4): what is answered is what was done. Action and error codes: ISO 9735-4,
elements 0083 and 0085.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from integrations.formats.edi.findings import Finding
from integrations.formats.edifact.parts import Interchange, Message
from integrations.formats.edifact.writing import (
    EdifactEnvelope,
    EdifactMessage,
    EdifactSeparators,
    Segment,
    write_interchange,
)

IDENTIFIER = ("CONTRL", "D", "3", "UN")
_ACKNOWLEDGED, _REJECTED = "7", "4"
_MAX_DETAILS = 50

# Findings about a whole message -> 0085 and the service segment at fault.
_MESSAGE_ERRORS: Mapping[str, tuple[str, str]] = {
    "missing_unt": ("13", "UNT"),
    "unt_control": ("28", "UNT"),
    "unt_count": ("29", "UNT"),
    "control_reused": ("26", "UNH"),
    "unsupported_message": ("14", "UNH"),
}

# Findings about a segment or an element -> 0085.
_ELEMENT_ERRORS: Mapping[str, str] = {
    "missing_segment": "13",
    "no_order": "13",
    "no_invoice_number": "13",
    "no_shipment_number": "13",
    "no_quantity": "13",
    "segment_id": "15",
    "too_many_elements": "16",
    "segment_too_long": "39",
    "element_too_long": "39",
    "too_many_segments": "35",
    "not_a_number": "37",
    "not_a_date": "12",
    "negative_quantity": "12",
}
_OTHER_ERROR, _INVALID = "18", "12"

# Findings about the interchange -> 0085 and the service segment at fault; the first is told.
_INTERCHANGE_ERRORS: Mapping[str, tuple[str, str]] = {
    "missing_unz": ("13", "UNZ"),
    "unz_control": ("28", "UNZ"),
    "unz_count": ("29", "UNZ"),
}
_EMPTY = "32"
_UNTOLD = "0"
"""Stands in a mandatory element for what the message did not say of itself."""


@dataclass(frozen=True, slots=True)
class MessageResult:
    """What became of one message: whether it was used, and everything found wrong with it."""

    message: Message
    used: bool
    findings: tuple[Finding, ...]


def write_contrl(
    *,
    interchange: Interchange,
    results: Sequence[MessageResult],
    control: int,
    moment: dt.datetime,
    findings: Iterable[Finding] = (),
) -> bytes | None:
    """An interchange with one CONTRL to the sender; None where none is owed.

    `findings` are those of the interchange itself, `control` (of up to 14 digits) is our reference.
    """
    told = [one for one in results if one.message.code != "CONTRL"]
    if not interchange.acknowledgement_requested or (results and not told):
        return None
    segments: list[Segment] = [_interchange(interchange, findings, empty=not results)]
    for one in told:
        segments.extend(_message(one))
    envelope = EdifactEnvelope(
        separators=EdifactSeparators(line_end="\n"),
        sender=_id(interchange.receiver, 35) or _UNTOLD,
        sender_qualifier=_id(interchange.receiver_qualifier, 4),
        receiver=_id(interchange.sender, 35) or _UNTOLD,
        receiver_qualifier=_id(interchange.sender_qualifier, 4),
        interchange_control=control,
        message_control=1,
        moment=moment,
        test=interchange.test,
    )
    return write_interchange(
        envelope=envelope, messages=[EdifactMessage(identifier=IDENTIFIER, segments=segments)]
    )


def _interchange(interchange: Interchange, findings: Iterable[Finding], *, empty: bool) -> Segment:
    codes = {finding.code for finding in findings}
    faults = [error for code, error in _INTERCHANGE_ERRORS.items() if code in codes]
    error, tag = faults[0] if faults else ("", "")
    return (
        "UCI",
        _id(interchange.control, 14) or _UNTOLD,
        (_id(interchange.sender, 35), _id(interchange.sender_qualifier, 4)),
        (_id(interchange.receiver, 35), _id(interchange.receiver_qualifier, 4)),
        _REJECTED if empty else _ACKNOWLEDGED,
        error or (_EMPTY if empty else ""),
        tag,
    )


def _message(result: MessageResult) -> Iterator[Segment]:
    message = result.message
    told = [finding for finding in result.findings if _tells(finding)]
    whole = next((_MESSAGE_ERRORS[one.code] for one in told if one.code in _MESSAGE_ERRORS), ("", ""))
    detail = [finding for finding in told if finding.code not in _MESSAGE_ERRORS and finding.segment]
    if not result.used and not whole[0]:
        whole = (_INVALID if detail else _OTHER_ERROR, "")
    identifier = (
        *(
            _id(value, longest) or _UNTOLD
            for value, longest in (
                (message.code, 6),
                (message.version, 3),
                (message.release, 3),
                (message.agency, 2),
            )
        ),
        _id(message.association, 6),
    )
    yield (
        "UCM",
        _id(message.control, 14) or _UNTOLD,
        identifier,
        _ACKNOWLEDGED if result.used else _REJECTED,
        *whole,
    )
    yield from _details(detail)


def _tells(finding: Finding) -> bool:
    known = finding.code in _MESSAGE_ERRORS or finding.code in _ELEMENT_ERRORS
    return finding.severity == "error" or (known and finding.severity == "warning")


def _details(findings: Iterable[Finding]) -> Iterator[Segment]:
    """UCS and UCD: a segment is counted from UNH as 1, an element from the tag as 1."""
    ordered = sorted(findings, key=lambda finding: (finding.segment, finding.element))[:_MAX_DETAILS]
    for place, faults in groupby(ordered, key=lambda one: one.segment):
        of_segment = list(faults)
        alone = [fault for fault in of_segment if not fault.element]
        yield ("UCS", str(place), _ELEMENT_ERRORS.get(alone[0].code, _OTHER_ERROR) if alone else "")
        for fault in of_segment:
            if fault.element:
                yield "UCD", _ELEMENT_ERRORS.get(fault.code, _INVALID), (str(fault.element + 1),)


def _id(value: str, longest: int) -> str:
    """The value as it can be told back: without what no character set has."""
    plain = "".join(char if char.isascii() and char.isprintable() else " " for char in value)
    return plain[:longest].strip()
