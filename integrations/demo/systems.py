"""The demo's other systems: where commands go, how they are signed, and the processes that answer.

Northgate's ERP, planning service and warehouse, and Acme, have an API; the other suppliers have a folder.
"""

import secrets
import sys
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from integrations.demo.note import Note
from visibility.inbox.models import Connection
from visibility.masterdata.models import Company, TradingPartner
from visibility.sync.models import Endpoint
from visibility.sync.services import set_secret

Role = Endpoint.Role
Witness = Connection.Witness


@dataclass(frozen=True)
class DemoSystem:
    """One system of the sandbox: what it is called, what it is, and whose (a supplier's code)."""

    name: str
    title: str
    role: Role
    witness: Witness
    supplier: str = ""


SYSTEMS = (
    DemoSystem("erp", "Northgate ERP", Role.ERP, Witness.ERP),
    DemoSystem("planning", "Demand planning", Role.PLANNING, Witness.PLANNING),
    DemoSystem("wms", "Redline WMS, by API", Role.WMS, Witness.WMS),
    DemoSystem("acme", "Acme, by API", Role.SUPPLIER, Witness.EDI, "ACME"),
)
MAILBOX = DemoSystem("supplier-mailbox", "Supplier mailbox", Role.SUPPLIER, Witness.EDI)
"""Where messages to suppliers without an API lie, as files."""


def connect_systems(*, note: Note, ports: dict[str, int], state: Path) -> None:
    """Enter where each system answers, with a secret of its own that is kept beside the demo's note."""
    company = Company.objects.get(code="northgate")
    for system in SYSTEMS:
        options = {"url": f"http://127.0.0.1:{ports[system.name]}", "private": True, "changes": True}
        endpoint = _enter(company, system, "http_json", options)
        set_secret(endpoint=endpoint, secret=_secret(note, state, system.name), who="demo")
    folder = state / "mailbox"
    folder.mkdir(exist_ok=True)
    _enter(company, MAILBOX, "folder", {"folder": str(folder)})


def _enter(company: Company, system: DemoSystem, connector: str, options: dict[str, object]) -> Endpoint:
    connection, _ = Connection.objects.get_or_create(
        name=f"{system.name}-api" if connector == "http_json" else system.name,
        defaults={
            "company": company,
            "title": system.title,
            "witness": system.witness,
            "issuer": company.issuer,
        },
    )
    partner = TradingPartner.objects.filter(company=company, code=system.supplier).first()
    endpoint, _ = Endpoint.objects.update_or_create(
        connection=connection,
        defaults={
            "role": system.role,
            "partner_id": partner.pk if partner else None,
            "connector": connector,
            "settings": options,
        },
    )
    return endpoint


def _secret(note: Note, state: Path, name: str) -> str:
    """The same on every run; it stands in a file that only its owner reads, for the system to believe."""
    known = note.secrets.setdefault(name, "whsec_" + b64encode(secrets.token_bytes(24)).decode())
    file = secret_file(state, name)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(known)
    return known


def secret_file(state: Path, name: str) -> Path:
    """Where a system reads whose requests it believes."""
    return state / "secrets" / name


def programs(
    *, note: Note, ports: dict[str, int], state: Path, seed: int, orders: int
) -> dict[str, list[str]]:
    """How the systems are started, by name."""
    found = {}
    for system in SYSTEMS:
        kind = "supplier" if system.role == Role.SUPPLIER else system.name
        found[f"sandbox-{system.name}"] = [
            *(sys.executable, "-m", "integrations.sandbox.systems", kind),
            *("--port", str(ports[system.name]), "--state", str(state / "systems"), "--name", system.name),
            *("--secrets", str(secret_file(state, system.name))),
            *("--seed", str(seed), "--orders", str(orders), "--anchor", note.anchor.isoformat()),
        ]
    return found
