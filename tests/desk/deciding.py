"""What tests of decisions stand on: a case of a short answer, systems, people, a toy action."""

import itertools
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models.functions import Now
from factories import accepted, answer, answer_line, order, tell

from visibility.access.models import Grant
from visibility.access.scopes import Scope, scope_of_user
from visibility.accounts.models import Role, User
from visibility.desk.actions.base import Action, ActionForm, CaseSeen
from visibility.desk.models import Effect, Resolution
from visibility.desk.plans import Command, Offer, Plan, Step, Told
from visibility.inbox.models import Connection
from visibility.masterdata.models import Company
from visibility.sync.models import Endpoint, OutboxMessage
from visibility.triage.models import ExceptionCase

_numbers = itertools.count(1)


def person(company: Company, role: str = Role.BUYER, name: str = "") -> User:
    """Somebody who sees all of the company."""
    user = User.objects.create(username=name or f"person-{next(_numbers)}", role=role)
    Grant.objects.create(user=user, company=company)
    return user


def scope(user: User) -> Scope:
    return scope_of_user(user)


def connect(company: Company, *roles: str) -> dict[str, Endpoint]:
    """Systems that answer for a company, by role; in capitals they are called: ERP, WMS."""
    return {
        role: Endpoint.objects.create(
            connection=Connection.objects.create(
                company=company, name=f"{role}-{next(_numbers)}", title=role.upper()
            ),
            role=role,
            connector="memory",
        )
        for role in roles
    }


def short_case(at: Connection, number: str = "4500001") -> ExceptionCase:
    """Acme confirmed 60 of 100."""
    tell(at, order(number), answer(number, answer_line("1", accepted(60))))
    return ExceptionCase.objects.get(company_id=at.company_id, order_number=number, kind="confirmed_short")


class ToyForm(ActionForm):
    worth = forms.DecimalField(required=False)
    after = forms.ChoiceField(choices=[("resolved", ""), ("waiting", ""), ("open", "")], required=False)
    expects = forms.CharField(required=False)
    confirmed_by = forms.CharField(required=False)
    until = forms.DateTimeField(required=False)
    closes = forms.BooleanField(required=False)


def _command(role: Any, verb: str) -> Command:
    return Command(role=role, type=f"toy.{verb}", data={"verb": verb}, words=f"{role} {verb}")


class Toy(Action):
    """ERP first, planning after it, the warehouse after planning; each can be taken back."""

    name = "toy"
    kinds = frozenset({"confirmed_short"})
    roles = frozenset({Role.BUYER, Role.PLANNER})
    form = ToyForm
    undo_of: ClassVar[tuple[str, ...]] = ("erp", "planning", "wms")

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        return Offer(label="Do it", rank=1, why="It is a toy")

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        worth: Decimal | None = values.get("worth")
        steps = tuple(
            Step(
                number=number,
                command=_command(role, "do"),
                after=(number - 1,) if number > 1 else (),
                confirmed_by=values.get("confirmed_by", "") if number == 1 else "",
                undo=_command(role, "undo") if role in self.undo_of else None,
            )
            for number, role in enumerate(("erp", "planning", "wms"), start=1)
        )
        closing = {"lines": [{"line": "1"}], "reason": "toy"}
        fact = Told(
            type="order.line_closed", data=closing, words="line 1 closed", undo={**closing, "reopened": True}
        )
        return Plan(
            words="Accept 60, cancel 40",
            case=values.get("after") or "resolved",
            facts=(fact,) if values.get("closes") else (),
            steps=steps,
            worth=worth,
            currency="USD",
            expects=values.get("expects", ""),
            snooze_until=values.get("until"),
        )


def commands(resolution: Resolution | None = None) -> dict[str, OutboxMessage]:
    """What was put into the outbox, by its words."""
    found = OutboxMessage.objects.order_by("id")
    if resolution is not None:
        found = found.filter(cause__startswith=f"resolution:{resolution.pk}:")
    return {each.words: each for each in found}


def answers(words: str, state: str = "delivered", text: str = "") -> None:
    """A system answers the command of these words, as a deliverer notes it; it must have been let go."""
    changed = OutboxMessage.objects.filter(words=words, state__in=("ready", "failed")).update(
        state=state, outcome=text, finished_at=Now(), sent_at=Now(), told_at=None
    )
    assert changed == 1, f"{words} is not there to be answered"


def states(resolution: Resolution) -> list[str]:
    """How its steps stand, in their order."""
    return list(
        Effect.objects.filter(resolution=resolution).order_by("number").values_list("state", flat=True)
    )
