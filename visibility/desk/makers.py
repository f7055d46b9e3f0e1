"""Who says how the desk works: what is decided by itself, and what is recommended."""

from visibility.access.scopes import Scope
from visibility.accounts.models import Role, User
from visibility.core.errors import ForbiddenError, NotFoundError

MAKERS = (Role.SUPPLIER_MANAGER, Role.PLANNER)


def may_make(*, scope: Scope, user: User) -> bool:
    """Whether this person makes policies: supplier managers and planners of all of a company."""
    return scope.partners is None and user.role in MAKERS


def check_maker(*, scope: Scope, user: User) -> None:
    """ForbiddenError for who may not; NotFoundError for who sees one partner's part, and knows of none."""
    if scope.partners is not None:
        raise NotFoundError("There are no policies here.")
    if not may_make(scope=scope, user=user):
        raise ForbiddenError("Policies and playbooks are made by supplier managers and planners.")
