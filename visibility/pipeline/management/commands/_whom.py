"""Which company and which partner a command is about."""

from django.core.management.base import CommandError, CommandParser

from visibility.masterdata.models import Company, TradingPartner


def add_whom(parser: CommandParser) -> None:
    """The options by which a command says whom it is about."""
    parser.add_argument("--company", default="", help="its code; needed where there are several")
    parser.add_argument("--partner", default="", help="the partner's code; without it, the company itself")


def whom(*, company: str, partner: str) -> tuple[Company, TradingPartner | None]:
    """The company and the partner that are meant; CommandError that says what is missing."""
    found = list(Company.objects.filter(code=company) if company else _with_partner(partner)[:2])
    if len(found) != 1:
        raise CommandError(f"There is no company {company}." if company else "Say which company: --company.")
    if not partner:
        return found[0], None
    own = TradingPartner.objects.filter(company=found[0], code=partner).first()
    if own is None:
        raise CommandError(f"{found[0].code} has no partner with the code {partner}.")
    return found[0], own


def _with_partner(partner: str) -> list[Company]:
    companies = Company.objects.order_by("pk")
    if partner:
        companies = companies.filter(pk__in=TradingPartner.objects.filter(code=partner).values("company_id"))
    return list(companies[:2])
