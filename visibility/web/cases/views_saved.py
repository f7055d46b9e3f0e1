"""Lists that somebody keeps: the tabs above the queue, and saving, renaming and dropping them."""

from dataclasses import dataclass

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from visibility.accounts.models import User
from visibility.core.errors import ForbiddenError, InputError
from visibility.triage import views
from visibility.triage.lists import CasePage
from visibility.triage.tallies import Narrowed, count_views
from visibility.web.cases.asked import ME, NOBODY, Asked, user_of, without_page
from visibility.web.pages import Desk, page, without_nul

PAGE = "cases"
COUNTED = ("kind", "severity", "queue")
"""Parameters of a view that narrow by a value as it is stored; others are looked at one by one."""
UNCOUNTED = ("q", "mine", "state")
NUMBERED = {"supplier": "supplier_id", "place": "ship_to_id"}


@dataclass(frozen=True)
class Tab:
    """A list above the queue. `count` None: not counted; `more`: at least so many. `id`: a saved one's."""

    label: str
    url: str
    current: bool
    count: int | None = None
    more: bool = False
    id: int | None = None
    mine: bool = False
    shared: bool = False


def tabs_of(asked: Asked, found: CasePage, *, desk: Desk, user: User) -> list[Tab]:
    """All of the queue, mine, nobody's, then what was saved; each with how many are open."""
    kept = views.list_views(scope=desk.scope, user=user, page=PAGE)
    here = {"queue": asked.queue} if asked.queue else {}
    built_in = [
        ("", _("By money ÷ days"), {}),
        ("mine", _("Mine"), {"assignee": ME}),
        ("nobody", _("Unassigned"), {"assignee": NOBODY}),
    ]
    queries = [_query(here | narrowed) for _name, _label, narrowed in built_in]
    every = [*queries, *(without_nul(QueryDict(view.query)) for view in kept)]
    narrowed = [_narrowed(query, user.pk) for query in every]
    counted = iter(count_views(scope=desk.scope, views=[each for each in narrowed if each is not None]))
    figures = [(None, False) if each is None else next(counted) for each in narrowed]
    current = _comparable(asked.filters.query)
    if current == _comparable(every[0]):
        figures[0] = (found.count, found.capped)
    tabs = [
        Tab(label, _url(query), current == _comparable(query), figure[0], figure[1])
        for (_name, label, _narrowed_by), query, figure in zip(built_in, queries, figures, strict=False)
    ]
    for view, query, figure in zip(kept, every[3:], figures[3:], strict=True):
        is_current = current == _comparable(query)
        tabs.append(
            Tab(
                view.name,
                _url(query),
                is_current,
                figure[0],
                figure[1],
                id=view.id,
                mine=view.mine,
                shared=view.shared,
            )
        )
    return tabs


def _query(values: dict[str, str]) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update(values)
    return query


def _url(query: QueryDict) -> str:
    return f"{reverse('cases')}?{query.urlencode()}" if query else reverse("cases")


def _comparable(query: QueryDict) -> dict[str, list[str]]:
    """An address without its page and without what is empty; `state=open` is what is meant anyway."""
    found = {name: [each for each in values if each] for name, values in query.lists() if name != "cursor"}
    if found.get("state") == ["open"]:
        del found["state"]
    return {name: values for name, values in found.items() if values}


def _narrowed(query: QueryDict, user_id: int | None) -> Narrowed | None:
    """What a view narrows to; None where that is not counted: words, parked ones, what somebody watches."""
    if any(query.get(name) for name in UNCOUNTED if query.get(name) != "open"):
        return None
    equal: dict[str, object] = {name: query[name] for name in COUNTED if query.get(name)}
    for name, column in NUMBERED.items():
        if value := query.get(name):
            if not value.isdecimal():
                return None
            equal[column] = int(value)
    assignee = query.get("assignee", "")
    if assignee == ME:
        equal["assignee_id"] = user_id
    elif assignee.isdecimal():
        equal["assignee_id"] = int(assignee)
    return Narrowed(equal, unassigned=assignee == NOBODY, sla=query.get("sla", ""))


@page
@require_POST
def keep_view(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Save the list that is shown, rename or drop one of one's own; back to it."""
    user, asked = user_of(request), request.POST
    query = without_page(without_nul(QueryDict(asked.get("query", ""))))
    try:
        number = int(asked.get("view", "") or 0)
        if asked.get("do") == "delete":
            views.delete_view(scope=desk.scope, user=user, view_id=number)
            notes.success(request, _("The view is gone."))
            query = ""
        elif asked.get("do") == "rename":
            views.rename_view(scope=desk.scope, user=user, view_id=number, name=asked.get("name", ""))
            notes.success(request, _("The view is called %(name)s now.") % {"name": asked.get("name", "")})
        else:
            kept = views.save_view(
                scope=desk.scope,
                user=user,
                page=PAGE,
                name=asked.get("name", ""),
                query=query,
                shared=bool(asked.get("shared")),
            )
            notes.success(request, _("Saved as %(name)s.") % {"name": kept.name})
    except (InputError, ForbiddenError, ValueError) as error:
        notes.error(request, str(error))
    return redirect(f"{reverse('cases')}?{query}" if query else reverse("cases"))
