"""Secrets at rest: encrypted with keys that are not in the database, and never shown again."""

import base64
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from visibility.core.errors import InputError


def seal_secret(text: str) -> bytes:
    """Encrypt with the first key."""
    return _fernet(_keys()).encrypt(text.encode()) if text else b""


def open_secret(sealed: bytes) -> str:
    """Decrypt with whichever key fits. InputError where none does: the keys were changed too early."""
    if not sealed:
        return ""
    try:
        return _fernet(_keys()).decrypt(bytes(sealed)).decode()
    except InvalidToken as error:
        raise InputError(
            "secret_lost", "The secret was encrypted with a key that is not in SYNC_KEYS any more.", "secret"
        ) from error


def reseal_secret(sealed: bytes) -> bytes:
    """Encrypt anew with the first key, so that an old one can go."""
    return _fernet(_keys()).rotate(bytes(sealed)) if sealed else b""


def _keys() -> tuple[str, ...]:
    given: list[str] = getattr(settings, "SYNC_KEYS", [])
    if given:
        return tuple(given)
    # Good for one machine, where SECRET_KEY is kept anyway; elsewhere SYNC_KEYS lets both change apart.
    derived = sha256(b"throughline sync keys\x00" + settings.SECRET_KEY.encode()).digest()
    return (base64.urlsafe_b64encode(derived).decode(),)


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
