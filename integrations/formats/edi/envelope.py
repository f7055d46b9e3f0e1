"""One interchange of either syntax: groups and sets told apart, counts and control numbers compared.

What differs (tags, where an element stands, what a header says) is in the readers of X12 and EDIFACT.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar, Generic, NamedTuple, TypeVar

from integrations.formats.edi import limits
from integrations.formats.edi.cutting import BLANKS, cut_segments, end_of_segment
from integrations.formats.edi.findings import Finding, FindingList, Severity
from integrations.formats.edi.levels import GroupLike, Level, SetLike, same_number
from integrations.formats.edi.source import TextStream

GroupT = TypeVar("GroupT", bound=GroupLike)
SetT = TypeVar("SetT", bound=SetLike)
EndT = TypeVar("EndT")

_REMEMBERED_CONTROLS = 100_000


class EnvelopeFault(NamedTuple):
    """A fault of the envelope before it has its place: the element's number, and what stands there."""

    severity: Severity
    code: str
    text: str
    element: int
    value: str


class EnvelopeReader(ABC, Generic[GroupT, SetT, EndT]):
    """Reads one interchange, once, from behind its header; leaves the stream where the next may begin."""

    interchange_level: ClassVar[Level]
    group_level: ClassVar[Level]
    set_level: ClassVar[Level]
    groups_needed: ClassVar[bool]
    """Whether a set outside of any group is a fault."""
    header: ClassVar[re.Pattern[str]]
    """An interchange's header that cannot be anything else, wherever in a segment it stands."""
    other_header: ClassVar[re.Pattern[str]]
    """What begins an interchange where it begins a segment."""
    marked: ClassVar[str] = ""
    """A segment whose places in its set are kept for `close_set`."""
    noted: ClassVar[str] = ""
    """A segment of the interchange itself, which is counted."""
    trailing: ClassVar[str] = BLANKS
    """What means nothing at a segment's end."""

    def __init__(
        self,
        *,
        stream: TextStream,
        control: str,
        offset: int,
        separator: str,
        terminator: str,
        release: str = "",
        findings: tuple[Finding, ...] = (),
    ) -> None:
        self._stream = stream
        self._control = control
        self._separator = separator
        self._terminator = terminator
        self._release = release
        self._findings = FindingList(findings)
        self._group: GroupT | None = None
        self._group_findings = FindingList()
        self._set: SetT | None = None
        self._marks: list[int] = []
        self._controls: set[str] = set()
        self._groups = self._received = self._loose = self._notes = 0
        self._noted: list[str] = []
        self._ordinal = 1
        self._offset = offset
        self._trailer: list[str] | None = None
        self._limits = {self.interchange_level.start, self.interchange_level.end, "UNA"}
        self._roles = {
            self.set_level.start: self._start_set,
            self.set_level.end: self._end_set,
            self.group_level.start: self._start_group,
            self.group_level.end: self._end_group,
        }
        if self.noted:
            self._roles[self.noted] = self._note

    def read(self) -> Iterator[SetT | EndT]:
        """The sets, group ends and at last the interchange's end."""
        separator, marked, known_tags = self._separator, self.marked, set[str]()
        countable = 2 * limits.MAX_ELEMENTS
        for offset, written in self._segments():
            self._ordinal += 1
            segment = written if written.isascii() else self.decode(written)
            tag = segment[:4].partition(separator)[0]
            current = self._set
            if current is None or tag not in known_tags:
                if tag[:3] in self._limits and self._ends_here(offset, segment, tag):
                    break
                if tag in self._roles:
                    self._offset = offset
                    yield from self._roles[tag](segment)
                    continue
                if current is None:
                    self._offset = offset
                    self._stray(tag)
                    continue
            if len(current.segments) >= limits.MAX_SEGMENTS_PER_SET:
                self._too_many(current, tag)
                continue
            current.segments.append(segment)
            current.offsets.append(offset)
            if tag == marked:
                self._marks.append(len(current.segments) - 1)
            elif tag not in known_tags:
                self._get_to_know(current, tag, known_tags)
            if len(segment) > countable:
                self._check_length(current, segment, tag)
        yield from self._finish()

    @abstractmethod
    def row(self, segment: str) -> list[str]:
        """The elements of a segment of the envelope, trimmed, its tag first."""

    @abstractmethod
    def make_group(self, segment: str) -> GroupT:
        """A group by its header; "" stands for one that is missing."""

    @abstractmethod
    def make_set(self, group: GroupT, segment: str) -> SetT:
        """A set by its header."""

    @abstractmethod
    def group_end(self, group: GroupT, included: str) -> EndT:
        """What is told at a group's end."""

    @abstractmethod
    def interchange_end(self) -> EndT:
        """What is told at the end."""

    def decode(self, segment: str) -> str:
        """A segment that is not all ASCII, in the interchange's character set."""
        return segment

    def check_group(self, segment: str) -> None:
        """Tell what is wrong with a group's header; "" where it is missing."""

    def check_set(self, current: SetT) -> None:
        """Tell what is wrong with a set's header."""

    def close_set(self, current: SetT, marks: list[int], *, ended: bool) -> None:
        """What is to be done with a set that is complete, or (not `ended`) cut off."""

    def counted(self) -> tuple[int, str] | None:
        """What the interchange's own count should be, and of what; None: it is not compared."""
        return self._groups, self.interchange_level.counted

    def set_fault(
        self,
        current: SetT,
        severity: Severity,
        code: str,
        text: str,
        tag: str,
        *,
        element: int = 0,
        value: str = "",
    ) -> None:
        """A finding at the set's last segment."""
        if severity == "error" or not current.findings.full:
            current.findings.add(
                Finding(
                    code=code,
                    severity=severity,
                    text=text,
                    scope=current.scope,
                    segment=len(current.segments),
                    segment_id=tag[:3],
                    element=element,
                    offset=current.offsets[-1],
                    value=value[:40],
                )
            )

    def group_fault(self, code: str, text: str, tag: str, *, element: int = 0, value: str = "") -> None:
        """A warning about the group, at the segment that was read last."""
        found = EnvelopeFault("warning", code, text, element, value)
        self._group_findings.add(self._outside(found, scope=self._group_scope, tag=tag))

    def fault(self, code: str, text: str, tag: str, *, element: int = 0, value: str = "") -> None:
        """A warning about the interchange."""
        if not self._findings.full:
            found = EnvelopeFault("warning", code, text, element, value)
            self._findings.add(self._outside(found, scope=self._scope, tag=tag))

    @property
    def _scope(self) -> str:
        return f"{self.interchange_level.start} {self._control}"

    @property
    def _group_scope(self) -> str:
        return f"{self.group_level.start} {self._group.control}" if self._group else ""

    def _outside(self, found: EnvelopeFault, *, scope: str, tag: str) -> Finding:
        return Finding(
            code=found.code,
            severity=found.severity,
            text=found.text,
            scope=scope,
            segment=self._ordinal,
            segment_id=tag,
            element=found.element,
            offset=self._offset,
            value=found.value[:40],
        )

    def _segments(self) -> Iterator[tuple[int, str]]:
        return cut_segments(
            stream=self._stream,
            terminator=self._terminator,
            release=self._release,
            header=self.header,
            trailing=self.trailing,
        )

    def _ends_here(self, offset: int, segment: str, tag: str) -> bool:
        """Whether the interchange ends with this segment, or in front of it; the stream is left there."""
        place = offset - self._stream.base
        if tag != self.interchange_level.end:
            if self.other_header.match(segment):
                self._stream.position = place
                return True
            return False
        stop = end_of_segment(
            stream=self._stream, place=place, terminator=self._terminator, release=self._release
        )
        # A closing segment without its terminator must not swallow the interchange behind it.
        following = self.other_header.search(self._stream.text, place + len(tag), stop)
        if following:
            stop = following.start()
            segment = self._stream.text[place:stop].strip(BLANKS)
        self._stream.position = stop
        self._offset = offset
        self._trailer = self.row(segment[: limits.MAX_SEGMENT])
        return True

    def _start_group(self, segment: str) -> Iterator[SetT | EndT]:
        yield from self._close_group(None)
        self._groups += 1
        self._open_group(segment)

    def _open_group(self, segment: str) -> None:
        self._received = 0
        self._controls = set()
        self._group_findings = FindingList()
        self._group = self.make_group(segment)
        self.check_group(segment)

    def _end_group(self, segment: str) -> Iterator[SetT | EndT]:
        yield from self._close_group(self.row(segment))

    def _close_group(self, row: list[str] | None) -> Iterator[SetT | EndT]:
        yield from self._close_set(None, "")
        group, level = self._group, self.group_level
        if group is None or (group.missing and not self.groups_needed):
            if row is not None:
                self._stray(level.end)
            return
        included = element_of(row, 1) if row else ""
        if row is None:
            self.group_fault(f"missing_{level.code}", f"the {level.noun} has no {level.end}", level.end)
        elif not group.missing:
            for found in trailer_faults(level, row, self._received, level.counted, group.control):
                self._group_findings.add(self._outside(found, scope=self._group_scope, tag=level.end))
        self._group = None
        yield self.group_end(group, included)

    def _start_set(self, segment: str) -> Iterator[SetT | EndT]:
        yield from self._close_set(None, "")
        if self._group is None:
            self._open_group("")
        group = self._group
        assert group is not None
        self._received += 1
        self._loose += group.missing
        self._marks = []
        current = self._set = self.make_set(group, segment)
        current.segments.append(segment)
        current.offsets.append(self._offset)
        self.check_set(current)
        control = current.control
        if control in self._controls:
            name = self.set_level.start_control
            text = (
                f"{name} {control} was used before in this {'group' if self.groups_needed else 'interchange'}"
            )
            self.set_fault(
                current, "warning", "control_reused", text, self.set_level.start, element=2, value=control
            )
        elif len(self._controls) < _REMEMBERED_CONTROLS:
            self._controls.add(control)

    def _end_set(self, segment: str) -> Iterator[SetT | EndT]:
        if self._set is None:
            self._stray(self.set_level.end)
            return
        yield from self._close_set(self.row(segment), segment)

    def _close_set(self, row: list[str] | None, segment: str) -> Iterator[SetT | EndT]:
        current, level = self._set, self.set_level
        if current is None:
            return
        self._set = None
        if row is None:
            tag = current.segments[-1].partition(self._separator)[0]
            text = f"the {level.noun} is cut off: it has no {level.end}"
            self.set_fault(current, "error", f"missing_{level.code}", text, tag)
        else:
            current.segments.append(segment)
            current.offsets.append(self._offset)
            actual = len(current.segments)
            for found in trailer_faults(level, row, actual, level.counted, current.control):
                self.set_fault(
                    current,
                    found.severity,
                    found.code,
                    found.text,
                    level.end,
                    element=found.element,
                    value=found.value,
                )
        self.close_set(current, self._marks, ended=row is not None)
        yield current

    def _finish(self) -> Iterator[SetT | EndT]:
        yield from self._close_group(None)
        level, counted = self.interchange_level, self.counted()
        if self._trailer is None:
            self.fault(f"missing_{level.code}", f"the {level.noun} has no {level.end}", level.end)
        else:
            actual, what = counted or (None, "")
            for found in trailer_faults(level, self._trailer, actual, what, self._control):
                self._findings.add(self._outside(found, scope=self._scope, tag=level.end))
        yield self.interchange_end()

    def _note(self, segment: str) -> Iterator[SetT | EndT]:
        self._notes += 1
        if len(self._noted) < limits.MAX_FINDINGS:
            self._noted.append(segment)
        yield from ()

    def _stray(self, tag: str) -> None:
        self.fault("segment_outside", f"{tag[:3]!r} stands outside of any {self.set_level.noun}", tag[:3])

    def _too_many(self, current: SetT, tag: str) -> None:
        text = f"the {self.set_level.noun} has too many segments"
        self.set_fault(current, "error", "too_many_segments", text, tag)

    def _get_to_know(self, current: SetT, tag: str, known_tags: set[str]) -> None:
        if 2 <= len(tag) <= 3 and tag.isascii() and tag.isalnum() and tag.isupper():
            known_tags.add(tag)
        else:
            self.set_fault(current, "warning", "segment_id", f"{tag!r} cannot be a segment's name", tag)

    def _check_length(self, current: SetT, segment: str, tag: str) -> None:
        if len(segment) > limits.MAX_SEGMENT:
            current.segments[-1] = segment[: limits.MAX_SEGMENT]
            text = f"a segment of more than {limits.MAX_SEGMENT} characters; that is the limit"
            self.set_fault(current, "error", "segment_too_long", text, tag)
        elif segment.count(self._separator) > limits.MAX_ELEMENTS:
            text = f"more than {limits.MAX_ELEMENTS} elements"
            self.set_fault(current, "error", "too_many_elements", text, tag)


def trailer_faults(
    level: Level, row: list[str], actual: int | None, what: str, control: str
) -> Iterator[EnvelopeFault]:
    """Compare a closing segment with what it closes; `actual` None: its count is not compared."""
    count, said = element_of(row, 1), element_of(row, 2)
    if actual is not None and not same_number(count, str(actual)):
        text = f"{level.end_count} counts {count or 'no'} {what}, the {level.noun} has {actual}"
        yield EnvelopeFault("warning", f"{level.code}_count", text, 1, count)
    text = f"{level.end_control} is {said!r}, {level.start_control} is {control!r}"
    if not same_number(said, control):
        yield EnvelopeFault("warning", f"{level.code}_control", text, 2, said)
    elif said != control:
        yield EnvelopeFault("info", "control_padded", f"{text}: the same but for leading zeros", 2, said)


def element_of(row: list[str], number: int) -> str:
    """An element of a row, trimmed; empty where there is none."""
    return row[number].strip() if number < len(row) else ""
