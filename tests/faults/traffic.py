"""What the client sends: lives of orders that share documents, shuffled, with repeats and a few impostors.

Everything follows from the seed. Each telling says what must be found in the ledger afterwards.
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.crashing import MAGIC

EVENT = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
X12 = "application/edi-x12"
SOURCE = "/faults/erp"
TIERS = ("realtime", "near_realtime", "batch")
BUYER = "ZZ:NORTHGATE"
AT_A_TIME = 60
"""Tellings that are ready to be sent next."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Fact:
    """One document: what must become one entry, a member of exactly the flows of `orders`."""

    orders: frozenset[str]
    event_id: str = ""


@dataclass(frozen=True)
class Telling:
    """One message, and the connections it is sent by, one after or beside the other."""

    name: str
    body: bytes
    content_type: str
    ways: tuple[str, ...]
    facts: tuple[Fact, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    apart: tuple[float, ...] = ()
    """Seconds after which each repeat is sent; 0 is at the same time."""
    told_elsewhere: bool = False
    """Whether its event is in another message too."""
    kills: bool = False
    impostor: bytes = b""
    """Another body under the same id, to be sent once this was accepted, and refused."""


class Traffic:
    """An endless stream of tellings."""

    def __init__(self, *, seed: int) -> None:
        self._rng = random.Random(seed)
        self._groups = 0
        self._control = 0
        self._events = 0
        self._tellings = 0

    def stream(self, *, more: Callable[[], bool]) -> Iterator[Telling]:
        """Tellings of several groups of orders at a time, in any order; once no `more` are wanted, the rest.

        All of a group is told: what waits for another document is then joined at the end.
        """
        waiting: list[Telling] = []
        while True:
            while len(waiting) < AT_A_TIME and more():
                waiting += self._group()
            if not waiting:
                return
            yield waiting.pop(self._rng.randrange(len(waiting)))

    def killer(self) -> Telling:
        """A message that ends whatever process reads it."""
        order = f"K{self._next_group():05}"
        body = json.dumps(self._event("order.placed", self._order(order) | {"note": MAGIC.decode()})).encode()
        return self._telling(body, EVENT, kills=True)

    def _next_group(self) -> int:
        self._groups += 1
        return self._groups

    def _group(self) -> list[Telling]:
        """All messages about two or three orders that ship, arrive and are billed together."""
        rng, group = self._rng, self._next_group()
        numbers = [f"45{group:05}{n}" for n in range(rng.choice((1, 2, 2, 3)))]
        both = frozenset(numbers)
        events = [
            ("order.acknowledged", self._answer(n), frozenset({n})) for n in numbers if rng.random() < 0.7
        ]
        events += [("order.changed", self._change(n), frozenset({n})) for n in numbers if rng.random() < 0.3]
        events.append(("shipment.notified", self._notice(group, numbers), both))
        events += [("transport.status", self._status(group, n), both) for n in range(rng.randrange(3))]
        events.append(("goods.received", self._receipt(group, numbers), both))
        if rng.random() < 0.6:
            events.append(("invoice.received", self._invoice(group, numbers), both))
        tellings = []
        for number in numbers:
            if rng.random() < 0.4:
                tellings.append(self._x12(number))
            else:
                events.append(("order.placed", self._order(number), frozenset({number})))
        return tellings + self._pack(events)

    def _pack(self, events: list[tuple[str, Json, frozenset[str]]]) -> list[Telling]:
        """Events as messages of one or of several; some of them stand in a batch and alone."""
        rng, made = self._rng, []
        rng.shuffle(events)
        while events:
            size = rng.randint(2, 5) if rng.random() < 0.25 else 1
            own, events = events[:size], events[size:]
            bodies = [self._event(kind, data) for kind, data, _ in own]
            facts = tuple(
                Fact(orders, event["id"]) for event, (_, _, orders) in zip(bodies, own, strict=True)
            )
            if size > 1:
                headers = {"Idempotency-Key": f"key-{self._events}"} if rng.random() < 0.3 else {}
                made.append(self._telling(json.dumps(bodies).encode(), BATCH, facts=facts, headers=headers))
                if rng.random() < 0.4:
                    made.append(self._telling(_bytes(bodies[0]), EVENT, facts=facts[:1], told_elsewhere=True))
            else:
                other = _bytes(bodies[0] | {"subject": "somebody else's"}) if rng.random() < 0.03 else b""
                made.append(self._telling(_bytes(bodies[0]), EVENT, facts=facts, impostor=other))
        return made

    def _telling(self, body: bytes, content_type: str, **more: Any) -> Telling:
        """A message with its ways: repeats of an event may take any, those of bytes have to take the same."""
        rng = self._rng
        self._tellings += 1
        repeats = rng.choice((0, 0, 0, 1, 1, 2, 4)) if rng.random() < 0.5 else 0
        first = rng.choice(TIERS)
        by_event = content_type == EVENT
        ways = (first, *(rng.choice(TIERS) if by_event else first for _ in range(repeats)))
        apart = tuple(0.0 if rng.random() < 0.5 else rng.uniform(0.1, 20) for _ in range(repeats))
        name = f"telling-{self._tellings}"
        return Telling(name=name, body=body, content_type=content_type, ways=ways, apart=apart, **more)

    def _event(self, kind: str, data: Json) -> Json:
        self._events += 1
        return {
            "specversion": "1.0",
            "id": f"event-{self._events}",
            "source": SOURCE,
            "type": kind,
            "time": f"2026-11-02T15:{self._events // 60 % 60:02}:{self._events % 60:02}Z",
            "data": data,
        }

    def _head(self, number: str = "") -> Json:
        """The parties, out of a few that all orders share; not every sender says whose number it is."""
        supplier = int(number[-3:] or 0) % 7 if number else 0
        head: Json = {
            "supplier": {"ids": [f"ZZ:SUPPLIER{supplier}"], "name": f"Supplier {supplier}"},
            "ship_to": {"ids": [f"92:DC{supplier % 3}"], "name": f"Warehouse {supplier % 3}"},
        }
        return head | ({"order": self._reference(number)} if number else {})

    def _reference(self, number: str) -> Json:
        return {"number": number, "issuer": BUYER} if self._rng.random() < 0.8 else {"number": number}

    def _line(self, number: int, **more: Any) -> Json:
        item = {"buyer": f"SKU-{self._rng.randrange(60):04}"}
        return {"line": str(number), "item": item, "quantity": "100", "unit": "CA", **more}

    def _order(self, number: str) -> Json:
        lines = [self._line(n, price="10.00") for n in (1, 2)]
        return self._head(number) | {
            "ordered_on": "2026-11-02",
            "released_at": "2026-11-02T15:00:00Z",
            "currency": "USD",
            "lines": lines,
        }

    def _answer(self, number: str) -> Json:
        parts = [{"answer": "accepted", "quantity": "60"}, {"answer": "backordered", "quantity": "40"}]
        lines = [self._line(1, parts=parts), self._line(2, parts=[{"answer": "accepted"}])]
        return self._head(number) | {
            "issued_at": f"2026-11-03T1{self._rng.randrange(10)}:00:00Z",
            "lines": lines,
        }

    def _change(self, number: str) -> Json:
        lines = [self._line(1) | {"quantity": str(self._rng.randrange(50, 150))}]
        return self._head(number) | {
            "issued_at": f"2026-11-04T1{self._rng.randrange(10)}:00:00Z",
            "lines": lines,
        }

    def _shared(self, numbers: list[str], **more: Any) -> list[Json]:
        return [self._line(n, order=self._reference(number), **more) for number in numbers for n in (1, 2)]

    def _notice(self, group: int, numbers: list[str]) -> Json:
        return self._head() | {
            "number": f"ASN{group:06}",
            "bill_of_lading": f"BOL{group:06}",
            "shipped_at": "2026-11-10T15:00:00Z",
            "lines": self._shared(numbers),
        }

    def _status(self, group: int, step: int) -> Json:
        """A carrier knows a bill of lading, and no order."""
        what = ("departed", "arrived", "delivered")[step]
        return {
            "status": what,
            "bill_of_lading": f"BOL{group:06}",
            "occurred_at": f"2026-11-1{step}T15:00:00Z",
        }

    def _receipt(self, group: int, numbers: list[str]) -> Json:
        """A warehouse may know the ship notice only, and not whose it is."""
        head = self._head() | {"number": f"R{group:06}", "received_at": "2026-11-16T15:00:00Z"}
        if self._rng.random() < 0.5:
            return head | {"shipment": f"ASN{group:06}", "lines": [self._line(1)]}
        return head | {"shipment": f"ASN{group:06}", "lines": self._shared(numbers)}

    def _invoice(self, group: int, numbers: list[str]) -> Json:
        return self._head() | {
            "number": f"INV{group:06}",
            "shipment": f"ASN{group:06}",
            "invoiced_on": "2026-11-12",
            "currency": "USD",
            "lines": self._shared(numbers, price="10.00"),
        }

    def _x12(self, number: str) -> Telling:
        """An 850, or an 850 and its 855 in one interchange."""
        self._control += 1
        sets = [("850", f"BEG*00*SA*{number}**20261102", "PO1*1*100*CA*10.00**BP*SKU-0007", "CTT*1")]
        if self._rng.random() < 0.5:
            sets.append(("850", f"BEG*00*SA*{number}X**20261102", "PO1*1*50*CA*10.00**BP*SKU-0008", "CTT*1"))
        facts = tuple(Fact(frozenset({number + "X" * n})) for n in range(len(sets)))
        return self._telling(_interchange(sets, self._control), X12, facts=facts)


def _bytes(event: Json) -> bytes:
    return json.dumps(event).encode()


def _interchange(sets: Sequence[tuple[str, ...]], control: int) -> bytes:
    segments = [
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'NORTHGATE':15}*ZZ*{'ACMEIND':15}"
        f"*261102*0900*U*00401*{control:09d}*0*P*>",
        f"GS*PO*NORTHGATE*ACMEIND*20261102*0900*{control}*X*004010",
    ]
    for index, (code, *own) in enumerate(sets, start=1):
        segments += [f"ST*{code}*{index:04}", *own, f"SE*{len(own) + 2}*{index:04}"]
    segments += [f"GE*{len(sets)}*{control}", f"IEA*1*{control:09d}"]
    return "".join(f"{segment}~" for segment in segments).encode()
