"""The page of resolution times."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from visibility.scorecards.resolution_times import By, Times, resolution_times
from visibility.web.cases.kinds import kind_label, queue_label
from visibility.web.pages import Desk, page

WINDOWS = (7, 30, 90)
GROUPS: dict[str, By] = {"queue": "queue", "kind": "kind", "supplier": "supplier_name"}


@page
def time_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """First touch and settling by queue, kind or supplier, over 7, 30 or 90 days."""
    if desk.scope.partners is not None:
        raise Http404
    by = request.GET.get("by", "queue")
    by = by if by in GROUPS else "queue"
    asked = request.GET.get("days", "")
    days = int(asked) if asked.isdigit() and int(asked) in WINDOWS else 30
    report = resolution_times(scope=desk.scope, days=days, by=GROUPS[by])
    labels: dict[str, Callable[[str], str]] = {"queue": queue_label, "kind": kind_label}
    name = labels.get(by, _supplier)
    context = {
        "rows": [
            (row, name(row.name), _address(by, row, "closed"), _address(by, row, "open"))
            for row in report.rows
        ],
        "report": report,
        "days": days,
        "tabs": [(label, f"?{urlencode({'by': key, 'days': days})}", key == by) for key, label in _groups()],
        "windows": [(each, f"?{urlencode({'by': by, 'days': each})}", each == days) for each in WINDOWS],
        "settled": sum(row.settled for row in report.rows),
        "by_itself": sum(row.by_itself for row in report.rows),
    }
    return render(request, "times/report.html", context)


def _supplier(name: str) -> str:
    return name or _("supplier not known")


def _groups() -> list[tuple[str, str]]:
    return [("queue", _("By queue")), ("kind", _("By kind")), ("supplier", _("By supplier"))]


def _address(by: str, row: Times, state: str) -> str:
    """The cases behind a figure. Suppliers are searched for by their name."""
    names = {"queue": "queue", "kind": "kind"}
    query: dict[str, Any] = {"state": state, "sort": "-opened_at"}
    if by in names:
        query[names[by]] = row.name
    return f"{reverse('cases')}?{urlencode(query)}"
