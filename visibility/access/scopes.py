"""Row scopes: what every selector takes, so that nobody reads outside of theirs by forgetting a filter."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from visibility.access.models import Grant
from visibility.accounts.models import User
from visibility.masterdata.models import Company


@dataclass(frozen=True)
class Scope:
    """The companies a reader may see; `partners` None means all of them, else only these."""

    companies: tuple[int, ...]
    partners: tuple[int, ...] | None = None


def scope_of_user(user: User | AnonymousUser) -> Scope:
    """What this person may see: all of each granted company, or only one partner's part."""
    if not user.is_authenticated:
        return Scope(companies=(), partners=())
    grants = list(Grant.objects.filter(user=user).values_list("company_id", "partner_id"))
    whole = tuple(sorted({company for company, partner in grants if partner is None}))
    if whole:
        return Scope(companies=whole)
    return Scope(
        companies=tuple(sorted({company for company, _ in grants})),
        partners=tuple(sorted({partner for _, partner in grants if partner is not None})),
    )


def scope_of_company(company_id: int) -> Scope:
    """All of one company: what an API key of its connections may read."""
    return Scope(companies=(company_id,))


def everything() -> Scope:
    """All companies: for the command line, whose user has the database anyway."""
    return Scope(companies=tuple(Company.objects.values_list("id", flat=True)))
