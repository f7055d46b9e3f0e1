"""856, ship notice: what is on the way, in which packages, for which orders."""

import datetime as dt
from dataclasses import dataclass, field

from integrations.formats.x12.hierarchy import Hierarchy
from integrations.mappings.x12 import codes, codes_logistics
from integrations.mappings.x12.common import Header, check_line_count, envelope_party, order_reference
from integrations.mappings.x12.logistics import warn_at
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.notice_tree import (
    Loop,
    count_packages,
    first_said,
    merge_headers,
    nest_as_said,
    read_loops,
    ship_lines,
)
from integrations.mappings.x12.values import read_number
from visibility.canonical.documents import AnyDocument, OrderRef, Purpose, ShipLine, ShipmentNotified


@dataclass(slots=True)
class _Notice:
    """The document's own segments, before the first HL. `position` is where the BSN stands."""

    position: int = 0
    purpose: Purpose = "original"
    number: str = ""
    issued_at: dt.datetime | None = None
    structure: str = ""
    header: Header = field(default_factory=Header)


def map_856(reader: SetReader) -> list[AnyDocument]:
    """The ship notice. Without a tree there is nothing to read it by: the reader's findings say why."""
    tree = reader.transaction.hierarchy
    notice = _read_notice(reader, tree.starts[0] if tree else None)
    if notice is None:
        reader.note_missing("BSN", "the ship notice has no BSN segment, so it has no number")
        return []
    if tree is None and notice.purpose != "cancel":
        reader.note_missing("HL", "the ship notice has no HL loops: nothing says what was shipped")
        return []
    if tree is None:
        return [_document(reader, notice, [], [])]
    tree = nest_as_said(reader, tree, notice.structure)
    loops = read_loops(reader, tree, {"CTT": lambda reader, _: _check_count(reader, tree)})
    return [_document(reader, notice, loops, ship_lines(reader, loops, tree))]


def _read_notice(reader: SetReader, end: int | None) -> _Notice | None:
    notice = _Notice()
    found = False
    for row in reader.rows(0, end):
        if row[0] == "BSN":
            found = True
            notice.position = reader.position
            notice.purpose = reader.code(1, codes.PURPOSES, "purpose") or "original"
            notice.number = reader.identifier(2)
            notice.issued_at = reader.moment(3, 4)
            notice.structure = reader.raw(5)
        else:
            notice.header.take(reader)
    return notice if found else None


def _check_count(reader: SetReader, tree: Hierarchy) -> None:
    """CTT01 counts the HLs; many senders count their items, which tells nothing worth a warning."""
    if read_number(reader.raw(1)) != tree.levels.count("I"):
        check_line_count(reader, len(tree.starts), "HL loops")


def _document(
    reader: SetReader, notice: _Notice, loops: list[Loop], lines: list[ShipLine]
) -> ShipmentNotified:
    said = merge_headers(notice.header, loops)
    return ShipmentNotified(
        order=_order(reader, notice, loops),
        purpose=notice.purpose,
        issued_at=notice.issued_at,
        buyer=said.party(codes.BUYER_PARTIES, envelope_party(reader.transaction, "receiver")),
        supplier=said.party(codes.SUPPLIER_PARTIES, envelope_party(reader.transaction, "sender")),
        ship_to=said.party(codes.SHIP_TO_PARTIES),
        number=notice.number or _other_number(reader, notice, said),
        shipped_at=said.moment(codes.SHIPPED_DATES),
        estimated_at=said.moment(codes.ESTIMATED_DATES),
        carrier=first_said(loops, "carrier"),
        bill_of_lading=said.reference(codes.BILL_OF_LADING_REFERENCES),
        tracking=said.reference(codes.TRACKING_REFERENCES),
        vehicle=first_said(loops, "vehicle"),
        package_count=count_packages(loops),
        lines=tuple(lines),
    )


def _order(reader: SetReader, notice: _Notice, loops: list[Loop]) -> OrderRef | None:
    """The one order of the notice; where there are several, its lines name them."""
    named = {loop.order for loop in loops if loop.order is not None}
    if named:
        return next(iter(named)) if len(named) == 1 else None
    number = notice.header.reference(codes.ORDER_REFERENCES)
    if number:
        return order_reference(number, envelope_party(reader.transaction, "receiver"))
    if notice.purpose != "cancel":
        text = "the ship notice names no purchase order (PRF01): people have to say which it is for"
        warn_at(reader, notice.position, "no_order", text)
    return None


def _other_number(reader: SetReader, notice: _Notice, said: Header) -> str:
    """The number of the packing list, where BSN02 is empty: both are the supplier's of one shipment."""
    references = (*codes.SHIPMENT_REFERENCES, *codes_logistics.PACKING_LIST_REFERENCES)
    number = said.reference(references)
    if number:
        text = f"BSN02 is empty; the packing list {number[:40]!r} was taken for the shipment's number"
        warn_at(reader, notice.position, "no_shipment_number", text)
    else:
        reader.position, reader.row = notice.position, reader.transaction.row(notice.position)
        text = "BSN02 is empty and no packing list is named: the ship notice has no number"
        reader.note("error", "no_shipment_number", text, 2)
    return number
