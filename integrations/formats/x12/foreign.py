"""Telling what a file is when it is not X12, so that its sender is told something to act on."""

from integrations.formats.edi.findings import Finding
from integrations.formats.edi.limits import MAX_BYTES

_ARCHIVES = {
    b"PK\x03\x04": "a zip archive",
    b"PK\x05\x06": "an empty zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
}
_BEGINNINGS = {
    b"%PDF": "a PDF",
    b"UNA": "EDIFACT",
    b"UNB": "EDIFACT",
    b"<": "XML or HTML",
    b"{": "JSON",
    b"[": "JSON",
}
_UTF8_BOM = b"\xef\xbb\xbf"


def refuse_foreign(body: bytes) -> Finding | None:
    """A finding where the whole body can be seen not to be X12; None where it may be."""
    if not body:
        return _unreadable("empty", "the file is empty (0 bytes); send it again")
    if len(body) > MAX_BYTES:
        return _unreadable("too_large", f"the file has {len(body)} bytes, over the limit of {MAX_BYTES}")
    for magic, name in _ARCHIVES.items():
        if body.startswith(magic):
            return _unreadable("archive", f"this is {name}; unpack it and send the documents themselves")
    head = body[:4096]
    if (
        head.startswith((b"\xff\xfe", b"\xfe\xff"))
        or b"I\x00S\x00A\x00" in head
        or b"\x00I\x00S\x00A" in head
    ):
        return _unreadable("utf_16", "the text is UTF-16; send it as UTF-8 or plain ASCII")
    if b"ISA" in body:
        return None
    start = head.removeprefix(_UTF8_BOM).lstrip()
    if not start:
        return _unreadable("blank", "the file holds nothing but blanks; send it again")
    for beginning, name in _BEGINNINGS.items():
        if start.startswith(beginning):
            return _unreadable("not_x12", f"this looks like {name}, not X12: no ISA segment in it")
    if start.startswith((b"GS", b"ST")):
        return _unreadable(
            "no_isa", "the interchange header is missing: the file begins without an ISA segment"
        )
    return _unreadable("not_x12", "this is not X12: no ISA segment in it")


def _unreadable(code: str, text: str) -> Finding:
    return Finding(code=code, severity="error", text=text, offset=0)
