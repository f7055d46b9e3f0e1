"""Documents without an order: the list, one of them, and a person's word on whose it is."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from visibility.access.cursors import LOST, read_cursor, write_cursor
from visibility.access.scopes import Scope
from visibility.core import clock
from visibility.core.errors import InputError, NotFoundError
from visibility.flows.search import find_flows, identify_flows
from visibility.flows.selectors import FlowRow, get_flow, scoped
from visibility.inbox.models import Connection
from visibility.ledger import uncorrelated as ledger
from visibility.ledger.uncorrelated import Waiting, Which
from visibility.pipeline.candidates import Suggestion, compare, suggest
from visibility.pipeline.linking import link_document
from visibility.triage.models import ExceptionCase
from visibility.triage.selectors import scoped_cases
from visibility.web import words
from visibility.web.filters import UncorrelatedFilter
from visibility.web.htmx import render_part
from visibility.web.messages.document import document_name
from visibility.web.pages import Desk, page
from visibility.web.paging import pager
from visibility.web.uncorrelated import told
from visibility.web.uncorrelated.page import Fitting, Row, fitting_of, lines_of, may_link, row, tell_apart

TYPES = (
    "shipment.notified",
    "transport.status",
    "goods.received",
    "invoice.received",
    "order.acknowledged",
    "order.changed",
    "order.released",
    "order.line_closed",
)
FOUND = 5
"""So many orders are compared for a number that somebody typed."""


def whole(desk: Desk) -> Scope:
    """The reader's scope. For who sees one partner's part only, these pages do not exist."""
    if desk.scope.partners is not None:
        raise Http404
    return desk.scope


@page
def waiting_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All documents without an order, newest first, each with the orders it fits best."""
    scope = whole(desk)
    connections = _connections(scope)
    filters = UncorrelatedFilter(
        request.GET, type=[(value, document_name(value)) for value in TYPES], connection=connections
    )
    which = Which(
        companies=scope.companies,
        type=filters.text("type"),
        connection_id=filters.value("connection"),
        number=filters.text("q"),
    )
    found = ledger.list_waiting(which=which, after=_position(filters.text("cursor")))
    count = ledger.count_waiting(which=which)
    context = {
        "filters": filters,
        "rows": _rows(scope, found.rows, dict(connections)),
        "count": min(count, ledger.CAP),
        "capped": count > ledger.CAP,
        "may_link": may_link(request, desk),
        "pager": pager(
            shown=len(found.rows),
            count=min(count, ledger.CAP),
            capped=count > ledger.CAP,
            cursor=write_cursor(found.last) if found.last is not None else "",
            filters=filters,
        ),
    }
    return render_part(request, "uncorrelated/list.html", "list", context)


def _connections(scope: Scope) -> list[tuple[int, str]]:
    rows = Connection.objects.filter(company_id__in=scope.companies).order_by("name")
    return list(rows.values_list("pk", "name")[:200])


def _position(cursor: str) -> int | None:
    if not cursor:
        return None
    (position,) = read_cursor(cursor, size=1)
    if not isinstance(position, int) or not 0 <= position < 2**63:
        raise NotFoundError(LOST)
    return position


def _rows(scope: Scope, waiting: list[Waiting], names: dict[int, str]) -> list[Row]:
    best = suggest(scope=scope, waiting=waiting)
    asked = dict(
        scoped_cases(scope)
        .filter(
            kind="ambiguous_order", is_open=True, message_id__in={each.entry.message_id for each in waiting}
        )
        .values_list("message_id", "pk")
    )
    now = clock.now()
    fitting = {each.entry.position: _fittings(best.get(each.entry.position, ())) for each in waiting}
    tell_apart(list(fitting.values()))
    return [
        row(
            entry=each.entry,
            connection=names.get(each.entry.connection_id, ""),
            as_of=now,
            fitting=fitting[each.entry.position],
            case_id=asked.get(each.entry.message_id),
        )
        for each in waiting
    ]


def _fittings(suggestions: Iterable[Suggestion]) -> list[Fitting]:
    return [fitting_of(each) for each in suggestions]


@page
def document_page(request: HttpRequest, desk: Desk, *, message_id: UUID, place: int) -> HttpResponse:
    """One document with the orders it may belong to. Posted to, it is linked to one, or taken out of it."""
    scope = whole(desk)
    found = ledger.entry_at(message_id=message_id, place=place)
    if found is None or found[0].company_id not in scope.companies:
        raise NotFoundError("No such document.")
    waiting, flow_ids = found
    if request.method == "POST":
        return _link(request, desk, waiting)
    entry, text = waiting.entry, request.GET.get("q", "").strip()[:120].replace("\x00", "")
    lines, more_lines = lines_of(entry.document)
    connection = Connection.objects.filter(pk=entry.connection_id).first()
    suggestions = [] if flow_ids else suggest(scope=scope, waiting=[waiting]).get(entry.position, [])
    fitting = _fittings(suggestions)
    searched = _fittings(_searched(scope, waiting, text, flow_ids) if text else ())
    tell_apart([fitting, searched])
    context = {
        "entry": entry,
        "name": told.name_of(entry.document),
        "sentence": told.describe(entry.document),
        "keys": told.keys_in_words(entry.document),
        "connection": connection.name if connection else "",
        "age": words.late(clock.now() - entry.recorded_at),
        "orders": list(scoped(scope).filter(pk__in=flow_ids).order_by("number")),
        "suggestions": fitting,
        "sought": text,
        "searched": searched,
        "lines": lines,
        "more_lines": more_lines,
        "case": _case_of(scope, message_id),
        "may_link": may_link(request, desk),
        "here": reverse("uncorrelated-document", args=[message_id, place]),
    }
    return render(request, "uncorrelated/detail.html", context)


def _case_of(scope: Scope, message_id: UUID) -> ExceptionCase | None:
    return scoped_cases(scope).filter(kind="ambiguous_order", is_open=True, message_id=message_id).first()


def _searched(scope: Scope, waiting: Waiting, text: str, but: list[int]) -> list[Suggestion]:
    rows = identify_flows(scope=scope, key=text, limit=FOUND) or find_flows(
        scope=scope, text=text, limit=FOUND
    )
    return compare(scope=scope, waiting=waiting, flow_ids=[each.id for each in rows if each.id not in but])


def _link(request: HttpRequest, desk: Desk, waiting: Waiting) -> HttpResponse:
    """A person's word on whose the document is; then back to where it was said."""
    if not may_link(request, desk):
        raise Http404
    linked = request.POST.get("linked", "yes") == "yes"
    order = _order_of(desk.scope, request.POST.get("order", ""))
    try:
        link_document(
            scope=desk.scope,
            message_id=waiting.entry.message_id,
            place=waiting.entry.ordinal,
            correlation_id=order.correlation_id,
            linked=linked,
            who=str(request.user),
            reason=request.POST.get("reason", "")[:500],
        )
    except InputError as error:
        notes.error(request, error.text)
    else:
        link = format_html(
            '<a href="{}">{}</a>',
            reverse("flow", args=[order.correlation_id]),
            _("PO %(number)s") % {"number": order.number},
        )
        said = _("{} belongs to {} now.") if linked else _("{} no longer belongs to {}.")
        notes.info(request, format_html(said, told.name_of(waiting.entry.document), link))
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    here = reverse("uncorrelated-document", args=[waiting.entry.message_id, waiting.entry.ordinal])
    return redirect(back if safe else here)


def _order_of(scope: Scope, text: str) -> FlowRow:
    try:
        return get_flow(scope=scope, correlation_id=UUID(text)).row
    except ValueError as error:
        raise NotFoundError("No such order.") from error
