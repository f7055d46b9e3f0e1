"""Reading orders: lists, one order end to end, search. Every reader's scope is applied here."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy

from visibility.access.cursors import LOST, read_cursor, write_cursor
from visibility.access.scopes import Scope
from visibility.canonical.documents import OrderRef
from visibility.core.errors import NotFoundError
from visibility.counters.selectors import count_by
from visibility.flows.calendar import WorkingCalendar
from visibility.flows.history import Fate, Step, line_histories, standing
from visibility.flows.models import Flow, FlowLine
from visibility.flows.moments import told_at
from visibility.flows.sentences import summarise
from visibility.flows.state import FlowView, Terms, unpack_facts, unpack_view
from visibility.inbox.models import Connection
from visibility.ledger.selectors import Entry, entries_of_flow, find_flow_ids
from visibility.masterdata.calendars import terms_of_partners
from visibility.masterdata.units import CompanyUnits

CAP = 10_000
_NO_TERMS = Terms(calendar=WorkingCalendar())
_ADDING_TERMS = Terms(calendar=WorkingCalendar(), answers_add=True)
_NAMED_SO = re.compile(
    r"(?P<scheme>po|so|asn|invoice|bol|tracking|receipt|sscc)\s*(?::|\s)\s*(?P<number>\S.*)", re.IGNORECASE
)
"""An identifier as keys are written (asn:7764) and as the pages write it (ASN 7764)."""
SORTS = {
    "-ordered_on": "ordered_on",
    "wanted_on": "wanted_on",
    "-value": "value",
    "next_due_at": "next_due_at",
}
DOCUMENT_CODES = {
    "order.placed": "850",
    "order.changed": "860",
    "order.acknowledged": "855",
    "shipment.notified": "856",
    "transport.status": "214",
    "goods.received": "944",
    "invoice.received": "810",
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
class FlowPage:
    """A page of a list. `count` is of the whole list, up to CAP; `capped` says that there are more."""

    rows: list[FlowRow]
    next_cursor: str
    count: int
    capped: bool


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


def _also_called(name: UUID) -> Q:
    """The orders that have this name too; in the words of the index, which has those with names only."""
    return Q(aliases__contains=[name]) & ~Q(aliases=[])


def _lines(scope: Scope) -> QuerySet[FlowLine]:
    lines = FlowLine.objects.filter(company_id__in=scope.companies)
    return lines if scope.partners is None else lines.filter(flow__supplier_id__in=scope.partners)


def _rows(flows: QuerySet[Flow]) -> list[FlowRow]:
    return [FlowRow(*values) for values in flows.values_list(*FLOW_COLUMNS)]


def list_flows(
    *,
    scope: Scope,
    q: str = "",
    supplier_id: int | None = None,
    ship_to_id: int | None = None,
    state: str = "",
    sort: str = "-ordered_on",
    cursor: str = "",
    limit: int = 50,
) -> FlowPage:
    """A page of orders, by keyset: it costs the same wherever in the list it lies."""
    flows = scoped(scope)
    if q:
        flows = flows.filter(id__in=_matching(scope, q, limit=1000))
    if supplier_id is not None:
        flows = flows.filter(supplier_id=supplier_id)
    if ship_to_id is not None:
        flows = flows.filter(ship_to_id=ship_to_id)
    if state:
        flows = flows.filter(state=state)
    count = flows.order_by()[: CAP + 1].count()
    page = _after(flows, sort if sort in SORTS else "-ordered_on", cursor)[: limit + 1]
    rows = _rows(page)
    more = len(rows) > limit
    return FlowPage(
        rows=rows[:limit],
        next_cursor=_cursor_of(rows[limit - 1], sort) if more else "",
        count=min(count, CAP),
        capped=count > CAP,
    )


def _after(flows: QuerySet[Flow], sort: str, cursor: str) -> QuerySet[Flow]:
    name = SORTS[sort]
    descending = sort.startswith("-")
    column = F(name)
    order: list[OrderBy] = [
        column.desc(nulls_last=True) if descending else column.asc(nulls_last=True),
        F("id").desc() if descending else F("id").asc(),
    ]
    if cursor:
        value, last = _read_cursor(cursor, name)
        op = "lt" if descending else "gt"
        beyond = Q(**{f"id__{op}": last})
        if value is None:
            flows = flows.filter(Q(**{f"{name}__isnull": True}) & beyond)
        else:
            flows = flows.filter(
                Q(**{f"{name}__{op}": value}) | Q(**{f"{name}__isnull": True}) | (Q(**{name: value}) & beyond)
            )
    return flows.order_by(*order)


def _cursor_of(row: FlowRow, sort: str) -> str:
    return write_cursor(getattr(row, SORTS.get(sort, "ordered_on")), row.id)


def _read_cursor(cursor: str, name: str) -> tuple[Any, int]:
    """The value of the field `name` and the id; another sort's cursor is lost like any that is none."""
    value, last = read_cursor(cursor, size=2)
    try:
        kept = Flow._meta.get_field(name).to_python(value)  # type: ignore[union-attr]  # a plain field
        if isinstance(kept, dt.datetime) and kept.tzinfo is None:
            raise NotFoundError(LOST)
        return kept, int(last)
    except (ValidationError, ValueError, TypeError, OverflowError) as error:
        raise NotFoundError(LOST) from error


def _identified(scope: Scope, text: str, *, limit: int) -> list[int]:
    """Flows that exactly this identifier names: a number, "po:" and a number, a correlation ID."""
    text = text.strip()
    named_so = _NAMED_SO.match(text)
    if named_so is not None:
        scheme, rest = named_so["scheme"].lower(), named_so["number"]
        ids = _with_key(scope, rest, scheme=scheme, limit=limit)
        if ids or ":" in text:
            return ids
    try:
        named = UUID(text)
    except ValueError:
        named = None
    if named is not None:
        return list(
            scoped(scope).filter(Q(correlation_id=named) | _also_called(named)).values_list("id", flat=True)
        )
    return _with_key(scope, text, limit=limit)


def _with_key(scope: Scope, value: str, *, scheme: str = "", prefix: bool = False, limit: int) -> list[int]:
    """Flows of the reader's companies by a number. The ledger knows no partners: for a reader of one
    partner's part the others are taken out before they can crowd out what is theirs."""
    everybody = scope.partners is None
    ids = find_flow_ids(
        companies=scope.companies,
        value=value,
        scheme=scheme,
        prefix=prefix,
        limit=limit if everybody else max(limit, CAP),
    )
    if everybody or not ids:
        return ids
    return list(scoped(scope).filter(id__in=ids).order_by("-id").values_list("id", flat=True)[:limit])


def _matching(scope: Scope, text: str, *, limit: int) -> list[int]:
    """Flows for somebody who searches: by identifier, else item code, the beginning of a number, supplier."""
    text = text.strip()
    ids = _identified(scope, text, limit=limit)
    ids = ids or list(
        _lines(scope).filter(item_code__iexact=text).values_list("flow_id", flat=True).distinct()[:limit]
    )
    if not ids and len(text) >= 3:
        ids = _with_key(scope, text, prefix=True, limit=limit)
    if not ids and len(text) >= 3:
        ids = list(
            scoped(scope)
            .filter(supplier__name__icontains=text)
            .order_by("-id")
            .values_list("id", flat=True)[:limit]
        )
    return ids


def find_flows(*, scope: Scope, text: str, limit: int = 20) -> list[FlowRow]:
    """Orders for somebody who searches: any identifier, the beginning of one, an item, a supplier's name."""
    return _rows(scoped(scope).filter(id__in=_matching(scope, text, limit=limit)).order_by("-id")[:limit])


def identify_flows(*, scope: Scope, key: str, limit: int = 20) -> list[FlowRow]:
    """Orders that exactly this identifier names: order, notice, invoice, bill of lading, correlation ID.

    A program that asks for one order must not be told of another whose number merely begins like it.
    """
    return _rows(scoped(scope).filter(id__in=_identified(scope, key, limit=limit)).order_by("-id")[:limit])


def flow_facets(*, scope: Scope) -> dict[str, list[tuple[Any, ...]]]:
    """What a list can be narrowed to: suppliers, places, states."""
    return {
        "supplier": _named(scope, "supplier"),
        "ship_to": _named(scope, "ship_to"),
        "state": [(value, label) for value, label in Flow.State.choices if value != Flow.State.VOID],
    }


def flow_counts(
    *,
    scope: Scope,
    by: str,
    state: str = "",
    stage: str = "",
    supplier_id: int | None = None,
    ship_to_id: int | None = None,
) -> dict[Any, int]:
    """Orders by state, stage, supplier or ship_to, of those that the rest narrows them to."""
    only = {"state": state or None, "stage": stage or None, "supplier": supplier_id, "ship_to": ship_to_id}
    return count_by(scope=scope, what="flow", by=by, only=only)


def _named(scope: Scope, relation: str) -> list[tuple[Any, ...]]:
    model = Flow._meta.get_field(relation).related_model
    rows = model.objects.filter(company_id__in=scope.companies).order_by("name", "id")  # type: ignore[union-attr]
    if scope.partners is not None:
        named = scoped(scope).order_by().values(f"{relation}_id")
        rows = rows.filter(pk__in=scope.partners if relation == "supplier" else named)
    return [(pk, label or code) for pk, label, code in rows.values_list("pk", "name", "code")[:500]]


def get_flow(*, scope: Scope, correlation_id: UUID, history: bool = False) -> FlowDetail:
    """One order end to end, with `history` also what stood when. NotFoundError if there is none for this
    reader."""
    flow = (
        scoped(scope).filter(Q(correlation_id=correlation_id)).first()
        or scoped(scope).filter(_also_called(correlation_id)).first()
    )
    if flow is None:
        raise NotFoundError("No such order.")
    view = unpack_view(bytes(flow.view))
    row = FlowRow(*(getattr(flow, name) for name in FLOW_COLUMNS))
    names = Names(supplier=row.supplier_name, ship_to=row.ship_to_name)
    entries = entries_of_flow(flow_id=flow.pk, superseded=history)
    detail = FlowDetail(
        row=row,
        view=view,
        entries=timeline(entries=[e for e in entries if not e.superseded], names=names, view=view),
        aliases=list(flow.aliases),
        workflow=flow.workflow,
    )
    return _with_history(detail, flow, entries, names) if history else detail


def _with_history(detail: FlowDetail, flow: Flow, entries: list[Entry], names: Names) -> FlowDetail:
    """The same with what no longer stands. Of the terms only whether answers add plays a part in it."""
    said = {(e.message_id, e.document) for e in entries if not e.superseded}
    past = [e for e in entries if e.superseded and (e.message_id, e.document) not in said]
    told, mirrored = unpack_facts(bytes(flow.facts)), set(detail.view.mirrored)
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
            summary=summarise(
                document=e.document, names=names, order=_own_order(e, view), ordered=view.lines
            ),
            document_code=DOCUMENT_CODES.get(e.type, "") if e.witness == "edi" else e.type,
        )
        # A cancellation tells the time of what it cancels: it stands behind it, whichever came first.
        for e in sorted(entries, key=lambda e: (e.document.purpose == "cancel", e.position))
    ]
    return sorted(rows, key=lambda row: row.occurred_at or row.recorded_at)


def _own_order(entry: Entry, view: FlowView) -> Any:
    """The reference by which a document that speaks of several orders names this one."""
    named: Iterable[Any] = [
        entry.document.order,
        *(line.order for line in getattr(entry.document, "lines", ())),
    ]
    return next((o for o in named if o is not None and o.number.strip().upper() == view.number.upper()), None)
