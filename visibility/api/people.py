"""Who decides by the API: people who signed in on the pages, by their session, with its forgery token.

A key is of a connection, and a connection decides nothing: every decision has a person (or a policy) to it.
"""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from ninja.security import APIKeyCookie
from ninja.utils import check_csrf

from visibility.access.scopes import Scope, scope_of_user
from visibility.accounts.models import User
from visibility.core.errors import ForbiddenError

_sessions = import_module(settings.SESSION_ENGINE)


class SignedIn(APIKeyCookie):
    """Lets in who has a session. What changes something needs the header X-CSRFToken beside it."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        super().__init__(csrf=False)  # asked below, where a refusal gets its reason

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        if not key:
            return None
        # This API has no middleware for sessions: those who bring keys do without.
        request.session = _sessions.SessionStore(key)
        user = get_user(request)
        if not isinstance(user, User) or not user.is_active:
            return None
        if check_csrf(request) is not None:
            raise ForbiddenError("The forgery token is missing: send the cookie's value as X-CSRFToken.")
        request.user = user
        return user


signed_in = SignedIn()


def person_of(request: HttpRequest) -> tuple[User, Scope]:
    """Who asks, and what they may see."""
    user = request.user
    if not isinstance(user, User):
        raise ForbiddenError("Somebody must be signed in.")
    return user, scope_of_user(user)
