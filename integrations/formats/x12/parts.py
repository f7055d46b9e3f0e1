"""What the reader hands out, in the order it stands in the file.

Segments stay strings until someone looks at them: a file of 20 MB has a million, and most are read once.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from integrations.formats.edi.findings import Finding, FindingList
from integrations.formats.x12.delimiters import Delimiters
from integrations.formats.x12.hierarchy import Hierarchy


@dataclass(frozen=True, slots=True)
class Interchange:
    """The ISA's elements, trimmed, by the names the standard gives them."""

    delimiters: Delimiters
    authorization: tuple[str, str, str, str]
    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    date: str
    time: str
    repetition: str
    version: str
    control: str
    acknowledgement_requested: str
    usage: str
    offset: int


@dataclass(frozen=True, slots=True)
class Group:
    """A GS, or (code empty) what stands in for one that is missing."""

    interchange: Interchange
    code: str
    sender: str
    receiver: str
    date: str
    time: str
    control: str
    agency: str
    version: str
    offset: int

    @property
    def missing(self) -> bool:
        """Whether there was no GS at all."""
        return not self.code and not self.control


@dataclass(slots=True)
class TransactionSet:
    """One ST to SE, segments as written without their terminators, with where each began in the file."""

    group: Group
    code: str
    control: str
    segments: list[str] = field(default_factory=list)
    offsets: "array[int]" = field(default_factory=lambda: array("q"))
    findings: FindingList = field(default_factory=FindingList)
    hierarchy: Hierarchy | None = None

    @property
    def scope(self) -> str:
        """The set's name in a finding."""
        return f"ST {self.control}"

    def rows(self) -> Iterator[list[str]]:
        """The elements of each segment, the segment's own id first, from ST to SE."""
        separator = self.group.interchange.delimiters.element
        for segment in self.segments:
            yield segment.split(separator)

    def row(self, position: int) -> list[str]:
        """The elements of the segment at `position`, counted from 0 at the ST."""
        return self.segments[position].split(self.group.interchange.delimiters.element)


@dataclass(frozen=True, slots=True)
class GroupEnd:
    """A GE, or the place where one is missing: what the group said of itself and what was there."""

    group: Group
    included: str
    received: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class InterchangeEnd:
    """An IEA, or the place where one is missing. `acknowledgements`: how many TA1 it carried; `answers`:
    the elements of each, its name first (up to a limit)."""

    interchange: Interchange
    groups: int
    acknowledgements: int
    findings: tuple[Finding, ...]
    answers: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A stretch of the file that could not be read at all, up to the next ISA or the end."""

    finding: Finding


Part = TransactionSet | GroupEnd | InterchangeEnd | Refused
