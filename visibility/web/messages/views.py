"""Messages: the list, one explained, and the bytes themselves."""

import re
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext

from visibility.access.scopes import Scope
from visibility.flows.selectors import scoped
from visibility.inbox import lists, selectors
from visibility.inbox.correcting import mends_of
from visibility.inbox.models import Outcome
from visibility.ledger.selectors import Entry, entries_of_message
from visibility.pipeline.replays import replay_messages
from visibility.triage.selectors import cases_of_message
from visibility.web.drawings import status
from visibility.web.filters import MessageFilter
from visibility.web.htmx import render_part
from visibility.web.messages import document
from visibility.web.messages.correct import MENDERS, made_of
from visibility.web.pages import Desk, page
from visibility.web.paging import pager
from visibility.web.tables import MessageTable

STATUSES = ("received", *(value for value, _label in Outcome.Status.choices), selectors.GIVEN_UP, "sent")
MENDABLE = (Outcome.Status.HELD, Outcome.Status.REJECTED, selectors.GIVEN_UP)
"""Lists of what may go through when it is read once more."""
ENTRIES_SHOWN = 200


@dataclass(frozen=True)
class Became:
    """An entry of a message and the orders it belongs to."""

    entry: Entry
    flows: tuple[tuple[UUID, str], ...]


@page
def message_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All messages, newest first. Posted to, it has some of them read once more."""
    if request.method == "POST":
        return replay(request, desk)
    filters = MessageFilter(
        request.GET, status=[(value, status.of_message(value).word) for value in STATUSES]
    )
    found = lists.list_messages(
        scope=desk.scope,
        status=filters.text("status"),
        connection=filters.text("connection"),
        q=filters.text("q"),
        cursor=filters.text("cursor"),
    )
    if not filters.text("q"):
        filters.counts = {
            "status": selectors.status_counts(scope=desk.scope, connection=filters.text("connection"))
        }
    mendable = may_replay(request, desk) and filters.text("status") in MENDABLE and bool(found.rows)
    table = MessageTable(found.rows, filters=filters)
    if mendable:
        table.offer_choice()
    context = {
        "filters": filters,
        "found": found,
        "mendable": mendable,
        "most": min(found.count, lists.REPLAY_MOST),
        "table": table,
        "pager": pager(
            shown=len(found.rows),
            count=found.count,
            capped=found.capped,
            cut=found.cut,
            cursor=found.next_cursor,
            filters=filters,
        ),
    }
    return render_part(request, "messages/list.html", "list", context)


@page
def message_page(request: HttpRequest, desk: Desk, *, message_id: UUID) -> HttpResponse:
    """One message: segments beside their meaning, what is wrong, what it became."""
    detail = selectors.get_message(scope=desk.scope, message_id=message_id)
    context = {
        "detail": detail,
        "row": detail.row,
        "status": status.of_message(selectors.GIVEN_UP if detail.row.given_up else detail.row.status),
        "document": document.read(detail, first=_first(request)),
        "raw": request.GET.get("view") == "raw",
        "raw_text": document.as_text(detail.body),
        "became": became(desk.scope, message_id),
        "cases": cases_of_message(scope=desk.scope, message_id=message_id),
        "made": made_of(detail),
        "mends": bool(detail.corrections and mends_of(message_id=message_id)),
        "may_replay": detail.row.direction == "in" and may_replay(request, desk),
    }
    return render(request, "messages/detail.html", context)


def _first(request: HttpRequest) -> int:
    """From which segment on a long message is shown."""
    text = request.GET.get("from", "")
    return int(text) if text.isdecimal() and len(text) < 8 else 1


def may_replay(request: HttpRequest, desk: Desk) -> bool:
    """Whose work it is to mend what could not be read."""
    return desk.scope.partners is None and getattr(request.user, "role", None) in MENDERS


def replay(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Read messages once more: the chosen ones, or with `all` every one of the list that is named."""
    if not may_replay(request, desk):
        raise Http404
    asked = request.POST
    if "all" in asked:
        filters = MessageFilter(asked, status=[(value, value) for value in MENDABLE])
        ids = lists.replayable_of(
            scope=desk.scope,
            status=filters.text("status") or selectors.GIVEN_UP,
            connection=filters.text("connection"),
            q=filters.text("q"),
        )
    else:
        ids = selectors.replayable(scope=desk.scope, message_ids=_ids(asked.getlist("message")))
    count = replay_messages(message_ids=ids)
    said = ngettext("%(count)d message is read once more.", "%(count)d messages are read once more.", count)
    notes.info(request, said % {"count": count})
    back = asked.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if safe else reverse("messages"))


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError as error:
            raise Http404("No such message.") from error
    return found


def became(scope: Scope, message_id: UUID) -> list[Became]:
    """The entries of a message with the orders this reader may see."""
    entries = entries_of_message(message_id=message_id, limit=ENTRIES_SHOWN)
    ids = {flow_id for _entry, flows in entries for flow_id in flows}
    named = {
        pk: (correlation_id, number)
        for pk, correlation_id, number in scoped(scope)
        .filter(pk__in=ids)
        .values_list("pk", "correlation_id", "number")
    }
    return [Became(entry, tuple(named[pk] for pk in flows if pk in named)) for entry, flows in entries]


@page
def message_raw(request: HttpRequest, desk: Desk, *, message_id: UUID) -> HttpResponse:  # noqa: ARG001
    """The bytes as they came. Always a download: what a stranger sent is never shown as a page of ours."""
    detail = selectors.get_message(scope=desk.scope, message_id=message_id)
    name = re.sub(r"[^A-Za-z0-9._-]", "_", detail.row.name)[-100:] or f"{message_id}.txt"
    return HttpResponse(
        detail.original,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
