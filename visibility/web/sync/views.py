"""Connections, deliveries, and one delivery with all its tries."""

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visibility.access.scopes import Scope
from visibility.accounts.models import Role
from visibility.core import clock
from visibility.core.errors import InputError, NotFoundError
from visibility.desk.selectors import get_resolution
from visibility.sync import selectors, services
from visibility.web.filters import ListFilter
from visibility.web.htmx import render_part
from visibility.web.pages import Desk, page
from visibility.web.paging import pager
from visibility.web.sync.feeds import feeds_context, watch_feed
from visibility.web.sync.tables import DeliveryTable
from visibility.web.sync.words import STATES, next_step, of_endpoint, of_failure, of_filter, of_row, of_try

OPERATORS = (Role.INTEGRATION,)


class DeliveryFilter(ListFilter):
    """Deliveries by state and connection."""

    state = forms.ChoiceField(required=False, label=gettext_lazy("State"))
    connection = forms.ChoiceField(required=False, label=gettext_lazy("Connection"))


def whole(desk: Desk) -> Scope:
    """The reader's scope. For who sees one partner's part only, these pages do not exist."""
    if desk.scope.partners is not None:
        raise Http404
    return desk.scope


def may_operate(request: HttpRequest) -> bool:
    """Whose work it is to pause, retry and cancel; others look on."""
    return getattr(request.user, "role", "") in OPERATORS


def refuse_others(request: HttpRequest) -> None:
    """A post by somebody whose work it is not finds nothing."""
    if not may_operate(request):
        raise Http404


@page
def connection_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every connection that delivers, and how it is doing. Posted to, it pauses and resumes."""
    scope = whole(desk)
    if request.method == "POST":
        return _operate(request, scope)
    rows = selectors.list_endpoints(scope=scope)
    context = {
        "rows": [
            {
                "row": row,
                "status": of_endpoint(row),
                "failed": [(of_failure(kind), count) for kind, count in sorted(row.failed.items())],
                "lag": clock.now() - row.oldest_at if row.oldest_at else None,
            }
            for row in rows
        ],
        "words": selectors.words_on(company_ids=scope.companies),
        **feeds_context(scope),
        "may_operate": may_operate(request),
    }
    return render(request, "sync/connections.html", context)


def _operate(request: HttpRequest, scope: Scope) -> HttpResponse:
    refuse_others(request)
    asked = request.POST
    if asked.get("do") == "watch":
        return watch_feed(request, scope)
    try:
        whom: dict[str, Any] = {
            "scope": scope,
            "user": request.user,
            "endpoint_id": int(asked.get("endpoint", "")),
        }
    except ValueError as error:
        raise Http404 from error
    try:
        if asked.get("do") == "pause":
            services.pause_connection(**whom, reason=asked.get("reason", ""))
            notes.info(request, _("Paused: nothing leaves by it until it is resumed."))
        else:
            services.resume_connection(**whom)
            notes.info(request, _("Resumed: what waited leaves now."))
    except InputError as error:
        notes.error(request, error.text)
    return redirect("connections")


@page
def delivery_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Commands to other systems, the newest first."""
    scope = whole(desk)
    endpoints = selectors.endpoint_names(scope=scope)
    filters = DeliveryFilter(
        request.GET, state=[(state, of_filter(state)) for state in STATES], connection=endpoints
    )
    found = selectors.list_deliveries(
        scope=scope,
        state=filters.text("state"),
        connection=filters.text("connection"),
        cursor=filters.text("cursor"),
    )
    context = {
        "filters": filters,
        "found": found,
        "table": DeliveryTable(found.rows, filters=filters),
        "pager": pager(
            shown=len(found.rows),
            count=found.count,
            capped=found.capped,
            cursor=found.next_cursor,
            filters=filters,
        ),
    }
    return render_part(request, "sync/deliveries.html", "list", context)


@page
def delivery_page(request: HttpRequest, desk: Desk, *, delivery_id: UUID) -> HttpResponse:
    """One command: why, what it says, every try. Posted to, it is sent again or cancelled."""
    scope = whole(desk)
    if request.method == "POST":
        return _move(request, scope, delivery_id)
    detail = selectors.get_delivery(scope=scope, delivery_id=delivery_id)
    row = detail.row
    context = {
        "detail": detail,
        "row": row,
        "status": of_row(row),
        "failure": of_failure(row.failure),
        "next": next_step(detail, as_of=clock.now()),
        "tries": [(item, of_try(item), of_failure(item.failure)) for item in detail.tries],
        "resolution": _cause(scope, row.cause),
        "data": json.dumps(detail.data, indent=2, ensure_ascii=False),
        "answer": json.dumps(detail.answer, indent=2, ensure_ascii=False) if detail.answer else "",
        "may_retry": may_operate(request) and row.state in ("ready", "unknown", "failed"),
        "may_cancel": may_operate(request) and row.state in ("held", "ready", "unknown"),
    }
    return render(request, "sync/delivery.html", context)


def _cause(scope: Scope, cause: str) -> Any:
    kind, _colon, rest = cause.partition(":")
    number = rest.partition(":")[0]
    if kind != "resolution" or not number.isdigit():
        return None
    return get_resolution(scope=scope, resolution_id=int(number))


def _move(request: HttpRequest, scope: Scope, delivery_id: UUID) -> HttpResponse:
    refuse_others(request)
    reason = request.POST.get("reason", "")
    user: Any = request.user
    retry = request.POST.get("do") == "retry"
    try:
        if retry:
            left = services.retry_commands(scope=scope, user=user, ids=[delivery_id], reason=reason)
        else:
            left = services.withdraw_commands(scope=scope, user=user, ids=[delivery_id], reason=reason)
    except NotFoundError as error:
        raise Http404 from error
    except InputError as error:
        notes.error(request, error.text)
        return redirect(reverse("delivery", args=[delivery_id]))
    if left:
        notes.error(request, left[0].why)
    else:
        notes.info(request, _("It is sent again, under the same key.") if retry else _("Cancelled."))
    return redirect(reverse("delivery", args=[delivery_id]))
