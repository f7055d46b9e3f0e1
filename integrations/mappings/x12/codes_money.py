"""X12 codes of bills, payments, lists and stocks, and what they mean here. Numbers are those of the data
element dictionary."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

StockState = Literal[
    "on_hand",
    "available",
    "committed",
    "on_order",
    "in_transit",
    "backordered",
    "held",
    "damaged",
    "returned",
    "minimum",
    "maximum",
    "other",
]
Activity = Literal[
    "sold",
    "returned",
    "received",
    "ordered",
    "transferred_in",
    "transferred_out",
    "on_hand",
    "out_of_stock",
    "forecast",
    "other",
]
Change = Literal["add", "delete", "change", "listed"]

# 248, allowance or charge (SAC01): what it does to the bill. N and others do nothing.
SIGNS: Mapping[str, Decimal] = {"A": Decimal(-1), "C": Decimal(1)}

# 331, method of handling (G7202): whether it changes this bill, and which way. Others (bill back, a cheque, a
# credit to the account) are settled elsewhere.
HANDLING_SIGNS: Mapping[str, Decimal] = {"02": Decimal(-1), "06": Decimal(1), "CA": Decimal(1)}

# 333, the date that terms count from (ITD02, G2302): these are the invoice's own. Others are not known here.
FROM_INVOICE_DATE: frozenset[str] = frozenset({"", "3", "03"})

# 128: the invoice that a credit is about.
CORRECTED_REFERENCES: tuple[str, ...] = ("OI", "IV", "I5")

# 128, what an RMT speaks of that is no bill: an item of one.
ITEM_REFERENCES: frozenset[str] = frozenset({"IX", "LI"})

# 374: when money moves (DTM in an 820).
PAYMENT_DATES: tuple[str, ...] = ("020", "195", "050", "009", "003")

# 426, adjustment reason (ADX02), in words.
ADJUSTMENTS: Mapping[str, str] = {
    "01": "pricing error",
    "03": "extension error",
    "04": "item not accepted, damaged",
    "05": "item not accepted, quality",
    "06": "quantity contested",
    "07": "incorrect product",
    "11": "returns, damaged",
    "12": "returns, quality",
    "16": "goods not ordered",
    "19": "duplicate billing",
    "50": "late charge",
    "52": "credit balance",
    "53": "remittance for an earlier underpayment",
    "55": "tax deducted",
    "59": "item not received",
    "72": "authorized return",
    "81": "credit as agreed",
    "86": "duplicate payment",
    "90": "early payment allowance",
    "CS": "adjustment",
    "L2": "discount",
    "L7": "miscellaneous deductions",
    "ZZ": "as agreed between the parties",
}

# 683, catalogue purpose (BCT01), and 353 beside it: whether the list is whole or tells changes.
WHOLE_LISTS: frozenset[str] = frozenset({"00", "05", ""})

# 875, maintenance type (G5301): what became of an item of a catalogue.
MAINTENANCE: Mapping[str, Change] = {
    "001": "change",
    "002": "delete",
    "003": "change",
    "021": "add",
    "024": "delete",
    "025": "add",
}

# 236, price identifier (CTP02): prices that are ours to pay. Retail prices are in `codes.RETAIL_PRICES`.
COST_PRICES: frozenset[str] = frozenset(
    {"", "CAT", "CON", "NET", "UCP", "LPR", "WHL", "CDV", "INV", "PRO", "QTE", "ELC", "DSC"}
)

# 673, quantity (CTB03) of an order restriction.
MINIMUM_ORDER: frozenset[str] = frozenset({"57", "MI"})

# 673, quantity (QTY01) of a stock report.
STOCK_STATES: Mapping[str, StockState] = {
    "17": "on_hand",
    "20": "damaged",
    "27": "committed",
    "33": "available",
    "63": "on_order",
    "72": "minimum",
    "76": "returned",
    "87": "other",  # received
    "BQ": "backordered",
    "QA": "available",
    "QH": "held",
}
# Which of them are still to come, so that a date under them says when.
STILL_TO_COME: frozenset[str] = frozenset({"on_order", "in_transit", "backordered"})

# 859, activity (ZA01) of product activity data. Net sales may be below zero.
ACTIVITIES: Mapping[str, Activity] = {
    "AB": "other",
    "BS": "sold",
    "BT": "sold",
    "MS": "sold",
    "OF": "sold",
    "OH": "on_hand",
    "OP": "sold",
    "OQ": "forecast",
    "Q1": "sold",
    "Q2": "returned",
    "Q3": "returned",
    "Q4": "ordered",
    "QA": "on_hand",
    "QB": "other",
    "QC": "other",
    "QD": "other",
    "QE": "on_hand",
    "QH": "other",
    "QI": "other",
    "QL": "other",
    "QM": "other",
    "QN": "forecast",
    "QO": "out_of_stock",
    "QP": "ordered",
    "QR": "received",
    "QS": "sold",
    "QT": "other",
    "QU": "returned",
    "QW": "transferred_out",
    "QX": "other",
    "QZ": "transferred_out",
    "RE": "sold",
    "RQ": "returned",
    "TS": "sold",
    "WQ": "sold",
}

# 673, quantity (QTY01) of a transfer and resale report.
RESALE_ACTIVITIES: Mapping[str, Activity] = {
    "17": "on_hand",
    "32": "sold",
    "33": "on_hand",
    "63": "ordered",
    "76": "returned",
    "87": "received",
}

# 374: the span that a report is about, its first and its last day.
SPAN_STARTS: tuple[str, ...] = ("090", "007", "193", "196")
SPAN_ENDS: tuple[str, ...] = ("091", "036", "194", "197", "327")

# 478, credit or debit (G8201): goods are delivered, or taken back.
DELIVERED, TAKEN_BACK = "D", "C"

# 355, units of time (LDT03), in days.
DAYS: Mapping[str, int] = {"DA": 1, "DW": 1, "KK": 1, "WK": 7, "WW": 7}

# 98, entities (N101) of freight bills and payments. The earlier goes first.
PAYERS: tuple[str, ...] = ("BT", "PR", "BY")
CARRIER_PARTIES: tuple[str, ...] = ("CA", "RE")
CONSIGNEES: tuple[str, ...] = ("CN", "ST")
PAYEES: tuple[str, ...] = ("PE", "RI", "SU", "SE", "VN")

# 374: from when to when a list holds, and when stock was counted.
LIST_STARTS: tuple[str, ...] = ("007", "196", "193", "092", "405")
LIST_ENDS: tuple[str, ...] = ("036", "197", "194", "093")
COUNTED: tuple[str, ...] = ("179", "007", "009", "097")
