"""One X12 interchange: its ISA, and what GS, ST, SE, GE, IEA and TA1 say."""

from integrations.formats.edi.envelope import EnvelopeReader, element_of
from integrations.formats.edi.levels import Level
from integrations.formats.edi.source import TextStream
from integrations.formats.x12.delimiters import HARD_HEADER, HEADER, Header
from integrations.formats.x12.hierarchy import HlSegment, build_hierarchy
from integrations.formats.x12.parts import Group, GroupEnd, Interchange, InterchangeEnd, TransactionSet
from integrations.formats.x12.sets import TRANSACTION_SETS

_GS_ELEMENTS = 8


class InterchangeReader(EnvelopeReader[Group, TransactionSet, GroupEnd | InterchangeEnd]):
    """Reads one interchange of X12, once."""

    interchange_level = Level("ISA", "IEA", "interchange", "groups", "ISA13", "IEA01", "IEA02")
    group_level = Level("GS", "GE", "group", "sets", "GS06", "GE01", "GE02")
    set_level = Level("ST", "SE", "set", "segments", "ST02", "SE01", "SE02")
    groups_needed = True
    header = HARD_HEADER
    other_header = HEADER
    marked = "HL"
    noted = "TA1"

    def __init__(self, *, stream: TextStream, header: Header) -> None:
        self._interchange = _interchange(header)
        super().__init__(
            stream=stream,
            control=self._interchange.control,
            offset=header.offset,
            separator=header.delimiters.element,
            terminator=header.delimiters.segment,
            findings=header.findings,
        )

    def row(self, segment: str) -> list[str]:
        """The elements, trimmed."""
        return [element.strip() for element in segment.split(self._separator)]

    def make_group(self, segment: str) -> Group:
        """A group by its GS."""
        row = self.row(segment)
        return Group(
            interchange=self._interchange,
            code=element_of(row, 1),
            sender=element_of(row, 2),
            receiver=element_of(row, 3),
            date=element_of(row, 4),
            time=element_of(row, 5),
            control=element_of(row, 6),
            agency=element_of(row, 7),
            version=element_of(row, 8),
            offset=self._offset,
        )

    def make_set(self, group: Group, segment: str) -> TransactionSet:
        """A transaction set by its ST."""
        row = self.row(segment)
        return TransactionSet(group=group, code=element_of(row, 1), control=element_of(row, 2))

    def check_group(self, segment: str) -> None:
        """A GS is needed, with all its elements."""
        count = segment.count(self._separator)
        if not segment:
            self.group_fault("missing_gs", "a transaction set stands outside of any group", "ST")
        elif count < _GS_ELEMENTS:
            self.group_fault("gs_elements", f"the GS has {count} of its {_GS_ELEMENTS} elements", "GS")

    def check_set(self, current: TransactionSet) -> None:
        """Each set belongs in groups of one kind."""
        code, group = current.code, current.group
        expected = TRANSACTION_SETS.get(code, ("", ""))[0]
        if expected and group.code and expected != group.code:
            text = f"a {code} came in a group of {group.code}; it belongs in {expected}"
            self.set_fault(current, "warning", "group_code", text, "ST", element=1, value=code)

    def close_set(self, current: TransactionSet, marks: list[int], *, ended: bool) -> None:
        """Build the tree of the HL segments."""
        if not marks:
            return
        separator, segments, offsets = self._separator, current.segments, current.offsets
        nodes = []
        for position in marks:
            _, number, parent, level, *_ = (*segments[position].split(separator, 4), "", "", "")
            nodes.append(
                HlSegment(position, offsets[position], number.strip(), parent.strip(), level.strip())
            )
        current.hierarchy = build_hierarchy(
            nodes=nodes, end=len(segments) - ended, scope=current.scope, findings=current.findings
        )

    def counted(self) -> tuple[int, str] | None:
        """IEA01 counts the groups. Those who send a TA1 alone often count it as one."""
        return None if self._notes and not self._groups else (self._groups, "groups")

    def group_end(self, group: Group, included: str) -> GroupEnd:
        """What is told at a GE."""
        return GroupEnd(group, included, self._received, tuple(self._group_findings))

    def interchange_end(self) -> InterchangeEnd:
        """What is told at an IEA."""
        answers = tuple(tuple(segment.split(self._separator)) for segment in self._noted)
        return InterchangeEnd(self._interchange, self._groups, self._notes, tuple(self._findings), answers)


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
