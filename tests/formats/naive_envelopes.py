"""Envelopes counted the plainest way, to hold against the readers.

Knows nothing of limits, memory or odd headers, and takes a file as a whole.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

Fault = tuple[str, str]
"""What a finding of the reader is called, and the control number of what the fault is about."""


@dataclass
class Open:
    """A pair of segments of which the first was seen."""

    end: str
    control: str
    counts: list[int] = field(default_factory=lambda: [0, 0])
    """What stands in it, and what that holds: groups and their sets, or segments."""


def faults_of_x12(body: bytes) -> set[Fault]:
    """Of every interchange of the file."""
    text = body.decode("latin-1")
    starts = [found.start() for found in re.finditer(r"ISA[^A-Za-z0-9\s]", text)]
    faults: set[Fault] = set()
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        interchange = text[start:end]
        separator = interchange[3]
        header = interchange.split(separator, 16)
        # Behind the component separator, the last element of the ISA, stands the terminator.
        following = re.match(r".([^A-Z]+)", header[-1], re.DOTALL) if len(header) > 16 else None
        if following is None:
            continue
        terminator = following[1].strip(" ")
        terminator = terminator.strip("\r\n\t") or terminator[0]
        rows = [[element.strip() for element in header]]
        rows += [
            [element.strip() for element in segment.split(separator)]
            for segment in header[-1][following.end() :].split(terminator)
        ]
        found = set(_walk(rows, {"ISA": ("IEA", 13), "GS": ("GE", 6), "ST": ("SE", 2)}))
        tags = {row[0] for row in rows}
        # A TA1 alone is counted as a group by many, which is let pass.
        faults |= {one for one in found if one[0] != "iea_count" or "TA1" not in tags or "GS" in tags}
    return faults


def faults_of_edifact(body: bytes) -> set[Fault]:
    """Of every interchange of the file, all written with the separators of its first UNA."""
    text = body.decode("latin-1").removeprefix("\xef\xbb\xbf").lstrip()
    advice = text[3:9] if text.startswith("UNA") else ":+.? '"
    release, terminator = re.escape(advice[3]), re.escape(advice[5])
    rows = [
        [element.strip() for element in re.split(rf"(?<!{release})" + re.escape(advice[1]), segment)]
        for segment in re.split(rf"(?<!{release}){terminator}", re.sub(r"UNA.{6}", "", text))
    ]
    return set(_walk(rows, {"UNB": ("UNZ", 5), "UNG": ("UNE", 5), "UNH": ("UNT", 1)}))


def _walk(rows: list[list[str]], pairs: dict[str, tuple[str, int]]) -> Iterator[Fault]:
    """Every pair compared; what is open inside of something that ends or begins again has lost its end."""
    ranks = list(pairs)
    ends = {end: start for start, (end, _) in pairs.items()}
    stack: dict[str, Open] = {}
    for row in rows:
        tag = row[0]
        if ranks[2] in stack and row != [""]:
            stack[ranks[2]].counts[0] += 1
        level = ends.get(tag, tag)
        if level not in ranks:
            continue
        for inner in reversed(ranks[ranks.index(level) + (tag in ends) :]):
            if inner in stack:
                lost = stack.pop(inner)
                yield f"missing_{lost.end.lower()}", lost.control
        if tag in pairs:
            end, place = pairs[tag]
            stack[tag] = Open(end, (*row, *[""] * place)[place], [int(tag == ranks[2]), 0])
            for depth, outer in enumerate(reversed(ranks[: ranks.index(tag)])):
                if outer in stack:
                    stack[outer].counts[depth] += 1
        elif level in stack:
            one = stack.pop(level)
            count, control = (*row, "", "")[1:3]
            # Without groups an interchange of EDIFACT counts its messages.
            if not _same(count, str(one.counts[0] or one.counts[1])):
                yield f"{tag.lower()}_count", one.control
            if not _same(control, one.control):
                yield f"{tag.lower()}_control", one.control
    for one in stack.values():
        yield f"missing_{one.end.lower()}", one.control


def _same(one: str, other: str) -> bool:
    return one == other or (one.isdigit() and other.isdigit() and int(one) == int(other))
