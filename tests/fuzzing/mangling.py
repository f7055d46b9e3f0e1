"""Our own documents, mangled: the ways in which files come broken, and ways that nobody has seen yet."""

from collections.abc import Callable
from pathlib import Path
from random import Random

GOLDEN = Path(__file__).parents[1] / "golden"
PIECES = {
    "x12": b"ISA*00*|GS*|ST*850*1~|SE*|GE*1|IEA*1*|TA1*|HL*1*2*I~|PO1**9*EA~|ACK*IA~".split(b"|"),
    "edifact": b"UNA:+.? '|UNB+UNOC:3+|UNG+|UNH+1+ORDERS:D:96A:UN'|UNT+|UNE+|UNZ+|?|?'|CPS+1'|LIN+1'".split(
        b"|"
    ),
}
"""What means something to the readers."""

ODD = [b"", b"\x00", b"\x1a", b"\xff", b"\xef\xbb\xbf", b"\r\n", b" ", b"*", b"~", b"'", b"+", b":", b"^"]
ODD += [b"-1", b"9" * 40, b"1e9", b"NaN", b"00000000", b"99999999", b"\xc3\x96", b"\xc3", b"9" * 5000]
MOST = 20_000
"""Bytes of a mangled document: enough for everything, small enough for thousands a minute."""


def documents(syntax: str) -> list[bytes]:
    """The golden documents of a syntax."""
    return [path.read_bytes() for path in sorted((GOLDEN / syntax).glob("*.edi"))]


def mangled(rng: Random, syntax: str, good: list[bytes]) -> bytes:
    """A document with a few things done to it, or (seldom) nothing but noise."""
    if rng.random() < 0.05:
        return rng.choice([b"", *PIECES[syntax]]) + rng.randbytes(rng.randrange(2000))
    body = rng.choice(good)
    for _ in range(rng.randint(1, 6)):
        body = rng.choice(WAYS)(rng, body, syntax, good)[:MOST]
    return body


def stretched(rng: Random, body: bytes, size: int) -> tuple[bytes, bytes]:
    """The document with a piece of it repeated up to about `size` bytes, and up to twice as many."""
    start, end = _span(rng, body, 120)
    piece = body[start:end] or b"*"
    times = max(1, size // len(piece))
    return body[:start] + piece * times + body[start:], body[:start] + piece * 2 * times + body[start:]


def _span(rng: Random, body: bytes, longest: int) -> tuple[int, int]:
    start = rng.randint(0, len(body))
    return start, min(len(body), start + rng.randint(0, longest))


def _cut(rng: Random, body: bytes, syntax: str, good: list[bytes]) -> bytes:
    start, end = _span(rng, body, 200)
    return body[:start] + body[end:]


def _double(rng: Random, body: bytes, syntax: str, good: list[bytes]) -> bytes:
    start, end = _span(rng, body, 200)
    return body[:start] + body[start:end] * rng.choice([2, 3, 50]) + body[end:]


def _truncate(rng: Random, body: bytes, syntax: str, good: list[bytes]) -> bytes:
    return body[: rng.randint(0, len(body))]


def _insert(rng: Random, body: bytes, syntax: str, good: list[bytes]) -> bytes:
    start, end = _span(rng, body, 12)
    piece = rng.choice([rng.choice(ODD), rng.choice(PIECES[syntax]), rng.randbytes(rng.randrange(8))])
    return body[:start] + piece + body[end if rng.random() < 0.5 else start :]


def _element(rng: Random, body: bytes, syntax: str, good: list[bytes]) -> bytes:
    """Something odd between two separators."""
    separator = b"*" if syntax == "x12" else rng.choice([b"+", b":"])
    parts = body.split(separator)
    parts[rng.randrange(len(parts))] = rng.choice(ODD)
    return separator.join(parts)


def _segments(rng: Random, body: bytes, syntax: str, good: list[bytes]) -> bytes:
    """Segments in another order, some left out."""
    terminator = b"~" if syntax == "x12" else b"'"
    parts = body.split(terminator)
    one, other = rng.randrange(len(parts)), rng.randrange(len(parts))
    parts[one], parts[other] = parts[other], parts[one]
    if rng.random() < 0.5:
        del parts[rng.randrange(len(parts))]
    return terminator.join(parts)


def _splice(rng: Random, body: bytes, syntax: str, good: list[bytes]) -> bytes:
    other = rng.choice(good)
    return body[: rng.randint(0, len(body))] + other[rng.randint(0, len(other)) :]


def _respell(rng: Random, body: bytes, syntax: str, good: list[bytes]) -> bytes:
    """One byte everywhere as another: other separators, or two that are one."""
    usual = rng.choice(b"*~>^:\n" if syntax == "x12" else b"+:?'.\n")
    return body.replace(bytes([usual]), bytes([rng.randrange(256)]))


def _advise(rng: Random, body: bytes, syntax: str, good: list[bytes]) -> bytes:
    """A header with separators at random."""
    if syntax == "edifact":
        return b"UNA" + rng.randbytes(6) + body.removeprefix(b"UNA:+.? '")
    place = rng.randrange(120)
    return body[:place] + rng.randbytes(1) + body[place + 1 :]


def _wrap(rng: Random, body: bytes, syntax: str, good: list[bytes]) -> bytes:
    width = rng.choice([1, 3, 80])
    return b"\r\n".join(body[place : place + width] for place in range(0, len(body), width))


WAYS: list[Callable[[Random, bytes, str, list[bytes]], bytes]] = [
    _cut,
    _double,
    _truncate,
    _insert,
    _element,
    _element,
    _segments,
    _splice,
    _respell,
    _advise,
    _wrap,
]
