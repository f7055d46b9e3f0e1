"""Two real histories beside the demo's company: each a company of its own, with a person who sees both.

The files are not ours to copy; they are read where they lie. Their detectors are silent, as at a cut-over:
the report of the silent run says what they would have opened.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.inbox.models import Connection
from visibility.masterdata.golive import Speaker, say_detectors
from visibility.masterdata.models import Company

MAPPINGS = Path(__file__).resolve().parents[1] / "mappings" / "history"
READER = ("hana", "Hana", "Weber", Role.SUPPLIER_MANAGER)
ALSO = ("rosa",)
"""People of the demo who see the histories, too, where they are there."""


@dataclass(frozen=True)
class RealHistory:
    """A file, how it is read, and as whose orders it is shown."""

    name: str
    file: str
    mapping: Path
    company: str
    title: str
    zone: str


HISTORIES = (
    RealHistory(
        name="purchase-to-pay",
        file="bpic2019_p2p_events.csv.gz",
        mapping=MAPPINGS / "purchase_to_pay.toml",
        company="A multinational's purchasing, 2018",
        title="Purchase-to-pay log",
        zone="Europe/Amsterdam",
    ),
    RealHistory(
        name="deliveries",
        file="scms_delivery_history.csv.gz",
        mapping=MAPPINGS / "scms.toml",
        company="A health supply chain, 2006 to 2015",
        title="Delivery history",
        zone="America/New_York",
    ),
)


def enter_history(*, history: RealHistory) -> Connection:
    """The company and the connection of a history, made if they are not there."""
    with transaction.atomic():
        company, new = Company.objects.get_or_create(
            code=history.name, defaults={"name": history.company, "time_zone": history.zone}
        )
        if new:
            speaker = Speaker("demo", "a history: what its detectors find is counted first")
            say_detectors(company=company, partner=None, kind="", mode="silent", speaker=speaker)
        connection, _ = Connection.objects.get_or_create(
            name=history.name,
            defaults={
                "company": company,
                "title": history.title,
                "witness": Connection.Witness.ERP,
                "tier": Connection.Tier.BATCH,
            },
        )
    return connection


def enter_reader(*, connections: list[Connection], passwords: dict[str, str]) -> str:
    """The person who sees the histories; their password, a new one where none is known."""
    username, first, last, role = READER
    user, new = User.objects.get_or_create(
        username=username, defaults={"first_name": first, "last_name": last, "role": role}
    )
    password = passwords.get(username) or secrets.token_urlsafe(9)
    if new or username not in passwords:
        user.set_password(password)
        user.save(update_fields=["password"])
    for reader in (user, *User.objects.filter(username__in=ALSO)):
        for connection in connections:
            Grant.objects.get_or_create(user=reader, company=connection.company)
    return password
