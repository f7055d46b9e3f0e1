"""The first page of a role, and how pages look."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from visibility.accounts.models import Role
from visibility.core import clock
from visibility.flows.lists import list_flows
from visibility.triage.lists import list_cases
from visibility.triage.selectors import queue_counts
from visibility.web import clocks
from visibility.web.cases.rails import queue_rail
from visibility.web.context import THEMES
from visibility.web.filters import CaseFilter
from visibility.web.pages import Desk, page
from visibility.web.tables import CaseTable, FlowTable

A_YEAR = 365 * 24 * 3600
SHOWN = 8


@page
def home(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Buyers and everybody without a page of their own yet: what is open, worst first."""
    role = getattr(request.user, "role", "")
    if role == Role.INTEGRATION:
        return redirect("messages")
    if role == Role.DATA_STEWARD:
        return redirect(f"{reverse('cases')}?queue=invalid-mappings")
    now = clock.now()
    counts = queue_counts(scope=desk.scope)
    worst = list_cases(scope=desk.scope, state="open", limit=SHOWN)
    orders = list_flows(scope=desk.scope, sort="-ordered_on", limit=SHOWN)
    context = {
        "rail": queue_rail(counts, "-"),
        "open_count": sum(n for n, _over in counts.values()),
        "over_count": sum(over for _n, over in counts.values()),
        "cases": CaseTable(
            worst.rows, as_of=now, calendar_of=clocks.calendars_of(worst.rows, otherwise=desk.calendar)
        ),
        "orders": FlowTable(orders.rows, as_of=now),
        "case_count": worst.count,
        "order_count": orders.count,
        "orders_capped": orders.capped,
        "filters": CaseFilter(request.GET),
    }
    return render(request, "home/buyer.html", context)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the appearance somebody chose in a cookie, and go back."""
    chosen = request.POST.get("theme", "auto")
    back = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = reverse("home")
    response = redirect(back)
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
    return response
