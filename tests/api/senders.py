"""Somebody with a key, and the bodies they send."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

EVENT_TYPE = "application/cloudevents+json"
BATCH_TYPE = "application/cloudevents-batch+json"
X12_TYPE = "application/edi-x12"


@dataclass(frozen=True)
class Caller:
    """Somebody with a key."""

    key: str
    client: Client

    def send(self, body: bytes, content_type: str = EVENT_TYPE, **headers: str) -> Any:
        return self.client.post(
            "/api/v1/messages",
            data=body,
            content_type=content_type,
            # Django's client leaves the content type of an empty body out.
            CONTENT_TYPE=content_type,
            headers={"Authorization": f"Bearer {self.key}", **headers},
        )

    def get(self, address: str, **asked: Any) -> Any:
        return self.client.get(address, asked, headers={"Authorization": f"Bearer {self.key}"})


def event(number: str, *, identity: str = "", quantity: str = "100") -> bytes:
    """An order as a CloudEvent."""
    return json.dumps(
        {
            "specversion": "1.0",
            "id": identity or f"{number}-placed",
            "source": "urn:example:erp",
            "type": "order.placed",
            "time": "2026-03-02T10:00:00Z",
            "data": {
                "order": {"number": number, "issuer": "ZZ:BUYER"},
                "buyer": {"ids": ["ZZ:BUYER"], "name": "Buyer"},
                "supplier": {"ids": ["ZZ:MAKER"], "name": "Maker"},
                "ordered_on": "2026-03-02",
                "lines": [{"line": "1", "item": {"buyer": "A-1"}, "quantity": quantity, "unit": "CA"}],
            },
        }
    ).encode()
