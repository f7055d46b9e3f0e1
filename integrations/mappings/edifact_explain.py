"""Reading an EDIFACT message aloud: each segment by its name, its elements, and what its codes mean.

Nothing here decides anything: orders are read by the mappings. A broken file is shown as far as its
separators can be told.
"""

from integrations.formats.edi.guide import Nesting
from integrations.formats.edifact.guides import guide
from integrations.mappings.edi.editing import EdiEditor
from integrations.mappings.edi.elements import explain_elements, say
from integrations.mappings.edi.texts import read_text
from visibility.inbox.mending import elements_of
from visibility.inbox.ports import EditableBody, EditablePiece, ExplainedSegment, VerbatimMessage

MOST_SEGMENTS = 20_000
ENVELOPE = frozenset({"UNA", "UNB", "UNZ", "UNG", "UNE"})
_DECIDING = {"LIN": 2, "QTY": 1, "BGM": 3, "ERC": 1}
"""Segments that decide something about an order, and the element that does."""
_ANSWERS_DECIDE = {"3", "7"}
_COMPONENT = ":"


class EdifactReader:
    """The reader of application/edifact."""

    def explain(self, message: VerbatimMessage) -> list[ExplainedSegment]:
        """The segments of all interchanges in the message; empty where no header is found."""
        cut = EdiEditor().cut(message.body)
        if not cut.element:
            return []
        component = _component(cut)
        nesting = Nesting(guide().otherwise)
        found: list[ExplainedSegment] = []
        for piece in cut.pieces[:MOST_SEGMENTS]:
            elements = elements_of(piece.text, cut)
            tag = elements[0].strip().upper()[:3]
            if tag == "UNH":
                kind = elements[2].split(component)[0] if len(elements) > 2 else ""
                nesting = Nesting(guide().loops_of(kind))
            inside = 0 if tag in ENVELOPE or tag in {"UNH", "UNT"} else nesting.depth_of(tag)
            found.append(_explained(piece, elements, cut, component=component, depth=inside))
        return found


def _explained(
    piece: EditablePiece, elements: list[str], cut: EditableBody, *, component: str, depth: int
) -> ExplainedSegment:
    tag = elements[0].strip().upper()[:3]
    number, shown = piece.number, f"{piece.text}{cut.segment}"
    if tag == "UNA":
        meaning = "What separates what in this file"
        return ExplainedSegment(number=number, raw=shown, meaning=meaning, faint=True)
    parts = [[_free(part, cut) for part in _split(each, component, cut)] for each in elements]
    parts[0] = [tag]
    explained = explain_elements(guide=guide(), elements=parts)
    place = _DECIDING.get(tag, 0)
    decides = tag == "LIN" and len(elements) > 2 and elements[2] in _ANSWERS_DECIDE
    return ExplainedSegment(
        number=number,
        raw=shown,
        meaning=read_text(say(guide=guide(), tag=tag, explained=explained)),
        emphasis=decides,
        depth=depth,
        deciding=_span(elements, place) if place else (),
        faint=tag in ENVELOPE,
        elements=explained,
    )


def _component(cut: EditableBody) -> str:
    first = cut.pieces[0].text if cut.pieces else ""
    return first[3] if first.startswith("UNA") and len(first) > 3 else _COMPONENT


def _split(element: str, component: str, cut: EditableBody) -> list[str]:
    found, held, free = [], "", False
    for char in element:
        if char == component and not free:
            found.append(held)
            held = ""
            continue
        free = bool(cut.release) and char == cut.release and not free
        held += char
    return [*found, held]


def _free(text: str, cut: EditableBody) -> str:
    """The text without its release characters."""
    if not cut.release or cut.release not in text:
        return text
    found, free = "", False
    for char in text:
        if char == cut.release and not free:
            free = True
            continue
        found, free = found + char, False
    return found


def _span(elements: list[str], place: int) -> tuple[tuple[int, int], ...]:
    if place >= len(elements) or not elements[place]:
        return ()
    start = sum(len(each) + 1 for each in elements[:place])
    return ((start, start + len(elements[place])),)
