"""What the EDIFACT messages that are written have in common: heads, parties, items, quantities, dates.

Lengths and codes are those of directory D.96A; what later directories widened or renamed follows the release
of the envelope. Codes are the tables of `codes.py`, read backwards.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from integrations.formats.edifact.writing import Segment
from integrations.mappings.edi.writing import Fields
from integrations.mappings.edifact import codes
from integrations.mappings.edifact.units import KNOWN_UNITS
from visibility.canonical.documents import (
    Allowance,
    Basis,
    Document,
    Item,
    OrderLine,
    OrderRef,
    Party,
    Purpose,
    Schedule,
)
from visibility.canonical.quantities import STANDARD_UNITS

PURPOSES: Mapping[Purpose, str] = {
    "original": "9",
    "cancel": "1",
    "change": "4",
    "replace": "5",
    "confirm": "6",
    "duplicate": "7",
}
DATES: Mapping[Basis, str] = {"dock": "2", "ship": "10"}
UNSTATED_DATE = "ZZZ"

# Units of X12 element 355 and what the Recommendation calls the same packaging. Those of one and the same
# measure follow from the standard units.
_UNITS: Mapping[str, str] = {
    "EA": "EA",
    "PC": "H87",
    "CA": "CS",
    "CT": "CT",
    "BX": "BX",
    "PK": "PK",
    "PL": "PF",
    "PR": "PR",
    "ST": "SET",
    "RL": "RO",
    "BG": "BG",
    "DZ": "DZN",
}
_PIECE, _EARLIER_PIECE = "H87", "PCE"
_AGENCIES = {qualifier: agency for agency, qualifier in codes.AGENCIES.items()}
_LINE_NUMBER, _NAME, _ITEM_NUMBER = 6, 35, 35
_NOTE_PART, _NOTE_PARTS = 70, 5


class EdifactFields(Fields):
    """Fields as elements of EDIFACT, of one directory ("96A")."""

    def __init__(
        self,
        *,
        release: str,
        charset: str,
        decimal: str,
        codes: Mapping[str, Mapping[str, str]],
        place: str = "",
    ) -> None:
        super().__init__(charset=charset, decimal=decimal, codes=codes, place=place)
        year = release[:2]
        self.modern = year.isdecimal() and int(year) < 90
        """Whether the directory is of 2000 or later: longer descriptions, SRV for GTINs."""

    def unit(self, value: str, scheme: str, field: str = "unit") -> str:
        """Element 6411. A unit of another code list is written by its twin, if it has one."""
        if not value:
            return ""
        written = self.code("unit", _twin(value) if scheme == "x12" else value)
        if not written or len(written) > 3:
            text = f"{value!r} has no twin in UN/ECE Recommendation 20; name one in the profile"
            raise self.refuse(field, text, "unknown_unit")
        if written == _PIECE and not self.modern:
            written = _EARLIER_PIECE
        return self.identifier(written, field, 3)

    def quantity(self, value: Decimal | None, field: str = "quantity") -> str:
        """Element 6060: never below zero."""
        if value is not None and value < 0:
            raise self.refuse(field, f"{value} is below zero; a quantity here cannot be")
        return self.number(value, field)

    def party_id(self, raw: str, field: str) -> tuple[str, str, str]:
        """A number and who issued it (C082, C517), of a "qualifier:value"."""
        qualifier, colon, value = raw.partition(":")
        if not colon or not 1 <= len(qualifier) <= 3:
            raise self.refuse(f"{field}/ids", f"{raw[:40]!r} names no issuer of EDIFACT element 3055")
        issuer = self.identifier(_AGENCIES.get(qualifier, qualifier), f"{field}/ids", 3)
        return self.needed(value, f"{field}/ids", 35), "", issuer

    def party(self, role: str, party: Party, field: str, envelope_ids: Iterable[str]) -> list[Segment]:
        """The NAD of a party, by its first id that is not the envelope's; none where that is all there is."""
        left = [one for one in party.ids if one not in envelope_ids]
        number = self.party_id(left[0], field) if left else ()
        name = self.text(party.name, f"{field}/name", 5 * _NAME)
        parts = [name[start : start + _NAME] for start in range(0, len(name), _NAME)]
        return [("NAD", role, number, "", parts)] if number or name else []


def _twin(unit: str) -> str:
    if unit in _UNITS:
        return _UNITS[unit]
    meaning = STANDARD_UNITS.get(("x12", unit))
    if meaning is not None:
        twins = (
            code for (scheme, code), value in STANDARD_UNITS.items() if (scheme, value) == ("rec20", meaning)
        )
        return next(twins, "")
    return unit if unit in KNOWN_UNITS and len(unit) == 3 else ""


def write_moment(qualifier: str, value: dt.datetime) -> Segment:
    """A DTM: of the day alone where the moment is its beginning in UTC, else to the second, in UTC."""
    utc = value.astimezone(dt.UTC)
    if utc.time() == dt.time():
        return write_day(qualifier, utc.date())
    if utc.second:
        return "DTM", (qualifier, f"{utc:%Y%m%d%H%M%S}", "204")
    return "DTM", (qualifier, f"{utc:%Y%m%d%H%M}", "203")


def write_day(qualifier: str, value: dt.date) -> Segment:
    """A DTM of a day."""
    return "DTM", (qualifier, f"{value:%Y%m%d}", "102")


def write_order_number(fields: EdifactFields, order: OrderRef | None) -> str:
    """A purchase order's number. Orders of other kinds have no place in these messages."""
    if order is None or not order.number:
        raise fields.refuse("order", "the document names no order", "field_missing")
    if order.scheme != "po":
        raise fields.refuse("order/scheme", "only purchase orders can be told by this message")
    return fields.identifier(order.number, "order/number", 35)


def same_order(fields: EdifactFields, document: Document, order: OrderRef | None) -> None:
    """Refuse a line of another order than the document's."""
    if order is not None and order != document.order:
        raise fields.refuse("order", "the line is of another order, and this message speaks of one only")


def write_note(fields: EdifactFields, note: str) -> list[Segment]:
    """FTX+AAI, five parts of 70 characters each."""
    texts = [fields.text(line, "note", 10_000) for line in note.splitlines()]
    parts = [text[at : at + _NOTE_PART] for text in texts for at in range(0, len(text), _NOTE_PART)]
    starts = range(0, len(parts), _NOTE_PARTS)
    return [("FTX", "AAI", "", "", parts[start : start + _NOTE_PARTS]) for start in starts]


def write_line_head(
    fields: EdifactFields, line: str, action: str, item: Item, parent: Sequence[str] = ()
) -> list[Segment]:
    """LIN, PIA and IMD: the line's number, what is done to it, and the item's numbers and words."""
    number = fields.identifier(line, "line", _LINE_NUMBER)
    numbers = []
    with fields.within("item"):
        for value, kind, field in ((item.buyer, "IN", "buyer"), (item.vendor, "SA", "vendor")):
            if value:
                numbers.append((fields.identifier(value, field, _ITEM_NUMBER), fields.code("item_id", kind)))
        gtin: tuple[str, ...] = ()
        if item.gtin:
            digits = item.gtin[1:] if item.gtin.startswith("0") else item.gtin
            gtin = (
                fields.identifier(digits, "gtin", 14),
                fields.code("item_id", "SRV" if fields.modern else "EN"),
            )
        rows: list[Segment] = [("LIN", number, action, gtin, parent)]
        if numbers:
            # 5: what the item is ordered by; 1: numbers beside the GTIN.
            rows.append(("PIA", "1" if gtin else "5", *numbers))
        parts = _described(fields, item.description)
        if parts:
            rows.append(("IMD", "F", "", ("", "", "", *parts)))
    return rows


def _described(fields: EdifactFields, description: str) -> list[str]:
    """One or two parts of 7008: 35 characters each, 256 in the directories of 2000 and later."""
    part = 256 if fields.modern else 35
    text = fields.text(description, "description", 2 * part)
    if len(text) <= part:
        return [text] if text else []
    place = text.rfind(" ", 0, part + 1)
    if place < len(text) - part - 1 or place <= 0:
        return [text[:part], text[part:]]
    return [text[:place].rstrip(), text[place:].lstrip()]


def write_price(fields: EdifactFields, line: OrderLine, unit: str) -> list[Segment]:
    """PRI: the net price, for how many of what."""
    if line.price is None:
        return []
    price = fields.number(line.price, "price")
    per = "" if line.price_per == 1 else fields.number(line.price_per, "price_per", 9)
    return [("PRI", ("AAA", price, "", "", per, unit))]


def write_allowances(fields: EdifactFields, allowances: Sequence[Allowance]) -> list[Segment]:
    """ALC with PCD, MOA and RTE. A code longer than the list's three characters stands as a number."""
    rows: list[Segment] = []
    for number, one in enumerate(allowances):
        with fields.within(f"allowances/{number}"):
            code = fields.identifier(one.code, "code", 35)
            words = fields.text(one.description, "description", 35)
            listed = len(code) <= 3
            special = (code if listed else "", "", "", words)
            kind = "A" if one.kind == "allowance" else "C"
            rows.append(("ALC", kind, "" if listed else code, "", "", special))
            if one.percent is not None:
                qualifier = "1" if one.kind == "allowance" else "2"
                rows.append(("PCD", (qualifier, fields.number(one.percent, "percent", 8))))
            if one.amount is not None:
                rows.append(("MOA", ("8", fields.number(one.amount, "amount"))))
            if one.rate is not None:
                rows.append(("RTE", ("1", fields.number(one.rate, "rate"))))
    return rows


def write_requests(
    fields: EdifactFields, requests: Sequence[Schedule], unit: str
) -> tuple[list[Segment], list[Segment]]:
    """When a line is asked for: dates of all of it (they follow its quantity), and dated quantities, each
    with an SCC before it (they stand at the line's end)."""
    dated: list[Segment] = []
    split: list[Segment] = []
    for number, one in enumerate(requests):
        with fields.within(f"requests/{number}"):
            if one.date is None and one.quantity is None:
                raise fields.refuse("date", "neither a day nor a quantity is told", "field_missing")
            if one.basis == "available":
                raise fields.refuse("basis", "EDIFACT has no date of this basis")
            day = [write_day(DATES.get(one.basis, UNSTATED_DATE), one.date)] if one.date else []
            if one.quantity is None:
                dated += day
            else:
                split += [("SCC", "1"), ("QTY", ("21", fields.quantity(one.quantity), unit)), *day]
    if dated and (split or len({one.basis for one in requests}) < len(requests)):
        raise fields.refuse("requests", "several dates of one line need their quantities")
    return dated, split


def write_destinations(fields: EdifactFields, line: OrderLine, unit: str) -> list[Segment]:
    """LOC+7 and QTY+11: so much of the line goes there."""
    rows: list[Segment] = []
    for number, one in enumerate(line.destinations):
        with fields.within(f"destinations/{number}"):
            place = fields.party_id(one.place.ids[0], "place") if one.place.ids else ("", "", "")
            name = fields.text(one.place.name, "place/name", 70)
            if not place[0] and not name:
                raise fields.refuse("place", "is neither named nor numbered", "field_missing")
            rows.append(("LOC", "7", (*place, name)))
            if one.quantity is not None:
                rows.append(("QTY", ("11", fields.quantity(one.quantity), unit)))
    return rows
