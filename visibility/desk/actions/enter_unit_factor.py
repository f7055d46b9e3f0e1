"""Say how much one unit holds: once, for all orders of the item that wait for it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core.errors import InputError
from visibility.desk.actions import reading, who
from visibility.desk.actions.base import ActionForm, CaseSeen, Performing
from visibility.desk.plans import Offer, Plan
from visibility.flows import words
from visibility.pipeline.unit_factors import KIND, MOST, SMALLEST, Gap, bare, enter_factor, missing_factors


class FactorForm(ActionForm):
    """One of the unit that came is so many of the unit of the order. Empty unit: the first that waits."""

    factor = forms.DecimalField(
        label=_("holds so many"),
        required=False,
        min_value=SMALLEST,
        max_value=MOST - 1,
        max_digits=20,
        decimal_places=9,
    )
    unit = forms.CharField(label=_("One"), required=False, max_length=20)

    field_order = ("unit", "factor", "reason")


class EnterUnitFactor(Performing):
    """The factor is known from then on, and every order that waits for it is looked at again."""

    name = "enter_unit_factor"
    kinds = frozenset({KIND})
    roles = who.STEWARDS
    form = FactorForm
    in_bulk = False

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        waiting = seen.case.members
        return Offer(
            label=f"Enter the factor: {seen.case.next_action[:1].lower()}{seen.case.next_action[1:]}",
            outcome=f"{words.number(waiting)} that wait are looked at again" if waiting > 1 else "",
            rank=10,
            initial={"unit": seen.subject.split()[-1]} if " " in seen.subject else {},
            why="Entered once, it counts for all orders of the item",
        )

    def choices(self, *, scope: Scope, seen: CaseSeen) -> dict[str, list[tuple[str, str]]]:
        """The units that the first order which waits cannot convert."""
        gaps = missing_factors(scope=scope, case_id=seen.case.id)
        return {"unit": [(bare(gap.from_unit), _said(gap)) for gap in gaps]}

    def look(self, *, scope: Scope, seen: CaseSeen, values: dict[str, Any]) -> dict[str, Any]:
        """With the factor that is missing, of the unit that was said."""
        gaps = missing_factors(scope=scope, case_id=seen.case.id)
        if not gaps:
            raise InputError("no_gap", "It is no factor that is missing here: correct the document.", "unit")
        asked = str(values.get("unit") or "").strip()
        gap = next((each for each in gaps if asked.upper() in ("", bare(each.from_unit).upper())), None)
        if gap is None:
            wanted = ", ".join(bare(each.from_unit) for each in gaps)
            raise InputError("other_unit", f"No factor of {asked} is missing; say {wanted}.", "unit")
        if values.get("factor") is None:
            raise InputError("missing", f"How many {bare(gap.to_unit)} is 1 {_from(gap)}?", "factor")
        return {**values, "gap": gap}

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        gap: Gap = values["gap"]
        factor = words.plain(values["factor"])
        return Plan(words=f"Enter 1 {_from(gap)} = {factor} {bare(gap.to_unit)}", case="open")

    def perform(self, *, scope: Scope, user: User, seen: CaseSeen, values: dict[str, Any]) -> str:
        """Enter it; what waits is looked at again after the commit."""
        progress = enter_factor(
            scope=scope,
            user=user,
            case_id=seen.case.id,
            gap=values["gap"],
            factor=values["factor"],
            reason=reading.reason(values),
        )
        return f"{words.number(progress.total)} looked at again"


def _from(gap: Gap) -> str:
    return f"{bare(gap.from_unit)} of {gap.item}"


def _said(gap: Gap) -> str:
    return f"1 {_from(gap)} in {bare(gap.to_unit)}"
