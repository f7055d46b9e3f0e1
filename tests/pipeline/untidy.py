"""Hypothesis strategies: whole lives of orders as senders tell them, with everything untidy about it.

The facts are those of `flows/whole_lives.py`; here they become what is sent. References lose their issuer or
gain one of two systems, receipts and invoices know their shipment only, carriers know a bill of lading only,
a warehouse posts the 944 of a receipt that the ERP and a phone tell, too.
"""

import itertools
from dataclasses import dataclass
from typing import Any

from factories import NORTHGATE, batch, event, interchange, transaction
from hypothesis import strategies as st
from whole_lives import LIVES, SHARED_LIVES, event_of

Json = dict[str, Any]
WITNESSES = ("edi", "erp", "wms", "tms", "portal", "phone", "desk")
NAMING = st.sampled_from(["as it is"] * 5 + ["bare", "SAP1", "SAP2"])
NUMBERS = st.sampled_from(["4500001", "4500001", "4500002"])
NOTICES = st.sampled_from(["N1", "N2"])
BILLS = st.sampled_from(["", "B1", "B2"])
CHUNKS = st.sampled_from([1, 2, 7, 500])
TOGETHER = st.sampled_from([1, 2, 100])


@dataclass(frozen=True)
class Told:
    """What somebody sends: an event, or an interchange as it is."""

    witness: str
    sent: Json | bytes


@dataclass(frozen=True)
class Arrival:
    """One way in which all of it comes in.

    `messages` in their order, each by its witness; `sizes` how many are queued before workers begin with
    them; `again` which messages are read once more after each of these rounds; `sweeps` after which a sweep
    runs. `chunk` documents commit together, of `together` messages claimed at once.
    """

    messages: tuple[tuple[str, bytes], ...]
    sizes: tuple[int, ...]
    again: tuple[tuple[int, ...], ...]
    sweeps: tuple[bool, ...]
    chunk: int
    together: int

    def rounds(self) -> list[list[int]]:
        """The messages of each round, by their places."""
        ends = list(itertools.accumulate(self.sizes, initial=0))
        return [list(range(start, end)) for start, end in itertools.pairwise(ends)]


# What is told


def _renamed(reference: Json, naming: str) -> Json:
    if naming == "bare":
        return {name: value for name, value in reference.items() if name != "issuer"}
    return reference if naming == "as it is" else reference | {"issuer": NORTHGATE, "system": naming}


@st.composite
def untidied(draw: st.DrawFn, sent: Json) -> Json:
    """An event whose references are as senders write them."""
    data, naming = dict(sent["data"]), draw(NAMING)
    loose = sent["type"] in ("goods.received", "invoice.received") and draw(st.integers(0, 3)) == 0
    if loose or sent["type"] == "shipment.notified":
        data["bill_of_lading"] = draw(BILLS)
    if loose:
        data["shipment"] = draw(NOTICES)
        data.pop("order", None)
        data["lines"] = [{k: v for k, v in own.items() if k != "order"} for own in data.get("lines", ())]
    if "order" in data:
        data["order"] = _renamed(data["order"], naming)
    if "lines" in data:
        data["lines"] = [
            own | {"order": _renamed(own["order"], naming)} if own.get("order") else own
            for own in data["lines"]
        ]
    return sent | {"data": data}


@st.composite
def statuses(draw: st.DrawFn) -> Told:
    """A carrier's word on a bill of lading, a ship notice or both; it knows no order."""
    data = {
        "status": draw(st.sampled_from(["departed", "in_transit", "arrived", "delivered", "delayed"])),
        "bill_of_lading": draw(st.sampled_from(["B1", "B2"])),
        "shipment": draw(st.sampled_from(["", "", "N1"])),
        "occurred_at": f"2026-11-{draw(st.integers(9, 17)):02}T10:00:00Z",
    }
    return Told("tms", event("transport.status", data))


@st.composite
def stock_advices(draw: st.DrawFn) -> list[Told]:
    """The warehouse's 944 of a receipt; perhaps twice, under another envelope. No event id identifies it."""
    quantity, number = draw(st.sampled_from([25, 60, 100])), draw(st.sampled_from(["N1", "N2", "W1"]))
    advice = transaction(
        "944",
        f"W17*F*202611{draw(st.integers(9, 17)):02}*{number}*{draw(NUMBERS)}",
        "N1*WH*Dallas DC*91*DAL",
        f"W07*{quantity}*CA**BP*SKU-1042",
        f"W14*{quantity}",
    )
    controls = draw(st.sampled_from([(1,), (1,), (1, 2)]))
    return [
        Told(
            "wms", interchange(advice, group="RE", sender="DALLASWMS", receiver="NORTHGATE", control=control)
        )
        for control in controls
    ]


@st.composite
def untidy_lives(draw: st.DrawFn) -> tuple[Told, ...]:
    """Everything that is told of one order, or of two that share documents."""
    facts = draw(st.one_of(LIVES, SHARED_LIVES))
    told = [Told(own.witness, draw(untidied(event_of(own)))) for own in facts]
    told += draw(st.lists(statuses(), max_size=2))
    told += draw(st.one_of(st.just([]), stock_advices()))
    return tuple(
        own if isinstance(own.sent, bytes) else Told(own.witness, own.sent | {"id": f"event {number}"})
        for number, own in enumerate(told)
    )


# How it arrives


@st.composite
def arrivals(draw: st.DrawFn, told: tuple[Told, ...]) -> Arrival:
    """All of it in some order, some of it twice, cut into messages and rounds."""
    places = list(range(len(told)))
    twice = draw(st.lists(st.sampled_from(places), max_size=3))
    shuffled = [told[place] for place in draw(st.permutations([*places, *twice]))]
    cuts = sorted(draw(st.sets(st.integers(1, len(shuffled)), max_size=6)) - {len(shuffled)})
    messages = [
        message
        for start, end in itertools.pairwise([0, *cuts, len(shuffled)])
        for message in bodies(shuffled[start:end])
    ]
    messages += [messages[place] for place in draw(st.sets(st.integers(0, len(messages) - 1), max_size=1))]
    sizes, left = [], len(messages)
    while left:
        sizes.append(draw(st.integers(1, left)))
        left -= sizes[-1]
    ends = list(itertools.accumulate(sizes))
    return Arrival(
        messages=tuple(messages),
        sizes=tuple(sizes),
        again=tuple(tuple(draw(st.sets(st.integers(0, end - 1), max_size=1))) for end in ends),
        sweeps=tuple(draw(st.booleans()) for _ in ends),
        chunk=draw(CHUNKS),
        together=draw(TOGETHER),
    )


def at_once(told: tuple[Told, ...]) -> Arrival:
    """All of it in one round, in the order in which it was told: what any other arrival must equal."""
    messages = tuple(bodies(told))
    return Arrival(messages, (len(messages),), ((),), (False,), chunk=500, together=100)


def bodies(told: tuple[Told, ...] | list[Told]) -> list[tuple[str, bytes]]:
    """Messages (witness, body): the events of each witness as one batch, interchanges by themselves."""
    events: dict[str, list[Json]] = {}
    found = []
    for own in told:
        if isinstance(own.sent, bytes):
            found.append((own.witness, own.sent))
        else:
            events.setdefault(own.witness, []).append(own.sent)
    return [*((witness, batch(*sent)) for witness, sent in events.items()), *found]
