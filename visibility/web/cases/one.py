"""The case page: evidence, choices, what was decided and how far it got, discussion, history."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from visibility.accounts.models import Role, User
from visibility.desk.catalogue import ACTIONS
from visibility.desk.selectors import ResolutionRow, resolutions_of_case, waiting_for_approval
from visibility.desk.services import see_case
from visibility.flows.selectors import latest_entries
from visibility.pipeline.tolerances import tolerance_sources
from visibility.triage import selectors, tallies
from visibility.triage.discussing import see_mentions
from visibility.triage.selectors import CaseDetail
from visibility.web import clocks
from visibility.web.cases import decided, doubt
from visibility.web.cases.asked import user_of
from visibility.web.cases.choices import Deciding, deciding
from visibility.web.cases.decided import DecisionShown
from visibility.web.cases.discussion import discussion_of
from visibility.web.cases.members import members_of
from visibility.web.cases.page import case_context, types_of
from visibility.web.cases.place import list_of, place_of, with_list
from visibility.web.htmx import render_part
from visibility.web.pages import Desk, page
from visibility.web.uncorrelated.page import may_link

LIVE = ("new", "in_progress", "reopened", "waiting", "snoozed")
BUSY = ("underway", "proposed")
"""While a decision is so, there is nothing else to decide."""


@page
def case_page(request: HttpRequest, desk: Desk, *, case_id: int) -> HttpResponse:
    """One exception. With the cursor of its members, that page of them."""
    return show_case(request, desk, case_id=case_id)


def show_case(
    request: HttpRequest,
    desk: Desk,
    *,
    case_id: int,
    choice: Deciding | None = None,
    lost: str = "",
    status: int = 200,
) -> HttpResponse:
    """The whole page; `choice` is the one that is open, where it is not the recommended one.

    `lost` says who was faster, or what changed, when a decision could not be taken.
    """
    user = user_of(request)
    detail = selectors.get_case(scope=desk.scope, case_id=case_id)
    context = _evidence(request, desk, detail) | {"lost": lost}
    if desk.scope.partners is None:
        context |= _worked(request, desk, user, detail, choice)
    page_of = render_part if request.headers.get("HX-Target") == "members" else None
    if page_of is not None:
        return page_of(request, "cases/detail.html", "members", context)
    return render(request, "cases/detail.html", context, status=status)


def _evidence(request: HttpRequest, desk: Desk, detail: CaseDetail) -> dict[str, Any]:
    """What the case rests on: for whoever may see it."""
    row, entries, tolerances = detail.row, [], []
    if detail.flow is not None and detail.view is not None:
        entries = latest_entries(flow=detail.flow, view=detail.view, types=types_of(row.kind))
        if row.line and desk.scope.partners is None:  # who agreed what stays inside the company
            tolerances = tolerance_sources(
                scope=desk.scope, flow_id=detail.flow.id, line=row.line, kind=row.kind
            )
    calendar = clocks.calendars_of([row], otherwise=desk.calendar, company=desk.company)(row)
    context = case_context(detail=detail, entries=entries, calendar=calendar, tolerances=tolerances)
    cursor = request.GET.get("cursor", "")
    context["judged"] = context["judged"] and desk.scope.partners is None
    context["members"] = members_of(row=row, cursor=cursor, orders=detail.orders)
    if row.kind == doubt.KIND:
        context |= doubt.doubt_context(scope=desk.scope, detail=detail)
        context["may_link"] = may_link(request, desk)
    return context


def _worked(
    request: HttpRequest, desk: Desk, user: User, detail: CaseDetail, choice: Deciding | None
) -> dict[str, Any]:
    """What people of the company do about it: nothing of it is for readers of one partner's part."""
    row = detail.row
    if any(user.username in comment.mentions for comment in detail.comments):
        see_mentions(user=user, case_id=row.id)
    decisions = decisions_of(desk, user, detail)
    busy = any(each.row.state in BUSY for each in decisions)
    if choice is None and row.state in LIVE and not busy:
        seen = see_case(scope=desk.scope, case_id=row.id, detail=detail)
        choice = deciding(scope=desk.scope, user=user, seen=seen)
    place = place_of(request, desk, case_id=row.id)
    return {
        "works": True,
        "is_live": row.state in LIVE,
        "decisions": decisions,
        "moves": decided.moves(decisions),
        "deciding": choice,
        "place": place,
        "list_query": place.query if place else list_of(request),
        "here": with_list(request.path, place.query) if place else request.path,
        "discussion": discussion_of(detail=detail, user=user),
        "people": [each for each in tallies.people_of(scope=desk.scope) if each[0] != user.pk],
        "may_waive": choice is not None and any(each.name == "waive" for each in choice.choices),
    }


def decisions_of(desk: Desk, user: User, detail: CaseDetail) -> list[DecisionShown]:
    """The newest decisions about a case, with what this reader may do about them."""
    if not detail.row.decisions:  # nobody ever decided; what was proposed counts as a decision
        return []
    rows = resolutions_of_case(scope=desk.scope, case_id=detail.row.id)[: decided.SHOWN]
    may: set[int] = set()
    if any(row.state == "proposed" for row in rows):
        may = {row.id for row, yes in waiting_for_approval(scope=desk.scope, user=user) if yes}
    plans = decided.plans_of(rows)
    return [
        decided.show(
            row,
            plan=plans.get(row.id),
            may_approve=row.id in may,
            mine=row.who == str(user),
            may_reverse=_may_take(user, row, detail.row.kind) and row is rows[0],
        )
        for row in rows
    ]


def _may_take(user: User, row: ResolutionRow, kind: str) -> bool:
    action = ACTIONS.get(row.action)
    return action is not None and action.allows(role=Role(user.role), kind=kind)
