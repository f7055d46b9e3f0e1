"""What every page needs first: somebody signed in, what they may see, and the time of their place."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from visibility.access.scopes import Scope, scope_of_user
from visibility.core.errors import ForbiddenError, NotFoundError
from visibility.flows.calendar import WorkingCalendar
from visibility.masterdata.models import Company
from visibility.triage.lists import count_open


@dataclass(frozen=True)
class Desk:
    """Who reads, as far as a page must know: their scope, their company and its working calendar."""

    scope: Scope
    calendar: WorkingCalendar
    company: Company | None = None


View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """A page for people: signed in, in their scope and their company's zone; what is not theirs is 404,
    what is not theirs to do 403.
    """

    @login_required
    @wraps(view)
    def shown(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        request.GET = without_nul(request.GET)  # type: ignore[assignment]  # the same, without what no database takes
        if request.method == "POST" and without_nul(request.POST) is not request.POST:
            raise BadRequest("A form holds a character that no text has.")
        desk = desk_of(request)
        with timezone.override(ZoneInfo(desk.calendar.zone)):
            try:
                return view(request, desk, **kwargs)
            except NotFoundError as error:
                raise Http404(str(error)) from error
            except ForbiddenError as error:
                raise PermissionDenied(str(error)) from error

    return shown


NUL = "\x00"


def without_nul(query: QueryDict) -> QueryDict:
    """The same without what holds a character that no keyboard makes and the database keeps in no text."""
    wrong = [name for name, values in query.lists() if NUL in name or any(NUL in each for each in values)]
    if not wrong:
        return query
    kept = query.copy()
    for name in wrong:
        del kept[name]
    return kept


def desk_of(request: HttpRequest) -> Desk:
    """The desk of the person who asks; looked up once a request."""
    known: Desk | None = getattr(request, "_desk", None)
    if known is None:
        known = _find_desk(request)
        request._desk = known  # type: ignore[attr-defined]  # lives as long as the request
    return known


def _find_desk(request: HttpRequest) -> Desk:
    scope = scope_of_user(request.user)
    company = Company.objects.filter(pk__in=scope.companies).order_by("pk").first()
    if company is None:
        return Desk(scope, WorkingCalendar())
    calendar = WorkingCalendar.of_company(zone=company.time_zone, opens=company.opens, closes=company.closes)
    return Desk(scope, calendar, company)


def keep_open_count(request: HttpRequest, count: int) -> None:
    """How many cases are open, where a page counted them: the sections above it need not ask again."""
    request._open_cases = count  # type: ignore[attr-defined]  # lives as long as the request


def open_count(request: HttpRequest) -> int:
    """How many cases this person has open."""
    known: int | None = getattr(request, "_open_cases", None)
    return count_open(scope=desk_of(request).scope) if known is None else known
