"""Identifiers: time-ordered ids for rows, content digests, and the correlation ID."""

import hashlib
import os
import time
from uuid import UUID, uuid5

CORRELATION_NAMESPACE = UUID("6f1a7a52-6c2d-5b1e-9a55-7d3c0f5a7e11")


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): random, yet ordered by the millisecond, so that indexes stay dense."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return UUID(int=value)


def digest(*parts: bytes) -> UUID:
    """128 bits of BLAKE2b over the parts, each with its length before it, as a UUID column fits it."""
    told = b"".join([piece for part in parts for piece in (len(part).to_bytes(8, "big"), part)])
    return UUID(int=int.from_bytes(hashlib.blake2b(told, digest_size=16).digest(), "big"))


def correlation_id(*, company: str, scheme: str, scope: str, value: str) -> UUID:
    """The name of a flow: a UUIDv5 of its smallest identifying key, whoever came first."""
    return uuid5(CORRELATION_NAMESPACE, "\x1f".join((company, scheme, scope, value)))
