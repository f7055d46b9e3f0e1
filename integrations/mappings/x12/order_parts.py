"""What stands under an order's line and at its head: destinations, components, allowances, notes, totals."""

from collections.abc import Iterable
from decimal import Decimal

from integrations.mappings.x12 import codes_orders
from integrations.mappings.x12.common import read_item_codes
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.values import read_cents, read_number, read_text
from visibility.canonical.documents import Allowance, Component, Destination, Party

MAX_NOTE = 2000
_LAST_PAIR = 22
_ZERO = Decimal(0)


def first_component(reader: SetReader, element: int) -> str:
    """The first part of a composite element (C001 as a unit), as written."""
    component = reader.transaction.group.interchange.delimiters.component
    raw = reader.raw(element)
    return read_text(raw.split(component)[0]) if component and component in raw else raw


def read_unit(reader: SetReader, element: int) -> str:
    """A unit that may be a composite (C001): its first unit counts."""
    first = first_component(reader, element)
    if first != reader.raw(element):
        reader.row[element] = first
    return reader.unit(element)


def read_destinations(reader: SetReader, line_unit: str) -> list[Destination]:
    """The present SDQ: how much goes where. Nothing, with a warning, where it counts in another unit."""
    unit = reader.unit(1)
    if unit and line_unit and unit != line_unit:
        text = f"the destinations are counted in {unit}, the line in {line_unit}; they were left out"
        reader.note("warning", "destination_unit", text, 1)
        return []
    qualifier = read_text(reader.raw(2))
    found = []
    for element in range(3, min(len(reader.row), _LAST_PAIR + 1), 2):
        place = reader.identifier(element)
        quantity = reader.quantity(element + 1)
        if place:
            found.append(Destination(place=Party(ids=(f"{qualifier}:{place}",)), quantity=quantity))
        elif quantity is not None:
            text = f"{quantity} go to a place that is not named; they were left out"
            reader.note("warning", "destination_missing", text, element)
    return found


def check_destinations(reader: SetReader, destinations: Iterable[Destination], quantity: Decimal) -> None:
    """A warning at the present segment where what goes to the places is not what the line orders."""
    told = [each.quantity for each in destinations]
    total = sum((each for each in told if each is not None), _ZERO)
    if told and None not in told and total != quantity:
        text = f"{total} go to the places named, the line orders {quantity}"
        reader.note("warning", "destination_sum", text)


def read_component(reader: SetReader) -> Component:
    """The present SLN: a part of what the line orders."""
    return Component(
        item=read_item_codes(reader, 9, 28).item, quantity=reader.quantity(4), unit=read_unit(reader, 5)
    )


def read_allowance(reader: SetReader) -> Allowance | None:
    """The present SAC, or ITA (before release 003050); None where it agrees no money."""
    if reader.row[0] == "ITA":
        return _allowance(reader, code=3, amount=7, percent=9, rate=6, description=13)
    return _allowance(reader, code=2, amount=5, percent=7, rate=8, description=15)


def _allowance(
    reader: SetReader, *, code: int, amount: int, percent: int, rate: int, description: int
) -> Allowance | None:
    kind = codes_orders.ALLOWANCES.get(reader.raw(1))
    if kind is None:
        return None
    return _told(
        Allowance(
            kind=kind,
            amount=read_amount(reader, amount),
            percent=reader.price(percent),
            rate=reader.price(rate),
            code=reader.identifier(code),
            description=reader.text(description),
        )
    )


def read_grocery_allowance(reader: SetReader) -> Allowance | None:
    """The present G72: by its method of handling it is given to the buyer, or paid."""
    method = reader.raw(2)
    if method in codes_orders.VENDORS_OWN_METHODS:
        return None
    return _told(
        Allowance(
            kind="charge" if method in codes_orders.CHARGED_METHODS else "allowance",
            amount=read_amount(reader, 8),
            percent=reader.price(9),
            rate=reader.price(5),
            code=reader.identifier(1),
        )
    )


def _told(allowance: Allowance) -> Allowance | None:
    told = (allowance.amount, allowance.percent, allowance.rate, allowance.description or None)
    return allowance if any(each is not None for each in told) else None


def read_amount(reader: SetReader, element: int) -> Decimal | None:
    """An N2 amount: two decimals are implied. A warning, and None, where it is not a number."""
    raw = reader.raw(element)
    amount = read_cents(raw) if raw else None
    if raw and amount is None:
        text = f"{raw[:40]!r} is not an amount; it was left out"
        reader.note("warning", "not_an_amount", text, element)
    return amount


class Notes:
    """Texts for people, as they come: each once, together no longer than people read."""

    def __init__(self) -> None:
        self._texts: dict[str, None] = {}

    def add(self, text: str, line: str = "") -> None:
        """Keep a text, named by its line where it stands under one."""
        if text:
            self._texts[f"line {line}: {text}" if line else text] = None

    def take(self, reader: SetReader, line: str = "") -> None:
        """Keep the text of the present MSG, NTE, ITD or CSH."""
        tag = reader.row[0]
        if tag == "MSG":
            self.add(reader.text(1), line)
        elif tag == "NTE":
            self.add(reader.text(2), line)
        elif tag == "ITD":
            self.add(reader.text(12), line)
        elif tag == "CSH":
            self.add(codes_orders.SALES_REQUIREMENTS.get(reader.raw(1), ""), line)

    @property
    def text(self) -> str:
        """All of them, a line each."""
        return "\n".join(self._texts)[:MAX_NOTE]


def check_hash_total(reader: SetReader, quantities: Iterable[Decimal | None]) -> None:
    """Compare CTT02 (the present segment) with the lines' quantities together: a difference is a warning."""
    raw = reader.raw(2)
    if not raw:
        return
    stated = read_number(raw)
    total = sum((each for each in quantities if each is not None), _ZERO)
    if stated is None or stated != total:
        text = f"CTT02 says the quantities add up to {raw[:20]!r}, they add up to {total}"
        reader.note("warning", "ctt_hash", text, 2)
