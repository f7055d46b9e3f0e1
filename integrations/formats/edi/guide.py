"""Guides: what segments, elements and codes of a syntax are called, and which loops hold which.

The guides themselves are tables of text beside each syntax, in our own words; here they are read. A guide
helps people read a document. Nothing is refused by it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Element:
    """A data element of a dictionary. `kind` as the standard has it (AN, ID, N2, R, DT, TM; a3, n15, an..35),
    empty where it is not known; in X12 with the shortest and longest length ("ID 2/2")."""

    number: str
    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """An element at its place in a segment. `since`: the release that brought it; `parts`: of a composite."""

    number: str
    name: str
    mandatory: bool = False
    since: str = ""
    parts: tuple["Use", ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment with its elements in order."""

    tag: str
    name: str
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """What a segment opens: which segments stand in it, and which open loops inside it."""

    tag: str
    members: frozenset[str] = frozenset()
    loops: Mapping[str, "Loop"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Guide:
    """All that is known of a syntax. `codes` by element number; `sets` by the set's or message's code."""

    elements: Mapping[str, Element]
    segments: Mapping[str, Segment]
    codes: Mapping[str, Mapping[str, str]]
    loops: Mapping[str, Loop]
    otherwise: Loop
    """Of sets whose loops are not known."""

    def meaning(self, number: str, code: str) -> str:
        """What a code of an element means; empty where that is not known."""
        return self.codes.get(number, {}).get(code, "")

    def loops_of(self, code: str) -> Loop:
        """The loops of a set or message."""
        return self.loops.get(code, self.otherwise)


def read_elements(*tables: str) -> dict[str, Element]:
    """Rows of `number | name | kind`."""
    found = {}
    for row in _rows(*tables):
        number, name, kind = (part.strip() for part in (*row.split("|"), "", "")[:3])
        found[number] = Element(number, name, kind)
    return found


def read_codes(*tables: str) -> dict[str, dict[str, str]]:
    """Rows of `number: code meaning; code meaning`, going on in lines that are indented.

    A number twice adds to its codes; `number = other` has the codes of another element.
    """
    found: dict[str, dict[str, str]] = {}
    for row in _rows(*tables):
        if "=" in row.partition(":")[0]:
            number, other = (part.strip() for part in row.split("=", 1))
            found[number] = dict(found[other])
            continue
        number, _colon, listed = row.partition(":")
        codes = found.setdefault(number.strip(), {})
        for entry in listed.split(";"):
            code, _space, meaning = entry.strip().partition(" ")
            if code:
                codes[code] = meaning.strip()
    return found


_GROUP = re.compile(r"\(([^()]*)\)\*(\d+)")


def read_segments(
    *tables: str, elements: Mapping[str, Element], composites: Mapping[str, Segment] | None = None
) -> dict[str, Segment]:
    """Rows of `tag | name | uses`. A use is `number`, `!` where mandatory, `@release` where it came later,
    `:name` where it is called otherwise than in the dictionary; `(a, b)*3` repeats. Composites by number."""
    found = {}
    for row in _rows(*tables):
        tag, name, listed = (part.strip() for part in (*row.split("|"), "", "")[:3])
        listed = _GROUP.sub(lambda group: ", ".join([group[1]] * int(group[2])), listed)
        uses = tuple(
            _use(part.strip(), elements, composites or {}) for part in listed.split(",") if part.strip()
        )
        found[tag] = Segment(tag, name, uses)
    return found


def _use(written: str, elements: Mapping[str, Element], composites: Mapping[str, Segment]) -> Use:
    place, _colon, name = written.partition(":")
    place, _at, since = place.partition("@")
    number = place.rstrip("!").strip()
    composite = composites.get(number)
    known = composite.name if composite else elements[number].name if number in elements else ""
    return Use(
        number=number,
        name=name.strip() or known,
        mandatory="!" in place,
        since=since.strip(),
        parts=composite.uses if composite else (),
    )


def read_loops(*tables: str) -> dict[str, Loop]:
    """Sets with their loops, one indented under the other: `850: CTT SE` and below it `  N1: N2 N3`."""
    roots: dict[str, Loop] = {}
    for table in tables:
        open_at: list[tuple[int, dict[str, Loop]]] = []
        for line in table.splitlines():
            if not line.strip():
                continue
            tag, _colon, members = line.partition(":")
            depth = len(line) - len(line.lstrip())
            inside: dict[str, Loop] = {}
            loop = Loop(tag.strip(), frozenset(members.split()), inside)
            while open_at and open_at[-1][0] >= depth:
                open_at.pop()
            (open_at[-1][1] if open_at else roots)[loop.tag] = loop
            open_at.append((depth, inside))
    return roots


class Nesting:
    """Goes through the segments of a set and says how deep each stands in its loops."""

    def __init__(self, root: Loop) -> None:
        self._open = [root]

    def depth_of(self, tag: str) -> int:
        """How many loops the segment stands in; the one that opens a loop stands outside of it."""
        for level in range(len(self._open) - 1, -1, -1):
            loop = self._open[level]
            inner = loop.loops.get(tag)
            if inner is not None:
                self._open[level + 1 :] = [inner]
                return level
            if tag in loop.members:
                del self._open[level + 1 :]
                return level
        return len(self._open) - 1

    @property
    def loop(self) -> str:
        """The segment that opened the innermost loop; empty outside of all."""
        return self._open[-1].tag if len(self._open) > 1 else ""


def _rows(*tables: str) -> list[str]:
    """Lines that are no comment, with what is indented below them."""
    rows: list[str] = []
    for table in tables:
        for line in table.splitlines():
            if not line.strip():
                continue
            if line[0] == " " and rows:
                rows[-1] += " " + line.strip()
            else:
                rows.append(line.strip())
    return rows
