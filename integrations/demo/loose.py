"""A few documents that the made-up company's partners wrote badly: without an order, or with one of two.

They are events, told in the days before the anchor, so that the pages of documents without an order and
of ambiguous numbers have something to show.
"""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from integrations.sandbox import SandboxDocument
from integrations.sandbox import company as sandbox
from integrations.sandbox.documents import ERP_OUT, SUPPLIERS_IN, WAREHOUSE_IN

EVENT = "application/cloudevents+json"
TWICE = "4500020001"
"""The number that two of the company's ERPs gave to two orders."""

Json = dict[str, Any]


def loose_documents(*, anchor: dt.datetime) -> Iterator[SandboxDocument]:
    """Two orders of one number and a receipt of one of them; a receipt, an invoice and a status of none."""
    acme = next(each for each in sandbox.SUPPLIERS if each.code == "ACME")
    heads: Json = {"supplier": _party(acme.party), "ship_to": _place("DAL")}
    days = [anchor - dt.timedelta(days=back) for back in range(9)]
    for system, sku, quantity in (("SAP1", "SKU-1042", 20), ("AX", "SKU-1051", 12)):
        order = {
            "order": {"number": TWICE, "issuer": "ZZ:NORTHGATE", "system": system},
            "issued_at": _at(days[8]),
            "ordered_on": days[8].date().isoformat(),
            "released_at": _at(days[8]),
            "currency": "USD",
            "lines": [
                {
                    **_line(sku, quantity),
                    "line": "10",
                    "price": str(_item(sku).list_price),
                    "requests": [{"date": days[0].date().isoformat(), "basis": "dock"}],
                }
            ],
        }
        yield _document(ERP_OUT, days[8], f"order-{system}", "order.placed", {**heads, **order})
    named = {"order": {"number": TWICE, "issuer": "ZZ:NORTHGATE"}}
    yield _receipt("R-40219", days[1], {**heads, **named}, _line("SKU-1051", 12))
    # The notice was 7781: whoever typed it swapped two digits.
    yield _receipt("R-40231", days[0], {**heads, "shipment": "7718"}, _line("SKU-1063", 28))
    bill = {
        "number": "INV-31044",
        "invoiced_on": days[1].date().isoformat(),
        "issued_at": _at(days[1]),
        "currency": "USD",
        "total": "3720.00",
        "lines": [{**_line("SKU-1042", 60), "price": "62.00"}],
    }
    yield _document(SUPPLIERS_IN, days[1], "invoice", "invoice.received", {**heads, **bill})
    arrived = {"status": "arrived", "occurred_at": _at(days[2]), "bill_of_lading": "RDL-770215"}
    yield _document(WAREHOUSE_IN, days[2], "arrival", "transport.status", arrived)


def _receipt(number: str, day: dt.datetime, head: Json, line: Json) -> SandboxDocument:
    told = {**head, "number": number, "received_at": _at(day), "issued_at": _at(day), "lines": [line]}
    return _document(WAREHOUSE_IN, day, number, "goods.received", told)


def _document(connection: str, day: dt.datetime, name: str, kind: str, data: Json) -> SandboxDocument:
    event = {
        "specversion": "1.0",
        "id": f"demo-{name}",
        "source": f"/{connection}",
        "type": kind,
        "time": _at(day),
        "data": data,
    }
    return SandboxDocument(f"{name.lower()}.json", connection, EVENT, json.dumps(event).encode(), day)


def _at(moment: dt.datetime) -> str:
    return moment.replace(microsecond=0).isoformat()


def _item(sku: str) -> sandbox.Item:
    return next(each for each in sandbox.ITEMS if each.sku == sku)


def _line(sku: str, quantity: int) -> Json:
    item = _item(sku)
    code = {"buyer": sku, "description": item.description}
    return {"item": code, "quantity": str(quantity), "unit": item.unit}


def _party(party: sandbox.Party) -> Json:
    return {"ids": [f"{party.qualifier}:{party.edi_id}"], "name": party.name}


def _place(code: str) -> Json:
    place = next(each for each in sandbox.PLACES if each.code == code)
    return {"ids": [f"UL:{place.gln}"], "name": place.name}
