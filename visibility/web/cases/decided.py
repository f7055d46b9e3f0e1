"""What was decided about a case or an order, and how far it got, as pages show it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from visibility.desk.models import Resolution
from visibility.desk.planning import read_plan
from visibility.desk.plans import Plan
from visibility.desk.selectors import EffectRow, ResolutionRow
from visibility.flows.told_desk import lasting
from visibility.sync.models import Endpoint
from visibility.web.drawings.status import Status

SYSTEMS: dict[str, str] = {str(role): str(label) for role, label in Endpoint.Role.choices}
"""What kinds of systems are called where none of them is connected."""
SHOWN = 5
"""So many decisions about one case are shown; older ones are in its history."""


@dataclass(frozen=True)
class EffectShown:
    """One step of a decision: number, system, what, how it stands, and what it waits for or said."""

    number: int
    system: str
    words: str
    status: Status
    note: str


@dataclass(frozen=True)
class DecisionShown:
    """A decision with its steps. `may_approve`: this reader says yes or no; `may_withdraw`: it is theirs."""

    row: ResolutionRow
    status: Status
    effects: tuple[EffectShown, ...]
    expects: str = ""
    may_approve: bool = False
    may_withdraw: bool = False
    may_reverse: bool = False


def show(
    row: ResolutionRow,
    *,
    may_approve: bool = False,
    mine: bool = False,
    may_reverse: bool = False,
    plan: Plan | None = None,
) -> DecisionShown:
    """A decision as the page shows it to one reader."""
    proposed = row.state == "proposed"
    return DecisionShown(
        row=row,
        status=status_of(row.state),
        effects=tuple(_effect(effect) for effect in row.effects) or _planned(plan),
        expects=plan.expects if plan else "",
        may_approve=may_approve and proposed,
        may_withdraw=mine and proposed,
        may_reverse=may_reverse and row.state in ("underway", "done"),
    )


def plans_of(rows: Iterable[ResolutionRow]) -> dict[int, Plan]:
    """What proposals would do, as it was previewed: their steps exist only once they are approved."""
    proposed = [row.id for row in rows if row.state == "proposed"]
    found = Resolution.objects.filter(pk__in=proposed).values_list("pk", "plan") if proposed else ()
    return {pk: read_plan(plan) for pk, plan in found}


def moves(shown: Iterable[DecisionShown]) -> bool:
    """Whether one of them is still going on by itself, so that the page asks again."""
    return any(
        each.row.state == "underway" or any(effect.state in _GOING for effect in each.row.effects)
        for each in shown
    )


_GOING = ("sending", "sent", "undoing")


def status_of(state: str) -> Status:
    """How a decision stands."""
    return {
        "draft": Status("na", "pause", _("Kept for later")),
        "proposed": Status("na", "pause", _("Waits for approval")),
        "underway": Status("go", "progress", _("Under way")),
        "done": Status("ok", "done", _("Done")),
        "stopped": Status("bad", "diamond", _("Stopped: a system refused")),
        "rejected": Status("warn", "triangle", _("Not approved")),
        "reversed": Status("na", "dash", _("Taken back")),
    }.get(state, Status("unk", "unknown", state))


def status_of_effect(state: str) -> Status:
    """How a step stands."""
    return {
        "waiting": Status("na", "empty", _("Waits")),
        "sending": Status("go", "progress", _("On its way")),
        "sent": Status("go", "progress", _("Sent, not confirmed")),
        "confirmed": Status("ok", "done", _("Done")),
        "refused": Status("bad", "diamond", _("Refused")),
        "cancelled": Status("na", "dash", _("Not done")),
        "undoing": Status("warn", "triangle", _("Being taken back")),
        "undone": Status("na", "dash", _("Taken back")),
        "stuck": Status("bad", "diamond", _("Could not be taken back")),
    }.get(state, Status("unk", "unknown", state))


def waits_words(after: Iterable[int]) -> str:
    """What a step waits for: "Waits for 1, 3"; empty where it waits for nothing."""
    numbers = [str(number) for number in after]
    return _("Waits for %(steps)s") % {"steps": ", ".join(numbers)} if numbers else ""


def _planned(plan: Plan | None) -> tuple[EffectShown, ...]:
    """The steps of what is not carried out yet."""
    waits = Status("na", "empty", _("Waits"))
    return tuple(
        EffectShown(
            step.number,
            SYSTEMS.get(step.command.role, step.command.role),
            step.command.words,
            waits,
            waits_words(step.after),
        )
        for step in (plan.steps if plan else ())
    )


def _effect(effect: EffectRow) -> EffectShown:
    note = effect.outcome
    if effect.state == "waiting":
        note = waits_words(effect.after)
    elif effect.state == "confirmed" and effect.seconds is not None:
        note = _("after %(span)s") % {"span": lasting(effect.seconds)}
    return EffectShown(effect.number, effect.system, effect.words, status_of_effect(effect.state), note)
