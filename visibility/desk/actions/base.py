"""What an action is: permission, form, offer and plan in one class (docs/add-an-action.md)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django import forms

from visibility.access.scopes import Scope
from visibility.accounts.models import Role, User
from visibility.canonical.documents import OrderRef
from visibility.desk.plans import Offer, Plan
from visibility.flows.selectors import FlowRow
from visibility.flows.state import FlowView, LineView
from visibility.triage.selectors import CaseRow


@dataclass(frozen=True)
class CaseSeen:
    """A case as an action sees it, with the order it stands on as it is now. Names are as people say them."""

    case: CaseRow
    subject: str
    evidence: tuple[tuple[str, str, str], ...]
    as_of: datetime
    flow: FlowRow | None = None
    view: FlowView | None = None
    line: LineView | None = None
    order: OrderRef | None = None
    supplier: str = ""
    place: str = ""
    systems: dict[str, str] = field(default_factory=dict)
    """Of each role that is connected for this order, what its system is called: {"erp": "Tryton"}."""
    zone: str = "UTC"
    """The IANA zone of the receiving place: days and answer times are meant there."""


class ActionForm(forms.Form):
    """What is filled in. Every action may say why."""

    reason = forms.CharField(required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class Action:
    """One thing that can be done about a case. Without state: one instance serves all.

    `kinds` it can be taken on (findings.QUEUE_OF_KIND); `roles` that may take it; `in_bulk`: on many cases at
    once, each with its own numbers. `needs_reason`: it cannot be taken without one.
    """

    name: ClassVar[str]
    kinds: ClassVar[frozenset[str]]
    roles: ClassVar[frozenset[Role]]
    form: ClassVar[type[ActionForm]] = ActionForm
    in_bulk: ClassVar[bool] = True
    needs_reason: ClassVar[bool] = False

    def allows(self, *, role: Role, kind: str) -> bool:
        """Whether somebody of this role may take it on a case of this kind; asked at every decision."""
        return role in self.roles and kind in self.kinds

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        """The choice as it stands on the page; None where it makes no sense for what is seen."""
        raise NotImplementedError

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        """What would be done with these values (the form's cleaned data). Pure.

        InputError with the field's name in `where` for values that do not fit what is seen.
        """
        raise NotImplementedError


class Performing(Action):
    """An action that needs more than the case and the form, or does more than facts and commands.

    The hooks may do nothing. `services.py` calls `look` before every `plan`, at the preview and at the
    decision, and `perform` inside the decision's transaction, once the plan is carried out. `choices` is for
    whoever draws the form.
    """

    def choices(self, *, scope: Scope, seen: CaseSeen) -> dict[str, list[tuple[str, str]]]:
        """Values worth offering, by field: (value, label). Others may be typed too (a datalist)."""
        return {}

    def look(self, *, scope: Scope, seen: CaseSeen, values: dict[str, Any]) -> dict[str, Any]:
        """The values with what `plan` needs beside them, read for this reader: the order that a number
        names, the files attached. Reads only. InputError, located, where nothing fits."""
        return values

    def perform(self, *, scope: Scope, user: User, seen: CaseSeen, values: dict[str, Any]) -> str:
        """Do what is neither fact nor command: map a code, read a message again. In words, what was done.

        `values` are those that `look` returned. Raises InputError or NotFoundError: then nothing of the
        decision stands. What must not run before the commit (waking workers) it registers on_commit itself.
        """
        return ""
