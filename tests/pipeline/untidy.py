"""Hypothesis strategies: whole lives of orders as senders tell them, with everything untidy about it.

The facts are those of `flows/whole_lives.py`; here they become what is sent. References lose their issuer or
gain one of two systems, receipts and invoices know their shipment only, carriers know a bill of lading only,
a warehouse posts the 944 of a receipt that the ERP and a phone tell, too.
"""

from dataclasses import dataclass
from typing import Any

from factories import NORTHGATE, event, interchange, transaction
from hypothesis import strategies as st
from lives import answer_line, answered, bill, day, invoiced, part, receipt, received, ship, shipped
from whole_lives import (
    BOTH,
    PO,
    again,
    answers,
    changes,
    event_of,
    movements,
    of_second,
    one_each,
    orders,
    others,
)

from visibility.flows.state import Fact

Json = dict[str, Any]
WAYS_OF_NAMING = [
    ("as it is",),
    ("as it is", "as it is", "bare"),
    ("SAP1", "SAP2", "bare"),
    ("as it is", "SAP1", "SAP1", "SAP2", "bare"),
]
SETTINGS = ["", "", "warehouse", "Dallas"]
"""Whose word counts: nobody's in particular, the warehouse's of receipts, or at one place only."""
BEST, HOUSTON = {"ids": ["ZZ:BEST"]}, {"ids": ["91:HOU"]}


@dataclass(frozen=True)
class Told:
    """What somebody sends: an event, or an interchange as it is."""

    witness: str
    sent: Json | bytes


@dataclass(frozen=True)
class Life:
    """Everything that is told of one order or of two, under some settings."""

    told: tuple[Told, ...]
    settings: str


# What happens


@st.composite
def straight(draw: st.DrawFn) -> list[Fact]:
    """An order's life without trouble, or the first steps of it: in two shipments, taken in by two hands."""
    quantity = draw(st.sampled_from([60, 100]))
    steps = [
        answered(answer_line("1", part("accepted", 100, unit="CA"))),
        shipped("N1", ship("1", quantity), bill_of_lading="B1"),
        received("R1", receipt("1", quantity), shipment="N1"),
        received("E1", receipt("1", quantity), at=day(17), witness="erp", shipment="N1"),
        invoiced("I1", bill("1", quantity)),
        shipped("N2", ship("1", 40), at=day(11), bill_of_lading="B1"),
        received("R2", receipt("1", 40), at=day(18), witness="phone", bill_of_lading="B1"),
        received("R3", receipt("1", quantity), at=day(18), reverses="R1"),
        invoiced("I2", bill("1", 10), kind="credit", corrects="I1", at=day(18)),
    ]
    return steps[: draw(st.integers(1, len(steps)))]


@st.composite
def happenings(draw: st.DrawFn) -> list[Fact]:
    """The facts of one order, or of two that share ship notices, receipts and invoices."""
    shared = draw(st.booleans())
    facts = [draw(orders())] + ([draw(orders().map(of_second))] if shared else [])
    if draw(st.booleans()):
        facts += draw(straight())
    told = [answers(), changes(), movements(BOTH if shared else ()), movements(), others()]
    if shared:
        told += [answers().map(of_second), changes().map(of_second), movements(BOTH), movements(BOTH)]
    facts += draw(st.lists(st.one_of(*told), min_size=2, max_size=8))
    facts += map(again, draw(st.lists(st.sampled_from(facts), max_size=2)))
    return one_each(facts)


# How it is told


def _renamed(reference: Json, naming: str) -> Json:
    if naming == "bare":
        return {name: value for name, value in reference.items() if name != "issuer"}
    return reference if naming == "as it is" else reference | {"issuer": NORTHGATE, "system": naming}


@st.composite
def untidied(draw: st.DrawFn, sent: Json, namings: tuple[str, ...]) -> Json:
    """An event whose references are as senders write them."""
    data, naming = dict(sent["data"]), draw(st.sampled_from(namings))
    loose = sent["type"] in ("goods.received", "invoice.received") and draw(st.integers(0, 3)) == 0
    if loose or (sent["type"] == "shipment.notified" and "bill_of_lading" not in data):
        data["bill_of_lading"] = draw(st.sampled_from(["", "B1", "B2"]))
    if loose:
        data["shipment"] = draw(st.sampled_from(["N1", "N2"]))
        data.pop("order", None)
        data["lines"] = [{k: v for k, v in own.items() if k != "order"} for own in data.get("lines", ())]
    if "order" in data:
        data["order"] = _renamed(data["order"], naming)
    if "lines" in data:
        data["lines"] = [
            own | {"order": _renamed(own["order"], naming)} if own.get("order") else own
            for own in data["lines"]
        ]
    if "SAP1" in namings:  # whose of two orders it is, its supplier or its place may tell
        data |= draw(st.sampled_from([{}, {}, {"supplier": BEST}, {"ship_to": HOUSTON}]))
    return sent | {"data": data}


@st.composite
def statuses(draw: st.DrawFn) -> Told:
    """A carrier's word on a bill of lading, perhaps with a ship notice's number; it knows no order."""
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
    quantity, number = draw(st.sampled_from([25, 60, 100])), draw(st.sampled_from(["R1", "N2", "W1"]))
    order = draw(st.sampled_from([own.number for own in (PO, *BOTH)]))
    advice = transaction(
        "944",
        f"W17*F*202611{draw(st.integers(9, 17)):02}*{number}*{order}",
        "N1*WH*Dallas DC*91*DAL",
        f"W07*{quantity}*CA**BP*SKU-1042",
        f"W14*{quantity}",
    )
    return [
        Told(
            "wms",
            interchange(advice, group="RE", sender="DALLASWMS", receiver="NORTHGATE", control=control),
        )
        for control in draw(st.sampled_from([(1,), (1,), (1, 2)]))
    ]


@st.composite
def untidy_lives(draw: st.DrawFn) -> Life:
    """Everything that is told of one order, or of two that share documents."""
    namings = draw(st.sampled_from(WAYS_OF_NAMING))
    told = [Told(own.witness, draw(untidied(event_of(own), namings))) for own in draw(happenings())]
    told += draw(st.lists(statuses(), max_size=2))
    told += draw(st.one_of(st.just([]), stock_advices()))
    given = st.sampled_from(["", "", "X1"]) if draw(st.integers(0, 5)) == 0 else st.just("")
    named = [
        own
        if isinstance(own.sent, bytes)
        else Told(own.witness, own.sent | {"id": f"event {number}", "correlationid": draw(given)})
        for number, own in enumerate(told)
    ]
    return Life(tuple(named), draw(st.sampled_from(SETTINGS)))
