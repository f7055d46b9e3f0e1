"""From commands to the documents they are to a partner that reads X12 or EDIFACT.

A command whose type is a canonical document's ("order.placed", "goods.received") is that document. Of those
the desk has for suppliers, what asks for a change of an order is an order change; the rest (reminders,
claims, disputes) has no document and leaves as it is.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from visibility.canonical.documents import (
    DOCUMENT_TYPES,
    AnyDocument,
    Basis,
    Item,
    LineChange,
    OrderChanged,
    OrderRef,
    Party,
    Schedule,
)
from visibility.canonical.quantities import UnitScheme
from visibility.core.errors import InputError


class Parties(Struct, frozen=True, kw_only=True):
    """Who writes to whom: as documents name them."""

    buyer: Party
    supplier: Party


class _LineAsk(Struct, frozen=True, kw_only=True):
    """What is read of a command about a line (docs/commands.md)."""

    order: OrderRef
    line: str = ""
    item: Item = Item()
    unit: str = ""
    units: UnitScheme = "x12"
    place: str = ""
    quantity: Decimal | None = None
    formerly: Any = None
    price: Decimal | None = None
    date: dt.date | None = None
    basis: Basis = "dock"
    insist: bool = False
    reason: str = ""
    text: str = ""


def document_of(
    *, type: str, data: dict[str, Any], parties: Parties, issued_at: dt.datetime
) -> AnyDocument | None:
    """The document a command is; None where there is none for it. InputError for data that is none."""
    make = _MAKERS.get(type)
    try:
        if make is not None:
            return make(msgspec.convert(data, _LineAsk, strict=False), parties, issued_at)
        if type in DOCUMENT_TYPES:
            return msgspec.convert({"type": type, **data}, DOCUMENT_TYPES[type])  # type: ignore[return-value]
    except msgspec.ValidationError as error:
        raise InputError("bad_command", f"The command cannot be written as a document: {error}") from error
    return None


def _change(asked: _LineAsk, parties: Parties, issued_at: dt.datetime) -> AnyDocument:
    """One line of an order is to be otherwise; a quantity of none deletes it. Insisting tells it again."""
    quantity = asked.quantity
    if asked.insist and quantity is None and asked.formerly is not None:
        quantity = Decimal(str(asked.formerly))
    line = LineChange(
        op="delete" if quantity == 0 else "change",
        line=asked.line,
        item=asked.item,
        quantity=quantity,
        unit=asked.unit,
        price=asked.price,
        requests=(Schedule(date=asked.date, basis=_asked_basis(asked.basis)),) if asked.date else (),
    )
    return _order_changed(asked, line, parties, issued_at)


def _expedite(asked: _LineAsk, parties: Parties, issued_at: dt.datetime) -> AnyDocument | None:
    """So many of the line earlier. Without a day there is nothing that a document could ask for."""
    if asked.date is None:
        return None
    wanted = Schedule(quantity=asked.quantity, date=asked.date, basis="dock")
    line = LineChange(line=asked.line, item=asked.item, unit=asked.unit, requests=(wanted,))
    return _order_changed(asked, line, parties, issued_at)


def _asked_basis(basis: Basis) -> Basis:
    """A buyer asks for a day at the dock, or for one of shipping."""
    return "ship" if basis == "ship" else "dock"


def _order_changed(
    asked: _LineAsk, line: LineChange, parties: Parties, issued_at: dt.datetime
) -> OrderChanged:
    issuer = asked.order.issuer or next(iter(parties.buyer.ids), "")
    return OrderChanged(
        order=msgspec.structs.replace(asked.order, issuer=issuer),
        issued_at=issued_at,
        buyer=parties.buyer,
        supplier=parties.supplier,
        ship_to=Party(name=asked.place),
        units=asked.units,
        note=asked.text or asked.reason,
        lines=(line,),
    )


_Maker = Callable[[_LineAsk, Parties, dt.datetime], AnyDocument | None]
_MAKERS: dict[str, _Maker] = {"order.change_request": _change, "order.expedite": _expedite}
