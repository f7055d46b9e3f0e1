"""What segments, elements and codes of X12 are called, in our own words, for people who read a document."""

from functools import cache

from integrations.formats.edi.guide import Guide, read_codes, read_elements, read_loops, read_segments
from integrations.formats.x12.guides import codes, elements, loops, segments

_ELEMENTS = (elements.ENVELOPE, elements.COMMON, elements.LOGISTICS, elements.PLANNING)
_SEGMENTS = (
    segments.ENVELOPE,
    segments.BEGINNINGS,
    segments.PARTIES,
    segments.LINES,
    segments.TRANSPORT,
    segments.WAREHOUSE,
)
_CODES = (
    codes.ENVELOPE,
    codes.ORDERS,
    codes.PARTIES,
    codes.DATES,
    codes.QUANTITIES,
    codes.SHIPPING,
)
_LOOPS = (loops.ORDERS, loops.PLANNING, loops.SHIPPING, loops.WAREHOUSE, loops.MONEY)


@cache
def guide() -> Guide:
    """The guide of X12. Read once a process."""
    known = read_elements(*_ELEMENTS)
    composites = read_segments(segments.COMPOSITES, elements=known)
    return Guide(
        elements=known,
        segments=read_segments(*_SEGMENTS, elements=known, composites=composites),
        codes=read_codes(*_CODES),
        loops=read_loops(*_LOOPS),
        otherwise=read_loops(loops.OTHERWISE)["other"],
    )
