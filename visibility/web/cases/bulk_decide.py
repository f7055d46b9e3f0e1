"""Decide about many cases at once: the actions that all of them have, the common one first, and a preview."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.forms import DecimalField, Form, IntegerField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from visibility.accounts.models import Role, User
from visibility.core.errors import InputError, NotFoundError, ThroughlineError
from visibility.desk.actions.base import Action
from visibility.desk.catalogue import ACTIONS, actions_of
from visibility.desk.evidence import see_case
from visibility.desk.plans import Offer
from visibility.desk.services import MOST_AT_ONCE, offers_of, preview_resolution, resolve_cases
from visibility.triage.selectors import CaseRow
from visibility.web.cases.asked import may_work, user_of
from visibility.web.cases.chosen import Chosen, read_chosen
from visibility.web.cases.decided import SYSTEMS
from visibility.web.cases.toasts import Toast, report
from visibility.web.pages import Desk, page

LOOKED_AT = 3
"""So many of the chosen cases are looked at for what fits them, and shown as a preview."""
FIGURES = re.compile(r"\s?(?<![\w-])[−-]?\d[\d,.]*(?![\w-])(?:\s+[A-Z]{2}\b)?")
"""A number and its unit, but not the number in a code (SKU-1042)."""


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
    steps: tuple[tuple[str, str], ...] = ()
    """System and what changes there."""
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
    return [Common(name, label_of(name, offers, one=one), shared(offers, one=one)) for name, offers in ranked]


def label_of(name: str, offers: Sequence[Offer], *, one: bool) -> str:
    """The deed: of one case with its numbers; of several without, or its name where they differ."""
    if one:
        return offers[0].label
    said = {re.sub(r"\s+([,.;])", r"\1", FIGURES.sub("", offer.label)).strip() for offer in offers}
    return said.pop() if len(said) == 1 else name.replace("_", " ").capitalize()


def shared(offers: Sequence[Offer], *, one: bool) -> dict[str, Any]:
    """What a form starts with: of several cases what all of them have, and never a number of one of them."""
    first, *others = [dict(offer.initial) for offer in offers]
    if one:
        return first
    return {
        name: value
        for name, value in first.items()
        if not _is_figure(value) and all(each.get(name) == value for each in others)
    }


def _is_figure(value: object) -> bool:
    if isinstance(value, str):
        return bool(FIGURES.fullmatch(value))
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def form_of(action: Action, initial: dict[str, Any], *, one: bool) -> Form:
    """Fields of figures are left out for several cases: each has its own, which the action knows."""
    form = action.form(initial=initial, auto_id="bulk-%s")
    if not one:
        for name, field in list(form.fields.items()):
            if isinstance(field, DecimalField | IntegerField) and not field.required:
                del form.fields[name]
    return form


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
        "form": form_of(ACTIONS[name], found.initial, one=len(chosen.rows) == 1),
        "previews": [_preview(row, name, found.initial, desk, user) for row in rows],
        "more": len(chosen.rows) - len(rows),
        "deciding": True,
        "needs_reason": ACTIONS[name].needs_reason,
    }
    part = "#decide" if request.headers.get("HX-Request") else ""
    return render(request, f"cases/bulk.html{part}", context)


def _preview(row: CaseRow, action: str, values: dict[str, Any], desk: Desk, user: User) -> Previewed:
    if ACTIONS[action].needs_reason:  # not given yet, and nothing that the preview depends on
        values = {**values, "reason": "…"}
    try:
        seen = preview_resolution(scope=desk.scope, user=user, case_id=row.id, action=action, values=values)
    except ThroughlineError as error:
        return Previewed(row, refused=str(error))
    steps = tuple((SYSTEMS.get(step.command.role, ""), step.command.words) for step in seen.plan.steps)
    return Previewed(row, seen.plan.words, steps, seen.approval)


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
