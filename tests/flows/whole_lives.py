"""Hypothesis strategies for whole lives of one order, as untidy as the world is."""

from decimal import Decimal

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

from visibility.canonical.documents import Item, OrderReleased, TransportStatus
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
    )


@st.composite
def movements(draw):
    lines = draw(st.lists(LINES, min_size=1, max_size=3))
    kind = draw(st.sampled_from(["ship", "receipt", "bill", "credit"]))
    at, purpose = day(draw(DAYS)), draw(PURPOSES)
    number = draw(st.sampled_from(["N1", "N2", "N3", ""]))
    if kind == "ship":
        told = [ship(name, draw(QUANTITIES), item=item, unit=draw(UNITS)) for name, item in lines]
        return shipped(
            number, *told, at=at, purpose=purpose, witness=draw(st.sampled_from(["edi", "tms", "portal"]))
        )
    if kind == "receipt":
        told = [receipt(name, draw(QUANTITIES), item=item, unit=draw(UNITS)) for name, item in lines]
        return received(
            number, *told, at=at, purpose=purpose, witness=draw(st.sampled_from(["wms", "erp", "phone"]))
        )
    bills = [bill(name, draw(QUANTITIES), item=item, unit=draw(UNITS)) for name, item in lines]
    return invoiced(
        number,
        *bills,
        at=at,
        purpose=purpose,
        kind="credit" if kind == "credit" else "invoice",
        witness=draw(st.sampled_from(["edi", "erp"])),
    )


@st.composite
def changes(draw):
    number, item = draw(LINES)
    told = change(
        number,
        draw(st.one_of(st.none(), QUANTITIES)),
        draw(st.sampled_from(["change", "add", "delete"])),
        item=item,
    )
    return changed(
        told,
        at=day(draw(DAYS)),
        witness=draw(st.sampled_from(["erp", "edi"])),
        version=draw(st.sampled_from(["", "1", "2"])),
    )


@st.composite
def others(draw):
    at = day(draw(DAYS))
    return draw(
        st.sampled_from(
            [
                closed("1", at=at),
                closed("1", at=at, reopened=True),
                fact(OrderReleased(order=PO, released_at=at), witness="erp"),
                fact(TransportStatus(shipment="N1", status="arrived", occurred_at=at), witness="tms"),
                fact(
                    TransportStatus(order=PO, status="delayed", occurred_at=at, estimated_at=day(27)),
                    witness="tms",
                ),
            ]
        )
    )


def one_each(facts: list[Fact]) -> list[Fact]:
    """A fact's identity stands for one content: the ledger holds it once."""
    return list({each.id: each for each in facts}.values())


LIVES = st.lists(
    st.one_of(orders(), answers(), movements(), movements(), changes(), others()), min_size=1, max_size=9
).map(one_each)
