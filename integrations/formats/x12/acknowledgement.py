"""What is owed for an interchange: a 997 for every group received, and a TA1 for the envelope.

A set that was used in spite of a fault is told as accepted with errors (E), one that was not as rejected
(R): what is answered is what was done. Groups of acknowledgements (FA) are never acknowledged. A TA1 goes
out where the ISA asks for one (ISA14 = 1) or the envelope is at fault, and never about TA1s.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from integrations.formats.edi.findings import Finding
from integrations.formats.edi.unwritable import UnwritableError
from integrations.formats.x12.parts import Group, Interchange, InterchangeEnd
from integrations.formats.x12.sets import ACKNOWLEDGEMENT_GROUP
from integrations.formats.x12.writing import FIRST_WITH_REPETITION, X12Separators, check_separators

READABLE = X12Separators(line_end="\n")
"""What an acknowledgement is written with where nothing is agreed."""

_UNSAFE = re.compile(r"[^A-Za-z0-9 !&()+,./;?='#@%\-]")
_VERSION_WITH_AK103 = "005010"
_VERSION_WITH_CENTURY = "004"
_MAX_DETAILS = 50

# Findings about the whole set -> AK502 and on (element 718).
_SET_ERRORS: Mapping[str, str] = {
    "unsupported_set": "1",
    "missing_se": "2",
    "se_control": "3",
    "se_count": "4",
}
_SEGMENTS_IN_ERROR = "5"

# Findings about a segment -> AK304 (element 720) and AK403 (element 723).
_SEGMENT_ERRORS: Mapping[str, tuple[str, str]] = {
    "segment_id": ("1", ""),
    "ack_without_line": ("2", ""),
    "missing_segment": ("3", ""),
    "too_many_segments": ("5", ""),
    "too_many_elements": ("8", "3"),
    "segment_too_long": ("8", "5"),
    "element_too_long": ("8", "5"),
    "no_order": ("8", "1"),
    "no_invoice_number": ("8", "1"),
    "no_shipment_number": ("8", "1"),
    "no_quantity": ("8", "1"),
    "not_a_number": ("8", "6"),
    "not_a_date": ("8", "8"),
    "negative_quantity": ("8", "7"),
    "unknown_unit": ("8", "7"),
    "unknown_purpose": ("8", "7"),
    "unknown_order_type": ("8", "7"),
    "unknown_line_status": ("8", "7"),
    "unknown_acknowledgement_type": ("8", "7"),
    "hl_parent_missing": ("8", "7"),
    "hl_circular": ("8", "7"),
    "hl_repeated": ("8", "7"),
}
_OTHER_SEGMENT_ERROR = ("8", "")

# Findings about a group -> AK905 and on (element 716).
_GROUP_ERRORS: Mapping[str, str] = {"missing_ge": "3", "ge_control": "4", "ge_count": "5"}

# Findings about an interchange -> TA105 (element I18); the first in this order is the one that is told.
_INTERCHANGE_ERRORS: Mapping[str, str] = {
    "missing_iea": "023",
    "iea_control": "001",
    "iea_count": "021",
    "isa_positions": "022",
    "segment_outside": "024",
}
_NO_ERROR, _NOTHING_INSIDE = "000", "024"


@dataclass(frozen=True, slots=True)
class SetResult:
    """What became of one set: whether it was used, and everything found wrong with it."""

    code: str
    control: str
    used: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class GroupResult:
    """What became of one group. `included`: GE01 as sent."""

    group: Group
    included: str
    sets: tuple[SetResult, ...]
    findings: tuple[Finding, ...]


def write_acknowledgement(
    *,
    interchange: Interchange,
    groups: Sequence[GroupResult],
    control: int,
    moment: dt.datetime,
    separators: X12Separators = READABLE,
) -> bytes | None:
    """An interchange of 997s to the sender; None where nothing is owed.

    `control` (1 to 999999999) is our interchange control number, and that of its groups from there on.
    Separators that cannot be are not used.
    """
    owed = [
        result for result in groups if result.group.control and result.group.code != ACKNOWLEDGEMENT_GROUP
    ]
    if not owed:
        return None
    segments = [_isa(interchange, control, moment)]
    for place, result in enumerate(owed):
        segments.extend(_group(result, (control + place - 1) % 999_999_999 + 1, moment))
    segments.append(("IEA", str(len(owed)), f"{control:09d}"))
    return _write(segments, separators)


def write_interchange_acknowledgement(
    *,
    end: InterchangeEnd,
    asked_only: bool,
    control: int,
    moment: dt.datetime,
    separators: X12Separators = READABLE,
) -> bytes | None:
    """An interchange with the TA1 owed for an envelope; None where none is.

    `asked_only`: faults alone are no reason (the interchange held acknowledgements, and answers to answers
    must end somewhere). A fault is told as accepted with errors (E), since what was inside was read;
    an interchange without anything inside is rejected (R).
    """
    if end.acknowledgements:
        return None
    interchange = end.interchange
    codes = {finding.code for finding in end.findings}
    note = next((told for code, told in _INTERCHANGE_ERRORS.items() if code in codes), _NO_ERROR)
    status = "A" if note == _NO_ERROR else "E"
    if not end.groups:
        status, note = "R", note if note != _NO_ERROR else _NOTHING_INSIDE
    asked = interchange.acknowledgement_requested == "1"
    if not asked and (asked_only or status == "A"):
        return None
    about = _safe(interchange.control)[:9]
    segments = [
        _isa(interchange, control, moment),
        (
            "TA1",
            about.zfill(9),
            interchange.date if re.fullmatch("[0-9]{6}", interchange.date) else "000000",
            interchange.time if re.fullmatch("[0-9]{4}", interchange.time) else "0000",
            status,
            note,
        ),
        ("IEA", "0", f"{control:09d}"),
    ]
    return _write(segments, separators)


def _write(segments: Iterable[Sequence[str]], separators: X12Separators) -> bytes:
    """The segments as bytes. What would be read as a separator becomes a blank; the ISA names two of them."""
    isa, *rest = segments
    version = isa[12]
    try:
        check_separators(separators, version)
    except UnwritableError:
        separators = READABLE
    repetition = separators.repetition if version >= FIRST_WITH_REPETITION else "U"
    blanks = {ord(char): " " for char in separators.taken(version)}
    rows = [[*(value.translate(blanks) for value in isa[:11]), repetition, *isa[12:16], separators.component]]
    rows += [[value.translate(blanks) for value in row] for row in rest]
    element, end = separators.element, separators.segment + separators.line_end
    # Empty elements at a segment's end are left out.
    return "".join(element.join(row).rstrip(element) + end for row in rows).encode("ascii")


def _isa(interchange: Interchange, control: int, moment: dt.datetime) -> Sequence[str]:
    version = interchange.version if re.fullmatch(r"00[2-9]\d\d", interchange.version) else "00401"
    return (
        "ISA",
        "00",
        " " * 10,
        "00",
        " " * 10,
        _fixed(interchange.receiver_qualifier, 2),
        _fixed(interchange.receiver, 15),
        _fixed(interchange.sender_qualifier, 2),
        _fixed(interchange.sender, 15),
        f"{moment:%y%m%d}",
        f"{moment:%H%M}",
        "",
        version,
        f"{control:09d}",
        "0",
        interchange.usage if interchange.usage in {"P", "T", "I"} else "P",
        "",
    )


def _group(result: GroupResult, control: int, moment: dt.datetime) -> list[Sequence[str]]:
    group = result.group
    version = _safe(group.version) or "004010"
    gs = (
        "GS",
        ACKNOWLEDGEMENT_GROUP,
        _safe(group.receiver),
        _safe(group.sender),
        f"{moment:%Y%m%d}" if version >= _VERSION_WITH_CENTURY else f"{moment:%y%m%d}",
        f"{moment:%H%M}",
        str(control),
        "X",
        version,
    )
    body: list[Sequence[str]] = [("ST", "997", "0001")]
    ak1 = ["AK1", _safe(group.code), _safe(group.control)]
    if version >= _VERSION_WITH_AK103:
        ak1.append(version)
    body.append(ak1)
    statuses = []
    for one in result.sets:
        status, segments = _set(one)
        statuses.append(status)
        body.extend(segments)
    body.append(_ak9(result, statuses))
    body.append(("SE", str(len(body) + 1), "0001"))
    return [gs, *body, ("GE", "1", str(control))]


def _set(result: SetResult) -> tuple[str, list[Sequence[str]]]:
    told = [finding for finding in result.findings if _tells(finding)]
    detail = [finding for finding in told if finding.code not in _SET_ERRORS]
    segments: list[Sequence[str]] = [("AK2", _safe(result.code), _safe(result.control))]
    segments.extend(_details(detail))
    reasons = sorted({_SET_ERRORS[finding.code] for finding in told if finding.code in _SET_ERRORS})
    if detail:
        reasons.append(_SEGMENTS_IN_ERROR)
    status = "R" if not result.used else "E" if told else "A"
    if status == "R" and not reasons:
        reasons = [_SEGMENTS_IN_ERROR]
    segments.append(("AK5", status, *reasons[:5]))
    return status, segments


def _tells(finding: Finding) -> bool:
    """Whether the finding is one that a 997 can speak of: of the syntax, or what made the set unusable."""
    return finding.severity == "error" or finding.code in _SET_ERRORS or finding.code in _SEGMENT_ERRORS


def _details(findings: Iterable[Finding]) -> list[Sequence[str]]:
    """AK3 and AK4, one AK3 a segment however many of its elements are at fault."""
    ordered = sorted(findings, key=lambda finding: (finding.segment or 2, finding.element))[:_MAX_DETAILS]
    segments: list[Sequence[str]] = []
    for (place, segment_id), faults in groupby(ordered, key=lambda one: (one.segment or 2, one.segment_id)):
        of_segment = list(faults)
        kinds = [_SEGMENT_ERRORS.get(fault.code, _OTHER_SEGMENT_ERROR) for fault in of_segment]
        segments.append(("AK3", _safe(segment_id)[:3] or "ST", str(place), "", kinds[0][0]))
        for fault, (_, element_error) in zip(of_segment, kinds, strict=True):
            if fault.element and element_error:
                segments.append(("AK4", str(fault.element), "", element_error, _safe(fault.value)[:99]))
    return segments


def _ak9(result: GroupResult, statuses: Sequence[str]) -> Sequence[str]:
    accepted = sum(status != "R" for status in statuses)
    reasons = sorted({_GROUP_ERRORS[one.code] for one in result.findings if one.code in _GROUP_ERRORS})
    if statuses and not accepted:
        status = "R"
    elif accepted < len(statuses):
        status = "P"
    else:
        status = "E" if reasons or "E" in statuses else "A"
    included = result.included if result.included.isdecimal() else str(len(statuses))
    return ("AK9", status, included[:6], str(len(statuses)), str(accepted), *reasons[:5])


def _safe(value: str) -> str:
    """The value without anything that could be read as a separator."""
    return _UNSAFE.sub(" ", value).strip()


def _fixed(value: str, width: int) -> str:
    return _safe(value)[:width].ljust(width)
