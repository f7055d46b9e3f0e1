"""What a person does to one case from its page: whose it is, until when it is parked, watching, its clock."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from visibility.accounts.models import User
from visibility.core import clock
from visibility.core.errors import InputError
from visibility.triage import tallies, working
from visibility.triage.working import Failed
from visibility.web import words
from visibility.web.cases.asked import user_of
from visibility.web.cases.place import list_of, with_list
from visibility.web.pages import Desk, page

DAYS = {"tomorrow": 1, "in-3-days": 3, "in-a-week": 7}
Deed = Callable[[Desk, User, int, QueryDict], tuple[list[Failed], str]]


def _assign(desk: Desk, user: User, case_id: int, data: QueryDict) -> tuple[list[Failed], str]:
    whom = data.get("assignee", "")
    assignee: User | None = None
    if whom == "me":
        assignee = user
    elif whom:
        assignee = tallies.person_of(scope=desk.scope, number=whom)
        if assignee is None:
            raise InputError("nobody", _("There is nobody of that number."), "assignee")
    failed = working.assign_cases(scope=desk.scope, user=user, case_ids=[case_id], assignee=assignee)
    return failed, _("Assigned to %(who)s.") % {"who": assignee} if assignee else _("It is nobody's now.")


def _snooze(desk: Desk, user: User, case_id: int, data: QueryDict) -> tuple[list[Failed], str]:
    if data.get("wake"):
        return working.wake_cases(scope=desk.scope, user=user, case_ids=[case_id]), _("Back on the desk.")
    until = _until(desk, data)
    for_type = data.get("for", "")
    failed = working.snooze_cases(
        scope=desk.scope,
        user=user,
        case_ids=[case_id],
        until=until,
        for_type=for_type,
        reason=data.get("reason", "")[:500],
    )
    said = _("Snoozed until %(at)s.") % {"at": words.full_moment(until)} if until else _("Snoozed.")
    return failed, said


def _until(desk: Desk, data: QueryDict) -> dt.datetime | None:
    """Eight on the day that was chosen, in the company's zone; None where an event is waited for."""
    named = data.get("day") or data.get("until", "")
    if not named:
        return None
    try:
        day = (
            words.local(clock.now()).date() + dt.timedelta(days=DAYS[named])
            if named in DAYS
            else dt.date.fromisoformat(named)
        )
    except ValueError as error:
        raise InputError("no_day", _("Choose a day."), "until") from error
    return dt.datetime.combine(day, dt.time(8), tzinfo=ZoneInfo(desk.calendar.zone))


def _watch(desk: Desk, user: User, case_id: int, data: QueryDict) -> tuple[list[Failed], str]:
    watching = data.get("watching", "1") == "1"
    failed = working.watch_cases(scope=desk.scope, user=user, case_ids=[case_id], watching=watching)
    return failed, _("You hear of its changes now.") if watching else _("You no longer hear of its changes.")


def _pause(desk: Desk, user: User, case_id: int, data: QueryDict) -> tuple[list[Failed], str]:
    why, ids = data.get("reason", "")[:500], [case_id]
    if data.get("resume"):
        failed = working.resume_clock(scope=desk.scope, user=user, case_ids=ids, reason=why)
        return failed, _("The clock goes on.")
    failed = working.pause_clock(scope=desk.scope, user=user, case_ids=ids, reason=why)
    return failed, _("The clock stands.")


def _view(deed: Deed) -> Callable[..., HttpResponse]:
    @require_POST
    @page
    def done(request: HttpRequest, desk: Desk, *, case_id: int) -> HttpResponse:
        try:
            failed, said = deed(desk, user_of(request), case_id, request.POST)
        except InputError as error:
            notes.error(request, error.text)
        else:
            notes.info(request, failed[0].why if failed else said)
        return redirect(with_list(reverse("case", args=[case_id]), list_of(request)))

    return done


assign, snooze, watch, pause = _view(_assign), _view(_snooze), _view(_watch), _view(_pause)
