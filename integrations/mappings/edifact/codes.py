"""EDIFACT codes and what they mean here, as data.

Element numbers are those of the UN directories (UNTDED); codes that only later directories have are read
whatever directory a message names.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from visibility.canonical.documents import AnswerClass, Basis, Coverage, Purpose

# 1225, message function (BGM): what the document does to the one of the same number.
PURPOSES: Mapping[str, Purpose] = {
    "1": "cancel",
    "2": "change",  # addition
    "3": "change",  # deletion
    "4": "change",
    "5": "replace",
    "6": "confirm",
    "7": "duplicate",
    "8": "original",  # status
    "9": "original",
    "11": "original",  # response
    "13": "original",  # request
    "14": "original",  # advance notification
    "16": "original",  # proposal
    "17": "cancel",  # to be reissued
    "18": "replace",  # reissue
    "19": "change",  # started by the seller
    "20": "change",  # heading alone
    "21": "change",  # items and summary alone
    "22": "original",  # final transmission
    "24": "original",  # delivery instruction
    "25": "original",  # forecast
    "26": "original",  # delivery instruction and forecast
    "31": "duplicate",  # copy
    "33": "change",  # in the heading
    "35": "duplicate",  # sent again
    "36": "change",  # in the detail
    "39": "cancel",
    "40": "cancel",  # request for deletion
    "42": "confirm",
    "43": "duplicate",  # sent again
    "46": "original",  # provisional
    "47": "original",  # definitive
    "50": "cancel",  # withdrawn
    "54": "original",  # extract
}

# 1225 of an answer says how the order fared; only these are about an earlier answer of the same number.
ANSWER_PURPOSES: Mapping[str, Purpose] = {
    "1": "cancel",
    "5": "replace",
    "7": "duplicate",
    "18": "replace",
    "31": "duplicate",
    "35": "duplicate",
    "43": "duplicate",
}

# 1225 of an answer: what silence about a line means.
ANSWER_FUNCTIONS: Mapping[str, Coverage] = {
    "4": "detail",
    "10": "rejected",  # the order was not found
    "12": "rejected",  # not processed
    "23": "held",
    "27": "rejected",
    "28": "accepted",  # with amendment in the heading
    "29": "accepted",
    "30": "exceptions",  # accepted, with amendment in the detail
    "34": "exceptions",  # accepted with amendment
    "44": "accepted",
    "45": "accepted",  # with reserves
}

# 4343, response type (BGM): the same, where 1225 leaves it open.
RESPONSE_TYPES: Mapping[str, Coverage] = {
    "AB": "untold",  # received
    "AC": "detail",
    "AD": "detail",
    "AI": "exceptions",  # changes alone
    "AP": "accepted",
    "CA": "detail",  # accepted on conditions
    "RE": "rejected",
}

# 1001, document name (BGM) of an order.
ORDER_KINDS: Mapping[str, str] = {
    "105": "stand_alone",
    "220": "stand_alone",
    "221": "blanket",
    "222": "stand_alone",  # spot
    "224": "rush",
    "225": "special",  # repair
    "226": "release",  # call off
    "227": "consignment",
    "228": "sample",
    "229": "stand_alone",  # swap
    "230": "stand_alone",  # order change
    "231": "stand_alone",  # order response
    "258": "blanket",  # standing order
    "402": "special",
    "447": "cross_dock",
    "450": "stand_alone",
    "22E": "vendor_replenishment",  # raised by the manufacturer
    "23E": "consolidated",
    "YA8": "cross_dock",
    "YB1": "cross_dock",
}
OTHER_ORDER_KIND = "other"

# 1001 of an invoice.
CREDIT_NOTES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
DEBIT_NOTES = frozenset({"80", "84", "383"})
CORRECTED_INVOICES = frozenset({"384"})
PRO_FORMA_INVOICES = frozenset({"325"})

# 1001 of a schedule.
SHIPPING_SCHEDULES = frozenset({"242", "30E", "240"})
PLANNING_SCHEDULES = frozenset({"236", "241"})


class Answer(NamedTuple):
    """What a 1229 says of a line. `as_ordered`: without a quantity it means the ordered one."""

    answer: AnswerClass
    reason: str
    as_ordered: bool = False
    soft: bool = False


# 1229, action (LIN02) of an answer.
ANSWERS: Mapping[str, Answer] = {
    "1": Answer("accepted", "added by the supplier"),
    "2": Answer("deleted", "deleted"),
    "3": Answer("accepted", "accepted with changes"),
    "4": Answer("accepted", "accepted", as_ordered=True),
    "5": Answer("accepted", "accepted", as_ordered=True),
    "6": Answer("accepted", "accepted with amendment"),
    "7": Answer("rejected", "not accepted"),
    "8": Answer("accepted", "schedule only", as_ordered=True),
    "9": Answer("accepted", "accepted with amendments"),
    "10": Answer("rejected", "item not found"),
    "11": Answer("accepted", "not amended", as_ordered=True),
    "12": Answer("accepted", "line number changed", as_ordered=True),
    "21": Answer("rejected", "no delivery"),
    "23": Answer("accepted", "amendment proposed", soft=True),
    "24": Answer("accepted", "accepted with amendment that needs no confirmation"),
}
PLAINLY_ACCEPTED = frozenset({"", "4", "5", "11"})
UNTOLD_ANSWER = Answer("accepted", "")

LineOp = Literal["add", "delete", "change", "replace", "reopen"]

# 1229 of an order change; "": the line stays as it is.
LINE_CHANGES: Mapping[str, LineOp | Literal[""]] = {
    "1": "add",
    "2": "delete",
    "3": "change",
    "4": "",
    "5": "",
    "6": "change",
    "8": "change",
    "9": "change",
    "11": "",
    "38": "replace",
    "74": "reopen",
}

CatalogueChange = Literal["add", "delete", "change", "listed"]

# 1229 of a price list.
CATALOGUE_CHANGES: Mapping[str, CatalogueChange] = {
    "1": "add",
    "2": "delete",
    "3": "change",
    "4": "listed",
    "5": "listed",
    "11": "listed",
    "38": "change",
    "1E": "change",
}

# 4221, discrepancy (QVR02): where what is not delivered goes.
DISCREPANCIES: Mapping[str, Answer] = {
    "AA": Answer("rejected", "discontinued by the wholesaler"),
    "AB": Answer("rejected", "no longer produced"),
    "AD": Answer("backordered", "out of stock at the manufacturer"),
    "BK": Answer("backordered", "backordered"),
    "BP": Answer("backordered", "shipping a part, the balance is backordered"),
    "CK": Answer("deleted", "cancelled from an earlier order"),
    "CN": Answer("backordered", "with the next carrier"),
    "CP": Answer("deleted", "shipping a part, no backorder"),
    "IC": Answer("deleted", "item cancelled"),
    "NF": Answer("backordered", "not yet published"),
    "NN": Answer("backordered", "not in process, no schedule"),
    "NS": Answer("backordered", "not in process, scheduled"),
    "OF": Answer("backordered", "sent to production"),
    "OM": Answer("backordered", "sent to production"),
    "OP": Answer("rejected", "out of print"),
    "OS": Answer("backordered", "out of stock by strike or force majeure"),
    "OW": Answer("backordered", "out of stock at the wholesaler"),
    "PN": Answer("backordered", "in process, no schedule"),
    "PS": Answer("backordered", "in process, scheduled"),
    "RA": Answer("rejected", "item rationed"),
    "SP": Answer("backordered", "scheduled for production"),
    "TW": Answer("rejected", "discontinued for the time being"),
}
DAMAGED_DISCREPANCIES = frozenset({"AF"})

# 2005, what a date is about: what happens on it.
DATE_BASES: Mapping[str, Basis] = {
    "2": "dock",  # delivery requested
    "10": "ship",  # shipment requested
    "11": "ship",  # despatch
    "17": "dock",  # delivery estimated
    "35": "dock",  # delivered
    "37": "ship",  # ship not before
    "38": "ship",  # ship not later than
    "63": "dock",  # delivery, latest
    "64": "dock",  # delivery, earliest
    "65": "dock",  # delivery, first
    "67": "dock",  # delivery, scheduled at present
    "69": "dock",  # delivery promised for
    "70": "dock",
    "71": "dock",  # delivery requested for, after and including
    "72": "dock",  # delivery promised for, after and including
    "74": "dock",  # delivery requested for, prior to and including
    "75": "dock",  # delivery promised for, prior to and including
    "76": "dock",  # delivery scheduled for
    "79": "ship",  # shipment promised for
    "81": "ship",  # shipment requested for, after and including
    "84": "ship",  # shipment requested for, prior to and including
    "85": "ship",  # shipment promised for, prior to and including
    "110": "ship",  # released to the carrier
    "118": "ship",
    "132": "dock",  # arrival estimated
    "133": "ship",  # departure estimated
    "143": "ship",  # accepted for carriage
    "180": "dock",  # arrival
    "186": "ship",  # departure
    "191": "dock",  # delivery expected
    "196": "ship",
    "200": "ship",  # collection
    "232": "dock",  # arrival scheduled
    "234": "ship",  # collection, earliest
    "235": "ship",  # collection, latest
    "248": "ship",
    "358": "dock",  # delivery scheduled
}

# Which date of an order is the one asked for: the earlier in the list goes first, one a basis.
REQUEST_DATES: tuple[str, ...] = ("2", "10", "74", "63", "76", "358", "84", "38", "200", "235")
REQUEST_DATES += ("71", "64", "81", "37", "234", "67", "69", "17", "191", "132", "11")

# Which date of an answer is the promise.
PROMISE_DATES: tuple[str, ...] = (
    "69",
    "67",
    "17",
    "191",
    "358",
    "76",
    "75",
    "132",
    "72",
    "2",
    "63",
    "64",
    "65",
)
PROMISE_DATES += ("79", "85", "133", "11", "10", "38", "200", "110")

ISSUED_DATES: tuple[str, ...] = ("137", "4", "3", "9", "97")
INVOICE_DATES: tuple[str, ...] = ("137", "3", "4")
SHIPPED_DATES: tuple[str, ...] = ("11", "186", "110", "200")
ESTIMATED_DATES: tuple[str, ...] = ("17", "132", "191", "67", "358", "69", "76", "2")
RECEIVED_DATES: tuple[str, ...] = ("50", "35", "310", "180", "348")
PLAN_DATES: tuple[str, ...] = (
    "2",
    "10",
    "64",
    "63",
    "67",
    "69",
    "76",
    "17",
    "11",
    "37",
    "38",
    "71",
    "74",
    "191",
)
PLAN_DATES += ("234", "235", "358", "81", "84", "200", "132", "133", "79", "194", "206")
LATEST_DATES: Mapping[str, str] = {"64": "63", "37": "38", "71": "74", "81": "84", "234": "235", "194": "206"}
"""The end of a window by its beginning."""
HORIZON_STARTS: tuple[str, ...] = ("158", "194", "90")
HORIZON_ENDS: tuple[str, ...] = ("159", "206", "91")
VALID_FROM: tuple[str, ...] = ("157", "7", "194", "64")
VALID_TO: tuple[str, ...] = ("36", "206", "63", "61")
REPORT_STARTS: tuple[str, ...] = ("90", "194", "356")
REPORT_ENDS: tuple[str, ...] = ("91", "206", "356")
REPORT_SPANS: tuple[str, ...] = ("356", "263", "242", "325", "324")
COUNTED_DATES: tuple[str, ...] = ("366", "179", "7", "194", "137")
EVENT_DATES: tuple[str, ...] = ("334", "78", "7", "9", "178", "35", "186", "200", "137")
EVENT_ESTIMATES: tuple[str, ...] = ("132", "17", "191", "232", "133")
LOADING_STARTS: tuple[str, ...] = ("234", "200", "10", "37", "64", "11", "133")
LOADING_ENDS: tuple[str, ...] = ("235", "38", "200", "10", "63", "11", "133")
UNLOADING_STARTS: tuple[str, ...] = ("64", "2", "17", "132", "69")
UNLOADING_ENDS: tuple[str, ...] = ("63", "2", "17", "132", "69")

# 7143, item number type: whose number it is. The earlier goes first.
BUYER_ITEM_IDS: tuple[str, ...] = ("IN", "BP", "CB", "AC")
VENDOR_ITEM_IDS: tuple[str, ...] = ("SA", "VP", "VN", "VS", "MF", "MP", "MN")
GTIN_ITEM_IDS: tuple[str, ...] = ("EN", "SRV", "UP", "EU", "UA", "UK", "GN", "ISB", "IB")
BOOK_ITEM_IDS = frozenset({"IB", "ISB"})
LOT_ITEM_IDS: tuple[str, ...] = ("NB", "BB")

# 4347, what the numbers of a PIA are for.
ADDITIONAL_IDS = frozenset({"1", "5", ""})
SUBSTITUTED_BY = "3"

# 3055, who issued a code, as parties' numbers are qualified here (X12 element 66 where it has the same).
AGENCIES: Mapping[str, str] = {"9": "UL", "16": "1"}

# 3035, the part a party plays. The earlier goes first.
BUYER_PARTIES: tuple[str, ...] = ("BY", "OB")
SUPPLIER_PARTIES: tuple[str, ...] = ("SU", "SE", "SR", "VN")
SHIP_TO_PARTIES: tuple[str, ...] = ("DP", "ST", "CN", "UC", "UD")
SHIP_FROM_PARTIES: tuple[str, ...] = ("SF", "PW", "CZ", "SU")
WAREHOUSE_PARTIES: tuple[str, ...] = ("WH", "DP", "ST", "CN", "GM")
STOCK_PLACES: tuple[str, ...] = ("WH", "GY", "LG", "ST", "DP", "SL")
CARRIER_PARTIES: tuple[str, ...] = ("CA", "CPD", "FW", "TR")

# 3227, places.
DELIVERY_PLACES = frozenset({"7", "18", "8", "152", "159", "162", "198", "229", "19"})

# 1153, references.
ORDER_REFERENCES: tuple[str, ...] = ("ON",)
BLANKET_REFERENCES: tuple[str, ...] = ("BO", "CT", "BC")
CUSTOMER_ORDER_REFERENCES: tuple[str, ...] = ("CO", "UO")
LINE_REFERENCES: tuple[str, ...] = ("LI",)
SUPPLIER_ORDER_REFERENCES: tuple[str, ...] = ("VN", "SS", "CO")
INVOICE_REFERENCES: tuple[str, ...] = ("IV", "OI")
SHIPMENT_REFERENCES: tuple[str, ...] = ("AAK", "DQ", "SRN", "SI")
BILL_OF_LADING_REFERENCES: tuple[str, ...] = ("BM", "MB", "BH", "AAS", "AAM")
TRACKING_REFERENCES: tuple[str, ...] = ("CN", "AWB", "HWB", "AFG", "CNO")
LOT_REFERENCES: tuple[str, ...] = ("BT", "LO")
REVERSED_RECEIPTS: tuple[str, ...] = ("ALO",)

# 6063, quantities. The earlier goes first.
ORDERED = "21"
ORDERED_QUANTITIES: tuple[str, ...] = ("21", "1", "131", "113")
CONFIRMED_QUANTITIES: tuple[str, ...] = ("113", "12", "170", "187", "131", "40")
BACKORDERED_QUANTITIES: tuple[str, ...] = ("83", "73")
CANCELLED_QUANTITIES: tuple[str, ...] = ("182", "85", "185")
SHIPPED_QUANTITIES: tuple[str, ...] = ("12", "46", "169", "190", "1", "21")
INVOICED_QUANTITIES: tuple[str, ...] = ("47", "61", "46", "12", "1")
RECEIVED_QUANTITIES: tuple[str, ...] = ("48", "117")
ACCEPTED_QUANTITIES: tuple[str, ...] = ("194",)
DAMAGED_QUANTITIES: tuple[str, ...] = ("195", "196", "124", "185", "215")
NOT_ACCEPTED_QUANTITIES: tuple[str, ...] = ("195", "196")
SPLIT_QUANTITY = "11"
PLANNED_QUANTITIES = frozenset({"1", "11", "21", "113", "131", "84", "99", "135", "168", "187", "147", "40"})
CUMULATIVE_RECEIVED: tuple[str, ...] = ("70",)
CUMULATIVE_REQUIRED: tuple[str, ...] = ("78", "3", "71", "74", "134", "186")
LAST_RECEIVED: tuple[str, ...] = ("48", "194", "12")
MINIMUM_QUANTITIES: tuple[str, ...] = ("53", "32")
PACK_QUANTITIES: tuple[str, ...] = ("52", "59", "164")

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

# 6063 of an inventory report.
STOCK_STATES: Mapping[str, StockState] = {
    "17": "on_hand",
    "145": "available",
    "158": "on_hand",  # closing balance
    "66": "committed",
    "170": "committed",
    "216": "committed",
    "21": "on_order",
    "73": "on_order",
    "57": "in_transit",
    "198": "in_transit",
    "83": "backordered",
    "27": "held",
    "89": "held",
    "20": "damaged",
    "96": "damaged",
    "124": "damaged",
    "215": "damaged",
    "61": "returned",
    "97": "minimum",
    "98": "maximum",
}

SalesActivity = Literal[
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

# 6063 of a sales report.
SALES_ACTIVITIES: Mapping[str, SalesActivity] = {
    "153": "sold",
    "1": "sold",
    "25": "sold",
    "212": "sold",
    "61": "returned",
    "210": "returned",
    "218": "returned",
    "48": "received",
    "21": "ordered",
    "214": "transferred_in",
    "213": "transferred_out",
    "17": "on_hand",
    "145": "on_hand",
    "217": "out_of_stock",
    "154": "forecast",
}

# All that any mapping looks at: of other quantities not even the number is read.
READ_QUANTITIES = frozenset(
    (
        *ORDERED_QUANTITIES,
        *CONFIRMED_QUANTITIES,
        *BACKORDERED_QUANTITIES,
        *CANCELLED_QUANTITIES,
        *SHIPPED_QUANTITIES,
        *INVOICED_QUANTITIES,
        *RECEIVED_QUANTITIES,
        *ACCEPTED_QUANTITIES,
        *DAMAGED_QUANTITIES,
        *CUMULATIVE_RECEIVED,
        *CUMULATIVE_REQUIRED,
        *LAST_RECEIVED,
        *MINIMUM_QUANTITIES,
        *PACK_QUANTITIES,
        *PLANNED_QUANTITIES,
        *STOCK_STATES,
        *SALES_ACTIVITIES,
    )
)

Certainty = Literal["firm", "material", "forecast", "immediate", "past_due", "untold"]

# 4017, what a planned quantity is worth (SCC01).
CERTAINTIES: Mapping[str, Certainty] = {
    "1": "firm",
    "2": "material",  # and manufacturing
    "3": "material",
    "4": "forecast",
    "5": "past_due",  # short delivered on the earlier plan
    "9": "past_due",
    "10": "immediate",
    "12": "forecast",
    "13": "forecast",
    "24": "forecast",
}

# 5125, price qualifier. Prices that hold tax are no price to compare. The earlier goes first.
PRICES: tuple[str, ...] = ("AAA", "INV", "INF", "CAL", "NTP", "CT", "AAC", "AAD", "ABL", "AAB")
LIST_PRICES: tuple[str, ...] = ("AAA", "NTP", "INV", "CAL", "AAB", "AAE", "AAF", "INF")
# 5387, price type: what others are to pay is not what we pay.
RETAIL_PRICES = frozenset({"SRP", "RTP", "MRP", "ALT"})

READ_PRICES = frozenset((*PRICES, *LIST_PRICES))

# 5463, allowance or charge (ALC01).
ALLOWANCE_KINDS: Mapping[str, Literal["allowance", "charge"]] = {
    "A": "allowance",
    "C": "charge",
    "B": "charge",
    "E": "charge",
    "F": "allowance",
    "L": "charge",
    "M": "charge",
    "Q": "charge",
    "S": "charge",
    "T": "charge",
}
# 5025, amounts.
ALLOWANCE_AMOUNTS = frozenset({"8", "23", "204"})
LINE_AMOUNTS: tuple[str, ...] = ("203", "66", "38")
TOTAL_AMOUNTS: tuple[str, ...] = ("77", "39", "86", "9", "139")
TAX_AMOUNT = "124"
LINES_TOTAL = "79"
TAX_TOTALS: tuple[str, ...] = ("176", "150")

READ_AMOUNTS = frozenset((*LINE_AMOUNTS, *TOTAL_AMOUNTS, TAX_AMOUNT, *TAX_TOTALS, LINES_TOTAL))

# 6347, what a currency is for (CUX C504): the one of the document.
DOCUMENT_CURRENCIES = frozenset({"2", "1", "10", ""})

# 7405, what a GIN names.
PACKAGE_NUMBERS = frozenset({"BJ", "AW"})
LOT_NUMBERS = frozenset({"BX"})

TransportState = Literal["departed", "in_transit", "arrived", "delivered", "delayed"]


class TransportEvent(NamedTuple):
    """What a status of a transport means here, and in words."""

    status: TransportState
    words: str


# 4405 (9011 in earlier directories), status of a transport: UN/ECE Recommendation 24.
TRANSPORT_EVENTS: Mapping[str, TransportEvent] = {
    "1": TransportEvent("arrived", "arrived"),
    "3": TransportEvent("arrived", "arrived in bad condition"),
    "13": TransportEvent("departed", "collected"),
    "16": TransportEvent("in_transit", "crossed the border"),
    "18": TransportEvent("in_transit", "damaged"),
    "20": TransportEvent("delayed", "delayed"),
    "21": TransportEvent("delivered", "delivered"),
    "22": TransportEvent("delivered", "delivery completed"),
    "23": TransportEvent("delayed", "delivery not completed"),
    "24": TransportEvent("departed", "departed"),
    "25": TransportEvent("delayed", "departure delayed"),
    "27": TransportEvent("departed", "despatched"),
    "29": TransportEvent("in_transit", "discharged"),
    "31": TransportEvent("in_transit", "en route"),
}

# 0083, action (UCI, UCF, UCM) as X12 says it in a 997.
CONTRL_ACTIONS: Mapping[str, str] = {"1": "A", "2": "P", "4": "R", "5": "A", "6": "R", "7": "A", "8": "A"}
