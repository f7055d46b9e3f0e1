"""Ask one of our own systems to tell once more what it has: systems differ, or one is late."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from visibility.core.errors import InputError
from visibility.desk.actions import reading, saying, who
from visibility.desk.actions.base import Action, ActionForm, CaseSeen
from visibility.desk.actions.commands import TellAgain, command
from visibility.desk.actions.steps import Ordered, in_order
from visibility.desk.plans import Offer, Plan, SystemRole

_ROLES: tuple[tuple[SystemRole, Any], ...] = (
    ("erp", _("ERP")),
    ("wms", _("Warehouse")),
    ("tms", _("Transport")),
    ("planning", _("Planning")),
)
_OF_FACT: dict[str, SystemRole] = {"receipt": "wms", "shipment": "tms", "status": "tms"}


_AGAIN = {"document_refused": "send it again", "tender_declined": "offer the load again"}
_WHY = {
    "document_refused": "Once it is mended there, the partner can use it",
    "tender_declined": "The carrier will not move it",
}


class SystemForm(ActionForm):
    """Which system; empty: the one whose word is missing or differs."""

    system = forms.ChoiceField(label=_("System"), required=False, choices=_ROLES)


class AskSystem(Action):
    """Ask a system to tell again what it has of the order."""

    name = "ask_system"
    kinds = frozenset(
        {
            "mirror_differs",
            "mirror_late",
            "primary_late",
            "milestone_missing",
            "document_refused",
            "tender_declined",
        }
    )
    roles = who.EVERYONE
    form = SystemForm

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        if seen.order is None:
            return None
        role = _usual(seen)
        return Offer(
            label=f"Ask {_name(seen, role)} to {_AGAIN.get(seen.case.kind, 'tell again')}",
            outcome="What it says then counts as it does now",
            rank=10,
            why=_WHY.get(seen.case.kind, "What differs may be on its way"),
            initial={"system": role},
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        reading.need_order(seen)
        role = next((each for each, _label in _ROLES if each == values.get("system")), None)
        if values.get("system") and role is None:
            raise InputError("unknown_system", "There is no such kind of system.", "system")
        role = role or _usual(seen)
        lines = (seen.case.line,) if seen.case.line else ()
        ask = TellAgain(**reading.about_order(seen, reading.reason(values)), lines=lines)
        told = command(ask, role=role, words=f"{saying.order_line(seen)}: tell again what you have")
        return Plan(
            words=f"Ask {_name(seen, role)} to tell again",
            case="waiting",
            steps=in_order([Ordered(command=told)]),
            expects=f"{_name(seen, role)} tells it again",
        )


def _usual(seen: CaseSeen) -> SystemRole:
    """The system behind what is mirrored: the warehouse's for receipts, transport's for shipments."""
    mirrors = seen.line.mirrors if seen.line else []
    role = _OF_FACT.get(mirrors[0].fact, "erp") if mirrors else "erp"
    if seen.case.kind == "tender_declined":
        role = "tms"
    return role if not seen.systems or role in seen.systems else "erp"


def _name(seen: CaseSeen, role: SystemRole) -> str:
    return seen.systems.get(role) or next(str(label) for each, label in _ROLES if each == role)
