"""A file of either syntax: its interchanges one after the other, and what stands between them."""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from integrations.formats.edi import limits
from integrations.formats.edi.cutting import BLANKS
from integrations.formats.edi.findings import Finding
from integrations.formats.edi.foreign import HEAD, refuse_head
from integrations.formats.edi.source import Source, TextStream

PartT_co = TypeVar("PartT_co", covariant=True)

_NOTHING = BLANKS + "\xef\xbb\xbf"


class Syntax(Protocol, Generic[PartT_co]):
    """What reading a file needs to know of a syntax."""

    @property
    def header_size(self) -> int:
        """How many characters at most are looked at to read a header."""

    def find_header(self, text: str, start: int) -> int:
        """Where the next thing that looks like an interchange's header begins, or -1."""

    def interchange(self, stream: TextStream) -> Iterator[PartT_co] | Finding:
        """The parts of the interchange at the stream's position, or why its header cannot be read."""

    def refused(self, finding: Finding) -> PartT_co:
        """A stretch that could not be read."""

    def foreign(self, head: bytes) -> Finding:
        """What a file without any header is, by its beginning."""


def read_parts(source: Source, syntax: Syntax[PartT_co]) -> Iterator[PartT_co]:
    """All parts in order, up to the limit of them. Never raises, but what the source raises."""
    for count, part in enumerate(_parts(source, syntax)):
        if count == limits.MAX_PARTS:
            text = f"more than {limits.MAX_PARTS} sets and groups; send it in parts"
            yield syntax.refused(Finding(code="too_many_parts", severity="error", text=text, offset=0))
            return
        yield part


def _parts(source: Source, syntax: Syntax[PartT_co]) -> Iterator[PartT_co]:
    if isinstance(source, bytes) and len(source) > limits.MAX_BYTES:
        yield syntax.refused(_too_large(f"the file has {len(source)} bytes, over"))
        return
    stream = TextStream(source)
    stream.hold(HEAD)
    head = stream.text[:HEAD].encode("latin-1")
    refusal = refuse_head(head)
    if refusal is not None:
        yield syntax.refused(refusal)
        return
    strays = _Strays()
    found = refused = 0
    while _seek(stream, syntax, strays):
        interchange = syntax.interchange(stream)
        if isinstance(interchange, Finding):
            yield syntax.refused(interchange)
            refused += 1
            if refused == limits.MAX_REFUSED_HEADERS:
                return
            strays.pass_over(stream, 3)
            continue
        if strays.finding:
            yield syntax.refused(strays.finding)
        found += 1
        yield from interchange
        strays = _Strays()
    if stream.too_large:
        yield syntax.refused(_too_large("the file goes on, over"))
    elif not found and not refused:
        yield syntax.refused(syntax.foreign(head))
    elif not refused and strays.finding:
        yield syntax.refused(strays.finding)


def _seek(stream: TextStream, syntax: Syntax[PartT_co], strays: "_Strays") -> bool:
    """Go to the next header; False where there is none. What is passed over is noted."""
    while True:
        stream.hold(syntax.header_size)
        place = syntax.find_header(stream.text, stream.position)
        if place >= 0:
            strays.pass_over(stream, place - stream.position)
            stream.hold(syntax.header_size)
            return True
        left = len(stream.text) - stream.position
        if stream.ended:
            strays.pass_over(stream, left)
            return False
        # A header may begin at the very end of what is held.
        strays.pass_over(stream, left - min(left - 1, 15))


class _Strays:
    """Text outside of any interchange: how much, where it begins, and its first characters."""

    def __init__(self) -> None:
        self._start = self._end = -1
        self._value = ""

    def pass_over(self, stream: TextStream, size: int) -> None:
        """Go on by so many characters."""
        text = stream.text[stream.position : stream.position + size]
        rest = text.lstrip(_NOTHING)
        if rest:
            if self._start < 0:
                self._start = stream.offset + len(text) - len(rest)
            if len(self._value) < 40:
                self._value += rest[: 40 - len(self._value)]
            self._end = stream.offset + len(text.rstrip(_NOTHING))
        stream.position += size

    @property
    def finding(self) -> Finding | None:
        """A warning, if anything but blanks was passed over."""
        if self._start < 0:
            return None
        count = self._end - self._start
        return Finding(
            code="stray_text",
            severity="warning",
            text=f"{count} characters stand outside of any interchange and were left out",
            offset=self._start,
            value=self._value.rstrip(_NOTHING),
        )


def _too_large(words: str) -> Finding:
    text = f"{words} the limit of {limits.MAX_BYTES}"
    return Finding(code="too_large", severity="error", text=text, offset=0)
