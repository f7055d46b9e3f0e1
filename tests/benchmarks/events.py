"""Canonical events of about 1 kB: whole order lives, shuffled a little, as a busy day would bring them."""

import random
from collections.abc import Iterator
from typing import Any

import msgspec

BATCH = "application/cloudevents-batch+json"
EVENT = "application/cloudevents+json"
STEPS = 5
"""Events of an order."""
LINES = 3
SUPPLIERS = 40
ITEMS = 2000


def _line(number: int, item: int, quantity: int, **more: Any) -> dict[str, Any]:
    return {
        "line": str(number * 10),
        "item": {"buyer": f"SKU-{item:05}", "vendor": f"V-{item:05}"},
        "quantity": str(quantity),
        "unit": "CA",
        **more,
    }


def _life(order: str, rng: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    number, supplier = f"4{order}", rng.randrange(SUPPLIERS)
    parties = {
        "order": {"number": number, "issuer": "ZZ:NORTHGATE"},
        "buyer": {"ids": ["ZZ:NORTHGATE"], "name": "Northgate Supply"},
        "supplier": {"ids": [f"ZZ:SUPPLIER{supplier:03}"], "name": f"Supplier number {supplier:03}"},
        "ship_to": {"ids": [f"UL:09521000{rng.randrange(12):05}"], "name": "Regional warehouse"},
    }
    lines = [(n, rng.randrange(ITEMS), rng.randrange(10, 400)) for n in range(1, LINES + 1)]
    dock = [{"date": "2026-12-01", "basis": "dock"}]
    price = {"price": "62.50"}
    yield (
        "order.placed",
        {
            **parties,
            "ordered_on": "2026-11-16",
            "released_at": "2026-11-16T15:00:00Z",
            "currency": "USD",
            "lines": [_line(n, i, q, **price, requests=dock) for n, i, q in lines],
        },
    )
    short = rng.random() < 0.05
    yield (
        "order.acknowledged",
        {
            **parties,
            "issued_at": "2026-11-17T15:00:00Z",
            "supplier_order": f"S{number}",
            "lines": [
                _line(
                    n,
                    i,
                    q,
                    **price,
                    parts=[
                        {
                            "answer": "accepted",
                            "quantity": str(q - 5 if short else q),
                            "date": "2026-12-01",
                            "basis": "dock",
                            "code": "IA",
                        }
                    ],
                )
                for n, i, q in lines
            ],
        },
    )
    shipment = {"shipment": f"A{number}", "bill_of_lading": f"B{number}"}
    yield (
        "shipment.notified",
        {
            **parties,
            "number": f"A{number}",
            "bill_of_lading": f"B{number}",
            "carrier": "RDLF",
            "shipped_at": "2026-11-20T15:00:00Z",
            "estimated_at": "2026-11-23T15:00:00Z",
            "lines": [_line(n, i, q, lot=f"L{number}{n}") for n, i, q in lines],
        },
    )
    yield (
        "goods.received",
        {
            **parties,
            **shipment,
            "number": f"R{number}",
            "received_at": "2026-11-23T15:00:00Z",
            "lines": [_line(n, i, q, damaged="0", lot=f"L{number}{n}") for n, i, q in lines],
        },
    )
    yield (
        "invoice.received",
        {
            **parties,
            **shipment,
            "number": f"I{number}",
            "invoiced_on": "2026-11-23",
            "currency": "USD",
            "lines": [_line(n, i, q, **price) for n, i, q in lines],
        },
    )


def events(*, orders: int, seed: int = 1) -> list[bytes]:
    """Five events an order, each an encoded CloudEvent; orders overlap by some hundreds of events."""
    rng = random.Random(seed)
    timed = []
    for order in range(orders):
        for step, (kind, data) in enumerate(_life(f"{seed:03}{order:06}", rng)):
            event = {
                "specversion": "1.0",
                "id": f"{seed}-{order}-{step}",
                "source": "/bench/erp",
                "type": kind,
                "time": f"2026-11-{16 + step}T15:00:00Z",
                "datacontenttype": "application/json",
                "data": data,
            }
            timed.append((order + step * 40 + rng.random() * 20, msgspec.json.encode(event)))
    return [body for _, body in sorted(timed, key=lambda pair: pair[0])]


def batches(bodies: list[bytes], *, size: int = 1000) -> list[bytes]:
    """CloudEvents batches."""
    return [b"[" + b",".join(bodies[i : i + size]) + b"]" for i in range(0, len(bodies), size)]
