"""Where a case stands in the list it was opened from: 4 of 14, and its neighbours."""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from visibility.core.errors import NotFoundError
from visibility.web.cases.asked import read_address, user_of
from visibility.web.pages import Desk

LOOKED_AT = 100
"""So many cases of the list are looked at; beyond them the place is not told."""
LIST = "list"


@dataclass(frozen=True)
class Place:
    """`said`: "4 of 14"; addresses of the cases before and after, empty at the ends; `query` of the list."""

    said: str
    before: str
    after: str
    query: str


def list_of(request: HttpRequest) -> str:
    """The query of the list that led here: carried along, or that of the page somebody came from.

    Empty: the list of everything, or none.
    """
    if LIST in request.GET:
        return request.GET[LIST][:1000]
    came = urlsplit(request.headers.get("referer", ""))
    from_list = came.netloc == request.get_host() and came.path == reverse("cases")
    return came.query[:1000] if from_list else ""


def with_list(address: str, query: str) -> str:
    """The address of a case that remembers its list."""
    return f"{address}?{urlencode({LIST: query})}" if query else address


def place_of(request: HttpRequest, desk: Desk, *, case_id: int) -> Place | None:
    """The place of a case in the list that led here; None where there is no list, or it is not in it."""
    came_from_list = LIST in request.GET or "/cases/?" in request.headers.get("referer", "") + "?"
    if not came_from_list:
        return None
    query = list_of(request)
    try:
        asked = read_address(QueryDict(query), desk=desk, user=user_of(request))
        found = asked.read(desk=desk, cursor=asked.filters.text("cursor"), limit=LOOKED_AT)
    except NotFoundError:
        return None
    ids = [row.id for row in found.rows]
    if case_id not in ids:
        return None
    at = ids.index(case_id)
    said = ""
    if not asked.filters.text("cursor"):
        total = _("more than %(n)s") % {"n": f"{found.count:,}"} if found.capped else f"{found.count:,}"
        said = _("%(at)s of %(all)s") % {"at": at + 1, "all": total}
    kept = query or "state=open"
    return Place(
        said=said,
        before=with_list(reverse("case", args=[ids[at - 1]]), kept) if at else "",
        after=with_list(reverse("case", args=[ids[at + 1]]), kept) if at + 1 < len(ids) else "",
        query=kept,
    )
