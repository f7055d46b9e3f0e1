"""Agreeing tolerances in tests, as the screens do it."""

from decimal import Decimal
from typing import Any

from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import Company, CrossReference, Item, Tolerance, TradingPartner
from visibility.masterdata.tolerance_setting import Whom, set_tolerance

KIM = Speaker("J. Kim", "Agreed on the telephone")


def partner(company: Company, value: str = "ZZ:ACMEIND", name: str = "Acme Industries") -> TradingPartner:
    """A partner that people confirmed."""
    made = TradingPartner.objects.create(company=company, code=value[3:], name=name)
    CrossReference.objects.create(company=company, kind="partner", value=value, target=made.pk)
    return made


def item(company: Company, code: str = "SKU-1042") -> Item:
    """An item that people confirmed."""
    made = Item.objects.create(company=company, code=code, name=code)
    CrossReference.objects.create(company=company, kind="item", value=f"buyer:{code}", target=made.pk)
    return made


def agree(
    company: Company, measure: str, percent: object = None, amount: object = None, **whom: Any
) -> Tolerance:
    """J. Kim agrees it."""
    both = whom.pop("both", "lower")
    return set_tolerance(
        company=company,
        whom=Whom(**whom),
        measure=measure,
        percent=None if percent is None else Decimal(str(percent)),
        amount=None if amount is None else Decimal(str(amount)),
        both=both,
        speaker=KIM,
    )
