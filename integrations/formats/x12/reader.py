"""Bytes to transaction sets, with every fault of the envelopes on the way.

`read` goes through the file once and hands out one set at a time, so memory holds the body and one
set. Nothing stops it but the end: a fault becomes a finding, and reading goes on behind it.
"""

from collections.abc import Iterator

from integrations.formats.edi.findings import Finding
from integrations.formats.edi.limits import MAX_PARTS, MAX_REFUSED_HEADERS
from integrations.formats.x12.delimiters import BLANKS, Header, find_end, next_header_offset, read_header
from integrations.formats.x12.envelope import InterchangeReader
from integrations.formats.x12.foreign import refuse_foreign
from integrations.formats.x12.parts import Part, Refused

_BYTE_ORDER_MARK = "\xef\xbb\xbf"


def read(body: bytes) -> Iterator[Part]:
    """The sets of all interchanges in order, each group and interchange told again at its end.

    A file that cannot be read, or a stretch of it, comes as `Refused`. Never raises.
    """
    for count, part in enumerate(_parts(body)):
        if count == MAX_PARTS:
            yield Refused(
                _fault("too_many_parts", f"more than {MAX_PARTS} sets and groups; send it in parts", 0)
            )
            return
        yield part


def _parts(body: bytes) -> Iterator[Part]:
    refusal = refuse_foreign(body)
    if refusal is not None:
        yield Refused(refusal)
        return
    # latin-1 keeps one character a byte, so places in the text are places in the file.
    text = body.decode("latin-1")
    position = refused = 0
    while (offset := next_header_offset(text, position)) >= 0:
        header = read_header(text, offset)
        if isinstance(header, Header):
            yield from _strays(text, position, offset)
            position = find_end(text, header)
            yield from InterchangeReader(text=text, header=header, end=position).read()
            continue
        yield Refused(header)
        refused += 1
        if refused == MAX_REFUSED_HEADERS:
            return
        position = offset + len("ISA")
    if position == 0:
        yield Refused(_fault("not_x12", "this is not X12: no ISA segment could be found in it", 0))
    elif not refused:
        yield from _strays(text, position, len(text))


def _strays(text: str, start: int, end: int) -> Iterator[Refused]:
    """Text outside of any interchange, if there is any."""
    between = text[start:end].replace(_BYTE_ORDER_MARK, "").strip(BLANKS)
    if between:
        yield Refused(
            Finding(
                code="stray_text",
                severity="warning",
                text=f"{len(between)} characters stand outside of any interchange and were left out",
                offset=start,
                value=between[:40],
            )
        )


def _fault(code: str, text: str, offset: int) -> Finding:
    return Finding(code=code, severity="error", text=text, offset=offset)
