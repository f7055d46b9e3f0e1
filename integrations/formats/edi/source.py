"""Where the text comes from: bytes, a binary file or chunks, of which only a window is held."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from integrations.formats.edi import limits


class BinaryFile(Protocol):
    """What is open for reading bytes."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most so many; none at the end."""


Source = bytes | BinaryFile | Iterable[bytes]


class TextStream:
    """A source as latin-1 text, so that one character is one byte and places are places in the file.

    `text` is what is held of it, `base` the offset of its first character in the file, `position` the
    place in `text` up to which it was read. Nothing before the position is kept when more is read.
    """

    def __init__(self, source: Source) -> None:
        self._chunks = _chunks(source)
        self._taken = 0
        self.text = ""
        self.base = 0
        self.position = 0
        self.ended = False
        self.too_large = False

    @property
    def offset(self) -> int:
        """The position, counted from the beginning of the file."""
        return self.base + self.position

    def hold(self, size: int) -> None:
        """Hold at least `size` characters behind the position, or all there are."""
        missing = size - (len(self.text) - self.position)
        if missing <= 0 or self.ended:
            return
        # A window at once, so that what is held is not copied again for every few bytes.
        missing = max(missing, limits.WINDOW)
        fresh: list[str] = []
        while missing > 0 and not self.ended:
            chunk = next(self._chunks, b"")
            self._taken += len(chunk)
            if self._taken > limits.MAX_BYTES:
                self.too_large = True
            self.ended = self.too_large or not chunk
            if not self.ended:
                fresh.append(str(chunk, "latin-1"))
                missing -= len(chunk)
        self.text = "".join([self.text[self.position :], *fresh])
        self.base += self.position
        self.position = 0


def _chunks(source: Source) -> Iterator[bytes | memoryview]:
    """The bytes in pieces, none of them empty."""
    if isinstance(source, bytes):
        view = memoryview(source)
        for start in range(0, len(source), limits.WINDOW):
            yield view[start : start + limits.WINDOW]
    elif isinstance(source, Iterable) and not hasattr(source, "read"):
        for chunk in source:
            for start in range(0, len(chunk), limits.WINDOW):
                yield chunk[start : start + limits.WINDOW]
    else:
        while chunk := source.read(limits.WINDOW):
            yield chunk
