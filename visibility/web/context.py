"""What every page shows: the sections with their counts, the theme, the zone of its times."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from visibility.access.scopes import Scope
from visibility.accounts.models import Role, User
from visibility.desk.notices import count_unseen
from visibility.desk.selectors import count_to_approve
from visibility.web.pages import desk_of, open_count

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Section:
    """A section of the top bar."""

    url: str
    label: str
    current: bool
    count: int


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `site` for the base template. Tables render with the request too: asked once."""
    known = getattr(request, "_site", None)
    if known is None:
        known = _site(request)
        request._site = known  # type: ignore[attr-defined]  # lives as long as the request
    return {"site": known}


def _site(request: HttpRequest) -> dict[str, Any]:
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    scope = desk_of(request).scope if signed_in else Scope(companies=())
    return {
        "theme": theme_of(request),
        "themes": [("auto", _("Auto")), ("light", _("Light")), ("dark", _("Dark"))],
        "events_url": events_url(scope),
        "zone_note": _("Times are in %(zone)s.") % {"zone": timezone.get_current_timezone_name()},
        "sections": _sections(request, scope) if signed_in else [],
        "unseen": count_unseen(user=request.user) if signed_in else 0,  # type: ignore[arg-type]  # signed in
    }


def events_url(scope: Scope) -> str:
    """Where this reader hears of changes; empty for a reader of one partner's part, who hears of none."""
    if scope.partners is not None or not scope.companies:
        return ""
    token = signing.dumps({"companies": list(scope.companies)}, salt="events")
    return f"{settings.EVENTS_URL}?{urlencode({'token': token})}"


def theme_of(request: HttpRequest) -> str:
    """The appearance somebody chose; auto follows the system."""
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else "auto"


def _sections(request: HttpRequest, scope: Scope) -> list[Section]:
    named = [
        ("home", _("Home")),
        ("flows", _("Orders")),
        ("cases", _("Exceptions")),
        ("messages", _("Messages")),
    ]
    if scope.partners is None:
        named.insert(3, ("uncorrelated", _("Without order")))
        named.append(("partners", _("Partners")))
        named.append(("terms", _("Terms")))
        if getattr(request.user, "role", "") == Role.INTEGRATION:
            named.append(("connections", _("Connections")))
    open_cases, waiting = open_count(request), _to_approve(request, scope)
    if waiting or request.path == reverse("approvals"):
        named.insert(3, ("approvals", _("Approvals")))
    counts = {"cases": open_cases, "approvals": waiting}
    return [
        Section(
            url=(url := reverse(name)),
            label=label,
            current=request.path == url if name == "home" else request.path.startswith(url),
            count=counts.get(name, 0),
        )
        for name, label in named
    ]


def _to_approve(request: HttpRequest, scope: Scope) -> int:
    """How many decisions wait for this person's word; one short question where none does."""
    if scope.partners is not None or not isinstance(request.user, User):
        return 0
    return count_to_approve(scope=scope, user=request.user)
