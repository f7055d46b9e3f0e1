"""What segments, elements and codes of EDIFACT are called, in our own words, for people who read."""

from functools import cache

from integrations.formats.edi.guide import Guide, read_codes, read_elements, read_loops, read_segments
from integrations.formats.edifact.guides import codes, elements, loops, segments

_ELEMENTS = (elements.ENVELOPE, elements.COMMON, elements.MONEY, elements.GOODS)
_SEGMENTS = (segments.ENVELOPE, segments.HEADER, segments.LINES)
_CODES = (codes.ENVELOPE, codes.DOCUMENTS, codes.PARTIES, codes.GOODS)
_LOOPS = (loops.TRADE, loops.LOGISTICS)


@cache
def guide() -> Guide:
    """The guide of EDIFACT. Read once a process."""
    known = read_elements(*_ELEMENTS)
    composites = read_segments(segments.COMPOSITES, elements=known)
    return Guide(
        elements=known,
        segments=read_segments(*_SEGMENTS, elements=known, composites=composites),
        codes=read_codes(*_CODES),
        loops=read_loops(*_LOOPS),
        otherwise=next(iter(read_loops(loops.OTHERWISE).values())),
    )
