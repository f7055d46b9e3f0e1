"""A segment element by element as people read it: what each is called, its value, what a code means."""

import datetime as dt
from collections.abc import Iterator, Sequence

from integrations.formats.edi.guide import Guide, Segment, Use
from integrations.mappings.edi.texts import read_text
from visibility.inbox.ports import ExplainedElement

MOST_ELEMENTS = 60
TOLD = 4
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATES = {"DT", "n8"}


def explain_elements(*, guide: Guide, elements: Sequence[Sequence[str]]) -> tuple[ExplainedElement, ...]:
    """The filled elements of a segment, its tag first in `elements`; each is a list of components."""
    tag = elements[0][0].strip() if elements and elements[0] else ""
    segment = guide.segments.get(tag, Segment(tag, "", ()))
    found: list[ExplainedElement] = []
    for place, components in enumerate(elements[1 : MOST_ELEMENTS + 1], start=1):
        use = segment.uses[place - 1] if place <= len(segment.uses) else Use("", "")
        found += _of_element(guide, f"{tag}{place:02d}", use, components)
    return tuple(found)


def say(*, guide: Guide, tag: str, explained: Sequence[ExplainedElement]) -> str:
    """A segment in a line, where nothing says it better: its name and its first elements."""
    name = guide.segments[tag].name if tag in guide.segments else ""
    told = [each for each in explained if each.value][:TOLD]
    parts = [f"{each.name or each.label}: {each.meaning or each.value}" for each in told]
    return f"{name or tag}{' – ' if parts else ''}{', '.join(parts)}"


def _of_element(guide: Guide, label: str, use: Use, components: Sequence[str]) -> Iterator[ExplainedElement]:
    if len(components) <= 1 or not use.parts:
        value = read_text(":".join(components))
        # An element that a later directory made a composite stands alone before it.
        own = use.parts[0] if use.parts else use
        if value:
            yield ExplainedElement(
                label=label, name=own.name or use.name, value=value, meaning=_meaning(guide, own, value)
            )
        return
    for number, component in enumerate(components, start=1):
        part = use.parts[number - 1] if number <= len(use.parts) else Use("", "")
        value = read_text(component)
        if value:
            yield ExplainedElement(
                label=f"{label}-{number}",
                name=part.name or use.name,
                value=value,
                meaning=_meaning(guide, part, value),
            )


def _meaning(guide: Guide, use: Use, value: str) -> str:
    told = guide.meaning(use.number, value)
    if told or use.number not in guide.elements:
        return told
    kind = guide.elements[use.number].kind.partition(" ")[0]
    return _date(value) if kind in _DATES else ""


def _date(value: str) -> str:
    """30 Nov 2026 for 20261130 or 261130; nothing where it is no date."""
    digits = f"20{value}" if len(value) == 6 else value
    if len(digits) != 8 or not digits.isdecimal():
        return ""
    try:
        day = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return ""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
