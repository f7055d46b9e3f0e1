"""A reader for the tests alone, so that the sandbox's writer is not judged by itself. Splits, no more."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Set:
    """A transaction set: ST01, and its segments with ST and SE."""

    code: str
    segments: list[list[str]]

    def all(self, tag: str) -> list[list[str]]:
        return [segment for segment in self.segments if segment[0] == tag]

    def first(self, tag: str) -> list[str]:
        return self.all(tag)[0]


def segments_of(body: bytes) -> list[list[str]]:
    """The segments of one interchange as lists of elements; separators are where the ISA puts them."""
    text = body.decode("ascii")
    separator, terminator = text[3], text[105]
    parts = (part.strip("\r\n") for part in text.split(terminator))
    return [part.split(separator) for part in parts if part]


def sets_of(body: bytes) -> list[Set]:
    """The transaction sets of one interchange."""
    found: list[Set] = []
    current: list[list[str]] = []
    for segment in segments_of(body):
        current = [segment] if segment[0] == "ST" else [*current, segment]
        if segment[0] == "SE":
            found.append(Set(current[0][1], current))
    return found


def element(segment: list[str], position: int) -> str:
    """An element by its X12 position (1 is the first), empty where the segment ends before it."""
    return segment[position] if position < len(segment) else ""


def ids_of(segment: list[str], start: int) -> dict[str, str]:
    """Qualifier to value, of the pairs from element `start` on."""
    return dict(zip(segment[start::2], segment[start + 1 :: 2], strict=False))
