"""Say what an unknown code means: once, for all that waits for it."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from visibility.access.scopes import Scope
from visibility.accounts.models import Role, User
from visibility.core.errors import InputError
from visibility.desk.actions import fields, reading, who
from visibility.desk.actions.base import ActionForm, CaseSeen, Performing
from visibility.desk.plans import Offer, Plan
from visibility.flows import words
from visibility.pipeline.mapping_runs import KINDS, RECORDS, map_code
from visibility.triage.models import ExceptionCase

_CALLED = {"unknown_item": "item", "unknown_partner": "partner", "unknown_place": "place"}
_LIKE = 8
"""So many records are offered that begin as the code does."""


class MapForm(ActionForm):
    """Our own code of what is meant; empty: what was noted for the time being is right."""

    target = fields.text(_("Our code"))

    field_order = ("target", "reason")


class MapCode(Performing):
    """The code gets its meaning, and every order and message that waits for it is looked at again."""

    name = "map_code"
    kinds = frozenset(KINDS)
    roles = who.STEWARDS | {Role.SUPPLIER_MANAGER}
    form = MapForm

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        if not seen.subject:
            return None
        waiting = seen.case.members
        return Offer(
            label=f"Map {_CALLED[seen.case.kind]} {_bare(seen)}",
            outcome=f"{words.number(waiting)} that wait are looked at again" if waiting > 1 else "",
            rank=10,
            why="Mapped once, it is known from then on",
        )

    def choices(self, *, scope: Scope, seen: CaseSeen) -> dict[str, list[tuple[str, str]]]:
        """Our records whose code begins as this one does."""
        records = RECORDS[KINDS[seen.case.kind]].objects.filter(
            company_id__in=scope.companies, provisional=False, code__istartswith=_bare(seen)[:3]
        )
        return {"target": [(each.code, str(each)) for each in records.order_by("code")[:_LIKE]]}

    def look(self, *, scope: Scope, seen: CaseSeen, values: dict[str, Any]) -> dict[str, Any]:
        """With the record that the code names, within the case's company."""
        text = str(values.get("target") or "").strip()
        if not text:
            return {**values, "record": None, "called": ""}
        company = ExceptionCase.objects.filter(pk=seen.case.id, company_id__in=scope.companies)
        records = RECORDS[KINDS[seen.case.kind]].objects.filter(
            Q(code__iexact=text) | Q(name__iexact=text), company_id__in=company.values("company_id")
        )
        found = list(records.order_by("pk")[:2])
        if not found:
            raise InputError("unknown_record", f"There is no {_CALLED[seen.case.kind]} {text}.", "target")
        if len(found) > 1:
            raise InputError("ambiguous", f"Several are called {text}; say the code.", "target")
        return {**values, "record": found[0].pk, "called": str(found[0])}

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        what = f"{_CALLED[seen.case.kind]} {_bare(seen)}"
        called = values.get("called")
        return Plan(
            words=f"Map {what} to {called}" if called else f"Keep {what} as it was noted", case="open"
        )

    def perform(self, *, scope: Scope, user: User, seen: CaseSeen, values: dict[str, Any]) -> str:
        """Map it; what waits is looked at again after the commit."""
        progress = map_code(
            scope=scope,
            user=user,
            case_id=seen.case.id,
            target=values.get("record"),
            reason=reading.reason(values),
        )
        return f"{words.number(progress.total)} looked at again"


def _bare(seen: CaseSeen) -> str:
    """The code as people write it, without the list it is from."""
    return seen.subject.rsplit(":", 1)[-1]
