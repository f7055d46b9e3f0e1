"""ORDCHG, purchase order change: what the buyer asks for from now on."""

import msgspec

from integrations.mappings.edifact import codes
from integrations.mappings.edifact.common import (
    ONE,
    Beginning,
    control_numbers,
    envelope_moment,
    envelope_party,
    issued_at,
    order_reference,
    pick_schedules,
)
from integrations.mappings.edifact.lines import Body, LineGroup, main_lines, read_body
from integrations.mappings.edifact.orders import order_placed
from integrations.mappings.edifact.reader import MessageReader
from visibility.canonical.documents import AnyDocument, LineChange, OrderChanged

_CANCELS = frozenset({"1", "17", "40", "50"})
_WHOLE = frozenset({"5", "18"})


def map_ordchg(reader: MessageReader) -> list[AnyDocument]:
    """The change; one that cancels the order (1225) is the order's cancellation.

    The order is named by RFF+ON; senders who leave that out put its number where the change's belongs.
    """
    body = read_body(reader)
    beginning = body.beginning
    if beginning is None:
        return []
    number = body.header.reference(codes.ORDER_REFERENCES) or beginning.number
    if not number:
        reader.go(beginning.place)
        reader.note("error", "no_order", "neither RFF+ON nor BGM has a number: no order is named", 2)
    if beginning.function in _CANCELS:
        order = order_reference(number, envelope_party(reader.message, "sender"))
        placed = order_placed(reader, body, beginning)
        return [msgspec.structs.replace(placed, order=order, purpose="cancel", kind="stand_alone", lines=())]
    return [_change(reader, body, beginning, number)]


def _change(reader: MessageReader, body: Body, beginning: Beginning, number: str) -> OrderChanged:
    header = body.header
    buyer = envelope_party(reader.message, "sender")
    reader.go(beginning.place)
    purpose = reader.code(3, codes.PURPOSES, "purpose") or "original"
    whole = beginning.function in _WHOLE
    lines = [_line(reader, line, whole) for line in main_lines(reader, body.lines)]
    return OrderChanged(
        order=order_reference(number, buyer),
        # Change and replace speak of the order here; of an earlier change of the number only these do.
        purpose=purpose if purpose in {"duplicate", "confirm"} else "original",
        issued_at=issued_at(header),
        buyer=header.party(codes.BUYER_PARTIES, buyer),
        supplier=header.party(codes.SUPPLIER_PARTIES, envelope_party(reader.message, "receiver")),
        ship_to=header.party(codes.SHIP_TO_PARTIES),
        units="rec20",
        version=_version(reader, beginning, number, body),
        whole=whole,
        lines=tuple(line for line in lines if line is not None),
    )


def _version(reader: MessageReader, beginning: Beginning, number: str, body: Body) -> str:
    """What tells this change from others: its own number and revision, else when and how it came."""
    own = beginning.number if beginning.number != number else ""
    if own or beginning.revision:
        return "|".join(part for part in (own, beginning.revision) if part)
    moment = issued_at(body.header) or envelope_moment(reader.message)
    return f"{moment.isoformat() if moment else ''}|{control_numbers(reader.message)}"


def _line(reader: MessageReader, line: LineGroup, whole: bool) -> LineChange | None:
    """The line as changed; None where it stays as it was. Where all lines are told, each is told anew."""
    reader.go(line.place)
    op = reader.code(2, codes.LINE_CHANGES, "line_status")
    if op == "" and not whole:
        return None
    op = op or ("replace" if whole else "change")
    if whole and op == "change":
        op = "replace"
    quantity, price = line.quantity(codes.ORDERED_QUANTITIES), line.price()
    schedules = tuple(planned.schedule for planned in line.planned)
    return LineChange(
        line=line.number,
        op=op,
        item=line.item(reader),
        quantity=quantity.value,
        unit=quantity.unit,
        price=price.price if price else None,
        price_per=price.per if price else ONE,
        price_unit=price.unit if price else "",
        requests=schedules or pick_schedules(line.dates, codes.REQUEST_DATES),
        destinations=tuple(line.destinations),
        allowances=tuple(line.allowances),
    )
