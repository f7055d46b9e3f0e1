"""Dynamics 365 Business Central (API v2.0): purchase orders, receipts and invoices, their lines expanded.

A webhook of Business Central only says what changed where; it is left out, the entity is to be read. A day
that is not told comes as 0001-01-01.
"""

from collections.abc import Mapping
from typing import Any

from integrations.mappings.shapes.reading import Part, Read
from visibility.canonical.documents import (
    GoodsReceived,
    InvoiceLine,
    InvoiceReceived,
    Item,
    OrderLine,
    OrderPlaced,
    OrderRef,
    Party,
    ReceiptLine,
    Schedule,
)

_ORDERS, _RECEIPTS, _INVOICES = "purchaseOrderLines", "purchaseReceiptLines", "purchaseInvoiceLines"


class BusinessCentral:
    """One document an entity."""

    name = "Business Central"

    def recognises(self, value: Mapping[str, Any]) -> bool:
        """By its vendor's number, its lines, or a line's own fields."""
        return (
            ("number" in value and "vendorNumber" in value)
            or any(name in value for name in (_ORDERS, _RECEIPTS, _INVOICES))
            or ("documentId" in value and "lineObjectNumber" in value)
            or ("subscriptionId" in value and "resource" in value)
        )

    def read(self, part: Part, issuer: str) -> list[Read]:
        """The order, receipt or invoice that the entity is."""
        if part.has("subscriptionId"):
            part.warn("no_content", "a notification that something changed; what changed has to be read")
            return []
        if part.has("documentId") and not part.text("number"):
            part.fault(
                "no_order", "a line by itself names its order by an id alone; send the order", "documentId"
            )
            return []
        if part.has(_INVOICES) or part.has("vendorInvoiceNumber"):
            return [Read(document=self._invoice(part, issuer))]
        if part.has(_RECEIPTS) or (part.has("orderNumber") and not part.has("orderDate")):
            return [Read(document=self._receipt(part, issuer))]
        return self._order(part, issuer)

    def _order(self, part: Part, issuer: str) -> list[Read]:
        lines = list(part.parts(_ORDERS))
        if not part.text("number"):
            part.fault("no_order", "the order has no number", "number")
        if not lines:
            part.warn("no_lines", f"the order came without its lines; read it with $expand={_ORDERS}")
        wanted = part.day("requestedReceiptDate")
        return [
            Read(
                document=OrderPlaced(
                    order=OrderRef(number=part.text("number"), issuer=issuer),
                    issued_at=part.moment("lastModifiedDateTime", "orderDate"),
                    supplier=_vendor(part),
                    ship_to=Party(name=part.text("shipToName")),
                    ordered_on=part.day("orderDate"),
                    currency=part.text("currencyCode")[:3],
                    units="own",
                    lines=tuple(self._line(each, wanted) for each in lines if _is_goods(each)),
                )
            )
        ]

    def _line(self, each: Part, wanted: Any) -> OrderLine:
        day = each.day("expectedReceiptDate") or wanted
        return OrderLine(
            line=each.text("sequence"),
            item=_item(each),
            quantity=each.number("quantity"),
            unit=each.text("unitOfMeasureCode"),
            price=each.number("directUnitCost"),
            requests=(Schedule(date=day, basis="dock"),) if day else (),
        )

    def _receipt(self, part: Part, issuer: str) -> GoodsReceived:
        number = part.text("orderNumber")
        if not number:
            part.warn("no_order", "the receipt names no order", "orderNumber")
        return GoodsReceived(
            order=OrderRef(number=number, issuer=issuer) if number else None,
            number=part.text("number"),
            issued_at=part.moment("lastModifiedDateTime", "postingDate"),
            received_at=part.moment("postingDate"),
            supplier=_vendor(part),
            ship_to=Party(name=part.text("shipToName")),
            units="own",
            lines=tuple(
                ReceiptLine(
                    line=each.text("orderLineNumber", "sequence"),
                    item=_item(each),
                    quantity=each.number("quantity"),
                    unit=each.text("unitOfMeasureCode"),
                )
                for each in part.parts(_RECEIPTS)
                if _is_goods(each)
            ),
        )

    def _invoice(self, part: Part, issuer: str) -> InvoiceReceived:
        number = part.text("orderNumber")
        if not number:
            part.warn("no_order", "the invoice names no order", "orderNumber")
        return InvoiceReceived(
            order=OrderRef(number=number, issuer=issuer) if number else None,
            number=part.text("vendorInvoiceNumber", "number"),
            issued_at=part.moment("lastModifiedDateTime", "invoiceDate"),
            invoiced_on=part.day("invoiceDate", "postingDate"),
            supplier=_vendor(part),
            currency=part.text("currencyCode")[:3],
            total=part.number("totalAmountIncludingTax"),
            units="own",
            lines=tuple(
                InvoiceLine(
                    line=each.text("sequence"),
                    item=_item(each),
                    quantity=each.number("quantity"),
                    unit=each.text("unitOfMeasureCode"),
                    price=each.number("unitCost") if each.has("unitCost") else each.number("directUnitCost"),
                )
                for each in part.parts(_INVOICES)
                if _is_goods(each)
            ),
        )


def _is_goods(line: Part) -> bool:
    """Comments and charges are lines too."""
    return line.text("lineType") in {"", "Item"}


def _item(line: Part) -> Item:
    return Item(buyer=line.text("lineObjectNumber"), description=line.text("description"))


def _vendor(part: Part) -> Party:
    number = part.text("vendorNumber")
    return Party(ids=(f"92:{number}",) if number else (), name=part.text("vendorName"))
