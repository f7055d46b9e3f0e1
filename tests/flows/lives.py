"""Small builders for the facts of an order's life. All of it made up."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from visibility.canonical.documents import (
    AnswerLine,
    AnswerPart,
    GoodsReceived,
    InvoiceLine,
    InvoiceReceived,
    Item,
    Line,
    LineChange,
    OrderAcknowledged,
    OrderChanged,
    OrderLine,
    OrderLineClosed,
    OrderPlaced,
    OrderRef,
    Party,
    ReceiptLine,
    Schedule,
    ShipLine,
    ShipmentNotified,
)
from visibility.canonical.quantities import UnitScheme, standard_factor
from visibility.flows.calendar import WorkingCalendar
from visibility.flows.projector import derive
from visibility.flows.state import Fact, FlowView, Terms, Witness

SPACE = UUID("0b1c2d3e-0000-5000-8000-00000000f10e")
TERMS = Terms(calendar=WorkingCalendar())
PO = OrderRef(number="4500001", issuer="ZZ:NORTHGATE")
ACME = Party(ids=("ZZ:ACMEIND",), name="Acme Industries")
DALLAS = Party(ids=("91:DAL",), name="Dallas DC")
SKU = Item(buyer="SKU-1042", vendor="AC-42", gtin="00012345678905")
SECOND = Item(buyer="SKU-1051", vendor="AC-51", gtin="00012345678912")


def day(number: int, hour: int = 15) -> dt.datetime:
    """A moment in November 2026; 15:00 UTC is 09:00 in Chicago."""
    return dt.datetime(2026, 11, number, hour, tzinfo=dt.UTC)


class TestUnits:
    """A case of any item holds twelve; the rest as the standards say."""

    __test__ = False

    def factor(
        self, *, item: Item, scheme: UnitScheme, unit: str, to_scheme: UnitScheme, to_unit: str
    ) -> Decimal | None:
        if (unit, to_unit) == ("CA", "EA"):
            return Decimal(12)
        if (unit, to_unit) == ("EA", "CA"):
            return Decimal(1) / Decimal(12)
        return standard_factor(scheme=scheme, unit=unit, to_scheme=to_scheme, to_unit=to_unit)


def fact(
    document: Any,
    *,
    name: str = "",
    witness: Witness = "edi",
    envelope_at: dt.datetime | None = None,
    control: str = "",
    message: str = "",
    translation: int = 1,
    explicit: bool = False,
) -> Fact:
    identity = uuid5(SPACE, name or f"{document!r}{witness}{envelope_at}{control}")
    return Fact(
        id=identity,
        document=document,
        envelope_at=envelope_at or document.issued_at,
        control=control,
        witness=witness,
        message=uuid5(SPACE, message) if message else identity,
        translation=translation,
        explicit_id=explicit,
    )


def view_of(*facts: Fact) -> FlowView:
    return derive(facts=list(facts), terms=TERMS, units=TestUnits())


def order_line(
    line: str = "1",
    quantity: object = 100,
    *,
    item: Item = SKU,
    unit: str = "CA",
    price: object = "34.56",
    **more: Any,
) -> OrderLine:
    return OrderLine(
        line=line,
        item=item,
        unit=unit,
        quantity=None if quantity is None else Decimal(str(quantity)),
        price=None if price is None else Decimal(str(price)),
        **more,
    )


def placed(*lines: OrderLine, witness: Witness = "edi", at: dt.datetime | None = None, **more: Any) -> Fact:
    at = at or day(2)
    more.setdefault("order", PO)
    extra = {
        key: more.pop(key) for key in ("name", "control", "envelope_at", "message", "explicit") if key in more
    }
    return fact(
        OrderPlaced(
            lines=lines or (order_line(),),
            issued_at=at,
            ordered_on=more.pop("ordered_on", at.date()),
            released_at=more.pop("released_at", at),
            currency="USD",
            supplier=ACME,
            ship_to=DALLAS,
            **more,
        ),
        witness=witness,
        **extra,
    )


def part(answer: str = "accepted", quantity: object = None, **more: Any) -> AnswerPart:
    return AnswerPart(answer=answer, quantity=None if quantity is None else Decimal(str(quantity)), **more)  # type: ignore[arg-type]


def answer_line(
    line: str = "1", *parts: AnswerPart, item: Item = SKU, unit: str = "CA", **more: Any
) -> AnswerLine:
    return AnswerLine(line=line, item=item, unit=unit, parts=parts, **more)


def answered(*lines: AnswerLine, at: dt.datetime | None = None, **more: Any) -> Fact:
    at = at or day(3)
    extra = {
        key: more.pop(key)
        for key in ("name", "control", "envelope_at", "message", "explicit", "witness")
        if key in more
    }
    more.setdefault("version", f"V{at:%d%H}|")
    return fact(OrderAcknowledged(order=PO, lines=lines, issued_at=at, supplier=ACME, **more), **extra)


def shipped(
    number: str, *lines: ShipLine, at: dt.datetime | None = None, witness: Witness = "edi", **more: Any
) -> Fact:
    at = at or day(10)
    more.setdefault("shipped_at", at)
    more.setdefault("supplier", ACME)
    return fact(
        ShipmentNotified(number=number, lines=lines, issued_at=at, **{"order": PO, **more}), witness=witness
    )


def received(
    number: str, *lines: ReceiptLine, at: dt.datetime | None = None, witness: Witness = "wms", **more: Any
) -> Fact:
    at = at or day(16)
    more.setdefault("received_at", at)
    return fact(
        GoodsReceived(number=number, lines=lines, issued_at=at, **{"order": PO, **more}), witness=witness
    )


def invoiced(
    number: str, *lines: InvoiceLine, at: dt.datetime | None = None, witness: Witness = "edi", **more: Any
) -> Fact:
    at = at or day(12)
    more.setdefault("invoiced_on", at.date())
    return fact(
        InvoiceReceived(number=number, lines=lines, issued_at=at, supplier=ACME, **{"order": PO, **more}),
        witness=witness,
    )


def changed(*lines: LineChange, at: dt.datetime | None = None, witness: Witness = "erp", **more: Any) -> Fact:
    at = at or day(5)
    return fact(OrderChanged(order=PO, lines=lines, issued_at=at, **more), witness=witness)


def closed(*numbers: str, at: dt.datetime | None = None, reopened: bool = False) -> Fact:
    lines = tuple(Line(line=number) for number in numbers)
    return fact(
        OrderLineClosed(order=PO, lines=lines, issued_at=at or day(20), reopened=reopened), witness="desk"
    )


def ship(
    line: str = "1", quantity: object = 100, *, item: Item = SKU, unit: str = "CA", **more: Any
) -> ShipLine:
    return ShipLine(line=line, item=item, unit=unit, quantity=_number(quantity), **more)


def receipt(
    line: str = "1", quantity: object = 100, *, item: Item = SKU, unit: str = "CA", **more: Any
) -> ReceiptLine:
    return ReceiptLine(line=line, item=item, unit=unit, quantity=_number(quantity), **more)


def bill(
    line: str = "1",
    quantity: object = 100,
    price: object = "34.56",
    *,
    item: Item = SKU,
    unit: str = "CA",
    **more: Any,
) -> InvoiceLine:
    return InvoiceLine(
        line=line, item=item, unit=unit, quantity=_number(quantity), price=_number(price), **more
    )


def change(
    line: str = "1", quantity: object = None, op: str = "change", *, item: Item = SKU, **more: Any
) -> LineChange:
    return LineChange(line=line, item=item, quantity=_number(quantity), op=op, **more)  # type: ignore[arg-type]


def wanted(number: int, quantity: object = None, basis: str = "dock") -> Schedule:
    return Schedule(quantity=_number(quantity), date=day(number).date(), basis=basis)  # type: ignore[arg-type]


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def only(lines: Iterable[Any]) -> Any:
    (line,) = lines
    return line


def milestone_of(owner: Any, name: str) -> Any:
    """The step of that name of a line or an order."""
    return next(each for each in owner.milestones if each.name == name)
