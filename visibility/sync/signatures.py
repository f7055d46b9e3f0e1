"""Signed messages, as Standard Webhooks says: HMAC-SHA256 over `id.timestamp.body`. Pure.

A secret is `whsec_` and base64. While it is changed two are in force: what leaves is signed with both, what
comes may be signed with either.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256

from visibility.core.errors import InputError

PREFIX = "whsec_"
TOLERANCE_SECONDS = 300
LEAST_BYTES = 16


def read_secrets(text: str) -> tuple[bytes, ...]:
    """The keys of one or several secrets with blanks between. InputError that does not repeat them."""
    keys = []
    for number, each in enumerate(text.split(), 1):
        try:
            key = base64.b64decode(each.removeprefix(PREFIX), validate=True)
        except (binascii.Error, ValueError) as error:
            raise InputError(
                "bad_secret", f"Secret {number} is not {PREFIX} and base64.", "secret"
            ) from error
        if len(key) < LEAST_BYTES:
            raise InputError("bad_secret", f"Secret {number} is shorter than {LEAST_BYTES} bytes.", "secret")
        keys.append(key)
    return tuple(keys)


def sign(*, keys: Sequence[bytes], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers that go with a body; `timestamp` in seconds since 1970."""
    signatures = " ".join(f"v1,{_mac(key, message_id, timestamp, body)}" for key in keys)
    return {"webhook-id": message_id, "webhook-timestamp": str(timestamp), "webhook-signature": signatures}


def verify(*, keys: Sequence[bytes], headers: Mapping[str, str], body: bytes, now: float) -> str:
    """Why a message is not to be believed, in words; empty: one of the keys signed it, and lately.

    `headers` with names in lower case. Compared in constant time.
    """
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not message_id or not (stamp.isascii() and stamp.isdigit()):
        return "webhook-id and webhook-timestamp are missing or wrong"
    if abs(now - int(stamp)) > TOLERANCE_SECONDS:
        return f"it was signed more than {TOLERANCE_SECONDS} s from now"
    given = [each.partition(",") for each in headers.get("webhook-signature", "").split()]
    fits = False
    for key in keys:
        wanted = _mac(key, message_id, int(stamp), body).encode()
        for version, _, signature in given:
            fits |= version == "v1" and hmac.compare_digest(wanted, signature.encode())
    return "" if fits else "no signature fits"


def _mac(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    signed = f"{message_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
