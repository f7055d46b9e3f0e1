"""Example values for the API's description. All parties, orders and numbers in them are invented."""

from typing import Any

MESSAGE_ID = "0199a3c2-7d10-7c55-9e0e-5d4a8f0f3b21"
CORRELATION_ID = "5b9ee1a4-3f0c-5a5e-8a38-0d0a6f1b7c42"

X12 = (
    "ISA*00*          *00*          *ZZ*HARBORTOOLS    *ZZ*MERIDIAN       "
    "*260302*0915*U*00401*000000731*0*P*>~"
    "GS*PR*HARBORTOOLS*MERIDIAN*20260302*0915*731*X*004010~"
    "ST*855*0001~"
    "BAK*00*AD*MD-40081*20260227~"
    "PO1*10*100*CA*18.5*PE*BP*MD-2207~"
    "ACK*IA*60*CA*068*20260312~"
    "ACK*IB*40*CA*068*20260326~"
    "CTT*1~"
    "SE*7*0001~"
    "GE*1*731~"
    "IEA*1*000000731~"
)

EDIFACT = (
    "UNB+UNOC:3+HARBORTOOLS:14+MERIDIAN:14+260302:0915+731'"
    "UNH+1+ORDRSP:D:96A:UN'"
    "BGM+231+HT-A-9+29'"
    "DTM+137:20260302:102'"
    "RFF+ON:MD-40081'"
    "LIN+10+3+MD-2207:IN'"
    "QTY+21:100:PCE'"
    "QTY+113:60:PCE'"
    "DTM+67:20260312:102'"
    "UNT+9+1'"
    "UNZ+1+731'"
)

SHAPES: dict[str, tuple[str, dict[str, Any]]] = {
    "sap_s4": (
        "SAP S/4HANA: a purchase order (OData V2)",
        {
            "d": {
                "PurchaseOrder": "4500000871",
                "Supplier": "104711",
                "PurchaseOrderDate": "/Date(1772150400000)/",
                "DocumentCurrency": "EUR",
                "to_PurchaseOrderItem": {
                    "results": [
                        {
                            "PurchaseOrderItem": "00010",
                            "Material": "CL-40",
                            "OrderQuantity": "120",
                            "PurchaseOrderQuantityUnit": "ST",
                            "NetPriceAmount": "3.50",
                            "NetPriceQuantity": "1",
                        }
                    ]
                },
            }
        },
    ),
    "business_central": (
        "Business Central: a purchase order with its lines",
        {
            "number": "106051",
            "vendorNumber": "V-310",
            "orderDate": "2026-02-26",
            "purchaseOrderLines": [
                {"sequence": 10000, "lineObjectNumber": "BF-10", "quantity": 40, "unitOfMeasureCode": "BOX"}
            ],
        },
    ),
    "netsuite": (
        "NetSuite: a purchase order",
        {
            "tranId": "PO118",
            "tranDate": "2026-02-25",
            "entity": {"id": "55", "refName": "Brookfield Fasteners"},
            "item": {"items": [{"line": 1, "item": {"refName": "BF-10"}, "quantity": 40, "rate": 12.75}]},
        },
    ),
    "amazon_vendor": (
        "Amazon vendor: a purchase order",
        {
            "purchaseOrderNumber": "7QH20XYZ",
            "orderDetails": {
                "purchaseOrderDate": "2026-02-24T09:00:00Z",
                "items": [
                    {
                        "itemSequenceNumber": "1",
                        "amazonProductIdentifier": "B0MERID001",
                        "orderedQuantity": {"amount": 6, "unitOfMeasure": "Cases"},
                    }
                ],
            },
        },
    ),
    "shopify": (
        "Shopify: a fulfilment",
        {
            "id": 990021,
            "order_id": 8812001,
            "name": "#2044-F1",
            "tracking_number": "SW100200",
            "line_items": [{"id": 501, "sku": "MD-2207", "quantity": 2}],
        },
    ),
    "easypost": (
        "EasyPost: a tracker",
        {
            "object": "Tracker",
            "id": "trk_5",
            "tracking_code": "SW100200",
            "carrier": "Swift",
            "status": "delivered",
            "updated_at": "2026-03-05T15:20:00Z",
        },
    ),
    "shippo": (
        "Shippo: a track",
        {
            "carrier": "swift",
            "tracking_number": "SW100201",
            "tracking_status": {"status": "TRANSIT", "status_date": "2026-03-04T06:00:00Z"},
        },
    ),
    "project44": (
        "project44: a status update",
        {
            "shipmentIdentifiers": [{"type": "BILL_OF_LADING", "value": "BOL-9001"}],
            "latestStatusUpdate": {"timestamp": "2026-03-12T09:40:00-0500", "statusCode": "AT_STOP"},
        },
    ),
}
"""By vendor: what it is, and the document."""

EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "MD-40081-placed",
    "source": "urn:meridian:erp",
    "type": "order.placed",
    "time": "2026-02-27T14:05:00Z",
    "data": {
        "order": {"number": "MD-40081", "issuer": "ZZ:MERIDIAN"},
        "buyer": {"ids": ["ZZ:MERIDIAN"], "name": "Meridian Distribution"},
        "supplier": {"ids": ["ZZ:HARBORTOOLS"], "name": "Harbor Tools"},
        "ship_to": {"ids": ["92:DC-EAST"], "name": "East warehouse"},
        "ordered_on": "2026-02-27",
        "currency": "USD",
        "lines": [
            {
                "line": "10",
                "item": {"buyer": "MD-2207", "vendor": "HT-88"},
                "quantity": "100",
                "unit": "CA",
                "price": "18.50",
                "requests": [{"quantity": "100", "date": "2026-03-12", "basis": "dock"}],
            }
        ],
    },
}

RELEASED: dict[str, Any] = {
    "specversion": "1.0",
    "id": "MD-40081-released",
    "source": "urn:meridian:erp",
    "type": "order.released",
    "time": "2026-02-27T14:06:00Z",
    "data": {
        "order": {"number": "MD-40081", "issuer": "ZZ:MERIDIAN"},
        "buyer": {"ids": ["ZZ:MERIDIAN"]},
        "released_at": "2026-02-27T14:06:00Z",
    },
}

RECEIPT: dict[str, Any] = {
    "message_id": MESSAGE_ID,
    "status": "received",
    "duplicate": False,
    "status_url": f"/api/v1/messages/{MESSAGE_ID}",
}

MESSAGE: dict[str, Any] = {
    "message_id": MESSAGE_ID,
    "connection": "harbor-tools",
    "direction": "in",
    "content_type": "application/edi-x12",
    "name": "",
    "size": 412,
    "received_at": "2026-03-02T09:15:07.120000+00:00",
    "status": "processed",
    "duplicate": False,
    "entries": 1,
    "document_types": ["order.acknowledged"],
    "problems": [],
    "status_url": f"/api/v1/messages/{MESSAGE_ID}",
}

CONFLICT: dict[str, Any] = {
    "type": "/api/v1/problems/conflicting_duplicate",
    "title": "This id was used before with another body",
    "status": 409,
    "detail": f"This id was used before with another body, in message {MESSAGE_ID}.",
    "instance": "/api/v1/messages",
    "errors": [
        {
            "code": "conflicting_duplicate",
            "where": "",
            "text": f"This id was used before with another body, in message {MESSAGE_ID}.",
        }
    ],
    "message_id": MESSAGE_ID,
}

CASE: dict[str, Any] = {
    "id": 5120,
    "kind": "confirmed_short",
    "queue": "quantity-mismatches",
    "state": "new",
    "severity": "high",
    "correlation_id": CORRELATION_ID,
    "line": "10",
    "summary": "Harbor Tools confirmed 60 of 100 CA of MD-2207; 40 open",
    "opened_at": "2026-03-02T09:15:08+00:00",
}

FLOW: dict[str, Any] = {
    "correlation_id": CORRELATION_ID,
    "aliases": [],
    "workflow": "replenishment",
    "order": {
        "number": "MD-40081",
        "release": "",
        "type": "stand_alone",
        "supplier": "Harbor Tools",
        "ship_to": "East warehouse",
        "ordered_on": "2026-02-27",
    },
    "state": "attention",
    "sentence": "Harbor Tools confirmed 60 of 100 CA; 40 open.",
    "counts": [],
    "lines": [
        {
            "line": "10",
            "item": "MD-2207",
            "unit": "CA",
            "ordered": "100",
            "confirmed": "60",
            "backordered": "40",
            "rejected": "0",
            "shipped": None,
            "received": None,
            "invoiced": None,
            "unit_price": "18.5",
            "worth": None,
            "counts": [],
            "requests": [{"quantity": "100", "date": "2026-03-12", "basis": "dock"}],
            "promises": [
                {"quantity": "60", "date": "2026-03-12", "basis": "ship"},
                {"quantity": "40", "date": "2026-03-26", "basis": "ship"},
            ],
        }
    ],
    "milestones": [
        {
            "name": "acknowledged",
            "state": "done",
            "planned_at": None,
            "due_at": "2026-03-03T15:00:00+00:00",
            "estimated_at": None,
            "first_at": None,
            "actual_at": "2026-03-02T09:15:00+00:00",
        }
    ],
    "entries": [
        {
            "position": 90417,
            "type": "order.acknowledged",
            "occurred_at": "2026-03-02T09:15:00+00:00",
            "recorded_at": "2026-03-02T09:15:08+00:00",
            "source": "harbor-tools",
            "message_id": MESSAGE_ID,
            "summary": "Harbor Tools confirmed 60 of 100 CA",
        }
    ],
    "cases": [{key: CASE[key] for key in ("id", "kind", "queue", "state", "line", "summary")}],
}

LEDGER: dict[str, Any] = {
    "entries": [
        {
            "position": 90417,
            "type": "order.released",
            "recorded_at": "2026-02-27T14:06:02.310000Z",
            "occurred_at": "2026-02-27T14:06:00Z",
            "correlation_ids": [CORRELATION_ID],
            "source": "meridian-erp",
            "message_id": MESSAGE_ID,
            "translation": 1,
            "superseded": False,
            "document": {"type": "order.released", **RELEASED["data"]},
        }
    ],
    "cursor": "WyI5ZjJjMGE3YjExZDQiLCA4MTIwOTMsIDkwNDE3XQ==",
    "more": False,
}
