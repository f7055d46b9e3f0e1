"""852, product activity data: what a customer sold, received and has left, by item and place."""

import datetime as dt
from decimal import Decimal

from msgspec.structs import replace

from integrations.mappings.x12 import codes, codes_money
from integrations.mappings.x12.common import (
    Header,
    check_line_count,
    envelope_party,
    read_item_codes,
    read_party,
)
from integrations.mappings.x12.lists import read_places
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.values import start_of_day
from visibility.canonical.documents import AnyDocument, Item, Party, SalesLine, SalesReported

_PLACES = frozenset({"ST", "RL", "BY", "WH", "SN", "DC", "LO", "SF"})
_PLACE_REFERENCES = frozenset({"ST", "LU", "IA", "19", "WS"})


class _Report:
    """The report while it is being read. An N1 before a LIN holds for the items behind it."""

    def __init__(self, reader: SetReader) -> None:
        self.reader = reader
        self.header = Header()
        self.began = False
        self.starts_on: dt.date | None = None
        self.ends_on: dt.date | None = None
        self.number = ""
        self.place = Party()
        self.item = Item()
        self.line = ""
        self.price: Decimal | None = None
        self.lines: list[SalesLine] = []
        self.items = 0

    def take(self, tag: str) -> None:
        """Keep what the present segment says."""
        reader = self.reader
        if tag == "XQ":
            self.began = True
            self.starts_on, self.ends_on = reader.date(2), reader.date(3)
        elif tag == "LIN":
            self.items += 1
            self.line, self.item = reader.identifier(1), read_item_codes(reader, 2).item
            self.price = None
        elif tag == "N1":
            self.header.take(reader)
            if reader.raw(1) in _PLACES:
                self.place = read_party(reader)
        elif tag == "CTP" and self.items:
            self.price = reader.price(3)
        elif tag == "PID" and self.items and not self.item.description:
            self.item = replace(self.item, description=reader.text(5))
        elif tag == "ZA":
            self._activity()
        elif tag == "SDQ" and self.lines:
            self._split()
        elif tag == "CTT":
            check_line_count(reader, self.items, "items")
        elif tag in {"N9", "REF"} and not self.items:
            self.number = self.number or reader.identifier(2)
            self.header.take(reader)

    def _activity(self) -> None:
        reader = self.reader
        activity = reader.code(1, codes_money.ACTIVITIES, "activity") or "other"
        quantity = reader.quantity(2, signed=True)
        day, place = reader.date(5), self.place
        if reader.raw(6) in _PLACE_REFERENCES and reader.raw(7):
            place = Party(ids=(f"{reader.raw(6)}:{reader.identifier(7)}",))
        line = SalesLine(
            line=self.line,
            item=self.item,
            quantity=quantity,
            unit=reader.unit(3),
            activity=activity,
            place=place,
            starts_on=day,
            ends_on=day,
            price=self.price,
        )
        self.lines.append(line)

    def _split(self) -> None:
        """An SDQ under an activity: the places take the place of the sum."""
        line, unit = self.lines[-1], self.reader.unit(1)
        places = [
            replace(line, place=place, quantity=quantity, unit=unit or line.unit)
            for place, quantity in read_places(self.reader)
        ]
        if line.quantity is None or line.place == self.place:
            self.lines[-1:] = places
        else:
            self.lines += places


def map_852(reader: SetReader) -> list[AnyDocument]:
    """What was sold and what is left."""
    report = _Report(reader)
    for row in reader.rows():
        report.take(row[0])
    if not report.began:
        reader.note_missing("XQ", "the report has no XQ segment, so nobody can say of which days it is")
        return []
    header = report.header
    return [
        SalesReported(
            issued_at=start_of_day(report.ends_on or report.starts_on),
            buyer=header.party(codes.BUYER_PARTIES, envelope_party(reader.transaction, "sender")),
            supplier=header.party(codes.SUPPLIER_PARTIES, envelope_party(reader.transaction, "receiver")),
            number=report.number,
            starts_on=report.starts_on,
            ends_on=report.ends_on,
            lines=tuple(report.lines),
        )
    ]
