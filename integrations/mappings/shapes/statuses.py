"""What carriers' trackers have in common: a status of a shipment that is told again and again.

Trackers send their whole history with every update. Each step has an identity made of what it says, so that
it counts once however often it is sent; a step that is told otherwise later is another one. What a tracker
expects changes while its steps stay, so an estimate is a step of its own.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Literal

import msgspec

from integrations.mappings.shapes.reading import Read
from visibility.canonical.documents import TransportStatus
from visibility.core import identifiers

Status = Literal["departed", "in_transit", "arrived", "delivered", "delayed"]


def step(
    *,
    vendor: str,
    status: Status,
    occurred_at: dt.datetime | None,
    tracking: str,
    carrier: str,
    reason: str = "",
    estimated_at: dt.datetime | None = None,
    shipment: str = "",
    bill_of_lading: str = "",
) -> Read:
    """One step of a shipment as a document with an identity of its own."""
    document = TransportStatus(
        status=status,
        issued_at=occurred_at,
        occurred_at=occurred_at,
        estimated_at=estimated_at,
        tracking=tracking,
        carrier=carrier,
        reason=reason,
        shipment=shipment,
        bill_of_lading=bill_of_lading,
    )
    told = identifiers.digest(msgspec.json.encode(document))
    return Read(document=document, event_id=str(told), source=f"tracker:{vendor}")


def meaning(table: Mapping[str, Status | None], code: str) -> tuple[bool, Status | None]:
    """Whether a vendor's status is known, and what it means; None: it tells nothing of the goods yet."""
    key = code.strip().upper()
    return key in table, table.get(key)


def estimate(
    *,
    vendor: str,
    expected_at: dt.datetime | None,
    told_at: dt.datetime | None,
    last: Status | None,
    tracking: str,
    carrier: str,
) -> list[Read]:
    """When the shipment is expected, as long as it is under way; nothing where nobody says."""
    if expected_at is None or last not in ("departed", "in_transit", "delayed"):
        return []
    return [
        step(
            vendor=vendor,
            status=last,
            occurred_at=told_at,
            tracking=tracking,
            carrier=carrier,
            reason="estimate",
            estimated_at=expected_at,
        )
    ]
