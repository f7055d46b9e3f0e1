"""project44: truckload and LTL status updates. They repeat and come out of order, offsets are "-0500".

Estimates of stops are not read.
"""

from collections.abc import Mapping
from typing import Any

from integrations.mappings.shapes.reading import Part, Read
from integrations.mappings.shapes.statuses import Status, meaning, step

STATUSES: Mapping[str, Status | None] = {
    "DISPATCHED": None,
    "AT_STOP": "arrived",
    "ARRIVED": "arrived",
    "DEPARTED": "departed",
    "LOADING": None,
    "UNLOADING": "arrived",
    "IN_TRANSIT": "in_transit",
    "OUT_TO_STOP": "in_transit",
    "OUT_FOR_DELIVERY": "in_transit",
    "PICKED_UP": "departed",
    "DELIVERED": "delivered",
    "COMPLETED": "delivered",
    "EXCEPTION": "delayed",
    "HELD": "delayed",
    "INFO": None,
    "TRACKING_FAILED": None,
}
_BILLS = ("BILL_OF_LADING", "MASTER_BILL_OF_LADING")
_SHIPMENTS = ("SHIPMENT_ID", "EXTERNAL", "LOAD_ID")
_TRACKING = ("PRO", "TRACKING_NUMBER")


class Project44:
    """The latest update and the ones before it, where they are sent along."""

    name = "project44"

    def recognises(self, value: Mapping[str, Any]) -> bool:
        """By its latest status update."""
        return isinstance(value.get("latestStatusUpdate"), dict)

    def read(self, part: Part, issuer: str) -> list[Read]:
        """A status for each update that says something of the goods."""
        numbers = self._numbers(part)
        if not any(numbers.values()):
            part.fault(
                "no_shipment",
                "the update names no shipment: give a bill of lading, a shipment or a PRO number",
                "shipmentIdentifiers",
            )
        read: dict[str, Read] = {}
        for update in (*part.parts("statusUpdates"), part.part("latestStatusUpdate")):
            known, status = meaning(STATUSES, update.text("statusCode"))
            if not known:
                code = update.text("statusCode")[:20]
                update.warn("unknown_status", f"{code!r} is no status known here", "statusCode")
            if status is not None:
                one = step(
                    vendor="project44",
                    status=self._at_the_end(part, update, status),
                    occurred_at=update.moment("timestamp"),
                    carrier=part.part("carrierIdentifier").text("value"),
                    reason=update.text("statusReasonDescription", "statusReasonCode"),
                    bill_of_lading=numbers["bill_of_lading"],
                    shipment=numbers["shipment"],
                    tracking=numbers["tracking"],
                )
                read[one.event_id] = one
        return list(read.values())

    def _numbers(self, part: Part) -> dict[str, str]:
        found = {each.text("type").upper(): each.text("value") for each in part.parts("shipmentIdentifiers")}
        shipment = part.part("shipment")
        found |= {
            each.text("type").upper(): each.text("value") for each in shipment.parts("shipmentIdentifiers")
        }
        return {
            "bill_of_lading": next((found[kind] for kind in _BILLS if kind in found), ""),
            "shipment": next((found[kind] for kind in _SHIPMENTS if kind in found), ""),
            "tracking": next((found[kind] for kind in _TRACKING if kind in found), ""),
        }

    def _at_the_end(self, part: Part, update: Part, status: Status) -> Status:
        """At the first stop goods are loaded: being there is no arrival of theirs."""
        stops = [each.text("stopNumber") for each in part.parts("shipmentStops", "stops")]
        if status == "arrived" and stops and update.text("stopNumber") == stops[0] and len(stops) > 1:
            return "departed" if update.text("statusCode") == "DEPARTED" else "in_transit"
        return status
