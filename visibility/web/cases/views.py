"""Exception queues and the case page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from visibility.core import clock
from visibility.flows.lists import flow_facets
from visibility.flows.selectors import latest_entries
from visibility.triage import lists, selectors
from visibility.triage.findings import QUEUES
from visibility.web import clocks
from visibility.web.cases import doubt
from visibility.web.cases.kinds import queue_label
from visibility.web.cases.page import case_context, types_of
from visibility.web.filters import CaseFilter, kind_options
from visibility.web.htmx import render_part
from visibility.web.pages import Desk, page
from visibility.web.paging import pager
from visibility.web.tables import CaseTable
from visibility.web.uncorrelated.page import may_link

STATES = ("open", "closed", "all")


@page
def case_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A queue, or all of them."""
    queue = request.GET.get("queue", "")
    queue = queue if queue in QUEUES else ""
    state = request.GET.get("state", "open")
    state = state if state in STATES else "open"
    facets = flow_facets(scope=desk.scope)
    filters = CaseFilter(
        request.GET, kind=kind_options(queue), supplier=facets["supplier"], place=facets["ship_to"]
    )
    found = lists.list_cases(
        scope=desk.scope,
        queue=queue,
        state="" if state == "all" else state,
        kind=filters.text("kind"),
        supplier_id=filters.value("supplier"),
        ship_to_id=filters.value("place"),
        q=filters.text("q"),
        sort=filters.sort_by,
        cursor=filters.text("cursor"),
    )
    filters.counts = {"place" if name == "ship_to" else name: counts for name, counts in found.counts.items()}
    counts = selectors.queue_counts(scope=desk.scope)
    context = {
        "filters": filters,
        "found": found,
        "queue": queue,
        "state": state,
        "title": queue_label(queue),
        "silent_run": desk.scope.partners is None,
        "rail": queue_rail(counts, queue),
        "open_count": sum(n for name, (n, _o) in counts.items() if queue in ("", name)),
        "over_count": sum(over for name, (_n, over) in counts.items() if queue in ("", name)),
        "table": CaseTable(
            found.rows,
            as_of=clock.now(),
            calendar_of=clocks.calendars_of(found.rows, otherwise=desk.calendar),
            filters=filters,
        ),
        "pager": pager(
            shown=len(found.rows),
            count=found.count,
            capped=found.capped,
            cut=found.cut,
            cursor=found.next_cursor,
            filters=filters,
        ),
        "tabs": _tabs(filters, state, counts, queue),
        "worst": found.rows[0] if found.rows and _is_top(filters, state) else None,
        "counted_at": clock.now(),
    }
    return render_part(request, "cases/list.html", "list", context)


def _tabs(
    filters: CaseFilter, state: str, counts: dict[str, tuple[int, int]], queue: str
) -> list[dict[str, Any]]:
    """Open ones with their count, closed ones, both."""
    still_open = sum(n for name, (n, _over) in counts.items() if queue in ("", name))
    return [
        {
            "label": _("Open"),
            "url": filters.address(state=""),
            "current": state == "open",
            "count": still_open,
        },
        {
            "label": _("Closed"),
            "url": filters.address(state="closed"),
            "current": state == "closed",
            "count": None,
        },
        {"label": _("All"), "url": filters.address(state="all"), "current": state == "all", "count": None},
    ]


def _is_top(filters: CaseFilter, state: str) -> bool:
    """Whether the first row is the worst of the open ones."""
    return state == "open" and filters.sort_by == "-money" and not filters.text("cursor")


def queue_rail(counts: dict[str, tuple[int, int]], current: str) -> list[dict[str, Any]]:
    """The queues with their counts; all of them first."""
    total = (sum(n for n, _over in counts.values()), sum(over for _n, over in counts.values()))
    return [
        {"queue": name, "label": queue_label(name), "open": n, "over": over, "current": name == current}
        for name, (n, over) in [("", total), *((name, counts.get(name, (0, 0))) for name in QUEUES)]
    ]


@page
def case_page(request: HttpRequest, desk: Desk, *, case_id: int) -> HttpResponse:
    """One exception: evidence, the line so far, clock, history."""
    detail = selectors.get_case(scope=desk.scope, case_id=case_id)
    entries = []
    if detail.flow is not None and detail.view is not None:
        entries = latest_entries(flow=detail.flow, view=detail.view, types=types_of(detail.row.kind))
    calendar = clocks.calendars_of([detail.row], otherwise=desk.calendar)(detail.row)
    context = case_context(detail=detail, entries=entries, calendar=calendar)
    if detail.row.kind == doubt.KIND:
        context |= doubt.doubt_context(scope=desk.scope, detail=detail)
        context["may_link"] = may_link(request, desk)
    return render(request, "cases/detail.html", context)
