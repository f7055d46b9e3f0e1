"""Which character set a syntax identifier stands for (ISO 9735-1, code list 0001)."""

CHARSETS = {
    "UNOA": "latin-1",
    "UNOB": "latin-1",
    "UNOC": "latin-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
    "UNOL": "iso8859-15",
    "UNOW": "utf-8",
    "UNOX": "iso2022_jp",
    "UNOY": "utf-8",
}
"""UNOA and UNOB allow ASCII only; whatever else their senders write is read as by UNOC."""

ASCII_ONLY = frozenset({"UNOA", "UNOB"})


def charset_of(syntax: str) -> str:
    """The character set by its Python name; an identifier of nobody's list is read as latin-1."""
    return CHARSETS.get(syntax.upper(), "latin-1")


def decode(raw: str, charset: str) -> tuple[str, bool]:
    """A text that was read as latin-1 in the character set it is in, and whether that is the one named.

    Many senders write UTF-8 and say UNOA or UNOC. What is UTF-8 to the last byte is hardly anything else.
    """
    written = raw.encode("latin-1")
    for candidate in ("utf-8", charset) if charset == "latin-1" else (charset, "utf-8"):
        try:
            return written.decode(candidate), candidate == charset
        except UnicodeDecodeError:
            continue
    return raw, False
