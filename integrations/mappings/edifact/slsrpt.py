"""SLSRPT, sales data report: what was sold and returned, place by place."""

from integrations.mappings.edifact import codes
from integrations.mappings.edifact.common import (
    Beginning,
    Gathered,
    check_line_count,
    envelope_party,
    issued_at,
    read_party,
)
from integrations.mappings.edifact.lines import LineGroup
from integrations.mappings.edifact.orders import read_purpose
from integrations.mappings.edifact.reader import MessageReader
from integrations.mappings.edifact.times import Period
from visibility.canonical.bulletins import SalesLine
from visibility.canonical.documents import AnyDocument, Party, SalesReported

_PRICES = ("AAA", "NTP", "INV", "AAB", "AAE", "AAF", "CAL", "INF")


class _Report:
    """The message while it is being read. `place` and `span` hold for the lines behind them."""

    def __init__(self) -> None:
        self.beginning: Beginning | None = None
        self.header = Gathered()
        self.lines: list[tuple[LineGroup, Party, Gathered]] = []
        self.place = Party()
        self.span = Gathered()

    def take(self, reader: MessageReader, tag: str) -> None:
        """Keep the present segment."""
        if tag == "LOC":
            self.place, self.span = read_party(reader), Gathered()
        elif tag == "LIN":
            self.lines.append((LineGroup(reader, signed=True), self.place, self.span))
        elif tag == "BGM":
            self.beginning = self.beginning or Beginning(reader)
        elif tag == "CNT":
            check_line_count(reader, len(self.lines))
        elif (
            tag == "DTM" and self.place != Party() and (not self.lines or self.lines[-1][2] is not self.span)
        ):
            self.span.take(reader, tag)
        elif self.lines:
            self.lines[-1][0].take(reader, tag)
        else:
            self.header.take(reader, tag)


def map_slsrpt(reader: MessageReader) -> list[AnyDocument]:
    """The report, one line a quantity."""
    report = _Report()
    for tag in reader.rows(1):
        report.take(reader, tag)
    if report.beginning is None:
        reader.note_missing("BGM", "the report has no BGM segment, so it has no number")
        return []
    header = report.header
    lines = [
        sold for line, place, span in report.lines for sold in _lines(reader, line, place, (span, header))
    ]
    start, end = _span((header,))
    return [
        SalesReported(
            purpose=read_purpose(reader, report.beginning),
            issued_at=issued_at(header),
            buyer=header.party(codes.BUYER_PARTIES, envelope_party(reader.message, "sender")),
            supplier=header.party(codes.SUPPLIER_PARTIES, envelope_party(reader.message, "receiver")),
            units="rec20",
            number=report.beginning.number,
            starts_on=start.start if start else None,
            ends_on=end.end if end else None,
            lines=tuple(lines),
        )
    ]


def _span(where: tuple[Gathered, ...]) -> tuple[Period | None, Period | None]:
    """From when to when, by the narrowest that says it: a span, or its two ends."""
    for each in where:
        start, end = each.period(codes.REPORT_STARTS), each.period(codes.REPORT_ENDS)
        if start is None and end is None:
            start = end = each.period(codes.REPORT_SPANS)
        if start is not None or end is not None:
            return start, end
    return None, None


def _lines(
    reader: MessageReader, line: LineGroup, place: Party, where: tuple[Gathered, ...]
) -> list[SalesLine]:
    item, price = line.item(reader), line.price(_PRICES)
    start, end = _span((line, *where))
    each_price = price.price / price.per if price else None
    return [
        SalesLine(
            line=line.number,
            item=item,
            quantity=quantity.value,
            unit=quantity.unit,
            activity=codes.SALES_ACTIVITIES.get(kind, "other"),
            place=place,
            starts_on=start.start if start else None,
            ends_on=end.end if end else None,
            price=each_price,
        )
        for kind, quantity in line.quantities.items()
    ]
