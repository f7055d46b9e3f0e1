"""Who is asking: bearer keys, and what each may do.

A key that was checked is remembered by its SHA-256 for `REMEMBER_SECONDS`, so that a busy sender costs one
look-up every few seconds instead of one a message. What changes in the database in the meantime (a key
revoked, a connection given another tier) therefore takes effect in this process within that time; an expiry
date takes effect at once. Refused keys are never remembered: a new key works the moment it is issued.
"""

import re
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any, cast

from django.http import HttpRequest
from ninja.security import HttpBearer

from visibility.access.scopes import Scope, scope_of_company
from visibility.api.errors import ForbiddenError
from visibility.core import clock
from visibility.inbox.models import ApiKey
from visibility.inbox.services import check_key

REMEMBER_SECONDS = 3.0
MOST = 1024
FORM = re.compile(r"tl_[0-9a-f]{12}_[A-Za-z0-9_-]{20,100}")


class CheckedKeys:
    """Keys found good a moment ago. Safe between threads: each step is one operation on a dict."""

    def __init__(
        self, *, seconds: float = REMEMBER_SECONDS, tick: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._tick = tick
        self._known: dict[bytes, tuple[float, ApiKey]] = {}

    def check(self, presented: str) -> ApiKey | None:
        """The key, if it is in force; asks the database unless it was asked a moment ago."""
        if not FORM.fullmatch(presented):
            return None
        mark = sha256(presented.encode()).digest()
        checked_at, key = self._known.get(mark, (0.0, None))
        if key is None or self._tick() - checked_at >= self._seconds or _has_expired(key):
            # The time is taken before the question, so that an answer is never older than it seems.
            asked_at = self._tick()
            key = check_key(presented=presented)
            self._remember(mark, asked_at, key)
        return key

    def forget(self) -> None:
        """Ask the database again for every key."""
        self._known.clear()

    def _remember(self, mark: bytes, asked_at: float, key: ApiKey | None) -> None:
        if key is None:
            self._known.pop(mark, None)
            return
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[mark] = (asked_at, key)


def _has_expired(key: ApiKey) -> bool:
    return key.expires_at is not None and key.expires_at <= clock.now()


checked = CheckedKeys()


class BearerKey(HttpBearer):
    """Lets in keys of the named scopes; other valid keys are told that theirs is another."""

    def __init__(self, *scopes: ApiKey.Scope) -> None:
        super().__init__()
        self._scopes = scopes

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        key = checked.check(token.strip())
        if key is not None and key.scope not in self._scopes:
            wanted = " or ".join(self._scopes)
            raise ForbiddenError(
                f"This is a key of the scope {key.scope}; here one of the scope {wanted} is needed."
            )
        return key


can_send = BearerKey(ApiKey.Scope.INGEST)
can_read = BearerKey(ApiKey.Scope.READ)
can_ask = BearerKey(ApiKey.Scope.INGEST, ApiKey.Scope.READ)


def key_of(request: HttpRequest) -> ApiKey:
    """The key this request was let in with."""
    return cast(ApiKey, cast(Any, request).auth)


def scope_of(request: HttpRequest) -> Scope:
    """What the key's company may see."""
    return scope_of_company(key_of(request).connection.company_id)
