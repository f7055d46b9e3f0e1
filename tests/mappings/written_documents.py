"""Canonical documents as they may be written and read back: odd texts, many lines, dates, decimals.

A World says what a syntax and a release have room for. Only what the wire can say is drawn: who the envelope
names comes first among a party's ids, the order's numbering is the sender's, and so on.
"""

import datetime as dt
import string
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

from visibility.canonical.documents import (
    Allowance,
    Component,
    Destination,
    GoodsReceived,
    Item,
    Line,
    LineChange,
    OrderChanged,
    OrderLine,
    OrderPlaced,
    OrderRef,
    Party,
    ReceiptLine,
    RelatedOrder,
    Schedule,
    WarehouseOrder,
)
from visibility.canonical.quantities import UnitScheme

SENDER, RECEIVER = "NORTHGATE", "ACMEIND"
US, THEM = f"ZZ:{SENDER}", f"ZZ:{RECEIVER}"
MOMENT = dt.datetime(2026, 3, 2, 9, 15, tzinfo=dt.UTC)
_LETTERS = string.ascii_letters + string.digits + " .,-/&()%#@+':*~^|>!?\\\"äéßØñ"
_BEYOND_LATIN = "ŁЖ漢€"


@dataclass(frozen=True)
class World:
    """What fits where. `taken`: separators, which no value may hold."""

    units: UnitScheme
    codes: tuple[str, ...]
    kinds: tuple[str, ...]
    qualifiers: tuple[str, ...]
    taken: str = ""
    latin: bool = False
    line: int = 20
    name: int = 60
    item: int = 48
    number: int = 22
    party: int = 80
    description: int = 80
    digits: int = 9
    order_release: bool = True
    notes: bool = True

    def text(self, longest: int, least: int = 1) -> st.SearchStrategy[str]:
        """A text that no reader trims, and that is nothing else in another character set."""
        letters = _LETTERS if self.latin else _LETTERS + _BEYOND_LATIN
        alphabet = sorted(set(letters) - set(self.taken))
        drawn = st.text(alphabet, min_size=least, max_size=longest)
        return drawn.map(str.strip).filter(lambda text: len(text) >= least and _plain(text))

    def maybe(self, longest: int) -> st.SearchStrategy[str]:
        return st.just("") | self.text(longest)


def _plain(text: str) -> bool:
    """Whether its latin-1 bytes are not UTF-8 too: nobody could tell which was meant."""
    try:
        return text.isascii() or not text.encode("latin-1").decode()
    except UnicodeError:
        return True


def amounts(places: int = 3, digits: int = 9) -> st.SearchStrategy[Decimal]:
    """Decimals above zero, of so many digits and places."""
    return st.integers(1, 10**digits - 1).map(lambda n: Decimal(n).scaleb(-places))


def days() -> st.SearchStrategy[dt.date]:
    return st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))


def moments() -> st.SearchStrategy[dt.datetime]:
    return st.builds(
        lambda day, seconds: dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(seconds=seconds),
        days(),
        st.integers(0, 86_399),
    )


@st.composite
def parties(draw: st.DrawFn, world: World, first: str = "") -> Party:
    known = draw(st.booleans())
    own = f"{draw(st.sampled_from(world.qualifiers))}:{draw(world.text(world.party, 2))}" if known else ""
    ids = tuple(one for one in (first, own) if one)
    return Party(ids=ids, name=draw(world.maybe(world.name)))


@st.composite
def items(draw: st.DrawFn, world: World) -> Item:
    gtin = st.just("") | st.integers(0, 10**14 - 1).map(lambda n: f"{n:014d}")
    return Item(
        buyer=draw(world.maybe(world.item)),
        vendor=draw(world.maybe(world.item)),
        gtin=draw(gtin),
        description=draw(world.maybe(world.description)),
    )


def allowances(world: World) -> st.SearchStrategy[tuple[Allowance, ...]]:
    code = (
        st.sampled_from(("", "C310", "D240")) if world.units == "x12" else st.sampled_from(("", "FC", "DI"))
    )
    one = st.builds(
        Allowance,
        kind=st.sampled_from(("allowance", "charge")),
        amount=amounts(2),
        percent=st.none() | amounts(2, 4),
        rate=st.none() | amounts(3, 7),
        code=code,
        description=world.maybe(35),
    )
    return st.lists(one, max_size=2).map(tuple)


@st.composite
def requests(draw: st.DrawFn) -> tuple[Schedule, ...]:
    if draw(st.booleans()):
        bases = draw(st.sampled_from(((), ("dock",), ("ship",), ("dock", "ship"))))
        return tuple(Schedule(date=draw(days()), basis=basis) for basis in bases)
    one = st.builds(Schedule, quantity=amounts(), date=days(), basis=st.sampled_from(("dock", "ship")))
    return tuple(draw(st.lists(one, max_size=4)))


@st.composite
def prices(draw: st.DrawFn, world: World) -> dict[str, object]:
    """A price for one, for a hundred, or for so many of another unit."""
    if draw(st.booleans()):
        return {"price": None}
    per = draw(st.sampled_from((Decimal(1), Decimal(100), Decimal(1000), Decimal(12))))
    unit = draw(st.sampled_from(world.codes)) if per == 12 else ""
    return {"price": draw(amounts(4)), "price_per": per, "price_unit": unit}


@st.composite
def destinations(draw: st.DrawFn, world: World) -> tuple[Destination, ...]:
    place = st.builds(
        lambda qualifier, value: Party(ids=(f"{qualifier}:{value}",)),
        st.sampled_from(world.qualifiers),
        world.text(min(world.party, 17), 2),
    )
    one = st.builds(Destination, place=place, quantity=amounts())
    return tuple(draw(st.lists(one, max_size=12)))


@st.composite
def order_lines(draw: st.DrawFn, world: World, number: int, *, components: bool = True) -> dict[str, object]:
    part = st.builds(Component, item=items(world), quantity=amounts(), unit=st.sampled_from(world.codes))
    return {
        "line": draw(
            st.just(str(number)) | world.text(min(4, world.line)).map(lambda text: f"{number}{text}")
        ),
        "item": draw(items(world)),
        "quantity": draw(amounts()),
        "unit": draw(st.sampled_from(world.codes)),
        "requests": draw(requests()),
        "destinations": draw(destinations(world)),
        "components": tuple(draw(st.lists(part, max_size=2))) if components else (),
        "allowances": draw(allowances(world)),
        **draw(prices(world)),
    }


def notes(world: World) -> st.SearchStrategy[str]:
    if not world.notes:
        return st.just("")
    return st.lists(world.text(120), max_size=3, unique=True).map("\n".join)


@st.composite
def orders(draw: st.DrawFn, world: World) -> OrderPlaced:
    kind = draw(st.sampled_from(world.kinds))
    number = draw(world.text(world.number))
    release = draw(world.text(10)) if kind == "release" and world.order_release else ""
    blanket = number if release else draw(world.maybe(20))
    related = []
    if blanket and (release or blanket != number):
        related.append(RelatedOrder(order=OrderRef(number=blanket, issuer=US), relation="blanket"))
    customer = draw(world.maybe(20)) if kind == "drop_ship" else ""
    if customer:
        order = OrderRef(number=customer, issuer=US, scheme="so")
        related.append(RelatedOrder(order=order, relation="customer"))
    day = draw(days())
    count = draw(st.integers(0, 4))
    return OrderPlaced(
        order=OrderRef(number=number, release=release, issuer=US),
        purpose=draw(st.sampled_from(("original", "cancel", "change", "replace", "confirm", "duplicate"))),
        issued_at=dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC),
        buyer=draw(parties(world, US)),
        supplier=draw(parties(world, THEM)),
        ship_to=draw(parties(world)),
        units=world.units,
        note=draw(notes(world)),
        kind=kind,
        ordered_on=day,
        released_at=MOMENT,
        answer_due_at=draw(st.none() | moments()) if world.units == "x12" else None,
        currency=draw(st.sampled_from(("", "USD", "EUR"))),
        related=tuple(related),
        allowances=draw(allowances(world)),
        lines=tuple(OrderLine(**draw(order_lines(world, number))) for number in range(1, count + 1)),  # type: ignore[arg-type]
    )


@st.composite
def changes(draw: st.DrawFn, world: World) -> OrderChanged:
    whole = draw(st.booleans())
    lines = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        op = draw(
            st.sampled_from(("add", "delete", "replace") if whole else ("add", "delete", "change", "replace"))
        )
        told = draw(order_lines(world, number, components=world.units == "x12"))
        if op == "delete":
            told = {"line": told["line"], "item": told["item"]}
        lines.append(LineChange(op=op, **told))  # type: ignore[arg-type]
    day = draw(days())
    return OrderChanged(
        order=OrderRef(number=draw(world.text(world.number)), issuer=US),
        purpose="original" if whole else draw(st.sampled_from(("original", "confirm", "duplicate"))),
        issued_at=dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC),
        buyer=draw(parties(world, US)),
        supplier=draw(parties(world, THEM)),
        ship_to=draw(parties(world)),
        units=world.units,
        version=f"V{draw(st.integers(1, 9999))}",
        note=draw(notes(world)),
        whole=whole,
        lines=tuple(lines),
    )


@st.composite
def receipts(draw: st.DrawFn, world: World) -> GoodsReceived:
    order = OrderRef(number=draw(world.text(world.number)), issuer=US)
    other = OrderRef(number=f"{order.number[:8]}9", issuer=US)
    lines = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        quantity = draw(amounts(3, 8))
        item = draw(items(world))
        if not (item.buyer or item.vendor or item.gtin):
            item = Item()
        lines.append(
            ReceiptLine(
                line=str(number),
                item=item,
                quantity=quantity,
                unit=draw(st.sampled_from(world.codes)),
                damaged=draw(st.none() | st.just(quantity)),
                lot=draw(world.maybe(20)),
                order=other if number > 2 and other != order else None,
            )
        )
    told_at = draw(moments())
    return GoodsReceived(
        order=order,
        purpose=draw(st.sampled_from(("original", "cancel", "replace"))),
        issued_at=told_at,
        buyer=draw(parties(world, US)),
        # Receipts name their supplier in the document alone: there the envelope's id is one like others.
        supplier=draw(parties(world) | st.just(Party(ids=(THEM,), name="Acme"))),
        ship_to=draw(parties(world)),
        units=world.units,
        number=draw(world.text(world.number)),
        received_at=draw(moments()),
        shipment=draw(world.maybe(20)),
        bill_of_lading=draw(world.maybe(20)),
        lines=tuple(lines),
    )


@st.composite
def warehouse_orders(draw: st.DrawFn, world: World) -> WarehouseOrder:
    number = draw(world.text(world.number))
    short = World(**{**world.__dict__, "description": 45})
    lines = [
        Line(
            line=draw(world.maybe(world.line)),
            item=draw(items(short)),
            quantity=draw(amounts(digits=world.digits)),
            unit=draw(st.sampled_from(world.codes)),
        )
        for _ in range(draw(st.integers(1, 4)))
    ]
    return WarehouseOrder(
        order=OrderRef(number=number, issuer=US, scheme="so"),
        purpose=draw(st.sampled_from(("original", "cancel", "change", "replace"))),
        buyer=draw(parties(world, US)),
        supplier=draw(parties(world, THEM)),
        ship_to=draw(parties(world)),
        note=" ".join(draw(world.maybe(200)).split()),
        number=number,
        customer_order=draw(world.maybe(22)),
        shipment=draw(world.maybe(20)),
        carrier=draw(st.sampled_from(("", "ABFS", "by ferry"))),
        ship_on=draw(st.none() | days()),
        deliver_on=draw(st.none() | days()),
        lines=tuple(lines),
    )
