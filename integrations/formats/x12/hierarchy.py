"""The HL tree of a transaction set, built from HL02 whatever the order of the loops.

HL01 is known within its set only. Where no HL but the first names a parent, some senders mean the
nesting that the levels have by convention (shipment, order, tare, pack, item): that is taken, and told.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from integrations.formats.edi.findings import Finding, FindingList, Severity

# From the outside in. A pack inside an item (SOIP) names its parent; only nesting left unsaid uses this.
_LEVEL_ORDER = {"S": 0, "V": 0, "O": 1, "T": 2, "P": 3, "I": 4}

ROOT = -1
UNKNOWN = -2


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Nodes by their place among the set's HLs. `starts` and `ends`: segment positions, end exclusive.

    `parents` holds the place of each node's parent, -1 for a root; `top_down` lists the places so that
    every parent comes before its children.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    levels: tuple[str, ...]
    parents: tuple[int, ...]
    top_down: tuple[int, ...]


class HlSegment(NamedTuple):
    """An HL as written: its position in the set, its byte offset, its first three elements."""

    position: int
    offset: int
    number: str
    parent: str
    level: str


def build_hierarchy(
    *, nodes: Sequence[HlSegment], end: int, scope: str, findings: FindingList
) -> Hierarchy | None:
    """The tree over the HL segments; `end` is the position behind the last loop. None: not a tree."""
    by_number = _index(nodes, scope, findings)
    parents = _parents(nodes, by_number, scope, findings)
    top_down = _order(parents)
    if len(top_down) < len(nodes):
        settled = set(top_down)
        stuck = next(place for place in range(len(nodes)) if place not in settled)
        if UNKNOWN not in parents:
            text = f"HL {nodes[stuck].number} is its own ancestor: its HL02 leads in a circle"
            findings.add(
                _fault(
                    "hl_circular",
                    "error",
                    text,
                    nodes[stuck],
                    scope=scope,
                    element=2,
                    value=nodes[stuck].parent,
                )
            )
        return None
    starts = tuple(node.position for node in nodes)
    return Hierarchy(
        starts=starts,
        ends=(*starts[1:], end),
        levels=tuple(node.level for node in nodes),
        parents=tuple(parents),
        top_down=tuple(top_down),
    )


def _index(nodes: Sequence[HlSegment], scope: str, findings: FindingList) -> dict[str, int]:
    by_number: dict[str, int] = {}
    named = {node.parent for node in nodes}
    for place, node in enumerate(nodes):
        if node.number not in by_number:
            by_number[node.number] = place
            continue
        # Two loops of one number matter only if another loop means one of them.
        severity: Severity = "error" if node.number in named else "warning"
        text = f"HL01 {node.number!r} is used twice in the set; give every loop its own number"
        findings.add(_fault("hl_repeated", severity, text, node, scope=scope, element=1, value=node.number))
    return by_number


def _parents(
    nodes: Sequence[HlSegment], by_number: dict[str, int], scope: str, findings: FindingList
) -> list[int]:
    parents: list[int] = []
    open_levels: list[tuple[int, int]] = []
    for place, node in enumerate(nodes):
        depth = _LEVEL_ORDER.get(node.level)
        if node.parent:
            parents.append(by_number.get(node.parent, UNKNOWN))
            if parents[-1] == UNKNOWN:
                text = f"HL {node.number} names HL {node.parent} as its parent, which is not in the set"
                findings.add(
                    _fault(
                        "hl_parent_missing", "error", text, node, scope=scope, element=2, value=node.parent
                    )
                )
        else:
            parents.append(_nesting(open_levels, depth))
            if parents[-1] != ROOT:
                outer = nodes[parents[-1]].number
                text = f"HL {node.number} names no parent; taken to be in HL {outer} before it"
                findings.add(
                    _fault("hl_parent_unsaid", "warning", text, node, scope=scope, element=2, value="")
                )
        if depth is not None:
            while open_levels and open_levels[-1][0] >= depth:
                open_levels.pop()
            open_levels.append((depth, place))
    return parents


def _nesting(open_levels: list[tuple[int, int]], depth: int | None) -> int:
    """The innermost open loop of an outer level; the root where there is none or the level is not known."""
    if depth is None:
        return ROOT
    for outer, place in reversed(open_levels):
        if outer < depth:
            return place
    return ROOT


def _order(parents: list[int]) -> list[int]:
    """Parents before children; loops that hang in a circle or on nothing are left out."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for place, parent in enumerate(parents):
        children[parent].append(place)
    order: list[int] = []
    waiting = list(reversed(children.get(ROOT, [])))
    while waiting:
        place = waiting.pop()
        order.append(place)
        if place in children:
            waiting.extend(reversed(children[place]))
    return order


def _fault(
    code: str, severity: Severity, text: str, node: HlSegment, *, scope: str, element: int, value: str
) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        text=text,
        scope=scope,
        segment=node.position + 1,
        segment_id="HL",
        element=element,
        offset=node.offset,
        value=value,
    )
