"""X12 codes of orders, changes and answers beside those of `codes`, as data. Every row has a test.

Element numbers are those of the X12 data element dictionary.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from visibility.canonical.documents import AnswerClass, Changed, Purpose

# 128, reference qualifier: whose order this one hangs together with.
BLANKET_REFERENCES: tuple[str, ...] = ("BO",)
CUSTOMER_ORDER_REFERENCES: tuple[str, ...] = ("CO",)

# 92, purchase order type (BEG02): kinds whose goods go to the buyer's customer.
SHIPPED_TO_CUSTOMERS = frozenset({"drop_ship"})

# 587, acknowledgement type (BEG07): the answer that the buyer asks for.
ANSWERS_ASKED: Mapping[str, str] = {
    "AC": "answer asked for: with detail and changes",
    "AD": "answer asked for: with detail, no changes",
    "AE": "answer asked for: exceptions only",
    "AK": "answer asked for: no detail",
    "AP": "answer asked for: product replenishment",
    "AT": "answer asked for: acceptance",
    "NA": "no answer is asked for",
}

# 563, sales requirement (CSH01): how the order may be filled.
SALES_REQUIREMENTS: Mapping[str, str] = {
    "N": "no back order",
    "P2": "ship as soon as possible",
    "SC": "ship complete",
    "Y": "back order what is out of stock",
}

# 374 (DTM01): the day an answer is due.
ANSWER_DUE_DATES: tuple[str, ...] = ("ACK",)

# 248, allowance or charge (SAC01, ITA01). Others (N, no money; P, promotion; Q, R, asked for) agree nothing.
ALLOWANCES: Mapping[str, Literal["allowance", "charge"]] = {"A": "allowance", "C": "charge"}

# 331, method of handling (G7202): 06 the buyer pays, 05 the vendor does; the others give something back.
CHARGED_METHODS = frozenset({"06"})
VENDORS_OWN_METHODS = frozenset({"05"})

# 98, entity (N101) in a line: where the line goes.
LINE_SHIP_TO_PARTIES = frozenset({"ST"})

# 473, order status (G5001), as a purpose.
ORDER_STATUSES: Mapping[str, Purpose] = {"N": "original", "F": "cancel", "R": "replace"}

# 670, change or response (POC02).
Op = Literal["add", "delete", "change", "replace"]


class Change(NamedTuple):
    """What a POC02 says of a line. `told`: what of the line must be told anew, or it is not known any more.

    `answer` and `words`: what the same code says in an 865, where it stands without an ACK.
    """

    op: Op
    words: str
    told: tuple[Changed, ...] = ()
    answer: AnswerClass = "accepted"


CHANGES: Mapping[str, Change] = {
    "AI": Change("add", "line added"),
    "CA": Change("change", "line changed"),
    "CT": Change("change", "dates changed", ("dates",)),
    "DI": Change("delete", "line deleted", answer="deleted"),
    "MU": Change("change", "several changes"),
    "NC": Change("change", "no change"),
    "PC": Change("change", "price changed", ("price",)),
    "PQ": Change("change", "price and quantity changed", ("price", "quantity")),
    "PR": Change("change", "price, quantity and dates changed", ("price", "quantity", "dates")),
    "QD": Change("change", "quantity lessened", ("quantity",)),
    "QI": Change("change", "quantity raised", ("quantity",)),
    "RA": Change("change", "way of shipment replaced"),
    "RB": Change("change", "all dates replaced", ("dates",)),
    "RC": Change("change", "change rejected"),
    "RE": Change("replace", "item replaced"),
    "RM": Change("replace", "item replaced with modifications"),
    "RQ": Change("change", "quantity and dates changed", ("quantity", "dates")),
    "RS": Change("change", "dates changed", ("dates",)),
    "RZ": Change("replace", "all values replaced"),
    "TI": Change("change", "item transferred", ("place",)),
}
REFUSED_CHANGE = "RC"
UNCHANGED = frozenset({"NC", REFUSED_CHANGE})
"""Codes that leave the order as it is, whatever values stand beside them."""
