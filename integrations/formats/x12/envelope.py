"""One interchange: segments cut out of the text, groups and sets told apart, counts and controls compared."""

from collections.abc import Iterator

from integrations.formats.edi.findings import Finding, FindingList, Severity
from integrations.formats.edi.limits import (
    MAX_ELEMENTS,
    MAX_FINDINGS,
    MAX_SEGMENT,
    MAX_SEGMENTS_PER_SET,
    WINDOW,
)
from integrations.formats.x12.delimiters import BLANKS, Header
from integrations.formats.x12.hierarchy import HlSegment, build_hierarchy
from integrations.formats.x12.parts import Group, GroupEnd, Interchange, InterchangeEnd, Part, TransactionSet
from integrations.formats.x12.sets import TRANSACTION_SETS

_ENVELOPE = frozenset({"ST", "SE", "GS", "GE", "IEA", "TA1", "ISA"})
_LONG_ENOUGH_TO_COUNT = 2 * MAX_ELEMENTS


class InterchangeReader:
    """Reads one interchange, once."""

    def __init__(self, *, text: str, header: Header, end: int) -> None:
        self._text = text
        self._header = header
        self._end = end
        self._interchange = _interchange(header)
        self._separator = header.delimiters.element
        self._findings = FindingList(header.findings)
        self._group: Group | None = None
        self._group_findings = FindingList()
        self._set: TransactionSet | None = None
        self._loops: list[int] = []
        self._controls: set[str] = set()
        self._groups = 0
        self._received = 0
        self._ta1 = 0
        self._answers: list[tuple[str, ...]] = []
        self._ordinal = 1
        self._offset = header.offset
        self._trailer: list[str] | None = None

    def read(self) -> Iterator[Part]:
        """The sets, group ends and at last the interchange's end."""
        separator = self._separator
        known_tags: set[str] = set()
        for offset, segment in self._segments():
            self._ordinal += 1
            tag = segment[:4].partition(separator)[0]
            if tag in _ENVELOPE:
                self._offset = offset
                yield from self._envelope_segment(tag, segment.split(separator))
                continue
            current = self._set
            if current is None:
                self._offset = offset
                self._stray(tag)
                continue
            if len(current.segments) >= MAX_SEGMENTS_PER_SET:
                self._set_fault("error", "too_many_segments", "the set has too many segments", tag)
                continue
            current.segments.append(segment)
            current.offsets.append(offset)
            if tag == "HL":
                self._loops.append(len(current.segments) - 1)
            elif tag not in known_tags:
                if 2 <= len(tag) <= 3 and tag.isascii() and tag.isalnum() and tag.isupper():
                    known_tags.add(tag)
                else:
                    self._set_fault("warning", "segment_id", f"{tag!r} cannot be a segment's name", tag[:3])
            if len(segment) > _LONG_ENOUGH_TO_COUNT:
                self._check_length(current, segment, tag)
        yield from self._finish()

    def _segments(self) -> Iterator[tuple[int, str]]:
        """Where each segment begins and its text, blanks around it and line breaks within it gone."""
        text, end = self._text, self._end
        terminator = self._header.delimiters.segment
        width = len(terminator)
        position = self._header.end
        while position < end:
            stop = text.find(terminator, min(position + WINDOW, end), end)
            stop = end if stop < 0 else stop
            for raw in text[position:stop].split(terminator):
                segment = raw.strip(BLANKS)
                if segment:
                    if "\n" in segment or "\r" in segment:
                        # Lines wrapped at a fixed width cut elements in two.
                        segment = segment.replace("\r", "").replace("\n", "")
                    yield position + (raw.find(segment[0]) if raw[0] != segment[0] else 0), segment
                position += len(raw) + width

    def _envelope_segment(self, tag: str, row: list[str]) -> Iterator[Part]:
        if tag == "ST":
            yield from self._close_set(None)
            self._open_set(row)
        elif tag == "SE":
            yield from self._close_set(row)
        elif tag == "GS":
            yield from self._close_group(None)
            self._open_group(row)
        elif tag == "GE":
            yield from self._close_group(row)
        elif tag == "IEA":
            yield from self._close_group(None)
            self._trailer = row
        elif tag == "TA1":
            self._ta1 += 1
            if len(self._answers) < MAX_FINDINGS:
                self._answers.append(tuple(row))
        else:
            self._stray(tag)

    def _open_group(self, row: list[str]) -> None:
        element = [_element(row, number) for number in range(9)]
        self._groups += 1
        self._received = 0
        self._controls = set()
        self._group_findings = FindingList()
        self._group = Group(
            interchange=self._interchange,
            code=element[1],
            sender=element[2],
            receiver=element[3],
            date=element[4],
            time=element[5],
            control=element[6],
            agency=element[7],
            version=element[8],
            offset=self._offset,
        )
        if len(row) < 9:
            self._group_fault("warning", "gs_elements", f"the GS has {len(row) - 1} of its 8 elements", "GS")

    def _open_set(self, row: list[str]) -> None:
        if self._group is None:
            self._open_group([])
            self._groups -= 1
            self._group_findings = FindingList()
            self._group_fault("warning", "missing_gs", "a transaction set stands outside of any group", "ST")
        assert self._group is not None
        code, control = _element(row, 1), _element(row, 2)
        self._received += 1
        self._loops = []
        self._set = TransactionSet(group=self._group, code=code, control=control)
        self._set.segments.append(self._separator.join(row))
        self._set.offsets.append(self._offset)
        expected = TRANSACTION_SETS.get(code, ("", ""))[0]
        if expected and self._group.code and expected != self._group.code:
            text = f"a {code} came in a group of {self._group.code}; it belongs in {expected}"
            self._set_fault("warning", "group_code", text, "ST", element=1, value=code)
        if control in self._controls:
            text = f"ST02 {control} was used before in this group"
            self._set_fault("warning", "control_reused", text, "ST", element=2, value=control)
        self._controls.add(control)

    def _close_set(self, row: list[str] | None) -> Iterator[Part]:
        current = self._set
        if current is None:
            if row is not None:
                self._stray("SE")
            return
        self._set = None
        if row is None:
            tag = current.segments[-1].partition(self._separator)[0][:3]
            self._add(current, "error", "missing_se", "the set is cut off: it has no SE", tag)
        else:
            current.segments.append(self._separator.join(row))
            current.offsets.append(self._offset)
            self._check_trailer(current, row)
        if self._loops:
            self._build_tree(current, trailer=row is not None)
        yield current

    def _check_trailer(self, current: TransactionSet, row: list[str]) -> None:
        count, control = _element(row, 1), _element(row, 2)
        actual = len(current.segments)
        if not _same_number(count, str(actual)):
            text = f"SE01 counts {count or 'no'} segments, the set has {actual}"
            self._add(current, "warning", "se_count", text, "SE", element=1, value=count)
        if not _same_number(control, current.control):
            text = f"SE02 is {control!r}, ST02 is {current.control!r}"
            self._add(current, "warning", "se_control", text, "SE", element=2, value=control)

    def _build_tree(self, current: TransactionSet, *, trailer: bool) -> None:
        separator, segments, offsets = self._separator, current.segments, current.offsets
        nodes = []
        for position in self._loops:
            _, number, parent, level, *_ = (*segments[position].split(separator, 4), "", "", "")
            nodes.append(
                HlSegment(position, offsets[position], number.strip(), parent.strip(), level.strip())
            )
        end = len(current.segments) - (1 if trailer else 0)
        current.hierarchy = build_hierarchy(
            nodes=nodes, end=end, scope=current.scope, findings=current.findings
        )

    def _close_group(self, row: list[str] | None) -> Iterator[Part]:
        yield from self._close_set(None)
        group = self._group
        if group is None:
            if row is not None:
                self._stray("GE")
            return
        included = _element(row, 1) if row else ""
        if row is None:
            self._group_fault("warning", "missing_ge", "the group has no GE", "GE")
        elif not group.missing:
            if not _same_number(included, str(self._received)):
                text = f"GE01 counts {included or 'no'} sets, the group has {self._received}"
                self._group_fault("warning", "ge_count", text, "GE", element=1, value=included)
            if not _same_number(_element(row, 2), group.control):
                text = f"GE02 is {_element(row, 2)!r}, GS06 is {group.control!r}"
                self._group_fault("warning", "ge_control", text, "GE", element=2, value=_element(row, 2))
        self._group = None
        yield GroupEnd(group, included, self._received, tuple(self._group_findings))

    def _finish(self) -> Iterator[Part]:
        yield from self._close_group(None)
        if self._trailer is None:
            self._fault("warning", "missing_iea", "the interchange has no IEA", "IEA")
        else:
            count, control = _element(self._trailer, 1), _element(self._trailer, 2)
            # Those who send a TA1 alone often count it as a group.
            alone = self._ta1 > 0 and self._groups == 0
            if not alone and not _same_number(count, str(self._groups)):
                text = f"IEA01 counts {count or 'no'} groups, the interchange has {self._groups}"
                self._fault("warning", "iea_count", text, "IEA", element=1, value=count)
            if not _same_number(control, self._interchange.control):
                text = f"IEA02 is {control!r}, ISA13 is {self._interchange.control!r}"
                self._fault("warning", "iea_control", text, "IEA", element=2, value=control)
        yield InterchangeEnd(
            self._interchange, self._groups, self._ta1, tuple(self._findings), tuple(self._answers)
        )

    def _check_length(self, current: TransactionSet, segment: str, tag: str) -> None:
        if len(segment) > MAX_SEGMENT:
            current.segments[-1] = segment[:MAX_SEGMENT]
            text = f"a segment of {len(segment)} characters; the limit is {MAX_SEGMENT}"
            self._set_fault("error", "segment_too_long", text, tag[:3])
        elif segment.count(self._separator) > MAX_ELEMENTS:
            self._set_fault("error", "too_many_elements", f"more than {MAX_ELEMENTS} elements", tag[:3])

    def _set_fault(
        self, severity: Severity, code: str, text: str, tag: str, *, element: int = 0, value: str = ""
    ) -> None:
        if self._set is not None and (severity == "error" or not self._set.findings.full):
            self._add(self._set, severity, code, text, tag, element=element, value=value)

    def _add(
        self,
        current: TransactionSet,
        severity: Severity,
        code: str,
        text: str,
        tag: str,
        *,
        element: int = 0,
        value: str = "",
    ) -> None:
        current.findings.add(
            Finding(
                code=code,
                severity=severity,
                text=text,
                scope=current.scope,
                segment=len(current.segments),
                segment_id=tag,
                element=element,
                offset=current.offsets[-1],
                value=value[:40],
            )
        )

    def _group_fault(
        self, severity: Severity, code: str, text: str, tag: str, *, element: int = 0, value: str = ""
    ) -> None:
        scope = f"GS {self._group.control}" if self._group else ""
        found = self._outside(severity, code, text, scope=scope, tag=tag, element=element, value=value)
        self._group_findings.add(found)

    def _fault(
        self, severity: Severity, code: str, text: str, tag: str, *, element: int = 0, value: str = ""
    ) -> None:
        scope = f"ISA {self._interchange.control}"
        found = self._outside(severity, code, text, scope=scope, tag=tag, element=element, value=value)
        self._findings.add(found)

    def _stray(self, tag: str) -> None:
        if not self._findings.full:
            self._fault("warning", "segment_outside", f"{tag[:3]!r} stands outside of any set", tag[:3])

    def _outside(
        self, severity: Severity, code: str, text: str, *, scope: str, tag: str, element: int, value: str
    ) -> Finding:
        return Finding(
            code=code,
            severity=severity,
            text=text,
            scope=scope,
            segment=self._ordinal,
            segment_id=tag,
            element=element,
            offset=self._offset,
            value=value[:40],
        )


def _interchange(header: Header) -> Interchange:
    element = header.elements
    return Interchange(
        delimiters=header.delimiters,
        authorization=(element[0], element[1], element[2], element[3]),
        sender_qualifier=element[4],
        sender=element[5],
        receiver_qualifier=element[6],
        receiver=element[7],
        date=element[8],
        time=element[9],
        repetition=element[10],
        version=element[11],
        control=element[12],
        acknowledgement_requested=element[13],
        usage=element[14],
        offset=header.offset,
    )


def _element(row: list[str], number: int) -> str:
    return row[number].strip() if number < len(row) else ""


def _same_number(one: str, other: str) -> bool:
    """Whether two control values or counts are the same, leading zeros apart."""
    return one == other or (one.isdecimal() and other.isdecimal() and one.lstrip("0") == other.lstrip("0"))
