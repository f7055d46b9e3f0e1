"""Who orders what, from whom, when: the orders of a scenario before anything has happened to them."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from integrations.sandbox import headline, kinds
from integrations.sandbox.company import (
    ITEM_BY_SKU,
    ITEMS_OF,
    PLACE_BY_CODE,
    PLACES,
    SUPPLIER_BY_CODE,
    SUPPLIERS,
    UNKNOWN_ITEM,
    Item,
    Place,
    Supplier,
)
from integrations.sandbox.facts import Order, OrderLine
from integrations.sandbox.hours import DAY, WorkingHours, working_date
from integrations.sandbox.kinds import Kind

HEADLINE_NUMBER = 4500018277
"""The number of the first story's order, whatever the seed; the others are counted from it."""


@dataclass(frozen=True, slots=True)
class Story:
    """An order told on purpose: its lines (SKU, quantity), the line in focus first, and what was answered."""

    kind: Kind
    supplier: str
    place: str
    lines: tuple[tuple[str, int], ...]
    answered: int | None = None


STORIES: tuple[Story, ...] = (
    Story(kinds.HEADLINE, "ACME", "DAL", headline.LINES),
    Story(kinds.SHORT, "VIREO", "RNO", (("SKU-2207", 400), ("SKU-2219", 48), ("SKU-2210", 120)), 260),
    Story(kinds.SHORT, "DUNMORE", "DAL", (("SKU-4415", 60), ("SKU-4402", 4)), 36),
    Story(kinds.REJECTED, "KESTREL", "CMH", (("SKU-3310", 48), ("SKU-3302", 12))),
    Story(kinds.SUBSTITUTED, "HARLOW", "SAV", (("SKU-5120", 96), ("SKU-5108", 240), ("SKU-5112", 12))),
    Story(kinds.OVER_CONFIRMED, "HARLOW", "CMH", (("SKU-5104", 240), ("SKU-5133", 8)), 258),
    Story(kinds.LINE_UNANSWERED, "DUNMORE", "RNO", (("SKU-4431", 20), ("SKU-4420", 6), ("SKU-4436", 40))),
    Story(kinds.UNKNOWN_ITEM, "ACME", "ATL", ((UNKNOWN_ITEM.sku, 24), ("SKU-1044", 20))),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planned:
    """An order and its place in working time: released at `released` seconds, wanted on working day `dock`.

    `answered`: what the answer must say of the focus line, where a story says so.
    `convoy`: orders with the same one above zero travel together.
    """

    order: Order
    released: int
    dock: int
    answered: Decimal | None
    convoy: int


@dataclass(frozen=True, slots=True)
class _Sketch:
    kind: Kind
    supplier: Supplier
    place: Place
    lines: tuple[tuple[Item, int], ...]
    focus: int
    released: int
    dock: int
    answered: int | None = None
    convoy: int = 0


def plan(*, rng: Random, orders: int, hours: WorkingHours, anchor: int) -> list[Planned]:
    """`orders` orders, oldest first; `anchor` in working seconds is the present."""
    stories = list(STORIES)
    sketches: list[_Sketch] = []
    travellers = 0
    for kind in kinds.mix(orders):
        story = next((s for s in stories if s.kind is kind), None)
        if story is not None:
            stories.remove(story)
            sketches.append(_from_story(rng, story, anchor))
        elif kind is kinds.ONE_SHIPMENT:
            travellers += 1
            leader = sketches[-1] if travellers % 3 != 1 else None
            sketches.append(_travelling(rng, leader, (travellers + 2) // 3, anchor))
        else:
            sketches.append(_sketch(rng, kind, anchor))
    sketches.sort(key=lambda sketch: sketch.released)
    position = next((i for i, sketch in enumerate(sketches) if sketch.kind is kinds.HEADLINE), 0)
    first = HEADLINE_NUMBER - position
    return [_planned(sketch, str(first + i), hours) for i, sketch in enumerate(sketches)]


def _sketch(rng: Random, kind: Kind, anchor: int) -> _Sketch:
    supplier = rng.choice([supplier for supplier in SUPPLIERS if _can_show(supplier, kind)])
    place = rng.choice(PLACES)
    items = rng.sample(ITEMS_OF[supplier.code], _line_count(rng, kind))
    focus = rng.randrange(len(items))
    if kind is kinds.UNKNOWN_ITEM:
        items[focus] = UNKNOWN_ITEM
    lines = tuple((item, item.lot * rng.randint(5, 25)) for item in items)
    released, dock = _place_in_time(rng, kind, supplier, anchor)
    return _Sketch(kind, supplier, place, lines, focus, released, dock)


def _can_show(supplier: Supplier, kind: Kind) -> bool:
    """Whether the kind shows, and shows alone, with that supplier's habits."""
    if kind.supplier:
        return supplier.code == kind.supplier
    if kind is kinds.LATE:
        # A promised ship date is late only for those who know how long the road is.
        return supplier.promises == "067"
    if kind is kinds.RECEIVED_SHORT:
        # Who bills before the goods are counted would bill too much as well.
        return supplier.bills == "on delivery"
    if kind is kinds.NOT_RECEIVED:
        return supplier.bills != "on delivery"
    return True


def _line_count(rng: Random, kind: Kind) -> int:
    if kind is kinds.ORDER_REJECTED:
        return 2
    least = 2 if kind in (kinds.LINE_UNANSWERED, kinds.REJECTED, kinds.TWO_SHIPMENTS) else 1
    return max(least, rng.choices((1, 2, 3, 4, 5, 6), (22, 26, 22, 15, 9, 6))[0])


def _from_story(rng: Random, story: Story, anchor: int) -> _Sketch:
    supplier = SUPPLIER_BY_CODE[story.supplier]
    if story.kind is kinds.HEADLINE:
        released, dock = headline.planned_for(anchor)
    else:
        released, dock = _place_in_time(rng, story.kind, supplier, anchor)
    lines = tuple((ITEM_BY_SKU[sku], quantity) for sku, quantity in story.lines)
    place = PLACE_BY_CODE[story.place]
    return _Sketch(story.kind, supplier, place, lines, 0, released, dock, answered=story.answered)


def _travelling(rng: Random, leader: _Sketch | None, convoy: int, anchor: int) -> _Sketch:
    """An order that shares its truck: the same supplier, place and date as its leader, minutes later."""
    own = _sketch(rng, kinds.ONE_SHIPMENT, anchor)
    if leader is None:
        return _Sketch(
            own.kind, own.supplier, own.place, own.lines, own.focus, own.released, own.dock, convoy=convoy
        )
    items = rng.sample(ITEMS_OF[leader.supplier.code], 2)
    lines = tuple((item, item.lot * rng.randint(5, 25)) for item in items)
    released = leader.released + rng.randint(60, 300)
    return _Sketch(leader.kind, leader.supplier, leader.place, lines, 0, released, leader.dock, convoy=convoy)


def _place_in_time(rng: Random, kind: Kind, supplier: Supplier, anchor: int) -> tuple[int, int]:
    """When the order is released (working seconds) and the working day it is wanted on the dock."""
    lead = supplier.lead_days + rng.randint(0, 2)
    age = rng.uniform(*kind.ago)
    if kind.since == "shipped":
        age += lead - supplier.ship_days
    elif kind.since == "docked":
        age += lead
    released = anchor - round(age * DAY)
    return released, released // DAY + lead


def _planned(sketch: _Sketch, number: str, hours: WorkingHours) -> Planned:
    lines = tuple(
        OrderLine(10 * (index + 1), item, Decimal(quantity), item.list_price)
        for index, (item, quantity) in enumerate(sketch.lines)
    )
    order = Order(
        number=number,
        kind=sketch.kind,
        supplier=sketch.supplier,
        ship_to=sketch.place,
        released_at=hours.moment(sketch.released),
        requested_on=working_date(sketch.dock),
        lines=lines,
        focus=lines[sketch.focus],
    )
    answered = None if sketch.answered is None else Decimal(sketch.answered)
    return Planned(order, sketch.released, sketch.dock, answered, sketch.convoy)
