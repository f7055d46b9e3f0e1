"""What a company recommends for a kind of case. The only writer of playbooks.

The product recommends by itself, from the numbers of each case; a playbook puts one action first wherever it
makes sense for the case at hand.
"""

from dataclasses import dataclass

from msgspec.structs import replace as changed

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core import clock
from visibility.core.errors import InputError
from visibility.desk.actions.base import Action
from visibility.desk.catalogue import ACTIONS
from visibility.desk.makers import check_maker
from visibility.desk.models import Playbook
from visibility.desk.plans import Offer
from visibility.triage.models import ExceptionCase


@dataclass(frozen=True)
class Recommended:
    """What is recommended for a kind, by whose word."""

    kind: str
    action: str
    why: str
    said_by: str


def playbook_of_case(*, case_id: int, kind: str) -> Recommended | None:
    """What the case's company recommends for its kind; None: what the product does."""
    company = ExceptionCase.objects.filter(pk=case_id).values("company_id")[:1]
    row = Playbook.objects.filter(company_id=company, kind=kind).order_by("-id").first()
    return _read(row) if row is not None and row.action else None


def list_playbooks(*, scope: Scope) -> dict[str, Recommended]:
    """What these companies recommend, by kind."""
    if scope.partners is not None:
        return {}
    rows = Playbook.objects.filter(company_id__in=scope.companies).order_by("company_id", "kind", "-id")
    newest = rows.distinct("company_id", "kind")
    return {row.kind: _read(row) for row in newest if row.action}


def _read(row: Playbook) -> Recommended:
    return Recommended(kind=row.kind, action=row.action, why=row.why, said_by=row.said_by)


def recommend(*, scope: Scope, user: User, kind: str, action: str, why: str) -> None:
    """Say what is recommended for a kind; an empty action: what the product does.

    Those that `check_maker` raises; InputError naming the field for what makes no sense.
    """
    check_maker(scope=scope, user=user)
    if action and (action not in ACTIONS or kind not in ACTIONS[action].kinds):
        raise InputError("no_action", f"{action} cannot be done about {kind or 'nothing'}.", "action")
    if action and not why.strip():
        raise InputError("no_why", "Say why; it stands beside the recommendation.", "why")
    Playbook.objects.create(
        company_id=scope.companies[0],
        kind=kind,
        action=action,
        why=why.strip()[:300],
        said_by=str(user),
        said_at=clock.now(),
    )


def in_order(
    *, offers: list[tuple[Action, Offer]], playbook: Recommended | None
) -> list[tuple[Action, Offer]]:
    """Offers with the recommended one first; a playbook's action is, with its reason, where it is offered."""
    ordered = sorted(offers, key=lambda each: (each[1].rank, each[0].name))
    if playbook is None:
        return ordered
    first = [
        (action, changed(offer, rank=0, why=playbook.why))
        for action, offer in ordered
        if action.name == playbook.action
    ]
    return first + [each for each in ordered if each[0].name != playbook.action]
