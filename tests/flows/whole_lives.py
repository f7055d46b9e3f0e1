"""Hypothesis strategies for whole lives of orders, as untidy as the world is.

`LIVES` are of one order, `SHARED_LIVES` of two that share ship notices, receipts and invoices. Both are
lists of facts; `event_of` makes of each the CloudEvent by which it would have come (and `fact.witness` says
by what kind of system), so that the same lives can be sent through the whole pipeline.
"""

from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import strategies as st
from lives import (
    PO,
    SECOND,
    SKU,
    answer_line,
    answered,
    bill,
    change,
    changed,
    closed,
    day,
    fact,
    invoiced,
    order_line,
    part,
    placed,
    receipt,
    received,
    ship,
    shipped,
    wanted,
)
from msgspec import structs

from visibility.canonical.documents import Item, OrderRef, OrderReleased, TransportStatus
from visibility.canonical.keys import orders_of
from visibility.flows.state import Fact

STRANGER = Item(buyer="SKU-X", gtin="00099999999999")
LINES = st.sampled_from(
    [
        ("1", SKU),
        ("2", SECOND),
        ("", SKU),
        ("", SECOND),
        ("1", Item()),
        ("", Item()),
        ("1", SECOND),
        ("9", STRANGER),
    ]
)
QUANTITIES = st.sampled_from([0, 10, 25, 40, 60, 100, 120])
UNITS = st.sampled_from(["CA", "CA", "EA", "", "PL"])
DAYS = st.integers(2, 25)
PURPOSES = st.sampled_from(["original"] * 5 + ["cancel", "replace", "duplicate", "confirm"])
CLASSES = st.sampled_from(["accepted", "accepted", "accepted", "backordered", "held", "rejected", "deleted"])
BASES = st.sampled_from(["ship", "dock", "unstated"])


@st.composite
def parts(draw):
    quantity = draw(st.one_of(st.none(), QUANTITIES))
    when = draw(st.one_of(st.none(), DAYS))
    rest = draw(st.sampled_from([None, None, None, "backordered"]))
    return part(
        draw(CLASSES),
        quantity,
        unit=draw(UNITS),
        date=None if when is None else day(when).date(),
        basis=draw(BASES),
        rest=rest,
        code=draw(st.sampled_from(["", "IA", "IQ"])),
    )


@st.composite
def orders(draw):
    lines = [order_line("1", draw(QUANTITIES), requests=(wanted(draw(DAYS), basis=draw(BASES)),))]
    if draw(st.booleans()):
        lines.append(
            order_line("2", draw(QUANTITIES), item=SECOND, price=draw(st.sampled_from([None, "3.10"])))
        )
    return placed(
        *lines,
        at=day(draw(st.integers(2, 6))),
        witness=draw(st.sampled_from(["edi", "erp"])),
        purpose=draw(st.sampled_from(["original"] * 6 + ["cancel", "replace", "change", "duplicate"])),
        kind=draw(st.sampled_from(["stand_alone", "drop_ship", "consignment"])),
    )


@st.composite
def answers(draw):
    lines = []
    for number, item in draw(st.lists(LINES, max_size=3)):
        told = draw(st.lists(parts(), max_size=3))
        price = draw(st.sampled_from([None, Decimal("34.56"), Decimal(36)]))
        lines.append(answer_line(number, *told, item=item, unit=draw(UNITS), price=price))
    at = day(draw(DAYS))
    return answered(
        *lines,
        at=at,
        version=draw(st.sampled_from(["A|", "B|", ""])),
        control=draw(st.sampled_from(["", "1", "2"])),
        coverage=draw(st.sampled_from(["detail", "detail", "exceptions", "accepted", "rejected", "held"])),
        purpose=draw(PURPOSES),
        change=draw(st.sampled_from(["", "", "1", "2"])),
    )


NUMBERS = st.sampled_from(["N1", "N2", "N3", ""])
NAMED = st.sampled_from(["", "", "", "N1", "N2", "N9"])
"""What a document says it replaces, reverses or corrects; mostly nothing."""


@st.composite
def movements(draw, orders=()):
    """A ship notice, receipt, invoice or credit note; of `orders`, where several share it."""
    lines = draw(st.lists(LINES, min_size=1, max_size=3))
    kind = draw(st.sampled_from(["ship", "receipt", "bill", "credit"]))
    at, purpose, number, named = day(draw(DAYS)), draw(PURPOSES), draw(NUMBERS), draw(NAMED)
    head = {"order": draw(st.sampled_from([None, *orders]))} if orders else {}

    def told(make, **more):
        return [
            make(
                name,
                draw(QUANTITIES),
                item=item,
                unit=draw(UNITS),
                order=draw(st.sampled_from(orders)) if orders else None,
                **more,
            )
            for name, item in lines
        ]

    if kind == "ship":
        witness = draw(st.sampled_from(["edi", "tms", "portal"]))
        return shipped(number, *told(ship), at=at, purpose=purpose, witness=witness, replaces=named, **head)
    if kind == "receipt":
        witness = draw(st.sampled_from(["wms", "erp", "phone"]))
        if named and not orders and draw(st.booleans()):
            lines = []
        return received(
            number, *told(receipt), at=at, purpose=purpose, witness=witness, reverses=named, **head
        )
    adjusts = draw(st.sampled_from(["quantity", "quantity", "price"])) if kind == "credit" else "quantity"
    return invoiced(
        number,
        *told(bill, adjusts=adjusts),
        at=at,
        purpose=purpose,
        kind="credit" if kind == "credit" else "invoice",
        corrects=named,
        witness=draw(st.sampled_from(["edi", "erp"])),
        **head,
    )


@st.composite
def changes(draw):
    number, item = draw(LINES)
    told = change(
        number,
        draw(st.one_of(st.none(), QUANTITIES)),
        draw(st.sampled_from(["change", "change", "add", "delete", "replace"])),
        item=item,
        delta=draw(st.sampled_from([None, None, Decimal(20), Decimal(-20)])),
    )
    return changed(
        told,
        at=day(draw(DAYS)),
        witness=draw(st.sampled_from(["erp", "edi"])),
        version=draw(st.sampled_from(["", "1", "2"])),
        purpose=draw(st.sampled_from(["original", "change", "change", "cancel", "replace"])),
        whole=draw(st.sampled_from([False, False, False, True])),
    )


@st.composite
def others(draw):
    at = day(draw(DAYS))
    purpose = draw(st.sampled_from(["original", "original", "cancel", "replace"]))
    word = draw(st.sampled_from(["closed", "reopened", "released", "arrived", "delayed"]))
    if word in ("closed", "reopened"):
        told = closed("1", at=at, reopened=word == "reopened")
        return fact(structs.replace(told.document, purpose=purpose), witness="desk")
    if word == "released":
        return fact(OrderReleased(order=PO, released_at=at, issued_at=at, purpose=purpose), witness="erp")
    about = {"shipment": "N1"} if word == "arrived" else {"order": PO, "estimated_at": day(27)}
    return fact(
        TransportStatus(status=word, occurred_at=at, issued_at=at, purpose=purpose, **about), witness="tms"
    )


def one_each(facts: list[Fact]) -> list[Fact]:
    """A fact's identity stands for one content: the ledger holds it once."""
    return list({each.id: each for each in facts}.values())


LIVES = st.lists(
    st.one_of(orders(), answers(), movements(), movements(), changes(), others()), min_size=1, max_size=9
).map(one_each)


# Two orders that share documents

SECOND_PO = OrderRef(number="4500002", issuer="ZZ:NORTHGATE")
BOTH = (PO, SECOND_PO)


def again(told: Fact) -> Fact:
    """The same document, sent once more under another envelope."""
    return fact(told.document, witness=told.witness, envelope_at=told.envelope_at, control="000000099")


def of_second(told: Fact) -> Fact:
    """The same, said of the second order."""
    document = structs.replace(told.document, order=SECOND_PO)
    return fact(document, witness=told.witness, envelope_at=told.envelope_at, control=told.control)


def facts_of(facts: list[Fact], order: OrderRef) -> list[Fact]:
    """The facts that name an order, as its flow would be told them."""
    return [each for each in facts if any(named.number == order.number for named in orders_of(each.document))]


SHARED_LIVES = st.tuples(
    orders(),
    orders().map(of_second),
    st.lists(
        st.one_of(
            answers(),
            answers().map(of_second),
            changes(),
            changes().map(of_second),
            movements(BOTH),
            movements(BOTH),
            movements(BOTH),
        ),
        min_size=1,
        max_size=8,
    ),
    st.integers(0, 3),
).map(lambda told: one_each([told[0], told[1], *told[2], *map(again, told[2][: told[3]])]))


# As they would be sent


def event_of(told: Fact) -> dict[str, Any]:
    """The CloudEvent that tells a fact. Its id is the fact's, so that telling it twice is telling it once."""
    document = told.document
    return {
        "specversion": "1.0",
        "id": str(told.id),
        "source": f"/lives/{told.witness}",
        "type": type(document).__struct_config__.tag,
        **({"time": told.envelope_at.isoformat()} if told.envelope_at else {}),
        "data": msgspec.to_builtins(document),
    }
