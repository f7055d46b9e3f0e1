"""Bytes to messages, with every fault of the envelopes on the way.

`read` goes through the file once and hands out one message at a time, so that memory holds a window of
the file and one message. Nothing stops it but the end: a fault becomes a finding, and reading goes on.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from integrations.formats.edi.findings import Finding, Severity
from integrations.formats.edi.foreign import blank, kind_of, start_of, unreadable
from integrations.formats.edi.reading import read_parts
from integrations.formats.edi.source import Source, TextStream
from integrations.formats.edifact.envelope import HEADER, open_interchange
from integrations.formats.edifact.parts import Part, Refused
from integrations.formats.edifact.separators import (
    ADVICE_LENGTH,
    Separators,
    guess_separators,
    guess_terminator,
    read_advice,
)

_UNB = re.compile(r"[ \t\r\n\x00\x1a]{0,64}UNB")
_SWALLOWED = re.compile(r"[\r\n] *UNH")
_HEADER_SIZE = 4096
_USUAL = ("'", "\x1c")
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
        found = HEADER.search(text, start)
        return found.start() if found else -1

    def interchange(self, stream: TextStream) -> Iterator[Part] | Finding:
        """The parts of the interchange here."""
        text, place, offset = stream.text, stream.position, stream.offset
        findings: list[Finding] = []
        advised = text.startswith("UNA", place)
        if advised:
            advice = _advice(text, place, offset, findings)
            if isinstance(advice, Finding):
                return advice
            separators, place = advice
        else:
            separators = guess_separators(text[place : place + _HEADER_SIZE])
        if separators.problem:
            tag = "UNA" if advised else "UNB"
            return _finding(
                "same_separators", f"nothing can be told apart: {separators.problem}", tag, offset
            )
        window = text[place : place + _HEADER_SIZE]
        separators = _with_terminator(window, separators, advised, offset, findings)
        reader = open_interchange(
            stream=stream,
            separators=separators,
            advised=advised,
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


def _advice(text: str, place: int, offset: int, findings: list[Finding]) -> tuple[Separators, int] | Finding:
    """The separators of the UNA at `place`, and where its UNB begins."""
    advice, end = text[place + 3 : place + ADVICE_LENGTH], place + ADVICE_LENGTH
    if advice[4:5] not in {" ", "*"} and (advice[5:] in {"\r", "\n"} or text.startswith("UNB", end - 1)):
        # Five characters and what comes next: the reserved blank was left out.
        advice, end = f"{advice[:4]} {advice[4]}", end - 1
        words = "the UNA has five characters; six are needed, the fifth a blank"
        findings.append(_finding("una_short", words, "UNA", offset, "warning"))
    following = _UNB.match(text, end)
    if len(advice) < 6 or following is None:
        return _finding("no_unb", "no UNB follows the UNA", "UNA", offset)
    separators = read_advice(advice)
    begin = following.end() - 3
    if text[begin + 3 : begin + 4] != separators.element:
        words = "the UNB is not written with the separators that the UNA names; its own were taken"
        findings.append(_finding("una_differs", words, "UNA", offset, "warning"))
        separators = guess_separators(text[begin : begin + _HEADER_SIZE].ljust(4))
    return separators, begin


def _with_terminator(
    text: str, separators: Separators, advised: bool, offset: int, findings: list[Finding]
) -> Separators:
    """The separators, their terminator told where it had to be guessed: nothing named it, or wrongly."""
    terminator = separators.segment
    if terminator not in "\r\n" and _SWALLOWED.search(text.partition(terminator)[0]):
        terminator = guess_terminator(text, separators.element, separators.component)
    elif advised or terminator in _USUAL:
        return separators
    words = f"segments end with {terminator!r}, though nothing says so"
    findings.append(_finding("terminator_guessed", words, "UNB", offset, "warning"))
    return replace(separators, segment=terminator)


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


def _finding(code: str, text: str, tag: str, offset: int, severity: Severity = "error") -> Finding:
    return Finding(code=code, severity=severity, text=text, segment=1, segment_id=tag, offset=offset)
