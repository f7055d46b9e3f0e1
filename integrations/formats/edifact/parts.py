"""What the EDIFACT reader hands out, in the order it stands in the file; named as for X12 where alike.

Segments stay strings until someone looks at them: most are read once.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from integrations.formats.edi.findings import Finding, FindingList
from integrations.formats.edifact.separators import Separators, repetitions, split_segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Interchange:
    """A UNB. `syntax` is the identifier ("UNOC"), `date` as written (YYMMDD, in version 4 CCYYMMDD).

    `reference` is the recipient's reference or password (S005), `processing` the priority (0029).
    """

    syntax: str
    syntax_version: str
    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    date: str
    time: str
    control: str
    sender_internal: str = ""
    receiver_internal: str = ""
    reference: str = ""
    application_reference: str = ""
    processing: str = ""
    acknowledgement_requested: bool = False
    agreement: str = ""
    test: bool = False
    separators: Separators
    charset: str = "latin-1"
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A UNG, or (code and control empty) what stands in for one: most interchanges have none."""

    interchange: Interchange
    code: str = ""
    sender_qualifier: str = ""
    sender: str = ""
    receiver_qualifier: str = ""
    receiver: str = ""
    date: str = ""
    time: str = ""
    control: str = ""
    agency: str = ""
    version: str = ""
    release: str = ""
    association: str = ""
    offset: int = 0

    @property
    def missing(self) -> bool:
        """Whether there was no UNG."""
        return not self.code and not self.control


@dataclass(slots=True)
class Message:
    """One UNH to UNT, segments as written without their terminators, with where each began in the file."""

    group: Group
    code: str
    control: str
    version: str = ""
    release: str = ""
    agency: str = ""
    association: str = ""
    access_reference: str = ""
    segments: list[str] = field(default_factory=list)
    offsets: "array[int]" = field(default_factory=lambda: array("q"))
    findings: FindingList = field(default_factory=FindingList)

    @property
    def scope(self) -> str:
        """The message's name in a finding."""
        return f"UNH {self.control}"

    @property
    def interchange(self) -> Interchange:
        """The interchange it came in."""
        return self.group.interchange

    def rows(self) -> Iterator[list[list[str]]]:
        """The components of each element of each segment, the tag's first, from UNH to UNT.

        Release characters are resolved, nothing is trimmed; of a repeated element it is the first.
        """
        separators = self.group.interchange.separators
        for segment in self.segments:
            yield split_segment(segment, separators)

    def row(self, position: int) -> list[list[str]]:
        """The elements of the segment at `position`, counted from 0 at the UNH."""
        return split_segment(self.segments[position], self.group.interchange.separators)

    def repetitions(self, position: int, element: int) -> list[list[str]]:
        """All repetitions of an element (counted from 1) of the segment at `position` (syntax version 4)."""
        return repetitions(self.segments[position], self.group.interchange.separators, element)


@dataclass(frozen=True, slots=True)
class GroupEnd:
    """A UNE, or the place where one is missing: what the group said of itself and what was there."""

    group: Group
    included: str
    received: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class InterchangeEnd:
    """A UNZ, or the place where one is missing. `messages` counts all, in groups and outside."""

    interchange: Interchange
    groups: int
    messages: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A stretch of the file that could not be read at all, up to the next UNB or the end."""

    finding: Finding


Part = Message | GroupEnd | InterchangeEnd | Refused
