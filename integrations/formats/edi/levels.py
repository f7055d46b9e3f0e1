"""The three levels of an envelope, interchange, group and set, as far as both syntaxes have them alike."""

from array import array
from dataclasses import dataclass
from typing import Protocol

from integrations.formats.edi.findings import FindingList


@dataclass(frozen=True, slots=True)
class Level:
    """The pair of segments around something, and the words for what they say of it."""

    start: str
    end: str
    noun: str
    counted: str
    start_control: str
    end_count: str
    end_control: str

    @property
    def code(self) -> str:
        """Begins the codes of what is wrong with the closing segment: "se" of "se_count"."""
        return self.end.lower()


class GroupLike(Protocol):
    """A functional group of either syntax."""

    @property
    def control(self) -> str:
        """Its reference."""

    @property
    def missing(self) -> bool:
        """Whether it only stands in for one that is not there."""


class SetLike(Protocol):
    """A transaction set or message."""

    code: str
    control: str
    segments: list[str]
    offsets: "array[int]"
    findings: FindingList

    @property
    def scope(self) -> str:
        """Its name in a finding."""


def same_number(one: str, other: str) -> bool:
    """Whether two control values or counts are the same, leading zeros apart."""
    return one == other or (one.isdecimal() and other.isdecimal() and one.lstrip("0") == other.lstrip("0"))
