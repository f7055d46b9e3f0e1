"""What several sets have in common: parties, references, dates, items, prices, the order they speak of."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from integrations.formats.x12.parts import TransactionSet
from integrations.mappings.x12 import codes
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.values import read_gtin, read_moment, read_number, read_text
from visibility.canonical.documents import Basis, Item, OrderRef, Party, Schedule

Side = Literal["sender", "receiver"]
ONE = Decimal(1)


def envelope_party(transaction: TransactionSet, side: Side) -> str:
    """The raw id of one side of the interchange, "ZZ:NORTHGATE"."""
    interchange = transaction.group.interchange
    if side == "sender":
        qualifier, value = interchange.sender_qualifier, interchange.sender
    else:
        qualifier, value = interchange.receiver_qualifier, interchange.receiver
    return f"{read_text(qualifier)}:{read_text(value)}"


def envelope_moment(transaction: TransactionSet, home: str = "") -> dt.datetime | None:
    """When the group was made, or the interchange where the group does not say. `home`: the sender's zone."""
    group = transaction.group
    moment = read_moment(group.date, group.time, "", home)
    return moment or read_moment(group.interchange.date, group.interchange.time, "", home)


def control_numbers(transaction: TransactionSet) -> str:
    """ISA13/GS06/ST02, as one text."""
    group = transaction.group
    return "/".join(
        read_text(part) for part in (group.interchange.control, group.control, transaction.control)
    )


class Header:
    """Gathers what stands before the lines: parties, references and dates, the first of each kind."""

    def __init__(self) -> None:
        self.parties: dict[str, Party] = {}
        self.references: dict[str, str] = {}
        self.dates: dict[str, dt.date] = {}
        self.moments: dict[str, dt.datetime] = {}

    def take(self, reader: SetReader) -> None:
        """Keep the present segment if it is an N1, REF, N9 or DTM."""
        tag = reader.row[0]
        if tag == "N1":
            self.parties.setdefault(reader.raw(1), read_party(reader))
        elif tag in {"REF", "N9"}:
            self.references.setdefault(reader.raw(1), reader.identifier(2))
        elif tag == "DTM":
            self.take_date(reader)

    def take_date(self, reader: SetReader) -> None:
        """Keep the date of the present DTM, with its time where it has one."""
        qualifier = reader.raw(1)
        day = reader.date(2)
        if day is None or qualifier in self.dates:
            return
        self.dates[qualifier] = day
        moment = reader.moment(2, 3, 4)
        if moment is not None:
            self.moments[qualifier] = moment

    def party(self, roles: Sequence[str], first_id: str = "") -> Party:
        """The party in the first of these roles, with `first_id` before its own ids."""
        named = next((self.parties[role] for role in roles if role in self.parties), Party())
        return Party(ids=(first_id, *named.ids), name=named.name) if first_id else named

    def reference(self, qualifiers: Sequence[str]) -> str:
        """The first reference of these kinds, or an empty text."""
        return next((self.references[kind] for kind in qualifiers if self.references.get(kind)), "")

    def moment(self, qualifiers: Sequence[str]) -> dt.datetime | None:
        """The first moment of these kinds."""
        return next((self.moments[kind] for kind in qualifiers if kind in self.moments), None)


def read_party(reader: SetReader) -> Party:
    """The present N1: name, and its id with the qualifier that says whose number it is."""
    qualifier, value = reader.raw(3), reader.identifier(4)
    return Party(ids=(f"{read_text(qualifier)}:{value}",) if value else (), name=reader.text(2))


class ItemCodes(NamedTuple):
    """What the id pairs of a line gave."""

    item: Item
    order: str = ""
    lot: str = ""


def read_item_codes(reader: SetReader, first: int, last: int = 30, *, description: str = "") -> ItemCodes:
    """The qualifier and id pairs from element `first` on."""
    row = reader.row
    pairs: dict[str, str] = {}
    for element in range(first, min(len(row) - 1, last), 2):
        value = row[element + 1]
        if value and row[element]:
            pairs.setdefault(row[element].strip(), reader.identifier(element + 1))
    if not pairs:
        return ItemCodes(Item(description=description))
    item = Item(
        buyer=_first(pairs, codes.BUYER_ITEM_IDS),
        vendor=_first(pairs, codes.VENDOR_ITEM_IDS),
        gtin=_gtin(reader, pairs),
        description=description,
    )
    return ItemCodes(item, pairs.get(codes.ORDER_ITEM_ID, ""), _first(pairs, codes.LOT_ITEM_IDS))


def _first(pairs: dict[str, str], qualifiers: tuple[str, ...]) -> str:
    for qualifier in qualifiers:
        if qualifier in pairs:
            return pairs[qualifier]
    return ""


def _gtin(reader: SetReader, pairs: dict[str, str]) -> str:
    for qualifier in codes.GTIN_ITEM_IDS:
        if qualifier in pairs:
            gtin = read_gtin(pairs[qualifier])
            if gtin is not None:
                return gtin
            text = f"{qualifier} {pairs[qualifier][:40]!r} is not a GTIN of 8 to 14 digits; it was left out"
            reader.note("warning", "not_a_gtin", text)
    return ""


class Price(NamedTuple):
    """A price for `per` of `unit` (empty: of the line's unit)."""

    price: Decimal | None
    per: Decimal = ONE
    unit: str = ""


def read_price(reader: SetReader, price_element: int) -> Price:
    """A unit price with the basis in the element behind it."""
    price = reader.price(price_element)
    basis = reader.raw(price_element + 1)
    if price is None or basis in codes.NOT_A_COST:
        return Price(None)
    return Price(price, Decimal(codes.PRICE_PER.get(basis, 1)), codes.PRICE_UNITS.get(basis, ""))


def read_ctp(reader: SetReader) -> Price:
    """The price of a CTP segment; none where it is a retail price."""
    price = reader.price(3)
    if price is None or reader.raw(2) in codes.RETAIL_PRICES or reader.raw(1) in codes.NOT_A_COST:
        return Price(None)
    per = read_number(reader.raw(4))
    component = reader.transaction.group.interchange.delimiters.component
    unit = read_text(reader.raw(5).split(component)[0])
    return Price(price, per if per and per > 0 else ONE, unit)


def pick_schedules(
    dates: dict[str, dt.date], preference: Sequence[str], quantity: Decimal | None = None
) -> tuple[Schedule, ...]:
    """One schedule a basis: of several dates on one basis the first in the preference."""
    chosen: dict[Basis, Schedule] = {}
    for qualifier in preference:
        if qualifier in dates:
            basis = codes.DATE_BASES[qualifier]
            chosen.setdefault(basis, Schedule(quantity=quantity, date=dates[qualifier], basis=basis))
    return tuple(chosen.values())


def order_reference(number: str, issuer: str, release: str = "") -> OrderRef:
    """A purchase order in the buyer's own numbering."""
    return OrderRef(number=number, release=release, issuer=issuer)


def check_line_count(reader: SetReader, lines: int, what: str) -> None:
    """Compare CTT01 (the present segment) with what was counted; a difference is a warning."""
    stated = read_number(reader.raw(1))
    if reader.raw(1) and (stated is None or stated != lines):
        text = f"CTT01 says {reader.raw(1)[:20]!r} {what}, the set has {lines}"
        reader.note("warning", "ctt_count", text, 1)
