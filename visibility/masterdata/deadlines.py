"""Deadlines: how many working hours each clock gives, a company's and what was agreed with a partner."""

from django.db import transaction

from visibility.core.errors import InputError
from visibility.masterdata.audit import keep_changes, need_reason
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import Company, TradingPartner
from visibility.masterdata.terms_changes import tell_change

ENTITY_OF_COMPANY, ENTITY_OF_PARTNER = "company_deadlines", "partner_deadlines"
CLOCKS_OF_PARTNER = (
    "acknowledgement_hours",
    "functional_hours",
    "follow_up_hours",
    "asn_hours",
    "receipt_hours",
    "invoice_hours",
)
CLOCKS_OF_COMPANY = (*CLOCKS_OF_PARTNER, "match_hours")
"""Matching is ours alone."""
MOST_HOURS = 2000


def set_deadlines(
    *,
    company: Company,
    partner: TradingPartner | None,
    hours: dict[str, int | None],
    speaker: Speaker,
) -> list[str]:
    """Set the hours of the clocks that are named; None of a partner's: as the company's. What changed.

    InputError says what is wrong; nothing was set then.
    """
    need_reason(speaker)
    known = CLOCKS_OF_COMPANY if partner is None else CLOCKS_OF_PARTNER
    for clock, value in hours.items():
        if clock not in known:
            raise InputError("clock_unknown", "There is no such clock.", f"/{clock}")
        if value is None and partner is None:
            raise InputError("hours_missing", "A company has nobody above it: write the hours.", f"/{clock}")
        if value is not None and not 1 <= value <= MOST_HOURS:
            raise InputError("hours_wrong", f"Write 1 to {MOST_HOURS} working hours.", f"/{clock}")
    with transaction.atomic():
        record: Company | TradingPartner = Company.objects.select_for_update().get(pk=company.pk)
        if partner is not None:
            record = TradingPartner.objects.select_for_update().get(pk=partner.pk, company=company)
        before = {clock: getattr(record, clock) for clock in hours}
        changed = keep_changes(
            company_id=company.pk,
            entity=ENTITY_OF_COMPANY if partner is None else ENTITY_OF_PARTNER,
            entity_id=record.pk,
            subject=str(record),
            before=before,
            after=hours,
            speaker=speaker,
        )
        if changed:
            type(record).objects.filter(pk=record.pk).update(**{clock: hours[clock] for clock in changed})
            tell_change(company_id=company.pk, partner_id=partner.pk if partner is not None else None)
    return changed
