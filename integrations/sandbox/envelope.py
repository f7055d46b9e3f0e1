"""X12 004010 interchanges: ISA/GS/ST around the segments of sets, with counts and control numbers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from integrations.sandbox.company import Party, Punctuation

Segment = list[str]
VERSION = "004010"

GROUP_OF_SET = {"850": "PO", "855": "PR", "856": "SH", "810": "IN", "944": "RE"}


@dataclass(frozen=True, slots=True)
class TransactionSet:
    """The segments of a set without ST and SE, which the envelope adds."""

    code: str
    segments: list[Segment]


class ControlNumbers:
    """Each sender counts its own interchanges and groups, as translators do."""

    def __init__(self) -> None:
        self._interchanges: Counter[str] = Counter()
        self._groups: Counter[str] = Counter()

    def next_interchange(self, sender: Party) -> int:
        self._interchanges[sender.code] += 1
        return 4400 + self._interchanges[sender.code]

    def next_group(self, sender: Party) -> int:
        self._groups[sender.code] += 1
        return 4400 + self._groups[sender.code]


def interchange(
    *,
    sender: Party,
    receiver: Party,
    sent_at: datetime,
    sets: Sequence[TransactionSet],
    numbers: ControlNumbers,
) -> tuple[int, bytes]:
    """The control number and the bytes of one interchange. Sets of one kind share a group; times are UTC."""
    control = numbers.next_interchange(sender)
    segments = [_isa(sender, receiver, sent_at, control)]
    groups: dict[str, list[TransactionSet]] = {}
    for each in sets:
        groups.setdefault(GROUP_OF_SET[each.code], []).append(each)
    for group, members in groups.items():
        control_of_group = numbers.next_group(sender)
        header = _gs(group, sender, receiver, sent_at, control_of_group)
        segments += [header, *_numbered(members), ["GE", str(len(members)), str(control_of_group)]]
    segments.append(["IEA", str(len(groups)), f"{control:09d}"])
    return control, _written(segments, sender.punctuation)


def _isa(sender: Party, receiver: Party, sent_at: datetime, control: int) -> Segment:
    return [
        "ISA", "00", " " * 10, "00", " " * 10,
        sender.qualifier, f"{sender.edi_id:<15}", receiver.qualifier, f"{receiver.edi_id:<15}",
        f"{sent_at:%y%m%d}", f"{sent_at:%H%M}", "U", "00401", f"{control:09d}", "0", "P",
        sender.punctuation.component,
    ]  # fmt: skip


def _gs(group: str, sender: Party, receiver: Party, sent_at: datetime, control: int) -> Segment:
    return [
        "GS", group, sender.edi_id, receiver.edi_id, f"{sent_at:%Y%m%d}", f"{sent_at:%H%M%S}",
        str(control), "X", VERSION,
    ]  # fmt: skip


def _numbered(sets: list[TransactionSet]) -> list[Segment]:
    """The sets between their ST and SE; SE01 counts both."""
    written: list[Segment] = []
    for index, each in enumerate(sets, start=1):
        number, count = f"{index:04d}", len(each.segments) + 2
        written += [["ST", each.code, number], *each.segments, ["SE", str(count), number]]
    return written


def _written(segments: list[Segment], marks: Punctuation) -> bytes:
    end = marks.terminator + marks.suffix
    return "".join(marks.element.join(_trimmed(segment)) + end for segment in segments).encode("ascii")


def _trimmed(segment: Segment) -> Segment:
    """Without empty elements at the end, as X12 asks."""
    last = len(segment)
    while not segment[last - 1]:
        last -= 1
    return segment[:last]
