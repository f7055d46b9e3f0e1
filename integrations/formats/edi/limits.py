"""How much of anything the reader takes: so that no input, however made, takes memory or time for ever.

Sizes are characters of the latin-1 text, which are the bytes of the input.
"""

MAX_BYTES = 1024 * 1024 * 1024
"""Of a whole message."""

MAX_SEGMENT = 32 * 1024
"""Of one segment; what is longer is cut, with an error."""

MAX_ELEMENTS = 128
"""Of one segment. No segment of the standard has more than thirty-odd."""

MAX_SEGMENTS_PER_SET = 2_000_000
"""Of one transaction set; the rest is left out, with an error."""

MAX_PARTS = 1_000_000
"""Sets, groups and interchanges of one message; what follows is left out, with an error."""

MAX_FINDINGS = 100
"""Kept of one transaction set, group or interchange; the first are the telling ones."""

MAX_REFUSED_HEADERS = 20
"""Unusable ISA segments after which a file is given up."""

HEADER_WINDOW = 512
"""How far from "ISA" the sixteenth separator is looked for. A well-made ISA is 106 long."""

WINDOW = 1024 * 1024
"""The text is cut into segments in pieces of about this size, so that only one set is in memory."""
