"""846, inventory inquiry or advice: how much of what there is where. A line a quantity."""

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
from integrations.mappings.x12.lists import first_date, read_places
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.order_parts import read_unit
from visibility.canonical.documents import AnyDocument, Purpose, StockLine, StockReported

_PLACES = (*codes.WAREHOUSE_PARTIES, "SF", "LO", "IC")


class _Beginning:
    """BIA: purpose, number, date and time."""

    def __init__(self, reader: SetReader) -> None:
        self.purpose: Purpose = reader.code(1, codes.PURPOSES, "purpose") or "original"
        self.number = reader.identifier(3)
        self.moment = reader.moment(4, 5)


class _Entry:
    """One item while it is being read. What stands before its first quantity holds for all of them."""

    def __init__(self, reader: SetReader) -> None:
        found = read_item_codes(reader, 2)
        self.common = StockLine(line=reader.identifier(1), item=found.item, lot=found.lot)
        self.dates: dict[str, dt.date] = {}
        self.lines: list[StockLine] = []
        self.split: list[StockLine] = []

    def take(self, reader: SetReader) -> None:
        """Keep what the present segment says."""
        tag = reader.row[0]
        if tag == "QTY":
            self._close()
            state = reader.code(1, codes_money.STOCK_STATES, "stock_state") or "other"
            quantity = reader.quantity(2, signed=True)
            self.lines.append(replace(self.common, state=state, quantity=quantity, unit=read_unit(reader, 3)))
        elif tag == "UIT":
            self._set(unit=read_unit(reader, 1))
        elif tag == "N1":
            self._set(place=read_party(reader))
        elif tag == "SDQ" and self.lines:
            unit, line = reader.unit(1), self.lines[-1]
            self.split += [
                replace(line, place=place, quantity=quantity, unit=unit or line.unit)
                for place, quantity in read_places(reader)
            ]
        elif tag == "DTM":
            self._date(reader)
        elif tag == "REF" and reader.raw(1) in codes.LOT_REFERENCES:
            self._set(lot=reader.identifier(2))
        elif tag == "PID" and not self.common.item.description:
            self._set(item=replace(self.common.item, description=reader.text(5)))

    def _set(self, **values: object) -> None:
        if self.lines:
            self.lines[-1] = replace(self.lines[-1], **values)
        else:
            self.common = replace(self.common, **values)

    def _date(self, reader: SetReader) -> None:
        """A date under a quantity still to come says when; else when it was counted."""
        day = reader.date(2)
        if day is None:
            return
        coming = bool(self.lines) and self.lines[-1].state in codes_money.STILL_TO_COME
        self._set(**({"expected_on": day} if coming else {"counted_on": day}))

    def _close(self) -> None:
        """Places that an SDQ named take the place of the sum."""
        if self.split:
            self.lines[-1:] = self.split
            self.split = []

    def finish(self) -> list[StockLine]:
        """The item's lines."""
        self._close()
        return self.lines


def map_846(reader: SetReader) -> list[AnyDocument]:
    """The report: a picture of stocks, no movement."""
    header, entries = Header(), list[_Entry]()
    beginning: _Beginning | None = None
    for row in reader.rows():
        tag = row[0]
        if tag == "BIA":
            beginning = _Beginning(reader)
        elif tag == "LIN":
            entries.append(_Entry(reader))
        elif tag == "CTT":
            check_line_count(reader, len(entries), "items")
        elif entries:
            entries[-1].take(reader)
        else:
            header.take(reader)
    if beginning is None:
        reader.note_missing("BIA", "the report has no BIA segment, so it has neither number nor date")
        return []
    counted = first_date(header.dates, codes_money.COUNTED)
    counted_at = next((header.moments[kind] for kind in codes_money.COUNTED if kind in header.moments), None)
    return [
        StockReported(
            purpose=beginning.purpose,
            issued_at=beginning.moment,
            buyer=header.party(codes.BUYER_PARTIES),
            supplier=header.party(codes.SUPPLIER_PARTIES, envelope_party(reader.transaction, "sender")),
            ship_to=header.party(_PLACES),
            number=beginning.number,
            counted_at=counted_at if counted else beginning.moment,
            lines=tuple(line for entry in entries for line in entry.finish()),
        )
    ]
