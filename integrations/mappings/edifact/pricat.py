"""PRICAT, price and sales catalogue: a seller's items and what they cost."""

from typing import Literal

from integrations.mappings.edifact import codes
from integrations.mappings.edifact.common import ONE, Beginning, Price, envelope_party, issued_at
from integrations.mappings.edifact.lines import Body, LineGroup, main_lines, read_body
from integrations.mappings.edifact.orders import read_purpose
from integrations.mappings.edifact.reader import MessageReader
from visibility.canonical.bulletins import CatalogueLine
from visibility.canonical.documents import AnyDocument, CataloguePublished

_DAYS = {"804": 1, "803": 7}
_LEAD_TIME = "169"


class _Line(LineGroup):
    """A LIN of a price list: a DTM may give a lead time, which is no date."""

    def __init__(self, reader: MessageReader) -> None:
        super().__init__(reader)
        self.lead_days: int | None = None

    def take(self, reader: MessageReader, tag: str) -> bool:
        """Keep the present segment."""
        if tag == "DTM" and reader.raw(1, 2) in _DAYS:
            days = reader.raw(1, 1)
            if reader.raw(1) == _LEAD_TIME and days.isascii() and days.isdigit() and len(days) <= 4:
                self.lead_days = int(days) * _DAYS[reader.raw(1, 2)]
            return True
        return super().take(reader, tag)


def map_pricat(reader: MessageReader) -> list[AnyDocument]:
    """The price list."""
    body = read_body(reader, line_group=_Line)
    beginning = body.beginning
    if beginning is None:
        return []
    header = body.header
    return [
        CataloguePublished(
            purpose=read_purpose(reader, beginning),
            issued_at=issued_at(header),
            buyer=header.party(codes.BUYER_PARTIES, envelope_party(reader.message, "receiver")),
            supplier=header.party(codes.SUPPLIER_PARTIES, envelope_party(reader.message, "sender")),
            units="rec20",
            number=beginning.number,
            kind=_kind(beginning, body),
            currency=header.currency,
            starts_on=header.day(codes.VALID_FROM),
            ends_on=period.end if (period := header.period(("36", "206"))) else None,
            lines=tuple(_line(reader, line) for line in main_lines(reader, body.lines)),
        )
    ]


def _kind(beginning: Beginning, body: Body) -> Literal["catalogue", "changes"]:
    """Changes where the function says so, or every line does."""
    if beginning.function in {"2", "3", "4"}:
        return "changes"
    told = [codes.CATALOGUE_CHANGES.get(line.action) for line in body.lines]
    return "changes" if told and all(each in {"add", "delete", "change"} for each in told) else "catalogue"


def _line(reader: MessageReader, line: LineGroup) -> CatalogueLine:
    reader.go(line.place)
    change = reader.code(2, codes.CATALOGUE_CHANGES, "line_status") or "listed"
    price = line.price(codes.LIST_PRICES) or next(iter(line.prices), None)
    minimum = line.quantity(codes.MINIMUM_QUANTITIES)
    return CatalogueLine(
        line=line.number,
        item=line.item(reader),
        unit=minimum.unit or line.quantity(codes.PACK_QUANTITIES).unit,
        change=change,
        price=price.price if price else None,
        price_per=price.per if price else ONE,
        price_unit=price.unit if price else "",
        price_kind=_price_kind(price),
        starts_on=line.day(codes.VALID_FROM),
        ends_on=period.end if (period := line.period(codes.VALID_TO)) else None,
        minimum=minimum.value,
        pack=line.quantity(codes.PACK_QUANTITIES).value,
        lead_days=line.lead_days if isinstance(line, _Line) else None,
    )


def _price_kind(price: Price | None) -> Literal["cost", "retail", "other"]:
    if price is None:
        return "cost"
    if price.retail:
        return "retail"
    return "cost" if price.kind in codes.PRICES else "other"
