"""867, product transfer and resale report: what a distributor sold, to whom.

The orders it names are those of the distributor's customers, in their numbering: they are none of ours.
"""

import datetime as dt

from msgspec.structs import replace

from integrations.mappings.x12 import codes, codes_money
from integrations.mappings.x12.common import (
    Header,
    check_line_count,
    envelope_party,
    read_item_codes,
    read_party,
)
from integrations.mappings.x12.lists import first_date
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.order_parts import read_unit
from integrations.mappings.x12.values import start_of_day
from visibility.canonical.documents import AnyDocument, Party, Purpose, SalesLine, SalesReported

_CUSTOMERS = frozenset({"ST", "BY", "EN", "UC"})


class _Transfers:
    """The transfers while they are being read. What stands under a PTD holds for its quantities."""

    def __init__(self, reader: SetReader) -> None:
        self.reader = reader
        self.header = Header()
        self.began = False
        self.purpose: Purpose = "original"
        self.number = ""
        self.date: dt.date | None = None
        self.details = 0
        self.place = Party()
        self.day: dt.date | None = None
        self.lines: list[SalesLine] = []
        self.of_detail = 0

    def take(self, tag: str) -> None:
        """Keep what the present segment says."""
        reader = self.reader
        if tag == "BPT":
            self.began = True
            self.purpose = reader.code(1, codes.PURPOSES, "purpose") or "original"
            self.number, self.date = reader.identifier(2), reader.date(3)
        elif tag == "PTD":
            self.details += 1
            self.place, self.day, self.of_detail = Party(), None, len(self.lines)
        elif tag == "CTT":
            check_line_count(reader, self.details, "transfers")
        elif not self.details:
            self.header.take(reader)
        elif tag == "N1" and reader.raw(1) in _CUSTOMERS:
            self.place = read_party(reader)
        elif tag == "QTY":
            activity = reader.code(1, codes_money.RESALE_ACTIVITIES, "activity") or "other"
            quantity, unit = reader.quantity(2, signed=True), read_unit(reader, 3)
            line = SalesLine(activity=activity, quantity=quantity, unit=unit, place=self.place)
            self.lines.append(replace(line, starts_on=self.day, ends_on=self.day))
        elif len(self.lines) > self.of_detail:
            self._detail(tag)
        elif tag == "DTM":
            self.day = self.day or reader.date(2)

    def _detail(self, tag: str) -> None:
        reader, line = self.reader, self.lines[-1]
        if tag == "LIN":
            found = read_item_codes(reader, 2)
            line = replace(line, line=reader.identifier(1), item=found.item)
        elif tag == "UIT" and line.price is None:
            unit, price = read_unit(reader, 1), reader.price(2)
            if line.unit in {"", unit}:
                line = replace(line, price=price, unit=unit)
        elif tag == "PID" and not line.item.description:
            line = replace(line, item=replace(line.item, description=reader.text(5)))
        elif tag == "DTM" and line.starts_on is None:
            day = reader.date(2)
            line = replace(line, starts_on=day, ends_on=day)
        self.lines[-1] = line


def map_867(reader: SetReader) -> list[AnyDocument]:
    """What was sold, by customer."""
    transfers = _Transfers(reader)
    for row in reader.rows():
        transfers.take(row[0])
    if not transfers.began:
        reader.note_missing("BPT", "the report has no BPT segment, so it has neither number nor date")
        return []
    header = transfers.header
    return [
        SalesReported(
            purpose=transfers.purpose,
            issued_at=start_of_day(transfers.date),
            buyer=header.party(
                (*codes.BUYER_PARTIES, "DB", "DS"), envelope_party(reader.transaction, "sender")
            ),
            supplier=header.party(
                (*codes.SUPPLIER_PARTIES, "MF"), envelope_party(reader.transaction, "receiver")
            ),
            number=transfers.number,
            starts_on=first_date(header.dates, codes_money.SPAN_STARTS),
            ends_on=first_date(header.dates, codes_money.SPAN_ENDS),
            lines=tuple(transfers.lines),
        )
    ]
