"""Writing ownership settings by file, and reading them as one."""

from django.db import transaction

from visibility.masterdata.models import Company, Location, Ownership, System
from visibility.masterdata.ownership import forget_kept
from visibility.masterdata.ownership_file import (
    OwnershipEntry,
    OwnershipFile,
    OwnershipFileError,
    Problem,
)


def set_up_ownership(*, file: OwnershipFile) -> tuple[Company, list[str]]:
    """Set what an ownership file says, all of it or nothing. The company, and what changed in words.

    OwnershipFileError names every company, place and system of the file that is not there.
    """
    with transaction.atomic():
        company = Company.objects.select_for_update().filter(code=file.company.code).first()
        if company is None:
            raise OwnershipFileError([("company.code", f'there is no company "{file.company.code}"')])
        changes: list[str] = []
        for code, entry in file.systems.items():
            system, created = System.objects.get_or_create(
                company=company, code=code, defaults={"name": entry.name}
            )
            if created or (entry.name and system.name != entry.name):
                System.objects.filter(pk=system.pk).update(name=entry.name)
                changes.append(f"systems.{code}")
        problems: list[Problem] = []
        for number, own in enumerate(file.ownership):
            changes += _set_one(company, own, f"ownership[{number}]", problems)
        if problems:
            raise OwnershipFileError(problems)
    forget_kept()
    return company, changes


def _set_one(company: Company, entry: OwnershipEntry, where: str, problems: list[Problem]) -> list[str]:
    place = Location.objects.filter(company=company, code=entry.place).first() if entry.place else None
    if entry.place and place is None:
        problems.append((f"{where}.place", f'there is no place "{entry.place}"'))
    wanted = {system: (role, hours) for system, role, hours in entry.rows()}
    systems = dict(System.objects.filter(company=company, code__in=wanted).values_list("code", "pk"))
    problems += [
        (where, f'there is no system "{code}"; name it under [systems]')
        for code in wanted
        if code not in systems
    ]
    if (entry.place and place is None) or len(systems) < len(wanted):
        return []
    before = Ownership.objects.filter(company=company, fact=entry.fact, place=place)
    rows = before.values_list("system__code", "role", "mirror_hours")
    if {code: (role, hours) for code, role, hours in rows} == wanted:
        return []
    before.delete()
    Ownership.objects.bulk_create(
        Ownership(
            company=company,
            fact=entry.fact,
            place=place,
            system_id=systems[code],
            role=role,
            mirror_hours=hours,
        )
        for code, (role, hours) in wanted.items()
    )
    return [f"{entry.fact} at {entry.place or 'every place'}"]


def stored_entries(*, company: Company) -> list[OwnershipEntry]:
    """The settings of a company as a file would say them: everywhere first, then place by place."""
    found: dict[tuple[str, str], dict[str, object]] = {}
    rows = Ownership.objects.filter(company=company).select_related("place", "system")
    for row in sorted(rows, key=lambda each: (_code(each), each.fact, each.system.code)):
        own = found.setdefault((_code(row), row.fact), {"mirrors": {}, "echoes": ()})
        if row.role == Ownership.Role.PRIMARY:
            own |= {"primary": row.system.code, "primary_hours": row.mirror_hours}
        elif row.role == Ownership.Role.MIRROR:
            hours = False if row.mirror_hours is None else row.mirror_hours
            own["mirrors"] = {**own["mirrors"], row.system.code: hours}  # type: ignore[dict-item]  # made above
        else:
            own["echoes"] = (*own["echoes"], row.system.code)  # type: ignore[misc]  # made above
    return [OwnershipEntry(fact=fact, place=place, **own) for (place, fact), own in found.items()]  # type: ignore[arg-type]  # likewise


def _code(row: Ownership) -> str:
    return row.place.code if row.place is not None else ""
