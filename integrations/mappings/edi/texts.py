"""Texts of documents as people may read them."""

MAX_TEXT = 256


def read_text(raw: str) -> str:
    """The element as people may read it: UTF-8 where it is, no control characters, no blanks around."""
    if raw.isascii() and raw.isprintable():
        return raw.strip()[:MAX_TEXT]
    try:
        text = raw.encode("latin-1").decode()
    except UnicodeError:  # not bytes of a file but text already, or no UTF-8
        text = raw
    return "".join(char if char.isprintable() else " " for char in text).strip()[:MAX_TEXT]
