"""Text into segments: at the terminator unless it is released, blanks and line breaks around them gone."""

import re
from collections.abc import Iterator

from integrations.formats.edi import limits
from integrations.formats.edi.source import TextStream

BLANKS = " \t\r\n\x1a\x00"
"""What may stand around segments without meaning anything: line ends, indentation, an old end of file."""

_LINE_ENDS = "\r\n"
_FIRST_SPAN = 4096


def cut_segments(
    *, stream: TextStream, terminator: str, release: str = "", header: re.Pattern[str], trailing: str = BLANKS
) -> Iterator[tuple[int, str]]:
    """Where in the file each segment begins, and its text, from the stream's position on.

    Ends where `header` matches: another interchange begins there, though the one before has not ended,
    and the stream stands in front of it. `trailing`: what means nothing at a segment's end. A segment
    that does not end for long comes with its beginning only, longer than MAX_SEGMENT all the same.
    """
    # Small spans first: a file of many small interchanges is not cut again from each of them to its end.
    span = min(_FIRST_SPAN, limits.WINDOW)
    while True:
        stream.hold(max(span, limits.MAX_SEGMENT) + limits.HEADER_WINDOW)
        text, start = stream.text, stream.position
        if start >= len(text):
            return
        limit = min(len(text), start + span)
        other = _header_before(text, start, limit, header)
        if other >= 0:
            stop = other
        elif stream.ended and limit == len(text):
            stop = limit
        else:
            stop = _last_end(text, terminator, release, start, limit)
        if stop < 0:
            # A segment longer than the span: as far as it goes.
            stop = _next_end(text, terminator, release, start, len(text))
        if stop < 0:
            yield from _overlong(stream, terminator, release, header)
            continue
        yield from _pieces(text[start:stop], stream.offset, terminator, release, trailing)
        stream.position = stop
        if other >= 0:
            return
        span = min(span * 2, limits.WINDOW)


def end_of_segment(*, stream: TextStream, place: int, terminator: str, release: str = "") -> int:
    """Where in the held text what follows the segment at `place` begins."""
    stop = _next_end(stream.text, terminator, release, place, len(stream.text))
    return len(stream.text) if stop < 0 else stop


def _header_before(text: str, start: int, limit: int, header: re.Pattern[str]) -> int:
    """Where another interchange begins between the two places, or -1."""
    found = header.search(text, start, min(len(text), limit + limits.HEADER_WINDOW))
    return found.start() if found and found.start() < limit else -1


def _pieces(
    text: str, offset: int, terminator: str, release: str, trailing: str
) -> Iterator[tuple[int, str]]:
    width = len(terminator)
    held: list[str] = []
    releasing = (release, "\r", "\n")
    for piece in text.split(terminator):
        if release and piece.endswith(releasing) and _released(piece, len(piece), release, 0):
            held.append(piece)
            continue
        raw = piece
        if held:
            raw = terminator.join([*held, piece])
            held = []
        segment = raw.lstrip(BLANKS).rstrip(trailing)
        if segment:
            place = offset + (raw.find(segment[0]) if raw[0] != segment[0] else 0)
            if "\n" in segment or "\r" in segment:
                # Lines wrapped at a fixed width cut elements in two.
                segment = segment.replace("\r", "").replace("\n", "")
            yield place, segment
        offset += len(raw) + width
    rest = terminator.join(held)
    if rest.strip(BLANKS):
        yield offset + len(rest) - len(rest.lstrip(BLANKS)), rest.strip(BLANKS)


def _last_end(text: str, terminator: str, release: str, start: int, limit: int) -> int:
    """Behind the last terminator between the two places that is none of the text's own; -1 without."""
    stop = text.rfind(terminator, start, limit)
    while stop >= 0 and release and _released(text, stop, release, start):
        stop = text.rfind(terminator, start, stop)
    return stop + len(terminator) if stop >= 0 else -1


def _next_end(text: str, terminator: str, release: str, start: int, limit: int) -> int:
    """Behind the first such terminator; -1 without."""
    stop = text.find(terminator, start, limit)
    while stop >= 0 and release and _released(text, stop, release, start):
        stop = text.find(terminator, stop + len(terminator), limit)
    return stop + len(terminator) if stop >= 0 else -1


def _released(text: str, place: int, release: str, start: int) -> bool:
    """Whether the character at `place` is released: an odd number of release characters stands before it."""
    end = place
    while end > start and text[end - 1] in _LINE_ENDS:
        end -= 1
    first = end
    while first > start and text[first - 1] == release:
        first -= 1
    return (end - first) % 2 == 1


def _overlong(
    stream: TextStream, terminator: str, release: str, header: re.Pattern[str]
) -> Iterator[tuple[int, str]]:
    """A segment that does not end for long: its beginning, the rest passed over."""
    rest = stream.text[stream.position :].lstrip(BLANKS)
    begin = len(stream.text) - len(rest)
    if begin > stream.position:
        # Blanks in front of it may be all that is long.
        stream.position = begin
        return
    beginning = rest[: 2 * limits.MAX_SEGMENT].replace("\r", "").replace("\n", "")
    yield stream.offset, beginning[: limits.MAX_SEGMENT + 1]
    stream.position = min(len(stream.text), begin + limits.MAX_SEGMENT + 1)
    while True:
        stream.hold(limits.WINDOW + limits.HEADER_WINDOW)
        text, start = stream.text, stream.position
        stop = _next_end(text, terminator, release, start, len(text))
        other = _header_before(text, start, len(text) if stop < 0 else stop, header)
        stop = other if other >= 0 else stop
        if stop >= 0 or stream.ended:
            stream.position = stop if stop >= 0 else len(text)
            return
        # Part of a terminator or of a header may stand at the very end.
        stream.position = max(start, len(text) - limits.HEADER_WINDOW)
