"""Amazon vendor (Selling Partner API): its purchase orders to us, our answers, our shipment confirmations.

Amazon is the customer: the order is its own, and we are the supplier. Quantities in cases say how many
pieces a case holds; the unit is kept as it is written.
"""

from collections.abc import Mapping
from typing import Any, Literal

from integrations.mappings.shapes.reading import Part, Read, read_day, read_moment
from visibility.canonical.documents import (
    AnswerClass,
    AnswerLine,
    AnswerPart,
    Basis,
    Item,
    OrderAcknowledged,
    OrderLine,
    OrderPlaced,
    OrderRef,
    Party,
    Purpose,
    Schedule,
    ShipLine,
    ShipmentNotified,
)

ANSWERS: Mapping[str, AnswerClass] = {
    "ACCEPTED": "accepted",
    "BACKORDERED": "backordered",
    "REJECTED": "rejected",
}
_PURPOSES: Mapping[str, Purpose] = {"ORIGINAL": "original", "REPLACE": "replace"}
_ISSUER = "AMAZON"
Side = Literal["buyingParty", "sellingParty", "shipToParty", "shipFromParty"]


class AmazonVendor:
    """One document an order, an answer or a confirmation."""

    name = "Amazon vendor"

    def recognises(self, value: Mapping[str, Any]) -> bool:
        """By the fields of its three documents."""
        return (
            ("purchaseOrderNumber" in value and ("orderDetails" in value or "acknowledgementDate" in value))
            or ("purchaseOrderNumber" in value and "purchaseOrderState" in value)
            or ("shipmentIdentifier" in value and "shippedItems" in value)
        )

    def read(self, part: Part, issuer: str) -> list[Read]:
        """The order, answer or ship notice."""
        if part.has("shipmentIdentifier"):
            return [Read(document=self._shipment(part))]
        if part.has("acknowledgementDate"):
            return [Read(document=self._answer(part))]
        return [Read(document=self._order(part))]

    def _order(self, part: Part) -> OrderPlaced:
        details = part.part("orderDetails")
        # Some write the windows and the items beside the details instead of among them.
        requests = next(
            filter(None, (_requests(where) for where in (details, part))),
            (),
        )
        items = list(details.parts("items")) or list(part.parts("items"))
        if not items:
            details.warn(
                "no_lines", "the order came without its items; ask with includeDetails=true", "items"
            )
        return OrderPlaced(
            order=_order_of(part),
            issued_at=details.moment("purchaseOrderChangedDate", "purchaseOrderDate"),
            buyer=_party(details, "buyingParty"),
            supplier=_party(details, "sellingParty"),
            ship_to=_party(details, "shipToParty"),
            ordered_on=details.day("purchaseOrderDate"),
            currency=next((c for i in items if (c := i.part("netCost").text("currencyCode"))), "")[:3],
            kind={"RUSHORDER": "rush", "CONSIGNEDORDER": "consignment"}.get(
                details.text("purchaseOrderType").upper(), "stand_alone"
            ),
            units="own",
            lines=tuple(
                OrderLine(
                    line=each.text("itemSequenceNumber"),
                    item=_item(each),
                    quantity=each.part("orderedQuantity").number("amount"),
                    unit=each.part("orderedQuantity").text("unitOfMeasure"),
                    price=each.part("netCost").number("amount"),
                    requests=requests,
                )
                for each in items
            ),
        )

    def _answer(self, part: Part) -> OrderAcknowledged:
        return OrderAcknowledged(
            order=_order_of(part),
            issued_at=part.moment("acknowledgementDate"),
            version=part.text("acknowledgementDate"),
            supplier=_party(part, "sellingParty"),
            units="own",
            lines=tuple(self._answered(each) for each in part.parts("items")),
        )

    def _answered(self, item: Part) -> AnswerLine:
        parts = []
        for each in item.parts("itemAcknowledgements"):
            answer = ANSWERS.get(each.text("acknowledgementCode").upper())
            if answer is None:
                code = each.text("acknowledgementCode")[:20]
                each.warn("unknown_line_status", f"{code!r} is no answer known here", "acknowledgementCode")
                continue
            ship, dock = each.day("scheduledShipDate"), each.day("scheduledDeliveryDate")
            parts.append(
                AnswerPart(
                    answer=answer,
                    quantity=each.part("acknowledgedQuantity").number("amount"),
                    unit=each.part("acknowledgedQuantity").text("unitOfMeasure"),
                    date=dock or ship,
                    basis="dock" if dock else "ship" if ship else "unstated",
                    code=each.text("acknowledgementCode"),
                    reason=each.text("rejectionReason"),
                )
            )
        ordered = item.part("orderedQuantity")
        return AnswerLine(
            line=item.text("itemSequenceNumber"),
            item=_item(item),
            quantity=ordered.number("amount"),
            unit=ordered.text("unitOfMeasure"),
            price=item.part("netCost").number("amount"),
            parts=tuple(parts),
        )

    def _shipment(self, part: Part) -> ShipmentNotified:
        packages: dict[str, list[str]] = {}
        for carton in (*part.parts("cartons"), *part.parts("pallets")):
            codes = [
                each.text("containerIdentificationNumber", "palletIdentificationNumber")
                for name in ("cartonIdentifiers", "palletIdentifiers")
                for each in carton.parts(name)
            ]
            for item in carton.parts("items"):
                packages.setdefault(item.text("itemReference"), []).extend(filter(None, codes))
        transport = part.part("transportationDetails")
        return ShipmentNotified(
            number=part.text("shipmentIdentifier"),
            purpose=_PURPOSES.get(part.text("shipmentConfirmationType").upper(), "original"),
            issued_at=part.moment("shipmentConfirmationDate"),
            shipped_at=part.moment("shippedDate"),
            estimated_at=part.moment("estimatedDeliveryDate"),
            supplier=_party(part, "sellingParty"),
            ship_to=_party(part, "shipToParty"),
            carrier=transport.text("carrierScac"),
            bill_of_lading=transport.text("billOfLadingNumber"),
            tracking=transport.text("carrierShipmentReferenceNumber"),
            units="own",
            lines=tuple(
                ShipLine(
                    line=each.text("itemSequenceNumber"),
                    item=_item(each),
                    quantity=each.part("shippedQuantity").number("amount"),
                    unit=each.part("shippedQuantity").text("unitOfMeasure"),
                    order=self._order_of_item(each),
                    packages=tuple(packages.get(each.text("itemSequenceNumber"), ())),
                )
                for each in part.parts("shippedItems")
            ),
        )

    def _order_of_item(self, item: Part) -> OrderRef | None:
        number = item.part("itemDetails").text("purchaseOrderNumber")
        if not number:
            item.warn("no_order", "the item names no purchase order", "itemDetails")
        return OrderRef(number=number, issuer=_ISSUER) if number else None


def _order_of(part: Part) -> OrderRef:
    number = part.text("purchaseOrderNumber")
    if not number:
        part.fault("no_order", "purchaseOrderNumber is empty", "purchaseOrderNumber")
    return OrderRef(number=number, issuer=_ISSUER)


def _party(part: Part, side: Side) -> Party:
    party = part.part(side)
    code = party.text("partyId")
    return Party(ids=(f"AMAZON:{code}",) if code else (), name=party.part("address").text("name"))


def _item(line: Part) -> Item:
    """Amazon's number is the buyer's; the vendor's is often a GTIN."""
    vendor = line.text("vendorProductIdentifier")
    gtin = vendor.zfill(14) if vendor.isdecimal() and len(vendor) in (8, 12, 13, 14) else ""
    return Item(
        buyer=line.text("amazonProductIdentifier", "buyerProductIdentifier"), vendor=vendor, gtin=gtin
    )


def _requests(part: Part) -> tuple[Schedule, ...]:
    return _window(part, "deliveryWindow", "dock") or _window(part, "shipWindow", "ship")


def _window(details: Part, name: str, basis: Basis) -> tuple[Schedule, ...]:
    """A window "from--to" is asked for by its end."""
    text = details.text(name)
    if not text:
        return ()
    day = read_day(text.rpartition("--")[2])
    if day is None or read_moment(text.rpartition("--")[2]) is None:
        details.warn("not_a_date", f"{text[:40]!r} is not a window of time; it was left out", name)
        return ()
    return (Schedule(date=day, basis=basis),)
