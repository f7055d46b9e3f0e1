"""The kinds of lives an order of the sandbox can have, how many of each, and what each must open."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Kind:
    """An example of something. In 320 orders there are `share` of it.

    `ago`: working days before the anchor at which the order reached `since` (released, left the
    supplier, came to the dock), so that what is wrong has shown and has not been overtaken. `opens`:
    kinds of cases the product must have open, on the focus line, on every line or on the order.
    `supplier`: only that one shows it.
    """

    name: str
    share: int
    ago: tuple[float, float]
    since: Literal["released", "shipped", "docked"] = "released"
    opens: tuple[str, ...] = ()
    on: Literal["line", "every line", "order"] = "line"
    supplier: str = ""


CLEAN = Kind("clean", 0, (0.05, 39.5))

HEADLINE = Kind("the order people meet first", 1, (4, 5), opens=("confirmed_short",))
SHORT = Kind("short", 7, (1, 8), opens=("confirmed_short",))
OVER_CONFIRMED = Kind("over-confirmed", 2, (1, 6), opens=("confirmed_over",))
LATE = Kind("late promise", 7, (1.5, 5), opens=("promised_late",))
BACKORDERED = Kind("split with a backorder", 3, (1, 5), opens=("confirmed_short",))
REJECTED = Kind("line rejected", 4, (1, 10), opens=("line_rejected",))
ORDER_REJECTED = Kind("order rejected", 1, (2, 6), opens=("line_rejected",), on="every line")
SUBSTITUTED = Kind("substituted", 3, (1, 5), opens=("item_substituted",), supplier="HARLOW")
PRICE_CHANGED = Kind("price changed in the answer", 2, (1, 5), opens=("price_changed",))
LINE_UNANSWERED = Kind("line unanswered", 3, (3, 5), opens=("line_unanswered",))
UNANSWERED = Kind("order unanswered", 4, (3, 5.5), opens=("acknowledgement_overdue",), on="order")
OVER_SHIPPED = Kind("over-shipped", 2, (2, 18), since="docked", opens=("shipped_over",))
RECEIVED_SHORT = Kind("received short", 4, (2, 18), since="docked", opens=("received_short",))
RECEIVED_OVER = Kind("received over", 2, (2, 18), since="docked", opens=("received_over",))
DAMAGED = Kind("damaged", 3, (2, 18), since="docked", opens=("received_damaged",))
OVER_BILLED = Kind("over-billed", 3, (3, 18), since="docked", opens=("invoice_quantity",))
PRICE_BILLED = Kind("billed at another price", 4, (3, 18), since="docked", opens=("invoice_price",))
CONFLICTING = Kind(
    "two invoices under one number", 1, (4, 10), since="docked", opens=("conflicting_duplicate",), on="order"
)
UNKNOWN_UNIT = Kind(
    "unit without a factor", 2, (0.7, 1.5), opens=("unit_not_convertible",), supplier="TALLIS"
)
UNKNOWN_ITEM = Kind("item nobody knows", 1, (1, 3), opens=("unknown_item",), supplier="ACME")
UNREADABLE = Kind("answer cut off", 1, (0.7, 1.5), opens=("unreadable_document",), on="order")

SHORT_THEN_FULL = Kind("short, then confirmed in full", 3, (4, 20))
SPLIT_DATES = Kind("answer split over two dates", 4, (1, 30))
TWO_SHIPMENTS = Kind("shipped in two parts", 8, (1, 16), since="shipped")
ONE_SHIPMENT = Kind("one shipment for several orders", 6, (0.5, 20), since="shipped")
CANCELLED = Kind("cancelled", 4, (4, 30))
REPLACED_NOTICE = Kind("ship notice replaced", 3, (1, 16), since="shipped")
RESENT = Kind("answer sent again under new numbers", 3, (2, 25))
REPEATED = Kind("ship notice sent twice byte for byte", 1, (2, 16), since="shipped")
BASE_UNITS = Kind("ship notice in eaches", 4, (0.5, 20), since="shipped", supplier="MERIDIAN")
NOT_SHIPPED = Kind("ship date passed in silence", 2, (2, 3), since="shipped")
NOT_RECEIVED = Kind("arrival passed in silence", 2, (2, 3), since="docked")
NOT_BILLED = Kind("never billed", 2, (7, 10), since="docked")

KINDS: tuple[Kind, ...] = (
    HEADLINE, SHORT, LATE, REJECTED, UNANSWERED, SUBSTITUTED, LINE_UNANSWERED, RECEIVED_SHORT, DAMAGED,
    OVER_BILLED, PRICE_BILLED, OVER_SHIPPED, RECEIVED_OVER, BACKORDERED, OVER_CONFIRMED, PRICE_CHANGED,
    ORDER_REJECTED, CONFLICTING, UNKNOWN_UNIT, UNKNOWN_ITEM, UNREADABLE, TWO_SHIPMENTS, ONE_SHIPMENT,
    SPLIT_DATES, SHORT_THEN_FULL, CANCELLED, REPLACED_NOTICE, RESENT, REPEATED, BASE_UNITS, NOT_SHIPPED,
    NOT_RECEIVED, NOT_BILLED,
)  # fmt: skip


def mix(orders: int) -> list[Kind]:
    """The kind of each of `orders` orders: every kind in its share, at least once; the rest clean.

    The order people meet first is there once, however many there are. A small demo keeps the first kinds
    of the list and at least a third of clean orders.
    """
    chosen = [HEADLINE]
    for kind in KINDS[1:]:
        chosen += [kind] * max(1, round(kind.share * orders / 320))
    chosen = chosen[: orders * 2 // 3] if len(chosen) > orders * 2 // 3 else chosen
    return chosen + [CLEAN] * (orders - len(chosen))
