"""Signed requests as Standard Webhooks says: HMAC-SHA256 over id, time and body."""

import base64
import hmac
from collections.abc import Mapping
from hashlib import sha256

TOLERANCE_SECONDS = 300
PREFIX = "whsec_"


class UnsignedError(Exception):
    """The request is not of whom it should be; the text says why, for the sender's log."""


def sign(*, secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature of a body, as it stands in the header."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()


def check(*, secrets: tuple[str, ...], headers: Mapping[str, str], body: bytes, now: float) -> None:
    """UnsignedError unless one of the secrets signed it, and not long ago."""
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "").split()
    if not message_id or not stamp.isdigit() or not given:
        raise UnsignedError("webhook-id, webhook-timestamp and webhook-signature are needed")
    if abs(now - int(stamp)) > TOLERANCE_SECONDS:
        raise UnsignedError(f"the time {stamp} is more than {TOLERANCE_SECONDS} s from ours")
    for secret in secrets:
        wanted = sign(secret=secret, message_id=message_id, timestamp=int(stamp), body=body)
        if any(hmac.compare_digest(wanted, each) for each in given):
            return
    raise UnsignedError("no signature fits")
