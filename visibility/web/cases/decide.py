"""Deciding about a case: the choice that is open, its preview, and the decision itself."""

from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from visibility.accounts.models import User
from visibility.core.errors import InputError
from visibility.desk import services
from visibility.desk.errors import ChangedError, DecidedError
from visibility.web import words
from visibility.web.cases.asked import user_of
from visibility.web.cases.choices import Deciding, deciding
from visibility.web.cases.one import show_case
from visibility.web.cases.place import list_of, with_list
from visibility.web.pages import Desk, page

LOST = 409


@require_http_methods(["GET", "POST"])
@page
def decide(request: HttpRequest, desk: Desk, *, case_id: int, action: str) -> HttpResponse:
    """One choice of a case with its form and preview; posted to, it previews again, keeps, or decides."""
    user = user_of(request)
    seen = services.see_case(scope=desk.scope, case_id=case_id)
    data = request.POST if request.method == "POST" else request.GET
    op = request.POST.get("op", "preview")
    given = {name: data[name] for name in data if name not in _OURS}
    error = None
    if request.method == "POST" and op in ("decide", "draft"):
        try:
            return _deed(request, desk, user, case_id=case_id, action=action, op=op)
        except DecidedError as lost:
            return show_case(request, desk, case_id=case_id, lost=lost_words(lost), status=LOST)
        except ChangedError as changed:
            return show_case(request, desk, case_id=case_id, lost=str(changed), status=LOST)
        except InputError as wrong:
            error = wrong
    decisions = _number(request.POST.get("decisions", ""))
    choice = deciding(
        scope=desk.scope,
        user=user,
        seen=seen,
        chosen=action,
        values=given if request.method == "POST" else None,
        error=error,
        decisions=decisions,
        key=request.POST.get("key", ""),
    )
    return _shown(request, desk, case_id=case_id, choice=choice, status=422 if error else 200)


_OURS = ("op", "decisions", "evidence", "key", "list", "csrfmiddlewaretoken")


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 6 else None


def _shown(
    request: HttpRequest, desk: Desk, *, case_id: int, choice: Deciding | None, status: int
) -> HttpResponse:
    """The part where the choice is made for a swap, else the whole page with that choice open."""
    if request.headers.get("HX-Request") and request.headers.get("HX-Target") in ("decide", "preview"):
        context = {"deciding": choice, "case_id": case_id, "list_query": list_of(request)}
        return render(request, "cases/decide.html", context)
    return show_case(request, desk, case_id=case_id, choice=choice, status=status)


def _deed(
    request: HttpRequest, desk: Desk, user: User, *, case_id: int, action: str, op: str
) -> HttpResponse:
    given = {name: request.POST[name] for name in request.POST if name not in _OURS}
    if op == "draft":
        services.keep_draft(scope=desk.scope, user=user, case_id=case_id, action=action, values=given)
        notes.info(request, _("Kept for later; nothing was decided."))
        return redirect(_case(request, case_id))
    decisions = _number(request.POST.get("decisions", ""))
    if decisions is None:
        raise InputError("not_seen", _("Load the page again: it does not say what you saw."), "")
    made = services.resolve_case(
        scope=desk.scope,
        user=user,
        case_id=case_id,
        action=action,
        values=given,
        seen_decisions=decisions,
        evidence=_uuid(request.POST.get("evidence", "")),
        request_key=request.POST.get("key", "")[:100],
    )
    said = _("Sent for approval: %(words)s.") if made.state == "proposed" else _("Decided: %(words)s.")
    notes.info(request, said % {"words": made.words})
    return redirect(_case(request, case_id) + "#decided")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _case(request: HttpRequest, case_id: int) -> str:
    return with_list(reverse("case", args=[case_id]), list_of(request))


def lost_words(error: DecidedError) -> str:
    """Who was faster, when, and what they decided."""
    at = words.time(error.when)
    if error.who:
        said = _("%(who)s decided this at %(at)s, while you were deciding: %(words)s.")
    else:
        said = _("%(words)s (%(at)s).") if at else "%(words)s."
    return said % {"who": error.who, "at": at, "words": error.words.rstrip(".")}
