"""X12 codes of shipping, warehousing and carrying, and what they mean here, as data.

Element numbers are those of the X12 data element dictionary. Every row is read in a test.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from integrations.mappings.x12 import codes
from visibility.canonical.documents import Purpose

TransportStep = Literal["pending", "departed", "in_transit", "arrived", "delivered", "delayed"]
TenderWord = Literal["accepted", "declined", "conditional", "cancelled"]
StopWork = Literal["load", "unload", "other"]

# 1005, hierarchical structure (BSN05, BHT01): the levels from the outside in. T (tare) is a pack like P.
LEVELS: Mapping[str, tuple[str, ...]] = {
    "0001": ("S", "O", "T", "P", "I"),
    "0002": ("S", "O", "I", "T", "P"),
    "0003": ("S", "T", "P", "O", "I"),
    "0004": ("S", "O", "I"),
}

# 668 and 368, what becomes of a line that is shipped (SN108, W1201), in words for people.
LINE_STATUSES: Mapping[str, str] = {
    "AC": "accepted and shipped",
    "AR": "accepted and released for shipment",
    "BK": "backordered from an earlier order",
    "BO": "backordered",
    "BP": "a part, the balance is backordered",
    "CC": "complete",
    "CE": "with extra items for a price break",
    "CK": "cancelled from an earlier order",
    "CL": "complete",
    "CM": "complete, with more than ordered",
    "CN": "the next carrier takes it on",
    "CP": "a part, the balance is not backordered",
    "CS": "complete, with a substitute",
    "CU": "the line is cancelled",
    "DE": "the order is deleted",
    "DS": "out of stock",
    "IA": "accepted",
    "IB": "backordered",
    "IC": "the item is cancelled",
    "ID": "deleted",
    "IH": "on hold",
    "IP": "accepted, price changed",
    "IQ": "accepted, quantity changed",
    "IR": "rejected",
    "IS": "a substitute",
    "OR": "out of stock for now, order again",
    "PH": "the product is on hold",
    "PR": "a part",
    "SD": "shipped damaged",
    "SL": "shipped to date",
    "SP": "schedule pending",
    "SS": "in several shipments",
}


class Step(NamedTuple):
    """What an AT701 says. `estimates`: its time is when something is expected. `reason`: in words."""

    status: TransportStep
    reason: str
    estimates: bool = False


# 1650, shipment status (AT701). Arrived is where the goods go to: a terminal on the way is not.
STEPS: Mapping[str, Step] = {
    "A3": Step("delayed", "returned to the shipper"),
    "A7": Step("delayed", "refused by the consignee"),
    "A9": Step("in_transit", "damaged"),
    "AF": Step("departed", ""),
    "AG": Step("in_transit", "estimated delivery", estimates=True),
    "AH": Step("delayed", "delivery was tried in vain"),
    "AI": Step("in_transit", "sent on to another consignee"),
    "AJ": Step("in_transit", "tendered for delivery"),
    "AM": Step("in_transit", "loaded on a truck"),
    "AN": Step("in_transit", "changed over to an air carrier"),
    "AP": Step("delayed", "delivery was not completed"),
    "AR": Step("in_transit", "at the ramp of its destination"),
    "AV": Step("arrived", "ready for delivery"),
    "AW": Step("arrived", "ready to be collected"),
    "BA": Step("in_transit", "with the connecting line"),
    "C1": Step("in_transit", "estimated to leave a terminal"),
    "CA": Step("delayed", "the shipment is cancelled"),
    "CD": Step("delivered", "the carrier has left"),
    "CL": Step("pending", "the trailer is closed"),
    "CP": Step("pending", "loaded"),
    "D1": Step("delivered", ""),
    "I1": Step("in_transit", "through the gate, in"),
    "J1": Step("in_transit", "handed to the connecting line"),
    "K1": Step("in_transit", "at customs"),
    "L1": Step("pending", "being loaded"),
    "NB": Step("pending", "taken without papers"),
    "OA": Step("in_transit", "through the gate, out"),
    "P1": Step("in_transit", "left a terminal"),
    "PA": Step("in_transit", "a part of it"),
    "R1": Step("pending", "received from the carrier before"),
    "RL": Step("departed", "left the ramp of its origin"),
    "S1": Step("arrived", "the trailer stands at the consignee"),
    "SD": Step("delayed", ""),
    "X1": Step("arrived", ""),
    "X2": Step("in_transit", "estimated arrival", estimates=True),
    "X3": Step("pending", "the carrier is at the pickup"),
    "X4": Step("in_transit", "at a terminal"),
    "X5": Step("arrived", "at the dock"),
    "X6": Step("in_transit", ""),
    "X8": Step("pending", "at the dock of the pickup"),
    "XB": Step("pending", "the carrier acknowledged it"),
}

# 1652, appointment status (AT703). A delivery agreed is when the goods are expected.
APPOINTMENTS: Mapping[str, Step] = {
    "AA": Step("pending", "a pickup is agreed"),
    "AB": Step("in_transit", "a delivery is agreed", estimates=True),
    "X2": STEPS["X2"],
    "AG": STEPS["AG"],
}

# 1651, reason of a status (AT702, AT704), in words. NS, normal, is none.
STATUS_REASONS: Mapping[str, str] = {
    "A1": "missed delivery",
    "A2": "incorrect address",
    "A3": "indirect delivery",
    "A5": "unable to locate the place",
    "A6": "address corrected",
    "AD": "the customer asked for a later delivery",
    "AF": "accident",
    "AG": "the consignee is related to it",
    "AH": "the driver is related to it",
    "AI": "mechanical breakdown",
    "AJ": "another carrier is related to it",
    "AK": "damaged, rewrapped at the hub",
    "AL": "a previous stop",
    "AM": "the shipper is related to it",
    "AN": "holiday, closed",
    "AO": "weather or natural disaster",
    "AQ": "a recipient was not available",
    "AV": "exceeds the limits of service",
    "AW": "after the hour of the last pickup",
    "AX": "no time was left to collect",
    "AY": "missed pickup",
    "B1": "the consignee is closed",
    "B4": "held for payment",
    "B5": "held for the consignee",
    "B8": "improper unloading place or equipment",
    "BB": "held as the shipper asked",
    "BD": "border clearance",
    "BE": "road conditions",
    "BG": "other",
    "BC": "missing papers",
    "BH": "no time was left to deliver",
    "BS": "refused by the customer",
    "BT": "returned to the shipper",
    "C1": "waiting for the customer to collect",
    "P1": "processing delay",
    "T2": "no tractor",
    "T3": "no trailer",
    "T7": "no time was left to deliver",
}
NO_REASON = frozenset({"NS", "NA"})

# 412, receiving condition (RCD08, W1303): how it touches what was received. `short` never came.
Condition = Literal["damaged", "good", "short", "held"]
CONDITIONS: Mapping[str, Condition] = {
    "01": "damaged",
    "02": "short",
    "03": "good",  # over
    "04": "damaged",  # quality
    "05": "held",  # incorrect product
    "06": "good",  # container not the standard one
    "07": "good",
    "08": "damaged",  # rejected
    "09": "held",
    "10": "damaged",  # scrapped
    "12": "short",  # over, and returned
    "13": "held",  # no ship notice to it
    "14": "good",  # no ship notice to it, and processed
    "16": "short",  # not received
}

# 163, stop reason (S502).
STOPS: Mapping[str, StopWork] = {
    "CL": "load",
    "CN": "other",
    "CU": "unload",
    "DR": "other",
    "DT": "other",
    "IN": "other",
    "LD": "load",
    "LE": "other",
    "PA": "load",
    "PL": "load",
    "PU": "unload",
    "RT": "other",
    "SL": "load",
    "SU": "unload",
    "TL": "other",
    "UL": "unload",
    "WL": "other",
}

# 432, date qualifier of G6201, at a stop: from when, and until when. A date asked for is both.
STOP_FROM: tuple[str, ...] = ("37", "53", "69", "70", "10", "68", "02")
STOP_UNTIL: tuple[str, ...] = ("38", "54", "69", "70", "10", "68", "02")
RESPOND_BY = "64"

# 432 of a warehouse order: when it is to leave, and when to be there.
SHIP_DATES: tuple[str, ...] = ("10", "37", "38", "11")
DELIVERY_DATES: tuple[str, ...] = ("02", "53", "54", "68", "17")
SHIPPED_ON: tuple[str, ...] = ("11", "86", "10")
ARRIVES_ON: tuple[str, ...] = ("17", "68", "02")

# 558, reservation action (B104). D is a reservation cancelled; of a load not taken yet, that is to decline.
TENDER_WORDS: Mapping[str, TenderWord] = {
    "A": "accepted",
    "B": "conditional",
    "C": "conditional",
    "D": "declined",
    "E": "declined",
    "R": "cancelled",
    "S": "conditional",
    "U": "conditional",
}

# 106, event (V901), where B104 is empty.
TENDER_EVENTS: Mapping[str, TenderWord] = {"ACC": "accepted", "DEC": "declined"}

# 641, why a load was declined (V908).
TENDER_REASONS: Mapping[str, str] = {
    "CPT": "no capacity",
    "EQT": "no equipment of this kind",
    "EQU": "no equipment",
    "LNH": "the length of the haul",
    "PER": "no permits",
    "WGT": "the weight",
}

# 473, order status (W0501).
ORDER_STATUSES: Mapping[str, Purpose] = {
    "A": "original",  # for information
    "B": "original",  # a backorder
    "C": "confirm",
    "D": "cancel",
    "E": "confirm",
    "F": "cancel",
    "G": "change",  # of other things than its lines
    "L": "change",
    "N": "original",
    "R": "change",
    "S": "original",  # dated ahead
    "T": "replace",
    "Z": "original",
}
ORDER_EXERCISE = "X"

# 514, reporting code (W0601, W1701).
CUSTOMER_RETURN = "C"
REPORT_EXERCISE = "K"

# 128, references to a packing list: the shipment's number where there is no other.
PACKING_LIST_REFERENCES: tuple[str, ...] = ("PK", "PS")
VEHICLE_REFERENCES: tuple[str, ...] = ("EQ", "TR")

# 98, entities: who has goods kept, where they are sent, who carries them.
DEPOSITOR_PARTIES: tuple[str, ...] = ("DE", "DP")
SENDING_PARTIES: tuple[str, ...] = (*codes.SUPPLIER_PARTIES, "SF", "WH", "SH")
CUSTOMER_PARTIES: tuple[str, ...] = ("ST", "CN", *codes.BUYER_PARTIES, "BT")
DESTINATION_PARTIES: tuple[str, ...] = ("ST", "CN")
