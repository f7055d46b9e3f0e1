"""X12 codes of plans and of application advice, as data. Every row has a test.

Element numbers are those of the X12 data element dictionary.
"""

from collections.abc import Mapping
from typing import Literal

from visibility.canonical.documents import Basis

Certainty = Literal["firm", "material", "forecast", "immediate", "past_due", "untold"]
Authorised = Literal["finished", "material", "labour", "other"]
Verdict = Literal["accepted", "accepted_with_faults", "rejected"]

# 680, forecast qualifier (FST02): how sure a planned quantity is.
CERTAINTIES: Mapping[str, Certainty] = {
    "A": "immediate",
    "B": "material",
    "C": "firm",
    "D": "forecast",
    "Z": "untold",
}

# 681, timing (FST03): the span that starts on the date.
WEEKLY, MONTHLY, QUARTERLY = "W", "M", "Q"

# 678, delivery pattern (SDP01): the one day of the week that all of a week's quantity is for, Monday 0.
PATTERN_DAYS: Mapping[str, int] = {"D": 0, "E": 1, "F": 2, "G": 3, "H": 4, "J": 5, "K": 6}

# 675, schedule type (BFR04, BSS04): what the dates are of, where they do not say themselves.
SCHEDULE_BASES: Mapping[str, Basis] = {"DL": "dock", "SH": "ship"}

# 676, schedule quantity (BFR05, BSS11): A each by itself, C counted up from the beginning.
CUMULATIVE = "C"

# 672, resource authorisation (ATH01).
AUTHORISATIONS: Mapping[str, Authorised] = {"FI": "finished", "MT": "material", "LB": "labour"}
REQUIRED_BEFORE = "PQ"

# 673, quantity (SHP01), and 374 (SHP03) of what the supplier sent: it may not be here yet.
DISCRETE, COUNTED_UP = "01", "02"
SENT_DATES = frozenset({"011"})

# 374 (DTM01): the horizon of a schedule.
HORIZON_STARTS: tuple[str, ...] = ("193", "007", "196")
HORIZON_ENDS: tuple[str, ...] = ("194", "197")

# 98, entity (N101) in schedules, beside those of orders. The earlier goes first.
PLANNING_BUYERS: tuple[str, ...] = ("BY", "MI", "SI", "FR", "OB")
PLANNING_SUPPLIERS: tuple[str, ...] = ("SU", "SE", "VN", "SF", "TO")

# 374 (BQT04, DTM01): until when a quotation should be there.
QUOTATION_DUE_DATES: tuple[str, ...] = ("106", "174", "815")

# 110, application acknowledgement (OTI01): by its second letter, of an item, a set, a group or a batch.
_BY_LETTER: Mapping[str, Verdict] = {
    "A": "accepted",
    "C": "accepted_with_faults",
    "E": "accepted_with_faults",
    "P": "accepted_with_faults",
    "R": "rejected",
}
VERDICTS: Mapping[str, Verdict] = {
    level + letter: verdict for level in "BGIT" for letter, verdict in _BY_LETTER.items()
}

# 143, transaction set (OTI10): which of our documents it is.
ADVISED_SETS: Mapping[str, str] = {
    "204": "transport.tendered",
    "810": "invoice.received",
    "830": "schedule.published",
    "850": "order.placed",
    "855": "order.acknowledged",
    "856": "shipment.notified",
    "860": "order.changed",
    "861": "goods.received",
    "862": "schedule.published",
    "865": "order.acknowledged",
    "875": "order.placed",
    "880": "invoice.received",
    "940": "warehouse.shipping_ordered",
    "944": "goods.received",
}

SUPPLIERS_SETS = frozenset({"810", "855", "856", "865", "880"})
"""Those that suppliers send: the advice of them comes from the buyer."""

# 647, application error condition (TED01).
APPLICATION_ERRORS: Mapping[str, str] = {
    "003": "the set is not one that is received",
    "006": "a duplicate",
    "007": "data missing",
    "008": "out of range",
    "009": "an invalid date",
    "010": "the total is out of balance",
    "011": "not matching",
    "012": "an invalid combination",
    "024": "other, unlisted reason",
    "034": "customer not known",
    "035": "late",
    "814": "sender not known",
    "DTE": "an incorrect date",
    "DUP": "a duplicate",
    "IID": "an invalid identification",
    "INV": "not on the invoice",
    "POI": "an invalid purchase order",
    "QTY": "an incorrect quantity",
    "UPR": "an incorrect unit price",
    "ZZZ": "as agreed between the partners",
}
