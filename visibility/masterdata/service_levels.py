"""Within how many working hours cases are to be resolved, by severity and, where set, by kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db import transaction

from visibility.core.errors import InputError
from visibility.masterdata.audit import keep_changes, need_reason
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import Company, ServiceLevel, Severity

ENTITY = "service_level"
WARN_PERCENT = 75
DEFAULT_HOURS: Mapping[str, int] = MappingProxyType({"critical": 4, "high": 8, "medium": 16, "low": 40})
MOST_HOURS = 2000


@dataclass(frozen=True, slots=True)
class Service:
    """Working hours until a case is to be resolved, and how much of them is used when the clock warns."""

    hours: int
    warn_percent: int = WARN_PERCENT


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """All of a company's, by (severity, kind); kind empty: every kind that has none of its own."""

    rows: Mapping[tuple[str, str], Service]

    def of(self, *, severity: str, kind: str) -> Service:
        """What counts for a case: its kind's, else its severity's, else the defaults."""
        found = self.rows.get((severity, kind)) or self.rows.get((severity, ""))
        return found or Service(DEFAULT_HOURS.get(severity, DEFAULT_HOURS["low"]))


def service_hours(*, company_id: int) -> ServiceHours:
    """The resolution hours of a company. One query."""
    rows = ServiceLevel.objects.filter(company_id=company_id)
    return ServiceHours(
        {
            (severity, kind): Service(hours, warn)
            for severity, kind, hours, warn in rows.values_list("severity", "kind", "hours", "warn_percent")
        }
    )


def set_service_level(
    *,
    company: Company,
    severity: str,
    kind: str,
    hours: int | None,
    warn_percent: int = WARN_PERCENT,
    speaker: Speaker,
) -> bool:
    """Set the hours of a severity (and kind); None takes back what was set. Whether that changed anything.

    The clocks of cases that are open go on as they were set; those opened or weighed anew take the new hours.
    InputError says what is wrong.
    """
    need_reason(speaker)
    if severity not in Severity.values:
        raise InputError("severity_unknown", "There is no such severity.", "/severity")
    if hours is not None and not 1 <= hours <= MOST_HOURS:
        raise InputError("hours_wrong", f"Write 1 to {MOST_HOURS} working hours.", "/hours")
    if not 1 <= warn_percent <= 100:
        raise InputError("warn_wrong", "Write 1 to 100 percent.", "/warn_percent")
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company.pk)
        row = ServiceLevel.objects.filter(company=company, severity=severity, kind=kind).first()
        before = {"hours": row.hours, "warn_percent": row.warn_percent} if row else {}
        after = {"hours": hours, "warn_percent": warn_percent} if hours is not None else {}
        if before == after:
            return False
        if row is not None and hours is None:
            entity_id = row.pk
            row.delete()
        else:
            row, _ = ServiceLevel.objects.update_or_create(
                company=company, severity=severity, kind=kind, defaults=after
            )
            entity_id = row.pk
        keep_changes(
            company_id=company.pk,
            entity=ENTITY,
            entity_id=entity_id,
            subject=f"{severity}{f' {kind}' if kind else ''}",
            before=before,
            after=after,
            speaker=speaker,
        )
    return True
