"""Work on many cases at once: the bar that says what is chosen, and what its buttons do.

With scripts the bar comes and goes in its place; without them it is a page of its own.
"""

import datetime as dt
import json
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from visibility.accounts.models import User
from visibility.core import clock
from visibility.core.errors import ForbiddenError, InputError, NotFoundError
from visibility.triage import tallies, working
from visibility.triage.selectors import CaseRow
from visibility.web import words
from visibility.web.cases import bulk_decide
from visibility.web.cases.asked import ME, may_work, user_of
from visibility.web.cases.chosen import MOST, Chosen, read_chosen
from visibility.web.cases.toasts import Toast, refused, report, seal, unseal
from visibility.web.pages import Desk, page

Deed = Callable[[Desk, User, Chosen, QueryDict], Toast]
DAYS = {"tomorrow": 1, "in-3-days": 3, "in-a-week": 7}
WAKES = ("order.acknowledged", "shipment.notified", "goods.received", "invoice.received")
"""Types of entries that somebody may wait for."""


@page
def bulk(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The bar for what is chosen; posted to, it does what its button says."""
    if not may_work(desk):
        raise NotFoundError("Cases are worked on inside the company.")
    user = user_of(request)
    if request.method == "POST":
        return _answer(request, _do(desk, user, request.POST))
    return bar(request, desk, read_chosen(request.GET, desk=desk, user=user))


def bar(request: HttpRequest, desk: Desk, chosen: Chosen) -> HttpResponse:
    """What is chosen and what can be done about it."""
    user = user_of(request)
    context = {
        "chosen": chosen,
        "query": chosen.all_of or request.GET.get("query", ""),
        "count": request.GET.get("count", ""),
        "most": MOST,
        "back": _back(request.GET.get("back", "")),
        "actions": bulk_decide.actions_for(chosen, desk=desk, user=user),
        "people": [each for each in tallies.people_of(scope=desk.scope) if each[0] != user.pk],
        "wakes": wake_words(),
        "days": [(name, label) for name, label in _day_words().items()],
        "parked": bool(chosen.rows) and all(row.state in ("snoozed", "waiting") for row in chosen.rows),
    }
    part = "#bar" if request.headers.get("HX-Request") else ""
    return render(request, f"cases/bulk.html{part}", context)


def wake_words() -> list[tuple[str, str]]:
    """What somebody may wait for, in words."""
    said = (_("an answer"), _("a ship notice"), _("a receipt"), _("an invoice"))
    return list(zip(WAKES, said, strict=True))


def _day_words() -> dict[str, str]:
    return {"tomorrow": _("tomorrow"), "in-3-days": _("in 3 days"), "in-a-week": _("in a week")}


def _do(desk: Desk, user: User, data: QueryDict) -> Toast:
    deed = DEEDS.get(data.get("do", ""))
    if deed is None:
        return refused(_("There is nothing of that name to be done."))
    chosen = read_chosen(data, desk=desk, user=user)
    if not chosen.rows:
        return refused(_("None of them is open any more."))
    try:
        return deed(desk, user, chosen, data)
    except (InputError, ForbiddenError, NotFoundError) as error:
        return refused(str(error))


def _assign(desk: Desk, user: User, chosen: Chosen, data: QueryDict) -> Toast:
    asked = data.get("assignee", "")
    person = user if asked == ME else tallies.person_of(scope=desk.scope, number=asked)
    if asked and person is None:
        raise InputError("nobody", _("Say whose they are to be."))
    failed = working.assign_cases(scope=desk.scope, user=user, case_ids=chosen.ids, assignee=person)
    whose: dict[int | None, list[int]] = {}
    for row in _worked(chosen, failed):
        whose.setdefault(row.assignee_id, []).append(row.id)
    undo = [{"do": "assign", "assignee": before, "case_ids": ids} for before, ids in whose.items()]
    done = _("%(n)s assigned.") if person else _("%(n)s assigned to nobody.")
    return report(
        asked=len(chosen.ids),
        failed=failed,
        done=done,
        detail=_("To %(person)s.") % {"person": person} if person else "",
        undo=seal(user=user, deeds=undo),
    )


def _snooze(desk: Desk, user: User, chosen: Chosen, data: QueryDict) -> Toast:
    until = _until(data, desk)
    kind = data.get("for_type", "")
    kind = kind if kind in WAKES else ""
    failed = working.snooze_cases(
        scope=desk.scope,
        user=user,
        case_ids=chosen.ids,
        until=until,
        for_type=kind,
        reason=data.get("reason", "")[:500],
    )
    said = [_("until %(at)s") % {"at": words.full_moment(until)}] if until else []
    said += [_("until %(what)s comes") % {"what": dict(wake_words())[kind]}] if kind else []
    detail = _("Asleep %(until)s, and awake before if its evidence changes.") % {
        "until": _(" or ").join(said)
    }
    ids = [row.id for row in _worked(chosen, failed)]
    return report(
        asked=len(chosen.ids),
        failed=failed,
        done=_("%(n)s snoozed."),
        detail=detail,
        undo=seal(user=user, deeds=[{"do": "wake", "case_ids": ids}]),
    )


def _until(data: QueryDict, desk: Desk) -> dt.datetime | None:
    """The beginning of the working time of a day: some days on, or the one that was said."""
    asked = data.get("until", "")
    zone = ZoneInfo(desk.calendar.zone)
    if asked in DAYS:
        day = clock.now().astimezone(zone).date() + dt.timedelta(days=DAYS[asked])
    elif data.get("date"):
        try:
            day = dt.date.fromisoformat(data.get("date", ""))
        except ValueError as error:
            raise InputError("until_unread", _("That is no day.")) from error
    else:
        return None
    morning = dt.datetime.combine(day, dt.time(0), zone)
    return desk.calendar.add(morning, dt.timedelta())


def _wake(desk: Desk, user: User, chosen: Chosen, _data: QueryDict) -> Toast:
    failed = working.wake_cases(scope=desk.scope, user=user, case_ids=chosen.ids)
    return report(asked=len(chosen.ids), failed=failed, done=_("%(n)s taken back to the desk."))


def _comment(desk: Desk, user: User, chosen: Chosen, data: QueryDict) -> Toast:
    text = data.get("text", "").strip()
    failed = working.comment_cases(scope=desk.scope, user=user, case_ids=chosen.ids, text=text)
    return report(asked=len(chosen.ids), failed=failed, done=_("Said about %(n)s."), detail=text[:120])


def _watch(desk: Desk, user: User, chosen: Chosen, data: QueryDict) -> Toast:
    watching = data.get("do") == "watch"
    failed = working.watch_cases(scope=desk.scope, user=user, case_ids=chosen.ids, watching=watching)
    done = _("%(n)s watched.") if watching else _("%(n)s no longer watched.")
    return report(asked=len(chosen.ids), failed=failed, done=done)


DEEDS: dict[str, Deed] = {
    "assign": _assign,
    "snooze": _snooze,
    "wake": _wake,
    "comment": _comment,
    "watch": _watch,
    "unwatch": _watch,
    "resolve": bulk_decide.resolve,
}


@page
@require_POST
def undo(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Take back what a toast says was done."""
    user, failed, asked = user_of(request), [], 0
    try:
        for deed in unseal(request.POST.get("undo", ""), user=user):
            ids = deed["case_ids"]
            asked += len(ids)
            if deed["do"] == "wake":
                failed += working.wake_cases(scope=desk.scope, user=user, case_ids=ids)
            else:
                before = User.objects.filter(pk=deed["assignee"]).first()
                failed += working.assign_cases(scope=desk.scope, user=user, case_ids=ids, assignee=before)
    except (InputError, NotFoundError) as error:
        return _answer(request, refused(str(error)))
    return _answer(request, report(asked=asked, failed=failed, done=_("%(n)s as before.")))


def _worked(chosen: Chosen, failed: list[working.Failed]) -> list[CaseRow]:
    lost = {each.case_id for each in failed}
    return [row for row in chosen.rows if row.id not in lost]


def _answer(request: HttpRequest, toast: Toast) -> HttpResponse:
    """The toast alone where it is put in its place; else the list again, with the toast."""
    if request.headers.get("HX-Request"):
        answer = render(request, "cases/toast.html", {"toast": toast, "alone": True})
        failed = [each.case_id for each in toast.failed]
        answer["HX-Trigger-After-Swap"] = json.dumps({"cases:worked": {"failed": failed}})
        return answer
    said = render_to_string("cases/toast.html", {"toast": toast}, request)
    notes.info(request, mark_safe(said))  # a template of ours, which escapes what it is told
    return redirect(_back(request.POST.get("back", "")))


def _back(address: str) -> str:
    """An address of the queue, and of no other site."""
    own = address.startswith(reverse("cases")) and url_has_allowed_host_and_scheme(
        address, allowed_hosts=None
    )
    return address if own else reverse("cases")
