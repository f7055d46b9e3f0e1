"""The list of policies, one policy with its backtest, and switching it."""

from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from visibility.accounts.models import User
from visibility.core.errors import InputError
from visibility.desk import playbooks, policies
from visibility.desk.catalogue import ACTIONS
from visibility.desk.limits import LIMITS, SEVERITIES
from visibility.desk.makers import may_make
from visibility.desk.models import Policy
from visibility.masterdata.models import TradingPartner
from visibility.triage.findings import QUEUE_OF_KIND
from visibility.web.cases.kinds import kind_label
from visibility.web.drawings.status import Status
from visibility.web.pages import Desk, page
from visibility.web.policies.page import action_label, in_words, outcome_rows

MOST_PARTNERS = 500


@page
def policy_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is decided by itself, and what could be. Posted to, it makes a policy."""
    found = policies.list_policies(scope=desk.scope)
    user: User = request.user  # type: ignore[assignment]  # the page asks for somebody signed in
    filled, error = {}, None
    if request.method == "POST":
        try:
            if request.POST.get("do") == "recommend":
                _recommend(request, desk, user)
                return redirect("policies")
            made = _save(request, desk, user)
        except InputError as wrong:
            filled, error = request.POST.dict(), wrong
        else:
            return redirect("policy", policy_id=made.pk)
    said = playbooks.list_playbooks(scope=desk.scope)
    context = {
        "books": [(kind_label(kind), action_label(each.action), each) for kind, each in said.items()],
        "all_kinds": [(kind, kind_label(kind)) for kind in QUEUE_OF_KIND],
        "all_actions": [(name, action_label(name)) for name in ACTIONS],
        "rows": [(each, kind_label(each.kind), action_label(each.action), in_words(each)) for each in found],
        "on": sum(each.is_on for each in found),
        **_choices(desk, user, filled, error),
    }
    return render(request, "policies/list.html", context, status=422 if error else 200)


@page
def policy_page(request: HttpRequest, desk: Desk, policy_id: int) -> HttpResponse:
    """One policy: its limits, the backtest, on or off."""
    policy = policies.get_policy(scope=desk.scope, policy_id=policy_id)
    user: User = request.user  # type: ignore[assignment]  # likewise
    filled, error = {}, None
    if request.method == "POST":
        try:
            _do(request, desk, user, policy)
        except InputError as wrong:
            filled, error = request.POST.dict(), wrong
        else:
            return redirect("policy", policy_id=policy_id)
    context = {
        "policy": policy,
        "kind": kind_label(policy.kind),
        "action": action_label(policy.action),
        "limits": in_words(policy),
        "outcomes": outcome_rows(policy.backtest),
        "decided": policy.resolutions.order_by("-decided_at").select_related("case")[:20],
        "state": Status("ok", "done", _("On")) if policy.is_on else Status("na", "pause", _("Off")),
        **_choices(desk, user, filled or _filled(policy), error),
    }
    return render(request, "policies/detail.html", context, status=422 if error else 200)


def _recommend(request: HttpRequest, desk: Desk, user: User) -> None:
    playbooks.recommend(
        scope=desk.scope,
        user=user,
        kind=request.POST.get("kind", ""),
        action=request.POST.get("action", ""),
        why=request.POST.get("why", ""),
    )
    notes.info(request, _("Recommended from now on, wherever it makes sense."))


def _do(request: HttpRequest, desk: Desk, user: User, policy: Policy) -> None:
    what = request.POST.get("do", "")
    if what == "test":
        policies.run_backtest(scope=desk.scope, user=user, policy_id=policy.pk)
        notes.info(request, _("Tested over the last 90 days."))
    elif what in ("on", "off"):
        policies.switch_policy(scope=desk.scope, user=user, policy_id=policy.pk, on=what == "on")
        said = _("It decides from now on.") if what == "on" else _("It decides nothing any more.")
        notes.info(request, said)
    elif what == "save":
        _save(request, desk, user, policy_id=policy.pk)
        notes.info(request, _("Changed. It is off until it was tested as it is now."))
    else:
        raise InputError("nothing_to_do", _("Nothing was changed: say what to do."), "do")


def _save(request: HttpRequest, desk: Desk, user: User, policy_id: int | None = None) -> Policy:
    given = {name: request.POST.get(name, "") for name in LIMITS if name != "suppliers"}
    suppliers = [each for each in request.POST.getlist("suppliers") if each.isdigit()]
    return policies.save_policy(
        scope=desk.scope,
        user=user,
        policy_id=policy_id,
        name=request.POST.get("name", ""),
        kind=request.POST.get("kind", ""),
        action=request.POST.get("action", ""),
        values={},
        limits={**given, "suppliers": suppliers},
    )


def _filled(policy: Policy) -> dict[str, Any]:
    words = {name: value for name, value in policy.limits.items() if name not in ("suppliers", "not_items")}
    return {
        **words,
        "not_items": ", ".join(policy.limits.get("not_items", ())),
        "suppliers": policy.limits.get("suppliers", []),
        "name": policy.name,
        "kind": policy.kind,
        "action": policy.action,
    }


def _choices(desk: Desk, user: User, filled: dict[str, Any], error: InputError | None) -> dict[str, Any]:
    bulk = {name: action for name, action in ACTIONS.items() if action.in_bulk}
    kinds = [kind for kind in QUEUE_OF_KIND if any(kind in action.kinds for action in bulk.values())]
    partners = TradingPartner.objects.filter(company__in=desk.scope.companies, provisional=False)
    return {
        "may_make": may_make(scope=desk.scope, user=user),
        "kinds": [(kind, kind_label(kind)) for kind in kinds],
        "actions": [(name, action_label(name)) for name in bulk],
        "severities": SEVERITIES,
        "partners": [(each.pk, str(each)) for each in partners.order_by("name", "pk")[:MOST_PARTNERS]],
        "filled": filled,
        "error": error,
    }
