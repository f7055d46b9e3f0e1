"""INVRPT, inventory report: how much of what there is where."""

import msgspec

from integrations.mappings.edifact import codes
from integrations.mappings.edifact.common import (
    Beginning,
    Gathered,
    buyers_side,
    check_line_count,
    envelope_party,
    issued_at,
    read_party,
)
from integrations.mappings.edifact.lines import LineGroup
from integrations.mappings.edifact.orders import read_purpose
from integrations.mappings.edifact.reader import MessageReader
from visibility.canonical.bulletins import StockLine
from visibility.canonical.documents import AnyDocument, Party, StockReported

_PLACE_ROLES = frozenset(codes.STOCK_PLACES)
_EXPECTED = ("17", "132", "191", "67", "2")


class _Report:
    """The message while it is being read: each quantity of a line is a stock line of its own."""

    def __init__(self) -> None:
        self.beginning: Beginning | None = None
        self.header = Gathered()
        self.line: LineGroup | None = None
        self.count = 0
        self.stock: list[StockLine] = []
        self._start = 0

    def take(self, reader: MessageReader, tag: str) -> None:
        """Keep the present segment."""
        if tag == "LIN":
            self.close(reader)
            self.line, self.count = LineGroup(reader, signed=True), self.count + 1
        elif tag == "BGM":
            self.beginning = self.beginning or Beginning(reader)
        elif tag == "CNT":
            check_line_count(reader, self.count)
        elif tag == "UNS":
            return
        elif self.line is None:
            self.header.take(reader, tag)
        elif tag == "QTY":
            self._count(reader)
        elif tag == "LOC" or (tag == "NAD" and reader.raw(1) in _PLACE_ROLES):
            self._locate(read_party(reader))
        elif tag == "DTM" and len(self.stock) > self._start:
            self._date(reader)
        else:
            self.line.take(reader, tag)

    def _count(self, reader: MessageReader) -> None:
        value = reader.quantity(1, 1, signed=True)
        if value is None:
            return
        state = codes.STOCK_STATES.get(reader.raw(1), "other")
        self.stock.append(StockLine(state=state, quantity=value, unit=reader.unit(1, 2)))

    def _locate(self, place: Party) -> None:
        """A place behind a quantity is that quantity's; before the first it is the line's."""
        if self.line is not None and len(self.stock) > self._start:
            self.stock[-1] = msgspec.structs.replace(self.stock[-1], place=place)
        elif self.line is not None:
            self.line.parties.setdefault("WH", place)

    def _date(self, reader: MessageReader) -> None:
        period = reader.period()
        if period is None:
            return
        kind = reader.raw(1)
        if kind in _EXPECTED:
            self.stock[-1] = msgspec.structs.replace(self.stock[-1], expected_on=period.start)
        elif kind in codes.COUNTED_DATES:
            self.stock[-1] = msgspec.structs.replace(self.stock[-1], counted_on=period.start)

    def close(self, reader: MessageReader) -> None:
        """Give the quantities of the line that ends what holds for all of them."""
        line, start = self.line, self._start
        self._start = len(self.stock)
        if line is None:
            return
        place, item = line.party(codes.STOCK_PLACES), line.item(reader)
        counted = line.day(codes.COUNTED_DATES)
        for at in range(start, len(self.stock)):
            own = self.stock[at]
            self.stock[at] = msgspec.structs.replace(
                own,
                line=line.number,
                item=item,
                place=own.place if own.place != Party() else place,
                counted_on=own.counted_on or counted,
                lot=line.batch,
            )
        if start == len(self.stock):
            reader.go(line.place)
            reader.note("warning", "no_quantity", "no QTY stands in the line: it says nothing of stock")


def map_invrpt(reader: MessageReader) -> list[AnyDocument]:
    """The report. The sender is who holds the stock: a warehouse or supplier, unless the parties say else."""
    report = _Report()
    for tag in reader.rows(1):
        report.take(reader, tag)
    report.close(reader)
    if report.beginning is None:
        reader.note_missing("BGM", "the report has no BGM segment, so it has no number")
        return []
    header = report.header
    place = header.party(codes.STOCK_PLACES)
    lines = [
        msgspec.structs.replace(line, place=place) if line.place == Party() else line for line in report.stock
    ]
    side = buyers_side(reader, header, "receiver")
    return [
        StockReported(
            purpose=read_purpose(reader, report.beginning),
            issued_at=issued_at(header),
            buyer=header.party(codes.BUYER_PARTIES, envelope_party(reader.message, side)),
            supplier=header.party(codes.SUPPLIER_PARTIES),
            ship_to=place,
            units="rec20",
            number=report.beginning.number,
            counted_at=header.moment(codes.COUNTED_DATES),
            lines=tuple(lines),
        )
    ]
