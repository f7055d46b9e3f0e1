"""Terms to look at: a tolerance, a calendar and a partner's profile of a company, made once."""

from decimal import Decimal

from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import Company, Tolerance, TradingPartner, WorkCalendar
from visibility.masterdata.profiles_setting import ProfileValues, set_profile
from visibility.masterdata.tolerance_setting import Whom, set_tolerance

KIM = Speaker("J. Kim", "Agreed on the telephone")


def agreed_tolerance(company: Company) -> Tolerance:
    """5 % below, for the whole company."""
    return set_tolerance(
        company=company,
        whom=Whom(),
        measure=Tolerance.Measure.QUANTITY_UNDER,
        percent=Decimal(5),
        amount=None,
        speaker=KIM,
    )


def working_calendar(company: Company) -> WorkCalendar:
    """The office's week."""
    week = [["08:00-17:00"]] * 5 + [[], []]
    made, _ = WorkCalendar.objects.get_or_create(
        company=company, code="office", defaults={"name": "Office", "week": week}
    )
    return made


def partner_with_profile(company: Company) -> TradingPartner:
    """A partner whose documents are agreed."""
    partner, _ = TradingPartner.objects.get_or_create(company=company, code="BOLT", defaults={"name": "Bolt"})
    values = ProfileValues(
        syntax="x12",
        version="004010",
        our_qualifier="ZZ",
        our_id="NORTHGATE",
        their_qualifier="ZZ",
        their_id="BOLTNUT",
    )
    set_profile(company=company, partner=partner, values=values, speaker=KIM)
    return partner
