"""What the X12 sets that are written have in common: parties, items, prices, dates, totals.

Lengths are the element dictionary's, of release 004010; those that were smaller before it follow the
release of the envelope. Codes are the tables of `codes.py`, read backwards: the first code of a meaning.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from integrations.formats.x12.writing import FIRST_WITH_CENTURY
from integrations.mappings.edi.writing import Fields
from integrations.mappings.x12 import codes
from visibility.canonical.documents import Basis, Document, Item, OrderRef, Party, Purpose, Schedule
from visibility.canonical.quantities import STANDARD_UNITS

Row = list[str]

PURPOSES: Mapping[Purpose, str] = {
    "original": "00",
    "cancel": "01",
    "change": "04",
    "replace": "05",
    "confirm": "06",
    "duplicate": "07",
}
DATES: Mapping[Basis, str] = {"dock": "002", "ship": "010"}
"""Of what is asked for; for a date of neither basis the standard has ZZZ, mutually defined."""
UNSTATED_DATE = "ZZZ"

# Unit codes of UN/ECE Recommendation 20 and 21 (packagings), and what element 355 calls the same thing.
# Those of one and the same measure follow from the standard units.
_UNITS: Mapping[str, str] = {
    "CT": "CT",
    "CS": "CA",
    "BX": "BX",
    "PK": "PK",
    "PF": "PL",
    "PX": "PL",
    "PA": "PK",
    "PCE": "PC",
    "EA": "EA",
    "PR": "PR",
    "SET": "ST",
    "RO": "RL",
}

_PARTY_QUALIFIERS: Mapping[str, str] = {"GLN": "UL", "DUNS": "1", "SCAC": "2"}


class X12Fields(Fields):
    """Fields as elements of X12, of one release."""

    def __init__(
        self, *, version: str, taken: str, codes: Mapping[str, Mapping[str, str]], place: str = ""
    ) -> None:
        super().__init__(taken=taken, codes=codes, place=place)
        self.century = version >= FIRST_WITH_CENTURY
        """Whether dates have eight digits, and elements the lengths of 004010."""

    def date(self, value: dt.date | None) -> str:
        """A DT element of this release."""
        return self.day(value, century=self.century)

    def moment(self, value: dt.datetime) -> tuple[str, str]:
        """A DT and a TM element, in UTC; the time to the second."""
        utc = value.astimezone(dt.UTC)
        return self.date(utc.date()), f"{utc:%H%M%S}" if utc.second else f"{utc:%H%M}"

    def longest(self, modern: int, before: int) -> int:
        """The most an element takes: from 004010 on, and before."""
        return modern if self.century else before

    def line(self, value: str) -> str:
        """Element 350, the line's number."""
        return self.identifier(value, "line", self.longest(20, 11))

    def quantity(self, value: Decimal | None, field: str = "quantity", digits: int = 15) -> str:
        """Element 330 and the like: never below zero."""
        if value is not None and value < 0:
            raise self.refuse(field, f"{value} is below zero; a quantity here cannot be")
        return self.number(value, field, min(digits, self.longest(15, 9)))

    def unit(self, value: str, scheme: str, field: str = "unit") -> str:
        """Element 355. A unit of another code list is written by its twin here, if it has one."""
        if not value:
            return ""
        twin = _twin(value) if scheme == "rec20" else value
        written = self.code("unit", twin)
        if len(written) != 2:
            text = f"{value!r} is no unit of X12 element 355 and has no twin there; name one in the profile"
            raise self.refuse(field, text, "unknown_unit")
        return self.identifier(written, field, 2)

    def reference(self, value: str, field: str) -> str:
        """Element 127."""
        return self.identifier(value, field, 30)

    def party_id(self, raw: str, field: str) -> tuple[str, str]:
        """Elements 66 and 67 of a "qualifier:value"."""
        qualifier, colon, value = raw.partition(":")
        qualifier = _PARTY_QUALIFIERS.get(qualifier.upper(), qualifier)
        if not colon or not 1 <= len(qualifier) <= 2:
            raise self.refuse(f"{field}/ids", f"{raw[:40]!r} names no qualifier of X12 element 66")
        longest = self.longest(80, 17)
        return self.identifier(qualifier, f"{field}/ids", 2), self.needed(value, f"{field}/ids", longest, 2)

    def party(self, role: str, party: Party, field: str, envelope_ids: Iterable[str]) -> list[Row]:
        """The N1 of a party, by its first id that is not the envelope's; none where that is all there is."""
        left = [one for one in party.ids if one not in envelope_ids]
        qualifier, value = self.party_id(left[0], field) if left else ("", "")
        name = self.text(party.name, f"{field}/name", self.longest(60, 35))
        return [["N1", role, name, qualifier, value]] if name or value else []


def _twin(unit: str) -> str:
    if unit in _UNITS:
        return _UNITS[unit]
    meaning = STANDARD_UNITS.get(("rec20", unit))
    if meaning is None:
        return unit if len(unit) == 2 else ""
    return next(
        (code for (scheme, code), value in STANDARD_UNITS.items() if scheme == "x12" and value == meaning),
        "",
    )


def write_order_number(fields: X12Fields, order: OrderRef | None) -> str:
    """Element 324: a purchase order's number. Orders of other kinds have no place in these sets."""
    if order is None or not order.number:
        raise fields.refuse("order", "the document names no order", "field_missing")
    if order.scheme != "po":
        raise fields.refuse("order/scheme", "only purchase orders can be told by this set")
    return fields.identifier(order.number, "order/number", 22)


def same_order(fields: X12Fields, document: Document, order: OrderRef | None) -> None:
    """Refuse a line of another order than the document's: the set speaks of one."""
    if order is not None and order != document.order:
        raise fields.refuse("order", "the line is of another order, and this set speaks of one only")


def write_item(fields: X12Fields, item: Item) -> Row:
    """The id pairs (elements 235 and 234): the buyer's, the supplier's, the GTIN's."""
    longest = fields.longest(48, 30)
    pairs: Row = []
    with fields.within("item"):
        for qualifier, value, field in (
            ("BP", item.buyer, "buyer"),
            ("VP", item.vendor, "vendor"),
            (*_gtin(item.gtin), "gtin"),
        ):
            if value:
                pairs += [qualifier, fields.identifier(value, field, longest)]
    return pairs


def _gtin(gtin: str) -> tuple[str, str]:
    """The qualifier says how many digits a GTIN has: 12 (UP), 13 (EN), 14 (UK)."""
    if not gtin.startswith("0"):
        return "UK", gtin
    return ("UP", gtin[2:]) if gtin.startswith("00") else ("EN", gtin[1:])


def write_description(fields: X12Fields, item: Item) -> list[Row]:
    """The PID of an item."""
    text = fields.text(item.description, "item/description", 80)
    return [["PID", "F", "", "", "", text]] if text else []


def write_request_dates(
    fields: X12Fields, requests: Sequence[Schedule], ordered: Decimal | None, unit: str
) -> list[Row]:
    """When a line is asked for: dates of all of it as DTM, dated quantities as SCH.

    The one date of all of it that has no basis is a SCH of the whole quantity: DTM has no word for it.
    """
    told = [one for one in requests if one.quantity is None]
    if told and len(told) < len(requests):
        raise fields.refuse("requests", "dates with and without quantities cannot stand side by side")
    if told and all(one.basis in DATES for one in told) and len({one.basis for one in told}) == len(told):
        return [["DTM", DATES[one.basis], fields.date(_dated(fields, one))] for one in told]
    if told and (len(told) > 1 or ordered is None):
        raise fields.refuse("requests", "several dates need their quantities, and a date its basis")
    rows = []
    for number, one in enumerate(requests):
        with fields.within(f"requests/{number}"):
            quantity = fields.quantity(ordered if one.quantity is None else one.quantity)
            qualifier = _date_qualifier(fields, one.basis)
            rows.append(["SCH", quantity, unit, "", "", qualifier, fields.date(_dated(fields, one))])
    return rows


def _dated(fields: X12Fields, request: Schedule) -> dt.date:
    if request.date is None:
        raise fields.refuse("date", "a quantity is asked for without a day", "field_missing")
    return request.date


def _date_qualifier(fields: X12Fields, basis: Basis) -> str:
    if basis == "available":
        raise fields.refuse("basis", "X12 has no date of this basis")
    return DATES.get(basis, UNSTATED_DATE)


def write_price(
    fields: X12Fields, price: Decimal | None, per: Decimal, unit: str
) -> tuple[str, str, list[Row]]:
    """A unit price: the price element, its basis, and a CTP where the basis has no code of its own."""
    if price is None:
        return "", "", []
    written = fields.number(price, "price", fields.longest(17, 14))
    for code, many in {"": 1, **codes.PRICE_PER}.items():
        if per == many and not unit:
            return written, code, []
    for code, priced in codes.PRICE_UNITS.items():
        if per == 1 and unit == priced:
            return written, code, []
    if not unit:
        raise fields.refuse("price_unit", f"a price for {per} needs the unit it is for", "field_missing")
    return "", "", [["CTP", "", "CON", written, fields.number(per, "price_per"), unit]]


def write_totals(fields: X12Fields, lines: int, hashed: Iterable[Decimal | None]) -> Row:
    """CTT: how many lines, and the sum of their quantities where it fits the ten digits it has."""
    total = sum((value for value in hashed if value is not None), Decimal(0))
    written = f"{total:f}".replace(".", "").replace("-", "")
    return ["CTT", str(lines), fields.number(total, "lines", 10) if len(written) <= 10 else ""]


def first_codes(table: Mapping[str, str]) -> dict[str, str]:
    """A table of codes read backwards: the first code of each meaning."""
    backwards: dict[str, str] = {}
    for code, meaning in table.items():
        backwards.setdefault(meaning, code)
    return backwards
