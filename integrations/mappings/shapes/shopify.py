"""Shopify: a customer's order of our shop, and its fulfilments.

The order is ours to sell: a sales order under the name people know ("#1001"). A fulfilment names its order by
an id; where its own name bears the order's ("#1001.1", "#1001-F1") that is taken, and the id goes along as
correlation ID, which counts where the connection is trusted.
"""

import re
from collections.abc import Mapping
from typing import Any

from integrations.mappings.shapes.reading import Part, Read
from visibility.canonical.documents import (
    Item,
    OrderLine,
    OrderPlaced,
    OrderRef,
    Party,
    ShipLine,
    ShipmentNotified,
)

_NAME = re.compile(r"#?(.+?)(?:[.-]F?\d+)$")


class Shopify:
    """One document an order or fulfilment."""

    name = "Shopify"

    def recognises(self, value: Mapping[str, Any]) -> bool:
        """By line items of an order with a name, or of a fulfilment with its order's id."""
        return isinstance(value.get("line_items"), list) and (
            ("order_number" in value and "name" in value) or ("order_id" in value and "id" in value)
        )

    def read(self, part: Part, issuer: str) -> list[Read]:
        """The order or the shipment."""
        if part.has("order_id") and not part.has("order_number"):
            return self._fulfilment(part, issuer)
        return [self._order(part, issuer)]

    def _order(self, part: Part, issuer: str) -> Read:
        customer = part.part("customer")
        where = part.part("shipping_address")
        number = part.text("name").removeprefix("#") or part.text("order_number")
        person = " ".join(filter(None, (customer.text("first_name"), customer.text("last_name"))))
        cancelled = part.moment("cancelled_at")
        document = OrderPlaced(
            order=OrderRef(number=number, issuer=issuer, scheme="so"),
            purpose="cancel" if cancelled else "original",
            issued_at=cancelled or part.moment("updated_at", "created_at"),
            buyer=Party(ids=(f"SHOPIFY:{customer.text('id')}",) if customer.text("id") else (), name=person),
            ship_to=Party(name=where.text("company", "name")),
            kind="sales",
            ordered_on=part.day("created_at"),
            currency=part.text("currency")[:3],
            note=part.text("note"),
            units="own",
            lines=tuple(
                OrderLine(
                    line=each.text("id"),
                    item=_item(each),
                    quantity=each.number("current_quantity" if each.has("current_quantity") else "quantity"),
                    unit="EA",
                    price=each.number("price"),
                )
                for each in part.parts("line_items")
            ),
        )
        return Read(document=document, correlation_id=_correlation(part.text("id")))

    def _fulfilment(self, part: Part, issuer: str) -> list[Read]:
        gone = part.text("status") in {"cancelled", "error", "failure"}
        found = _NAME.fullmatch(part.text("name"))
        if found is None and not part.text("order_id"):
            part.warn("no_order", "the fulfilment names no order", "order_id")
        document = ShipmentNotified(
            order=OrderRef(number=found.group(1), issuer=issuer, scheme="so") if found else None,
            purpose="cancel" if gone else "original",
            number=part.text("id"),
            issued_at=part.moment("updated_at", "created_at"),
            shipped_at=part.moment("created_at"),
            carrier=part.text("tracking_company"),
            tracking=part.text("tracking_number"),
            units="own",
            lines=tuple(
                ShipLine(line=each.text("id"), item=_item(each), quantity=each.number("quantity"), unit="EA")
                for each in part.parts("line_items")
            ),
        )
        return [Read(document=document, correlation_id=_correlation(part.text("order_id")))]


def _correlation(order_id: str) -> str:
    return f"shopify:order:{order_id}" if order_id else ""


def _item(line: Part) -> Item:
    """The SKU is our own."""
    return Item(buyer=line.text("sku") or line.text("variant_id"), description=line.text("name", "title"))
