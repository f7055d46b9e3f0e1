"""What other systems are asked, type by type: the canonical commands (docs/commands.md). No Django.

A command says what is wanted in our own words; a connector turns it into what its system reads. All are safe
to send again under the same id. Quantities are decimals as strings, dates ISO 8601, units codes of `units`.
"""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import msgspec
from msgspec import Struct

from visibility.canonical.documents import Basis, Item, OrderRef
from visibility.canonical.quantities import UnitScheme
from visibility.desk.plans import Command, Json, SystemRole


class Ask(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="type"
):
    """What every command may say: the order it is about, its parties by name, and why."""

    order: OrderRef | None = None
    supplier: str = ""
    place: str = ""
    reason: str = ""


class LineAsk(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """What every command about a line says. Quantities are in `unit`, a code of the list `units`."""

    line: str
    item: Item = Item()
    unit: str = ""
    units: UnitScheme = "x12"


class LineConfirm(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="order.line.confirm"):
    """ERP: enter what the supplier confirmed, beside what is ordered, which stays as it is."""

    confirmed: Decimal | None = None
    backordered: Decimal | None = None
    backordered_until: dt.date | None = None
    date: dt.date | None = None
    basis: Basis = "unstated"
    price: Decimal | None = None
    currency: str = ""
    substitute: Item | None = None


class LineCancel(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="order.line.cancel"):
    """ERP: so many of the line are no longer wanted from this supplier; `left` are."""

    quantity: Decimal
    left: Decimal | None = None


class LineClose(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="order.line.close"):
    """ERP: give up so many as the open rest of the line (short-close); what came in or still comes stays."""

    quantity: Decimal | None = None


class LineReopen(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="order.line.reopen"):
    """ERP: what was taken back is open again. `quantity`: so many that were cancelled are ordered once more;
    None: the line was closed, or its confirmation entered, and is open as it is ordered."""

    quantity: Decimal | None = None


class LineDate(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="order.line.date"):
    """ERP: expect the line, or so many of it, on another day."""

    date: dt.date
    formerly: dt.date | None = None
    quantity: Decimal | None = None
    basis: Basis = "dock"


class OrderDraft(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="order.draft"):
    """ERP: draft an order to another supplier for what `order` and `line` no longer bring."""

    to: str
    to_code: str = ""
    quantity: Decimal
    price: Decimal
    currency: str = ""
    date: dt.date | None = None


class DraftWithdraw(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="order.draft.withdraw"):
    """ERP: take the draft that was made for this line and supplier back."""

    to: str
    to_code: str = ""
    quantity: Decimal


class ChangeRequest(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="order.change_request"):
    """Supplier: change the line (860, ORDCHG), and answer. `formerly` is what it stood at.

    `insist`: the order does not change; the supplier is asked once more for what is ordered.
    """

    quantity: Decimal | None = None
    formerly: Decimal | None = None
    price: Decimal | None = None
    currency: str = ""
    date: dt.date | None = None
    basis: Basis = "unstated"
    insist: bool = False
    answer_by: dt.datetime | None = None
    text: str = ""


class AnswerAccepted(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="order.answer_accepted"):
    """Supplier: what you answered is accepted; this is what we count on."""

    confirmed: Decimal | None = None
    backordered: Decimal | None = None
    date: dt.date | None = None
    price: Decimal | None = None
    currency: str = ""


class Remind(Ask, frozen=True, kw_only=True, omit_defaults=True, tag="order.remind"):
    """Supplier: an answer is missing, to the order or to these lines."""

    lines: tuple[str, ...] = ()
    answer_by: dt.datetime | None = None
    text: str = ""


class Expedite(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="order.expedite"):
    """Supplier: bring so many of the line earlier than promised; by `date` if it can be."""

    quantity: Decimal | None = None
    date: dt.date | None = None
    formerly: dt.date | None = None
    answer_by: dt.datetime | None = None
    text: str = ""


class NoticeRequest(Ask, frozen=True, kw_only=True, omit_defaults=True, tag="shipment.request_notice"):
    """Supplier: send the ship notice (856, DESADV) of what left, or a corrected one of `shipment`."""

    lines: tuple[str, ...] = ()
    shipment: str = ""
    answer_by: dt.datetime | None = None
    text: str = ""


class ReceiptRequest(Ask, frozen=True, kw_only=True, omit_defaults=True, tag="message.request_receipt"):
    """Supplier: say that you could read what we sent (997, CONTRL), or why not."""

    message: UUID | None = None
    answer_by: dt.datetime | None = None
    text: str = ""


class TellAgain(Ask, frozen=True, kw_only=True, omit_defaults=True, tag="record.tell_again"):
    """Any system: tell once more what you have of the order, or of these lines."""

    lines: tuple[str, ...] = ()


class SupplyPart(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """So many more (or, negative, fewer) on a day; None: the day is not known."""

    quantity: Decimal
    date: dt.date | None = None


class SupplyChange(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="planning.supply_change"):
    """Planning: the supply that the line brings moves by this much on these days."""

    parts: tuple[SupplyPart, ...]


class Expect(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="wms.expect"):
    """WMS: expect so many of the line, on that day where it is known, in place of `formerly`."""

    quantity: Decimal
    date: dt.date | None = None
    formerly: Decimal | None = None


class ReceiptReverse(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="wms.receipt.reverse"):
    """WMS: take back a receipt that was wrong, and tell so (goods.received with `reverses`)."""

    receipt: str
    quantity: Decimal | None = None


class ReceiptKeep(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="order.receipt.accept_over"):
    """ERP: what came in beyond the order is kept and may be paid."""

    quantity: Decimal
    received: Decimal | None = None


class ReturnCreate(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="return.create"):
    """ERP: a return order of so many to the supplier."""

    quantity: Decimal
    receipt: str = ""


class ReturnCancel(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="return.cancel"):
    """ERP: take that return order back."""

    quantity: Decimal


class ReturnShip(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="return.ship"):
    """WMS: set so many aside and ship them back."""

    quantity: Decimal
    receipt: str = ""


class ReturnNotice(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="return.notice"):
    """Supplier: so many come back; say where to."""

    quantity: Decimal
    answer_by: dt.datetime | None = None


class ClaimOpen(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="claim.open"):
    """ERP: a claim for damage, shortage or the wrong item, against the supplier or the carrier."""

    what: str
    against: str
    quantity: Decimal
    amount: Decimal | None = None
    currency: str = ""
    receipt: str = ""
    shipment: str = ""


class ClaimWithdraw(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="claim.withdraw"):
    """ERP: take that claim back."""

    what: str
    against: str
    quantity: Decimal


class ClaimNotice(LineAsk, frozen=True, kw_only=True, omit_defaults=True, tag="claim.notice"):
    """Supplier, or the carrier by the transport system: we claim this, and expect an answer."""

    what: str
    quantity: Decimal
    amount: Decimal | None = None
    currency: str = ""
    receipt: str = ""
    shipment: str = ""
    answer_by: dt.datetime | None = None
    text: str = ""


class InvoiceAsk(LineAsk, frozen=True, kw_only=True, omit_defaults=True):
    """What every command about a bill says. `amount` is what is at stake, in `currency`."""

    line: str = ""
    invoice: str = ""
    quantity: Decimal | None = None
    billed_price: Decimal | None = None
    price: Decimal | None = None
    amount: Decimal | None = None
    currency: str = ""


class InvoiceDispute(InvoiceAsk, frozen=True, kw_only=True, omit_defaults=True, tag="invoice.dispute"):
    """ERP: block the bill's payment as far as it is disputed."""


class InvoiceRelease(InvoiceAsk, frozen=True, kw_only=True, omit_defaults=True, tag="invoice.release"):
    """ERP: lift that block."""


class DisputeNotice(InvoiceAsk, frozen=True, kw_only=True, omit_defaults=True, tag="invoice.dispute_notice"):
    """Supplier: we do not pay this part of your bill, for this reason."""

    answer_by: dt.datetime | None = None
    text: str = ""


class CreditRequest(InvoiceAsk, frozen=True, kw_only=True, omit_defaults=True, tag="invoice.credit_request"):
    """Supplier: send a credit memo for so much."""

    answer_by: dt.datetime | None = None
    text: str = ""


class InvoiceMatch(InvoiceAsk, frozen=True, kw_only=True, omit_defaults=True, tag="invoice.match"):
    """ERP: set this credit memo against that bill."""

    credit: str


class InvoiceUnmatch(InvoiceAsk, frozen=True, kw_only=True, omit_defaults=True, tag="invoice.unmatch"):
    """ERP: take that match back."""

    credit: str


class VarianceAccept(
    InvoiceAsk, frozen=True, kw_only=True, omit_defaults=True, tag="invoice.accept_variance"
):
    """ERP: pay the bill as it is."""


ROLES: dict[type[Ask], tuple[SystemRole, ...]] = {
    LineConfirm: ("erp",),
    LineCancel: ("erp",),
    LineClose: ("erp",),
    LineReopen: ("erp",),
    LineDate: ("erp",),
    OrderDraft: ("erp",),
    DraftWithdraw: ("erp",),
    ChangeRequest: ("supplier",),
    AnswerAccepted: ("supplier",),
    Remind: ("supplier",),
    Expedite: ("supplier",),
    NoticeRequest: ("supplier",),
    ReceiptRequest: ("supplier",),
    TellAgain: ("erp", "planning", "wms", "tms"),
    SupplyChange: ("planning",),
    Expect: ("wms",),
    ReceiptReverse: ("wms",),
    ReceiptKeep: ("erp",),
    ReturnCreate: ("erp",),
    ReturnCancel: ("erp",),
    ReturnShip: ("wms",),
    ReturnNotice: ("supplier",),
    ClaimOpen: ("erp",),
    ClaimWithdraw: ("erp",),
    ClaimNotice: ("supplier", "tms"),
    InvoiceDispute: ("erp",),
    InvoiceRelease: ("erp",),
    DisputeNotice: ("supplier",),
    CreditRequest: ("supplier",),
    InvoiceMatch: ("erp",),
    InvoiceUnmatch: ("erp",),
    VarianceAccept: ("erp",),
}
"""Every command, and the kinds of system that it is for."""

COMMANDS: dict[str, type[Ask]] = {str(kind.__struct_config__.tag): kind for kind in ROLES}


def command(asked: Ask, *, words: str, role: SystemRole | None = None) -> Command:
    """What is asked, as a plan has it. `role` only where the command is for several kinds of system."""
    data: Json = msgspec.json.decode(msgspec.json.encode(asked))
    kind = data.pop("type")
    return Command(role=role or ROLES[type(asked)][0], type=kind, data=data, words=words)


def read_command(*, type: str, data: Json) -> Ask:
    """A command's data as what it is. msgspec.ValidationError for what is none of its fields."""
    return msgspec.convert({"type": type, **data}, COMMANDS[type])
