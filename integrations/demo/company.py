"""Northgate Supply as master data: the company, its connections, items, partners, places and people."""

import secrets
from decimal import Decimal

from django.db import transaction

from integrations.sandbox import company as sandbox
from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.inbox.models import Connection
from visibility.masterdata.models import (
    Company,
    CrossReference,
    Item,
    Location,
    MasterRecord,
    TradingPartner,
    UnitConversion,
)

PEOPLE: tuple[tuple[str, str, str, Role], ...] = (
    ("maria", "Maria", "Ortiz", Role.BUYER),
    ("deepa", "Deepa", "Patel", Role.PLANNER),
    ("jin", "Jin", "Kim", Role.SUPPLIER_MANAGER),
    ("rosa", "Rosa", "Chen", Role.INTEGRATION),
)
CONNECTIONS: tuple[tuple[str, str, Connection.Witness], ...] = (
    ("erp-out", "Orders sent by the ERP", Connection.Witness.EDI),
    ("edi-suppliers", "Supplier EDI", Connection.Witness.EDI),
    ("wms-redline", "Redline WMS", Connection.Witness.WMS),
)


def set_up_company() -> dict[str, Connection]:
    """Enter Northgate Supply, or complete it. Its connections by name."""
    with transaction.atomic():
        company, _ = Company.objects.get_or_create(
            code="northgate",
            defaults={"name": sandbox.NAME, "issuer": "ZZ:NORTHGATE", "time_zone": sandbox.TIME_ZONE},
        )
        _enter_partners(company)
        _enter_places(company)
        _enter_items(company)
        return {name: _connect(company, name, title, witness) for name, title, witness in CONNECTIONS}


def _connect(company: Company, name: str, title: str, witness: Connection.Witness) -> Connection:
    connection, _ = Connection.objects.get_or_create(
        name=name,
        defaults={"company": company, "title": title, "witness": witness, "issuer": company.issuer},
    )
    return connection


def _refer(company: Company, kind: CrossReference.Kind, record: MasterRecord, *values: str) -> None:
    for value in values:
        CrossReference.objects.get_or_create(
            company=company, kind=kind, value=value, defaults={"target": record.pk}
        )


def _enter_partners(company: Company) -> None:
    for supplier in sandbox.SUPPLIERS:
        partner, _ = TradingPartner.objects.get_or_create(
            company=company, code=supplier.code, defaults={"name": supplier.name}
        )
        party = supplier.party
        _refer(
            company,
            CrossReference.Kind.PARTNER,
            partner,
            f"{party.qualifier}:{party.edi_id}",
            f"92:{supplier.code}",
        )


def _enter_places(company: Company) -> None:
    for place in sandbox.PLACES:
        location, _ = Location.objects.get_or_create(
            company=company, code=place.code, defaults={"name": place.name, "time_zone": place.time_zone}
        )
        _refer(company, CrossReference.Kind.LOCATION, location, f"UL:{place.gln}")


def _enter_items(company: Company) -> None:
    scopes = {s.code: f"{s.party.qualifier}:{s.party.edi_id}" for s in sandbox.SUPPLIERS}
    for known in sandbox.ITEMS:
        item, _ = Item.objects.get_or_create(
            company=company, code=known.sku, defaults={"name": known.description, "base_unit": known.unit}
        )
        _refer(
            company,
            CrossReference.Kind.ITEM,
            item,
            f"buyer:{known.sku}",
            f"vendor:{scopes[known.supplier]}:{known.vendor_part}",
            f"gtin:{known.gtin}",
        )
        if known.pack > 1 and known.unit != "EA":
            UnitConversion.objects.get_or_create(
                company=company,
                item=item,
                from_unit=f"x12:{known.unit}",
                to_unit="x12:EA",
                defaults={"factor": Decimal(known.pack)},
            )


def set_up_people(*, passwords: dict[str, str]) -> dict[str, str]:
    """Enter one person for each role that has pages; their passwords, made where none is known yet."""
    company = Company.objects.get(code="northgate")
    trial = Company.objects.get(code="trial")
    made = {}
    for username, first, last, role in PEOPLE:
        password = passwords.get(username) or secrets.token_urlsafe(9)
        user, new = User.objects.get_or_create(
            username=username, defaults={"first_name": first, "last_name": last, "role": role}
        )
        if new or username not in passwords:
            user.set_password(password)
            user.save(update_fields=["password"])
        Grant.objects.get_or_create(user=user, company=company)
        if role is Role.INTEGRATION:
            Grant.objects.get_or_create(user=user, company=trial)
        made[username] = password
    return made
