"""Bytes to transaction sets, with every fault of the envelopes on the way.

`read` goes through the file once and hands out one set at a time, so that memory holds a window of the
file and one set. Nothing stops it but the end: a fault becomes a finding, and reading goes on behind it.
"""

from collections.abc import Iterator

from integrations.formats.edi.findings import Finding
from integrations.formats.edi.limits import HEADER_WINDOW
from integrations.formats.edi.reading import read_parts
from integrations.formats.edi.source import Source, TextStream
from integrations.formats.x12.delimiters import Header, next_header_offset, read_header
from integrations.formats.x12.envelope import InterchangeReader
from integrations.formats.x12.foreign import foreign
from integrations.formats.x12.parts import Part, Refused


def read(body: Source) -> Iterator[Part]:
    """The sets of all interchanges in order, each group and interchange told again at its end.

    `body`: bytes, a binary file or chunks of bytes. A file that cannot be read, or a stretch of it, comes
    as `Refused`. Never raises, but what reading the source raises.
    """
    return read_parts(body, _X12)


class _Syntax:
    """What reading needs to know of X12."""

    # An ISA of the widest kind, and what stands behind its terminator.
    header_size = 2 * HEADER_WINDOW

    def find_header(self, text: str, start: int) -> int:
        """Where an ISA begins, or -1."""
        return next_header_offset(text, start)

    def interchange(self, stream: TextStream) -> Iterator[Part] | Finding:
        """The parts of the interchange here."""
        header = read_header(stream.text, stream.position, base=stream.base)
        if not isinstance(header, Header):
            return header
        stream.position = header.end
        return InterchangeReader(stream=stream, header=header).read()

    def refused(self, finding: Finding) -> Part:
        """A stretch that could not be read."""
        return Refused(finding)

    def foreign(self, head: bytes) -> Finding:
        """What a file without an ISA is."""
        return foreign(head)


_X12 = _Syntax()
