"""Telling what a file is when it is no EDI, so that its sender is told something to act on."""

from integrations.formats.edi.findings import Finding

HEAD = 4096
"""How many bytes of a file are looked at."""

_ARCHIVES = {
    b"PK\x03\x04": "a zip archive",
    b"PK\x05\x06": "an empty zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
}
_KINDS = {
    b"%PDF": "a PDF",
    b"<": "XML or HTML",
    b"{": "JSON",
    b"[": "JSON",
    b"%!PS": "PostScript",
    b"\xd0\xcf\x11\xe0": "an Office document",
    b"{\\rtf": "a word processor's document",
    b"-----BEGIN": "an encrypted or signed text",
    b"Content-Type:": "an e-mail",
    b"MIME-Version:": "an e-mail",
    b"STX=": "TRADACOMS",
    b"EDI_DC": "an IDoc",
}
_WIDE = ("ISA", "UNA", "UNB")
UTF8_MARK = b"\xef\xbb\xbf"


def refuse_head(head: bytes) -> Finding | None:
    """A finding where a file's first bytes show that no text of any kind follows; None where it may."""
    if not head:
        return unreadable("empty", "the file is empty (0 bytes); send it again")
    for magic, name in _ARCHIVES.items():
        if head.startswith(magic):
            return unreadable("archive", f"this is {name}; unpack it and send the documents themselves")
    wide = [word.encode(order) for word in _WIDE for order in ("utf-16-le", "utf-16-be")]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or any(word in head for word in wide):
        return unreadable("utf_16", "the text is UTF-16; send it as UTF-8 or plain ASCII")
    return None


def start_of(head: bytes) -> bytes:
    """A file's first bytes without a byte order mark and blanks."""
    return head.removeprefix(UTF8_MARK).lstrip(b" \t\r\n\x0b\x0c\x1a\x00")


def kind_of(head: bytes) -> str:
    """What the file looks like, in words, by its beginning; empty where nobody can tell."""
    start = start_of(head)
    # The longest beginning that fits: "{\\rtf" is no JSON.
    fitting = [beginning for beginning in _KINDS if start.startswith(beginning)]
    return _KINDS[max(fitting, key=len)] if fitting else ""


def blank(head: bytes) -> Finding | None:
    """A finding where a file without a header begins with nothing but blanks."""
    if start_of(head):
        return None
    return unreadable("blank", "the file holds nothing but blanks; send it again")


def unreadable(code: str, text: str, *, segment_id: str = "") -> Finding:
    """An error about the file as a whole, at its beginning."""
    return Finding(
        code=code,
        severity="error",
        text=text,
        offset=0,
        segment=1 if segment_id else 0,
        segment_id=segment_id,
    )
