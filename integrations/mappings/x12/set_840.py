"""840, request for quotation: what the buyer asks a price for."""

import datetime as dt

from integrations.mappings.x12 import codes, codes_plans
from integrations.mappings.x12.common import check_line_count, control_numbers, envelope_party
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.order_parts import check_hash_total
from integrations.mappings.x12.orders import PO1, OrderHead, OrderLoop
from integrations.mappings.x12.plans import first_date
from integrations.mappings.x12.values import start_of_day
from visibility.canonical.bulletins import CatalogueLine, CataloguePublished
from visibility.canonical.documents import AnyDocument, Purpose


class _Beginning:
    """BQT: purpose, number and date of the request, and until when it is to be answered."""

    def __init__(self, reader: SetReader) -> None:
        self.purpose: Purpose = reader.code(1, codes.PURPOSES, "purpose") or "original"
        self.number = reader.identifier(2)
        self.date = reader.date(3)
        due = reader.raw(4) in codes_plans.QUOTATION_DUE_DATES
        self.due = reader.date(5) if due else None


def map_840(reader: SetReader) -> list[AnyDocument]:
    """The request: its lines have quantities and dates, and no price."""
    head = OrderHead()
    loops: list[OrderLoop] = []
    beginning: _Beginning | None = None
    for row in reader.rows():
        tag = row[0]
        if tag == "PO1":
            loops.append(OrderLoop(reader, PO1))
        elif tag == "BQT":
            beginning = _Beginning(reader)
        elif tag == "CTT":
            check_line_count(reader, len(loops), "lines")
            check_hash_total(reader, [loop.quantity for loop in loops])
        elif loops:
            loops[-1].take(reader, head.notes)
        else:
            head.take(reader)
    if beginning is None:
        reader.note_missing("BQT", "the request has no BQT segment, so it has no number")
        return []
    return [_request(reader, beginning, head, tuple(_line(reader, loop, head.dates) for loop in loops))]


def _line(reader: SetReader, loop: OrderLoop, default_dates: dict[str, dt.date]) -> CatalogueLine:
    loop.check(reader)
    return CatalogueLine(
        line=loop.number,
        item=loop.item,
        quantity=loop.quantity,
        unit=loop.unit,
        price=loop.price.price,
        price_per=loop.price.per,
        price_unit=loop.price.unit,
        requests=loop.requests(default_dates),
    )


def _request(
    reader: SetReader, beginning: _Beginning, head: OrderHead, lines: tuple[CatalogueLine, ...]
) -> CataloguePublished:
    transaction = reader.transaction
    buyer, supplier = envelope_party(transaction, "sender"), envelope_party(transaction, "receiver")
    return CataloguePublished(
        purpose=beginning.purpose,
        issued_at=start_of_day(beginning.date),
        buyer=head.party(codes.BUYER_PARTIES, buyer),
        supplier=head.party(codes.SUPPLIER_PARTIES, supplier),
        ship_to=head.party(codes.SHIP_TO_PARTIES),
        version="" if beginning.number else control_numbers(transaction),
        note=head.notes.text,
        number=beginning.number,
        kind="quotation_asked",
        currency=head.currency,
        respond_by=beginning.due or first_date(head.dates, codes_plans.QUOTATION_DUE_DATES),
        lines=lines,
    )
