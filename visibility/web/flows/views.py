"""The order list and the flow page."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from visibility.canonical.documents import DESK_WORD_TYPES
from visibility.core import clock
from visibility.core.errors import NotFoundError
from visibility.desk.selectors import resolutions_of_flow
from visibility.flows import lists, selectors
from visibility.flows.related import related_orders
from visibility.flows.selectors import FlowDetail
from visibility.inbox.selectors import MessageDetail, get_message
from visibility.ledger.uncorrelated import given_ids, linked_documents
from visibility.triage.selectors import cases_of_flow
from visibility.web.filters import FlowFilter
from visibility.web.flows import linked
from visibility.web.flows.page import flow_context
from visibility.web.flows.timeline import Day
from visibility.web.htmx import render_part
from visibility.web.pages import Desk, page
from visibility.web.paging import pager
from visibility.web.tables import FlowTable
from visibility.web.uncorrelated.page import may_link


@page
def flow_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Orders: search by any identifier, narrow, sort, page by page."""
    facets = lists.flow_facets(scope=desk.scope)
    filters = FlowFilter(
        request.GET, supplier=facets["supplier"], place=facets["ship_to"], state=facets["state"]
    )
    found = lists.list_flows(
        scope=desk.scope,
        q=filters.text("q"),
        supplier_id=filters.value("supplier"),
        ship_to_id=filters.value("place"),
        state=filters.text("state"),
        sort=filters.sort_by,
        cursor=filters.text("cursor"),
    )
    filters.counts = {"place" if name == "ship_to" else name: counts for name, counts in found.counts.items()}
    context = {
        "filters": filters,
        "found": found,
        "table": FlowTable(found.rows, as_of=clock.now(), filters=filters),
        "pager": pager(
            shown=len(found.rows),
            count=found.count,
            capped=found.capped,
            cut=found.cut,
            cursor=found.next_cursor,
            filters=filters,
        ),
    }
    return render_part(request, "flows/list.html", "list", context)


@page
def flow_page(request: HttpRequest, desk: Desk, *, correlation_id: UUID) -> HttpResponse:
    """One order end to end, with one of its documents open in the drawer where `document` names it."""
    everything = request.GET.get("entries") == "all"
    detail = selectors.get_flow(
        scope=desk.scope, correlation_id=correlation_id, history=True, newest=not everything
    )
    if detail.row.correlation_id != correlation_id:
        return redirect("flow", correlation_id=detail.row.correlation_id)
    if desk.scope.partners is not None:
        detail = _outward(detail)
    cases = cases_of_flow(scope=desk.scope, correlation_id=detail.row.correlation_id)
    decisions = []
    if any(case.decisions for case in cases):  # what nobody decided about needs no asking
        decisions = resolutions_of_flow(scope=desk.scope, correlation_id=detail.row.correlation_id)
    context = flow_context(
        detail=detail,
        cases=cases,
        decisions=decisions,
        document=_document(request, desk),
        unfolded=request.GET.get("all") == "1",
        calendar=desk.calendar,
    )
    return render(request, "flows/detail.html", context | _around(request, desk, detail, context["days"]))


def _outward(detail: FlowDetail) -> FlowDetail:
    """Who of ours linked or decided what, and why, and what our systems said to it, stays with us."""
    return replace(
        detail,
        entries=[each for each in detail.entries if each.type not in DESK_WORD_TYPES],
        superseded=[each for each in detail.superseded if each.type not in DESK_WORD_TYPES],
    )


def _around(request: HttpRequest, desk: Desk, detail: FlowDetail, days: list[Day]) -> dict[str, Any]:
    """What the order hangs together with, what people linked to it, and what else it is called."""
    flow = detail.row.id
    given = given_ids(flow_ids=[flow]).get(flow, [])
    rows = linked.linked_rows(linked_documents(flow_id=flow) if desk.scope.partners is None else [])
    linked.mark_linked(days, rows)
    return {
        "name": linked.name_of(detail.row, given),
        "related_orders": linked.related_rows(related_orders(scope=desk.scope, flow_id=flow)),
        "linked": rows,
        "may_link": may_link(request, desk),
        "other_names": linked.other_names(detail.row, given, detail.aliases),
    }


def _document(request: HttpRequest, desk: Desk) -> MessageDetail | None:
    """The message to open; none for a name that is none, or that is not for this reader."""
    try:
        named = UUID(request.GET.get("document", ""))
    except ValueError:
        return None
    try:
        return get_message(scope=desk.scope, message_id=named)
    except NotFoundError:
        return None
