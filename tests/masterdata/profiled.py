"""A partner with a profile, for the tests that need one."""

from typing import Any

import factories as make

from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import Company, CrossReference, PartnerProfile, TradingPartner
from visibility.masterdata.profiles_setting import ProfileValues, set_profile

KIM = Speaker("J. Kim", "Agreed with their EDI desk")


def values(**more: Any) -> ProfileValues:
    """X12 004010 between Northgate and Acme."""
    own: dict[str, Any] = {
        "syntax": "x12",
        "version": "004010",
        "our_qualifier": "ZZ",
        "our_id": "NORTHGATE",
        "their_qualifier": "ZZ",
        "their_id": "ACMEIND",
        "usage": "production",
    }
    return ProfileValues(**{**own, **more})


def partner_of(company: Company, code: str = "ACME", name: str = "Acme Industries") -> TradingPartner:
    """A partner that documents name "ZZ:ACMEIND"."""
    partner, made = TradingPartner.objects.get_or_create(company=company, code=code, defaults={"name": name})
    if made:
        CrossReference.objects.get_or_create(
            company=company,
            kind=CrossReference.Kind.PARTNER,
            value=make.ACME if code == "ACME" else f"ZZ:{code}",
            defaults={"target": partner.pk},
        )
    return partner


def profile_of(company: Company, partner: TradingPartner | None = None, **more: Any) -> PartnerProfile:
    """An agreed profile."""
    whose = partner or partner_of(company)
    return set_profile(company=company, partner=whose, values=values(**more), speaker=KIM)
