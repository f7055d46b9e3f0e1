"""The choices of a case, the form of one of them, and what it will change where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core import identifiers
from visibility.core.errors import ForbiddenError, InputError
from visibility.desk.actions.base import Action, CaseSeen, Performing
from visibility.desk.evidence import digest_of
from visibility.desk.permission import approval_needed, check_taker
from visibility.desk.planning import make_plan
from visibility.desk.plans import Offer, Plan, Step
from visibility.desk.selectors import draft_of
from visibility.desk.services import Preview, offers_of
from visibility.web.cases.decided import SYSTEMS, waits_words

NOT_OFFERED = gettext_lazy("This is not yours to decide, or it makes no sense as the case stands now.")
KEYED = 9
"""So many choices have a key of their own."""


@dataclass(frozen=True)
class Choice:
    """An action as a radio of the list; `key` chooses it."""

    name: str
    offer: Offer
    key: str
    recommended: bool
    current: bool


@dataclass(frozen=True)
class Shown:
    """A field of the form, with its widget ready; `wide` takes a row of its own."""

    name: str
    id: str
    label: str
    widget: str
    wide: bool
    error: str
    options: Sequence[tuple[str, str]]
    """Values worth offering; others may be typed."""


@dataclass(frozen=True)
class ShownStep:
    """A row of the preview list. `number` 0: what the decision itself records."""

    number: int
    system: str
    words: str
    waits: str


@dataclass(frozen=True)
class Deciding:
    """The part of the page where a choice is made."""

    choices: list[Choice]
    action: str
    label: str
    fields: list[Shown]
    preview: Preview | None
    steps: list[ShownStep]
    deed: str
    approval: str
    error: str
    error_field: str
    seen_decisions: int
    evidence: str
    """Of what the preview stands on: nothing is decided that looks otherwise by now."""
    key: str
    """Sent with the decision: pressed twice, it is taken once."""
    lost: str
    """Somebody decided since the reader's page was made; empty: nobody did."""
    draft: bool
    """Whether the form starts with what the reader kept for later."""


def deciding(
    *,
    scope: Scope,
    user: User,
    seen: CaseSeen,
    chosen: str = "",
    values: Mapping[str, Any] | None = None,
    error: InputError | None = None,
    decisions: int | None = None,
    key: str = "",
) -> Deciding | None:
    """The choices with one of them opened: the chosen one, else the recommended one. None: there is none.

    `values` are those filled in; without them the form starts with what the action offers. `error` is what
    was wrong when it was to be decided. `decisions`: the case's number as the reader saw it, where that was
    earlier. ForbiddenError for a chosen action that this person may not take.
    """
    offers = offers_of(seen=seen, user=user)
    if not offers:
        if chosen:
            raise ForbiddenError(NOT_OFFERED)
        return None
    draft = draft_of(user=user, case_id=seen.case.id) if values is None else None
    if draft is not None and not chosen and any(each.name == draft.action for each, _offer in offers):
        chosen = draft.action
    action, offer = _pick(offers, chosen)
    kept = draft is not None and draft.action == action.name
    if values is not None:
        filled = dict(values)
    else:
        filled = dict(offer.initial) | (dict(draft.values) if draft is not None and kept else {})
    preview, wrong = _preview(scope, user, seen, action, filled)
    wrong = error or wrong
    moved = decisions is not None and decisions != seen.case.decisions
    fields = _fields(scope, seen, action, filled, wrong)
    named = wrong is not None and any(field.name == _field_of(wrong) for field in fields)
    return Deciding(
        choices=_choices(offers, action),
        action=action.name,
        label=offer.label,
        fields=fields,
        preview=preview,
        steps=steps_of(preview.plan, systems=seen.systems) if preview else [],
        deed=_deed(preview, offer),
        approval=preview.approval if preview else "",
        error=wrong.text if wrong else "",
        error_field=_field_of(wrong) if wrong and named else "",
        seen_decisions=seen.case.decisions if decisions is None else decisions,
        evidence=str(preview.evidence) if preview and preview.evidence else "",
        key=key or str(identifiers.new_id()),
        lost=_("The case changed since you opened it: load it again.") if moved else "",
        draft=kept,
    )


def _pick(offers: Sequence[tuple[Action, Offer]], chosen: str) -> tuple[Action, Offer]:
    if not chosen:
        return offers[0]
    found = next((pair for pair in offers if pair[0].name == chosen), None)
    if found is None:
        raise ForbiddenError(NOT_OFFERED)
    return found


def _choices(offers: Sequence[tuple[Action, Offer]], current: Action) -> list[Choice]:
    return [
        Choice(
            name=action.name,
            offer=offer,
            key=str(index) if index <= KEYED else "",
            recommended=index == 1 and bool(offer.why),
            current=action.name == current.name,
        )
        for index, (action, offer) in enumerate(offers, start=1)
    ]


def _preview(
    scope: Scope, user: User, seen: CaseSeen, action: Action, filled: Mapping[str, Any]
) -> tuple[Preview | None, InputError | None]:
    """As `services.preview_resolution` says it, of what the page has read already: once, not twice."""
    check_taker(scope=scope, user=user, action=action, kind=seen.case.kind)
    try:
        plan = make_plan(scope=scope, seen=seen, action=action, values=filled).plan
    except InputError as error:
        return None, error
    needed = None
    if plan.worth is not None:
        needed = approval_needed(company_id=seen.case.company_id, user=user, action=action, plan=plan)
    return Preview(plan=plan, approval=needed.words if needed else "", evidence=digest_of(seen)), None


def _deed(preview: Preview | None, offer: Offer) -> str:
    """What the button says: the deed; whoever needs a second person sends it to them."""
    if preview is not None and preview.approval:
        return _("Send for approval")
    return preview.plan.words if preview is not None and preview.plan.words else offer.label


def steps_of(plan: Plan, *, systems: Mapping[str, str] | None = None) -> list[ShownStep]:
    """What a plan changes, in order: first what it records here, then each system."""
    here = [ShownStep(0, _("Here"), fact.words, _("At once")) for fact in plan.facts]
    return here + [
        ShownStep(
            step.number,
            _system(step.command.role, systems),
            step.command.words,
            _waits(step, systems, alone=len(plan.steps) == 1),
        )
        for step in plan.steps
    ]


def _system(role: str, systems: Mapping[str, str] | None) -> str:
    return (systems or {}).get(role) or SYSTEMS.get(role, role)


def _waits(step: Step, systems: Mapping[str, str] | None, *, alone: bool) -> str:
    if systems is not None and step.command.role not in systems:
        return _("Not connected: somebody has to do it by hand")
    if step.after or alone:
        return waits_words(step.after)
    if step.number == 1:
        return _("First, as system of record. If it refuses, nothing that waits for it happens")
    return _("At once")


def _field_of(error: InputError) -> str:
    return error.where.strip("/")


def _fields(
    scope: Scope, seen: CaseSeen, action: Action, filled: Mapping[str, Any], wrong: InputError | None
) -> list[Shown]:
    form = action.form(initial=dict(filled), auto_id="decide-%s")
    offered = action.choices(scope=scope, seen=seen) if isinstance(action, Performing) else {}
    return [
        _shown(form[name], action, offered.get(name, ()), wrong)
        for name in form.fields
        if not form[name].is_hidden
    ]


def _shown(
    bound: forms.BoundField, action: Action, options: Sequence[tuple[str, str]], wrong: InputError | None
) -> Shown:
    error = wrong.text if wrong is not None and _field_of(wrong) == bound.name else ""
    attrs: dict[str, Any] = {"class": "input"}
    if options:
        attrs["list"] = f"{bound.id_for_label}-options"
    if error:
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{bound.id_for_label}-error"}
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        attrs.pop("class")
    label = _("Why") if bound.name == "reason" else str(bound.label)
    optional = bound.name == "reason" and not action.needs_reason
    return Shown(
        name=bound.name,
        id=bound.id_for_label,
        label=f"{label} ({_('if you like')})" if optional else label,
        widget=bound.as_widget(attrs=attrs),
        wide=isinstance(widget, forms.Textarea),
        error=error,
        options=options,
    )
