"""How well an order fits a document that names none, and why. Pure; `candidates.py` reads what to compare.

The score says how much of what can be compared agrees. Each part is worth its weight where both sides say
something of it, and nothing where one is silent; too little to compare gives no high score.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from visibility.canonical.keys import normalise
from visibility.pipeline.likeness import Likeness, likeness

SUPPLIER, ITEMS, QUANTITIES, SHIP_TO, DATE = 25, 25, 15, 10, 10
LEAST = 70
"""What is compared counts as at least so much, so that one agreement alone is no certainty."""
SHOWN = 35
"""Below this score an order is not suggested."""

NUMBER: dict[Likeness, int] = {"same": 30, "spelled": 24, "swapped": 18, "one_off": 10}
SCHEMES = {
    "po": "order",
    "so": "sales order",
    "transfer": "transfer",
    "rma": "return",
    "asn": "ASN",
    "bol": "bill of lading",
    "tracking": "tracking number",
    "sscc": "carton",
    "supplier_order": "supplier's order",
    "receipt": "receipt",
    "invoice": "invoice",
    "note": "note",
}
FITS = Decimal("0.7")
"""Of the weight of a quantity that is within what is open, and not exactly it."""
CLOSE = ((2, 10), (7, 7), (30, 3))
"""Up to so many days apart: so much of the weight of the date."""


@dataclass(frozen=True, slots=True)
class Party:
    """A supplier or place: its record's id, and its name where it has none."""

    id: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Goods:
    """So much of an item; `codes` are all it is known by."""

    codes: frozenset[str]
    quantity: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A number by its scheme (asn, bol, po …)."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Paper:
    """What a document says that names no order."""

    supplier: Party = Party()
    ship_to: Party = Party()
    goods: tuple[Goods, ...] = ()
    numbers: tuple[Number, ...] = ()
    day: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What an order says of the same. `goods`: what is open of the items that the document names too;
    `days`: ("wanted" or "promised", when)."""

    supplier: Party = Party()
    ship_to: Party = Party()
    goods: tuple[Goods, ...] = ()
    numbers: tuple[Number, ...] = ()
    days: tuple[tuple[str, dt.date], ...] = ()
    ordered_on: dt.date | None = None
    has_lines: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing compared: how much of its weight agrees, in words."""

    weight: Decimal
    got: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Fit:
    """How well an order fits, 0 to 100; what speaks for it, the weightiest first, and what against."""

    score: int
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    common: tuple[str, ...] = ()
    """The codes of the items that both name."""


def fit(paper: Paper, order: Order) -> Fit:
    """Compare a document with an order."""
    found = [
        evidence
        for compare in _COMPARISONS
        for evidence in [compare(paper, order)]
        if evidence is not None and evidence.text
    ]
    possible = sum((each.weight for each in found), Decimal(0))
    got = sum((each.got for each in found), Decimal(0))
    best = sorted((each for each in found if each.got), key=lambda each: (-each.got, each.text))
    return Fit(
        score=int((100 * got / max(possible, Decimal(LEAST))).to_integral_value()),
        reasons=tuple(each.text for each in best),
        against=tuple(each.text for each in found if not each.got),
        common=tuple(
            sorted({code for _, lines in _pairs(paper, order) for line in lines for code in line.codes})
        ),
    )


def same_party(one: Party, other: Party) -> bool | None:
    """Whether two are the same; None where one of them is not told."""
    if one.id is not None and other.id is not None:
        return one.id == other.id
    if one.name.strip() and other.name.strip():
        return normalise(one.name) == normalise(other.name)
    return None


def _supplier(paper: Paper, order: Order) -> Evidence | None:
    return _party(same_party(paper.supplier, order.supplier), SUPPLIER, "supplier")


def _ship_to(paper: Paper, order: Order) -> Evidence | None:
    return _party(same_party(paper.ship_to, order.ship_to), SHIP_TO, "ship-to")


def _party(same: bool | None, weight: int, word: str) -> Evidence | None:
    if same is None:
        return None
    return Evidence(
        Decimal(weight), Decimal(weight if same else 0), f"{'same' if same else 'another'} {word}"
    )


def _items(paper: Paper, order: Order) -> Evidence | None:
    if not paper.goods or not (order.goods or order.has_lines):
        return None
    said, count = len(paper.goods), len(_pairs(paper, order))
    if not count:
        text = "the item is not on it" if said == 1 else f"none of the {said} items is on it"
    elif count < said:
        text = f"{count} of {said} items"
    else:
        text = "same item" if said == 1 else "same items"
    return Evidence(Decimal(ITEMS), Decimal(ITEMS) * count / said, text)


def _pairs(paper: Paper, order: Order) -> list[tuple[Goods, list[Goods]]]:
    """What the document says of an item, with the order's lines of it."""
    pairs = [(own, [line for line in order.goods if line.codes & own.codes]) for own in paper.goods]
    return [(own, lines) for own, lines in pairs if lines]


def _quantities(paper: Paper, order: Order) -> Evidence | None:
    shares: list[Decimal] = []
    for own, lines in _pairs(paper, order):
        known = [line.quantity for line in lines if line.unit == own.unit and line.quantity is not None]
        if own.quantity is None or not known:
            continue
        is_open = sum(known, Decimal(0))
        exact = own.quantity == is_open and is_open > 0
        shares.append(Decimal(1) if exact else FITS if own.quantity < is_open else Decimal(0))
    if not shares:
        return None
    share = sum(shares, Decimal(0)) / len(shares)
    if min(shares) == 1:
        text = "exactly what is open"
    elif min(shares) > 0:
        text = "within what is open"
    else:
        text = "more than is open" if not share else "partly within what is open"
    return Evidence(Decimal(QUANTITIES), QUANTITIES * share, text)


def _date(paper: Paper, order: Order) -> Evidence | None:
    if paper.day is None or not order.days:
        return None
    if order.ordered_on is not None and paper.day < order.ordered_on:
        return Evidence(Decimal(DATE), Decimal(0), "dated before the order")
    word, nearest = min(order.days, key=lambda day: (abs((day[1] - paper.day).days), day))  # type: ignore[operator]  # not None here
    apart = abs((nearest - paper.day).days)
    side = "before" if paper.day < nearest else "after"
    text = f"{apart} {'day' if apart == 1 else 'days'} {side} it is {word}" if apart else f"on the day {word}"
    got = next((points for days, points in CLOSE if apart <= days), 0)
    return Evidence(Decimal(DATE), Decimal(got), text)


def _number(paper: Paper, order: Order) -> Evidence | None:
    """The best of the numbers that are alike. That none is says nothing: the order may not know it yet."""
    found = [
        (NUMBER[how], _number_words(how, mine, theirs))
        for mine in paper.numbers
        for theirs in order.numbers
        for how in [likeness(mine.value, theirs.value)]
        if how is not None
    ]
    if not found:
        return None
    worth, text = min(found, key=lambda each: (-each[0], each[1]))
    return Evidence(Decimal(worth), Decimal(worth), text)


def _number_words(how: Likeness, mine: Number, theirs: Number) -> str:
    own, other = SCHEMES.get(mine.scheme, mine.scheme), SCHEMES.get(theirs.scheme, theirs.scheme)
    if how == "same":
        if mine.scheme == theirs.scheme:
            return f"same {own} {theirs.value}"
        return f"{own} {mine.value} is its {other}"
    slip = {
        "spelled": "otherwise spelled",
        "swapped": "two characters swapped",
        "one_off": "one character off",
    }
    return f"{own} {mine.value} is like its {other} {theirs.value}, {slip[how]}"


_COMPARISONS: tuple[Callable[[Paper, Order], Evidence | None], ...] = (
    _supplier,
    _items,
    _quantities,
    _ship_to,
    _date,
    _number,
)


def gather(goods: Iterable[Goods]) -> tuple[Goods, ...]:
    """The same item in the same unit once, with its quantities summed; unknown where one of them is."""
    summed: dict[tuple[frozenset[str], str], Decimal | None] = {}
    for each in goods:
        key = (each.codes, each.unit)
        before = summed.get(key, Decimal(0))
        summed[key] = None if before is None or each.quantity is None else before + each.quantity
    return tuple(Goods(codes, quantity, unit) for (codes, unit), quantity in summed.items() if codes)
