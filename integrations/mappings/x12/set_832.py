"""832, price or sales catalogue: the seller's items and what they cost. A line a price, and one without
for an item that names none."""

import datetime as dt
from decimal import Decimal
from typing import Literal

from msgspec.structs import replace

from integrations.mappings.x12 import codes, codes_money
from integrations.mappings.x12.common import Header, check_line_count, envelope_party, read_item_codes
from integrations.mappings.x12.lists import first_date
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.order_parts import read_unit
from integrations.mappings.x12.values import read_number, start_of_day
from visibility.canonical.documents import AnyDocument, CatalogueLine, CataloguePublished

PriceKind = Literal["cost", "retail", "other"]
_MOST_DAYS = 3650
_RESTRICTION = "OR"


class _Entry:
    """One item of the list while it is being read: what holds for all its prices, and the prices."""

    def __init__(self, reader: SetReader, changes: bool) -> None:
        found = read_item_codes(reader, 2)
        change: Literal["change", "listed"] = "change" if changes else "listed"
        self.line = CatalogueLine(line=reader.identifier(1), item=found.item, change=change)
        self.prices: list[CatalogueLine] = []
        self.dates: dict[str, dt.date] = {}
        self.price_dates: list[dict[str, dt.date]] = []

    def take(self, reader: SetReader) -> None:
        """Keep what the present segment says."""
        tag = reader.row[0]
        if tag == "PID" and not self.line.item.description:
            self.line = replace(self.line, item=replace(self.line.item, description=reader.text(5)))
        elif tag == "G53":
            change = reader.code(1, codes_money.MAINTENANCE, "maintenance_type")
            self.line = replace(self.line, change=change or self.line.change)
        elif tag == "PO4":
            self._pack(reader)
        elif tag == "CTB" and reader.raw(1) == _RESTRICTION:
            if reader.raw(3) in codes_money.MINIMUM_ORDER:
                self.line = replace(self.line, minimum=reader.quantity(4))
        elif tag == "LDT":
            self._lead_time(reader)
        elif tag == "CTP":
            self._price(reader)
        elif tag == "DTM":
            day = reader.date(2)
            dates = self.price_dates[-1] if self.price_dates else self.dates
            if day is not None:
                dates.setdefault(reader.raw(1), day)

    def _pack(self, reader: SetReader) -> None:
        """PO4: how many make a pack, where that says a number."""
        pack = read_number(reader.raw(1))
        if pack is None and reader.raw(1):
            text = f"{reader.raw(1)[:40]!r} is no number of pieces; the pack was left out"
            reader.note("warning", "pack_not_a_number", text, 1)
        elif pack is not None and self.line.pack is None:
            self.line = replace(self.line, pack=pack)

    def _lead_time(self, reader: SetReader) -> None:
        count, days = reader.quantity(2), codes_money.DAYS.get(reader.raw(3))
        if count is not None and days is not None and count * days <= _MOST_DAYS:
            self.line = replace(self.line, lead_days=int(count * days))

    def _price(self, reader: SetReader) -> None:
        """CTP: a price with the least quantity it holds for."""
        price, least = reader.price(3), reader.quantity(4)
        per = Decimal(codes.PRICE_PER.get(reader.raw(9), 1))
        kind: PriceKind = "other"
        if reader.raw(2) in codes.RETAIL_PRICES:
            kind = "retail"
        elif reader.raw(2) in codes_money.COST_PRICES:
            kind = "cost"
        unit = read_unit(reader, 5)
        self.prices.append(
            CatalogueLine(quantity=least, unit=unit, price=price, price_per=per, price_kind=kind)
        )
        self.price_dates.append({})

    def lines(self) -> list[CatalogueLine]:
        """A line a price."""
        if not self.prices:
            return [self._dated(self.line, {})]
        return [
            self._dated(
                replace(
                    self.line,
                    quantity=price.quantity,
                    unit=price.unit,
                    price=price.price,
                    price_per=price.price_per,
                    price_kind=price.price_kind,
                ),
                dates,
            )
            for price, dates in zip(self.prices, self.price_dates, strict=True)
        ]

    def _dated(self, line: CatalogueLine, dates: dict[str, dt.date]) -> CatalogueLine:
        found = {**self.dates, **dates}
        return replace(
            line,
            starts_on=first_date(found, codes_money.LIST_STARTS),
            ends_on=first_date(found, codes_money.LIST_ENDS),
        )


def map_832(reader: SetReader) -> list[AnyDocument]:
    """The list, whole or of changes."""
    header, entries = Header(), list[_Entry]()
    number = currency = ""
    changes: bool | None = None
    for row in reader.rows():
        tag = row[0]
        if tag == "BCT":
            number, changes = reader.identifier(2), reader.raw(10) not in codes_money.WHOLE_LISTS
        elif tag == "LIN":
            entries.append(_Entry(reader, bool(changes)))
        elif tag == "CTT":
            check_line_count(reader, len(entries), "items")
        elif tag == "CUR" and not entries:
            currency = reader.text(2)[:3]
        elif entries:
            entries[-1].take(reader)
        else:
            header.take(reader)
    if changes is None:
        reader.note_missing("BCT", "the list has no BCT segment, so nobody can say what it is")
        return []
    starts_on = first_date(header.dates, codes_money.LIST_STARTS)
    return [
        CataloguePublished(
            issued_at=start_of_day(starts_on),
            buyer=header.party(codes.BUYER_PARTIES, envelope_party(reader.transaction, "receiver")),
            supplier=header.party(
                (*codes.SUPPLIER_PARTIES, "DS", "MF"), envelope_party(reader.transaction, "sender")
            ),
            number=number,
            kind="changes" if changes else "catalogue",
            currency=currency,
            starts_on=starts_on,
            ends_on=first_date(header.dates, codes_money.LIST_ENDS),
            lines=tuple(line for entry in entries for line in entry.lines()),
        )
    ]
