"""Shippo: the tracking of a parcel, by itself or in a `track_updated` webhook (sent more than once)."""

from collections.abc import Mapping
from typing import Any

from integrations.mappings.shapes.reading import Part, Read
from integrations.mappings.shapes.statuses import Status, estimate, meaning, step

STATUSES: Mapping[str, Status | None] = {
    "UNKNOWN": None,
    "PRE_TRANSIT": None,
    "TRANSIT": "in_transit",
    "DELIVERED": "delivered",
    "RETURNED": "delayed",
    "FAILURE": "delayed",
}


class Shippo:
    """The steps of a track."""

    name = "Shippo"

    def recognises(self, value: Mapping[str, Any]) -> bool:
        """By a track's number and where it stands."""
        return "tracking_number" in value and ("tracking_status" in value or "tracking_history" in value)

    def read(self, part: Part, issuer: str) -> list[Read]:
        """A status for each step that says something of the goods, the present one among them."""
        tracking = part.text("tracking_number")
        if not tracking:
            part.fault("no_shipment", "the track has no tracking_number", "tracking_number")
        present = part.part("tracking_status")
        read: dict[str, Read] = {}
        for detail in (*part.parts("tracking_history"), present):
            if not detail.value:
                continue
            known, status = meaning(STATUSES, detail.text("status"))
            if not known:
                detail.warn(
                    "unknown_status", f"{detail.text('status')[:20]!r} is no status known here", "status"
                )
            if status is not None:
                one = step(
                    vendor="shippo",
                    status=status,
                    occurred_at=detail.moment("status_date"),
                    tracking=tracking,
                    carrier=part.text("carrier").upper(),
                    reason=detail.text("status_details"),
                )
                read[one.event_id] = one
        told = estimate(
            vendor="shippo",
            expected_at=part.moment("eta"),
            told_at=present.moment("status_date"),
            last=meaning(STATUSES, present.text("status"))[1],
            tracking=tracking,
            carrier=part.text("carrier").upper(),
        )
        return [*read.values(), *told]
