"""Which system speaks through which connections."""

from collections.abc import Collection

from visibility.inbox.models import Connection
from visibility.masterdata.models import Company, System


def set_connections(*, company: Company, system: str, names: Collection[str]) -> tuple[list[str], list[str]]:
    """Have exactly these connections speak for a system. Names changed, and names the company does not have.

    What came before keeps the system it was told under.
    """
    owner = System.objects.get(company=company, code=system)
    own = Connection.objects.filter(company=company)
    known = set(own.filter(name__in=names).values_list("name", flat=True))
    missing = sorted(set(names) - known)
    let_go = own.filter(system=owner).exclude(name__in=names)
    taken = own.filter(name__in=names).exclude(system=owner)
    changed = sorted([*let_go.values_list("name", flat=True), *taken.values_list("name", flat=True)])
    let_go.update(system=None)
    taken.update(system=owner)
    return changed, missing
