"""What happened and how an order stands, in one sentence each, in the language of operations."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from msgspec import structs

from visibility.canonical.documents import (
    ORDERLESS,
    AnyDocument,
    CommandOutcome,
    DecisionTaken,
    Document,
    EntryLinked,
    GoodsReceived,
    InvoiceIssued,
    InvoiceReceived,
    Line,
    OpeningBalance,
    OrderAcknowledged,
    OrderChanged,
    OrderLine,
    OrderLineBlocked,
    OrderLineClosed,
    OrderPlaced,
    OrderRef,
    OrderReleased,
    PaymentStatus,
    ReceiptLine,
    RequisitionStatus,
    ServiceAccepted,
    ShipmentNotified,
    TransportStatus,
)
from visibility.flows import counted, told_beside, told_desk, told_steps, words
from visibility.flows.amounts import ZERO
from visibility.flows.identity import name_of
from visibility.flows.matching import concerns
from visibility.flows.moments import moment
from visibility.flows.state import FlowView, LineView, Milestone, MilestoneName
from visibility.flows.told_answers import called, ordered_line, tell_lines

L = TypeVar("L", bound=Line)


class Named(Protocol):
    """How people call the parties of a flow; empty where nobody knows."""

    @property
    def supplier(self) -> str: ...
    @property
    def ship_to(self) -> str: ...


class Located(Named, Protocol):
    """The same, with the IANA zone in which days are told."""

    @property
    def zone(self) -> str: ...


class Seen(Protocol):
    """A finding, as far as a sentence needs it."""

    @property
    def summary(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def line(self) -> str: ...


_WEIGHT = {"critical": 0, "high": 1, "medium": 2, "low": 3}
_PURPOSES = {
    "replace": "Replaced: ",
    "duplicate": "Sent again: ",
    "confirm": "Confirmed again: ",
}


def summarise(
    *,
    document: AnyDocument,
    names: Named,
    order: OrderRef | None = None,
    ordered: Sequence[LineView] = (),
) -> str:
    """One ledger entry as one line of the timeline.

    `order` limits a document that speaks of several orders to the lines of one; `ordered` are that order's
    lines, so that an answer or a shipment can be told against them.
    """
    if document.purpose == "cancel":
        return f"{words.sentence(name_of(document))} cancelled"
    if isinstance(document, OrderAcknowledged):
        text = _acknowledged(document, names, order, ordered)
    elif isinstance(document, ShipmentNotified):
        text = _shipped(document, names, order, ordered)
    else:
        teller: Callable[[Any, Named, OrderRef | None], str] = _TELLERS[type(document)]
        text = teller(document, names, order)
    text = words.sentence(text + told_steps.by_whom(document))
    return _PURPOSES.get(document.purpose, "") + text


def _supplier(document: Document, names: Named) -> str:
    return names.supplier or words.party(document.supplier, "the supplier")


def _place(document: Document, names: Named) -> str:
    return names.ship_to or words.party(document.ship_to, "the receiver")


def _own(lines: Sequence[L], document: Document, order: OrderRef | None) -> list[L]:
    return [line for line in lines if concerns(own=order, named=line.order or document.order)]


def _of(line: Line, ordered: Sequence[LineView]) -> str:
    return f"{words.quantity(line.quantity, line.unit)} of {called(line, ordered_line(line, ordered))}"


def _list(lines: Sequence[Line], *, otherwise: str, ordered: Sequence[LineView] = ()) -> str:
    """ "40 CA of SKU-1051", "… and 12 EA of SKU-7", or "3 lines"."""
    if not lines:
        return otherwise
    if len(lines) <= 2:
        return " and ".join(_of(line, ordered) for line in lines)
    return f"{len(lines)} lines"


def _order(document: Document) -> str:
    return f"order {document.order.number}" if document.order else "the order"


def _placed(document: OrderPlaced, names: Named, order: OrderRef | None) -> str:
    lines = _own(document.lines, document, order)
    if document.by_line and told_steps.is_untold(lines):
        return told_steps.placed(document, lines, _supplier(document, names))
    text = (
        f"{_order(document)} placed with {_supplier(document, names)}: {_list(lines, otherwise='no lines')}"
    )
    value = _value(lines)
    if value is not None:
        text += f", {words.money(value, document.currency)}"
    days = {request.date for line in lines for request in line.requests if request.date}
    return f"{text}, wanted {words.day(max(days))}" if len(days) == 1 else text


def _value(lines: Sequence[OrderLine]) -> Decimal | None:
    """What the order costs, where every line says so in the unit it is ordered in."""
    total = ZERO
    for line in lines:
        per_unit = line.price_unit in ("", line.unit) and line.price_per
        if line.price is None or line.quantity is None or not per_unit:
            return None
        total += line.price / line.price_per * line.quantity
    return total or None


def _released(document: OrderReleased, names: Named, order: OrderRef | None) -> str:
    return f"{_order(order_of(document, order))} sent to {_supplier(document, names)}"


def order_of(document: Document, order: OrderRef | None) -> Document:
    """The document where it names its order, else one that names `order`."""
    return document if document.order or order is None else OrderReleased(order=order)


def _changed(document: OrderChanged, names: Named, order: OrderRef | None) -> str:  # noqa: ARG001
    told: list[str] = []
    for line in _own(document.lines, document, order):
        what = words.of_item(line.item, line.line)
        if line.op == "delete":
            told.append(f"{what} cancelled")
        elif line.op == "reopen":
            told.append(f"{what} wanted again")
        elif line.untold:
            told.append(told_steps.changed(line, what))
        elif line.quantity is None and line.delta:
            more = "more" if line.delta > 0 else "less"
            told.append(f"{words.quantity(abs(line.delta), line.unit)} {more} of {what}")
        elif line.quantity is not None:
            verb = "added" if line.op == "add" else "changed to"
            told.append(f"{what} {verb} {words.quantity(line.quantity, line.unit)}")
        else:
            told.append(f"{what} {'added' if line.op == 'add' else 'changed'}")
    if len(told) > 2:
        told = [f"{len(told)} lines"]
    if document.whole:
        told.append("all other lines cancelled")
    return f"{_order(order_of(document, order))} changed" + (f": {'; '.join(told)}" if told else "")


_COVERAGE = {
    "accepted": "accepted {the_whole}",
    "rejected": "rejected {the_whole}",
    "held": "put {the_whole} on hold",
    "exceptions": "accepted {the} with exceptions",
    "detail": "answered {the}",
}


def _acknowledged(
    document: OrderAcknowledged, names: Named, order: OrderRef | None, ordered: Sequence[LineView]
) -> str:
    who = _supplier(document, names)
    if document.coverage == "untold":
        return (
            f"{who} answered {told_steps.of_lines(_own(document.lines, document, order))}, what is not told"
        )
    lines = [line for line in _own(document.lines, document, order) if line.parts]
    if document.coverage in ("accepted", "rejected", "held") or not lines:
        change = f"order change {document.change}" if document.change else ""
        said = _COVERAGE[document.coverage]
        return f"{who} {said.format(the_whole=change or 'the whole order', the=change or 'the order')}"
    return f"{who} {tell_lines(lines, ordered)}"


def _shipped(
    document: ShipmentNotified, names: Named, order: OrderRef | None, ordered: Sequence[LineView]
) -> str:
    lines = _own(document.lines, document, order)
    goods = _short_of(lines, ordered) or _list(lines, otherwise="goods", ordered=ordered)
    text = f"{_supplier(document, names)} shipped {goods}"
    if document.number:
        text += f" on ASN {document.number}"
    if document.replaces:
        text += f" in place of {document.replaces}"
    if document.estimated_at:
        text += f", ETA {words.day(document.estimated_at.date())}"
    return text


def _short_of(lines: Sequence[Line], ordered: Sequence[LineView]) -> str:
    """ "28 of 30 CA of SKU-1063" for a shipment of one line that does not carry all of it, else nothing."""
    own = ordered_line(lines[0], ordered) if len(lines) == 1 else None
    if own is None or own.ordered is None or own.unit != lines[0].unit:
        return ""
    if lines[0].quantity is None or lines[0].quantity >= own.ordered:
        return ""
    size = f"{words.plain(lines[0].quantity)} of {words.quantity(own.ordered, own.unit)}"
    return f"{size} of {words.of_item(own.item, own.line)}"


_STATUSES = {
    "pending": "is not on its way yet",
    "departed": "left",
    "in_transit": "is on its way",
    "arrived": "arrived",
    "delivered": "was delivered",
    "delayed": "is delayed",
}


def _moved(document: TransportStatus, names: Named, order: OrderRef | None) -> str:  # noqa: ARG001
    number = document.shipment or document.bill_of_lading or document.tracking
    text = f"shipment {number} {_STATUSES[document.status]}" if number else f"goods: {document.status}"
    if document.reason:
        text += f" ({document.reason})"
    if document.estimated_at and document.status not in ("arrived", "delivered"):
        text += f", ETA {words.day(document.estimated_at.date())}"
    return text


def _received(document: GoodsReceived, names: Named, order: OrderRef | None) -> str:
    lines = _own(document.lines, document, order)
    if document.reverses or (
        lines and all(line.quantity is not None and line.quantity < 0 for line in lines)
    ):
        return _taken_back(document, lines, _place(document, names))
    if document.reversal or told_steps.is_untold(lines):
        return told_steps.received(document, lines, _place(document, names))
    text = f"{_place(document, names)} received {_list(lines, otherwise='goods')}"
    damaged = [line.damaged for line in lines if line.damaged is not None]
    if damaged:
        total = sum(damaged, ZERO)
        text += f", {words.plain(total)} damaged" if total else ", none damaged"
    return text


def _taken_back(document: GoodsReceived, lines: Sequence[ReceiptLine], place: str) -> str:
    """ "Dallas DC took back 20 CA of SKU-1042 of receipt R-1"."""
    sizes = [
        structs.replace(line, quantity=None if line.quantity is None else abs(line.quantity))
        for line in lines
    ]
    receipt = f"receipt {document.reverses}" if document.reverses else ""
    goods = _list(sizes, otherwise=receipt or "goods")
    return f"{place} took back {goods}" + (f" of {receipt}" if sizes and receipt else "")


def _invoiced(document: InvoiceReceived, names: Named, order: OrderRef | None) -> str:  # noqa: ARG001
    lines = _own(document.lines, document, order)
    if document.reversal or document.kind == "subsequent" or (lines and not document.number):
        return told_steps.invoiced(document, lines)
    word = "credit note" if document.kind == "credit" else "invoice"
    text = f"{word} {document.number}".strip()
    if document.corrects:
        text += f" for invoice {document.corrects}"
    if document.total is not None:
        text += f", {words.money(document.total, document.currency)}"
    return text


def _opened(document: OpeningBalance, names: Named, order: OrderRef | None) -> str:  # noqa: ARG001
    day = moment(document.as_of).at or document.as_of
    told = []
    for line in _own(document.lines, document, order)[:2]:
        said = [("ordered", line.quantity), ("confirmed", line.confirmed), ("shipped", line.shipped)]
        said += [("received", line.received), ("billed", line.billed)]
        parts = [f"{words.plain(value)} {verb}" for verb, value in said if value]
        told.append(f"{words.of_item(line.item, line.line)} {', '.join(parts)}".strip())
    more = len(document.lines) - len(told)
    rest = f" and {more} more {'line' if more == 1 else 'lines'}" if more > 0 else ""
    return f"opening balance as of {words.day(day.date())}: {'; '.join(told)}{rest}".rstrip(": ")


def _closed(document: OrderLineClosed, names: Named, order: OrderRef | None) -> str:  # noqa: ARG001
    numbers = [line.line or words.item(line.item) for line in _own(document.lines, document, order)]
    which = f"line {', '.join(numbers)}" if numbers else "the order"
    reason = f": {document.reason}" if document.reason else ""
    return (f"{which} taken up again" if document.reopened else f"the open rest of {which} given up") + reason


def _linked(document: EntryLinked, _names: Named, _order: OrderRef | None) -> str:
    done = "matched a document to this order" if document.linked else "took a document out of this order"
    return f"{document.who or 'somebody'} {done}" + (f": {document.note}" if document.note else "")


def _decided(document: DecisionTaken, _names: Named, _order: OrderRef | None) -> str:
    return told_desk.decided(document)


def _outcome(document: CommandOutcome, _names: Named, _order: OrderRef | None) -> str:
    return told_desk.outcome(document)


def _accepted(document: ServiceAccepted, _names: Named, order: OrderRef | None) -> str:
    return told_steps.accepted(document, _own(document.lines, document, order))


def _issued(document: InvoiceIssued, names: Named, order: OrderRef | None) -> str:
    lines = _own(document.lines, document, order)
    return told_steps.issued(document, lines, _supplier(document, names))


def _payment(document: PaymentStatus, _names: Named, order: OrderRef | None) -> str:
    return told_steps.payment(document, _own(document.lines, document, order))


def _requisition(document: RequisitionStatus, _names: Named, order: OrderRef | None) -> str:
    return told_steps.requisition(document, _own(document.lines, document, order))


def _blocked(document: OrderLineBlocked, _names: Named, order: OrderRef | None) -> str:
    return told_steps.blocked(document, _own(document.lines, document, order))


def _beside(document: AnyDocument, _names: Named, order: OrderRef | None) -> str:
    return told_beside.beside(document, _own(getattr(document, "lines", ()), document, order))


_TELLERS: dict[type[Document], Callable[..., str]] = {
    **dict.fromkeys(ORDERLESS, _beside),
    OrderPlaced: _placed,
    OpeningBalance: _opened,
    OrderReleased: _released,
    OrderChanged: _changed,
    TransportStatus: _moved,
    GoodsReceived: _received,
    InvoiceReceived: _invoiced,
    OrderLineClosed: _closed,
    OrderLineBlocked: _blocked,
    ServiceAccepted: _accepted,
    InvoiceIssued: _issued,
    PaymentStatus: _payment,
    RequisitionStatus: _requisition,
    EntryLinked: _linked,
    DecisionTaken: _decided,
    CommandOutcome: _outcome,
}


def status_sentence(*, view: FlowView, findings: Sequence[Seen], as_of: dt.datetime, names: Located) -> str:
    """How an order stands, the consequence first: what is wrong, else what is late, else how far it is."""
    cancelled = words.sentence(f"order {view.number}".strip() + " was cancelled.") if view.cancelled else ""
    if findings:
        worst = min(findings, key=lambda each: _WEIGHT.get(each.severity, 9))
        more = len(findings) - 1
        rest = f" {more} more {'exception' if more == 1 else 'exceptions'}." if more else ""
        text = f"{worst.summary.rstrip('.')}.{rest}{_late_lines(view, findings, as_of)}"
        return f"{cancelled} {text}" if cancelled else text
    if cancelled:
        return cancelled
    late = next((each for each in view.milestones if each.state(as_of) == "overdue"), None)
    if late is not None and late.due_at is not None:
        return _late(view, late, late.due_at, as_of, names)
    return _progress(view, as_of, names)


_LINE_MISSING: dict[MilestoneName, str] = {
    "acknowledged": "is not answered",
    "shipped": "has not shipped",
    "arrived": "has not arrived",
    "received": "is not received",
    "accepted": "is not accepted",
    "invoiced": "is not billed",
    "matched": "does not match",
}


def _late_lines(view: FlowView, findings: Sequence[Seen], as_of: dt.datetime) -> str:
    """ " Line 40 has not shipped.": what is late beside the exceptions, of lines that have none."""
    told = {finding.line for finding in findings}
    if "" in told:
        return ""
    late = [
        (line.line, step.name)
        for line in view.lines
        if line.line not in told
        for step in [next((each for each in line.milestones if each.state(as_of) == "overdue"), None)]
        if step is not None
    ]
    if len(late) == 1:
        line, name = late[0]
        return f" Line {line} {_LINE_MISSING.get(name, 'is late')}."
    return f" {len(late)} other lines are late." if late else ""


_MISSING: dict[MilestoneName, str] = {
    "acknowledged": "{supplier} has not answered",
    "shipped": "{supplier} has not told of a full shipment",
    "arrived": "the goods have not arrived in full at {place}",
    "received": "{place} has not received the goods in full",
    "accepted": "{place} has not accepted the work",
    "invoiced": "{supplier} has not billed all that was shipped",
    "matched": "order, receipt and invoice do not match",
}


def _late(view: FlowView, late: Milestone, due_at: dt.datetime, as_of: dt.datetime, names: Located) -> str:
    missing = _MISSING.get(late.name, f"not yet {late.name}").format(
        supplier=words.supplier(view, names.supplier),
        place=names.ship_to or words.party(view.ship_to, "the receiver"),
    )
    return words.sentence(f"{missing}; due {_day(due_at, as_of, names)}.")


def _day(moment: dt.datetime, as_of: dt.datetime, names: Located) -> str:
    """The day of a moment where the order lives."""
    return words.day(moment.astimezone(ZoneInfo(names.zone)).date(), as_of.year)


_DONE: dict[MilestoneName, str] = {
    "ordered": "ordered, not yet sent to {supplier}",
    "released": "with {supplier}, not yet answered",
    "acknowledged": "{supplier} confirmed {what}",
    "shipped": "{supplier} shipped {what}",
    "arrived": "{what} arrived at {place}",
    "received": "{place} received {what}",
    "accepted": "{place} accepted the work of {what}",
    "invoiced": "{supplier} billed {what}",
    "matched": "{what} received, billed and matched",
    "paid": "{what} paid",
}
_NEXT: dict[MilestoneName, str] = {
    "acknowledged": "answer due",
    "shipped": "shipment due",
    "arrived": "expected",
    "received": "receipt due",
    "invoiced": "invoice due",
    "matched": "match due",
}


def _progress(view: FlowView, as_of: dt.datetime, names: Located) -> str:
    """How far it is and what comes next."""
    if not view.placed:
        return _not_ordered(view, names)
    if counted.is_untold(view):
        return words.sentence(counted.progress(view))
    reached = "ordered"
    following: Milestone | None = None
    for each in view.milestones:
        if not each.applicable:
            continue
        if each.done and following is None:
            reached = each.name
        elif not each.done and following is None:
            following = each
    known: MilestoneName = next(name for name in _DONE if name == reached)
    gone = _gone(view) if known in ("ordered", "released", "acknowledged") else ""
    if gone:
        return gone
    text = _DONE[known].format(
        supplier=words.supplier(view, names.supplier),
        place=names.ship_to or words.party(view.ship_to, "the receiver"),
        what=_goods(view, known),
    )
    expected = None if following is None else moment(following.estimated_at).at or following.due_at
    if following is not None and expected is not None and following.name in _NEXT:
        text += f"; {_NEXT[following.name]} {_day(expected, as_of, names)}"
    return words.sentence(text) + "."


def _not_ordered(view: FlowView, names: Named) -> str:
    if not view.number:
        return "Not yet ordered: documents speak of an order that has no number yet."
    spoke = view.answered or view.shipments or view.invoices
    who = words.supplier(view, names.supplier)
    number = f"order {view.number}"
    if not spoke:
        return f"Documents speak of {number}, which we have not seen placed yet."
    return words.sentence(f"{who} speaks of {number}, which we have not seen placed yet.")


def _gone(view: FlowView) -> str:
    """That nothing of an order is to come any more, of which nothing has come."""
    lines = [line for line in view.lines if line.known]
    number = f"order {view.number}" if view.number else "the order"
    if lines and all(line.cancelled for line in lines):
        return f"All lines of {number} are cancelled."
    if lines and all(line.cancelled or line.closed for line in lines):
        return f"What was open of {number} was given up."
    return ""


def _goods(view: FlowView, step: MilestoneName) -> str:
    """What took a step, of one line in full."""
    lines = [line for line in view.lines if line.known and not line.cancelled]
    if len(lines) == 1:
        size = lines[0].ordered
        if lines[0].confirmed and size is not None and lines[0].confirmed < size:
            size = lines[0].confirmed
        moved = {"shipped": lines[0].shipped, "received": lines[0].received, "invoiced": lines[0].invoiced}
        size = moved.get(step) or size
        return f"{words.quantity(size, lines[0].unit)} of {words.of_item(lines[0].item, lines[0].line)}"
    return f"all {len(lines)} lines" if lines else "the order"
