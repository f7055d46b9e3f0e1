"""What a flow is made of: the facts it was told (kept), and the view derived from them (shown).

A flow's state is the *set* of its facts. Adding to a set is the same in any order, and `derive`
(projector.py) is a pure function of the set, so arrival order cannot matter. Facts are stored
packed in the flow's row; the view is stored beside them for lists and pages.

Nothing here can refer back to itself, so the collector need not look at it (gc=False): there is much of it.
"""

import datetime as dt
from decimal import Decimal
from typing import Literal, Protocol
from uuid import UUID

import msgspec
from msgspec import Struct

from visibility.canonical.documents import AnyDocument, Basis, Item, Party
from visibility.canonical.quantities import UnitScheme
from visibility.flows.calendar import WorkingCalendar
from visibility.flows.ownership import FactKind, Ownership, Role

Witness = Literal["erp", "wms", "tms", "planning", "edi", "portal", "phone", "desk", "other"]
MilestoneName = Literal[
    "ordered",
    "released",
    "acknowledged",
    "shipped",
    "arrived",
    "received",
    "accepted",
    "invoiced",
    "matched",
    "paid",
]
CountKind = Literal[
    "requisition",
    "changed",
    "blocked",
    "confirmed",
    "received",
    "accepted",
    "issued",
    "invoiced",
    "adjusted",
    "payment_blocked",
    "payment_released",
    "paid",
]
AwaitedWhat = Literal[
    "order", "notice", "receipt", "posting", "late_notice", "bill_receipt", "decision", "step"
]
Unclocked = Literal["", "before_go_live", "not_in_programme"]
MilestoneState = Literal["done", "not_due", "due", "overdue", "not_applicable", "unknown"]

PROJECTOR_VERSION = 4


class Fact(Struct, frozen=True, array_like=True, gc=False):
    """One ledger entry as the projection needs it.

    `id` is the identity of the fact: of the explicit event id where there is one, else of the content.
    `message` and `translation` let a replay's entries supersede those of the earlier translation.
    """

    id: UUID
    document: AnyDocument
    envelope_at: dt.datetime | None
    control: str
    witness: Witness
    message: UUID
    translation: int
    explicit_id: bool
    system: str = ""
    """Code of the system that told it, where its connection names one."""
    said: bytes = b""
    """`document` as JSON where that is at hand, so that packing need not write it again; it goes with that
    very document, and is no part of what the fact says."""


class Milestone(Struct, array_like=True, gc=False):
    """A step of a line or an order. What is late depends on now, so it is asked for, not stored.

    `applicable` False: this kind of order never has it. `waits` True: an earlier step is still missing,
    so nothing is expected yet.
    """

    name: MilestoneName
    applicable: bool = True
    waits: bool = False
    planned_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    estimated_at: dt.datetime | None = None
    actual_at: dt.datetime | None = None
    done: bool = False
    """True with `actual_at` None: it happened, when is not known."""
    date_only: bool = False
    """`actual_at` is a date; its time of day means nothing."""
    unclocked: Unclocked = ""
    """Why nobody waits for it though this kind of order has it."""
    first_at: dt.datetime | None = None
    """It happened, first then and last at `actual_at`; whether in full nobody said, so it is not done."""

    def state(self, as_of: dt.datetime) -> MilestoneState:
        """done, not_due, due (today or running), overdue, not_applicable, or unknown."""
        if not self.applicable:
            return "not_applicable"
        if self.done:
            return "done"
        if self.unclocked:
            return "not_applicable"
        if self.due_at is None:
            return "not_due" if self.waits else "unknown"
        if self.due_at < as_of:
            return "overdue"
        return "not_due" if self.waits else "due"


class Count(Struct, array_like=True, gc=False):
    """How often something happened whose extent nobody told, and when first and last.

    `taken_back`: how often an earlier one was taken back, without a word of which or how much of it.
    """

    kind: CountKind
    times: int = 0
    taken_back: int = 0
    first_at: dt.datetime | None = None
    last_at: dt.datetime | None = None
    date_only: bool = False
    """The moments are dates; their time of day means nothing."""


class Dated(Struct, array_like=True, frozen=True, gc=False):
    """A quantity asked for or promised for a date on a basis."""

    quantity: Decimal | None
    date: dt.date | None
    basis: Basis


class Mirror(Struct, array_like=True, frozen=True, gc=False):
    """What a system whose word does not count told of a line, beside the one whose word does.

    `due_at` and `counted_due_at`: by when it, or the other side, must have told what is missing; None:
    nothing is, or there is no deadline. `differs`: what the other side and this one say of the same thing.
    """

    fact: FactKind
    system: str
    """Its code, or the kind of witness where no system is named."""
    name: str
    role: Role
    told: bool
    quantity: Decimal | None = None
    at: dt.datetime | None = None
    date_only: bool = False
    counted: str = ""
    """What the one whose word counts is called."""
    silent: bool = False
    """The one whose word counts has said nothing of it."""
    differs: tuple[Decimal, Decimal] | None = None
    due_at: dt.datetime | None = None
    counted_due_at: dt.datetime | None = None


class Awaited(Struct, array_like=True, frozen=True, gc=False):
    """Something that should have been told and has no step of its own to wait at (awaited.py).

    `since`: from when on its hours run; `due_at`: when they are over.
    """

    what: AwaitedWhat
    since: dt.datetime
    due_at: dt.datetime


class Charged(Struct, array_like=True, frozen=True, gc=False):
    """What an invoice bills beside the goods, after credits, in the order's currency."""

    invoice: str
    words: str
    amount: Decimal


class BilledTwice(Struct, array_like=True, frozen=True, gc=False):
    """An invoice that says of this order what another one, under another number, says as well."""

    invoice: str
    like: str
    lines: list[str]


class Refused(Struct, array_like=True, frozen=True, gc=False):
    """A document of the order that the partner's application refused or (not `rejected`) took with faults."""

    name: str
    rejected: bool
    faults: list[str]


class Declined(Struct, array_like=True, frozen=True, gc=False):
    """A load with goods of the order that its carrier declined."""

    number: str
    carrier: str
    reason: str


class LineView(Struct, gc=False, omit_defaults=True):
    """A line of an order as the facts leave it. Quantities in `unit`; None means nobody has said."""

    line: str
    item: Item
    unit: str = ""
    ordered: Decimal | None = None
    original_ordered: Decimal | None = None
    confirmed: Decimal | None = None
    backordered: Decimal | None = None
    held: Decimal | None = None
    rejected: Decimal | None = None
    deleted: Decimal | None = None
    shipped: Decimal | None = None
    received: Decimal | None = None
    damaged: Decimal | None = None
    invoiced: Decimal | None = None
    unit_price: Decimal | None = None
    confirmed_price: Decimal | None = None
    invoiced_price: Decimal | None = None
    currency: str = ""
    requests: list[Dated] = []
    promises: list[Dated] = []
    milestones: list[Milestone] = []
    known: bool = True
    """False: no order document names this line; an answer, shipment, receipt or invoice does."""
    answered: bool = False
    soft: bool = False
    closed: bool = False
    """Short-closed: the open rest was given up."""
    cancelled: bool = False
    substitute: Item | None = None
    answer_codes: list[str] = []
    shipments: int = 0
    receipts: int = 0
    shipment_numbers: list[str] = []
    unconvertible: list[str] = []
    """Quantities left out because their unit does not convert, in words: "12 PL shipped"."""
    reject_reason: str = ""
    answer_classes: list[str] = []
    """Classes the current answer names (accepted, rejected, …), whether it says how much or not."""
    backorders: list[Dated] = []
    """The dated parts of `promises` that are backordered, not accepted."""
    billed_prices: list[Decimal] = []
    """Prices per unit still billed after credits, where they are known; mostly one."""
    invoiced_amount: Decimal | None = None
    """What is billed in money after credits; None where a price is not known."""
    change_unanswered: bool = False
    """The line was changed, or added, since it was last answered."""
    answered_against: Decimal | None = None
    """Of such a line, or one shipped as changed without an answer: what was ordered when it was answered."""
    mirrors: list[Mirror] = []
    worth: Decimal | None = None
    """Of the whole line as ordered, where the sender told that; in the order's currency."""
    blocked: bool = False
    counts: list[Count] = []
    """What happened to it of which nobody told how much; not in the quantities above, which are unknown."""
    accepted: Decimal | None = None
    """Work, or goods after inspection, that were accepted, where somebody tells so."""
    shipped_closed: Decimal | None = None
    """What was shipped of it after the line was closed."""
    soft_since: dt.datetime | None = None
    came_at: dt.datetime | None = None
    """When it first came in, of a line of which no ship notice tells."""
    billed_at: dt.datetime | None = None
    """When it was first billed, of a line of which nothing came."""

    @property
    def open_quantity(self) -> Decimal | None:
        """What was ordered and not yet confirmed, rejected or given up."""
        if self.ordered is None or self.closed or self.cancelled:
            return Decimal(0) if self.closed or self.cancelled else None
        return max(self.ordered - (self.confirmed or 0) - (self.rejected or 0), Decimal(0))


class FlowView(Struct, gc=False, omit_defaults=True):
    """An order end to end, as its facts leave it. Nothing here depends on what time it is."""

    number: str = ""
    release: str = ""
    scheme: str = "po"
    workflow: str = "replenishment"
    kind: str = ""
    """BEG02 kind of order; empty until the order itself is known."""
    placed: bool = False
    """An order document has been seen; False is "not yet ordered"."""
    cancelled: bool = False
    supplier: Party = Party()
    buyer: Party = Party()
    ship_to: Party = Party()
    units: UnitScheme = "x12"
    currency: str = ""
    ordered_on: dt.date | None = None
    released_at: dt.datetime | None = None
    supplier_order: str = ""
    answered: bool = False
    lines: list[LineView] = []
    milestones: list[Milestone] = []
    conflicts: list[str] = []
    """Documents told twice with other content under one key: "invoice INV-1"."""
    shipments: list[str] = []
    receipts: list[str] = []
    invoices: list[str] = []
    last_fact_at: dt.datetime | None = None
    mirrored: list[UUID] = []
    """Facts that change nothing: another system's word counts for them."""
    by_line: bool = False
    """It is told line by line, so that a line no order document has named yet is no stranger."""
    answers_untold: bool = False
    """Of some answers only that they came is known, not which lines they spoke of and how."""
    counts: list[Count] = []
    """What happened to the order of which nobody told how much, each document once."""
    notices: bool = True
    """The partner sends ship notices."""
    awaited: list[Awaited] = []
    charges: list[Charged] = []
    billed_twice: list[BilledTwice] = []
    refused: list[Refused] = []
    declined: list[Declined] = []

    def deadlines(self) -> list[dt.datetime]:
        """Deadlines that still run, over all lines, passed or not, in no order."""
        # Lines that share their milestones share their deadlines.
        owners = {id(line.milestones): line.milestones for line in self.lines}
        running = [
            m.due_at
            for owner in (self.milestones, *owners.values())
            for m in owner
            if not m.done and m.due_at is not None and m.applicable
        ]
        for line in self.lines:
            for mirror in line.mirrors:
                running += [at for at in (mirror.due_at, mirror.counted_due_at) if at is not None]
        return running

    def next_due_at(self) -> dt.datetime | None:
        """The earliest deadline that still runs."""
        return min(self.deadlines(), default=None)

    def look_at(self, *, swept: dt.datetime) -> dt.datetime | None:
        """When a sweep has to look next, after one that looked at the view as it is now, up to `swept`.

        A deadline passes the moment after it, so one exactly at `swept` is still to be looked at.
        """
        awaited = [each.due_at for each in self.awaited]
        return min((at for at in (*self.deadlines(), *awaited) if at >= swept), default=None)


class Terms(Struct, frozen=True):
    """What a partner agreed to, as far as deadlines need it. Hours are working hours."""

    calendar: WorkingCalendar
    """Of the receiving place."""
    own_calendar: WorkingCalendar | None = None
    """Of the partner, for what the partner does: answering, shipping, billing. None: the place's."""
    live_from: dt.date | None = None
    """No clock runs for orders placed before."""
    not_sent: frozenset[MilestoneName] = frozenset()
    """Steps whose document the partner's programme does not include."""
    acknowledgement_hours: int = 18
    invoice_hours: int = 45
    match_hours: int = 18
    receipt_hours: int = 9
    follow_up_hours: int = 18
    """Until the supplier says for certain what he accepted subject to something."""
    asn_hours: int = 9
    """After the confirmed ship date, until the ship notice."""
    functional_hours: int = 8
    """Until the 997 of what was sent to the partner."""
    answers_add: bool = False
    """A later answer of this partner adds to the earlier ones instead of replacing them."""
    ownership: Ownership | None = None
    """Whose word counts; None: nothing is set."""

    @property
    def partner_calendar(self) -> WorkingCalendar:
        return self.own_calendar or self.calendar


class Units(Protocol):
    """How many `to_unit` one `unit` is for an item; None where no factor is known."""

    def factor(
        self, *, item: Item, scheme: UnitScheme, unit: str, to_scheme: UnitScheme, to_unit: str
    ) -> Decimal | None: ...


_Packed = tuple[UUID, bytes, dt.datetime | None, str, Witness, UUID, int, bool, str]
_packed_decoder = msgspec.msgpack.Decoder(list[_Packed])
_former_decoder = msgspec.msgpack.Decoder(list[Fact])
_view_decoder = msgspec.msgpack.Decoder(FlowView)
_encoder = msgspec.msgpack.Encoder(uuid_format="bytes")
_document_encoder = msgspec.json.Encoder()
_document_decoder = msgspec.json.Decoder(AnyDocument)
_FORMAT = b"\x01"
"""Before facts whose documents are kept as the ledger has them. Those packed without it are lists of Fact."""


def pack_facts(facts: list[Fact]) -> bytes:
    """Facts as they are stored: the same set is the same bytes."""
    rows = [
        (
            fact.id,
            fact.said or _document_encoder.encode(fact.document),
            fact.envelope_at,
            fact.control,
            fact.witness,
            fact.message,
            fact.translation,
            fact.explicit_id,
            fact.system,
        )
        for fact in facts
    ]
    return _FORMAT + _encoder.encode(rows)


def unpack_facts(packed: bytes) -> list[Fact]:
    """Stored facts, also as they were packed before."""
    if packed[:1] != _FORMAT:
        return _former_decoder.decode(packed)
    rows, decode = _packed_decoder.decode(memoryview(packed)[1:]), _document_decoder.decode
    return [
        Fact(id_, decode(said), at, control, witness, message, translation, explicit, system, said)
        for id_, said, at, control, witness, message, translation, explicit, system in rows
    ]


def pack_view(view: FlowView) -> bytes:
    return _encoder.encode(view)


def unpack_view(packed: bytes) -> FlowView:
    return _view_decoder.decode(packed)


def merge(kept: list[Fact], new: list[Fact]) -> list[Fact]:
    """The union of both, by identity; of two translations of one message the later one stands.

    Sorted by identity, so that the same set is the same bytes.
    """
    latest: dict[int, int] = {}  # by numbers: the ids themselves are slow to hash and to compare
    for fact in (*kept, *new):
        message = fact.message.int
        latest[message] = max(latest.get(message, 0), fact.translation)
    union = {
        (fact.id.int, fact.message.int): fact
        for fact in (*kept, *new)
        if fact.translation == latest[fact.message.int]
    }
    return [union[key] for key in sorted(union)]
