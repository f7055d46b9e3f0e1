"""What comes in by which connection: when something last did, whether it is silent, and what is watched."""

from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core import clock
from visibility.core.errors import InputError, NotFoundError
from visibility.inbox.watching import ENTITY, set_watch
from visibility.masterdata.audit import history_of
from visibility.pipeline.silence import Feed, list_feeds
from visibility.web import words
from visibility.web.drawings.status import Status
from visibility.web.terms.said import change_in_words

SHOWN = 10
LONGEST = 6
"""Digits: more minutes than that nobody waits."""


def feeds_context(scope: Scope) -> dict[str, Any]:
    """The feeds with their state, and the last changes of what they are watched for."""
    history = history_of(companies=scope.companies, limit=SHOWN, entities=(ENTITY,))
    return {
        "feeds": [{"feed": feed, "status": status_of(feed)} for feed in list_feeds(scope=scope)],
        "watch_history": [change_in_words(word) for _id, word in history],
    }


def status_of(feed: Feed) -> Status:
    """Silent, heard of, not in use, or not watched: four different things."""
    if feed.heard_at is None:
        return Status("na", "empty", _("Nothing came yet"))
    if feed.due_at is None:
        return Status("na", "dash", _("Not watched"))
    if feed.due_at < clock.now():
        return Status("unk", "unknown", _("Silent since %(at)s") % {"at": words.moment(feed.heard_at)})
    return Status("ok", "done", _("Heard of"))


def watch_feed(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Set what a connection is watched for; 404 for one that is not theirs. What is wrong is said."""
    asked = request.POST
    if not isinstance(request.user, User) or not asked.get("connection", "").isdecimal():
        raise Http404
    try:
        row = set_watch(
            scope=scope,
            user=request.user,
            connection_id=int(asked["connection"][:18]),
            silent_after=_minutes(asked.get("silent_after", "")),
            expects_997=asked.get("expects_997") == "1",
            reason=asked.get("reason", ""),
        )
    except NotFoundError as error:
        raise Http404 from error
    except InputError as error:
        notes.error(request, error.text)
    else:
        notes.info(request, _("%(connection)s is watched so from now on.") % {"connection": row})
    return redirect("connections")


def _minutes(text: str) -> int | None:
    plain = text.strip().replace(",", "")
    if not plain:
        return None
    if not plain.isdecimal() or not plain.isascii() or len(plain) > LONGEST:
        raise InputError("no_number", _("Write whole minutes, like 90."), "/silent_after")
    return int(plain)
