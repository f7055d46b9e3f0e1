"""850, purchase order: what the buyer asks for."""

import datetime as dt

from integrations.mappings.x12 import codes
from integrations.mappings.x12.common import (
    Header,
    check_line_count,
    envelope_moment,
    envelope_party,
    order_reference,
    pick_schedules,
    read_ctp,
    read_item_codes,
    read_price,
)
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.values import start_of_day
from visibility.canonical.documents import AnyDocument, Item, OrderLine, OrderPlaced, Purpose, Schedule


class _Line:
    """One PO1 loop while it is being read."""

    def __init__(self, reader: SetReader) -> None:
        self.number = reader.identifier(1)
        self.quantity = reader.quantity(2)
        self.unit = reader.unit(3)
        self.price = read_price(reader, 4)
        self.item = read_item_codes(reader, 6).item
        self.description = ""
        self.schedules: list[Schedule] = []
        self.dates = Header()

    def take(self, reader: SetReader) -> None:
        tag = reader.row[0]
        if tag == "PID":
            self.description = self.description or reader.text(5)
        elif tag == "CTP" and self.price.price is None:
            self.price = read_ctp(reader)
        elif tag == "SCH":
            self.schedules.extend(read_schedule(reader, self.unit))
        elif tag == "DTM":
            self.dates.take_date(reader)

    def finish(self, default_dates: dict[str, dt.date]) -> OrderLine:
        item = self.item
        if self.description:
            item = Item(buyer=item.buyer, vendor=item.vendor, gtin=item.gtin, description=self.description)
        requests = tuple(self.schedules) or pick_schedules(self.dates.dates, codes.REQUEST_DATES)
        return OrderLine(
            line=self.number,
            item=item,
            quantity=self.quantity,
            unit=self.unit,
            price=self.price.price,
            price_per=self.price.per,
            price_unit=self.price.unit,
            requests=requests or pick_schedules(default_dates, codes.REQUEST_DATES),
        )


def read_schedule(reader: SetReader, line_unit: str) -> list[Schedule]:
    """The present SCH: one dated quantity. Nothing, with a warning, where it counts in another unit."""
    quantity, unit = reader.quantity(1), reader.unit(2)
    if unit and line_unit and unit != line_unit:
        reader.note("warning", "schedule_unit", f"the schedule counts in {unit}, the line in {line_unit}", 2)
        return []
    day = reader.date(6)
    basis = codes.DATE_BASES.get(reader.raw(5), "unstated")
    return [] if quantity is None and day is None else [Schedule(quantity=quantity, date=day, basis=basis)]


def map_850(reader: SetReader) -> list[AnyDocument]:
    """The order as placed. Findings in the reader say what forbids its use."""
    header = Header()
    lines: list[OrderLine] = []
    line: _Line | None = None
    beginning: _Beginning | None = None
    currency = ""
    for row in reader.rows():
        tag = row[0]
        if tag == "PO1":
            if line is not None:
                lines.append(line.finish(header.dates))
            line = _Line(reader)
        elif tag == "BEG":
            beginning = _Beginning(reader)
        elif tag == "CTT":
            check_line_count(reader, len(lines) + (line is not None), "lines")
        elif line is not None:
            line.take(reader)
        elif tag == "CUR":
            currency = reader.text(2)[:3]
        else:
            header.take(reader)
    if line is not None:
        lines.append(line.finish(header.dates))
    if beginning is None:
        reader.note_missing("BEG", "the order has no BEG segment, so it has no number")
        return []
    return [_order(reader, beginning, header, lines, currency)]


class _Beginning:
    """BEG: purpose, kind, number, release, date."""

    def __init__(self, reader: SetReader) -> None:
        self.purpose: Purpose = reader.code(1, codes.PURPOSES, "purpose") or "original"
        kind = reader.raw(2)
        self.kind = reader.code(2, codes.ORDER_KINDS, "order_type") or codes.OTHER_ORDER_KIND
        self.number = reader.identifier(3)
        if not self.number:
            reader.note("error", "no_order", "BEG03 is empty: the order has no number", 3)
        self.release = reader.identifier(4) if kind in codes.KINDS_WITH_RELEASE else ""
        self.date = reader.date(5)


def _order(
    reader: SetReader, beginning: _Beginning, header: Header, lines: list[OrderLine], currency: str
) -> OrderPlaced:
    buyer = envelope_party(reader.transaction, "sender")
    return OrderPlaced(
        order=order_reference(beginning.number, buyer, beginning.release),
        purpose=beginning.purpose,
        issued_at=start_of_day(beginning.date),
        buyer=header.party(codes.BUYER_PARTIES, buyer),
        supplier=header.party(codes.SUPPLIER_PARTIES, envelope_party(reader.transaction, "receiver")),
        ship_to=header.party(codes.SHIP_TO_PARTIES),
        kind=beginning.kind,
        ordered_on=beginning.date,
        released_at=envelope_moment(reader.transaction),
        currency=currency,
        lines=tuple(lines),
    )
