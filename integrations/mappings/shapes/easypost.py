"""EasyPost: a tracker with its history, by itself or in a webhook's event."""

from collections.abc import Mapping
from typing import Any

from integrations.mappings.shapes.reading import Part, Read
from integrations.mappings.shapes.statuses import Status, estimate, meaning, step

STATUSES: Mapping[str, Status | None] = {
    "UNKNOWN": None,
    "PRE_TRANSIT": None,
    "IN_TRANSIT": "in_transit",
    "OUT_FOR_DELIVERY": "in_transit",
    "AVAILABLE_FOR_PICKUP": "arrived",
    "DELIVERED": "delivered",
    "RETURN_TO_SENDER": "delayed",
    "FAILURE": "delayed",
    "CANCELLED": "delayed",
    "ERROR": "delayed",
}


class EasyPost:
    """Trackers; events about other things are left out knowingly."""

    name = "EasyPost"

    def recognises(self, value: Mapping[str, Any]) -> bool:
        """By the object's own name of itself."""
        return value.get("object") in ("Tracker", "Event") and "id" in value

    def read(self, part: Part, issuer: str) -> list[Read]:
        """A status for each step of the history that says something of the goods."""
        tracker = part
        if part.text("object") == "Event":
            tracker = part.part("result")
            if tracker.text("object") != "Tracker":
                part.warn("no_content", f"an event ({part.text('description')}) that tells of no tracker")
                return []
        tracking = tracker.text("tracking_code")
        if not tracking:
            tracker.fault("no_shipment", "the tracker has no tracking_code: nobody knows what moved")
        steps = list(tracker.parts("tracking_details")) or [tracker]
        told = estimate(
            vendor="easypost",
            expected_at=tracker.moment("est_delivery_date"),
            told_at=tracker.moment("updated_at"),
            last=meaning(STATUSES, tracker.text("status"))[1],
            tracking=tracking,
            carrier=tracker.text("carrier"),
        )
        return [*(each for detail in steps for each in self._step(tracker, detail, tracking)), *told]

    def _step(self, tracker: Part, detail: Part, tracking: str) -> list[Read]:
        known, status = meaning(STATUSES, detail.text("status"))
        if not known:
            detail.warn("unknown_status", f"{detail.text('status')[:20]!r} is no status known here", "status")
        if status is None:
            return []
        return [
            step(
                vendor="easypost",
                status=status,
                occurred_at=detail.moment("datetime", "updated_at"),
                tracking=tracking,
                carrier=tracker.text("carrier"),
                reason=detail.text("message", "status_detail"),
            )
        ]
