"""Telling what a file without an ISA is, so that its sender is told something to act on."""

import re

from integrations.formats.edi.findings import Finding
from integrations.formats.edi.foreign import blank, kind_of, start_of, unreadable

_SEGMENT = re.compile(rb"([A-Z][A-Z0-9]{1,2})([*|^~!\x1d\x1f\x07])[^\r\n]")


def foreign(head: bytes) -> Finding:
    """What the file is, by its first bytes."""
    start = start_of(head)
    kind = kind_of(head)
    if start.startswith((b"UNA", b"UNB")):
        kind = "EDIFACT"
    if kind:
        return unreadable("not_x12", f"this looks like {kind}, not X12: no ISA segment in it")
    segment = _SEGMENT.match(start)
    if segment is not None and segment[1] != b"ISA":
        tag = segment[1].decode("ascii")
        text = f"the interchange header is missing: the file begins with {tag}, without an ISA segment"
        return unreadable("no_isa", text, segment_id=tag)
    return blank(head) or unreadable("not_x12", "this is not X12: no ISA segment could be found in it")
