"""Which characters separate what: the service string advice (UNA), or what a UNB shows without one."""

import re
from dataclasses import dataclass

from integrations.formats.edi.cutting import BLANKS

_LINE_ENDS = "\r\n"
_INFORMATION_SEPARATORS = ("\x1f", "\x1d", "\x1c")
"""Component, element and segment separator of level B as ISO 9735 versions 1 to 3 give them without a UNA."""

ADVICE_LENGTH = 9
_BEYOND = 0x10F000
_SHOWN = {_BEYOND + code: code for code in range(256)}


@dataclass(frozen=True, slots=True)
class Separators:
    """What separates what. `release` and `repetition` are empty where there is none."""

    component: str = ":"
    element: str = "+"
    decimal: str = "."
    release: str = "?"
    repetition: str = ""
    segment: str = "'"

    @property
    def problem(self) -> str:
        """Why these cannot separate anything; empty where they can."""
        used = [each for each in (self.component, self.element, self.release, self.segment) if each]
        if len(set(used)) < len(used):
            return "one character is to separate two kinds of things"
        if any(each.isascii() and each.isalnum() for each in used):
            return "a letter or figure is to separate things"
        return ""


def read_advice(text: str) -> Separators:
    """The separators that the six characters of a UNA name. A blank means that there is none of its kind.

    The fifth is the repetition separator from syntax version 4 on and was reserved before (ISO 9735-1).
    """
    component, element, decimal, release, repetition, segment = tuple(text)
    used = {component, element, release, segment}
    return Separators(
        component=component,
        element=element,
        decimal=decimal,
        release="" if release == " " else release,
        repetition="" if repetition == " " or repetition.isalnum() or repetition in used else repetition,
        segment=segment,
    )


def guess_separators(text: str) -> Separators:
    """What separates what in an interchange without a UNA, from its UNB and the segment behind it."""
    element = text[3]
    if element == _INFORMATION_SEPARATORS[1]:
        component, element, segment = _INFORMATION_SEPARATORS
        return Separators(component=component, element=element, release="", segment=segment)
    component = text[8:9]
    if component in {"", element, "'"} or component.isalnum() or component in BLANKS:
        component = ":"
    return Separators(
        component=component, element=element, segment=guess_terminator(text, element, component)
    )


def guess_terminator(text: str, element: str, component: str) -> str:
    """The usual apostrophe; another character where that does not stand before the segment behind the UNB."""
    following = re.search(r"UN[HGZ]" + re.escape(element), text)
    if following is None:
        return "'"
    before = text[: following.start()]
    last = before.rstrip(BLANKS)[-1:]
    if not last or last == "'":
        return "'"
    if last.isalnum() or last in {element, component, "?"}:
        return next((char for char in before[::-1] if char in _LINE_ENDS), "'")
    return last


def split_segment(segment: str, separators: Separators) -> list[list[str]]:
    """The components of each element, the tag's first, release characters resolved.

    An element that is repeated gives its first repetition (see `repetitions`).
    """
    element, component = separators.element, separators.component
    release, repetition = separators.release, separators.repetition
    released = bool(release) and release in segment
    if released:
        segment = _hide(segment, separators)
    if repetition and repetition in segment:
        parts = [part.partition(repetition)[0] for part in segment.split(element)]
    else:
        parts = segment.split(element)
    if released:
        return [[_show(each) for each in part.split(component)] for part in parts]
    return [part.split(component) for part in parts]


def repetitions(segment: str, separators: Separators, number: int) -> list[list[str]]:
    """The components of every repetition of an element, counted from 1 behind the tag."""
    parts = _hide(segment, separators).split(separators.element)
    if number >= len(parts):
        return []
    repeats = parts[number].split(separators.repetition) if separators.repetition else [parts[number]]
    return [[_show(each) for each in repeat.split(separators.component)] for repeat in repeats]


def repeated_elements(segment: str, separators: Separators) -> list[int]:
    """Which elements of a segment are repeated, counted from 1."""
    parts = _hide(segment, separators).split(separators.element)
    return [number for number, part in enumerate(parts) if separators.repetition in part]


def _hide(segment: str, separators: Separators) -> str:
    """Released characters moved beyond Unicode's letters, where no separator is found in them."""
    release = separators.release
    if not release or release not in segment:
        return segment
    # The release character first: of a run of them every second one is text.
    for each in (
        release,
        separators.element,
        separators.component,
        separators.segment,
        separators.repetition,
    ):
        if each:
            segment = segment.replace(release + each, chr(_BEYOND + ord(each)))
    return segment.replace(release, "")


def _show(text: str) -> str:
    return text if text.isascii() else text.translate(_SHOWN)
