"""Decide about many cases at once: the actions that all of them have, the common one first, and a preview."""

import re
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from visibility.accounts.models import Role, User
from visibility.core.errors import InputError, NotFoundError, ThroughlineError
from visibility.desk.actions.base import Action
from visibility.desk.catalogue import ACTIONS, actions_of
from visibility.desk.evidence import see_case
from visibility.desk.plans import Offer, Step
from visibility.desk.services import MOST_AT_ONCE, offers_of, preview_resolution, resolve_cases
from visibility.triage.selectors import CaseRow
from visibility.web.cases.asked import may_work, user_of
from visibility.web.cases.chosen import Chosen, read_chosen
from visibility.web.cases.toasts import Toast, report
from visibility.web.pages import Desk, page

LOOKED_AT = 3
"""So many of the chosen cases are looked at for what fits them, and shown as a preview."""
NUMBERS = re.compile(r"\s?(?<![\w-])[−-]?\d[\d,.]*(?![\w-])")


@dataclass(frozen=True)
class Common:
    """An action that all of the chosen cases have."""

    name: str
    label: str
    initial: dict[str, Any]


@dataclass(frozen=True)
class Previewed:
    """What a decision would do about one of them; `refused` says why it would not be taken."""

    row: CaseRow
    words: str = ""
    steps: tuple[Step, ...] = ()
    approval: str = ""
    refused: str = ""


def actions_for(chosen: Chosen, *, desk: Desk, user: User) -> list[Common]:
    """What this person may do about all of them, the commonest choice of the first few first."""
    if not chosen.rows:
        return []
    role = Role(user.role)
    names = [
        {each.name for each in actions_of(kind) if each.in_bulk and each.allows(role=role, kind=kind)}
        for kind in chosen.kinds
    ]
    common = set.intersection(*names)
    if not common:
        return []
    offered: dict[str, list[Offer]] = {}
    for row in chosen.rows[:LOOKED_AT]:
        for action, offer in offers_of(seen=see_case(scope=desk.scope, case_id=row.id), user=user):
            if action.name in common:
                offered.setdefault(action.name, []).append(offer)
    one = len(chosen.rows) == 1
    ranked = sorted(
        offered.items(), key=lambda each: (-len(each[1]), sum(offer.rank for offer in each[1]), each[0])
    )
    return [Common(name, label_of(offers[0], one=one), dict(offers[0].initial)) for name, offers in ranked]


def label_of(offer: Offer, *, one: bool) -> str:
    """The deed: of one case with its numbers, of several without them, since each has its own."""
    if one:
        return offer.label
    return re.sub(r"\s+([,.;])", r"\1", NUMBERS.sub("", offer.label)).strip()


@page
def decide(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The form of an action for what is chosen, with what it would do about the first of them."""
    if not may_work(desk):
        raise NotFoundError("Cases are decided inside the company.")
    user = user_of(request)
    chosen = read_chosen(request.GET, desk=desk, user=user)
    name = request.GET.get("action", "")
    found = next((each for each in actions_for(chosen, desk=desk, user=user) if each.name == name), None)
    if found is None:
        raise NotFoundError("No such action for these cases.")
    rows = chosen.rows[:LOOKED_AT]
    context = {
        "chosen": chosen,
        "back": request.GET.get("back", ""),
        "action": found,
        "form": ACTIONS[name].form(initial=found.initial, auto_id="bulk-%s"),
        "previews": [_preview(row, name, found.initial, desk, user) for row in rows],
        "more": len(chosen.rows) - len(rows),
        "deciding": True,
    }
    part = "#decide" if request.headers.get("HX-Request") else ""
    return render(request, f"cases/bulk.html{part}", context)


def _preview(row: CaseRow, action: str, values: dict[str, Any], desk: Desk, user: User) -> Previewed:
    try:
        seen = preview_resolution(scope=desk.scope, user=user, case_id=row.id, action=action, values=values)
    except ThroughlineError as error:
        return Previewed(row, refused=str(error))
    return Previewed(row, seen.plan.words, seen.plan.steps, seen.approval)


def resolve(desk: Desk, user: User, chosen: Chosen, data: QueryDict) -> Toast:
    """Take the decision about each of them; those that others were faster with are told."""
    action = ACTIONS.get(data.get("action", ""))
    if action is None:
        raise InputError("no_action", _("There is no such action."))
    if len(chosen.ids) > MOST_AT_ONCE:
        raise InputError("too_many", _("At most %(most)s at once.") % {"most": MOST_AT_ONCE})
    done = resolve_cases(
        scope=desk.scope,
        user=user,
        case_ids=chosen.ids,
        action=action.name,
        values=_values(action, data),
        reason=data.get("reason", ""),
    )
    said = done.done[0].words if len(done.done) == 1 else ""
    return report(asked=len(chosen.ids), failed=done.failed, done=_("%(n)s decided."), detail=said)


def _values(action: Action, data: QueryDict) -> dict[str, Any]:
    """What was filled in, as the action's form reads it."""
    form: Form = action.form(data)
    return {
        name: value
        for name, field in form.fields.items()
        if (value := field.widget.value_from_datadict(data, {}, name)) not in (None, "")
    }
