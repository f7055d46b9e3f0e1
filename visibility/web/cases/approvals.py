"""What waits for a second person, and their word on it; and a decision taken back."""

from collections.abc import Callable

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core.errors import InputError, NotFoundError
from visibility.desk import services
from visibility.desk.errors import ChangedError, DecidedError
from visibility.desk.models import Resolution
from visibility.desk.selectors import waiting_for_approval
from visibility.web.cases import decided
from visibility.web.cases.asked import user_of
from visibility.web.cases.decide import lost_words
from visibility.web.pages import Desk, page


@page
def approvals(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What this reader may approve, the oldest first; then what they proposed themselves."""
    if desk.scope.partners is not None:
        raise NotFoundError("Decisions are approved inside the company.")
    user = user_of(request)
    found = waiting_for_approval(scope=desk.scope, user=user)
    plans = decided.plans_of(row for row, _may in found)
    shown = [
        decided.show(row, plan=plans.get(row.id), may_approve=may, mine=row.who == str(user))
        for row, may in found
    ]
    context = {
        "to_approve": [each for each in shown if each.may_approve],
        "own": [each for each in shown if each.may_withdraw],
        "others": sum(not each.may_approve and not each.may_withdraw for each in shown),
        "here": request.path,
    }
    return render(request, "cases/approvals.html", context)


Word = Callable[[Scope, User, int, str], Resolution]


def _approve(scope: Scope, user: User, resolution_id: int, reason: str) -> Resolution:
    return services.approve_resolution(scope=scope, user=user, resolution_id=resolution_id, reason=reason)


def _reject(scope: Scope, user: User, resolution_id: int, reason: str) -> Resolution:
    return services.reject_resolution(scope=scope, user=user, resolution_id=resolution_id, reason=reason)


def _reverse(scope: Scope, user: User, resolution_id: int, reason: str) -> Resolution:
    return services.reverse_resolution(scope=scope, user=user, resolution_id=resolution_id, reason=reason)


def _view(word: Word, said: Callable[[], str]) -> Callable[..., HttpResponse]:
    @require_POST
    @page
    def done(request: HttpRequest, desk: Desk, *, resolution_id: int) -> HttpResponse:
        reason = request.POST.get("reason", "")[:500]
        try:
            made = word(desk.scope, user_of(request), resolution_id, reason)
        except DecidedError as lost:
            notes.warning(request, lost_words(lost))
        except ChangedError as changed:
            notes.warning(request, str(changed))
        except InputError as wrong:
            notes.error(request, wrong.text)
        else:
            notes.info(request, said() % {"words": made.words})
        return redirect(_back(request))

    return done


def _back(request: HttpRequest) -> str:
    """The page of ours where it was said, else the approvals."""
    back = request.POST.get("back", "")
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return back if ours else reverse("approvals")


approve = _view(_approve, lambda: _("Approved: %(words)s."))
reject = _view(_reject, lambda: _("Not approved: %(words)s. The case is back on the desk."))
reverse_decision = _view(_reverse, lambda: _("Taken back: %(words)s."))
