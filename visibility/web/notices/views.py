"""Notices of the person signed in, what they chose, and how many are new."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from visibility.accounts.models import User
from visibility.core.errors import InputError
from visibility.desk import notices
from visibility.desk.audience import SEVERITIES
from visibility.desk.models import NotificationChoice
from visibility.triage.findings import QUEUES
from visibility.web.cases.kinds import queue_label
from visibility.web.drawings.status import Status
from visibility.web.pages import Desk, page


@page
def notice_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What this person is told of. Posted to, it marks them seen, adds a choice or takes one away."""
    user: User = request.user  # type: ignore[assignment]  # the page asks for somebody signed in
    error = None
    if request.method == "POST":
        try:
            _do(request, user)
        except InputError as wrong:
            error = wrong
        else:
            return redirect("notices")
    rows = notices.list_notices(scope=desk.scope, user=user)
    context = {
        "rows": [(row, why_words(row.why)) for row in rows],
        "unseen": sum(not row.seen for row in rows),
        "choices": notices.list_choices(user=user),
        "queues": [(queue, queue_label(queue)) for queue in QUEUES],
        "severities": SEVERITIES,
        "ways": NotificationChoice.Way.choices,
        "filled": request.POST if error else {},
        "error": error,
    }
    return render(request, "notices/list.html", context, status=422 if error else 200)


def _do(request: HttpRequest, user: User) -> None:
    what, number = request.POST.get("do", ""), request.POST.get("id", "")
    if what == "seen":
        notices.mark_seen(user=user, notice_id=int(number) if number.isdigit() else None)
    elif what == "add":
        notices.add_choice(user=user, given=request.POST.dict())
    elif what == "remove" and number.isdigit():
        notices.remove_choice(user=user, choice_id=int(number))
    else:
        raise InputError("nothing_to_do", _("Nothing was changed: say what to do."), "do")


@require_GET
@page
def notice_count(request: HttpRequest, _desk: Desk) -> HttpResponse:
    """The bell of the top bar alone, for pages that are told of changes."""
    return render(request, "notices/bell.html", {})


def why_words(why: str) -> Status:
    """Why somebody is told, with its shape."""
    return {
        "opened": Status("go", "dot", _("New")),
        "changed": Status("go", "dot", _("Comment")),
        "progress": Status("ok", "done", _("Decided")),
        "warning": Status("warn", "triangle", _("Time runs out")),
        "assigned": Status("go", "progress", _("Yours")),
        "over": Status("bad", "diamond", _("Over its time")),
        "mentioned": Status("go", "dot", _("You were named")),
        "approve": Status("warn", "triangle", _("To approve")),
    }.get(why, Status("go", "dot", why))
