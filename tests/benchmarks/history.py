"""Some thousand orders in every state, by the front door: what `scale.py` multiplies for the pages.

Half are done, the others stand at each stage of their life; one in twenty is confirmed short. A few documents
name no order, a few messages cannot be read.
"""

import msgspec

from tests.benchmarks import events
from visibility.core import clock
from visibility.inbox.models import Connection
from visibility.inbox.services import accept_message
from visibility.pipeline.sweep import sweep_due
from visibility.pipeline.worker import drain

BATCH = "application/cloudevents-batch+json"
TOLD = (5, 5, 5, 5, 5, 1, 2, 3, 4, 5)
"""How many events of its life each of ten orders has told."""
IN_A_MESSAGE = 8
STRAY_EVERY = 100
UNREADABLE_EVERY = 400


def bring_in(*, orders: int) -> None:
    """Take the orders in, and look once at what is overdue."""
    told = [body for body in events.events(orders=orders, seed=0) if _is_told(body)]
    told += [_stray(number) for number in range(0, orders, STRAY_EVERY)]
    sender = Connection.objects.get(name="bench")
    for number, batch in enumerate(events.batches(told, size=IN_A_MESSAGE)):
        accept_message(connection=sender, body=batch, content_type=BATCH, name=f"erp-{number:06}.json")
    for number in range(0, orders, UNREADABLE_EVERY):
        accept_message(
            connection=sender,
            body=b'[{"specversion": "1.0", "id": "cut off %d"' % number,
            content_type=BATCH,
            name=f"torn-{number:06}.json",
        )
    drain()
    sweep_due(as_of=clock.now(), unless_waiting=False)


def _is_told(body: bytes) -> bool:
    _seed, order, step = msgspec.json.decode(body)["id"].split("-")
    return int(step) < TOLD[int(order) % len(TOLD)]


def _stray(number: int) -> bytes:
    """Word of a shipment that nobody announced."""
    return msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": f"stray-{number}",
            "source": "/bench/carrier",
            "type": "transport.status",
            "time": "2026-11-20T15:00:00Z",
            "data": {
                "bill_of_lading": f"X4000{number:06}",
                "carrier": "RDLF",
                "status": "departed",
                "occurred_at": "2026-11-20T15:00:00Z",
            },
        }
    )
