"""Reading orders: lists, one order end to end, search. Every reader's scope is applied here."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, When

from visibility.access.scopes import Scope
from visibility.canonical.documents import OrderRef
from visibility.core.errors import NotFoundError
from visibility.flows.calendar import WorkingCalendar
from visibility.flows.history import Fate, Step, line_histories, standing
from visibility.flows.models import Flow
from visibility.flows.moments import told_at
from visibility.flows.sentences import summarise
from visibility.flows.state import FlowView, Terms, unpack_facts, unpack_view
from visibility.inbox.models import Connection
from visibility.ledger.selectors import Entry, entries_of_flow
from visibility.masterdata.calendars import terms_of_partners
from visibility.masterdata.units import CompanyUnits

LATEST = 50
MANY = 400
"""Of an order with more entries a page shows the newest, unless somebody asks for all."""
NEWEST = 50
_RECORDED_LAST = 200
"""So many are read to find the newest: what was recorded last need not have happened last."""
_NO_TERMS = Terms(calendar=WorkingCalendar())
_ADDING_TERMS = Terms(calendar=WorkingCalendar(), answers_add=True)
DOCUMENT_CODES = {
    "order.placed": "850",
    "order.changed": "860",
    "order.acknowledged": "855",
    "shipment.notified": "856",
    "transport.status": "214",
    "goods.received": "944",
    "invoice.received": "810",
    "payment.status": "820",
    "schedule.published": "830",
    "catalogue.published": "832",
    "stock.reported": "846",
    "sales.reported": "852",
    "transport.tendered": "204",
    "transport.tender_answered": "990",
    "warehouse.shipping_ordered": "940",
    "freight.billed": "210",
    "document.advised": "824",
}
MESSAGE_CODES = {
    "order.placed": "ORDERS",
    "order.changed": "ORDCHG",
    "order.acknowledged": "ORDRSP",
    "shipment.notified": "DESADV",
    "transport.status": "IFTSTA",
    "goods.received": "RECADV",
    "invoice.received": "INVOIC",
    "payment.status": "REMADV",
    "schedule.published": "DELFOR",
    "catalogue.published": "PRICAT",
    "stock.reported": "INVRPT",
    "sales.reported": "SLSRPT",
    "transport.tendered": "IFTMIN",
    "document.advised": "APERAK",
}


@dataclass(frozen=True)
class FlowRow:
    """An order in a list."""

    id: int
    correlation_id: UUID
    number: str
    supplier_id: int | None
    supplier_name: str
    ship_to_id: int | None
    ship_to_name: str
    ordered_on: dt.date | None
    wanted_on: dt.date | None
    stage: str
    state: str
    sentence: str
    line_count: int
    open_cases: int
    next_due_at: dt.datetime | None
    value: Decimal | None
    currency: str


@dataclass(frozen=True)
class TimelineEntry:
    """One fact of an order, in words."""

    position: int
    type: str
    occurred_at: dt.datetime | None
    recorded_at: dt.datetime
    source: str
    witness: str
    message_id: UUID
    summary: str
    document_code: str
    event_id: UUID | None = None
    translation: int = 1
    superseded: bool = False
    """A replay of its message says something else instead."""
    sequence: str = ""
    """Compares as what came first of events at one moment; empty where their sender does not say."""


@dataclass(frozen=True)
class FlowDetail:
    """An order end to end. Cases belong to triage, which knows flows; a page asks for both."""

    row: FlowRow
    view: FlowView
    entries: list[TimelineEntry]
    aliases: list[UUID] = field(default_factory=list)
    workflow: str = "replenishment"
    superseded: list[TimelineEntry] = field(default_factory=list)
    """What replays of their messages took the place of, where it was another thing."""
    fates: dict[tuple[UUID, UUID], Fate] = field(default_factory=dict)
    """What became of the entries that do not count as they were told, by (event id, message)."""
    histories: dict[str, list[Step]] = field(default_factory=dict)
    """How lines that changed came to be what they are."""
    entry_count: int = 0
    """How many entries there are in all; `entries` may be the newest alone."""


@dataclass(frozen=True)
class Names:
    """How people call an order's parties."""

    supplier: str
    ship_to: str


FLOW_COLUMNS = tuple(FlowRow.__dataclass_fields__)


def scoped(scope: Scope) -> QuerySet[Flow]:
    """The flows this reader may see."""
    flows = Flow.objects.filter(company_id__in=scope.companies).exclude(state=Flow.State.VOID)
    return flows if scope.partners is None else flows.filter(supplier_id__in=scope.partners)


def is_seen(*, scope: Scope, flow: Flow) -> bool:
    """Whether this reader may see a flow that was read already: as `scoped` says it."""
    theirs = scope.partners is None or flow.supplier_id in scope.partners
    return flow.company_id in scope.companies and flow.state != Flow.State.VOID and theirs


def _also_called(name: UUID) -> Q:
    """The orders that have this name too; in the words of the index, which has those with names only."""
    return Q(aliases__contains=[name]) & ~Q(aliases=[])


def get_flow(
    *, scope: Scope, correlation_id: UUID, history: bool = False, newest: bool = False
) -> FlowDetail:
    """One order end to end, with `history` also what stood when. NotFoundError if there is none for this
    reader.

    `newest`: of an order with very many entries only those that happened last, without what stood when, so
    that the cost is bounded.
    """
    flow = _find(scope, correlation_id, history=history, newest=newest)
    few = newest and flow.entry_count > MANY
    view = unpack_view(bytes(flow.view))
    row = FlowRow(*(getattr(flow, name) for name in FLOW_COLUMNS))
    names = Names(supplier=row.supplier_name, ship_to=row.ship_to_name)
    if few:
        entries = entries_of_flow(flow_id=flow.pk, limit=_RECORDED_LAST)
    else:
        entries = entries_of_flow(flow_id=flow.pk, superseded=history)
    told = timeline(entries=[e for e in entries if not e.superseded], names=names, view=view)
    detail = FlowDetail(
        row=row,
        view=view,
        entries=told[-NEWEST:] if few else told,
        aliases=list(flow.aliases),
        workflow=flow.workflow,
        entry_count=flow.entry_count,
    )
    return _with_history(detail, flow, entries, names) if history and not few else detail


def _find(scope: Scope, correlation_id: UUID, *, history: bool, newest: bool) -> Flow:
    """The flow of that name, with its facts where they will be read: those of a long life are much."""
    flows = scoped(scope).defer("facts")
    if history:
        most = Case(When(entry_count__lte=MANY, then=F("facts"))) if newest else F("facts")
        flows = flows.annotate(told=most)
    flow = (
        flows.filter(Q(correlation_id=correlation_id)).first()
        or flows.filter(_also_called(correlation_id)).first()
    )
    if flow is None:
        raise NotFoundError("No such order.")
    return flow


def latest_entries(*, flow: FlowRow, view: FlowView, types: Iterable[str]) -> list[TimelineEntry]:
    """The newest of an order's entries of these types, in words: what one case stands on, not all of it."""
    found = [entry for type_ in types for entry in entries_of_flow(flow_id=flow.id, type=type_, limit=LATEST)]
    return timeline(entries=found, names=Names(flow.supplier_name, flow.ship_to_name), view=view)


def _with_history(detail: FlowDetail, flow: Flow, entries: list[Entry], names: Names) -> FlowDetail:
    """The same with what no longer stands. Of the terms only whether answers add plays a part in it."""
    said = {(e.message_id, e.document) for e in entries if not e.superseded}
    past = [e for e in entries if e.superseded and (e.message_id, e.document) not in said]
    told, mirrored = unpack_facts(bytes(flow.told)), set(detail.view.mirrored)  # type: ignore[attr-defined]  # annotated
    facts = [fact for fact in told if fact.id not in mirrored]
    units = CompanyUnits(company_id=flow.company_id, supplier=detail.view.supplier)
    order = OrderRef(number=detail.view.number, release=detail.view.release) if detail.view.number else None
    partner = terms_of_partners(ids=[flow.supplier_id or 0]).get(flow.supplier_id or 0)
    adds = partner is not None and partner.answers_add
    fates = standing(facts, units, order, answers_add=adds)
    fates += [Fate(fact, told_at(fact), "mirrored") for fact in told if fact.id in mirrored]
    return replace(
        detail,
        superseded=timeline(entries=past, names=names, view=detail.view),
        fates={(fate.fact.id, fate.fact.message): fate for fate in fates if fate.how is not None},
        histories=line_histories(facts, terms=_ADDING_TERMS if adds else _NO_TERMS, units=units, order=order),
    )


def timeline(*, entries: Sequence[Entry], names: Names, view: FlowView) -> list[TimelineEntry]:
    """Entries in words, in the order they happened."""
    sources = dict(
        Connection.objects.filter(pk__in={e.connection_id for e in entries}).values_list("pk", "name")
    )
    rows = [
        TimelineEntry(
            position=e.position,
            type=e.type,
            occurred_at=e.occurred_at,
            recorded_at=e.recorded_at,
            source=sources.get(e.connection_id, ""),
            witness=e.witness,
            message_id=e.message_id,
            event_id=e.event_id,
            translation=e.translation,
            superseded=e.superseded,
            sequence=_sequence(e),
            summary=summarise(
                document=e.document, names=names, order=_own_order(e, view), ordered=view.lines
            ),
            document_code=_document_code(e),
        )
        # A cancellation tells the time of what it cancels: it stands behind it, whichever came first.
        for e in sorted(entries, key=lambda e: (e.document.purpose == "cancel", _sequence(e), e.position))
    ]
    return sorted(rows, key=lambda row: row.occurred_at or row.recorded_at)


def _document_code(entry: Entry) -> str:
    """What the standard calls the document, where it came by EDI; else its type."""
    if entry.witness != "edi":
        return entry.type
    # Only EDIFACT counts in the units of UN/ECE.
    codes = MESSAGE_CODES if entry.document.units == "rec20" else DOCUMENT_CODES
    return codes.get(entry.type, "")


def _sequence(entry: Entry) -> str:
    return entry.sequence.zfill(18) if entry.sequence.isdigit() else entry.sequence


def _own_order(entry: Entry, view: FlowView) -> Any:
    """The reference by which a document that speaks of several orders names this one."""
    named: Iterable[Any] = [
        entry.document.order,
        *(line.order for line in getattr(entry.document, "lines", ())),
    ]
    return next((o for o in named if o is not None and o.number.strip().upper() == view.number.upper()), None)
