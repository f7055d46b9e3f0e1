"""Who is believed where several systems tell of the same fact: lower ranks win.

The ranking holds where no system is set as primary. Witnesses of one rank add up (two shipments, one
told by EDI and one in the portal, are two shipments); a better rank silences the others *per line*.
"""

from visibility.flows.state import Witness

Ranking = dict[Witness, int]

ORDERS: Ranking = {
    "erp": 0, "edi": 1, "portal": 2, "planning": 2, "desk": 2, "wms": 2, "tms": 2, "phone": 2, "other": 2,
}  # fmt: skip
SHIPMENTS: Ranking = {
    "edi": 0, "portal": 0, "tms": 1, "erp": 1, "wms": 1, "planning": 1, "desk": 1, "phone": 1, "other": 1,
}  # fmt: skip
RECEIPTS: Ranking = {
    "erp": 0, "wms": 1, "edi": 2, "portal": 3, "phone": 4, "desk": 5, "tms": 6, "planning": 6, "other": 6,
}  # fmt: skip
INVOICES: Ranking = {
    "edi": 0, "portal": 1, "erp": 2, "desk": 3, "wms": 3, "tms": 3, "planning": 3, "phone": 3, "other": 3,
}  # fmt: skip
