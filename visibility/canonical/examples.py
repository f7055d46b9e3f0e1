"""One small example of every canonical document, as the data of an event. All of it is invented."""

from typing import Any

Json = dict[str, Any]

ORDER: Json = {"number": "MD-40081", "issuer": "ZZ:MERIDIAN"}
BUYER: Json = {"ids": ["ZZ:MERIDIAN"], "name": "Meridian Distribution"}
SUPPLIER: Json = {"ids": ["ZZ:HARBORTOOLS"], "name": "Harbor Tools"}
PLACE: Json = {"ids": ["92:DC-EAST"], "name": "East warehouse"}
ITEM: Json = {"buyer": "MD-2207", "vendor": "HT-88"}
LINE: Json = {"line": "10", "item": ITEM, "quantity": "100", "unit": "CA"}
HEAD: Json = {"order": ORDER, "buyer": BUYER, "supplier": SUPPLIER, "ship_to": PLACE}


def _line(**more: Any) -> Json:
    return {**LINE, **more}


EXAMPLES: dict[str, Json] = {
    "order.placed": {
        **HEAD,
        "ordered_on": "2026-02-27",
        "currency": "USD",
        "lines": [
            _line(price="18.50", requests=[{"quantity": "100", "date": "2026-03-12", "basis": "dock"}])
        ],
    },
    "order.opening_balance": {
        **HEAD,
        "as_of": "2026-03-01T00:00:00Z",
        "lines": [_line(confirmed="100", shipped="60", received="60", billed="0")],
    },
    "order.released": {**HEAD, "released_at": "2026-02-27T14:06:00Z"},
    "order.changed": {**HEAD, "version": "1", "lines": [{"line": "10", "quantity": "80", "unit": "CA"}]},
    "order.acknowledged": {
        **HEAD,
        "issued_at": "2026-03-02T15:15:00Z",
        "supplier_order": "HT-SO-512",
        "lines": [
            _line(
                parts=[
                    {"answer": "accepted", "quantity": "60", "unit": "CA", "date": "2026-03-12"},
                    {"answer": "backordered", "quantity": "40", "unit": "CA"},
                ]
            )
        ],
    },
    "shipment.notified": {
        **HEAD,
        "number": "HT-ASN-77",
        "shipped_at": "2026-03-10T13:00:00Z",
        "estimated_at": "2026-03-12T15:00:00Z",
        "carrier": "SWFT",
        "bill_of_lading": "BOL-9001",
        "lines": [_line(quantity="60", packages=["003456789012345675"])],
    },
    "transport.status": {
        "status": "arrived",
        "occurred_at": "2026-03-12T14:40:00Z",
        "shipment": "HT-ASN-77",
        "supplier": SUPPLIER,
        "carrier": "SWFT",
    },
    "goods.received": {
        **HEAD,
        "number": "RC-310",
        "received_at": "2026-03-12T16:20:00Z",
        "shipment": "HT-ASN-77",
        "lines": [_line(quantity="60", damaged="2")],
    },
    "service.accepted": {**HEAD, "number": "SES-4", "accepted_at": "2026-03-14T09:00:00Z", "lines": [LINE]},
    "invoice.issued": {**HEAD, "number": "HT-INV-9", "invoiced_on": "2026-03-13", "lines": [LINE]},
    "invoice.received": {
        **HEAD,
        "number": "HT-INV-9",
        "invoiced_on": "2026-03-13",
        "currency": "USD",
        "total": "1110.00",
        "lines": [_line(quantity="60", price="18.50")],
    },
    "payment.status": {
        **HEAD,
        "status": "paid",
        "occurred_at": "2026-04-12T00:00:00Z",
        "invoice": "HT-INV-9",
        "amount": "1110.00",
        "currency": "USD",
    },
    "requisition.status": {**HEAD, "number": "REQ-3", "status": "released", "lines": [LINE]},
    "order.line_closed": {**HEAD, "reason": "no longer wanted", "lines": [{"line": "10"}]},
    "order.line_blocked": {**HEAD, "reason": "price in dispute", "lines": [{"line": "10"}]},
    "entry.linked": {
        "order": ORDER,
        "message": "0199a3c2-7d10-7c55-9e0e-5d4a8f0f3b21",
        "place": 0,
        "who": "Rosa Ortiz",
        "note": "the driver had the order on his papers",
    },
    "decision.taken": {
        "order": ORDER,
        "case": 412,
        "resolution": 7,
        "action": "accept_short",
        "kind": "confirmed_short",
        "line": "10",
        "words": "Accepted 60 of 100",
        "decided_by": "Maria Lopez",
    },
    "command.outcome": {
        "order": ORDER,
        "command": "0199a3c2-7d10-7c55-9e0e-5d4a8f0f3b22",
        "cause": "resolution:7:1",
        "system": "ERP",
        "result": "delivered",
        "words": "Order line 10 is now 60",
    },
    "schedule.published": {
        "buyer": BUYER,
        "supplier": SUPPLIER,
        "ship_to": PLACE,
        "number": "REL-12",
        "starts_on": "2026-03-02",
        "ends_on": "2026-03-29",
        "lines": [
            {
                "item": ITEM,
                "unit": "CA",
                "planned": [
                    {"quantity": "100", "date": "2026-03-12", "basis": "dock", "certainty": "firm"},
                    {"quantity": "80", "date": "2026-03-19", "until": "2026-03-25", "certainty": "forecast"},
                ],
                "cumulative_received": "1240",
            }
        ],
    },
    "catalogue.published": {
        "supplier": SUPPLIER,
        "number": "HT-2026-1",
        "currency": "USD",
        "starts_on": "2026-04-01",
        "lines": [{"item": ITEM, "unit": "CA", "price": "18.90", "minimum": "10", "lead_days": 12}],
    },
    "stock.reported": {
        "supplier": SUPPLIER,
        "number": "ST-88",
        "counted_at": "2026-03-02T05:00:00Z",
        "lines": [_line(quantity="340", state="available", place=PLACE)],
    },
    "sales.reported": {
        "buyer": BUYER,
        "number": "W-09",
        "starts_on": "2026-02-23",
        "ends_on": "2026-03-01",
        "lines": [{"item": ITEM, "quantity": "52", "unit": "CA", "activity": "sold", "place": PLACE}],
    },
    "transport.tendered": {
        "number": "LD-5",
        "carrier": "SWFT",
        "respond_by": "2026-03-09T17:00:00Z",
        "stops": [
            {"does": "load", "place": SUPPLIER, "not_before": "2026-03-10T12:00:00Z", "orders": [ORDER]},
            {"does": "unload", "place": PLACE, "not_after": "2026-03-12T18:00:00Z"},
        ],
    },
    "transport.tender_answered": {"shipment": "LD-5", "carrier": "SWFT", "answer": "accepted"},
    "warehouse.shipping_ordered": {
        "buyer": BUYER,
        "ship_to": {"ids": ["92:SHOP-4"], "name": "Shop 4"},
        "number": "WO-71",
        "ship_on": "2026-03-16",
        "lines": [{"line": "1", "item": ITEM, "quantity": "12", "unit": "CA"}],
    },
    "freight.billed": {
        "number": "FB-1",
        "carrier": "SWFT",
        "currency": "USD",
        "total": "412.50",
        "bill_of_lading": "BOL-9001",
        "charges": [{"amount": "38.00", "code": "FUE", "description": "fuel surcharge"}],
    },
    "document.advised": {
        **HEAD,
        "about": "order.placed",
        "number": "MD-40081",
        "verdict": "rejected",
        "faults": [{"code": "DUP", "text": "the order is there already", "line": "10"}],
    },
    "document.filed": {
        "kind": "x12:864",
        "title": "text message",
        "number": "NOTE-17",
        "references": ["PO:MD-40081"],
    },
}
"""By the type of the document, in the order of the contract."""


def example_event(kind: str) -> Json:
    """The example of a type in its envelope."""
    return {
        "specversion": "1.0",
        "id": f"example-{kind}",
        "source": "urn:meridian:examples",
        "type": kind,
        "time": "2026-03-02T15:15:00Z",
        "data": EXAMPLES[kind],
    }
