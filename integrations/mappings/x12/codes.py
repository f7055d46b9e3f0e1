"""X12 codes and what they mean here, as data. Every row has a golden test.

Element numbers are those of the X12 data element dictionary.
"""

from collections.abc import Mapping
from typing import NamedTuple

from visibility.canonical.documents import AnswerClass, Basis, Coverage, Purpose

# 353, transaction set purpose (BEG01, BAK01, BSN01, BIG08).
PURPOSES: Mapping[str, Purpose] = {
    "00": "original",
    "01": "cancel",
    "03": "cancel",
    "04": "change",
    "05": "replace",
    "06": "confirm",
    "07": "duplicate",
    "11": "original",  # response
    "14": "original",  # advance notification
    "15": "replace",  # re-submission
    "18": "replace",  # reissue
    "22": "duplicate",  # information copy
}

# 92, purchase order type (BEG02).
ORDER_KINDS: Mapping[str, str] = {
    "SA": "stand_alone",
    "NE": "stand_alone",
    "BK": "blanket",
    "BE": "blanket",  # with estimated quantities
    "RL": "release",
    "DS": "drop_ship",
    "DR": "drop_ship",  # shipped directly
    "KN": "consignment",
    "CN": "consignment",
    "RE": "reorder",
    "RO": "rush",
    "EO": "rush",  # an emergency
    "CF": "confirmation",
    "OS": "special",
    "SP": "sample",
    "SS": "service",
    "PR": "promotion",
}
OTHER_ORDER_KIND = "other"
KINDS_WITH_RELEASE = frozenset({"BE", "BK", "RL"})

# 587, acknowledgement type (BAK02): what silence about a line means.
COVERAGES: Mapping[str, Coverage] = {
    "AC": "detail",
    "AD": "detail",
    "AE": "exceptions",
    "AH": "held",
    "AK": "accepted",
    "AP": "accepted",
    "AT": "accepted",
    "NA": "detail",
    "RD": "rejected",
    "RF": "rejected",
    "RJ": "rejected",
    "RO": "rejected",
}
VENDOR_STARTED = "AP"


class Answer(NamedTuple):
    """What an ACK01 says. `as_ordered`: without a quantity it means the ordered one.

    `soft`: something is still pending; `rest`: where the balance of the line goes.
    `reason`: the code in words, for people.
    """

    answer: AnswerClass
    reason: str
    as_ordered: bool = False
    soft: bool = False
    rest: AnswerClass | None = None
    substitutes: bool = False


# 668, line item status (ACK01).
ANSWERS: Mapping[str, Answer] = {
    "IA": Answer("accepted", "accepted", as_ordered=True),
    "AC": Answer("accepted", "accepted and shipped", as_ordered=True),
    "AR": Answer("accepted", "accepted and released for shipment", as_ordered=True),
    "AA": Answer("accepted", "accepted, forwarded to another location"),
    "IC": Answer("accepted", "accepted with changes"),
    "IQ": Answer("accepted", "accepted, quantity changed"),
    "IP": Answer("accepted", "accepted, price changed"),
    "DR": Answer("accepted", "accepted, date rescheduled"),
    "IS": Answer("accepted", "accepted, item substituted", substitutes=True),
    "IE": Answer("accepted", "accepted, price pending", soft=True),
    "SP": Answer("accepted", "accepted, schedule pending", soft=True),
    "BP": Answer("accepted", "shipping a part, the balance is backordered", rest="backordered"),
    "IB": Answer("backordered", "backordered"),
    "IH": Answer("held", "on hold"),
    "IF": Answer("held", "on hold, the description is incomplete"),
    "IW": Answer("held", "on hold, a waiver is required"),
    "ID": Answer("deleted", "deleted"),
    "IR": Answer("rejected", "rejected"),
    "R1": Answer("rejected", "rejected, not a contract item"),
    "R2": Answer("rejected", "rejected, invalid item number"),
    "R3": Answer("rejected", "rejected, invalid unit of issue"),
    "R4": Answer("rejected", "rejected, contract item not available"),
    "R5": Answer("rejected", "rejected, reorder as a just-in-time order"),
    "R6": Answer("rejected", "rejected, reorder as an extended order"),
    "R7": Answer("rejected", "rejected, reorder as a drop shipment"),
    "R8": Answer("rejected", "rejected, reorder as a surplus order"),
    "R9": Answer("rejected", "rejected, discontinued"),
}

PLAINLY_ACCEPTED = "IA"

# 374, date qualifier: what happens on the date (SCH05, ACK04, DTM01).
DATE_BASES: Mapping[str, Basis] = {
    "001": "unstated",  # cancel after
    "002": "dock",  # delivery requested
    "010": "ship",  # requested ship
    "011": "ship",  # shipped
    "017": "dock",  # estimated delivery
    "035": "dock",  # delivered
    "037": "ship",  # ship not before
    "038": "ship",  # ship no later than
    "063": "dock",  # do not deliver after
    "064": "dock",  # do not deliver before
    "065": "dock",  # first schedule delivery
    "066": "ship",  # first schedule ship
    "067": "dock",  # current schedule delivery
    "068": "ship",  # current schedule ship
    "069": "dock",  # promised for delivery
    "070": "dock",  # scheduled for delivery, on or after
    "071": "dock",  # requested for delivery, on or after
    "072": "dock",  # promised for delivery, on or after
    "073": "dock",  # scheduled for delivery, on or before
    "074": "dock",  # requested for delivery, on or before
    "075": "dock",  # promised for delivery, on or before
    "076": "dock",  # scheduled for delivery, week of
    "077": "dock",  # requested for delivery, week of
    "078": "dock",  # promised for delivery, week of
    "079": "ship",  # promised for shipment
    "080": "ship",  # scheduled for shipment, on or after
    "081": "ship",  # requested for shipment, on or after
    "082": "ship",  # promised for shipment, on or after
    "083": "ship",  # scheduled for shipment, on or before
    "084": "ship",  # requested for shipment, on or before
    "085": "ship",  # promised for shipment, on or before
    "086": "ship",  # scheduled for shipment, week of
    "087": "ship",  # requested for shipment, week of
    "088": "ship",  # promised for shipment, week of
    "106": "dock",  # required by
    "118": "ship",  # requested pickup
    "371": "dock",  # estimated arrival
}

# Which date of an order is the one asked for, where several are given: the earlier in the list goes first.
# One is kept a basis; a window is asked for by its end.
REQUEST_DATES: tuple[str, ...] = (
    "002",
    "010",
    "106",
    "074",
    "084",
    "077",
    "087",
    "063",
    "038",
    "118",
    "067",
    "068",
    "071",
    "081",
    "064",
    "037",
)

# Which date of an answer is the promise, where a line has none of its own.
PROMISE_DATES: tuple[str, ...] = (
    "067",
    "069",
    "017",
    "371",
    "073",
    "075",
    "076",
    "078",
    "070",
    "072",
    "065",
    "002",
    "068",
    "079",
    "083",
    "085",
    "086",
    "088",
    "080",
    "082",
    "066",
    "010",
    "011",
)

SHIPPED_DATES: tuple[str, ...] = ("011",)
ESTIMATED_DATES: tuple[str, ...] = ("017", "371", "067", "069")

# 235, product id qualifier: whose number it is. The earlier in a list goes first.
BUYER_ITEM_IDS: tuple[str, ...] = ("BP", "IN", "CB", "SK")
VENDOR_ITEM_IDS: tuple[str, ...] = ("VP", "VN", "VC", "VA", "MG", "MF", "MN")
GTIN_ITEM_IDS: tuple[str, ...] = ("UP", "EN", "UK", "UA", "EO", "UI")
ORDER_ITEM_ID = "PO"
LOT_ITEM_IDS: tuple[str, ...] = ("LT",)

# 639, basis of unit price (PO105, IT105).
PRICE_PER: Mapping[str, int] = {"HP": 100, "TP": 1000}
PRICE_UNITS: Mapping[str, str] = {"PP": "LB"}
NOT_A_COST: frozenset[str] = frozenset({"SR", "RS"})  # suggested retail, resale

# 236, price identifier (CTP02): retail prices are not what we pay.
RETAIL_PRICES: frozenset[str] = frozenset({"MSR", "RES", "RTL", "SRP", "MAP"})

# 98, entity (N101), by the part it plays here. The earlier goes first.
BUYER_PARTIES: tuple[str, ...] = ("BY", "OB")
SUPPLIER_PARTIES: tuple[str, ...] = ("SU", "SE", "VN")
SHIP_TO_PARTIES: tuple[str, ...] = ("ST",)
WAREHOUSE_PARTIES: tuple[str, ...] = ("WH", "ST")

# 640, transaction type (BIG07): these give money back.
CREDIT_TYPES: frozenset[str] = frozenset({"CN", "CR"})

# 128, reference qualifier.
ORDER_REFERENCES: tuple[str, ...] = ("PO",)
SUPPLIER_ORDER_REFERENCES: tuple[str, ...] = ("CO", "VN")
BILL_OF_LADING_REFERENCES: tuple[str, ...] = ("BM", "MB", "BL")
SHIPMENT_REFERENCES: tuple[str, ...] = ("SI", "SN")
TRACKING_REFERENCES: tuple[str, ...] = ("CN", "2I", "08")
LOT_REFERENCES: tuple[str, ...] = ("LT", "BT")

# 88, marks and numbers (MAN01) that name one handling unit: SSCC, and carriers' package numbers.
PACKAGE_MARKS: frozenset[str] = frozenset({"GM", "AA", "AI", "CP"})

# 412, receiving condition (W1303), and the like in W2001: not fit for stock.
DAMAGED_CONDITIONS: frozenset[str] = frozenset({"01", "04", "DM"})
GOOD_CONDITIONS: frozenset[str] = frozenset({"NC", "GD"})

# 623, time zone (DTM04), in hours from UTC. Codes that follow daylight saving are read as UTC, like none.
TIME_ZONES: Mapping[str, float] = {
    "UT": 0,
    "GM": 0,
    "AS": -4,
    "AD": -3,
    "ES": -5,
    "ED": -4,
    "CS": -6,
    "CD": -5,
    "MS": -7,
    "MD": -6,
    "PS": -8,
    "PD": -7,
    "NS": -3.5,
    "ND": -2.5,
    "HS": -10,
}
