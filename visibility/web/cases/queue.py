"""The queue: whose cases, which of them, in which order and columns. The address is the view."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from visibility.core import clock
from visibility.triage import selectors, tallies
from visibility.triage.selectors import CaseRow
from visibility.web import clocks, words
from visibility.web.cases import rails, views_saved
from visibility.web.cases.asked import CURSOR, Asked, may_work, read_address, user_of, without_page
from visibility.web.cases.export import MOST as EXPORTED
from visibility.web.htmx import render_part
from visibility.web.pages import Desk, keep_open_count, page
from visibility.web.paging import pager
from visibility.web.tables import CaseTable

ROWS = 200
"""Rows that are drawn anew at once."""


@page
def case_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A queue, or all of them."""
    user = user_of(request)
    asked = read_address(request.GET, desk=desk, user=user)
    filters = asked.filters
    found = asked.read(desk=desk, cursor=filters.text(CURSOR))
    filters.counts = {"place" if name == "ship_to" else name: counts for name, counts in found.counts.items()}
    counts = selectors.queue_counts(scope=desk.scope, counted=found.queues)
    keep_open_count(request, sum(n for n, _over in counts.values()))
    mine = tallies.mine_counts(scope=desk.scope, user=user)
    table = draw_table(found.rows, asked=asked, desk=desk)
    if may_work(desk):
        table.offer_choice()
    context = {
        "filters": filters,
        "found": found,
        "queue": asked.queue,
        "state": asked.state,
        "title": rails.title_of(asked),
        "rail": rails.queue_rail(counts, rails.current_queue(asked), asked.own),
        "mine_rail": rails.mine_rail(mine, asked) if may_work(desk) else [],
        "parked_rail": rails.parked_rail(mine, asked),
        "desk_rail": rails.desk_rail(user.role) if desk.scope.partners is None else [],
        "sentence": rails.sentence_of(asked, found, counts),
        "table": table,
        "columns": column_choices(asked),
        "may_work": may_work(desk),
        "query": without_page(request.GET),
        "pager": pager(
            shown=len(found.rows),
            count=found.count,
            capped=found.capped,
            cut=found.cut,
            cursor=found.next_cursor,
            filters=filters,
        ),
        "tabs": (tabs := views_saved.tabs_of(asked, found, desk=desk, user=user)),
        "own_tab": next((tab for tab in tabs if tab.mine and tab.current), None),
        "export_most": EXPORTED,
        "counted_at": clock.now(),
        "calendar": desk.calendar,
    }
    return render_part(request, "cases/list.html", "list", context)


def draw_table(
    rows: Sequence[CaseRow], *, asked: Asked, desk: Desk, told: Mapping[int, str] | None = None
) -> CaseTable:
    """Rows as the view wants them."""
    return CaseTable(
        rows,
        as_of=clock.now(),
        calendar_of=clocks.calendars_of(rows, otherwise=desk.calendar, company=desk.company),
        filters=asked.filters,
        columns=asked.columns,
        told=told,
    )


def column_choices(asked: Asked) -> list[dict[str, Any]]:
    """The columns that may be shown, those that are shown first and in their order."""
    known = CaseTable.choices()
    shown = asked.columns or list(CaseTable.CHOSEN)
    return [
        {"name": name, "label": known[name], "shown": name in shown}
        for name in [*shown, *(name for name in known if name not in shown)]
    ]


@page
def case_rows(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Rows of a list that is on somebody's screen, as they are now: `row` is id:gap as it was drawn.

    They keep their places; what changed `since` the list was drawn is tagged.
    """
    asked = read_address(request.GET, desk=desk, user=user_of(request))
    drawn = dict(each.partition(":")[::2] for each in request.GET.getlist("row")[:ROWS])
    numbers = [int(each) for each in drawn if each.isdecimal()]
    seen = set(selectors.scoped_cases(desk.scope).filter(pk__in=numbers).values_list("pk", flat=True))
    rows = selectors.for_reader(
        selectors.read_rows(ids=[pk for pk in numbers if pk in seen]), scope=desk.scope
    )
    since = _moment(request.GET.get("since", ""))
    told = {row.id: word for row in rows if (word := change_of(row, drawn[str(row.id)], since))}
    table = draw_table(rows, asked=asked, desk=desk, told=told)
    if may_work(desk):
        table.offer_choice()
    return HttpResponse("\n".join(table.drawn()))


def change_of(row: CaseRow, gap: str, since: dt.datetime | None) -> str:
    """What changed since it was drawn: "10:38 was −240"; nothing where it did not."""
    if since is None or row.changed_at <= since:
        return ""
    try:
        before = Decimal(gap) if gap else None
    except InvalidOperation:
        before = None
    at = words.time(row.changed_at)
    if before is not None and before.is_finite() and before != row.gap:
        return _("%(at)s was %(gap)s") % {"at": at, "gap": words.signed(before)}
    return _("changed %(at)s") % {"at": at}


def _moment(text: str) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
