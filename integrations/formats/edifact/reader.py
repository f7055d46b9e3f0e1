"""Bytes to messages, with every fault of the envelopes on the way.

`read` goes through the file once and hands out one message at a time, so that memory holds a window of
the file and one message. Nothing stops it but the end: a fault becomes a finding, and reading goes on.
"""

import re
from collections.abc import Iterator

from integrations.formats.edi.findings import Finding
from integrations.formats.edi.foreign import blank, kind_of, start_of, unreadable
from integrations.formats.edi.reading import read_parts
from integrations.formats.edi.source import Source, TextStream
from integrations.formats.edifact.envelope import open_interchange
from integrations.formats.edifact.parts import Part, Refused
from integrations.formats.edifact.separators import (
    ADVICE_LENGTH,
    Separators,
    guess_separators,
    read_advice,
)

_HEADER = re.compile(r"UNA[^A-Za-z0-9]{5}|UNB[^A-Za-z0-9\s]")
_UNB = re.compile(r"\s*UNB")
_HEADER_SIZE = 4096
_FRAGMENTS = (b"UNH", b"UNG")
_INTERACTIVE = b"UIB"


def read(body: Source) -> Iterator[Part]:
    """The messages of all interchanges in order, each group and interchange told again at its end.

    `body`: bytes, a binary file or chunks of bytes. A file that cannot be read, or a stretch of it, comes
    as `Refused`. Never raises.
    """
    return read_parts(body, _EDIFACT)


class _Syntax:
    """What reading needs to know of EDIFACT."""

    header_size = _HEADER_SIZE

    def find_header(self, text: str, start: int) -> int:
        """Where a UNA or UNB begins, or -1."""
        found = _HEADER.search(text, start)
        return found.start() if found else -1

    def interchange(self, stream: TextStream) -> Iterator[Part] | Finding:
        """The parts of the interchange here."""
        text, place, offset = stream.text, stream.position, stream.offset
        findings: list[Finding] = []
        has_advice = text.startswith("UNA", place)
        if has_advice:
            advised = _advised(text, place, offset, findings)
            if isinstance(advised, Finding):
                return advised
            separators, place = advised
        else:
            separators = guess_separators(text[place : place + _HEADER_SIZE])
            if separators.segment != "'" and separators.element == "+":
                findings.append(_warning("terminator_guessed", separators, offset))
        if separators.problem:
            return _error("same_separators", f"the UNA cannot be used: {separators.problem}", "UNA", offset)
        reader = open_interchange(
            stream=stream,
            separators=separators,
            advised=has_advice,
            place=place,
            offset=offset,
            findings=findings,
        )
        return reader if isinstance(reader, Finding) else reader.read()

    def refused(self, finding: Finding) -> Part:
        """A stretch that could not be read."""
        return Refused(finding)

    def foreign(self, head: bytes) -> Finding:
        """What a file without a UNB is."""
        return blank(head) or _foreign(head)


_EDIFACT = _Syntax()


def _advised(text: str, place: int, offset: int, findings: list[Finding]) -> tuple[Separators, int] | Finding:
    """The separators of the UNA at `place`, and where its UNB begins."""
    advice = text[place + 3 : place + ADVICE_LENGTH]
    end = place + ADVICE_LENGTH
    if len(advice) == 6 and advice[5] in "\r\n" and not advice[4].isspace() and advice[4] != "*":
        # Five characters and a line end: the reserved blank was left out.
        advice, end = f"{advice[:4]} {advice[4]}", end - 1
        findings.append(_short(offset))
    elif advice[5:] == "U" and text.startswith("UNB", end - 1):
        advice, end = f"{advice[:4]} {advice[4]}", end - 1
        findings.append(_short(offset))
    following = _UNB.match(text, end)
    if len(advice) < 6 or following is None:
        return _error("no_unb", "no UNB follows the UNA", "UNA", offset)
    separators = read_advice(advice)
    begin = following.end() - 3
    if text[begin + 3 : begin + 4] != separators.element:
        words = "the UNB is not written with the separators that the UNA names; those of the UNB were taken"
        findings.append(
            Finding(
                code="una_differs", severity="warning", text=words, segment=1, segment_id="UNA", offset=offset
            )
        )
        separators = guess_separators(text[begin : begin + _HEADER_SIZE] + " ")
    return separators, begin


def _foreign(head: bytes) -> Finding:
    start = start_of(head)
    kind = kind_of(head)
    if kind:
        return unreadable("not_edifact", f"this looks like {kind}, not EDIFACT: no UNB segment in it")
    if start.startswith(_FRAGMENTS):
        tag = start[:3].decode("ascii")
        text = f"the interchange header is missing: the file begins with {tag}, without a UNB segment"
        return unreadable("no_unb", text, segment_id=tag)
    if start.startswith(_INTERACTIVE):
        return unreadable("interactive", "this is interactive EDIFACT (UIB); send it as a batch (UNB)")
    if start.startswith(b"ISA"):
        return unreadable("not_edifact", "this looks like X12, not EDIFACT: no UNB segment in it")
    return unreadable("not_edifact", "this is not EDIFACT: no UNB segment in it")


def _warning(code: str, separators: Separators, offset: int) -> Finding:
    text = f"segments seem to end with {separators.segment!r}, though no UNA says so"
    return Finding(code=code, severity="warning", text=text, segment=1, segment_id="UNB", offset=offset)


def _short(offset: int) -> Finding:
    text = "the UNA has five characters; six are needed, the fifth a blank"
    return Finding(code="una_short", severity="warning", text=text, segment_id="UNA", offset=offset)


def _error(code: str, text: str, tag: str, offset: int) -> Finding:
    return Finding(code=code, severity="error", text=text, segment=1, segment_id=tag, offset=offset)
