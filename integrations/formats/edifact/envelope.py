"""One EDIFACT interchange: its UNB, and what UNG, UNH, UNT, UNE and UNZ say."""

import re
from dataclasses import replace

from integrations.formats.edi import limits
from integrations.formats.edi.cutting import BLANKS, end_of_segment
from integrations.formats.edi.envelope import EnvelopeReader
from integrations.formats.edi.findings import Finding
from integrations.formats.edi.levels import Level
from integrations.formats.edi.source import TextStream
from integrations.formats.edifact.charsets import ASCII_ONLY, CHARSETS, charset_of, decode
from integrations.formats.edifact.parts import Group, GroupEnd, Interchange, InterchangeEnd, Message
from integrations.formats.edifact.separators import Separators, repeated_elements, split_segment

HEADER = re.compile(r"UNA[^A-Za-z0-9]{5}|UNB[^A-Za-z0-9 \t\r\n]")
"""What begins an interchange."""

_UNB_ELEMENTS = 5


class InterchangeReader(EnvelopeReader[Group, Message, GroupEnd | InterchangeEnd]):
    """Reads one interchange of EDIFACT, once."""

    interchange_level = Level("UNB", "UNZ", "interchange", "messages", "UNB 0020", "UNZ 0036", "UNZ 0020")
    group_level = Level("UNG", "UNE", "group", "messages", "UNG 0048", "UNE 0060", "UNE 0048")
    set_level = Level("UNH", "UNT", "message", "segments", "UNH 0062", "UNT 0074", "UNT 0062")
    groups_needed = False
    header = re.compile(r"UN(?:A[^A-Za-z0-9]{6}[ \t\r\n]{0,4}UNB|B[^A-Za-z0-9 ]UNO[A-Z][^A-Za-z0-9 ][1-4])")
    other_header = HEADER
    trailing = "\r\n\x1a\x00"

    def __init__(
        self, *, stream: TextStream, interchange: Interchange, findings: tuple[Finding, ...]
    ) -> None:
        separators = interchange.separators
        super().__init__(
            stream=stream,
            control=interchange.control,
            offset=interchange.offset,
            separator=separators.element,
            terminator=separators.segment,
            release=separators.release,
            findings=findings,
        )
        self._interchange = interchange
        self._separators = separators
        self._messages = 0
        # A separator that is no ASCII would be another character after decoding.
        self._decodes = all(
            each.isascii() for each in (separators.component, separators.element, separators.release)
        )
        self._odd_characters = False

    def row(self, segment: str) -> list[str]:
        """The elements with their first components."""
        return [element[0].strip() for element in split_segment(segment, self._separators)]

    def decode(self, segment: str) -> str:
        """The segment in the interchange's character set; the first that is not in it is told."""
        text, fits = decode(segment, self._interchange.charset) if self._decodes else (segment, True)
        fits = fits and self._interchange.syntax not in ASCII_ONLY
        if not fits and not self._odd_characters:
            self._odd_characters = True
            syntax = self._interchange.syntax
            words = f"the text holds characters that are not in {syntax}; they were read as well as may be"
            self._findings.add(
                Finding(
                    code="charset",
                    severity="info",
                    text=words,
                    scope=f"UNB {self._control}",
                    segment=self._ordinal,
                    segment_id=segment[:3],
                    value=text[:40],
                )
            )
        return text

    def make_group(self, segment: str) -> Group:
        """A group by its UNG."""
        if not segment:
            return Group(interchange=self._interchange, offset=self._offset)
        part = _Elements(segment, self._separators)
        return Group(
            interchange=self._interchange,
            code=part(1),
            sender=part(2),
            sender_qualifier=part(2, 2),
            receiver=part(3),
            receiver_qualifier=part(3, 2),
            date=part(4),
            time=part(4, 2),
            control=part(5),
            agency=part(6),
            version=part(7),
            release=part(7, 2),
            association=part(7, 3),
            offset=self._offset,
        )

    def make_set(self, group: Group, segment: str) -> Message:
        """A message by its UNH."""
        part = _Elements(segment, self._separators)
        self._messages += 1
        return Message(
            group=group,
            control=part(1),
            code=part(2).upper(),
            version=part(2, 2),
            release=part(2, 3),
            agency=part(2, 4),
            association=part(2, 5),
            access_reference=part(3),
        )

    def check_group(self, segment: str) -> None:
        """A UNG needs its type, parties, time and reference."""
        if segment and segment.count(self._separator) < _UNB_ELEMENTS:
            text = (
                f"the UNG has {segment.count(self._separator)} elements; {_UNB_ELEMENTS} are needed at least"
            )
            self.group_fault("ung_elements", text, "UNG")

    def check_set(self, current: Message) -> None:
        """A UNH needs its reference and the message's type."""
        if not current.code:
            self.set_fault(current, "error", "unh_type", "the UNH names no type of message", "UNH", element=2)
        if not current.control:
            self.set_fault(current, "warning", "unh_control", "the UNH has no reference", "UNH", element=1)
        group = current.group
        if group.code and current.code and group.code.upper() != current.code:
            text = f"a {current.code} came in a group of {group.code}"
            self.set_fault(current, "warning", "group_code", text, "UNH", element=2, value=current.code)

    def close_set(self, current: Message, marks: list[int], *, ended: bool) -> None:
        """Tell where elements are repeated, since only the first of each is read."""
        repetition = self._separators.repetition
        if not repetition:
            return
        for position, segment in enumerate(current.segments):
            if repetition in segment and not current.findings.full:
                for element in repeated_elements(segment, self._separators):
                    current.findings.add(
                        Finding(
                            code="repetition",
                            severity="warning",
                            text="the element is repeated; only the first is read",
                            scope=current.scope,
                            segment=position + 1,
                            segment_id=segment[:3],
                            element=element,
                            offset=current.offsets[position],
                        )
                    )

    def counted(self) -> tuple[int, str] | None:
        """UNZ counts the groups, or where there are none the messages (ISO 9735, data element 0036)."""
        return (self._groups, "groups") if self._groups else (self._messages, "messages")

    def group_end(self, group: Group, included: str) -> GroupEnd:
        """What is told at a UNE."""
        return GroupEnd(group, included, self._received, tuple(self._group_findings))

    def interchange_end(self) -> InterchangeEnd:
        """What is told at a UNZ."""
        return InterchangeEnd(self._interchange, self._groups, self._messages, tuple(self._findings))


class _Elements:
    """Reads a segment's components by their numbers, both counted from 1; empty where there is none."""

    def __init__(self, segment: str, separators: Separators) -> None:
        self._row = split_segment(segment, separators)

    def __call__(self, element: int, component: int = 1) -> str:
        if element >= len(self._row) or component > len(self._row[element]):
            return ""
        return self._row[element][component - 1].strip()


def open_interchange(
    *,
    stream: TextStream,
    separators: Separators,
    advised: bool,
    place: int,
    offset: int,
    findings: list[Finding],
) -> InterchangeReader | Finding:
    """Read the UNB at `place` of the held text, and go behind it.

    `advised`: whether a UNA named the separators. `offset`: where the interchange begins in the file.
    """
    text = stream.text
    stop = end_of_segment(
        stream=stream, place=place, terminator=separators.segment, release=separators.release
    )
    segment = text[place:stop].removesuffix(separators.segment)
    if len(segment) > limits.MAX_SEGMENT or (stop == len(text) and not text.endswith(separators.segment)):
        words = "the UNB is cut off: no segment terminator follows it"
        return Finding(
            code="truncated_unb", severity="error", text=words, segment=1, segment_id="UNB", offset=offset
        )
    segment = segment.replace("\r", "").replace("\n", "").strip(BLANKS)
    if not advised and _Elements(segment, separators)(1, 2) == "4" and separators.element != "*":
        # Version 4 repeats with an asterisk; a UNA with a blank there says that it does not.
        separators = replace(separators, repetition="*")
    interchange = _interchange(segment, separators, offset)
    findings.extend(_faults(segment, interchange))
    stream.position = stop
    return InterchangeReader(stream=stream, interchange=interchange, findings=tuple(findings))


def _interchange(segment: str, separators: Separators, offset: int) -> Interchange:
    syntax = _Elements(segment, separators)(1).upper()
    charset = charset_of(syntax)
    part = _Elements(segment if segment.isascii() else decode(segment, charset)[0], separators)
    version = part(1, 2)
    return Interchange(
        syntax=syntax,
        syntax_version=version,
        sender=part(2),
        sender_qualifier=part(2, 2),
        sender_internal=part(2, 3),
        receiver=part(3),
        receiver_qualifier=part(3, 2),
        receiver_internal=part(3, 3),
        date=part(4),
        time=part(4, 2),
        control=part(5),
        reference=part(6),
        application_reference=part(7),
        processing=part(8),
        acknowledgement_requested=part(9) not in {"", "0"},
        agreement=part(10),
        test=part(11) not in {"", "0"},
        separators=separators,
        charset=charset,
        offset=offset,
    )


def _faults(segment: str, interchange: Interchange) -> list[Finding]:
    found: list[tuple[str, str, int, str]] = []
    count = segment.count(interchange.separators.element)
    if count < _UNB_ELEMENTS:
        found.append(
            ("unb_elements", f"the UNB has {count} elements; {_UNB_ELEMENTS} are needed at least", 0, "")
        )
    if interchange.syntax not in CHARSETS:
        text = f"{interchange.syntax or 'nothing'} is no syntax identifier of the standard; read as UNOC"
        found.append(("unb_syntax", text, 1, interchange.syntax))
    if interchange.syntax_version not in {"1", "2", "3", "4"}:
        text = f"{interchange.syntax_version or 'nothing'} is no version of the syntax (1 to 4)"
        found.append(("unb_version", text, 1, interchange.syntax_version))
    for name, value, element in (
        ("sender", interchange.sender, 2),
        ("receiver", interchange.receiver, 3),
        ("reference", interchange.control, 5),
    ):
        if not value:
            found.append((f"unb_{name}", f"the UNB names no {name}", element, ""))
    return [
        Finding(
            code=code,
            severity="warning",
            text=text,
            scope=f"UNB {interchange.control}",
            segment=1,
            segment_id="UNB",
            element=element,
            offset=interchange.offset,
            value=value[:40],
        )
        for code, text, element, value in found
    ]
