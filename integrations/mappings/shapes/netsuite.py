"""NetSuite (REST record service): purchase orders, item receipts and vendor bills.

What a record was made from is told by name ("Purchase Order #PO118"): the number behind the sign is the
order's.
"""

import re
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

_NUMBER = re.compile(r"#\s*(\S+)")
_CURRENCY = re.compile(r"[A-Z]{3}")


class NetSuite:
    """One document a record."""

    name = "NetSuite"

    def recognises(self, value: Mapping[str, Any]) -> bool:
        """By a transaction's sublist of items, and whom or what it comes from."""
        return (
            isinstance(value.get("item"), dict)
            and "items" in value["item"]
            and ("entity" in value or "createdFrom" in value)
        )

    def read(self, part: Part, issuer: str) -> list[Read]:
        """The order, receipt or bill that the record is."""
        lines = list(part.parts("item"))
        received = any(each.has("itemReceive") or each.has("orderLine") for each in lines)
        if part.has("createdFrom") and received and not part.has("dueDate"):
            return [Read(document=self._receipt(part, lines, issuer))]
        if part.has("createdFrom") or part.has("userTotal"):
            return [Read(document=self._bill(part, lines, issuer))]
        return self._order(part, lines, issuer)

    def _order(self, part: Part, lines: list[Part], issuer: str) -> list[Read]:
        number = part.text("tranId")
        if not number:
            text = "there is no tranId: a request to create one has no number; send it as it is read back"
            part.fault("no_order", text, "tranId")
            return []
        due = part.day("dueDate")
        return [
            Read(
                document=OrderPlaced(
                    order=OrderRef(number=number, issuer=issuer),
                    issued_at=part.moment("lastModifiedDate", "tranDate"),
                    supplier=_party(part.part("entity")),
                    ship_to=_party(part.part("location")),
                    ordered_on=part.day("tranDate"),
                    currency=_currency(part),
                    units="own",
                    lines=tuple(
                        OrderLine(
                            line=each.text("line"),
                            item=_item(each),
                            quantity=each.number("quantity"),
                            unit=_unit(each),
                            price=each.number("rate"),
                            requests=(Schedule(date=day, basis="dock"),)
                            if (day := each.day("expectedReceiptDate") or due)
                            else (),
                        )
                        for each in lines
                    ),
                )
            )
        ]

    def _receipt(self, part: Part, lines: list[Part], issuer: str) -> GoodsReceived:
        return GoodsReceived(
            order=_made_from(part, issuer),
            number=part.text("tranId"),
            issued_at=part.moment("lastModifiedDate", "tranDate"),
            received_at=part.moment("tranDate"),
            supplier=_party(part.part("entity")),
            ship_to=_party(part.part("location")),
            units="own",
            lines=tuple(
                ReceiptLine(
                    line=each.text("orderLine", "line"),
                    item=_item(each),
                    quantity=each.number("quantity"),
                    unit=_unit(each),
                )
                for each in lines
                if each.value.get("itemReceive") is not False
            ),
        )

    def _bill(self, part: Part, lines: list[Part], issuer: str) -> InvoiceReceived:
        return InvoiceReceived(
            order=_made_from(part, issuer),
            number=part.text("tranId"),
            issued_at=part.moment("lastModifiedDate", "tranDate"),
            invoiced_on=part.day("tranDate"),
            supplier=_party(part.part("entity")),
            currency=_currency(part),
            total=part.number("userTotal" if part.has("userTotal") else "total"),
            units="own",
            lines=tuple(
                InvoiceLine(
                    line=each.text("orderLine", "line"),
                    item=_item(each),
                    quantity=each.number("quantity"),
                    unit=_unit(each),
                    price=each.number("rate"),
                )
                for each in lines
            ),
        )


def _made_from(part: Part, issuer: str) -> OrderRef | None:
    found = _NUMBER.search(part.part("createdFrom").text("refName"))
    if found is None:
        part.warn(
            "no_order", "it does not say which order it was made from (createdFrom.refName)", "createdFrom"
        )
        return None
    return OrderRef(number=found.group(1), issuer=issuer)


def _item(line: Part) -> Item:
    item = line.part("item")
    return Item(
        buyer=item.text("refName", "id"), vendor=line.text("vendorName"), description=line.text("description")
    )


def _unit(line: Part) -> str:
    return line.part("units").text("refName", "id") or line.text("units")


def _party(reference: Part) -> Party:
    code = reference.text("id")
    return Party(ids=(f"92:{code}",) if code else (), name=reference.text("refName"))


def _currency(part: Part) -> str:
    name = part.part("currency").text("refName")
    return name if _CURRENCY.fullmatch(name) else ""
