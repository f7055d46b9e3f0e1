"""From what was filled in to a plan: the form is checked, what is needed is looked up, the action plans."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from visibility.access.scopes import Scope
from visibility.core.errors import InputError
from visibility.desk.actions.base import Action, ActionForm, CaseSeen, Performing
from visibility.desk.catalogue import ACTIONS
from visibility.desk.plans import Plan, Step
from visibility.sync.models import Endpoint


@dataclass(frozen=True)
class Planned:
    """What would be done. `given` as filled in, plain; `values` as the action read and looked it up."""

    action: Action
    given: dict[str, Any]
    values: dict[str, Any]
    plan: Plan

    @property
    def reason(self) -> str:
        """Why, as somebody filled it in."""
        return str(self.values.get("reason") or "").strip()


def find_action(*, name: str) -> Action:
    """The action of that name. InputError where there is none."""
    action = ACTIONS.get(name)
    if action is None:
        raise InputError("no_action", _("There is no such action."), "action")
    return action


def make_plan(*, scope: Scope, seen: CaseSeen, action: Action, values: Mapping[str, Any]) -> Planned:
    """The plan of an action with these values. InputError naming the field for what does not fit."""
    given = plain_values(action=action, values=values)
    form = action.form(data=given)
    read = _read(form)
    if action.offer(seen=seen) is None:
        raise InputError("not_offered", _("As the case stands now, this makes no sense."), "action")
    if action.needs_reason and not str(read.get("reason") or "").strip():
        raise InputError("no_reason", _("Say why; others will want to know."), "reason")
    if isinstance(action, Performing):
        read = action.look(scope=scope, seen=seen, values=read)
    return Planned(action=action, given=given, values=read, plan=action.plan(seen=seen, values=read))


def plain_values(*, action: Action, values: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in of the action's own fields, as it can be kept and read again."""
    kept = {}
    for name in action.form.base_fields:
        value = values.get(name)
        if value is not None and value != "":
            kept[name] = value if isinstance(value, str | bool | list) else str(value)
    return kept


def _read(form: ActionForm) -> dict[str, Any]:
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise InputError("invalid_value", str(errors[0]), "" if field == "__all__" else str(field))
    return dict(form.cleaned_data)


def keep_plan(plan: Plan) -> dict[str, Any]:
    """A plan as it is stored."""
    kept: dict[str, Any] = msgspec.to_builtins(plan)
    return kept


def read_plan(kept: Mapping[str, Any]) -> Plan:
    """A plan as it was stored."""
    return msgspec.convert(kept, Plan)


def steps_by_hand(*, plan: Plan, endpoints: Mapping[Any, Endpoint]) -> list[Step]:
    """The steps for systems that are not connected: somebody has to do them."""
    return [step for step in plan.steps if step.command.role not in endpoints]


def waits_for(*, plan: Plan, endpoints: Mapping[Any, Endpoint]) -> dict[int, tuple[int, ...]]:
    """Of each step that is sent, those sent ones it waits for; what is done by hand keeps nobody waiting,

    but for what it would have waited for itself.
    """
    steps = {step.number: step for step in plan.steps}
    sent = {number for number, step in steps.items() if step.command.role in endpoints}

    def before(number: int, seen: frozenset[int]) -> set[int]:
        found: set[int] = set()
        for other in steps[number].after:
            if other in sent:
                found.add(other)
            elif other in steps and other not in seen:
                found |= before(other, seen | {other})
        return found

    return {number: tuple(sorted(before(number, frozenset({number})))) for number in sorted(sent)}
