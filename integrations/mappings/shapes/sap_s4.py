"""SAP S/4HANA: purchase orders, material documents and supplier invoices of its OData services, V2 and V4.

V2 writes numbers as texts, dates as `datetime'…'` or `/Date(ms)/` and associations as `to_Name`; V4 writes
numbers, ISO dates and `_Name`. Item numbers come as "0010", "00010" or "10". Units are SAP's own, unless the
ISO code stands beside them.
"""

from collections.abc import Mapping
from decimal import Decimal
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
from visibility.canonical.quantities import UnitScheme

RECEIPTS: Mapping[str, bool] = {"101": False, "102": True, "122": True, "123": False}
"""Goods movement types of purchasing, and whether they take goods back."""
_ITEMS = ("to_PurchaseOrderItem", "_PurchaseOrderItem")
_SCHEDULES = ("to_ScheduleLine", "_PurchaseOrderScheduleLineTP", "_PurOrdScheduleLine")
_MOVED = ("to_MaterialDocumentItem", "_MaterialDocumentItem")
_BILLED = ("to_SuplrInvcItemPurOrdRef", "_SuplrInvcItemPurOrdRef")


class SapS4:
    """One document an entity."""

    name = "SAP S/4HANA"

    def recognises(self, value: Mapping[str, Any]) -> bool:
        """By the names of its entities' own fields."""
        return (
            any(name in value for name in (*_ITEMS, *_MOVED, *_BILLED))
            or ("PurchaseOrder" in value and "Supplier" in value)
            or ("PurchaseOrderItem" in value and "OrderQuantity" in value)
        )

    def read(self, part: Part, issuer: str) -> list[Read]:
        """The order, the receipt or the invoice that the entity is."""
        if part.has("MaterialDocument") or any(part.has(name) for name in _MOVED):
            return self._receipts(part, issuer)
        if part.has("SupplierInvoice") or any(part.has(name) for name in _BILLED):
            return self._invoice(part, issuer)
        if not part.text("PurchaseOrder"):
            text = "there is no PurchaseOrder: a request to create one has no number; send it as read back"
            part.fault("no_order", text, "PurchaseOrder")
            return []
        return self._order(part, issuer)

    def _order(self, part: Part, issuer: str) -> list[Read]:
        alone = part.has("PurchaseOrderItem")
        items = [part] if alone else list(part.parts(*_ITEMS))
        if not items:
            part.warn("no_lines", "the order came without its items; read it with them ($expand)")
        lines = tuple(self._line(item) for item in items)
        order = OrderPlaced(
            order=OrderRef(number=part.text("PurchaseOrder"), issuer=issuer),
            purpose="cancel" if part.text("PurchasingDocumentDeletionCode") and not alone else "original",
            issued_at=part.moment("LastChangeDateTime", "PurchaseOrderDate", "CreationDate"),
            supplier=_party(part.text("Supplier"), part.text("SupplierName", "AddressName")),
            ship_to=_party(next((i.text("Plant") for i in items if i.text("Plant")), "")),
            kind={"NB": "stand_alone", "FO": "blanket", "UB": "transfer"}.get(
                part.text("PurchaseOrderType"), "other" if part.text("PurchaseOrderType") else "stand_alone"
            ),
            ordered_on=part.day("PurchaseOrderDate", "CreationDate"),
            currency=part.text("DocumentCurrency")[:3],
            units=_scheme(items),
            by_line=alone,
            lines=lines,
        )
        return [Read(document=order)]

    def _line(self, item: Part) -> OrderLine:
        per = item.number("NetPriceQuantity")
        unit = _unit(item, "PurchaseOrderQuantityUnit", "OrderQuantityUnit")
        priced_alike = item.text("OrderPriceUnit") in {"", item.text("PurchaseOrderQuantityUnit")}
        return OrderLine(
            line=item.text("PurchaseOrderItem"),
            item=Item(
                buyer=item.text("Material"),
                vendor=item.text("SupplierMaterialNumber"),
                gtin=item.text("InternationalArticleNumber").zfill(14)
                if item.text("InternationalArticleNumber").isdecimal()
                else "",
                description=item.text("PurchaseOrderItemText"),
            ),
            quantity=item.number("OrderQuantity"),
            unit=unit,
            price=item.number("NetPriceAmount"),
            price_per=per if per is not None and per > 0 else Decimal(1),
            price_unit="" if priced_alike else _unit(item, "OrderPriceUnit"),
            requests=tuple(
                Schedule(quantity=each.number("ScheduleLineOrderQuantity"), date=day, basis="dock")
                for each in item.parts(*_SCHEDULES)
                if (day := each.day("ScheduleLineDeliveryDate"))
            ),
        )

    def _receipts(self, part: Part, issuer: str) -> list[Read]:
        """One receipt for goods that came and one for those taken back; other movements are no receipts."""
        found: list[Read] = []
        number = part.text("MaterialDocument")
        items = [each for each in part.parts(*_MOVED) if each.text("PurchaseOrder")]
        for back in (False, True):
            own = [each for each in items if RECEIPTS.get(each.text("GoodsMovementType")) is back]
            if own:
                receipt = GoodsReceived(
                    number=f"{number}/{part.text('MaterialDocumentYear')}".rstrip("/"),
                    reversal=back,
                    issued_at=part.moment("CreationDateTime", "DocumentDate", "PostingDate"),
                    received_at=part.moment("PostingDate"),
                    ship_to=_party(own[0].text("Plant")),
                    supplier=_party(own[0].text("Supplier")),
                    units=_scheme(own),
                    lines=tuple(self._moved(each, issuer) for each in own),
                )
                found.append(Read(document=receipt))
        if not found:
            part.warn("no_receipt", "the material document moves nothing of a purchase order")
        return found

    def _moved(self, item: Part, issuer: str) -> ReceiptLine:
        return ReceiptLine(
            line=item.text("PurchaseOrderItem"),
            item=Item(buyer=item.text("Material")),
            quantity=item.number("QuantityInEntryUnit"),
            unit=_unit(item, "EntryUnit"),
            order=OrderRef(number=item.text("PurchaseOrder"), issuer=issuer),
            lot=item.text("Batch"),
        )

    def _invoice(self, part: Part, issuer: str) -> list[Read]:
        items = list(part.parts(*_BILLED))
        orders = {each.text("PurchaseOrder") for each in items} - {""}
        credit = part.text("SupplierInvoiceIsCreditMemo").upper() in {"X", "TRUE"}
        credit = credit or part.value.get("SupplierInvoiceIsCreditMemo") is True
        subsequent = any(each.value.get("IsSubsequentDebitCredit") in (True, "X") for each in items)
        invoice = InvoiceReceived(
            order=OrderRef(number=orders.pop(), issuer=issuer) if len(orders) == 1 else None,
            number=part.text("SupplierInvoiceIDByInvcgParty", "SupplierInvoice"),
            kind="subsequent" if subsequent else "credit" if credit else "invoice",
            issued_at=part.moment("CreationDateTime", "PostingDate", "DocumentDate"),
            invoiced_on=part.day("DocumentDate"),
            supplier=_party(part.text("InvoicingParty")),
            currency=part.text("DocumentCurrency")[:3],
            total=part.number("InvoiceGrossAmount"),
            units=_scheme(items),
            lines=tuple(self._billed(each, issuer) for each in items),
        )
        if not orders and invoice.order is None:
            part.warn("no_order", "the invoice names no purchase order")
        return [Read(document=invoice)]

    def _billed(self, item: Part, issuer: str) -> InvoiceLine:
        quantity, amount = (
            item.number("QuantityInPurchaseOrderUnit"),
            item.number("SupplierInvoiceItemAmount"),
        )
        priced = quantity is not None and quantity > 0 and amount is not None
        number = item.text("PurchaseOrder")
        return InvoiceLine(
            line=item.text("PurchaseOrderItem"),
            item=Item(buyer=item.text("PurchaseOrderItemMaterial", "Material")),
            quantity=quantity,
            unit=_unit(item, "PurchaseOrderQuantityUnit"),
            # What it comes to for so many: exact, where a price for each would have to be rounded.
            price=amount if priced else None,
            price_per=quantity if priced and quantity is not None else Decimal(1),
            order=OrderRef(number=number, issuer=issuer) if number else None,
        )


def _party(code: str, name: str = "") -> Party:
    return Party(ids=(f"92:{code}",), name=name) if code else Party(name=name)


def _unit(part: Part, *names: str) -> str:
    """The unit by its ISO code where that is told."""
    iso = next((part.text(f"{n[:-4]}ISOUnit") for n in names if part.text(f"{n[:-4]}ISOUnit")), "")
    return iso or part.text(*names)


def _scheme(items: list[Part]) -> UnitScheme:
    """UN/ECE codes where all of them are told in ISO codes; else the system's own."""
    told = [any(name.endswith("ISOUnit") and each.text(name) for name in each.value) for each in items]
    return "rec20" if told and all(told) else "own"
