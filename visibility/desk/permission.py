"""Who may take an action, and whose word it needs beside. Asked at every decision, not only on the page."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from visibility.access.scopes import Scope
from visibility.accounts.models import Role, User
from visibility.core.errors import ForbiddenError
from visibility.desk.actions.base import Action
from visibility.desk.plans import Plan
from visibility.masterdata.approvals import approval_limit, approver_roles, approvers


def check_taker(*, scope: Scope, user: User, action: Action, kind: str) -> None:
    """ForbiddenError for who may not take this action, with who may."""
    if scope.partners is not None:
        raise ForbiddenError(_("Decisions are taken by the people of the company."))
    if not action.allows(role=Role(user.role), kind=kind):
        allowed = [role for role in Role if action.allows(role=role, kind=kind)]
        raise ForbiddenError(
            _("This is for: %(roles)s.") % {"roles": role_names(allowed)}
            if allowed
            else _("This cannot be done about such an exception.")
        )


def role_names(roles: Collection[str]) -> str:
    """Roles as people call them: "Buyer, Planner"."""
    labels = dict(Role.choices)
    return ", ".join(str(labels[role]) for role in sorted(roles))


@dataclass(frozen=True)
class Needed:
    """A second person is needed: the limit that is passed, and which roles may approve."""

    limit: Decimal
    roles: tuple[str, ...]
    people: tuple[str, ...]
    words: str


def approval_needed(*, company_id: int, user: User | None, action: Action, plan: Plan) -> Needed | None:
    """Whether a decision is worth more than this person decides alone. A policy has limits of its own.

    What is worth nothing that is known needs nobody: the limit is about money.
    """
    if user is None or plan.worth is None:
        return None
    worth = abs(plan.worth)
    limit = approval_limit(company_id=company_id, role=user.role, action=action.name)
    if limit is None or worth <= limit:
        return None
    roles = approver_roles(company_id=company_id, action=action.name, role=user.role, worth=worth)
    people = approvers(company_id=company_id, action=action.name, role=user.role, worth=worth)
    others = tuple(str(each) for each in people if each.pk != user.pk)
    amounts = {
        "worth": f"{worth:,.2f} {plan.currency}".strip(),
        "limit": f"{limit:,.2f} {plan.currency}".strip(),
        "who": role_names(roles),
        "people": ", ".join(others),
    }
    nobody = _("%(worth)s is over your limit of %(limit)s, and there is nobody else to approve it.")
    somebody = _(
        "%(worth)s is over your limit of %(limit)s; a second person approves it: %(people)s (%(who)s)."
    )
    words = (somebody if others else nobody) % amounts
    return Needed(limit, tuple(roles), others, words)


def check_approver(
    *, scope: Scope, user: User, company_id: int, action: str, decided_by: User, worth: Decimal | None
) -> None:
    """ForbiddenError for who may not approve this: the one who decided, or somebody of another role."""
    if scope.partners is not None or company_id not in scope.companies:
        raise ForbiddenError(_("Decisions are approved by the people of the company."))
    if user.pk == decided_by.pk:
        raise ForbiddenError(_("Nobody approves what they decided themselves."))
    people = approvers(
        company_id=company_id,
        action=action,
        role=decided_by.role,
        worth=None if worth is None else abs(worth),
    )
    if user.pk not in {each.pk for each in people}:
        roles = approver_roles(company_id=company_id, action=action, role=decided_by.role, worth=worth)
        raise ForbiddenError(_("This is approved by: %(roles)s.") % {"roles": role_names(roles)})
